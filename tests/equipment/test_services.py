"""Requests move through stages, calls and loans are recorded, and mistakes are taken back."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from equipment import services
from equipment.models import EquipmentItem, EquipmentRequest, Payer, Stage
from pathway.chart import Chart
from patients.services import mark_entered_in_error, take_back_error_mark
from tests.factories import a_clinic, a_member, a_patient, a_request
from tests.worklist.records import at
from worklist.selectors.events import facts_of

pytestmark = pytest.mark.django_db

ON = date(2026, 3, 2)


def stage_of(request: EquipmentRequest) -> tuple[str, date]:
    request.refresh_from_db()
    return request.stage, request.stage_since


def test_a_request_takes_the_disciplines_usual_for_its_item() -> None:
    patient = a_patient(a_clinic())

    request = services.request_equipment(
        patient_id=patient.pk, user=None, item=EquipmentItem.objects.get(pk="bpap"), on=ON
    )

    assert (request.requested_by_id, request.ordered_by_id, request.fitted_by_id) == (
        "pulmonology",
        "neurology",
        "pulmonology",
    )
    assert stage_of(request) == ("requested", ON)


def test_a_payer_of_another_clinic_cannot_be_chosen() -> None:
    patient = a_patient(a_clinic())
    elsewhere = Payer.objects.create(clinic=a_clinic(), name="Demo Mutual")

    with pytest.raises(ValidationError) as refused:
        services.request_equipment(
            patient_id=patient.pk,
            user=None,
            item=EquipmentItem.objects.get(pk="bpap"),
            on=ON,
            payer=elsewhere,
        )

    assert refused.value.message_dict == {"payer": ["Choose one of this clinic."]}
    assert not EquipmentRequest.objects.exists()


def test_stages_may_be_skipped_and_repeated_and_a_repeat_resets_nothing() -> None:
    request = a_request(a_patient(a_clinic()))

    services.advance(request=request, user=None, status="submitted", on=date(2026, 3, 4))
    services.advance(request=request, user=None, status="submitted", on=date(2026, 3, 9))

    assert stage_of(request) == ("submitted", date(2026, 3, 4))


def test_a_stage_recorded_late_finds_its_place_in_the_history() -> None:
    request = a_request(a_patient(a_clinic()))
    services.advance(request=request, user=None, status="submitted", on=date(2026, 3, 9))

    services.advance(request=request, user=None, status="submitted", on=date(2026, 3, 4))
    services.advance(request=request, user=None, status="documented", on=date(2026, 3, 3))

    assert stage_of(request) == ("submitted", date(2026, 3, 4))


def test_marking_a_stage_entered_in_error_brings_back_the_one_before_and_back_again() -> None:
    request = a_request(a_patient(a_clinic()))
    services.advance(request=request, user=None, status="submitted", on=date(2026, 3, 4))
    denied = services.advance(
        request=request, user=None, status="denied", on=date(2026, 3, 9), reason="Letter."
    )

    mark_entered_in_error(fact=denied, user=None, reason="Another person's letter.")
    assert stage_of(request) == ("submitted", date(2026, 3, 4))

    take_back_error_mark(fact=denied, user=None)
    assert stage_of(request) == ("denied", date(2026, 3, 9))


@pytest.mark.parametrize("ended", ["in_use", "cancelled", "transferred"])
def test_an_ended_request_stays_ended(ended: str) -> None:
    request = a_request(a_patient(a_clinic()))
    services.advance(request=request, user=None, status=ended, on=date(2026, 3, 4), reason="Moved.")

    with pytest.raises(ValidationError, match="Mark that entered in error first"):
        services.advance(request=request, user=None, status="ordered", on=date(2026, 3, 9))
    services.advance(request=request, user=None, status=ended, on=date(2026, 3, 9), reason="Moved.")

    assert stage_of(request) == (ended, date(2026, 3, 4))


@pytest.mark.parametrize(
    ("stage", "asks"),
    [
        ("denied", "Enter the reason the payer gave."),
        ("cancelled", "Say why it is cancelled."),
        ("transferred", "Say who takes it over."),
    ],
)
def test_some_stages_are_not_reached_without_a_reason(stage: str, asks: str) -> None:
    request = a_request(a_patient(a_clinic()))

    with pytest.raises(ValidationError) as refused:
        services.advance(request=request, user=None, status=stage, on=date(2026, 3, 4), reason=" ")

    assert refused.value.message_dict == {"reason": [asks]}
    assert stage_of(request) == ("requested", date(2026, 3, 2))


def test_a_stage_before_the_end_may_be_recorded_late_but_the_end_not_before_a_later_stage() -> None:
    request = a_request(a_patient(a_clinic()))
    services.advance(request=request, user=None, status="in_use", on=date(2026, 3, 9))

    services.advance(request=request, user=None, status="delivered", on=date(2026, 3, 8))
    with pytest.raises(ValidationError, match="recorded as delivered on 8 Mar 2026"):
        services.advance(request=request, user=None, status="cancelled", on=date(2026, 3, 7), reason="Sold.")

    assert stage_of(request) == ("in_use", date(2026, 3, 9))


def test_after_correcting_a_mistaken_end_the_request_goes_on() -> None:
    request = a_request(a_patient(a_clinic()))
    cancelled = services.advance(
        request=request, user=None, status="cancelled", on=date(2026, 3, 4), reason="Sold."
    )
    mark_entered_in_error(fact=cancelled, user=None, reason="Wrong request.")

    services.advance(request=request, user=None, status="documented", on=date(2026, 3, 5))

    assert stage_of(request) == ("documented", date(2026, 3, 5))


def test_moving_a_request_that_somebody_else_moved_says_so_and_writes_nothing() -> None:
    request = a_request(a_patient(a_clinic()))
    services.advance(request=request, user=None, status="submitted", on=date(2026, 3, 4))

    with pytest.raises(services.RequestMovedError) as moved:
        services.advance(
            request=request, user=None, status="documented", on=date(2026, 3, 4), seen_stage="requested"
        )

    assert moved.value.request.stage == "submitted"
    assert request.changes.count() == 1


def test_payer_and_vendor_may_be_chosen_with_a_stage() -> None:
    patient = a_patient(a_clinic())
    request = a_request(patient)
    payer = Payer.objects.create(clinic=patient.clinic, name="Demo Mutual")

    services.advance(request=request, user=None, status="submitted", on=date(2026, 3, 4), payer=payer)

    request.refresh_from_db()
    assert (request.payer, request.vendor) == (payer, None)


def test_the_next_call_follows_the_latest_call() -> None:
    request = a_request(a_patient(a_clinic()))

    first = services.log_call(request=request, user=None, on=date(2026, 3, 4), next_call_on=date(2026, 3, 9))
    later = services.log_call(request=request, user=None, on=date(2026, 3, 6), next_call_on=date(2026, 3, 13))
    services.log_call(request=request, user=None, on=date(2026, 3, 5), next_call_on=date(2026, 3, 30))
    request.refresh_from_db()
    assert request.next_call_on == date(2026, 3, 13)

    mark_entered_in_error(fact=later, user=None, reason="Another request.")
    mark_entered_in_error(fact=request.contacts.get(happened_on=date(2026, 3, 5)), user=None, reason="Same.")
    request.refresh_from_db()
    assert request.next_call_on == first.next_call_on


def test_a_call_moves_no_stage_and_the_next_one_cannot_lie_before_it() -> None:
    request = a_request(a_patient(a_clinic()))

    with pytest.raises(ValidationError) as refused:
        services.log_call(request=request, user=None, on=date(2026, 3, 4), next_call_on=date(2026, 3, 3))

    assert refused.value.message_dict == {"next_call_on": ["Choose 4 Mar 2026 or a later day."]}
    assert stage_of(request) == ("requested", ON)


def test_a_loan_comes_back_once() -> None:
    request = a_request(a_patient(a_clinic()))
    user = a_member(request.patient.clinic, "social_work")
    loaner = services.lend(request=request, user=user, on=date(2026, 3, 4), item_lent="Transport chair")

    services.return_loaner(loaner=loaner, user=user, on=date(2026, 3, 20))

    assert (loaner.returned_on, loaner.returned_to) == (date(2026, 3, 20), user)
    with pytest.raises(ValidationError, match="not on loan any more"):
        services.return_loaner(loaner=loaner, user=user, on=date(2026, 3, 21))


def test_a_loan_cannot_come_back_before_it_was_lent() -> None:
    loaner = services.lend(
        request=a_request(a_patient(a_clinic())), user=None, on=date(2026, 3, 4), item_lent="Lift"
    )

    with pytest.raises(ValidationError) as refused:
        services.return_loaner(loaner=loaner, user=None, on=date(2026, 3, 3))

    assert refused.value.message_dict == {"returned_on": ["It was lent on 4 Mar 2026."]}


def test_nothing_is_recorded_about_a_request_entered_in_error() -> None:
    request = a_request(a_patient(a_clinic()))
    mark_entered_in_error(fact=request, user=None, reason="Wrong person.")

    with pytest.raises(ValidationError, match="entered in error"):
        services.log_call(request=request, user=None, on=date(2026, 3, 4))


stages = st.sampled_from([str(stage) for stage in Stage])
moves = st.lists(st.tuples(st.integers(1, 28), stages, st.booleans()), max_size=8)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=moves)
def test_the_stored_stage_is_the_one_the_rules_read(moves: list[tuple[int, str, bool]]) -> None:
    with at("2026-04-01"):
        patient = a_patient(a_clinic())
        request = a_request(patient)
        for day, stage, in_error in moves:
            try:
                change = services.advance(
                    request=request, user=None, status=stage, on=date(2026, 3, day), reason="Said."
                )
            except ValidationError:
                continue
            if in_error:
                mark_entered_in_error(fact=change, user=None, reason="Slip.")

    chart = Chart.known_on(facts_of([patient])[patient.pk], date(2027, 1, 1))

    (read,) = chart.equipment_requests
    assert stage_of(request) == (read.stage, read.stage_set_by.on)
