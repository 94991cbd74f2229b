"""Run inside the product (``manage.py shell``): people with one critical item each, due one after another.

Arguments by environment: a name, how many items, over how many seconds, from how many seconds from now.
"""

import json
import os
from datetime import timedelta

from alerts.models import Alert, Delivery
from pathway import clock
from patients.services import create_patient
from teams.models import Clinic, Membership, User
from worklist.models import CareTask, Severity
from worklist.services.own_tasks import add_task


def make(*, name: str, number: int, seconds: float, ahead: float) -> None:
    """Each item belongs to a colleague of its own, so that an address names an item."""
    clinic = Clinic.objects.create(name=name, live_on="2020-01-01")
    today = clinic.today()
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
        for each in range(10)
    ]
    for item in range(number):
        user = User(email=f"{name}{item}@example.org", name=f"Item {item}")
        user.set_unusable_password()
        user.save()
        Membership.objects.create(user=user, clinic=clinic, email_digest=False)
        add_task(
            patient=patients[item % 10],
            user=user,
            title="Call",
            due_on=today,
            owner=user,
            severity=Severity.CRITICAL,
        )
    start = clock.now() + timedelta(seconds=ahead)
    for item, task in enumerate(CareTask.objects.filter(rule="", clinic=clinic).order_by("opened_at")):
        at = start + timedelta(seconds=seconds * item / number)
        CareTask.objects.filter(pk=task.pk).update(alert_at=at, wake_at=at)


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
else:
    report()
