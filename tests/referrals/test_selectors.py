"""The list of referrals: what is not moving first, counted by its own conditions."""

from datetime import UTC, date, datetime

import pytest
from pytest_django import DjangoAssertNumQueries

from pathway import clock
from patients.services import change_status, mark_entered_in_error
from referrals import selectors, services
from referrals.filters import ReferralFilter
from referrals.selectors import ReferralCounts
from teams.models import Clinic
from tests.factories import a_clinic, a_member, a_patient, a_referral

pytestmark = pytest.mark.django_db

TODAY = datetime(2026, 4, 1, 16, tzinfo=UTC)


def a_list(clinic: Clinic) -> None:
    """One referral of each sort; sent 2 Mar, so that an update is late from 17 Mar."""
    ruth = a_patient(clinic)
    a_referral(ruth, "gastroenterology")
    fresh = a_referral(ruth, "nutrition", on=date(2026, 3, 30))
    booked = a_referral(ruth, "neurology")
    services.schedule(referral=booked, user=None, on=date(2026, 3, 5), appointment_on=date(2026, 3, 20))
    seen = a_referral(ruth, "pulmonology")
    services.mark_seen(referral=seen, user=None, on=date(2026, 3, 9))
    wrong = a_referral(ruth, "physical_therapy")
    mark_entered_in_error(fact=wrong, user=None, reason="Wrong person")
    assert fresh.status == "sent"


def test_what_waits_longest_for_an_update_comes_first_and_what_has_ended_last() -> None:
    with clock.set_to(TODAY):
        clinic = a_clinic()
        a_list(clinic)
        rows = selectors.referrals_of_clinic(user=a_member(clinic, "social_work"), clinic=clinic)

        assert [(row.discipline_id, row.update_due_on) for row in rows] == [
            ("gastroenterology", date(2026, 3, 16)),
            ("neurology", date(2026, 3, 27)),
            ("nutrition", date(2026, 4, 13)),
            ("pulmonology", None),
        ]


def test_counts_and_filters_agree() -> None:
    with clock.set_to(TODAY):
        clinic = a_clinic()
        a_list(clinic)
        rows = selectors.referrals_of_clinic(user=a_member(clinic, "social_work"), clinic=clinic)

        counts = selectors.counts(rows, today=clinic.today())
        shown = {
            show: ReferralFilter({"show": show}, queryset=rows, clinic=clinic).qs.count()
            for show in ("stalled", "sent", "scheduled", "seen", "cancelled", "", "nonsense")
        }

    assert counts == ReferralCounts(stalled=2, sent=2, scheduled=1, seen=1, cancelled=0)
    assert shown == {"stalled": 2, "sent": 2, "scheduled": 1, "seen": 1, "cancelled": 0, "": 3, "nonsense": 3}


def test_the_last_day_for_an_update_is_on_time() -> None:
    clinic = a_clinic()
    user = a_member(clinic, "social_work")
    with clock.set_to(datetime(2026, 3, 20, 16, tzinfo=UTC)):
        a_referral(a_patient(clinic))
    rows = selectors.referrals_of_clinic(user=user, clinic=clinic)

    assert selectors.counts(rows, today=date(2026, 3, 16)).stalled == 0
    assert selectors.counts(rows, today=date(2026, 3, 17)).stalled == 1


def test_nobody_is_chased_about_people_no_longer_in_active_care() -> None:
    clinic = a_clinic()
    patient = a_patient(clinic)
    a_referral(patient)
    change_status(patient_id=patient.pk, user=None, status="hospice", on=date(2026, 3, 9))
    rows = selectors.referrals_of_clinic(user=a_member(clinic, "social_work"), clinic=clinic)

    assert selectors.counts(rows, today=date(2026, 6, 1)) == ReferralCounts(0, 1, 0, 0, 0)


def test_other_clinics_see_nothing() -> None:
    clinic = a_clinic()
    a_referral(a_patient(clinic))
    outsider = a_member(a_clinic(), "social_work")

    assert list(selectors.referrals_of_clinic(user=outsider, clinic=clinic)) == []


@pytest.mark.parametrize("people", [1, 3])
def test_the_list_takes_one_query(people: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    clinic = a_clinic()
    user = a_member(clinic, "social_work")
    for _ in range(people):
        a_referral(a_patient(clinic), user=user)

    with django_assert_num_queries(1):
        rows = list(selectors.referrals_of_clinic(user=user, clinic=clinic))
        shown = [(str(row.patient), str(row.discipline), str(row.placed_by)) for row in rows]

    assert shown == [("Ruth Alder", "Palliative care", "Nadia Wren")] * people
