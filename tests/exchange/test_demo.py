"""The demo clinic as people find it when they sign in.

Loading it takes seconds, so that all which is promised of it is looked at after one load,
each promise in a subtest of its own, undone afterwards.
"""

from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from alerts.models import Alert, Delivery
from exchange.demo import DEMO_ACCOUNTS, DEMO_PASSWORD
from exchange.services.demo import load_demo
from pathway.registry import rules
from patients.models import Patient
from teams.models import Clinic, DefaultSeat, Discipline, Membership, User
from tests.pathway.build import USUAL
from worklist.models import CareTask
from worklist.selectors.tasks import Horizon, counts, tasks_of_member, worst_first

Promise = Callable[[Clinic], None]
PROMISES: list[Promise] = []


def promised(check: Promise) -> Promise:
    """Look at this after the demo was loaded."""
    PROMISES.append(check)
    return check


def membership(key: str) -> Membership:
    """The membership of a demo account."""
    email = next(account.email for account in DEMO_ACCOUNTS if account.key == key)
    return Membership.objects.get(user__email=email)


@promised
def a_social_worker_sees_the_stalled_wheelchair_first(clinic: Clinic) -> None:
    first = worst_first(tasks_of_member(membership=membership("tom"))).first()

    assert first is not None
    assert (first.rule, str(first.patient)) == ("EQ-STAGE", "Ruth Alder")
    assert first.alerts.filter(closed_at__isnull=True).count() == 1


def open_alerts() -> QuerySet[Alert]:
    """Open alerts of rules."""
    return Alert.objects.filter(closed_at__isnull=True).exclude(rule="").select_related("task__patient")


@promised
def every_rule_is_open_and_at_the_severities_it_can_have(clinic: Clinic) -> None:
    found: dict[str, set[int]] = {}
    for alert in open_alerts():
        found.setdefault(alert.rule, set()).add(alert.task.severity)

    assert set(found) == USUAL
    assert set().union(*found.values()) == {1, 2, 3}
    several = {rule for rule, severities in found.items() if len(severities) >= 2}
    can_vary = {code for code, rule in rules().items() if code in USUAL and len(rule.severities) >= 2}
    assert several >= can_vary


@promised
def every_open_alert_is_explained(clinic: Clinic) -> None:
    client = Client()
    client.force_login(membership("marcus").user)

    for alert in open_alerts():
        page = client.get(reverse("pages:why", args=[alert.task_id]))
        text, why = page.content.decode(), page.context["why"]
        assert "%(" not in text
        assert alert.rule in text
        assert (why.patient_name, bool(why.sources), bool(why.closes)) == (
            str(alert.task.patient),
            True,
            True,
        )
        assert all(line.term for line in why.lines)
        assert len(why.facts) == len(set(alert.task.evidence))


@promised
def everybodys_work_stays_within_a_page(clinic: Clinic) -> None:
    today = clinic.today()
    overdue = {
        account.key: counts(tasks_of_member(membership=membership(account.key)), today=today)[Horizon.OVERDUE]
        for account in DEMO_ACCOUNTS
    }

    assert max(overdue.values()) <= 12
    busy = ("tom", "nadia", "marcus", "ilse", "amir", "edith", "asha", "maya")
    assert all(overdue[key] >= 4 for key in busy)


@promised
def alerts_opened_and_closed_on_the_days_they_would_have(clinic: Clinic) -> None:
    alerts = Alert.objects.filter(clinic=clinic)

    assert alerts.filter(task__catch_up=True).count() == 0
    assert len(set(alerts.values_list("opens_on", flat=True))) > 40
    assert alerts.filter(closed_at__isnull=False).count() > 50
    assert {"satisfied", "declined", ""} <= set(alerts.values_list("close_reason", flat=True))


@promised
def work_is_there_in_every_state(clinic: Clinic) -> None:
    tasks = CareTask.objects.filter(clinic=clinic, closed_at__isnull=True)
    today = clinic.today()

    assert tasks.filter(planned_on__isnull=False).count() == 2
    assert tasks.filter(offer_again=True).count() >= 2
    assert tasks.filter(rule="", due_on__lt=today).count() >= 1
    assert tasks.filter(rule="", due_on__gte=today).count() >= 4
    assert tasks.filter(assigned_by__isnull=False).count() >= 4
    assert set(CareTask.objects.filter(rule="").values_list("close_reason", flat=True)) == {"", "done"}
    assert set(Patient.objects.values_list("status", flat=True)) == {
        "active",
        "hospice",
        "discharged",
        "deceased",
    }
    assert not any(patient.is_recalculating for patient in Patient.objects.all())


@promised
def every_discipline_has_its_account_and_seat(clinic: Clinic) -> None:
    core = set(Discipline.objects.filter(is_core=True))

    assert {
        discipline for member in Membership.objects.all() for discipline in member.disciplines.all()
    } == core
    assert set(DefaultSeat.objects.filter(clinic=clinic).values_list("discipline", flat=True)) == {
        each.pk for each in core
    }
    assert set(Membership.objects.values_list("role", flat=True)) == {
        "member",
        "coordinator",
        "lead",
        "admin",
    }


@promised
def the_accounts_sign_in(clinic: Clinic) -> None:
    for account in DEMO_ACCOUNTS[:2]:
        user: Any = authenticate(username=account.email, password=DEMO_PASSWORD)
        assert user.name == account.name


@promised
def one_digest_waits_for_each_person_at_most(clinic: Clinic) -> None:
    waiting = Delivery.objects.filter(state="waiting", kind="digest").values_list("recipient", flat=True)

    assert len(waiting) == len(set(waiting)) > 0


@promised
def it_is_loaded_once(clinic: Clinic) -> None:
    out = StringIO()

    call_command("load_demo", stdout=out)

    assert out.getvalue() == "There is a clinic already; nothing was loaded.\n"
    assert Clinic.objects.count() == 1


@promised
def the_accounts_and_what_is_overdue_are_printed(clinic: Clinic) -> None:
    accounts, summary = StringIO(), StringIO()

    call_command("demo_accounts", stdout=accounts)
    call_command("overdue_summary", stdout=summary)

    assert DEMO_PASSWORD in accounts.getvalue().splitlines()[0]
    assert len(accounts.getvalue().splitlines()) == 1 + len(DEMO_ACCOUNTS)
    first, *rows = summary.getvalue().splitlines()
    total = sum(int(row.split(",")[0].split()[-1]) for row in rows)
    assert first == f"Harbor ALS Clinic: {total} overdue"


@pytest.mark.django_db
def test_the_demo_is_as_promised(settings: Settings, subtests: pytest.Subtests) -> None:
    settings.AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    clinic = load_demo()
    assert clinic is not None

    for check in PROMISES:
        with subtests.test(check.__name__), transaction.atomic():
            check(clinic)
            transaction.set_rollback(True)


@pytest.mark.django_db
def test_without_a_demo_there_are_no_accounts_with_a_known_password(settings: Settings) -> None:
    settings.DEMO = False
    out = StringIO()

    with pytest.raises(CommandError, match="known password"):
        call_command("load_demo")
    call_command("demo_accounts", stdout=out)

    assert (out.getvalue(), User.objects.filter(email__endswith="@harbor.example").exists()) == ("", False)
