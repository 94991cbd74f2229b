"""The board's rows: days against the limits of the rules, past a limit first."""

from datetime import UTC, date, datetime

import pytest
from pytest_django import DjangoAssertNumQueries

from equipment import selectors, services
from equipment.filters import RequestFilter
from equipment.models import Payer, Stage, Vendor
from equipment.selectors import LIMITED_STAGES, BoardCounts
from pathway import clock
from pathway.chart import Chart
from pathway.registry import rules
from patients.models import Patient
from patients.services import change_status, mark_entered_in_error
from teams.models import Clinic, User
from tests.factories import a_clinic, a_member, a_patient, a_request
from worklist.selectors.events import facts_of

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 12, 16, tzinfo=UTC)
TODAY = date(2026, 3, 12)


@pytest.fixture
def clinic() -> Clinic:
    return a_clinic()


@pytest.fixture
def user(clinic: Clinic) -> User:
    return a_member(clinic, "social_work")


def asked(patient: Patient, item: str, on: date, *moves: tuple[str, date]) -> None:
    with clock.set_to(NOON):
        request = a_request(patient, item, on=on)
        for status, day in moves:
            services.advance(request=request, user=None, status=status, on=day, reason="Said.")


def test_past_a_limit_comes_first_and_breathing_items_before_others(clinic: Clinic, user: User) -> None:
    patient = a_patient(clinic)
    asked(patient, "hospital_bed", date(2026, 3, 10))
    asked(patient, "feeding_pump", date(2026, 3, 6))
    asked(patient, "suction", date(2026, 3, 8))
    asked(patient, "bpap", date(2026, 3, 3), ("approved", date(2026, 3, 9)))
    asked(patient, "cough_assist", date(2026, 2, 24), ("submitted", date(2026, 3, 3)))

    with clock.set_to(NOON):
        rows = list(selectors.open_requests(user=user, clinic=clinic))

    shown = [
        (row.item_id, row.days_in_stage, row.stage_limit, row.days_in_all, row.target, row.is_late)
        for row in rows
    ]
    assert shown == [
        ("cough_assist", 9, 7, 16, 7, True),
        ("bpap", 3, 5, 9, 7, True),
        ("suction", 4, 3, 4, 7, True),
        ("feeding_pump", 6, 3, 6, 30, True),
        ("hospital_bed", 2, 3, 2, 14, False),
    ]


def test_the_clock_of_age_stops_at_delivery(clinic: Clinic, user: User) -> None:
    asked(a_patient(clinic), "suction", date(2026, 2, 24), ("delivered", date(2026, 3, 6)))

    with clock.set_to(NOON):
        (row,) = selectors.open_requests(user=user, clinic=clinic)

    assert (row.days_in_stage, row.stage_limit, row.days_in_all, row.target) == (6, 7, 10, 7)
    assert row.is_late is False


@pytest.mark.parametrize("item", ["bpap", "aac_device", "power_wheelchair", "home_modification", "ramp"])
def test_limits_are_those_of_the_rules(item: str, clinic: Clinic, user: User) -> None:
    patient = a_patient(clinic)
    limits, targets = rules()["EQ-STAGE"].parameters, rules()["EQ-AGE"].parameters
    for stage in LIMITED_STAGES:
        moves = () if stage is Stage.REQUESTED else ((stage.value, date(2026, 3, 3)),)
        asked(patient, item, date(2026, 3, 2), *moves)
    chart = Chart.known_on(facts_of([patient])[patient.pk], TODAY)
    read = {request.id: limits.limit(request) for request in chart.equipment_requests}

    with clock.set_to(NOON):
        rows = list(selectors.open_requests(user=user, clinic=clinic))

    assert {str(row.pk): row.stage_limit for row in rows} == read
    assert {row.target for row in rows} == {targets.by_item.get(item, targets.default)}


def test_on_the_limit_is_on_time_and_the_day_after_is_late(clinic: Clinic, user: User) -> None:
    asked(a_patient(clinic), "ramp", date(2026, 3, 2))

    late = []
    for day in (5, 6):
        with clock.set_to(datetime(2026, 3, day, 16, tzinfo=UTC)):
            (row,) = selectors.open_requests(user=user, clinic=clinic)
            late.append((row.days_in_stage, row.is_late))

    assert late == [(3, False), (4, True)]


