"""One person: what is due, who looks after them, what is on the way, and all that is recorded."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from audit import reads
from equipment.selectors import LIMITED_STAGES, LimitedRequest
from pages.present import patient as present
from pages.present import seats as seating
from pages.present import timeline
from pages.present.course import course_of
from pages.present.equipment import card
from pages.present.log_menu import log_menu_of
from pages.present.referrals import summary
from pages.present.tasks import Reader, by_person, fill_first
from pages.rows import Action, How, LoggedRow, TaskRow
from pages.selectors_patients import referrals_of_patient, requests_of_patient, work_on_patient
from patients.models import Patient
from patients.selectors import visible_to
from teams.access import ClinicalRequest, clinical
from worklist.models import CareTask
from worklist.selectors.recorded import Recorded, chart_of, recorded_about
from worklist.selectors.settings import settings_of_clinic

AHEAD = timedelta(days=30)
"""How far ahead work is shown until "Show all planned work" is pressed."""


@require_GET
@clinical
def patient(request: ClinicalRequest, patient_id: UUID) -> HttpResponse:
    """Everything about one person on one page."""
    person = patient_shown(request, patient_id)
    requests = requests_of_patient(request.user, person)
    tasks = work_on_patient(request.membership, person)
    recorded = recorded_about(person)
    context = {
        "patient": {"name": str(person)},
        "mrn_line": present.mrn_line(person, person.clinic.today()),
        "head_actions": _head_actions(person),
        "contacts": present.contacts(person),
        "working": person.is_recalculating,
        **_work(request, person, tasks),
        **_care(request, person, requests, recorded, tasks),
        **_timeline(request, person, recorded),
    }
    return render(request, "pages/patient.html", context)


@require_GET
@clinical
def log_menu(request: ClinicalRequest, patient_id: UUID) -> HttpResponse:
    """Everything that can be recorded for a person."""
    person = patient_shown(request, patient_id)
    context = {
        "patient": {"name": str(person)},
        "patient_url": reverse("pages:patient", args=[person.pk]),
        "groups": log_menu_of(person, recorded_about(person), request.membership),
    }
    return render(request, "pages/log.html", context)


def patient_shown(request: ClinicalRequest, patient_id: UUID) -> Patient:
    """A patient this person may open, noted as shown; 404 otherwise."""
    found = get_object_or_404(visible_to(request.user).select_related("clinic"), pk=patient_id)
    reads.show([found])
    return found


def _head_actions(person: Patient) -> list[Action]:
    edit = reverse("pages:patient_edit", args=[person.pk])
    sheet = reverse("pages:visit_sheet", args=[person.pk])
    return [
        Action(_("Visit sheet"), sheet, How.PAGE, str(person), "printer"),
        Action(_("Edit"), edit, How.PAGE, _("record of %(name)s") % {"name": person}, "pencil"),
        Action(_("Log"), reverse("pages:log_menu", args=[person.pk]), How.PAGE, str(person), "plus-lg"),
    ]


def _work(request: ClinicalRequest, person: Patient, tasks: Sequence[CareTask]) -> dict[str, object]:
    """What is due and overdue: one row per equipment request, the rest of what is planned on demand."""
    today = person.clinic.today()
    of = Reader(membership=request.membership, today=today)
    shown = list(tasks) if "all" in request.GET else [each for each in tasks if each.due_on <= today + AHEAD]
    told = {str(task.pk) for task in shown if task.informs_me}  # type: ignore[attr-defined]
    people = fill_first(by_person(shown, of), of=of, tasks=shown)
    rows = [_told(row, told) for row in people[0].rows] if people else []
    url = reverse("pages:patient", args=[person.pk])
    return {
        "rows": rows,
        "rows_note": present.rows_note(row for row in rows if isinstance(row, TaskRow)),
        "all_rows_url": f"{url}?all=1#due" if len(shown) < len(tasks) else "",
    }


def _told(row: TaskRow | LoggedRow, told: set[str]) -> TaskRow | LoggedRow:
    if not isinstance(row, TaskRow) or row.task_id not in told:
        return row
    return replace(row, reason=_("%(reason)s You are informed.") % {"reason": row.reason})


def _care(
    request: ClinicalRequest,
    person: Patient,
    requests: Sequence[LimitedRequest],
    recorded: Sequence[Recorded],
    tasks: Sequence[CareTask],
) -> dict[str, object]:
    """The strip, the team, the course of measures, equipment, referrals and choices."""
    today = person.clinic.today()
    chart = chart_of(person, recorded)
    cells = seating.seats(person, recorded, chart)
    referred = referrals_of_patient(request.user, person)
    return {
        "facts": present.facts(person, chart, requests),
        "unscreened": present.unscreened_words(person, chart),
        "seats": cells,
        "seats_note": seating.filled_note(cells),
        "seats_url": reverse("pages:team", args=[person.pk]),
        "course": course_of(chart, recorded, tasks, settings_of_clinic(person.clinic_id)),
        "equipment": [
            card(each, today=today, place="patient") for each in requests if each.stage in LIMITED_STAGES
        ],
        "equipment_note": present.equipment_note(requests),
        "request_url": reverse("equipment:request", args=[person.pk]),
        "referrals": [summary(each, today=today) for each in referred],
        "refer_url": reverse("referrals:place", args=[person.pk]),
        "choices": present.choices(person, chart, recorded),
        "choices_title": _("Choices"),
        "choice_url": reverse("pages:decline", args=[person.pk]),
    }


def _timeline(request: ClinicalRequest, person: Patient, recorded: Sequence[Recorded]) -> dict[str, object]:
    """The latest entries under the chosen filter, the rest on demand."""
    wanted = request.GET.get("show", "")
    group = wanted if wanted in timeline.GROUPS else ""
    entries = timeline.of_group(recorded, group)
    shown = entries if "earlier" in request.GET else entries[: timeline.FIRST]
    return {
        "timeline": [timeline.entry(each) for each in shown],
        "timeline_pills": timeline.pills(person, group),
        "earlier": timeline.earlier(person, group, len(entries) - len(shown)),
    }
