"""A few clinics of invented people, drawn from the catalogue's cohort figures (section 4).

Facts are written straight to the tables; the rules then turn them into care tasks by
the product's own ``reconcile``, so stored work is what the rules ask for.
"""

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from django.db import models

from assessments.models import Assessment
from assessments.registry import kinds
from equipment.models import EquipmentItem, EquipmentRequest, EquipmentStatusChange, Stage, VendorContact
from pathway.catalogue import DISCIPLINES, NEUROLOGY, PALLIATIVE_CARE
from patients.facts import Fact
from patients.models import CareTeamAssignment, Decline, Patient, PatientStatusChange, Status
from referrals.models import Referral, ReferralStatus, ReferralStatusChange
from teams.models import Clinic, DefaultSeat, Discipline, Membership, Role, User

PATIENTS_PER_CLINIC = 200
TODAY = date(2026, 3, 10)
"""The day on which every benchmark stands: a Tuesday, so that digests are due the next morning."""
LIVE_ON = date(2024, 1, 2)
TIME_ZONE = "America/New_York"
SEED = 20260310

GIVEN = ("Ada", "Bruno", "Carla", "Dario", "Elsa", "Felix", "Greta", "Hugo", "Ines", "Jonas", "Kira", "Leo")
FAMILY = (
    "Alder",
    "Birch",
    "Cedar",
    "Elm",
    "Fir",
    "Hazel",
    "Juniper",
    "Larch",
    "Maple",
    "Oak",
    "Pine",
    "Rowan",
)
ONSETS = {"bulbar": 22.1, "lower_limb": 37, "upper_limb": 35, "trunk": 6.1}
STATUSES = {Status.ACTIVE: 86, Status.HOSPICE: 5, Status.DECEASED: 6, Status.DISCHARGED: 3}
LEAD_TIMES = {  # median days from request to delivery
    "bpap": 7, "cough_assist": 14, "suction": 4, "walker": 3, "manual_wheelchair": 7, "hospital_bed": 7,
    "patient_lift": 10, "aac_device": 35, "ramp": 30, "power_wheelchair": 110,
}  # fmt: skip
STAGES = (Stage.DOCUMENTED, Stage.SUBMITTED, Stage.APPROVED, Stage.ORDERED, Stage.DELIVERED, Stage.IN_USE)
SHARES = (0.05, 0.15, 0.4, 0.5, 1.0, 1.1)
"""When each of these stages is reached, as a share of the lead time."""


def at_noon(day: date) -> datetime:
    """A moment of that day, clear of its ends in every time zone of the benchmark."""
    return datetime.combine(day, time(17), tzinfo=UTC)


@dataclass(slots=True)
class Staff:
    """Who works in a clinic: one person in each seat, a coordinator and a lead."""

    seats: dict[str, User]
    coordinator: User


@dataclass(slots=True)
class Life:
    """One person and what is recorded about them."""

    patient: Patient
    facts: list[Fact] = field(default_factory=list)

    def add(self, fact: Fact, on: date) -> None:
        """Record a fact on the day it happened, unless that day has not come."""
        if on <= TODAY:
            fact.patient, fact.happened_on, fact.recorded_on = self.patient, on, on
            fact.recorded_at = at_noon(on)
            self.facts.append(fact)

    def settle(self) -> None:
        """Number the facts in the order of recording."""
        for entry, fact in enumerate(sorted(self.facts, key=lambda fact: fact.happened_on), start=2):
            fact.entry = entry
        self.patient.chart_version = len(self.facts) + 1


