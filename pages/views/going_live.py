"""Going live: what was overdue already on the clinic's first day, worked through by discipline."""

from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from audit import reads
from pages.forms import BulkAssignForm
from pages.forms_going_live import BulkBookForm
from pages.present import going_live as present
from pages.present.tasks import reader
from pages.rows.going_live import CatchUpPanel
from pages.selectors import task_open_to
from pages.selectors_going_live import CatchUpPage, catch_up_page, people_recorded, seats_of_clinic
from pages.views.panel import came_from
from pathway import clock
from teams.access import ClinicalRequest, clinical, member
from teams.models import Discipline, Membership
from worklist.selectors.catch_up import COORDINATOR, CatchUp, progress_of
from worklist.services import own_tasks


@require_GET
@member
def going_live(request: ClinicalRequest) -> HttpResponse:
    """The four steps of going live, the progress of the clean-up, and one discipline's list.

    Admins, who open no chart, see the steps and the numbers.
    """
    membership, clinic = request.membership, request.membership.clinic
    caught_up, disciplines = progress_of(clinic), list(Discipline.objects.all())
    chosen = _chosen(request, caught_up, disciplines) if membership.is_clinical else None
    panel, seats = present.panel(caught_up, clinic, disciplines, chosen), seats_of_clinic(clinic)
    context = {
        "title": _("Going live"),
        "lead": panel.lead,
        "steps": present.steps(caught_up, clinic, seats, people_recorded(clinic)),
        "catch_up": panel,
        "gaps": present.gaps(seats, membership),
        "opens_lists": chosen is not None,
    }
    if chosen is not None:
        context |= _list(request, caught_up, panel, chosen)
    return render(request, "pages/going_live.html", context)


def _list(
    request: ClinicalRequest, caught_up: CatchUp, panel: CatchUpPanel, chosen: str
) -> dict[str, object]:
    """One discipline's catch-up work, by person."""
    membership = request.membership
    page = catch_up_page(membership, chosen, _page(request))
    reads.show(task.patient for task in page.tasks)
    return {
        "chosen": next((part for part in panel.parts if part.current), None),
        "people": present.rows(page, reader(membership)),
        "bulk": _bulk(membership, page),
        "pages": present.pages(page, chosen),
        "printable": bool(page.tasks),
        "printed_at": clock.now().astimezone(ZoneInfo(membership.clinic.time_zone)),
        "empty": None if page.tasks else present.empty(caught_up, membership.clinic, panel.parts),
    }


@require_POST
@clinical
def bulk_book(request: ClinicalRequest) -> HttpResponse:
    """Note one day on which the ticked tasks are booked; tasks closed meanwhile are left alone.

    For those who look after everybody's work; others book one task at a time.
    """
    if not request.membership.sees_whole_clinic:
        raise PermissionDenied(_("Booking several items at once is for coordinators and clinical leads."))
    form = BulkBookForm(request.POST, clinic=request.membership.clinic)
    if not form.is_valid():
        why = " ".join(map(str, form.errors.get("planned_on", [_("Tick items first.")])))
        messages.error(request, _("Nothing was booked: %(why)s") % {"why": why})
        return redirect(came_from(request))
    left = 0
    for task_id in form.cleaned_data["task"]:
        if not task_open_to(request.membership, task_id).exists():
            raise Http404
        try:
            own_tasks.plan_task(
                task_id=task_id, user=request.user, planned_on=form.cleaned_data["planned_on"]
            )
        except ValidationError:
            left += 1
    if left:
        text = ngettext(
            "%(count)s item was closed meanwhile and stays as it is.",
            "%(count)s items were closed meanwhile and stay as they are.",
            left,
        )
        messages.warning(request, text % {"count": left})
    return redirect(came_from(request))


def _chosen(request: ClinicalRequest, caught_up: CatchUp, disciplines: list[Discipline]) -> str:
    """The discipline asked for, else one's own with something left, else the one with most left."""
    wanted = request.GET.get("discipline", "")
    if wanted == present.COORDINATOR_CODE:
        return COORDINATOR
    if wanted in {each.code for each in disciplines}:
        return wanted
    left = {code: part.left for code, part in caught_up.by_discipline.items()}
    if not request.membership.sees_whole_clinic:
        own = request.membership.disciplines.values_list("code", flat=True)
        left = {code: left.get(code, 0) for code in own} or left
    return max(left, key=lambda code: (left[code], code), default=COORDINATOR)


def _page(request: ClinicalRequest) -> int:
    page = request.GET.get("page", "1")
    return max(int(page), 1) if page.isdecimal() and len(page) < 6 else 1


def _bulk(membership: Membership, page: CatchUpPage) -> dict[str, object] | None:
    if not membership.sees_whole_clinic or not page.tasks:
        return None
    return {"assign": BulkAssignForm(membership=membership), "book": BulkBookForm(clinic=membership.clinic)}
