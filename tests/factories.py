"""Synthetic people and clinics for tests, built the way the product builds them."""

from datetime import date
from typing import Any

from django.test import Client

from equipment import services as equipment
from equipment.models import EquipmentItem, EquipmentRequest
from patients import services as patients
from patients.models import Patient
from referrals import services as referrals
from referrals.models import Referral
from teams.models import Clinic, Discipline, Membership, User

PASSWORD = "a long enough password"


def a_clinic(**fields: Any) -> Clinic:
    """A clinic in New York that went live long ago."""
    fields.setdefault("name", f"Clinic {Clinic.objects.count() + 1}")
    fields.setdefault("live_on", date(2020, 1, 1))
    return Clinic.objects.create(**fields)


def a_member(
    clinic: Clinic, *disciplines: str, role: str = "member", name: str = "Nadia Wren", **fields: Any
) -> User:
    """A user with an active membership of the clinic."""
    email = fields.pop("email", f"{name.lower().replace(' ', '.')}.{User.objects.count()}@example.org")
    user = User.objects.create_user(email, PASSWORD, name=name, **fields)
    membership = Membership.objects.create(user=user, clinic=clinic, role=role)
    membership.disciplines.set(Discipline.objects.filter(code__in=disciplines))
    return user


def signed_in(user: User) -> Client:
    """A browser in which the user is signed in."""
    client = Client()
    client.force_login(user)
    return client


def a_patient(clinic: Clinic, **fields: Any) -> Patient:
    """A person with limb-onset ALS who joined on 2 Mar 2026."""
    number = Patient.objects.count() + 1
    defaults: dict[str, Any] = {
        "mrn": f"D-{number:04}",
        "given_name": "Ruth",
        "family_name": "Alder",
        "birth_on": date(1961, 6, 3),
        "onset_region": "lower_limb",
        "diagnosed_on": date(2026, 2, 16),
        "enrolled_on": date(2026, 3, 2),
    }
    return patients.create_patient(clinic=clinic, user=fields.pop("user", None), **(defaults | fields))


def a_request(patient: Patient, item: str = "power_wheelchair", **fields: Any) -> EquipmentRequest:
    """A request of 2 Mar 2026, for a power wheelchair unless said otherwise."""
    fields.setdefault("on", date(2026, 3, 2))
    fields.setdefault("user", None)
    return equipment.request_equipment(
        patient_id=patient.pk, item=EquipmentItem.objects.get(pk=item), **fields
    )


def a_referral(patient: Patient, discipline: str = "palliative_care", **fields: Any) -> Referral:
    """A referral of 2 Mar 2026, to palliative care unless said otherwise."""
    fields.setdefault("on", date(2026, 3, 2))
    fields.setdefault("user", None)
    return referrals.place_referral(
        patient_id=patient.pk, discipline=Discipline.objects.get(pk=discipline), **fields
    )
