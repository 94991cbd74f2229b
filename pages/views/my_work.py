"""My work: due and overdue, by person, worst first."""

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from alerts.selectors.trouble import members_without_mail
from audit import reads
from pages.filters import WorkFilter
from pages.forms import BulkAssignForm
from pages.present import lists, people
from pages.present.frame import navigation
from pages.present.tasks import Reader, by_person, fill_first, reader
from pages.rows import Action, Empty, How, Pages
from pages.selectors import WorkCounts, WorkPage, task_open_to, work_counts, work_page
from pages.views.panel import came_from
from teams.access import ClinicalRequest, clinical
from teams.models import Membership
from worklist.selectors.tasks import Horizon
from worklist.services import own_tasks


@require_GET
@clinical
def my_work(request: ClinicalRequest) -> HttpResponse:
    """The list of work the signed-in person starts the day with."""
    membership = request.membership
    filters = WorkFilter.read(request.GET, membership=membership)
    counted = work_counts(membership, filters)
    page = work_page(membership, filters)
    of = reader(membership)
    reads.show(task.patient for task in page.tasks)
    to_do = None if filters.narrows else counted.tasks[Horizon.NOW]
    context = {
        "nav": navigation(request, membership, to_do=to_do),
        "title": _("My work"),
        "lead": lists.lead(counted.tasks, people=counted.people_overdue, membership=membership),
        "horizon": lists.tabs(counted.tasks, filters),
        "pills": lists.pills(filters, membership=membership),
        "people": fill_first(by_person(page.tasks, of), of=of, tasks=page.tasks),
        "show_owner": membership.sees_whole_clinic,
        "selectable": of.selectable,
        "bulk": _bulk(of, page),
        "head_actions": [Action(_("Log for a patient"), reverse("pages:patients"), How.PAGE, icon="plus-lg")],
        "empty": None if page.tasks else _empty(of, filters, counted),
        "pages": _pages(page, filters),
        "unreached": _unreached(membership),
    }
    return render(request, "pages/my_work.html", context)


@require_POST
@clinical
def bulk_assign(request: ClinicalRequest) -> HttpResponse:
    """Give the ticked tasks to one colleague; tasks closed meanwhile are left alone and named.

    For those who look after everybody's work; others give one task at a time.
    """
    if not request.membership.sees_whole_clinic:
        raise PermissionDenied(
            _(
                "Giving several items to somebody at once is for coordinators and clinical leads. "
                "You can take or hand over an item from its own menu."
            )
        )
    form = BulkAssignForm(request.POST, membership=request.membership)
    if not form.is_valid():
        messages.error(request, _("Nothing was assigned: choose who to assign to, and tick items."))
        return redirect(came_from(request))
    owner, left = form.cleaned_data["owner"], 0
    for task_id in form.cleaned_data["task"]:
        if not task_open_to(request.membership, task_id).exists():
            raise Http404
        try:
            own_tasks.assign_task(task_id=task_id, user=request.user, owner=owner)
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


def _unreached(membership: Membership) -> str:
    """For the coordinator, a sentence about the members whom mail does not reach."""
    names = [str(trouble.member) for trouble in members_without_mail(membership=membership)]
    return _("Mail to %(members)s cannot be delivered.") % {"members": ", ".join(names)} if names else ""


def _bulk(of: Reader, page: WorkPage) -> dict[str, object] | None:
    if not of.selectable or not page.tasks:
        return None
    return {"url": reverse("pages:bulk_assign"), "form": BulkAssignForm(membership=of.membership)}


def _empty(of: Reader, filters: WorkFilter, counted: WorkCounts) -> Empty:
    """Nothing under this tab: what comes next."""
    month = counted.tasks[Horizon.MONTH]
    title = _("Nothing to do now") if filters.horizon is Horizon.NOW else _("Nothing here")
    if not month or filters.horizon is Horizon.MONTH:
        return Empty(title, _("Nothing is due in the next 30 days either."))
    until = people.day(of.today + timedelta(days=30))
    text = ngettext("Next: %(count)s item due by %(day)s.", "Next: %(count)s items due by %(day)s.", month)
    show = Action(_("Show due in 30 days"), lists.address(filters, horizon="month", page=""), How.PAGE)
    return Empty(title, text % {"count": month, "day": until}, show)


def _pages(page: WorkPage, filters: WorkFilter) -> Pages | None:
    if page.pages == 1:
        return None
    text = _("Page %(page)s of %(pages)s, %(people)s people") % {
        "page": page.page,
        "pages": page.pages,
        "people": page.people,
    }
    before = lists.address(filters, page=str(page.page - 1)) if page.page > 1 else ""
    after = lists.address(filters, page=str(page.page + 1)) if page.page < page.pages else ""
    return Pages(text, before, after)
