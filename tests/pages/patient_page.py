"""The patient page as its tests ask for it, on the morning of 14 Apr 2026."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.urls import reverse

from assessments.services import log_assessment
from equipment import services as equipment
from pathway import clock
from patients import services
from patients.models import Patient
from teams.models import Clinic, Discipline, User
from tests.factories import a_member, a_patient, a_referral, a_request, signed_in
from worklist.services import own_tasks

MORNING = datetime(2026, 4, 14, 13, tzinfo=UTC)
SCORES = {
    "speech": 4, "salivation": 3, "swallowing": 3, "handwriting": 2, "cutting_5a": 3, "dressing": 2,
    "turning": 3, "walking": 2, "stairs": 2, "dyspnea": 3, "orthopnea": 3, "ventilation": 4,
}  # fmt: skip
"""A complete ALSFRS-R: 34 of 48."""


def address(patient, **query):
    return reverse("pages:patient", args=[patient.pk], query=query or None)


def page_of(user, patient, **query):
    return signed_in(user).get(address(patient, **query))


def patient_of_march(clinic, **fields):
    """Somebody who joined on 2 Mar 2026, known to alscare since then."""
    with clock.set_to(MORNING - timedelta(days=43)):
        return a_patient(clinic, **fields)


def in_seat(patient: Patient, discipline: str, *, member: User | None = None, on: date, **fields: Any):
    return services.assign_care_team(
        patient_id=patient.pk,
        user=None,
        discipline=Discipline.objects.get(pk=discipline),
        member=member,
        on=on,
        **fields,
    )


def fill_record(clinic: Clinic, patient: Patient, times: int) -> None:
    """Everything a page shows, ``times`` over."""
    for number in range(times):
        member = a_member(clinic, "nutrition", name=f"Nadia Wren {number}")
        by: dict[str, Any] = {"patient_id": patient.pk, "user": member}
        in_seat(patient, "nutrition", member=member, on=date(2026, 3, 2))
        services.record_decline(**by, topic=("niv", "vfss", "lft")[number], on=date(2026, 4, 1))
        log_assessment(**by, kind="nutrition_review", findings={"weight_g": 60_000}, on=date(2026, 3, 9))
        log_assessment(**by, kind="resp_assessment", findings={"fvc_pct": 58}, on=date(2026, 3, 9))
        a_referral(patient, "gastroenterology", user=member)
        request = a_request(patient, user=member)
        equipment.log_call(request=request, user=member, on=date(2026, 4, 1), person="Intake desk")
        equipment.lend(request=request, user=member, on=date(2026, 4, 1), item_lent="Transport chair")
        own_tasks.add_task(patient=patient, user=member, title="Ask", due_on=date(2026, 4, 20), owner=member)