def test_ended_requests_errors_and_people_no_longer_cared_for_are_left_out(
    clinic: Clinic, user: User
) -> None:
    patient, gone = a_patient(clinic), a_patient(clinic)
    asked(patient, "ramp", date(2026, 3, 2))
    for end in ("in_use", "cancelled", "transferred"):
        asked(patient, "cane", date(2026, 3, 2), (end, date(2026, 3, 3)))
    mark_entered_in_error(fact=a_request(patient, "walker"), user=None, reason="Wrong person")
    asked(gone, "walker", date(2026, 3, 2))
    change_status(patient_id=gone.pk, user=None, status="deceased", on=date(2026, 3, 9))

    rows = selectors.open_requests(user=user, clinic=clinic)

    assert [row.item_id for row in rows] == ["ramp"]


def test_other_clinics_see_nothing(clinic: Clinic) -> None:
    asked(a_patient(clinic), "ramp", date(2026, 3, 2))
    outsider = a_member(a_clinic(), "social_work")

    assert list(selectors.open_requests(user=outsider, clinic=clinic)) == []
    assert list(selectors.requests_open_to(outsider)) == []


def test_a_loan_shows_until_it_is_back(clinic: Clinic, user: User) -> None:
    request = a_request(a_patient(clinic))
    loaner = services.lend(request=request, user=user, on=date(2026, 3, 4), item_lent="Transport chair")

    lent = selectors.open_requests(user=user, clinic=clinic).get().lent
    out = list(selectors.loans_out(request=request))
    services.return_loaner(loaner=loaner, user=user, on=date(2026, 3, 9))

    assert (lent, out) == ("Transport chair", [loaner])
    assert selectors.open_requests(user=user, clinic=clinic).get().lent is None
    assert list(selectors.loans_out(request=request)) == []


def test_counts_and_filters_agree(clinic: Clinic, user: User) -> None:
    patient = a_patient(clinic)
    payer = Payer.objects.create(clinic=clinic, name="Demo Mutual")
    Vendor.objects.create(clinic=clinic, name="Flint Medical")
    with clock.set_to(NOON):
        a_request(patient, "suction", on=date(2026, 3, 2))
        bed = a_request(patient, "hospital_bed", on=date(2026, 3, 10), payer=payer)
        services.log_call(request=bed, user=user, on=TODAY, next_call_on=TODAY)
        lift = a_request(patient, "patient_lift", on=date(2026, 3, 1))
        services.advance(request=lift, user=user, status="denied", on=date(2026, 3, 10), reason="Letter.")
        services.log_call(request=lift, user=user, on=date(2026, 3, 10), next_call_on=date(2026, 3, 11))
        rows = selectors.open_requests(user=user, clinic=clinic)

        counts = selectors.counts(rows, today=TODAY)
        shown = {
            str(query): RequestFilter(query, queryset=rows, clinic=clinic).qs.count()
            for query in (
                {},
                {"show": "late"},
                {"show": "breathing"},
                {"show": "call"},
                {"show": "contested"},
                {"show": "nonsense"},
                {"payer": str(payer.pk)},
                {"payer": "99999999"},
                {"stage": "denied", "show": "call"},
            )
        }

    assert counts == BoardCounts(
        all=3, late=1, late_breathing=1, breathing=1, call_today=1, call_late=1, contested=1
    )
    assert list(shown.values()) == [3, 1, 1, 2, 1, 3, 1, 3, 1]


def test_each_stage_shows_its_first_cards_and_counts_the_rest(
    clinic: Clinic, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selectors, "CARDS_PER_STAGE", 2)
    patient = a_patient(clinic)
    for day in (2, 3, 4):
        asked(patient, "ramp", date(2026, 3, day))
    asked(patient, "cane", date(2026, 3, 2), ("ordered", date(2026, 3, 11)))

    with clock.set_to(NOON):
        rows = selectors.open_requests(user=user, clinic=clinic)
        shown = [(row.stage, row.happened_on.day, row.of_stage) for row in selectors.top_of_each_stage(rows)]

    assert shown == [("requested", 2, 3), ("requested", 3, 3), ("ordered", 2, 1)]


@pytest.mark.parametrize("people", [1, 3])
def test_the_rows_of_the_board_take_one_query(
    people: int, clinic: Clinic, user: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    payer = Payer.objects.create(clinic=clinic, name="Demo Mutual")
    for _ in range(people):
        request = a_request(a_patient(clinic), payer=payer)
        services.lend(request=request, user=None, on=date(2026, 3, 4), item_lent="Transport chair")

    with django_assert_num_queries(1):
        rows = list(selectors.top_of_each_stage(selectors.open_requests(user=user, clinic=clinic)))
        shown = [(str(row), str(row.patient), str(row.payer), row.vendor, row.lent) for row in rows]

    assert shown == [("Power wheelchair", "Ruth Alder", "Demo Mutual", None, "Transport chair")] * people
