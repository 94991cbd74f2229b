"""How much a clinic is alerted, and what comes of it: the alerts of some days, by rule and severity.

Left out are alerts that opened after the person's death, and those that closed on the day they
opened (catalogue 2.3). Catch-up work is counted apart.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Count, DateField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet

from alerts.models import Alert, AlertRead, Snooze
from patients.models import Status
from teams.models import Clinic
from worklist.models import CloseReason, Severity

DAYS_A_MONTH = 365.25 / 12
WITHIN = 7
"""Days within which an alert is acted on, or opened again, unless somebody asks for another number."""
BAR = 2
"""A well-run clinic has no more new alerts per patient and month than this. Product default."""

ACTED_ON = (CloseReason.DONE, CloseReason.SATISFIED, CloseReason.DECLINED, CloseReason.DEFERRED)
"""Closed by somebody recording something: the work, or that it was declined or deferred."""


class Share(NamedTuple):
    """So many of so many."""

    part: int
    of: int


@dataclass(slots=True)
class Answers:
    """Alerts, and what came of them.

    ``judged`` are those of which all days within which they are to be acted on have gone by,
    ``acted_on`` those of them that somebody answered by then; likewise ``settled`` are those
    that closed as long ago, ``opened_again`` those of them whose need was alerted anew by then.
    """

    new: int = 0
    still_open: int = 0
    acknowledged: int = 0
    snoozed: int = 0
    judged: int = 0
    acted_on: int = 0
    settled: int = 0
    opened_again: int = 0

    def add(self, other: "Answers") -> None:
        """Count another's alerts too."""
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))

    @property
    def shares(self) -> Mapping[str, Share]:
        """What came of the alerts, by name."""
        return {
            "acknowledged": Share(self.acknowledged, self.new),
            "snoozed": Share(self.snoozed, self.new),
            "acted_on": Share(self.acted_on, self.judged),
            "opened_again": Share(self.opened_again, self.settled),
        }


class Kind(NamedTuple):
    """Alerts of one rule (empty: of tasks people agreed) and one severity, as it last was."""

    rule: str
    severity: Severity


@dataclass(frozen=True, slots=True)
class AlertBurden:
    """The alerts of a clinic that opened from ``first`` to ``last``, both included.

    ``days`` are those that ``people`` spent in its care then, hospice included.
    """

    first: date
    last: date
    within: int
    people: int
    days: int
    answers: Mapping[Kind, Answers] = field(default_factory=dict)
    catch_up: Answers = field(default_factory=Answers)

    @property
    def months(self) -> float:
        """Months in care, of all people together."""
        return self.days / DAYS_A_MONTH

    def a_month(self, answers: Answers) -> float:
        """New alerts per patient and month; 0 where nobody was in care."""
        return answers.new / self.months if self.days else 0.0

    def as_dict(self) -> dict[str, Any]:
        """As JSON: the whole, then by severity and rule; people's own tasks under "people"."""
        return {
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "within_days": self.within,
            "people": self.people,
            "patient_months": round(self.months, 1),
            "all": self._as_dict(self.overall),
            "severities": {each.name.lower(): self._as_dict(of) for each, of in self.by_severity.items()},
            "rules": {rule or "people": self._as_dict(of) for rule, of in self.by_rule.items()},
            "catch_up": self._as_dict(self.catch_up) | {"new_per_patient_month": None},
        }

    def _as_dict(self, answers: Answers) -> dict[str, Any]:
        rate = {"new_per_patient_month": round(self.a_month(answers), 3)}
        return asdict(answers) | rate

    @property
    def overall(self) -> Answers:
        """Of every rule and severity."""
        return _sum(self.answers.values())

    @property
    def by_rule(self) -> Mapping[str, Answers]:
        """Of each rule that raised any, most first."""
        found = defaultdict[str, Answers](Answers)
        for kind, answers in self.answers.items():
            found[kind.rule].add(answers)
        return dict(sorted(found.items(), key=lambda item: (-item[1].new, item[0])))

    @property
    def by_severity(self) -> Mapping[Severity, Answers]:
        """Of each severity, gravest first."""
        return {
            severity: _sum(self.answers[kind] for kind in self.answers if kind.severity == severity)
            for severity in sorted(Severity, reverse=True)
        }


