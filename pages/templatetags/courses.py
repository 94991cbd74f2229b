"""``{% course_chart chart %}``: one measure over time, drawn on the server as SVG with attributes only."""

from collections.abc import Iterator, Sequence
from datetime import date

from django import template
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import pgettext

from pages.rows import CourseChart, Lapse
from pathway.dates import add_months

register = template.Library()

WIDE, HIGH = 396, 206
LEFT, RIGHT, TOP, BOTTOM = 34.0, 258.0, 30.0, 176.0
LINE = 13.0
"""Least distance between two lines of text."""
LETTER = 18.0
"""Least distance between two letters."""
MOST_LABELLED = 5
"""With more points than this, only the first and the last are labelled."""
MONTHS = (1, 2, 3, 6, 12, 24, 60)
MOST_MONTHS = 4


def apart(places: Sequence[float], gap: float, lowest: float, highest: float) -> list[float]:
    """Places in rising order, moved as little as keeps them ``gap`` apart and within the ends."""
    moved: list[float] = []
    for place in places:
        moved.append(max(place, moved[-1] + gap if moved else lowest))
    for n in range(len(moved) - 1, -1, -1):
        moved[n] = min(moved[n], moved[n + 1] - gap if n + 1 < len(moved) else highest)
    return moved


def month_ticks(start: date, today: date) -> list[date]:
    """First days of months between the two, at most a handful, evenly spaced."""
    first = add_months(start.replace(day=1), 0 if start.day == 1 else 1)
    months = (today.year - first.year) * 12 + today.month - first.month + 1
    step = next((step for step in MONTHS if months <= step * MOST_MONTHS), MONTHS[-1])
    return [add_months(first, n) for n in range(0, max(months, 0), step)]


class _Scale:
    """Where days and values lie on the drawing."""

    def __init__(self, chart: CourseChart) -> None:
        self.chart = chart
        self._days = max((chart.today - chart.start).days, 1)

    def x(self, on: date) -> float:
        on = max(on, self.chart.start)
        return LEFT + (RIGHT - LEFT) * (on - self.chart.start).days / self._days

    def y(self, value: float) -> float:
        share = (value - self.chart.low) / (self.chart.high - self.chart.low)
        return BOTTOM - (BOTTOM - TOP) * min(max(share, 0), 1)


@register.simple_tag
def course_chart(chart: CourseChart) -> SafeString:
    """The chart; its sentence is its name to whoever does not see it, and the table says the rest."""
    scale = _Scale(chart)
    parts = (_axes, _band, _lapse, _thresholds, _milestones, _line)
    inner = mark_safe("".join(part for draw in parts for part in draw(chart, scale)))
    return format_html(
        '<svg class="al-course-chart" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>',
        WIDE,
        HIGH,
        chart.sentence,
        inner,
    )


def _axes(chart: CourseChart, scale: _Scale) -> Iterator[SafeString]:
    value = chart.low
    while value <= chart.high:
        y = scale.y(value)
        yield _stroke("grid", LEFT, y, RIGHT, y)
        yield _text("tick", LEFT - 6, y + 4, number_format(value), "end")
        value += chart.step
    year = None
    for tick in month_ticks(chart.start, chart.today):
        # Translators: a month on the axis of a chart, in Django's date format; the year where it changes.
        form = pgettext("date format", "M") if tick.year == year else pgettext("date format", "M Y")
        year = tick.year
        x = min(max(scale.x(tick), LEFT + 8), RIGHT - 4)
        yield _text("tick", x, BOTTOM + 19, date_format(tick, form), "middle")
    yield _stroke("today", RIGHT, TOP - 4, RIGHT, BOTTOM)


def _band(chart: CourseChart, scale: _Scale) -> Iterator[SafeString]:
    if chart.band is not None:
        low, high = (scale.y(value) for value in chart.band)
        yield _rect("band", LEFT, high, RIGHT - LEFT, low - high)


