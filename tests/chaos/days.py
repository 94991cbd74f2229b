"""Run inside the product (``manage.py shell``): a clinic whose people have work that falls due on given days.

Arguments by environment: its name, and as JSON its time zone and for each address when that
colleague's digest goes out (empty: critical mail instead) and when each item of theirs is due,
a day or a moment. Afterwards it tells, as JSON, on which days alerts of each colleague opened.
"""

import json
import os
from collections import defaultdict
from datetime import date, datetime

from alerts.models import Alert
from patients.models import Patient
from patients.services import create_patient
from teams.models import Clinic, Membership, User
from worklist.models import CareTask, Severity
from worklist.services.own_tasks import add_task


def make(*, name: str, time_zone: str, people: dict[str, tuple[str, list[str]]]) -> None:
    """Each item is of its own patient, so that none is opened by what happens to another."""
    clinic = Clinic.objects.create(
        name=name, time_zone=time_zone, live_on="2020-01-01", open_days=list(range(7))
    )
    for email, (digest_at, items) in people.items():
        user = User(email=email, name=email.partition("@")[0])
        user.set_unusable_password()
        user.save()
        Membership.objects.create(
            user=user,
            clinic=clinic,
            email_digest=bool(digest_at),
            email_critical=not digest_at,
            digest_at=digest_at or None,
        )
        for due in items:
            add(someone(clinic), user, due, critical=not digest_at)


def someone(clinic: Clinic) -> Patient:
    """One more patient of the clinic."""
    return create_patient(
        clinic=clinic,
        user=None,
        mrn=f"D-{clinic.name}-{Patient.objects.count()}",
        given_name="Ruth",
        family_name="Alder",
        birth_on=date(1961, 6, 3),
        onset_region="lower_limb",
        enrolled_on=clinic.today(),
    )


def add(patient: Patient, owner: User, due: str, *, critical: bool) -> None:
    """An item overdue after a day, or from a moment on."""
    at = datetime.fromisoformat(due)
    task = add_task(
        patient=patient,
        user=owner,
        title="Call",
        due_on=at.date(),
        owner=owner,
        severity=Severity.CRITICAL if critical else Severity.ATTENTION,
    )
    if at.tzinfo:
        CareTask.objects.filter(pk=task.pk).update(alert_at=at, wake_at=at)


def tell(*, name: str) -> None:
    """On which days alerts opened, by colleague."""
    opened: dict[str, list[str]] = defaultdict(list)
    alerts = Alert.objects.filter(clinic__name=name, rule="").order_by("opens_on")
    for alert in alerts.select_related("task__owner"):
        assert alert.task.owner is not None
        opened[alert.task.owner.email].append(alert.opens_on.isoformat())
    print(json.dumps(opened))


if os.environ["CHAOS"] == "make":
    make(name=os.environ["CHAOS_NAME"], **json.loads(os.environ["CHAOS_PLAN"]))
else:
    tell(name=os.environ["CHAOS_NAME"])