def draw(patients: int) -> Iterator[Life]:
    """Write clinics with their staff and draw their people; ``write`` stores what is drawn."""
    dice = random.Random(SEED)
    for start in range(0, patients, PATIENTS_PER_CLINIC):
        clinic, staff = _clinic(start // PATIENTS_PER_CLINIC)
        for number in range(start, min(start + PATIENTS_PER_CLINIC, patients)):
            yield _life(dice, clinic, staff, number)


def write(lives: Iterable[Life]) -> Sequence[UUID]:
    """Store people and facts, one statement per table; returns the ids of the people."""
    lives = list(lives)
    rows: dict[type[models.Model], list[models.Model]] = defaultdict(list)
    for life in lives:
        life.settle()
        rows[Patient].append(life.patient)
        for fact in life.facts:
            rows[type(fact)].append(fact)
    for model, of_model in rows.items():
        model._default_manager.bulk_create(of_model, batch_size=500)
    return [life.patient.pk for life in lives]


def _clinic(number: int) -> tuple[Clinic, Staff]:
    clinic = Clinic.objects.create(name=f"Clinic {number}", time_zone=TIME_ZONE, live_on=LIVE_ON)
    seats = {}
    for code in DISCIPLINES:
        seats[code] = _member(clinic, f"{code}.{number}", Role.MEMBER, [code])
        DefaultSeat.objects.create(clinic=clinic, discipline_id=code, member=seats[code])
    _member(clinic, f"lead.{number}", Role.LEAD, [NEUROLOGY])
    return clinic, Staff(seats, _member(clinic, f"coordinator.{number}", Role.COORDINATOR, []))


def _member(clinic: Clinic, name: str, role: Role, disciplines: list[str]) -> User:
    title = name.partition(".")[0].replace("_", " ").capitalize()
    user = User.objects.create(email=f"{name}@example.org", name=f"{title} Reed", password="!")
    membership = Membership.objects.create(user=user, clinic=clinic, role=role, title=title)
    membership.disciplines.set(Discipline.objects.filter(pk__in=disciplines))
    return user


def _life(dice: random.Random, clinic: Clinic, staff: Staff, number: int) -> Life:
    enrolled = TODAY - timedelta(days=int(dice.triangular(3, 1100, 60)))
    patient = Patient(
        clinic=clinic,
        mrn=f"B-{number:05}",
        given_name=dice.choice(GIVEN),
        family_name=f"{dice.choice(FAMILY)}-{dice.choice(FAMILY)}",
        birth_on=enrolled - timedelta(days=int(dice.gauss(63.3, 11.2) * 365.25)),
        onset_region=dice.choices(list(ONSETS), weights=list(ONSETS.values()))[0],
        diagnosed_on=enrolled - timedelta(days=dice.randint(5, 60)),
        enrolled_on=enrolled,
        baseline_weight_g=dice.randint(50_000, 95_000),
        height_cm=dice.randint(150, 195),
    )
    life = Life(patient)
    for code, member in staff.seats.items():
        life.add(CareTeamAssignment(discipline_id=code, member=member), enrolled)
    _visits(dice, life, staff)
    _palliative(dice, life, staff)
    for _request in range(int(dice.triangular(0, 5, 1))):
        _request_equipment(dice, life, staff)
    status = dice.choices(list(STATUSES), weights=list(STATUSES.values()))[0]
    if status != Status.ACTIVE:
        patient.status, patient.status_on = status, TODAY - timedelta(days=dice.randint(0, 60))
        life.add(PatientStatusChange(status=status), max(patient.status_on, enrolled))
    return life


def _visits(dice: random.Random, life: Life, staff: Staff) -> None:
    """A visit about every 91 days, 8 in 100 missed; weight and lung function fall."""
    patient, on = life.patient, life.patient.enrolled_on + timedelta(days=dice.randint(0, 25))
    while on <= TODAY:
        months = (on - patient.enrolled_on).days / 30
        found: dict[str, dict[str, object]] = {
            "nutrition_review": {"weight_g": int((patient.baseline_weight_g or 0) * (1 - 0.006 * months))},
            "resp_assessment": {"fvc_pct": max(round(dice.gauss(90, 8) - 2.7 * months), 15)},
            "bulbar_status": {"impaired": dice.random() < 0.2},
        }
        if patient.onset_region == "bulbar":
            found["swallow_screen"] = {"positive": dice.random() < 0.4}
        for kind, findings in found.items():
            if dice.random() < 0.92:
                life.add(_assessment(kind, findings, staff.seats["nutrition"]), on)
        on += timedelta(days=max(int(dice.gauss(91, 14)), 30) * (2 if dice.random() < 0.08 else 1))


def _assessment(kind: str, findings: dict[str, object], user: User) -> Assessment:
    wanted = kinds()[kind]
    return Assessment(
        kind=kind,
        findings=wanted.findings.checked(findings).answers(),
        schema_version=wanted.schema_version,
        recorded_by=user,
    )


def _palliative(dice: random.Random, life: Life, staff: Staff) -> None:
    """Seven in ten are referred; one in twenty declines."""
    on = life.patient.enrolled_on + timedelta(days=dice.randint(0, 60))
    drawn = dice.random()
    if drawn < 0.05:
        life.add(Decline(topic="palliative"), on)
    if drawn < 0.3:
        return
    seen = on + timedelta(days=dice.randint(10, 40))
    status, since = (ReferralStatus.SEEN, seen) if seen <= TODAY else (ReferralStatus.SENT, on)
    referral = Referral(
        discipline_id=PALLIATIVE_CARE,
        placed_by=staff.seats["social_work"],
        recorded_by=staff.seats["social_work"],
        status=status,
        status_on=since,
    )
    life.add(referral, on)
    life.add(ReferralStatusChange(referral=referral, status=ReferralStatus.SEEN), seen)


def _request_equipment(dice: random.Random, life: Life, staff: Staff) -> None:
    """One request on its way through the stages, as far as it has come by today."""
    code = dice.choice(list(LEAD_TIMES))
    item = EquipmentItem(code=code)
    days_in_care = (TODAY - life.patient.enrolled_on).days
    on = life.patient.enrolled_on + timedelta(days=int(dice.triangular(0, days_in_care, days_in_care)))
    lead_time = LEAD_TIMES[code] * dice.lognormvariate(0, 0.45)
    reached = [
        (on + timedelta(days=round(lead_time * share)), stage)
        for share, stage in zip(SHARES, STAGES, strict=True)
    ]
    past = [(day, stage) for day, stage in reached if day <= TODAY]
    since, stage = past[-1] if past else (on, Stage.REQUESTED)
    request = EquipmentRequest(
        item=item,
        requested_by_id="physical_therapy",
        ordered_by_id=NEUROLOGY,
        fitted_by_id="occupational_therapy",
        stage=stage,
        stage_since=since,
        recorded_by=staff.seats["social_work"],
    )
    life.add(request, on)
    for day, stage in past:
        life.add(EquipmentStatusChange(request=request, status=stage), day)
    if lead_time > 14:
        call = on + timedelta(days=7)
        request.next_call_on = call + timedelta(days=7) if call <= TODAY else None
        life.add(VendorContact(request=request, next_call_on=request.next_call_on), call)
