"""A clinic's first day moves, or has gone by; disciplines it does not have."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from alerts.models import Alert, Delivery
from alerts.services.sweep import sweep
from pathway import clock
from teams.models import Clinic, DefaultSeat, Role
from tests.factories import a_clinic, a_member, a_patient
from worklist.models import CareTask

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 4, 13, 13, tzinfo=UTC)
TODAY = date(2026, 4, 13)


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with clock.set_to(MONDAY):
        yield


def change(clinic: Clinic, **fields: object) -> dict[str, list[str]]:
    """Change a clinic in the admin, as its admin; returns what the form finds wrong."""
    admin = a_member(clinic, role=Role.ADMIN, name="Ada Min")
    client, url = Client(), reverse("admin:teams_clinic_change", args=[clinic.pk])
    client.force_login(admin)
    form = client.get(url).context["adminform"].form
    as_it_is = {bound.html_name: bound.value() for bound in form if bound.value() is not None}
    answer = client.post(url, as_it_is | fields)
    clinic.refresh_from_db()
    return {} if answer.status_code == 302 else dict(answer.context["adminform"].form.errors)


def overdue(clinic: Clinic) -> CareTask:
    """A first nutrition review that was overdue from 2 April."""
    patient = a_patient(clinic)
    sweep()
    return CareTask.objects.get(patient=patient, rule="NUTR-3M")


def is_catch_up(task: CareTask) -> bool:
    task.refresh_from_db()
    return task.catch_up


def test_work_overdue_before_the_first_day_was_set_becomes_catch_up_and_waits() -> None:
    clinic = a_clinic(live_on=None)
    task = overdue(clinic)
    before = is_catch_up(task)

    assert change(clinic, live_on="2026-04-13") == {}

    assert (before, is_catch_up(task)) == (False, True)
    assert Alert.objects.get(task=task).escalates_from == MONDAY + timedelta(days=30)


def test_without_a_first_day_it_is_ordinary_work_again_and_told_of() -> None:
    clinic = a_clinic(live_on=TODAY)
    a_member(clinic, "nutrition")
    task = overdue(clinic)
    before = is_catch_up(task), Delivery.objects.count()

    assert change(clinic, live_on="") == {}

    assert before == (True, 0)
    assert is_catch_up(task) is False
    assert Alert.objects.get(task=task).escalates_from == MONDAY
    assert Delivery.objects.filter(kind="digest").exists()


def test_moved_to_a_day_to_come_what_is_overdue_stays_catch_up() -> None:
    clinic = a_clinic(live_on=TODAY)
    task = overdue(clinic)

    assert change(clinic, live_on="2026-04-20") == {}

    assert (clinic.live_on, is_catch_up(task)) == (date(2026, 4, 20), True)


def test_a_day_that_has_gone_by_stays_and_the_form_says_why() -> None:
    clinic = a_clinic(live_on=TODAY - timedelta(days=1))

    errors = change(clinic, live_on="2026-04-20")

    assert errors == {
        "live_on": [
            "This clinic went live on 12 Apr 2026. That stays: what fell due since has been "
            "mailed and counted as ordinary work."
        ]
    }
    assert clinic.live_on == TODAY - timedelta(days=1)


def test_it_moves_to_no_day_gone_by() -> None:
    clinic = a_clinic(live_on=TODAY)

    assert change(clinic, live_on="2026-04-12") == {"live_on": ["Choose today or a later day."]}


def test_other_settings_change_after_the_first_day() -> None:
    clinic = a_clinic(live_on=date(2020, 1, 1))

    assert change(clinic, name="Riverside") == {}

    assert clinic.name == "Riverside"


def test_another_clinics_work_stays_as_it_is() -> None:
    ours, theirs = a_clinic(live_on=None), a_clinic(live_on=None)
    task = overdue(theirs)

    change(ours, live_on="2026-04-13")

    assert is_catch_up(task) is False


def test_a_seat_nobody_here_can_fill_is_asked_for_no_longer() -> None:
    clinic = a_clinic()
    for code in ("neurology", "pulmonology", "speech_language_pathology", "nutrition", "physical_therapy",
                 "occupational_therapy", "social_work", "palliative_care"):  # fmt: skip
        DefaultSeat.objects.create(clinic=clinic, discipline_id=code, outside_provider="The team")
    task = CareTask.objects.get(patient=overdue(clinic).patient, rule="TEAM-GAP")

    assert change(clinic, absent=["gastroenterology"]) == {}
    sweep()

    task.refresh_from_db()
    assert clinic.absent == ["gastroenterology"]
    assert task.close_reason == "not_applicable"

    assert change(clinic, absent=[]) == {}
    sweep()
    assert CareTask.objects.filter(patient=task.patient, rule="TEAM-GAP", closed_at=None).count() == 1


def test_a_discipline_with_a_default_seat_is_not_absent() -> None:
    clinic = a_clinic()
    DefaultSeat.objects.create(clinic=clinic, discipline_id="nutrition", outside_provider="The team")

    assert change(clinic, absent=["nutrition"]) == {
        "absent": ["These have a default seat; delete that first: Nutrition."]
    }


def test_nobody_sits_by_default_in_a_seat_the_clinic_does_not_have() -> None:
    clinic = a_clinic(absent=["nutrition"])
    client = Client()
    client.force_login(a_member(clinic, role=Role.ADMIN, name="Ada Min"))

    answer = client.post(
        reverse("admin:teams_defaultseat_add"),
        {"clinic": clinic.pk, "discipline": "nutrition", "outside_provider": "Lakeside"},
    )

    assert answer.context["adminform"].form.errors == {
        "discipline": ["The clinic says it does not have this discipline."]
    }


@pytest.mark.parametrize("live_on", ["2026-04-13", "2026-04-20"])
def test_imported_ahead_of_the_first_day_it_waits_thirty_days_from_then(live_on: str) -> None:
    clinic = a_clinic(live_on=date.fromisoformat(live_on))

    task = overdue(clinic)

    waits = timedelta(days=30) + (date.fromisoformat(live_on) - TODAY)
    assert Alert.objects.get(task=task).escalates_from == MONDAY + waits
