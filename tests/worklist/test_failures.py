"""A chart that cannot be judged: what was recorded stays, the rest goes on, and it is tried again.

The failure is a row that a newer release wrote and this one cannot read.
"""

import pytest

from alerts.selectors.pending import pending
from alerts.services.sweep import sweep
from assessments.models import Assessment
from patients.models import Patient
from patients.services import assign_care_team, record_decline
from referrals.services import place_referral
from teams.models import Discipline
from tests.factories import a_clinic, a_member, a_patient
from tests.worklist.records import at, day, episodes, moment, requested, reviewed, task, tasks

pytestmark = pytest.mark.django_db

READABLE = {"weight_g": 70_000}
FROM_A_NEWER_RELEASE = {"weight_g": 70_000, "grip_kg": 12}


@pytest.fixture
def patient() -> Patient:
    """A person with a review of 20 Mar that this release cannot read."""
    with at("2026-03-02"):
        patient = a_patient(a_clinic())
    with at("2026-03-20"):
        review = reviewed(patient, "2026-03-20")
    Assessment.objects.filter(pk=review.pk).update(findings=FROM_A_NEWER_RELEASE)
    return patient


def mend() -> None:
    """Bring in the release that can read the row."""
    Assessment.objects.update(findings=READABLE)


def test_the_fact_is_kept_and_the_chart_says_it_is_recalculating(patient: Patient) -> None:
    with at("2026-03-25"):
        request = requested(patient, "2026-03-25")
    patient.refresh_from_db()
    assert request.stage == "requested"
    assert patient.is_recalculating
    assert patient.reconcile_failures == 1
    assert patient.reconcile_after == moment("2026-03-25 09:01")
    assert tasks(patient, "EQ-STAGE") == []


def test_it_is_tried_again_with_growing_pauses_and_holds_nobody_up(patient: Patient) -> None:
    with at("2026-03-25 09:00"):
        requested(patient, "2026-03-25")
        other = a_patient(patient.clinic, family_name="Birch")
        Patient.objects.filter(pk=other.pk).update(reconciled_version=0)
        assert sweep().reconciled == 1  # the other one; this one waits
        assert not pending().stale
    with at("2026-03-25 09:01"):
        assert sweep().reconciled == 1
        assert not pending().stale
    patient.refresh_from_db()
    assert (patient.reconcile_failures, patient.reconcile_after) == (2, moment("2026-03-25 09:03"))
    with at("2026-03-25 20:00"):
        for _failure in range(8):
            Patient.objects.filter(pk=patient.pk).update(reconcile_after=None)
            sweep()
    patient.refresh_from_db()
    assert patient.reconcile_after == moment("2026-03-25 21:00")  # never more than an hour


def test_one_failing_chart_does_not_spoil_the_batch_it_is_in(patient: Patient) -> None:
    with at("2026-03-25"):
        others = [a_patient(patient.clinic, family_name=name) for name in ("Birch", "Cedar")]
        Patient.objects.update(reconciled_version=0)
        sweep()
    patient.refresh_from_db()
    assert patient.is_recalculating
    assert not any(other.is_recalculating for other in Patient.objects.filter(pk__in=[o.pk for o in others]))


def test_mended_it_catches_up_by_itself(patient: Patient) -> None:
    with at("2026-03-25"):
        requested(patient, "2026-03-25")
    mend()
    with at("2026-03-25 09:02"):
        sweep()
    patient.refresh_from_db()
    assert not patient.is_recalculating
    assert (patient.reconcile_failures, patient.reconcile_after) == (0, None)
    assert task(patient, "EQ-STAGE").due_on == day("2026-03-28")


def test_a_day_that_came_is_not_tried_again_within_the_same_sweep(patient: Patient) -> None:
    """A failing chart whose re-offer day has come must not be taken up without end."""
    mend()
    with at("2026-03-25"):
        topic, offer = "nutrition_review", day("2026-04-20")
        record_decline(patient_id=patient.pk, user=None, topic=topic, on=day("2026-03-25"), reoffer_on=offer)
    Assessment.objects.update(findings=FROM_A_NEWER_RELEASE)
    with at("2026-04-20"):
        assert sweep().reconciled == 1
        assert not pending().stale
    patient.refresh_from_db()
    assert patient.reconcile_failures == 1
    assert patient.is_recalculating


def test_a_missed_day_judged_late_closes_no_alert_before_it_opened(patient: Patient) -> None:
    """While the chart fails, the alert of 2 Apr opens; the assignment of 1 Apr is judged on 7 Apr."""
    mend()
    nadia = a_member(patient.clinic, "social_work")
    with at("2026-03-25"):
        assign_care_team(
            patient_id=patient.pk,
            user=None,
            discipline=Discipline.objects.get(pk="social_work"),
            on=day("2026-04-01"),
            member=nadia,
        )
    Assessment.objects.update(findings=FROM_A_NEWER_RELEASE)
    with at("2026-04-03"):
        sweep()
        palliative = Discipline.objects.get(pk="palliative_care")
        place_referral(patient_id=patient.pk, user=None, discipline=palliative, on=day("2026-04-01"))
    assert episodes(patient, "PALL-REF") == [("PALL-REF", "2026-04-02", None, "")]
    mend()
    with at("2026-04-07"):
        sweep()
    assert episodes(patient, "PALL-REF") == [("PALL-REF", "2026-04-02", "2026-04-07", "satisfied")]
