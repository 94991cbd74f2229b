"""Colleagues who are away: their work, emails and escalations reach their deputy too."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from alerts.models import Escalation
from alerts.selectors.inbox import alerts_of_member, bell
from alerts.services.sweep import sweep
from teams.models import Clinic, Membership, User
from teams.services.people import set_away
from tests.alerts.outbox import waiting
from tests.factories import a_clinic, a_member, a_patient
from tests.worklist.records import at, day
from worklist.models import CareTask, Severity
from worklist.selectors.tasks import tasks_of_member
from worklist.services.own_tasks import add_task

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinic() -> Clinic:
    return a_clinic()


def member_of(user: User) -> Membership:
    """The membership as a request would read it, anew."""
    return Membership.objects.select_related("clinic", "user").get(user=user)


def away(user: User, deputy: User, first: str = "2026-03-03", last: str | None = "2026-03-06") -> None:
    set_away(
        membership_id=member_of(user).pk,
        away_from=day(first),
        away_until=day(last) if last else None,
        deputy=deputy,
    )


def overdue(clinic: Clinic, owner: User, severity: Severity = Severity.ATTENTION) -> CareTask:
    """The only work of a new person: overdue from Wednesday 4 Mar 2026."""
    with at("2026-03-02"):
        patient = a_patient(clinic)
        made = add_task(
            patient=patient,
            user=owner,
            title="Call",
            due_on=day("2026-03-03"),
            owner=owner,
            severity=severity,
        )
        CareTask.objects.exclude(rule="").update(wake_at=None, rises_at=None)
    return made


@pytest.mark.parametrize(
    ("on", "last", "sees"),
    [
        ("2026-03-02 23:59", "2026-03-06", False),
        ("2026-03-03 00:00", "2026-03-06", True),
        ("2026-03-06 23:59", "2026-03-06", True),
        ("2026-03-07 00:00", "2026-03-06", False),
        ("2026-06-07 00:00", None, True),
    ],
)
def test_the_deputy_has_the_work_from_the_first_to_the_last_day(
    clinic: Clinic, on: str, last: str | None, sees: bool
) -> None:
    vera, olu = a_member(clinic, name="Vera Sung"), a_member(clinic, name="Olu Stone")
    made = overdue(clinic, vera)
    away(vera, olu, last=last)
    with at(on):
        assert tasks_of_member(membership=member_of(olu)).filter(pk=made.pk).exists() is sees
        assert tasks_of_member(membership=member_of(vera)).filter(pk=made.pk).exists()


def test_queues_of_whoever_is_away_are_the_deputys_too(clinic: Clinic) -> None:
    nadia = a_member(clinic, "nutrition", name="Nadia Wren")
    olu = a_member(clinic, "speech_language", name="Olu Stone")
    with at("2026-03-02"):
        a_patient(clinic)
        CareTask.objects.filter(rule="NUTR-3M").update(owner=None)
        away(nadia, olu)
    with at("2026-03-04"):
        rules = set(tasks_of_member(membership=member_of(olu)).values_list("discipline", flat=True))
    assert rules == {"nutrition"}


def test_alerts_bell_and_emails_reach_both(clinic: Clinic) -> None:
    vera, olu = a_member(clinic, name="Vera Sung"), a_member(clinic, name="Olu Stone")
    overdue(clinic, vera, Severity.CRITICAL)
    away(vera, olu)
    with at("2026-03-04 00:00"):
        sweep()
        assert [bell(membership=member_of(who)) for who in (vera, olu)] == [(1, 1), (1, 1)]
    assert [name for name, _at in waiting("critical")] == ["Olu Stone", "Vera Sung"]
    assert {name for name, _at in waiting("digest")} == {"Olu Stone", "Vera Sung"}


def test_who_is_back_has_no_deputy_any_more(clinic: Clinic) -> None:
    vera, olu = a_member(clinic, name="Vera Sung"), a_member(clinic, name="Olu Stone")
    overdue(clinic, vera)
    away(vera, olu, "2026-02-23", "2026-03-03")
    with at("2026-03-04 00:00"):
        sweep()
        assert bell(membership=member_of(olu)) == (0, 0)
    assert {name for name, _at in waiting("digest")} == {"Vera Sung"}


def test_what_comes_to_a_coordinator_who_is_away_comes_to_the_deputy_too(clinic: Clinic) -> None:
    vera, olu = a_member(clinic, name="Vera Sung"), a_member(clinic, name="Olu Stone")
    maya = a_member(clinic, role="coordinator", name="Maya Quill")
    overdue(clinic, vera)
    away(maya, olu, "2026-03-09", "2026-03-13")
    for on in ("2026-03-04", "2026-03-11"):
        with at(f"{on} 00:00"):
            sweep()
    assert sorted(user.name for user in Escalation.objects.get().told.all()) == ["Maya Quill", "Olu Stone"]
    with at("2026-03-11"):
        [alert] = alerts_of_member(membership=member_of(olu)).filter(rule="")
        assert alert.escalated == 1
        assert bell(membership=member_of(olu))[0] >= 1
    with at("2026-03-14"):
        assert not alerts_of_member(membership=member_of(olu)).exists()


def test_a_deputy_who_left_stands_in_for_nobody(clinic: Clinic) -> None:
    vera, olu = a_member(clinic, name="Vera Sung"), a_member(clinic, name="Olu Stone")
    overdue(clinic, vera)
    away(vera, olu)
    Membership.objects.filter(user=olu).update(is_active=False)
    with at("2026-03-04 00:00"):
        sweep()
    assert {name for name, _at in waiting("digest")} == {"Vera Sung"}


@pytest.mark.parametrize(
    ("first", "last", "named", "field"),
    [
        ("2026-03-03", "2026-03-02", True, "away_until"),
        ("2026-03-03", "2026-03-06", False, "deputy"),
        (None, "2026-03-06", True, "away_from"),
    ],
)
def test_days_in_order_and_a_deputy_are_needed(
    clinic: Clinic, first: str | None, last: str, named: bool, field: str
) -> None:
    vera, olu = a_member(clinic, name="Vera Sung"), a_member(clinic, name="Olu Stone")
    with pytest.raises(ValidationError) as wrong:
        set_away(
            membership_id=member_of(vera).pk,
            away_from=day(first) if first else None,
            away_until=day(last),
            deputy=olu if named else None,
        )
    assert set(wrong.value.message_dict) == {field}


def test_nobody_of_another_clinic_and_not_oneself(clinic: Clinic) -> None:
    vera, other = a_member(clinic, name="Vera Sung"), a_member(a_clinic(), name="Olu Stone")
    for deputy in (vera, other):
        with pytest.raises(ValidationError):
            away(vera, deputy)


def test_one_sets_it_oneself(clinic: Clinic) -> None:
    vera, olu = a_member(clinic, name="Vera Sung"), a_member(clinic, name="Olu Stone")
    made = overdue(clinic, vera)
    client, deputy = Client(), Client()
    client.force_login(vera)
    deputy.force_login(olu)
    with at("2026-03-03"):
        wrong = client.post(reverse("pages:away"), {"away_from": "2026-03-03"})
        client.post(reverse("pages:away"), {"away_from": "2026-03-03", "deputy": str(olu.pk)})
        page = deputy.get(reverse("pages:my_work"))
    assert wrong.status_code == 422
    assert "Name a deputy for the time away." in wrong.content.decode()
    assert [row.task_id for person in page.context["people"] for row in person.rows] == [str(made.pk)]
