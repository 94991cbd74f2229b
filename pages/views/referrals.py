"""Referrals: the list, placing one, and what became of it."""

from typing import cast
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from audit import reads
from pages.present import referrals as present
from pages.present.people import day
from pages.present.tasks import reader
from pages.rows import Action, Conflict, Empty, FormPanel, How, LoggedRow, Pages
from pages.selectors import task_open_to
from pages.views.panel import CHANGED_MEANWHILE, NOT_VALID, came_from, replace_row, show_form
from patients.models import Patient
from patients.selectors import visible_to
from referrals import selectors
from referrals.filters import ReferralFilter
from referrals.forms import PlaceForm, UpdateForm
from referrals.models import Referral
from teams.access import ClinicalRequest, clinical
from worklist.models import CareTask

FORM_METHODS = ["GET", "POST"]
PER_PAGE = 50


@require_GET
@clinical
def referral_list(request: ClinicalRequest) -> HttpResponse:
    """The clinic's referrals, what is not moving first."""
    clinic = request.membership.clinic
    today = clinic.today()
    rows = selectors.referrals_of_clinic(user=request.user, clinic=clinic)
    filters = ReferralFilter(request.GET, queryset=rows, clinic=clinic)
    counts = selectors.counts(rows, today=today)
    page = Paginator(filters.qs, PER_PAGE).get_page(request.GET.get("page"))
    shown = cast("list[selectors.TimedReferral]", list(page.object_list))
    reads.show(each.patient for each in shown)
    context = {
        "lead": present.lead(counts),
        "pills": present.pills(filters, counts),
        "referrals": [present.row(each, today=today) for each in shown],
        "head_actions": [Action(_("Refer"), reverse("pages:patients"), How.PAGE, icon="plus-lg")],
        "pages": _pages(page.number, page.paginator.num_pages, filters),
        "empty": None if shown else _empty(),
    }
    return render(request, "referrals/list.html", context)


@require_http_methods(FORM_METHODS)
@clinical
def place(request: ClinicalRequest, patient_id: UUID) -> HttpResponse:
    """Refer a person; from a task that asks for it, in its place."""
    patient = get_object_or_404(visible_to(request.user).select_related("clinic"), pk=patient_id)
    reads.show([patient])
    task = _task(request, patient)
    initial = {"discipline": "palliative_care"} if task is not None else {}
    form = PlaceForm(request.POST or None, patient=patient, user=request.user, initial=initial)
    saved: Referral | None = form.submit() if form.is_bound and form.is_valid() else None
    back = reverse("pages:patient", args=[patient.pk])
    if saved is not None:
        return redirect(back) if task is None else _placed(request, saved, task)
    url = reverse("referrals:place", args=[patient.pk])
    panel = FormPanel(
        url=url if task is None else f"{url}?task={task.pk}",
        submit=_("Refer"),
        title=_("Refer"),
        about=str(patient),
        item="" if task is None else f"task-{task.pk}",
        consequence=_("Stays on the list of referrals until the person is seen."),
        cancel_url=back if task is None else came_from(request),
    )
    return show_form(request, form=form, panel=panel, status=NOT_VALID if form.is_bound else 200)


@require_http_methods(FORM_METHODS)
@clinical
def update(request: ClinicalRequest, referral_id: UUID) -> HttpResponse:
    """Record that a referral was scheduled, seen or cancelled."""
    referral = get_object_or_404(selectors.referrals_open_to(request.user), pk=referral_id)
    reads.show([referral.patient])
    form = UpdateForm(request.POST or None, referral=referral, user=request.user)
    if form.is_bound and form.is_valid() and form.submit():
        return _row_again(request, referral)
    place_shown = request.GET.get("in", "")
    url = reverse("referrals:update", args=[referral.pk])
    panel = FormPanel(
        url=f"{url}?in=patient" if place_shown == "patient" else f"{url}?in=list",
        submit=_("Log update"),
        title=_("Referral to %(to)s") % {"to": present.to(referral)},
        about=str(referral.patient),
        item=f"ref-{referral.pk}" if request.htmx else "",  # type: ignore[attr-defined]
        cancel_url=came_from(request, reverse("referrals:list")),
        version=form.version,
        conflict=_conflict(form) if form.moved else None,
    )
    status = CHANGED_MEANWHILE if form.moved else NOT_VALID if form.is_bound else 200
    return show_form(request, form=form, panel=panel, status=status)


def _task(request: ClinicalRequest, patient: Patient) -> CareTask | None:
    """The task in whose row the form was opened, if any."""
    try:
        task_id = UUID(request.GET.get("task", ""))
    except ValueError:
        return None
    return task_open_to(request.membership, task_id).filter(patient=patient).first()


def _placed(request: ClinicalRequest, referral: Referral, task: CareTask) -> HttpResponse:
    """The logged line in the task's place."""
    text = str(referral)
    undo = f"{reverse('pages:undo', args=['referral', referral.pk])}?task={task.pk}"
    row = LoggedRow(
        task_id=str(task.pk),
        text=_("%(referral)s placed") % {"referral": text},
        undo=Action(_("Undo"), undo, How.POST, text),
        announce=_("%(referral)s placed for %(who)s.") % {"referral": text, "who": task.patient},
    )
    return replace_row(request, row=row, reader=reader(request.membership))


def _row_again(request: ClinicalRequest, referral: Referral) -> HttpResponse:
    """The row as it is now, where it stood."""
    on_patient_page = request.GET.get("in") == "patient"
    if not request.htmx:  # type: ignore[attr-defined]
        page = reverse("pages:patient", args=[referral.patient_id]) if on_patient_page else ""
        return redirect(page or reverse("referrals:list"))
    rows = selectors.with_update_due(selectors.referrals_open_to(request.user))
    fresh = rows.get(pk=referral.pk)
    today = request.membership.clinic.today()
    if on_patient_page:
        summary = present.summary(fresh, today=today)
        return render(request, "components/summary_row.html", {"row": summary})
    return render(request, "components/referral_row.html", {"row": present.row(fresh, today=today)})


def _conflict(form: UpdateForm) -> Conflict:
    """What somebody else recorded since the form was opened."""
    latest = form.referral.changes.in_force().order_by("-recorded_at").first()
    who = str(latest.recorded_by or _("Somebody")) if latest else _("Somebody")
    return Conflict(
        title=_("%(who)s recorded “%(status)s” meanwhile")
        % {"who": who, "status": form.referral.get_status_display().lower()},
        text=_("Since %(day)s. What you typed is still here.") % {"day": day(form.referral.status_on)},
        keep_mine=_("Save mine over it"),
        keep_theirs=_("Keep %(who)s’s") % {"who": who},
        theirs_url=reverse("referrals:list"),
    )


def _pages(number: int, pages: int, filters: ReferralFilter) -> Pages | None:
    if pages == 1:
        return None
    text = _("Page %(page)s of %(pages)s") % {"page": number, "pages": pages}
    before = present.address(filters.chosen, page=str(number - 1)) if number > 1 else ""
    after = present.address(filters.chosen, page=str(number + 1)) if number < pages else ""
    return Pages(text, before, after)


def _empty() -> Empty:
    choose = Action(_("Choose a patient"), reverse("pages:patients"), How.PAGE)
    return Empty(_("No referral here"), _("Open a patient to refer them to a discipline."), choose)
