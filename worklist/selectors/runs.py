"""How far a run over the patients has come, and what a preview has found so far."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Max, Q, Sum
from django.db.models.functions import Coalesce

from pathway import clock
from pathway.comparison import Difference
from worklist.models import RuleRun, RunBatch, RunKind, SettingState
from worklist.models import RuleSetting as StoredSetting

DAYS_OF_A_MONTH = 365.25 / 12
MOST_EXAMPLES = 5
STALLED_AFTER = timedelta(minutes=5)
"""A batch takes seconds, and whatever waits is looked for every minute."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of a run's patients are done, and when the last of them were."""

    done: int
    total: int
    moved_at: datetime

    @property
    def is_finished(self) -> bool:
        """Whether all are."""
        return self.done >= self.total

    @property
    def has_stalled(self) -> bool:
        """Whether nobody has been working on it for minutes."""
        return not self.is_finished and clock.now() - self.moved_at >= STALLED_AFTER


def progress_of(run: RuleRun) -> Progress:
    """How far a run has come."""
    done = RunBatch.objects.filter(run=run, done_at__isnull=False)
    sums = done.aggregate(done=Sum("size", default=0), moved_at=Max("done_at"))
    return Progress(sums["done"], run.total, sums["moved_at"] or run.asked_at)


def going_on(*, clinic_id: UUID) -> Sequence[tuple[RuleRun, Progress]]:
    """Recalculations of a clinic that are not finished, the earliest first, in one query."""
    runs = RuleRun.objects.filter(
        clinic=clinic_id, kind=RunKind.RECALCULATION, finished_at__isnull=True
    ).annotate(
        done=Sum("batches__size", filter=Q(batches__done_at__isnull=False), default=0),
        moved_at=Coalesce(Max("batches__done_at"), "asked_at"),
    )
    waiting = runs.select_related("setting").order_by("asked_at")
    return [(run, Progress(run.done, run.total, run.moved_at)) for run in waiting]


def preview_of(setting: StoredSetting) -> RuleRun | None:
    """The preview of a draft."""
    return RuleRun.objects.filter(setting=setting, kind=RunKind.PREVIEW).first()


@dataclass(frozen=True, slots=True)
class Example:
    """One alert that differs; ``now`` and ``then`` are its days under either setting."""

    how: Difference
    patient_id: UUID
    rule: str
    subject: str
    now: tuple[date, date | None] | None
    then: tuple[date, date | None] | None


@dataclass(slots=True)
class Preview:
    """What a preview has found so far. Alerts are counted by discipline, under either setting."""

    progress: Progress
    days: int = 0
    failed: int = 0
    now: Counter[str] = field(default_factory=Counter)
    then: Counter[str] = field(default_factory=Counter)
    differs: Counter[Difference] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)
    examples: Mapping[Difference, list[Example]] = field(default_factory=lambda: defaultdict(list))

    @property
    def months(self) -> float:
        """Patient-months in care within the time looked at."""
        return self.days / DAYS_OF_A_MONTH

    def per_month(self, alerts: int) -> float:
        """Alerts per patient-month; 0 while nobody was in care."""
        return alerts / self.months if self.days else 0.0


def found_by(run: RuleRun) -> Preview:
    """Add up what the batches of a preview found, in one query."""
    preview = Preview(Progress(0, run.total, run.asked_at))
    done, moved_at = 0, run.asked_at
    batches = RunBatch.objects.filter(run=run, done_at__isnull=False).order_by("pk")
    for size, done_at, result in batches.values_list("size", "done_at", "result"):
        done, moved_at = done + size, max(moved_at, done_at or moved_at)
        preview.days += result["days"]
        preview.failed += result["failed"]
        preview.now.update(result["now"])
        preview.then.update(result["then"])
        preview.rules.update(result["rules"])
        preview.differs.update({Difference(how): count for how, count in result["differs"].items()})
        for raw in result["examples"]:
            of_kind = preview.examples[Difference(raw["how"])]
            if len(of_kind) < MOST_EXAMPLES:
                of_kind.append(_example(raw))
    preview.progress = Progress(done, run.total, moved_at)
    return preview


def _example(raw: Mapping[str, Any]) -> Example:
    return Example(
        how=Difference(raw["how"]),
        patient_id=UUID(raw["patient"]),
        rule=raw["rule"],
        subject=raw["subject"],
        now=_span(raw["now"]),
        then=_span(raw["then"]),
    )


def _span(raw: Sequence[str | None] | None) -> tuple[date, date | None] | None:
    if raw is None:
        return None
    opens, closes = raw
    return date.fromisoformat(opens or ""), date.fromisoformat(closes) if closes else None


def is_outdated(run: RuleRun, *, today: date) -> bool:
    """Whether a preview was made on another day, or before something else was put in force."""
    newer = StoredSetting.objects.filter(
        clinic=run.clinic_id, revision__gt=run.revision, state=SettingState.ACTIVE
    )
    return run.day != today or newer.exists()
