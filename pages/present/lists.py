"""The parts around a list of work: tabs of time, the first sentence, filters."""

from collections.abc import Mapping
from urllib.parse import urlencode

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from pages.filters import WorkFilter
from pages.present.links import place
from pages.rows import Horizon as Tab
from pages.rows import Pill
from teams.models import Membership
from worklist.selectors.tasks import Horizon

LABELS = {
    Horizon.NOW: gettext_lazy("To do now"),
    Horizon.OVERDUE: gettext_lazy("Overdue"),
    Horizon.IN_GRACE: gettext_lazy("In grace"),
    Horizon.WEEK: gettext_lazy("Due in 7 days"),
    Horizon.MONTH: gettext_lazy("Due in 30 days"),
    Horizon.SNOOZED: gettext_lazy("Snoozed"),
    Horizon.CATCH_UP: gettext_lazy("Catch-up"),
}
APART = (Horizon.SNOOZED, Horizon.CATCH_UP)


def address(filters: WorkFilter, **changes: str) -> str:
    """My work with these filters changed; the address holds opaque ids only."""
    query = {name: value for name, value in (filters.as_query() | changes).items() if value}
    return f"{place('pages:my_work')}?{urlencode(query)}" if query else place("pages:my_work")


def tabs(counts: Mapping[Horizon, int], filters: WorkFilter) -> list[Tab]:
    """One tab per horizon, with the list's own count; of what is snoozed only while something is."""
    return [
        Tab(
            key=horizon.value,
            url=address(filters, horizon="" if horizon is Horizon.NOW else horizon.value, page=""),
            label=str(LABELS[horizon]),
            count=counts[horizon],
            current=horizon is filters.horizon,
            apart=horizon in APART,
        )
        for horizon in Horizon
        if horizon is not Horizon.SNOOZED or counts[horizon] or filters.horizon is horizon
    ]


def lead(counts: Mapping[Horizon, int], *, people: int, membership: Membership) -> SafeString:
    """The first sentence: how many are overdue, for how many people, what is next."""
    overdue = counts[Horizon.OVERDUE]
    soon = counts[Horizon.NOW] - overdue
    first = ngettext("%(count)s overdue", "%(count)s overdue", overdue) % {"count": overdue}
    for_people = ngettext("for %(count)s person", "for %(count)s people", people) % {"count": people}
    if not overdue:
        first, for_people = _("Nothing overdue"), ""
    next_week = ngettext(
        "%(count)s more in grace or due within 7 days",
        "%(count)s more in grace or due within 7 days",
        soon,
    ) % {"count": soon}
    return format_html("<b>{}</b> {}{}", first, for_people, f", {next_week}." if soon else ".")


def pills(filters: WorkFilter, *, membership: Membership) -> list[Pill]:
    """Filters by discipline, by who it is with, and by person."""
    chosen = []
    for discipline in filters.disciplines:
        on = filters.discipline == discipline.code
        url = address(filters, discipline="" if on else discipline.code, page="")
        chosen.append(Pill(discipline.name, url, chosen=on))
    mine = filters.whose == "me"
    given = filters.whose == "delegated"
    return [
        *(chosen if len(chosen) <= 3 else [Pill(_discipline_label(filters), choices=chosen)]),
        Pill(_("Assigned to me"), address(filters, whose="" if mine else "me", page=""), chosen=mine),
        Pill(
            _("Delegated by me"), address(filters, whose="" if given else "delegated", page=""), chosen=given
        ),
        *_person_pill(filters),
    ]


def _discipline_label(filters: WorkFilter) -> str:
    names = [each.name for each in filters.disciplines if each.code == filters.discipline]
    return names[0] if names else _("Any discipline")


def _person_pill(filters: WorkFilter) -> list[Pill]:
    if filters.patient is None:
        return []
    return [Pill(str(filters.patient), address(filters, patient="", page=""), chosen=True)]
