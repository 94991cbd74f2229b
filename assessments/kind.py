"""A kind of assessment. One file in ``assessments/kinds`` holds each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from assessments.findings import Findings
from assessments.groups import Group
from assessments.inputs import FindingsForm
from assessments.specs import Words

Upgrade = Callable[[Mapping[str, Any]], Mapping[str, Any]]


class NewerFindingsError(Exception):
    """Findings were stored by a later version of the product, whose words this one does not know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of assessment.

    ``code`` is also the kind of event the rules know it by. ``upgrades[n]`` turns
    stored findings of schema version n into version n + 1. ``declined_as`` is the topic
    under which people decline this work, if they can. ``looks_at`` names kinds whose
    assessments values are worked out against too.
    """

    code: str
    group: Group
    label: Words
    verb: Words
    logged: Words
    date_label: Words
    icon: str
    findings: type[Findings]
    form: type[FindingsForm]
    source: str
    declined_as: str = ""
    looks_at: tuple[str, ...] = ()
    schema_version: int = 1
    upgrades: Mapping[int, Upgrade] = field(default_factory=dict)

    def load(self, stored: Mapping[str, Any], schema_version: int) -> Findings:
        """Findings as stored, brought up to today's schema; ranges are not checked again.

        Raises:
            NewerFindingsError: they are of a schema this version does not know.
        """
        if schema_version > self.schema_version:
            raise NewerFindingsError(
                f"{self.code} was stored with schema version {schema_version}; "
                f"this version of alscare reads up to {self.schema_version}. Run the version that stored it."
            )
        for version in range(schema_version, self.schema_version):
            stored = self.upgrades[version](stored)
        return self.findings(**stored)
