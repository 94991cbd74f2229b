"""Changing what stands about a person: their record, their status, the seats of their team."""

from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from audit import reads
from pages.forms_patients import AddForm, EditForm, StatusForm
from pages.forms_team import LeaveForm, SeatForm, holder
from pages.present import seats as seating
from pages.present.people import day
from pages.rows import Conflict, FormPanel, Link, Seat, SeatCell
from pages.views.log import FORM_METHODS
from pages.views.panel import CHANGED_MEANWHILE, NOT_VALID, show_form
from pages.views.patient import patient_shown
from pathway.catalogue import PatientStatus
from pathway.registry import rules
from patients.forms import ServiceForm
from patients.models import CareTeamAssignment, Patient, Status
from patients.selectors import assignments_in
from teams.access import ClinicalRequest, clinical
from teams.models import Discipline
from worklist.selectors.recorded import chart_of, recorded_about
from worklist.selectors.tasks import tasks_of_patient


@require_http_methods(FORM_METHODS)
@clinical
def patient_add(request: ClinicalRequest) -> HttpResponse:
    """Add a person to the clinic."""
    clinic = request.membership.clinic
    form = AddForm(request.POST or None, clinic=clinic, user=request.user)
    saved: Patient | None = form.submit() if form.is_valid() else None
    if saved is not None:
        return redirect(_page(saved))
    panel = FormPanel(
        url=reverse("pages:patient_add"),
        submit=_("Add patient"),
        title=_("Add a patient"),
        about=clinic.name,
        consequence=_(
            "The clinic’s usual team is filled in, and what is due counts from the day first seen."
        ),
        cancel_url=reverse("pages:patients"),
        conflict=_duplicate(form.duplicate) if form.duplicate else None,
    )
    return show_form(request, form=form, panel=panel, status=_status_of(form, meanwhile=panel.conflict))


@require_http_methods(FORM_METHODS)
@clinical
def patient_edit(request: ClinicalRequest, patient_id: UUID) -> HttpResponse:
    """Change a person's record; what somebody else changed meanwhile is kept, or asked about."""
    person = patient_shown(request, patient_id)
    form = EditForm(request.POST or None, patient=person, user=request.user)
    if form.is_valid() and form.submit() is not None:
        if form.kept:
            _tell_kept(request, form)
        return redirect(_page(person))
    panel = FormPanel(
        url=reverse("pages:patient_edit", args=[person.pk]),
        submit=_("Save record"),
        title=_("Names, dates and contacts"),
        about=str(person),
        consequence=_("What was there before stays in the history."),
        cancel_url=_page(person),
        version=form.version,
        conflict=_clash(form) if form.clashes else None,
    )
    return show_form(request, form=form, panel=panel, status=_status_of(form, meanwhile=panel.conflict))


@require_http_methods(FORM_METHODS)
@clinical
def status(request: ClinicalRequest, patient_id: UUID) -> HttpResponse:
    """Record that the person became active, elected hospice, left the clinic or died."""
    person = patient_shown(request, patient_id)
    form = StatusForm(request.POST or None, patient=person, user=request.user)
    url = reverse("pages:status", args=[person.pk])
    panel = FormPanel(
        url=url,
        submit=_("Change status"),
        title=_("Status"),
        about=_("%(name)s, %(status)s since %(day)s")
        % {
            "name": person,
            "status": person.get_status_display().lower(),
            "day": day(person.status_on or person.enrolled_on),
        },
        consequence=_consequence(person, form.data.get("status", "")),
        compute_url=f"{url}?compute=1",
        cancel_url=_page(person),
    )
    if "compute" in request.GET:
        return render(request, "components/computed.html", {"panel": panel, "oob": True})
    return _page_form(request, form, panel, _page(person))


@require_GET
@clinical
def team(request: ClinicalRequest, patient_id: UUID) -> HttpResponse:
    """Every seat of a person's team, with the way to change it."""
    person = patient_shown(request, patient_id)
    recorded = recorded_about(person)
    cells = seating.seats(person, recorded, chart_of(person, recorded))
    context = {
        "patient": {"name": str(person)},
        "patient_url": _page(person),
        "seats": [_changeable(person, cell) for cell in cells],
        "seats_note": seating.filled_note(cells),
    }
    return render(request, "pages/team.html", context)


@require_http_methods(FORM_METHODS)
@clinical
def seat(request: ClinicalRequest, patient_id: UUID, discipline: str) -> HttpResponse:
    """Fill a seat from a day, and end the time of whoever sat there."""
    person = patient_shown(request, patient_id)
    seat_of = get_object_or_404(Discipline, pk=discipline)
    sitting = list(assignments_in(user=request.user, patient=person, discipline=seat_of))
    form = SeatForm(
        request.POST or None, patient=person, discipline=seat_of, user=request.user, sitting=sitting
    )
    panel = FormPanel(
        url=reverse("pages:seat", args=[person.pk, seat_of.pk]),
        submit=_("Fill seat"),
        title=_("%(discipline)s seat") % {"discipline": seat_of},
        about=str(person),
        consequence=_("Work of this discipline goes to them from that day."),
        alternatives=[_leaving(each) for each in sitting],
        cancel_url=_page(person),
    )
    return _page_form(request, form, panel, _page(person))


