"""The frame and what every screen has: navigation, actions, links, filters."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class How(StrEnum):
    """What an action does when pressed; without script every one is a page."""

    IN_PLACE = "in_place"  # GET, its form opens under the row
    DRAWER = "drawer"  # GET, opens at the right over the list
    PAGE = "page"  # GET, leaves the page
    POST = "post"  # POST at once, the answer replaces the item


@dataclass(frozen=True, slots=True)
class Action:
    """A verb: a button, a link or a line of a menu.

    ``about`` completes the name for those who hear it alone: "Log review" with
    "Nutrition review, Ruth Alder".
    """

    label: str
    url: str
    how: How = How.IN_PLACE
    about: str = ""
    icon: str = ""
    filled: bool = False
    danger: bool = False
    key: str = ""  # the letter that presses it on the row in use, "a" for assign


@dataclass(frozen=True, slots=True)
class Tag:
    """The one mark beside a title: booked, in clinic now, next call.

    ``tone`` is "action" (something is arranged), "muted" or "" (ink).
    """

    text: str
    icon: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class NavItem:
    """One place in the navigation. ``key`` names its count for htmx.

    ``marked``: some of the counted things are critical. ``later``: set apart
    below the daily ones. ``bar``: has a place in the bottom bar of a phone.
    """

    key: str
    url: str
    label: str
    icon: str
    count: int | None = None
    current: bool = False
    marked: bool = False
    short_label: str = ""
    later: bool = False
    bar: bool = True


@dataclass(frozen=True, slots=True)
class Member:
    """The person signed in. ``title`` is what they are here: "dietitian".

    ``oversees``: they may see figures about the whole clinic. ``opens_charts``: they hold a clinical
    role; an admin's places all stand in the navigation.
    """

    name: str
    title: str = ""
    is_staff: bool = False
    oversees: bool = False
    opens_charts: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """A link with no htmx: text and address, and what follows it."""

    label: str
    url: str
    after: str = ""
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Horizon:
    """One tab of time: count over label. ``apart``: counted apart (catch-up)."""

    key: str
    url: str
    label: str
    count: int
    current: bool = False
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Pill:
    """One filter: chosen or not, with its count. Addresses hold opaque ids only.

    ``choices`` makes it a menu of further filters.
    """

    label: str
    url: str = ""
    count: int | None = None
    chosen: bool = False
    icon: str = ""
    choices: Sequence["Pill"] = ()


@dataclass(frozen=True, slots=True)
class DisciplineCount:
    """Overdue work of one discipline, with how much of it is critical."""

    label: str
    url: str
    count: int
    critical: int = 0


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a table's column. ``sort``: "", "ascending" or "descending"."""

    label: str
    url: str = ""
    sort: str = ""


@dataclass(frozen=True, slots=True)
class Empty:
    """Nothing to show: what is true, what comes next, one thing to do."""

    title: str
    text: str = ""
    action: Action | None = None
