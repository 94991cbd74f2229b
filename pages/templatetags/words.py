"""Dates, days, severities and limits in words and drawings.

Time is always said twice, relative and absolute; severity always by icon and word.
"""

from collections.abc import Iterable
from datetime import date, datetime
from functools import cache, lru_cache

from crispy_forms.helper import FormHelper
from crispy_forms.utils import render_crispy_form
from django import template
from django.forms import BaseForm, CheckboxInput
from django.forms.utils import pretty_name
from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, gettext_lazy, ngettext, pgettext

from pages.rows import Meter, Pill, StageSteps, State
from pages.templatetags.icons import icon

register = template.Library()

MARKS: dict[State, tuple[str, str | Promise]] = {
    State.CRITICAL: ("exclamation-octagon-fill", gettext_lazy("Critical")),
    State.URGENT: ("exclamation-triangle-fill", gettext_lazy("Urgent")),
    State.ATTENTION: ("exclamation-circle", gettext_lazy("Attention")),
    State.IN_GRACE: ("hourglass-split", gettext_lazy("In grace")),
    State.DUE: ("calendar", gettext_lazy("Due")),
    State.CATCH_UP: ("inbox", gettext_lazy("Catch-up")),
    State.DEFERRED: ("pause-circle", gettext_lazy("Deferred")),
    State.DECLINED: ("slash-circle", gettext_lazy("Declined")),
    State.SNOOZED: ("moon", gettext_lazy("Snoozed")),
    State.TO_KNOW: ("eye", gettext_lazy("To know")),
    State.WORKING: ("arrow-repeat", gettext_lazy("Working")),
}


@register.filter
def day(value: date | None) -> str:
    """28 Feb 2026: the year always."""
    # Translators: how a date is written, in Django's date format; the year always.
    return date_format(value, pgettext("date format", "j M Y")) if value else ""


@register.filter
def weekday(value: date | None) -> str:
    """Thu 12 Mar 2026."""
    return date_format(value, pgettext("date format", "D j M Y")) if value else ""


@register.filter
def clock(value: datetime | None) -> str:
    """08:02, in the time zone that is active."""
    return date_format(value, pgettext("date format", "H:i")) if value else ""


@register.filter
def initials(name: str) -> str:
    """MH for Marcus Heron, IC for Dr Ilse Crane."""
    parts = [part for part in name.replace(".", " ").split() if part.lower() not in {"dr", "prof"}]
    return (parts[0][0] + (parts[-1][0] if len(parts) > 1 else "")).upper() if parts else ""


@register.filter
def days(count: int) -> str:
    """1 day, 12 days."""
    return ngettext("%(n)s day", "%(n)s days", count) % {"n": number_format(count)}


@register.simple_tag
def mark(state: State | str) -> SafeString:
    """Icon and word of a state, in its colour and shape."""
    return _mark(State(state), get_language())


@cache  # a list draws hundreds of them
def _mark(state: State, _language: str | None) -> SafeString:
    name, word = MARKS[state]
    return format_html('<span class="al-mark al-mark--{}">{}{}</span>', state.value, icon(name), word)


def _late(count: int, *, waiting: bool) -> SafeString:
    """12 days overdue, the number in bold."""
    if waiting:
        text = ngettext("{n} day waiting", "{n} days waiting", count)
    else:
        text = ngettext("{n} day overdue", "{n} days overdue", count)
    return format_html(text, n=format_html("<b>{}</b>", number_format(count)))


def _ahead(count: int) -> str:
    """Due in 3 days, tomorrow, today."""
    if count == 0:
        return gettext("Due today")
    if count == 1:
        return gettext("Due tomorrow")
    return gettext("Due in %(days)s") % {"days": days(count)}


def when_words(state: State, count: int, on: date | None, *, offer_again: bool = False) -> tuple[str, str]:
    """The two lines of the column "when": relative, and absolute.

    ``count`` is in whole days and never negative; what it and ``on`` mean for each
    state is said at ``pages.rows.TaskRow``.
    """
    on_day = day(on)
    match state:
        case State.CRITICAL | State.URGENT | State.ATTENTION if offer_again:
            return _late(count, waiting=True), gettext("offer from %(date)s") % {"date": on_day}
        case State.IN_GRACE:
            left = ngettext("%(n)s day of grace left", "%(n)s days of grace left", count)
            return left % {"n": number_format(count)}, gettext("due %(date)s") % {"date": on_day}
        case State.DUE:
            return _ahead(count), gettext("due %(date)s") % {"date": on_day}
        case State.DEFERRED:
            back = gettext("Back in %(days)s") % {"days": days(count)}
            return back, gettext("until %(date)s") % {"date": on_day}
        case State.DECLINED:
            return gettext("Offer again in %(days)s") % {"days": days(count)}, on_day
        case State.SNOOZED:
            late = ngettext("%(n)s day overdue", "%(n)s days overdue", count) % {"n": number_format(count)}
            return late, gettext("back %(date)s") % {"date": on_day}
    return _late(count, waiting=False), gettext("due %(date)s") % {"date": on_day}


