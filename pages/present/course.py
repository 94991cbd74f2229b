"""FVC, weight and ALSFRS-R over time, with the limits and events that matter to them."""

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from string import ascii_lowercase
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.kinds.alsfrs_r import signed
from pages.present.figures import figure
from pages.present.people import day
from pages.rows import Course, CourseChart, CoursePoint, Lapse, Milestone, Threshold
from pathway.chart import Chart
from pathway.facts import Event
from pathway.findings import baseline_g, fvc_measured, weights
from pathway.settings import ClinicSettings
from pathway.stages import TOTAL, functions, monthly_change
from worklist.models import CareTask
from worklist.selectors.recorded import Recorded

SHORTEST = timedelta(days=60)
BEFORE_FIRST = timedelta(days=92)
"""How far before the first measurement the axis may reach back to the day the person joined."""
GRAVE_LOSS = 10
"""Loss of weight in per cent that ends a decline of gastrostomy early (catalogue 3)."""
STEPS = (1, 2, 5, 10, 20, 50)
MOST_STEPS = 6


def course_of(
    chart: Chart, recorded: Iterable[Recorded], tasks: Sequence[CareTask], settings: ClinicSettings
) -> Course | None:
    """The three charts on one axis of time; None while nothing was measured."""
    elsewhere = {str(each.fact_id) for each in recorded if each.done_elsewhere}
    fvc = [_point(each.event, each.value, "%", elsewhere) for each in fvc_measured(chart)]
    weight = [_point(each.event, each.value / 1000, "kg", elsewhere, 1) for each in weights(chart)]
    scores = functions(chart)
    function = [_point(event, scale.total, "", elsewhere) for event, scale in scores]
    points = [*fvc, *weight, *function]
    if not points:
        return None
    first = min(point.on for point in points)
    start = min(first, max(chart.patient.enrolled_on, first - BEFORE_FIRST), chart.day - SHORTEST)
    milestones = _milestones(chart, start)
    common: dict[str, Any] = {"start": start, "today": chart.day, "milestones": milestones}
    charts = [
        _fvc(fvc, settings, _lapse(tasks, "RESP-3M", fvc, chart.day), common),
        _weight(weight, chart, settings, _lapse(tasks, "NUTR-3M", weight, chart.day), common),
        _function(function, _rate(scores), common),
    ]
    return Course(charts, milestones, any(point.elsewhere for point in points))


def _fvc(
    points: Sequence[CoursePoint], settings: ClinicSettings, lapse: Lapse | None, common: Mapping[str, Any]
) -> CourseChart:
    """FVC from 20 to 100% unless it was outside, with the limits the clinic has set."""
    niv = _parameters(settings, "NIV-TRIG")
    rad = _parameters(settings, "RAD-PLAN")
    peg = _parameters(settings, "PEG-FVC30")
    limits = (
        (niv, "fvc_lt_with_symptoms", _("%(value)s with symptoms"), False),
        (rad, "fvc_lt", _("%(value)s plan a device"), False),
        (niv, "fvc_lt", _("%(value)s NIV criteria"), True),
        (peg, "fvc_lt", _("%(value)s gastrostomy plan"), False),
    )
    thresholds = [
        Threshold(value, text % {"value": number_format(value)}, urgent)
        for parameters, name, text, urgent in limits
        if (value := getattr(parameters, name, None)) is not None
    ]
    values = [point.value for point in points]
    return CourseChart(
        code="fvc",
        name=_("FVC"),
        unit=_("% of predicted"),
        points=points,
        low=min([20, *(math.floor(value / 20) * 20 for value in values)]),
        high=max([100, *(math.ceil(value / 20) * 20 for value in values)]),
        step=20,
        sentence=_sentence(_("FVC"), points),
        thresholds=thresholds,
        band=(rad.fvc_ge, rad.fvc_lt) if rad is not None else None,
        lapse=lapse,
        **common,
    )


def _weight(
    points: Sequence[CoursePoint],
    chart: Chart,
    settings: ClinicSettings,
    lapse: Lapse | None,
    common: Mapping[str, Any],
) -> CourseChart:
    """Weight in kg between round values, with the losses that count."""
    thresholds = _losses(chart, _parameters(settings, "PEG-DISC"))
    values = [*(point.value for point in points), *(limit.value for limit in thresholds)] or [50, 80]
    low, high, step = _axis(min(values), max(values))
    return CourseChart(
        code="weight",
        name=_("Weight"),
        unit="kg",
        points=points,
        low=low,
        high=high,
        step=step,
        sentence=_sentence(_("Weight"), points),
        thresholds=thresholds,
        lapse=lapse,
        **common,
    )


