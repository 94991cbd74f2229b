"""Taking back what was logged, and the mark on it."""

from datetime import UTC, date, datetime

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from assessments.services import log_assessment
from pathway import clock
from patients.services import assign_care_team, mark_entered_in_error
from teams.models import Discipline
from tests.factories import a_clinic, a_member, a_patient

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_march():
    with clock.set_to(datetime(2026, 3, 16, 12, tzinfo=UTC)):
        yield


def test_undo_pressed_twice_undoes_once():
    member, client = signed_in()
    review = a_review(member)
    url = reverse("pages:undo", args=["assessment", review.pk])

    client.post(url)
    client.post(url)

    review.refresh_from_db()
    assert review.void_reason == "Undone"


def test_taking_back_the_mark_twice_leaves_the_entry_standing():
    member, client = signed_in()
    review = a_review(member)
    mark_entered_in_error(fact=review, user=member, reason="Wrong person")
    url = reverse("pages:undo", args=["assessment", review.pk]) + "?restore=1"

    client.post(url)
    client.post(url)

    review.refresh_from_db()
    assert not review.is_voided


def test_a_seat_taken_again_meanwhile_is_not_given_twice():
    member, client = signed_in()
    patient = a_patient(member.memberships.get().clinic)
    first = a_seat(patient, member, on=date(2026, 3, 2))
    mark_entered_in_error(fact=first, user=member, reason="Later")
    a_seat(patient, member, on=date(2026, 3, 9))

    answer = client.post(reverse("pages:undo", args=["assignment", first.pk]) + "?restore=1")

    first.refresh_from_db()
    assert first.is_voided
    assert [str(each) for each in get_messages(answer.wsgi_request)] == ["They already have this seat then."]


def test_a_seat_nobody_took_meanwhile_is_given_back():
    member, client = signed_in()
    seat = a_seat(a_patient(member.memberships.get().clinic), member, on=date(2026, 3, 2))
    mark_entered_in_error(fact=seat, user=member, reason="Later")

    client.post(reverse("pages:undo", args=["assignment", seat.pk]) + "?restore=1")

    seat.refresh_from_db()
    assert not seat.is_voided


def signed_in():
    member, client = a_member(a_clinic(), "nutrition"), Client()
    client.force_login(member)
    return member, client


def a_seat(patient, member, *, on):
    discipline = Discipline.objects.get(pk="nutrition")
    return assign_care_team(patient_id=patient.pk, user=member, discipline=discipline, on=on, member=member)


def a_review(member):
    patient = a_patient(member.memberships.get().clinic)
    return log_assessment(
        patient_id=patient.pk,
        user=member,
        kind="nutrition_review",
        findings={"weight_g": 63_100},
        on=date(2026, 3, 14),
    )
