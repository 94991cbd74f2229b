"""The board and the table of equipment requests, and one request with its history."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from django_tables2 import RequestConfig

from audit import reads
from equipment import selectors
from equipment.filters import RequestFilter
from equipment.models import EquipmentRequest
from equipment.tables import RequestTable
from pages.present import board as present
from pages.present.equipment import card, take_back
from pages.present.tasks import reader, task_row
from pages.present.timeline import entry
from pages.rows import Action, Empty, How, Pages
from pages.selectors_loans import has_loan_list
from teams.access import ClinicalRequest, clinical
from teams.models import Clinic
from worklist.models import CareTask
from worklist.selectors.recorded import recorded_about
from worklist.selectors.tasks import tasks_of_patient


@require_GET
@clinical
def board(request: ClinicalRequest) -> HttpResponse:
    """Requests by stage, past a limit first."""
    clinic = request.membership.clinic
    rows = selectors.open_requests(user=request.user, clinic=clinic)
    filters = RequestFilter(request.GET, queryset=rows, clinic=clinic)
    counts = selectors.counts(rows, today=clinic.today())
    shown = list(selectors.top_of_each_stage(filters.qs))
    reads.show(row.patient for row in shown)
    context = _common("board", filters, counts, clinic) | {
        "columns": present.columns(shown, today=clinic.today(), chosen=filters.chosen),
        "empty": None if shown else _empty(counts),
    }
    return render(request, "equipment/board.html", context)


@require_GET
@clinical
def table(request: ClinicalRequest) -> HttpResponse:
    """Requests as a table that can be sorted."""
    clinic = request.membership.clinic
    rows = selectors.open_requests(user=request.user, clinic=clinic)
    filters = RequestFilter(request.GET, queryset=rows, clinic=clinic)
    counts = selectors.counts(rows, today=clinic.today())
    sortable = RequestTable(filters.qs)
    RequestConfig(request, paginate={"per_page": 50}).configure(sortable)
    shown = [row.record for row in sortable.page.object_list]
    reads.show(row.patient for row in shown)
    context = _common("table", filters, counts, clinic) | {
        "heads": present.heads(sortable, request.GET),
        "cards": [card(row, today=clinic.today(), place="table") for row in shown],
        "under": _under(sortable.page.paginator.count, counts.all),
        "pages": _pages(sortable, request),
        "empty": None if shown else _empty(counts),
    }
    return render(request, "equipment/table.html", context)


@require_GET
@clinical
def detail(request: ClinicalRequest, request_id: UUID) -> HttpResponse:
    """One request: how it stands, what is due, what is on loan, and everything recorded about it."""
    rows = selectors.requests_open_to(request.user)
    of = reader(request.membership)
    found = get_object_or_404(selectors.with_limits(rows, today=of.today), pk=request_id)
    reads.show([found.patient])
    recorded = [each for each in recorded_about(found.patient) if each.data.get("request") == str(found.pk)]
    context = {
        "found": found,
        "card": card(found, today=of.today, place="table"),
        "is_open": found.stage in selectors.LIMITED_STAGES,
        "rows": [task_row(task, of) for task in _tasks(found)],
        "loans": [(loan, take_back(loan)) for loan in selectors.loans_out(request=found)],
        "timeline": [entry(each) for each in recorded],
    }
    return render(request, "equipment/detail.html", context)


def _tasks(found: EquipmentRequest) -> QuerySet[CareTask]:
    """What is due about the request."""
    tasks = tasks_of_patient(patient=found.patient).filter(subject=str(found.pk))
    return tasks.select_related("patient", "owner", "discipline", "assigned_by", "created_by", "clinic")


def _common(
    view: str, filters: RequestFilter, counts: selectors.BoardCounts, clinic: Clinic
) -> dict[str, object]:
    chosen = filters.chosen
    actions = [Action(_("Request equipment"), reverse("pages:patients"), How.PAGE, icon="plus-lg")]
    if has_loan_list(clinic):
        url = reverse("equipment:loans_back")
        actions.append(Action(_("Loans to come back"), url, How.PAGE, icon="arrow-left-right"))
    return {
        "lead": present.lead(counts),
        "pills": present.pills(view, filters, counts),
        "board_url": present.address("board", chosen, stage=""),
        "table_url": present.address("table", chosen),
        "head_actions": actions,
    }


def _empty(counts: selectors.BoardCounts) -> Empty:
    if counts.all:
        show_all = Action(_("Show all requests"), present.address("board", {}), How.PAGE)
        return Empty(_("No request matches these filters"), "", show_all)
    text = _("Open a patient to request equipment or a service. Every request is urgent.")
    return Empty(
        _("Nothing is on its way"), text, Action(_("Choose a patient"), reverse("pages:patients"), How.PAGE)
    )


def _under(shown: int, all_of_them: int) -> SafeString:
    """How many of all requests the table holds, and the way to the rest."""
    text = _("%(shown)s of %(all)s requests.") % {"shown": shown, "all": all_of_them}
    if shown == all_of_them:
        return format_html("{}", text)
    return format_html('{} <a href="{}">{}</a>', text, present.address("table", {}), _("Show all"))


def _pages(sortable: RequestTable, request: ClinicalRequest) -> Pages | None:
    page = sortable.page
    if page.paginator.num_pages == 1:
        return None
    text = _("Page %(page)s of %(pages)s") % {"page": page.number, "pages": page.paginator.num_pages}
    before = _page_url(request, page.previous_page_number()) if page.has_previous() else ""
    after = _page_url(request, page.next_page_number()) if page.has_next() else ""
    return Pages(text, before, after)


def _page_url(request: ClinicalRequest, number: int) -> str:
    query = request.GET.copy()
    query["page"] = str(number)
    return f"?{query.urlencode()}"