def alert_burden(*, clinic: Clinic, first: date, last: date, within: int = WITHIN) -> AlertBurden:
    """The alerts of a clinic that opened on these days, in two queries; none from before it went live.

    An alert is acted on within so many days if it closed by then because its work was
    recorded, declined or deferred; it is opened again if the same need was alerted anew
    within as many days after it closed. Days count from when the work was overdue to when
    something was recorded, on the clinic's calendar.
    """
    answers, catch_up = defaultdict[Kind, Answers](Answers), Answers()
    since = max(first, clinic.live_on) if clinic.live_on else first
    alerts = _alerts(clinic, first, last).filter(Q(task__catch_up=True) | Q(opens_on__gte=since))
    for rule, severity, is_catch_up, *counts in _counted(alerts, clinic.today(), within):
        into = catch_up if is_catch_up else answers[Kind(rule, Severity(severity))]
        into.add(Answers(*counts))
    people, days = _time_in_care(clinic, since, last)
    return AlertBurden(since, last, within, people, days, dict(answers), catch_up)


def _sum(parts: Iterable[Answers]) -> Answers:
    total = Answers()
    for part in parts:
        total.add(part)
    return total


def _counted(
    alerts: QuerySet[Alert], today: date, within: int
) -> "QuerySet[Alert, tuple[str, int, bool, *tuple[int, ...]]]":
    """Rule, severity, whether catch-up, then the counts in the order of ``Answers``."""
    span = timedelta(days=within)
    gone_by = today - span
    again = Alert.objects.filter(
        Q(rule=OuterRef("rule"), subject=OuterRef("subject")) & ~Q(rule="") | Q(task=OuterRef("task")),
        patient=OuterRef("patient"),
        opened_at__gte=OuterRef("closed_at"),
        opens_on__lte=OuterRef("followed_until"),
    ).exclude(pk=OuterRef("pk"))
    seen = AlertRead.objects.filter(alert=OuterRef("pk"), taken_back_at__isnull=True)
    judged, settled = Q(opens_on__lt=gone_by), Q(closes_on__lt=gone_by)
    counts = {
        "new": Q(),
        "still_open": Q(closed_at__isnull=True),
        "acknowledged": Q(Exists(seen)),
        "snoozed": Q(Exists(Snooze.objects.filter(alert=OuterRef("pk")))),
        "judged": judged,
        "acted_on": judged & Q(close_reason__in=ACTED_ON, closes_on__lte=F("answered_by")),
        "settled": settled,
        "opened_again": settled & Q(Exists(again)),
    }
    by = ("rule", "task__severity", "task__catch_up")
    marked = alerts.annotate(
        answered_by=ExpressionWrapper(F("opens_on") + span, DateField()),
        followed_until=ExpressionWrapper(F("closes_on") + span, DateField()),
    )
    columns = {f"in_{name}": Count("pk", filter=condition) for name, condition in counts.items()}
    return marked.values(*by).annotate(**columns).values_list(*by, *columns)  # type: ignore[no-any-return]


def _alerts(clinic: Clinic, first: date, last: date) -> QuerySet[Alert]:
    """Alerts that count. None closed before it opened, which spares reading those of long ago."""
    recent = Q(closed_at__isnull=True) | Q(closed_at__gte=clinic.start_of(first))
    after_death = Q(patient__status=Status.DECEASED, opens_on__gt=F("patient__status_on"))
    found = Alert.objects.filter(recent, clinic=clinic, opens_on__gte=first, opens_on__lte=last)
    return found.exclude(after_death).exclude(closes_on__lte=F("opens_on"))


# A person is active until something else is recorded; of one day's changes the last entered counts.
_TIME_IN_CARE = """
WITH changes AS (
  SELECT id AS patient_id, '-infinity'::date AS starts, 'active' AS status
  FROM patients_patient WHERE clinic_id = %(clinic)s
  UNION ALL
  (SELECT DISTINCT ON (s.patient_id, s.happened_on) s.patient_id, s.happened_on, s.status
   FROM patients_patientstatuschange s JOIN patients_patient p ON p.id = s.patient_id
   WHERE p.clinic_id = %(clinic)s AND s.voided_at IS NULL
   ORDER BY s.patient_id, s.happened_on, s.entry DESC)
), spells AS (
  SELECT patient_id, status, starts, lead(starts) OVER (PARTITION BY patient_id ORDER BY starts) AS ends
  FROM changes
), counted AS (
  SELECT p.id, GREATEST(LEAST(COALESCE(s.ends, 'infinity'), %(last)s::date + 1)
    - GREATEST(s.starts, p.enrolled_on, %(first)s::date), 0) AS days
  FROM spells s JOIN patients_patient p ON p.id = s.patient_id WHERE s.status IN ('active', 'hospice')
)
SELECT count(DISTINCT id) FILTER (WHERE days > 0), COALESCE(sum(days), 0)::bigint FROM counted
"""


def _time_in_care(clinic: Clinic, first: date, last: date) -> tuple[int, int]:
    """How many people were in care between these days, and for how many days together."""
    with connection.cursor() as cursor:
        cursor.execute(_TIME_IN_CARE, {"clinic": clinic.pk, "first": first, "last": last})
        people, days = cursor.fetchone()
    return people, days