def _function(points: Sequence[CoursePoint], rate: float | None, common: Mapping[str, Any]) -> CourseChart:
    """ALSFRS-R from 0 to 48, with its last change per month."""
    return CourseChart(
        code="alsfrs-r",
        name=_("ALSFRS-R"),
        unit=_("of %(all)s") % {"all": TOTAL},
        points=points,
        low=0,
        high=TOTAL,
        step=12,
        sentence=_sentence(_("ALSFRS-R"), points),
        aside="" if rate is None else _("%(points)s a month") % {"points": signed(rate)},
        **common,
    )


def _point(event: Event, value: float, unit: str, elsewhere: set[str], decimals: int = 0) -> CoursePoint:
    said = figure(value, decimals)
    gap = "\N{NO-BREAK SPACE}" if unit not in ("", "%") else ""
    return CoursePoint(event.on, value, said, f"{said}{gap}{unit}", event.id in elsewhere)


def _rate(scores: Sequence[tuple[Event, Any]]) -> float | None:
    if len(scores) < 2:
        return None
    (earlier, before), (event, scale) = scores[-2:]
    return monthly_change(before.total, earlier.on, scale.total, event.on)


def _parameters(settings: ClinicSettings, rule: str) -> Any:
    """The rule's numbers as the clinic has set them; None where it is switched off."""
    found = settings.in_force.get(rule)
    return found.rule.parameters if found is not None and found.setting.enabled else None


def _losses(chart: Chart, gastrostomy: Any) -> list[Threshold]:
    baseline = baseline_g(chart)
    if not baseline:
        return []
    kg = baseline / 1000
    found = [Threshold(kg, _("%(value)s baseline") % {"value": figure(kg, 1)})]
    if gastrostomy is not None:
        loss = gastrostomy.weight_loss_pct_ge
        label = _("\N{MINUS SIGN}%(loss)s%% gastrostomy") % {"loss": number_format(loss)}
        found.append(Threshold(kg * (100 - loss) / 100, label, urgent=True))
    label = f"\N{MINUS SIGN}{GRAVE_LOSS}%"
    return [*found, Threshold(kg * (100 - GRAVE_LOSS) / 100, label)]


def _axis(lowest: float, highest: float) -> tuple[float, float, float]:
    """Round ends around the values, and a round step between them."""
    for step in STEPS:
        low, high = math.floor(lowest / step) * step, math.ceil(highest / step) * step
        if high - low <= MOST_STEPS * step:
            break
    return low, max(high, low + 2 * step), step


def _lapse(tasks: Iterable[CareTask], rule: str, points: Sequence[CoursePoint], today: date) -> Lapse | None:
    """Since when the measurement is overdue, and how long ago the last one was."""
    overdue = min((task.overdue_on for task in tasks if task.rule == rule), default=None)
    if overdue is None or overdue > today:
        return None
    if not points:
        return Lapse(overdue)
    since = points[-1].on
    days = (today - since).days
    label = ngettext("%(n)s day, no measurement", "%(n)s days, no measurement", days)
    return Lapse(overdue, since, label % {"n": number_format(days)})


def _milestones(chart: Chart, start: date) -> list[Milestone]:
    """The first of each event that matters to these measures, within the axis."""
    found = [(chart.patient.enrolled_on, _("Joined this clinic"))]
    found += [
        (events[0].on, label)
        for events, label in (
            (_started(chart, "riluzole"), _("Riluzole started")),
            (_started(chart, "edaravone"), _("Edaravone started")),
            (chart.where("swallow_screen", "positive"), _("Positive swallow screen")),
            (chart.of("niv_start"), _("NIV started")),
            (chart.of("gastrostomy_placed"), _("Gastrostomy placed")),
            (chart.of("tracheostomy"), _("Tracheostomy")),
        )
        if events
    ]
    within = sorted((on, label) for on, label in found if on >= start)
    return [
        Milestone(letter, on, f"{label} {day(on)}")
        for letter, (on, label) in zip(ascii_lowercase, within, strict=False)
    ]


def _started(chart: Chart, drug: str) -> Sequence[Event]:
    return [event for event in chart.of("med_start") if event.data.get("drug") == drug]


def _sentence(name: str, points: Sequence[CoursePoint]) -> str:
    """What the chart shows, for whoever does not see it."""
    if not points:
        return _("%(name)s: not measured yet.") % {"name": name}
    first, last = points[0], points[-1]
    if len(points) == 1:
        words = {"name": name, "value": last.shown, "day": day(last.on)}
        return _("%(name)s: %(value)s on %(day)s.") % words
    return _(
        "%(name)s: %(count)s measurements, from %(first)s on %(first_day)s to %(last)s on %(last_day)s."
    ) % {
        "name": name,
        "count": len(points),
        "first": first.shown,
        "first_day": day(first.on),
        "last": last.shown,
        "last_day": day(last.on),
    }
