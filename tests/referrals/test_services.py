"""Referrals are placed, scheduled, seen or cancelled, and mistakes are taken back."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from patients.services import mark_entered_in_error, take_back_error_mark
from referrals import services
from referrals.models import Referral
from tests.factories import a_clinic, a_member, a_patient, a_referral

pytestmark = pytest.mark.django_db

ON = date(2026, 3, 2)


def standing(referral: Referral) -> tuple[str, date, date | None]:
    referral.refresh_from_db()
    return referral.status, referral.status_on, referral.appointment_on


def test_whoever_records_a_referral_placed_it() -> None:
    patient = a_patient(a_clinic())
    user = a_member(patient.clinic, "social_work")

    referral = a_referral(patient, user=user, provider="Lakeside Hospice")

    assert (referral.placed_by, referral.provider) == (user, "Lakeside Hospice")
    assert standing(referral) == ("sent", ON, None)


def test_a_referral_goes_from_sent_to_seen() -> None:
    referral = a_referral(a_patient(a_clinic()))

    services.schedule(referral=referral, user=None, on=date(2026, 3, 10), appointment_on=date(2026, 3, 27))
    assert standing(referral) == ("scheduled", date(2026, 3, 10), date(2026, 3, 27))

    services.mark_seen(referral=referral, user=None, on=date(2026, 3, 27))
    assert standing(referral) == ("seen", date(2026, 3, 27), None)


def test_an_appointment_may_be_moved() -> None:
    referral = a_referral(a_patient(a_clinic()))
    services.schedule(referral=referral, user=None, on=date(2026, 3, 10), appointment_on=date(2026, 3, 27))

    services.schedule(referral=referral, user=None, on=date(2026, 3, 20), appointment_on=date(2026, 4, 9))

    assert standing(referral) == ("scheduled", date(2026, 3, 10), date(2026, 4, 9))


def test_scheduled_needs_the_day_of_the_appointment() -> None:
    referral = a_referral(a_patient(a_clinic()))

    with pytest.raises(ValidationError) as refused:
        services.schedule(referral=referral, user=None, on=ON, appointment_on=None)

    assert refused.value.message_dict == {"appointment_on": ["Enter the day of the appointment."]}
    assert standing(referral) == ("sent", ON, None)


def test_a_cancellation_says_why_and_a_repeat_keeps_its_first_date() -> None:
    referral = a_referral(a_patient(a_clinic()))

    with pytest.raises(ValidationError) as refused:
        services.cancel(referral=referral, user=None, on=ON, reason=" ")
    services.cancel(referral=referral, user=None, on=date(2026, 3, 4), reason="Moved away")
    services.cancel(referral=referral, user=None, on=date(2026, 3, 9), reason="Again")

    assert refused.value.message_dict == {"reason": ["Say why it was cancelled."]}
    assert standing(referral) == ("cancelled", date(2026, 3, 4), None)


def test_an_ended_referral_stays_ended_until_that_is_corrected() -> None:
    referral = a_referral(a_patient(a_clinic()))
    seen = services.mark_seen(referral=referral, user=None, on=date(2026, 3, 9))

    with pytest.raises(ValidationError, match="recorded as seen"):
        services.cancel(referral=referral, user=None, on=date(2026, 3, 10), reason="Slip")

    mark_entered_in_error(fact=seen, user=None, reason="Another person")
    services.cancel(referral=referral, user=None, on=date(2026, 3, 10), reason="Moved away")
    assert standing(referral) == ("cancelled", date(2026, 3, 10), None)


def test_an_appointment_made_before_the_visit_may_be_recorded_late() -> None:
    referral = a_referral(a_patient(a_clinic()))
    services.mark_seen(referral=referral, user=None, on=date(2026, 3, 9))

    services.schedule(referral=referral, user=None, on=date(2026, 3, 4), appointment_on=date(2026, 3, 9))
    with pytest.raises(ValidationError, match="recorded as scheduled"):
        services.cancel(referral=referral, user=None, on=date(2026, 3, 3), reason="Slip")

    assert standing(referral) == ("seen", date(2026, 3, 9), None)


def test_an_update_entered_in_error_brings_back_the_status_before_and_back_again() -> None:
    referral = a_referral(a_patient(a_clinic()))
    change = services.schedule(
        referral=referral, user=None, on=date(2026, 3, 10), appointment_on=date(2026, 3, 27)
    )

    mark_entered_in_error(fact=change, user=None, reason="Another person")
    assert standing(referral) == ("sent", ON, None)

    take_back_error_mark(fact=change, user=None)
    assert standing(referral) == ("scheduled", date(2026, 3, 10), date(2026, 3, 27))


def test_updating_a_referral_that_somebody_else_updated_says_so_and_writes_nothing() -> None:
    referral = a_referral(a_patient(a_clinic()))
    services.mark_seen(referral=referral, user=None, on=date(2026, 3, 9))

    with pytest.raises(services.ReferralMovedError) as moved:
        services.mark_seen(referral=referral, user=None, on=date(2026, 3, 9), seen_status="sent")

    assert moved.value.referral.status == "seen"
    assert referral.changes.count() == 1


def test_nothing_is_recorded_about_a_referral_entered_in_error() -> None:
    referral = a_referral(a_patient(a_clinic()))
    mark_entered_in_error(fact=referral, user=None, reason="Wrong person")

    with pytest.raises(ValidationError, match="entered in error"):
        services.mark_seen(referral=referral, user=None, on=date(2026, 3, 9))
