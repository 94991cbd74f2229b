"""The alert burden of a clinic in tables: per severity, per rule, catch-up apart."""

from collections.abc import Sequence
from datetime import date, timedelta
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from alerts.selectors.burden import BAR, AlertBurden, Answers, Share
from pages.present import rules as rule_words
from pages.present.figures import figure
from pages.present.people import day
from pages.rows import Pill, State
from pages.rows.burden import BurdenCell, BurdenRow, BurdenTable
from pathway.dates import add_months
from pathway.registry import rules
from worklist.models import Severity

PERIODS = {
    "30d": gettext_lazy("Last 30 days"),
    "3m": gettext_lazy("Last 3 months"),
    "12m": gettext_lazy("Last 12 months"),
}
"""How far back the page can look, by how an address says so."""
WITHIN = (3, 7, 14, 30)
"""Days within which alerts are acted on, or opened again, to choose from."""

_STATES = {
    Severity.CRITICAL: State.CRITICAL,
    Severity.URGENT: State.URGENT,
    Severity.ATTENTION: State.ATTENTION,
}


def first_day(period: str, today: date) -> date:
    """The first day of a period that ends today."""
    if period == "30d":
        return today - timedelta(days=29)
    return add_months(today, -3 if period == "3m" else -12) + timedelta(days=1)


def pills(period: str, within: int) -> list[Pill]:
    """The periods, and the days within which something is to come of an alert."""
    periods = [
        Pill(str(label), _address(code, within), chosen=code == period) for code, label in PERIODS.items()
    ]
    choices = [
        Pill(_within(days), _address(period, days), chosen=days == within)
        for days in sorted({*WITHIN, within})
    ]
    return [*periods, Pill(_within(within), choices=choices)]


def lead(burden: AlertBurden) -> SafeString:
    """The first sentence: how many per patient and month, of what, and the bar."""
    rate = _("%(rate)s new alerts per patient-month") % {"rate": _rate(burden, burden.overall)}
    alerts = ngettext("%(count)s alert", "%(count)s alerts", burden.overall.new)
    people = ngettext("%(count)s person in care", "%(count)s people in care", burden.people)
    return format_html(
        "<b>{}</b>: {}, {}, {}. {}",
        rate,
        alerts % {"count": number_format(burden.overall.new)},
        people % {"count": number_format(burden.people)},
        _("%(first)s to %(last)s") % {"first": day(burden.first), "last": day(burden.last)},
        _("A well-run clinic has no more than %(bar)s.") % {"bar": BAR},
    )


def by_severity(burden: AlertBurden) -> BurdenTable:
    """One row per severity, then all of them."""
    rows = [
        BurdenRow(str(severity.label), _cells(burden, answers), state=_STATES[severity])
        for severity, answers in burden.by_severity.items()
    ]
    rows.append(BurdenRow(_("All"), _cells(burden, burden.overall)))
    return BurdenTable(_("By severity"), _heads(burden), rows)


def by_rule(burden: AlertBurden) -> BurdenTable:
    """One row per rule that raised any alert, most first; catch-up work last."""
    rows = [_rule(code, _cells(burden, answers)) for code, answers in burden.by_rule.items()]
    if burden.catch_up.new:
        cells = _cells(burden, burden.catch_up, counts_in_rate=False)
        rows.append(BurdenRow(_("Catch-up, counted apart"), cells, state=State.CATCH_UP))
    return BurdenTable(_("By rule"), _heads(burden), rows)


def silent(burden: AlertBurden) -> str:
    """Which rules raised nothing."""
    codes = [code for code in rules() if code not in burden.by_rule]
    return _("No new alerts of: %(rules)s.") % {"rules": ", ".join(codes)} if codes else ""


def terms(burden: AlertBurden) -> list[tuple[str, str]]:
    """What each figure counts."""
    days = {"days": burden.within}
    return [
        (
            _("New"),
            _(
                "Alerts whose work became overdue in this time. Left out are those that closed on the day "
                "they opened, and those that opened after the person’s death. Catch-up work is counted apart."
            ),
        ),
        (
            _("Per patient-month"),
            _("Shared among the days that people were in care here, hospice included, since the first day."),
        ),
        (_("Acknowledged, snoozed"), _("By anybody, at any time; an alert counts once.")),
        (
            _("Acted on in %(days)s days") % days,
            _(
                "Closed by then because somebody recorded the work, a decline or a deferral. Counted to the "
                "day it was recorded, and of the alerts whose %(days)s days have gone by."
            )
            % days,
        ),
        (
            _("Opened again in %(days)s days") % days,
            _(
                "The same need of the same person was alerted anew so soon after its alert had closed, for "
                "example because what closed it was entered in error. Of the alerts that closed as long ago."
            ),
        ),
        (_("Severity"), _("The one the work had when its alert closed, or has now.")),
    ]


def _address(period: str, within: int) -> str:
    return f"{reverse('alerts:burden')}?{urlencode({'period': period, 'within': within})}"


def _within(days: int) -> str:
    return ngettext("Within %(days)s day", "Within %(days)s days", days) % {"days": days}


def _heads(burden: AlertBurden) -> list[str]:
    days = {"days": burden.within}
    return [
        _("New"),
        _("Per patient-month"),
        _("Acknowledged"),
        _("Snoozed"),
        _("Acted on in %(days)s days") % days,
        _("Opened again in %(days)s days") % days,
        _("Open now"),
    ]


def _cells(burden: AlertBurden, answers: Answers, *, counts_in_rate: bool = True) -> Sequence[BurdenCell]:
    heads = iter(_heads(burden))
    rate = _rate(burden, answers) if counts_in_rate else "–"
    return [
        BurdenCell(next(heads), number_format(answers.new)),
        BurdenCell(next(heads), rate),
        *(_share(next(heads), share) for share in answers.shares.values()),
        BurdenCell(next(heads), number_format(answers.still_open)),
    ]


def _rate(burden: AlertBurden, answers: Answers) -> str:
    rate = burden.a_month(answers)
    return _("< 0.01") if answers.new and rate < 0.005 else figure(rate, 2)


def _share(head: str, share: Share) -> BurdenCell:
    if not share.of:
        return BurdenCell(head, "–")
    of = _("%(part)s of %(of)s") % {"part": number_format(share.part), "of": number_format(share.of)}
    return BurdenCell(head, _("%(share)s%%") % {"share": round(100 * share.part / share.of)}, of)


def _rule(code: str, cells: Sequence[BurdenCell]) -> BurdenRow:
    if not code:
        return BurdenRow(_("Tasks people agreed"), cells)
    if code not in rules():  # of a version before this one
        return BurdenRow(code, cells)
    return BurdenRow(rule_words.title(code), cells, code=code, url=rule_words.address("rule", code))
