"""A world with two clinics, everybody who might ask, and one thing of every kind in each clinic."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import Enum

from django.test import Client

from alerts.models import Alert
from assessments.services import log_assessment
from equipment import services as equipment
from equipment.models import EquipmentStatusChange
from patients import services as patients
from patients.models import CareTeamAssignment
from teams.models import Clinic, Discipline, Membership, Role, User
from tests.factories import a_clinic, a_member, a_patient, a_referral, a_request
from worklist.models import CareTask

NOW = datetime(2026, 11, 2, 15, 0, tzinfo=UTC)
CLINICAL_ROLES = (Role.MEMBER, Role.COORDINATOR, Role.LEAD)


class Access(Enum):
    """Who may use an address."""

    PUBLIC = "everybody"
    ACCOUNT = "whoever is signed in, for their own account"
    MEMBER = "whoever is an active member of some clinic"
    CLINICAL = "whoever holds a clinical role, for their own clinic"
    WHOLE_CLINIC = "whoever looks after everybody's work: coordinators and clinical leads"
    OVERSIGHT = "whoever looks after the whole clinic: coordinators, clinical leads and admins"
    CHART = "as CLINICAL, for one thing of a patient; 404 for those of other clinics"
    RULES = "whoever is an active member of some clinic, for their own clinic's rules"
    SETTINGS = "admins and clinical leads, for their own clinic's rules"
    CHOICE = "whoever is a member of the clinic named; 404 for others"
    DEMO = "everybody, in the demo with its mail folder; else 404"


@dataclass(frozen=True, slots=True)
class Route:
    """Who may use an address, by which methods, and what its address holds."""

    access: Access
    methods: tuple[str, ...] = ("GET",)
    ids: Mapping[str, str] = field(default_factory=dict)
    """Stands in for the ordinary value of a part of the address, by name of a thing of the world."""


@dataclass(frozen=True, slots=True)
class World:
    """Who asks, and the things they may ask for, by the names that addresses use."""

    here: Mapping[str, object]
    there: Mapping[str, object]
    askers: Mapping[str, Client]

    @property
    def nowhere(self) -> Mapping[str, object]:
        """Ids that belong to nothing."""
        return {
            name: uuid.uuid4() if isinstance(value, uuid.UUID) else value for name, value in self.here.items()
        }


def build() -> World:
    """Two clinics alike; everybody who asks belongs, or once belonged, to the first."""
    here, there = a_clinic(name="Here"), a_clinic(name="There")
    return World(here=_things_of(here), there=_things_of(there), askers=_askers(here, there))


def _askers(here: Clinic, there: Clinic) -> dict[str, Client]:
    users = {str(role): a_member(here, "nutrition", role=role, name=f"{role} here") for role in Role}
    users["superuser"] = User.objects.create_superuser("root@example.org", "x", name="Root")
    users["former member"] = a_member(here, name="Former")
    users["former member"].memberships.update(is_active=False)
    users["deactivated"] = a_member(here, name="Deactivated")
    # Who left the other clinic is a stranger there, whatever their role was.
    left = User.objects.get(name="lead here")
    Membership.objects.create(user=left, clinic=there, role=Role.LEAD, is_active=False)
    askers = {name: _signed_in(user) for name, user in users.items()}
    User.objects.filter(name="Deactivated").update(is_active=False)
    return {"anonymous": Client(raise_request_exception=False), **askers}


def _signed_in(user: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


def _things_of(clinic: Clinic) -> dict[str, object]:
    staff = a_member(clinic, "nutrition", name=f"Seat {clinic}")
    patient = a_patient(clinic)
    assignment = patients.assign_care_team(
        patient_id=patient.pk,
        user=None,
        discipline=Discipline.objects.get(pk="nutrition"),
        on=date(2026, 3, 2),
        member=staff,
    )
    decline = patients.record_decline(
        patient_id=patient.pk, user=None, topic="gastrostomy", on=date(2026, 3, 3)
    )
    pneumonia = log_assessment(
        patient_id=patient.pk, user=None, kind="aspiration_pneumonia", findings={}, on=date(2026, 3, 3)
    )
    request = a_request(patient)
    equipment.advance(request=request, user=None, status="documented", on=date(2026, 3, 4))
    loaner = equipment.lend(request=request, user=None, on=date(2026, 3, 5), item_lent="Chair")
    task = CareTask.objects.get(patient=patient, rule="NUTR-3M", closed_at=None)
    alert, _created = Alert.objects.get_or_create(task=task, closed_at=None, defaults=_alert_fields(task))
    assert isinstance(assignment, CareTeamAssignment)
    return {
        "clinic_id": clinic.pk,
        "patient_id": patient.pk,
        "assignment_id": assignment.pk,
        "fact_id": decline.pk,
        "pneumonia_id": pneumonia.pk,
        "request_id": request.pk,
        "change_id": EquipmentStatusChange.objects.get(request=request, status="documented").pk,
        "loaner_id": loaner.pk,
        "referral_id": a_referral(patient).pk,
        "task_id": task.pk,
        "equipment_task_id": CareTask.objects.filter(patient=patient, rule="EQ-STAGE").latest("opened_at").pk,
        "alert_id": alert.pk,
        "kind": "nutrition_review",
        "fact_kind": "decline",
        "topic": "gastrostomy",
        "discipline": "nutrition",
        "code": "NUTR-3M",
        "uidb36": "1",
        "key": "no-key",
    }


def _alert_fields(task: CareTask) -> dict[str, object]:
    return {
        "clinic_id": task.clinic_id,
        "patient_id": task.patient_id,
        "rule": task.rule,
        "opens_on": task.overdue_on,
        "opened_at": NOW,
    }
