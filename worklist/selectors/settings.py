"""What clinics set about the rules, as the rules take it: for a batch of patients, or for one rule."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import Any
from uuid import UUID

import orjson
from django.db import connection
from django.db.models import F, Max

from pathway.due import Severity
from pathway.settings import SHIPPED, ClinicSettings, touched_by
from pathway.settings import RuleSetting as Setting
from worklist.models import CareTask, RuleSetting, SettingState

COLUMNS = (
    "clinic_id", "rule", "version", "enabled", "parameters", "owner", "severities", "state",
    "revision", "activated_on",
)  # fmt: skip

# Read with every fact that is recorded: Django would take longer to write it than PostgreSQL to answer.
_IN_FORCE = f"""
SELECT {", ".join(COLUMNS)} FROM worklist_rulesetting
WHERE clinic_id = ANY (%(clinics)s) AND (state = 'active' OR revision > %(judged_under)s)
"""


@dataclass(frozen=True, slots=True)
class Activation:
    """A setting that was put in force: which rule's, as which of the clinic's revisions, on which day."""

    rule: str
    revision: int
    on: date


@dataclass(frozen=True, slots=True)
class InForce:
    """One clinic's settings, and the activations that some of its patients have not been judged under."""

    settings: ClinicSettings = SHIPPED
    revision: int = 0
    newer: Sequence[Activation] = ()
    _touched: dict[int, Set[str]] = field(default_factory=dict)

    def touched_since(self, revision: int) -> Set[str]:
        """The rules whose work may stand otherwise for what was put in force after ``revision``."""
        if revision not in self._touched:  # nearly always the same for every patient of a batch
            rules = {each.rule for each in self.newer if each.revision > revision}
            self._touched[revision] = frozenset(chain.from_iterable(map(touched_by, rules)))
        return self._touched[revision]


AS_SHIPPED = InForce()


@dataclass(slots=True)
class _Found:
    """Rows of one clinic while they are read."""

    settings: dict[str, Setting] = field(default_factory=dict)
    newer: list[Activation] = field(default_factory=list)
    revision: int = 0

    def in_force(self) -> InForce:
        newer = sorted(self.newer, key=lambda each: each.revision)
        return InForce(ClinicSettings.of(self.settings), self.revision, newer)


def settings_in_force(clinics: Iterable[UUID], *, judged_under: int = 0) -> Mapping[UUID, InForce]:
    """The settings of some clinics, by one query; clinics that set nothing have those shipped.

    ``judged_under`` is the lowest revision of the patients in hand: activations after it
    are told too, also of settings that others have taken the place of since.
    """
    wanted = set(clinics)
    found: dict[UUID, _Found] = defaultdict(_Found)
    with connection.cursor() as cursor:
        cursor.execute(_IN_FORCE, {"clinics": list(wanted), "judged_under": judged_under})
        rows = cursor.fetchall()
    for clinic, rule, version, enabled, parameters, owner, severities, state, revision, on in rows:
        of_clinic = found[clinic]
        of_clinic.revision = max(of_clinic.revision, revision)
        of_clinic.newer.append(Activation(rule, revision, on))
        if state == SettingState.ACTIVE:
            of_clinic.settings[rule] = setting_of(
                version, enabled, orjson.loads(parameters), owner, orjson.loads(severities)
            )
    return {clinic: found[clinic].in_force() if clinic in found else AS_SHIPPED for clinic in wanted}


def settings_on(day: date, clinics: Iterable[UUID]) -> Mapping[UUID, InForce]:
    """The settings that were in force at the end of a day gone by; ``newer`` holds all up to then."""
    wanted = set(clinics)
    rows = RuleSetting.objects.filter(clinic__in=wanted, activated_on__lte=day).order_by("revision")
    found: dict[UUID, _Found] = defaultdict(_Found)
    for row in rows.values_list(*COLUMNS):
        clinic, rule, version, enabled, parameters, owner, severities, _state, revision, on = row
        of_clinic = found[clinic]
        of_clinic.revision = revision
        of_clinic.newer.append(Activation(rule, revision, on))
        of_clinic.settings[rule] = setting_of(version, enabled, parameters, owner, severities)
    return {clinic: found[clinic].in_force() if clinic in found else AS_SHIPPED for clinic in wanted}


def settings_by_rule(clinic_id: UUID) -> Mapping[str, Setting]:
    """What one clinic has set, by rule; ``COMMON`` stands for the terms all rules share."""
    rows = RuleSetting.objects.filter(clinic=clinic_id, state=SettingState.ACTIVE)
    return {row.rule: as_setting(row) for row in rows}


def settings_of_clinic(clinic_id: UUID) -> ClinicSettings:
    """The settings in force in one clinic."""
    return ClinicSettings.of(settings_by_rule(clinic_id))


def setting_of(
    version: int, enabled: bool, parameters: Mapping[str, Any], owner: str, severities: Mapping[str, str]
) -> Setting:
    """A stored setting as the rules take it; severities nobody knows any more are passed over.

    Whole numbers are whole, however they were typed: "65 %" stands beside "50 %".
    """
    known = set(Severity)
    return Setting(
        enabled=enabled,
        parameters={name: _whole(value) for name, value in parameters.items()},
        owner=owner,
        severities={
            Severity(named): Severity(wanted)
            for named, wanted in severities.items()
            if named in known and wanted in known
        },
        version=version,
    )


def _whole(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _whole(each) for key, each in value.items()}
    return int(value) if isinstance(value, float) and value.is_integer() else value


def settings_followed(task: CareTask) -> ClinicSettings:
    """The setting of its rule that a task follows, also when another has taken its place since."""
    if not task.setting_version:
        return SHIPPED
    rows = RuleSetting.objects.filter(clinic=task.clinic_id, rule=task.rule, version=task.setting_version)
    return ClinicSettings.of({row.rule: as_setting(row) for row in rows})


def as_setting(row: RuleSetting) -> Setting:
    """One stored version as the rules take it."""
    return setting_of(row.version, row.enabled, row.parameters, row.owner, row.severities)


def history_of(*, clinic_id: UUID, rule: str) -> Sequence[RuleSetting]:
    """Every version that was ever in force, the latest first."""
    rows = RuleSetting.objects.filter(clinic=clinic_id, rule=rule, revision__isnull=False)
    return list(rows.select_related("activated_by", "drafted_by").order_by(F("revision").desc()))


def draft_of(*, clinic_id: UUID, rule: str) -> RuleSetting | None:
    """The draft somebody is working on."""
    drafts = RuleSetting.objects.filter(clinic=clinic_id, rule=rule, state=SettingState.DRAFT)
    return drafts.select_related("drafted_by", "clinic").first()


def drafted_rules(*, clinic_id: UUID) -> set[str]:
    """The rules that somebody drafts a change of."""
    drafts = RuleSetting.objects.filter(clinic=clinic_id, state=SettingState.DRAFT)
    return set(drafts.values_list("rule", flat=True))


def set_since(*, clinic_id: UUID, rule: str, version: int) -> RuleSetting | None:
    """What somebody drafted or put in force after a version, while it stands."""
    standing = (SettingState.DRAFT, SettingState.ACTIVE)
    rows = RuleSetting.objects.filter(clinic=clinic_id, rule=rule, version__gt=version, state__in=standing)
    return rows.select_related("drafted_by", "activated_by").order_by("-version").first()


def latest_version(*, clinic_id: UUID, rule: str) -> int:
    """The number of the latest version, drafts included; 0 without any."""
    rows = RuleSetting.objects.filter(clinic=clinic_id, rule=rule)
    return rows.aggregate(latest=Max("version"))["latest"] or 0