@require_http_methods(FORM_METHODS)
@clinical
def leave_seat(request: ClinicalRequest, patient_id: UUID, assignment_id: UUID) -> HttpResponse:
    """End somebody's time in a seat, with nobody in their place yet."""
    person = patient_shown(request, patient_id)
    found = get_object_or_404(assignments_in(user=request.user, patient=person), pk=assignment_id)
    form = LeaveForm(request.POST or None, assignment=found, user=request.user)
    panel = FormPanel(
        url=reverse("pages:leave_seat", args=[person.pk, found.pk]),
        submit=_("End their time"),
        title=_("%(who)s leaves the %(discipline)s seat")
        % {"who": holder(found), "discipline": found.discipline.name.lower()},
        about=str(person),
        consequence=_("Their work of this discipline goes back to its queue from that day."),
        cancel_url=_page(person),
    )
    return _page_form(request, form, panel, _page(person))


def _page(person: Patient) -> str:
    return reverse("pages:patient", args=[person.pk])


def _page_form(request: ClinicalRequest, form: ServiceForm, panel: FormPanel, back: str) -> HttpResponse:
    if form.is_valid() and form.submit() is not None:
        return redirect(back)
    return show_form(request, form=form, panel=panel, status=_status_of(form))


def _status_of(form: ServiceForm, *, meanwhile: Conflict | None = None) -> int:
    if meanwhile is not None:
        return CHANGED_MEANWHILE
    return NOT_VALID if form.is_bound else 200


def _duplicate(other: Patient) -> Conflict:
    """Somebody with the same name and date of birth is here already."""
    reads.show([other])
    return Conflict(
        title=_("%(name)s, born %(day)s, is here already") % {"name": other, "day": day(other.birth_on)},
        text=_("MRN %(mrn)s. Open that record, unless this is another person.") % {"mrn": other.mrn},
        keep_mine=_("Add as another person"),
        keep_theirs=_("Open MRN %(mrn)s") % {"mrn": other.mrn},
        theirs_url=_page(other),
    )


def _clash(form: EditForm) -> Conflict:
    """What somebody else changed while the form was open, both values side by side."""
    who = str(form.other() or _("Somebody"))
    lines = [
        _("%(field)s: now %(theirs)s; you typed %(mine)s.")
        % {"field": clash.label, "theirs": clash.theirs, "mine": clash.mine}
        for clash in form.clashes
    ]
    return Conflict(
        title=_("%(who)s changed this record meanwhile") % {"who": who},
        text=" ".join([*lines, _("What you typed is kept below.")]),
        keep_mine=_("Save mine over it"),
        keep_theirs=_("Keep %(who)s’s") % {"who": who},
        theirs_url=_page(form.patient),
    )


def _tell_kept(request: ClinicalRequest, form: EditForm) -> None:
    text = _("%(who)s changed this record meanwhile: %(fields)s. Both changes are kept.")
    who = form.other() or _("Somebody")
    messages.info(request, text % {"who": who, "fields": ", ".join(form.kept).lower()})


def _consequence(person: Patient, chosen: str) -> str:
    """What the chosen status would close, as the rules say in which they apply."""
    if chosen == person.status:
        return _("That is how it stands; this records it again.")
    if chosen == Status.ACTIVE:
        return _("What is due comes back; nothing counts as overdue for the first 14 days.")
    tasks = list(tasks_of_patient(patient=person).values_list("rule", flat=True))
    closing = len(tasks) if chosen != Status.HOSPICE else sum(_silent_in_hospice(rule) for rule in tasks)
    closes = ngettext("Closes %(count)s open item.", "Closes %(count)s open items.", closing) % {
        "count": closing
    }
    after = {
        Status.HOSPICE: _("Work on equipment goes on."),
        Status.DISCHARGED: _("Nothing more falls due here; equipment requests still need a receiver."),
        Status.DECEASED: _("No email is sent about this person any more."),
    }
    return f"{closes} {after[Status(chosen)]}" if chosen in after else _("Choose a status.")


def _silent_in_hospice(rule: str) -> bool:
    return rule in rules() and PatientStatus.HOSPICE not in rules()[rule].statuses


def _changeable(person: Patient, cell: SeatCell) -> SeatCell:
    """The seat with the way to change it, also when it is filled."""
    filled = cell.state in (Seat.FILLED, Seat.NEVER_SEEN)
    label = _("Change") if filled else _("Fill seat")
    return replace(cell, action=seating.fill(person, cell.code, cell.discipline, label))


def _leaving(assignment: CareTeamAssignment) -> Link:
    url = reverse("pages:leave_seat", args=[assignment.patient_id, assignment.pk])
    return Link(_("%(who)s leaves, nobody follows yet") % {"who": holder(assignment)}, url)
