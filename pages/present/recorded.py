"""Findings among everything recorded about a person."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from assessments.registry import kinds
from worklist.selectors.recorded import Recorded

Kept = TypeVar("Kept")


@dataclass(frozen=True, slots=True)
class Found(Generic[Kept]):
    """Findings with their day."""

    on: date
    findings: Kept


def found(recorded: Iterable[Recorded], kind: str) -> list[Found[Any]]:
    """Findings of a kind that stand, latest first."""
    return [
        Found(each.on, kinds()[kind].load(each.data["findings"], each.data["schema_version"]))
        for each in recorded
        if each.kind == "assessment" and not each.is_voided and each.data["kind"] == kind
    ]