@register.simple_tag
def when(state: State | str, count: int, on: date | None, offer_again: bool = False) -> SafeString:
    """12 days overdue, and under it: due 28 Feb 2026."""
    return _when(State(state), count, on, offer_again, get_language())


@lru_cache(4096)  # a list draws hundreds of them, many alike
def _when(state: State, count: int, on: date | None, offer_again: bool, _language: str | None) -> SafeString:
    if on is None:
        return mark_safe("")
    relative, absolute = when_words(state, count, on, offer_again=offer_again)
    return format_html('<span class="al-days">{}</span> <span class="al-date">{}</span>', relative, absolute)


@register.simple_tag
def call_words(on: date | None, ahead: int) -> str:
    """When to call next: Today, Tomorrow, In 5 days, 2 days late, None set."""
    if on is None:
        return gettext("None set")
    if ahead < 0:
        return gettext("%(days)s late") % {"days": days(-ahead)}
    if ahead == 0:
        return gettext("Today")
    return gettext("Tomorrow") if ahead == 1 else gettext("In %(days)s") % {"days": days(ahead)}


_LIMIT_AT = 70  # per cent of the bar


def _meter_bars(meter: Meter) -> list[tuple[str, float, float, int]]:
    """(class, x, width, height) of each bar; x and width in per cent, height in px."""
    reach = 100.0 if meter.limit <= 0 else min(100.0, meter.days / meter.limit * _LIMIT_AT)
    kind = "full" if meter.days == meter.limit else "in"
    bars = [("track", 0.0, 100.0, 4), (kind, 0.0, min(reach, _LIMIT_AT), 4)]
    if meter.over:
        # Half a day over a long limit must still be seen.
        bars.append(("over", _LIMIT_AT, max(reach - _LIMIT_AT, 2.0), 8))
    return bars


@register.simple_tag
def meter_bar(meter: Meter) -> SafeString:
    """Days against a limit as a bar; the text beside it says the same."""
    rects = format_html_join(
        "",
        '<rect class="al-meter-{}" x="{}%" y="{}" width="{}%" height="{}"/>',
        (
            (kind, f"{x:g}", (10 - high) // 2, f"{wide:.1f}", high)
            for kind, x, wide, high in _meter_bars(meter)
        ),
    )
    return format_html(
        '<svg class="al-meter{}" width="100%" height="10" aria-hidden="true">{}'
        '<rect class="al-meter-limit" x="{}%" y="1" width="2" height="8"/></svg>',
        " al-meter--critical" if meter.breathing else "",
        rects,
        _LIMIT_AT,
    )


@register.simple_tag
def meter_words(meter: Meter) -> SafeString:
    """9 of 7 days, 2 over."""
    text = ngettext("{n} of {limit} day", "{n} of {limit} days", meter.limit)
    words = format_html(text, n=format_html("<b>{}</b>", number_format(meter.days)), limit=meter.limit)
    if not meter.over:
        return words
    over = gettext("%(n)s over") % {"n": number_format(meter.over)}
    css = "al-over al-over--critical" if meter.breathing else "al-over"
    return format_html('{}, <b class="{}">{}</b>', words, css, over)


@register.simple_tag
def step_bar(steps: StageSteps) -> SafeString:
    """How far a request has come, as small blocks; the text beside it says the same."""
    kinds = ("now" if n == steps.at else "done" if n < steps.at else "ahead" for n in range(1, steps.of + 1))
    blocks = format_html_join(
        "",
        '<rect class="al-step-{}" x="{}" width="9" height="5" rx="1"/>',
        ((kind, n * 12) for n, kind in enumerate(kinds)),
    )
    return format_html(
        '<svg class="al-steps" width="{}" height="5" aria-hidden="true">{}</svg>', steps.of * 12 - 3, blocks
    )


@register.simple_tag
def fields(form: BaseForm) -> SafeString:
    """The fields of a crispy form, without tag, token and buttons.

    Those that may stay empty say so, but for those the form is about (``expected``);
    errors of the form as a whole are left to the summary above it.
    """
    for bound in form:
        plain = pretty_name(bound.name) if bound.field.label is None else bound.field.label
        asked = bound.field.required or getattr(bound.field, "expected", False)
        if not asked and not isinstance(bound.field.widget, CheckboxInput):
            bound.label = format_html('{} <span class="al-optional">{}</span>', plain, gettext("(optional)"))
    helper = getattr(form, "helper", None) or FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    drawn: SafeString = render_crispy_form(form, helper=helper)
    return drawn


@register.filter
def chosen_count(pills: Iterable[Pill]) -> int:
    """How many filters are chosen."""
    return sum(pill.chosen for pill in pills)


@register.filter
def error_count(form: BaseForm) -> int:
    """How many things there are to fix in a form."""
    return sum(len(errors) for errors in form.errors.values())
