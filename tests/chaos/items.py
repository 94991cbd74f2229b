"""Run inside the product (``manage.py shell``): people with one critical item each, due one after another.

Arguments by environment: a name, how many items, over how many seconds, from how many seconds from now.
Or clinics to visit, each with a review and a request that are overdue, and what became of them.
What it prints is JSON: for the items, each address and the moment its item is due.
"""

import json
import os
from datetime import timedelta

from alerts.models import Alert, Delivery
from alerts.services.sweep import sweep
from assessments.models import Assessment
from equipment.models import EquipmentItem, VendorContact
from equipment.services import advance, request_equipment
from pathway import clock
from patients.services import create_patient
from teams.models import Clinic, Discipline, Membership, Role, User
from worklist.models import CareTask, Severity
from worklist.services.own_tasks import add_task


def make(*, name: str, number: int, seconds: float, ahead: float) -> None:
    """Each item belongs to a colleague of its own, so that an address names an item."""
    clinic = Clinic.objects.create(name=name, live_on="2020-01-01")
    today = clinic.today()
    people = max(10, number // 10)
    patients = [
        create_patient(
            clinic=clinic,
            user=None,
            mrn=f"D-{each}",
            given_name="Ruth",
            family_name="Alder",
            birth_on="1961-06-03",
            onset_region="lower_limb",
            enrolled_on=today,
        )
        for each in range(people)
    ]
    for item in range(number):
        user = User(email=f"{name}{item}@example.org", name=f"Item {item}")
        user.set_unusable_password()
        user.save()
        Membership.objects.create(user=user, clinic=clinic, email_digest=False)
        add_task(
            patient=patients[item % people],
            user=user,
            title="Call",
            due_on=today,
            owner=user,
            severity=Severity.CRITICAL,
        )
    start = clock.now() + timedelta(seconds=ahead)
    due: dict[str, float] = {}
    tasks = CareTask.objects.filter(rule="", clinic=clinic).order_by("opened_at").select_related("owner")
    for item, task in enumerate(tasks):
        at = start + timedelta(seconds=seconds * item / number)
        CareTask.objects.filter(pk=task.pk).update(alert_at=at, wake_at=at)
        assert task.owner is not None
        due[task.owner.email] = at.timestamp()
    print(json.dumps(due))


def clinic_to_visit(*, name: str) -> dict[str, object]:
    """Somebody joined 60 days ago; since then nothing was logged and a wheelchair stands with the payer."""
    clinic = Clinic.objects.create(name=name, live_on="2020-01-01")
    email, password = f"{name}@example.org", "harbor chaos clinic"
    user = User.objects.create_user(email, password, name="Nadia Wren")
    member = Membership.objects.create(
        user=user, clinic=clinic, role=Role.COORDINATOR, email_digest=False, email_critical=False
    )
    member.disciplines.set(Discipline.objects.all())
    with clock.set_to(clock.now() - timedelta(days=60)):
        patient = create_patient(
            clinic=clinic,
            user=None,
            mrn="D-1",
            given_name="Ruth",
            family_name="Alder",
            birth_on="1961-06-03",
            onset_region="lower_limb",
            enrolled_on=clinic.today(),
        )
        item = EquipmentItem.objects.get(pk="power_wheelchair")
        request = request_equipment(patient_id=patient.pk, user=user, item=item, on=clinic.today())
        advance(request=request, user=user, status="submitted", on=clinic.today())
    sweep()
    tasks = CareTask.objects.filter(patient=patient, closed_at__isnull=True)
    return {
        "email": email,
        "password": password,
        "patient": patient.pk,
        "review": tasks.get(rule="NUTR-3M").pk,
        "stalled": tasks.get(rule="EQ-STAGE").pk,
        "today": clinic.today().isoformat(),
        "later": (clinic.today() + timedelta(days=30)).isoformat(),
    }


def visited(*, name: str) -> dict[str, object]:
    """What a clinic visited holds in the end."""
    of = {"patient__clinic__name": name}
    added = CareTask.objects.filter(rule="", title__startswith="Call ", **of)
    return {
        "reviews": Assessment.objects.filter(kind="nutrition_review", **of).count(),
        "calls": VendorContact.objects.filter(**of).count(),
        "alert": Alert.objects.get(rule="NUTR-3M", **of).close_reason,
        "added": sorted(added.values_list("title", flat=True)),
        "open": added.filter(closed_at__isnull=True).count(),
    }


def report() -> None:
    """What the database holds in the end."""
    own = Alert.objects.filter(rule="")
    counts = {
        "alerts": own.count(),
        "tasks alerted": own.values("task").distinct().count(),
        "waiting": Delivery.objects.filter(kind="critical", state="waiting").count(),
        "rows": Delivery.objects.filter(kind="critical").count(),
    }
    print(json.dumps(counts))


if os.environ["CHAOS"] == "make":
    make(
        name=os.environ["CHAOS_NAME"],
        number=int(os.environ["CHAOS_ITEMS"]),
        seconds=float(os.environ["CHAOS_SECONDS"]),
        ahead=float(os.environ["CHAOS_AHEAD"]),
    )
elif os.environ["CHAOS"] == "open":
    print(json.dumps([clinic_to_visit(name=name) for name in os.environ["CHAOS_NAMES"].split()], default=str))
elif os.environ["CHAOS"] == "visited":
    print(json.dumps([visited(name=name) for name in os.environ["CHAOS_NAMES"].split()]))
else:
    report()
