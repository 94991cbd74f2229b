"""A clinic going live: its four steps, and how far the catch-up work is worked through."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pages.present.links import place
from pages.present.logging import alternatives_of
from pages.present.people import day
from pages.present.tasks import Reader, by_person, task_row
from pages.rows import Action, Empty, How, Link, Pages, PersonRows, TaskRow
from pages.rows.going_live import CatchUpPanel, CatchUpPart, LiveStep, SeatGaps
from pages.selectors_going_live import CatchUpPage, ClinicSeats
from pathway.registry import rules
from teams.access import may_configure
from teams.models import Clinic, Discipline, Membership
from worklist.models import CareTask
from worklist.selectors.catch_up import COORDINATOR, CatchUp, Progress, escalates_on

COORDINATOR_CODE = "coordinator"
"""Stands for the coordinator's part in an address."""


def address(discipline: str, page: int = 1) -> str:
    """The page with one discipline's part of the work chosen."""
    query = {"discipline": discipline or COORDINATOR_CODE} | ({"page": str(page)} if page > 1 else {})
    return f"{place('going_live:page')}?{urlencode(query)}"


def part_of(code: str) -> str:
    """Whose part an address names, as tasks have it."""
    return COORDINATOR if code == COORDINATOR_CODE else code


def panel(
    caught_up: CatchUp, clinic: Clinic, disciplines: Sequence[Discipline], chosen: str | None
) -> CatchUpPanel:
    """How far the clean-up is, overall and by discipline, most left first.

    With nothing chosen the parts lead nowhere: for those who may not see their lists.
    """
    names = {each.code: each.name for each in disciplines} | {COORDINATOR: _("Coordinator")}
    parts = [
        CatchUpPart(
            label=names.get(code, code),
            url=address(code) if chosen is not None else "",
            total=progress.total,
            closed=progress.closed,
            left=progress.left,
            untouched=progress.untouched,
            became=became(progress),
            current=code == chosen,
        )
        for code, progress in caught_up.by_discipline.items()
    ]
    return CatchUpPanel(
        lead=lead(caught_up.overall, clinic),
        became=became(caught_up.overall),
        parts=sorted(parts, key=lambda part: (-part.left, part.label)),
        note=_note(clinic),
    )


def lead(progress: Progress, clinic: Clinic) -> SafeString:
    """The first sentence: since when the clinic is live, how much is left, for how many people."""
    since = _since(clinic)
    if not progress.total:
        return format_html("{} {}", since, _("Nothing was overdue already that day."))
    if progress.is_finished:
        text = ngettext(
            "The one item that was already overdue that day is worked through.",
            "All %(count)s items that were already overdue that day are worked through.",
            progress.total,
        )
        return format_html("{} {}", since, text % {"count": number_format(progress.total)})
    people = ngettext("for %(count)s person", "for %(count)s people", len(progress.people))
    return format_html(
        "{} <b>{}</b> {}, {}.",
        since,
        _("%(left)s of %(total)s")
        % {"left": number_format(progress.left), "total": number_format(progress.total)},
        _("items that were already overdue that day are left to work through"),
        people % {"count": number_format(len(progress.people))},
    )


def became(progress: Progress) -> str:
    """What became of the work that is closed, and what is arranged for the rest."""
    closed = _counted(
        (progress.recorded, _("%(count)s recorded")),
        (progress.elsewhere, _("%(count)s done elsewhere")),
        (progress.chosen, _("%(count)s declined or deferred")),
        (progress.lapsed, _("%(count)s no longer asked for")),
    )
    left = _counted(
        (progress.booked, _("%(count)s booked")),
        (progress.assigned, _("%(count)s assigned")),
        (progress.untouched, _("%(count)s neither")),
    )
    said = []
    if closed:
        said.append(_("Closed: %(what)s.") % {"what": closed})
    if left:
        said.append(_("Left: %(what)s.") % {"what": left})
    return " ".join(said)


def steps(caught_up: CatchUp, clinic: Clinic, seats: ClinicSeats, people: int) -> list[LiveStep]:
    """Import, default seats, catch-up, ordinary working."""
    overall, until = caught_up.overall, escalates_on(clinic)
    live = clinic.live_on is not None and clinic.live_on <= clinic.today()
    ordinary = until is not None and (until <= clinic.today() or (live and overall.is_finished))
    imported = ngettext("%(count)s person in care", "%(count)s people in care", people)
    settled = len(seats.filled) + len(seats.absent)
    return [
        _step(_("Import"), imported % {"count": number_format(people)}, done=people > 0),
        _step(
            _("Default seats"),
            _("%(settled)s of 9 disciplines settled") % {"settled": settled},
            done=not seats.empty,
            now=people > 0,
        ),
        _step(
            _("Catch-up"),
            _("%(closed)s of %(total)s closed") % {"closed": overall.closed, "total": overall.total},
            done=live and overall.is_finished,
            now=people > 0,
        ),
        _step(_("Ordinary working"), _ordinary(clinic, overall), done=ordinary),
    ]