def _lapse(chart: CourseChart, scale: _Scale) -> Iterator[SafeString]:
    """The overdue time hatched, and a bracket from the last measurement to today with how long that is."""
    lapse: Lapse | None = chart.lapse
    if lapse is None:
        return
    x = min(scale.x(lapse.overdue_on), RIGHT - 4)
    yield format_html(
        '<defs><pattern id="lapse-{0}" width="5" height="5" patternUnits="userSpaceOnUse">'
        '<rect class="al-course-lapse" width="5" height="5"/>'
        '<rect class="al-course-hatch" width="1.5" height="5"/></pattern></defs>'
        '<rect x="{1}" y="{2}" width="{3}" height="{4}" fill="url(#lapse-{0})"/>',
        chart.code,
        *(_at(each) for each in (x, TOP, RIGHT - x, BOTTOM - TOP)),
    )
    if lapse.since is not None:
        y = BOTTOM - 22
        start = scale.x(lapse.since)
        yield _stroke("bracket", start, y, RIGHT, y)
        yield _stroke("bracket", start, y - 4, start, y + 4)
        yield _stroke("bracket", RIGHT, y - 4, RIGHT, y + 4)
        yield _text("late", RIGHT, y + 15, lapse.label, "end")


def _thresholds(chart: CourseChart, scale: _Scale) -> Iterator[SafeString]:
    ordered = sorted(chart.thresholds, key=lambda limit: limit.value, reverse=True)
    places = apart([scale.y(limit.value) for limit in ordered], LINE, TOP, BOTTOM)
    for limit, place in zip(ordered, places, strict=True):
        kind = "limit-urgent" if limit.urgent else "limit"
        y = scale.y(limit.value)
        yield _stroke(kind, LEFT, y, RIGHT, y)
        yield _text("late" if limit.urgent else "tick", RIGHT + 7, place + 4, limit.label, "start")


def _milestones(chart: CourseChart, scale: _Scale) -> Iterator[SafeString]:
    places = apart([scale.x(each.on) for each in chart.milestones], LETTER, LEFT, RIGHT)
    for each, place in zip(chart.milestones, places, strict=True):
        x = scale.x(each.on)
        yield _stroke("event", x, TOP - 6, x, BOTTOM)
        yield _rect("letter", place - 7, 5, 14, 16)
        yield _text("key", place, 17, each.letter, "middle")


def _line(chart: CourseChart, scale: _Scale) -> Iterator[SafeString]:
    """The line, its points, and as many of their values as there is room for."""
    points = chart.points
    places = [(scale.x(point.on), scale.y(point.value)) for point in points]
    if len(places) > 1:
        yield format_html(
            '<polyline class="al-course-line" points="{}"/>', " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        )
    for point, (x, y) in zip(points, places, strict=True):
        kind = "elsewhere" if point.elsewhere else "point"
        yield format_html('<circle class="al-course-{}" cx="{}" cy="{}" r="3.5"/>', kind, _at(x), _at(y))
    last = len(points) - 1
    for n, (x, y) in enumerate(places):
        if n == last:
            anchor = "end" if x > (LEFT + RIGHT) / 2 else "start" if x < LEFT + 20 else "middle"
            yield _text("last", x, y - 9, points[n].shown, anchor)
        elif n == 0 or last < MOST_LABELLED:
            yield _text("value", max(x, LEFT + 8), y - 9, points[n].figure, "middle")
    if chart.aside and points:
        yield _text("tick", RIGHT + 7, places[-1][1] + 4, chart.aside, "start")


def _at(place: float) -> str:
    return f"{place:.1f}"


def _stroke(kind: str, *ends: float) -> SafeString:
    return format_html(
        '<line class="al-course-{}" x1="{}" y1="{}" x2="{}" y2="{}"/>', kind, *(_at(each) for each in ends)
    )


def _rect(kind: str, *box: float) -> SafeString:
    return format_html(
        '<rect class="al-course-{}" x="{}" y="{}" width="{}" height="{}"/>',
        kind,
        *(_at(each) for each in box),
    )


def _text(kind: str, x: float, y: float, words: str, anchor: str) -> SafeString:
    return format_html(
        '<text class="al-course-{}" x="{}" y="{}" text-anchor="{}">{}</text>',
        kind,
        _at(x),
        _at(y),
        anchor,
        words,
    )
