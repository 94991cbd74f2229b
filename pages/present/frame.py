"""The navigation around every page, with its counts."""

from dataclasses import replace
from datetime import timedelta

from django.http import HttpRequest
from django.utils.translation import gettext as _

from alerts.selectors.inbox import bell
from pages.present.links import place
from pages.rows import Member, NavItem
from pages.selectors import badges, to_do_now
from teams.access import may_oversee
from teams.models import Membership, Role

SEASON = timedelta(days=90)


def navigation(
    request: HttpRequest,
    membership: Membership,
    *,
    to_do: int | None = None,
    unread: tuple[int, int] | None = None,
) -> list[NavItem]:
    """The places a clinical member goes to; counts are the lists' own.

    ``to_do`` is the count of My work and ``unread`` that of alerts (all, critical)
    where the page has counted them already.
    """
    if to_do is None and unread is None:
        work, alerts, critical = badges(membership)
    else:
        alerts, critical = unread or bell(membership=membership)
        work = to_do_now(membership) if to_do is None else to_do
    places = [
        NavItem("work", place("pages:my_work"), _("My work"), "list-task", work),
        NavItem(
            "alerts",
            place("alerts:inbox"),
            _("Alerts"),
            "bell",
            alerts,
            marked=critical > 0,
        ),
        NavItem("equipment", place("equipment:board"), _("Equipment"), "truck"),
        NavItem("referrals", place("referrals:list"), _("Referrals"), "signpost-split", bar=False),
        NavItem("patients", place("pages:patients"), _("Patients"), "people"),
    ]
    if _is_new(membership):
        places.append(replace(_going_live(), later=True, bar=False))
    return _marked(places, request.path)


def administration(request: HttpRequest, membership: Membership) -> list[NavItem]:
    """The places of a clinic's admin, who opens no chart."""
    places = [
        NavItem("rules", place("rules:list"), _("Rules"), "journal-text"),
        NavItem("burden", place("alerts:burden"), _("Alert burden"), "bar-chart"),
        *([_going_live()] if _is_new(membership) else []),
        NavItem("admin", place("admin:index"), _("Administration"), "gear", short_label=_("Admin")),
    ]
    return _marked(places, request.path)


def _going_live() -> NavItem:
    return NavItem("live", place("going_live:page"), _("Going live"), "rocket-takeoff")


def _marked(places: list[NavItem], path: str) -> list[NavItem]:
    """The places, with a mark on the one the reader is at."""
    return [replace(each, current=_is_current(each, path)) for each in places]


def _is_new(membership: Membership) -> bool:
    """Whether the clinic is about to go live, or has been live for a season at most."""
    live_on = membership.clinic.live_on
    return live_on is not None and live_on + SEASON >= membership.clinic.today()


def _is_current(place: NavItem, path: str) -> bool:
    if place.key == "work":
        return path == place.url
    return path.startswith(place.url)


def member(membership: Membership) -> Member:
    """The person signed in, and what they are here."""
    return Member(
        name=membership.user.name,
        title=membership.title or membership.get_role_display().lower(),
        is_staff=membership.user.is_staff or membership.role == Role.ADMIN,
        oversees=may_oversee(membership),
        opens_charts=membership.is_clinical,
    )