def rows(page: CatchUpPage, reader: Reader) -> list[PersonRows]:
    """The tasks of a page by person, each with every way in which it can be worked through."""
    by_id = {str(task.pk): task for task in page.tasks}
    return [
        replace(person, rows=[_with_ways(row, by_id) for row in person.rows])
        for person in by_person(page.tasks, reader)
    ]


def row(task: CareTask, reader: Reader) -> TaskRow:
    """One task as a row of this page."""
    return _ways(task_row(task, reader), task)


def gaps(seats: ClinicSeats, membership: Membership) -> SeatGaps | None:
    """What is said once, here, about seats nobody fills by default; None when all have somebody."""
    texts = []
    if seats.absent:
        texts.append(
            _("Not available here: %(disciplines)s. Nobody is asked to fill these seats.")
            % {"disciplines": _names(seats.absent)}
        )
    if seats.empty:
        texts.append(
            _("No default yet: %(disciplines)s. New and imported people start with these seats empty.")
            % {"disciplines": _names(seats.empty)}
        )
    if not texts:
        return None
    link = Link(_("Set default seats"), reverse("admin:teams_defaultseat_changelist"))
    opens_admin = membership.user.is_staff and may_configure(membership)
    return SeatGaps(texts, link if opens_admin else None)


def pages(page: CatchUpPage, discipline: str) -> Pages | None:
    """Where the list stands; None when it has one page."""
    if page.pages == 1:
        return None
    text = _("Page %(page)s of %(pages)s") % {"page": page.page, "pages": page.pages}
    before = address(discipline, page.page - 1) if page.page > 1 else ""
    after = address(discipline, page.page + 1) if page.page < page.pages else ""
    return Pages(text, before, after)


def empty(caught_up: CatchUp, clinic: Clinic, parts: Sequence[CatchUpPart]) -> Empty:
    """Nothing left here: what comes next."""
    my_work = Action(_("Open My work"), place("pages:my_work"), How.PAGE)
    if clinic.live_on is None:
        text = _("This clinic has no first day yet. An admin sets it; what is overdue then is listed here.")
        return Empty(_("Nothing to catch up"), text, my_work)
    if following := next((part for part in parts if part.left), None):
        text = ngettext("%(count)s item left there.", "%(count)s items left there.", following.left)
        show = Action(
            _("Go on with %(discipline)s") % {"discipline": following.label}, following.url, How.PAGE
        )
        return Empty(_("Nothing left here"), text % {"count": following.left}, show)
    title = _("Catch-up is finished") if caught_up.overall.total else _("Nothing to catch up")
    return Empty(
        title,
        _("From here on everything that falls due is in My work, and is passed on when nobody answers."),
        my_work,
    )


def _step(label: str, text: str, *, done: bool, now: bool = False) -> LiveStep:
    if done:
        return LiveStep(label, text, "done", "check-circle-fill")
    return LiveStep(label, text, "now", "circle-half") if now else LiveStep(label, text, "later", "circle")


def _ordinary(clinic: Clinic, overall: Progress) -> str:
    until = escalates_on(clinic)
    if until is None:
        return _("once the clinic has a first day")
    if overall.is_finished and clinic.live_on and clinic.live_on <= clinic.today():
        return _("nothing is left to catch up")
    if until <= clinic.today():
        return _("since %(day)s; what nobody was given is passed on") % {"day": day(until)}
    return _("from %(day)s: what nobody was given by then starts to be passed on") % {"day": day(until)}


def _since(clinic: Clinic) -> str:
    if clinic.live_on is None:
        return _("Not live yet.")
    if clinic.live_on > clinic.today():
        return _("Goes live on %(day)s.") % {"day": day(clinic.live_on)}
    return _("Live since %(day)s.") % {"day": day(clinic.live_on)}


def _note(clinic: Clinic) -> str:
    until = escalates_on(clinic)
    if until is None:
        return ""
    return _(
        "Catch-up is counted apart: not emailed one by one, not passed on before %(day)s unless assigned, "
        "and left out of measures."
    ) % {"day": day(until)}


def _counted(*counts: tuple[int, str]) -> str:
    return ", ".join(text % {"count": number_format(count)} for count, text in counts if count)


def _names(disciplines: Sequence[Discipline]) -> str:
    return ", ".join(each.name for each in disciplines)


def _with_ways(row: object, tasks: Mapping[str, CareTask]) -> TaskRow:
    assert isinstance(row, TaskRow)
    return _ways(row, tasks[row.task_id])


def _ways(row: TaskRow, task: CareTask) -> TaskRow:
    """The row with declining, deferring and recording it as done elsewhere in its menu."""
    if task.rule not in rules() or task.closed_at is not None:
        return row
    about = f"{row.title}, {row.patient_name}"
    ways = [
        Action(link.label, link.url, How.IN_PLACE, about, _icon(link.url)) for link in alternatives_of(task)
    ]
    return replace(row, menu=[*ways, *row.menu])


def _icon(url: str) -> str:
    if "declined" in url:
        return "slash-circle"
    if "deferred" in url:
        return "pause-circle"
    return "geo-alt" if "elsewhere" in url else "pencil"
