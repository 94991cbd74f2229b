"""NUTR-3M: a nutrition review every three months."""

from collections.abc import Iterator
from dataclasses import dataclass

from pathway.catalogue import NUTRITION
from pathway.chart import Chart
from pathway.dates import add_days, add_months
from pathway.due import Need, Phrase, Severity, Step
from pathway.facts import Event
from pathway.findings import weight_g
from pathway.parameter import number_of_days, number_of_months
from pathway.rule import Example, Mark, Rule, RuleKind, Source
from pathway.words import gettext_noop as _


@dataclass(frozen=True)
class Parameters:
    """When a review is due, and when it becomes urgent."""

    interval_months: int = number_of_months(3, _("Months between reviews"), high=12)
    initial_days: int = number_of_days(30, _("Days from joining to the first review"), low=7, high=180)
    grace_days: int = number_of_days(0, _("Days of grace"), high=60)
    urgent_after_days: int = number_of_days(14, _("Days past due until urgent"), high=90)


def find(chart: Chart, parameters: Parameters) -> Iterator[Need]:
    """Due three months after the latest completed review, or 30 days after joining."""
    reviews = chart.of("nutrition_review")
    last = next((review for review in reversed(reviews) if completed(review)), None)
    joined = chart.patient.enrolled_on
    if last:
        due_on = add_months(last.on, parameters.interval_months)
        months = {"months": parameters.interval_months}
        reason = Phrase(_("Last review %(last)s + %(months)s months."), {"last": last.on, **months})
        steps = (Step(_("Last nutrition review"), on=last.on), Step(_("+ %(months)s months"), months))
    else:
        due_on = add_days(joined, parameters.initial_days)
        days = {"days": parameters.initial_days}
        reason = Phrase(_("None recorded. Joined %(joined)s + %(days)s days."), {"joined": joined, **days})
        steps = (Step(_("Joined"), on=joined), Step(_("+ %(days)s days"), days))
    verb = ""
    evidence = [last.id] if last else []
    if reviews and reviews[-1] is not last:
        weightless = reviews[-1]
        verb = _("Add weight")
        evidence.append(weightless.id)
        text = _("The review of %(review)s has no weight, so it does not count yet.")
        reason = Phrase(text, {"review": weightless.on})
    yield Need(
        due_on=due_on,
        overdue_on=add_days(due_on, parameters.grace_days + 1),
        severity=Severity.ATTENTION,
        rises=((add_days(due_on, parameters.urgent_after_days), Severity.URGENT),),
        anchor=last.id if last else "",
        evidence=tuple(evidence),
        reason=reason,
        steps=steps,
        verb=verb,
    )


def completed(review: Event) -> bool:
    """A review counts with a weight, or with the statement that none could be had."""
    return weight_g(review) is not None or review.data.get("weight_unobtainable") is True


_PATIENT = {"enrolled_on": "2025-10-31", "onset_region": "lower_limb"}

RULE = Rule(
    code="NUTR-3M",
    title=_("Nutrition review"),
    verb=_("Log review"),
    recorded_as="nutrition_review",
    condition=_(
        "A completed nutrition review is due %(interval_months)s months after the last one, or "
        "%(initial_days)s days after joining when there is none, with %(grace_days)s days of grace; urgent "
        "%(urgent_after_days)s days past due."
    ),
    closes=_("A nutrition review with a weight, or with the reason no weight could be taken."),
    kind=RuleKind.INTERVAL,
    owner=NUTRITION,
    severities=(Severity.ATTENTION, Severity.URGENT),
    source=(
        Source(_("Nutritional status (BMI, weight loss) every 3 months: NASEM 2024"), Mark.STATED),
        Source(_("AAN 2009 practice parameter, nutrition algorithm"), Mark.VERIFIED),
    ),
    version=1,
    decline_topic="nutrition_review",
    parameters=Parameters(),
    find=find,
    examples=(
        Example(
            "30 November + 3 months is 28 February; a review on that day is on time.",
            _PATIENT,
            (
                {"type": "nutrition_review", "date": "2025-11-30", "data": {"weight_kg": 80}},
                {"type": "nutrition_review", "date": "2026-02-28", "data": {"weight_kg": 79}},
            ),
            "2026-05-28",
            (),
        ),
        Example(
            "A review without a weight does not count, one with a reason for its absence does.",
            _PATIENT,
            (
                {"type": "nutrition_review", "date": "2025-11-30", "data": {"weight_kg": 80}},
                {"type": "nutrition_review", "date": "2026-02-10", "data": {"weight_kg": None}},
                {"type": "nutrition_review", "date": "2026-03-04", "data": {"weight_unobtainable": True}},
            ),
            "2026-06-04",
            (("", "2026-03-01", "2026-03-04"),),
        ),
        Example(
            "With none recorded, the first is due 30 days after joining.",
            _PATIENT,
            (),
            "2025-12-31",
            (("", "2025-12-01", None),),
        ),
    ),
)
