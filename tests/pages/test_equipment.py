"""The board and the table of requests, and what is recorded about one where it stands."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from audit.models import ChartRead
from equipment import services
from equipment.models import EquipmentRequest, Payer, VendorContact
from pathway import clock
from patients.models import Patient
from patients.services import change_status
from teams.models import Clinic, User
from tests.factories import a_clinic, a_member, a_patient, a_request
from worklist.models import CareTask

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 12, 16, tzinfo=UTC)
TODAY = date(2026, 3, 12)
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _in_march() -> Iterator[None]:
    with clock.set_to(NOON):
        yield


@pytest.fixture
def clinic() -> Clinic:
    return a_clinic()


@pytest.fixture
def user(clinic: Clinic) -> User:
    return a_member(clinic, "social_work", name="Tom Finch")


@pytest.fixture
def client(user: User) -> Client:
    signed_in = Client()
    signed_in.force_login(user)
    return signed_in


@pytest.fixture
def patient(clinic: Clinic) -> Patient:
    return a_patient(clinic)


def page(client: Client, view: str, *args: object, query: str = "") -> str:
    return client.get(reverse(f"equipment:{view}", args=args) + query).content.decode()


def test_the_board_says_first_what_is_past_a_limit_and_shows_days_against_limits(
    client: Client, patient: Patient
) -> None:
    a_request(patient, "suction", on=date(2026, 3, 7))
    a_request(patient, "hospital_bed", on=date(2026, 3, 10))

    shown = page(client, "board")

    assert "<b>1</b> of <b>2</b> requests are past a limit, <b>1 of them a breathing item</b>." in shown
    assert '<b>5</b> of 3 days, <b class="al-over al-over--critical">2 over</b>' in shown
    assert shown.index("Suction machine") < shown.index("Hospital bed")


def test_the_board_has_six_columns_with_the_payer_stages_stacked(client: Client, patient: Patient) -> None:
    denied = a_request(patient, "patient_lift", on=date(2026, 2, 27))
    services.advance(request=denied, user=None, status="denied", on=date(2026, 3, 8), reason="Not needed")

    response = client.get(reverse("equipment:board"))

    columns = [(column.label, column.count, len(column.groups)) for column in response.context["columns"]]
    assert columns == [
        ("Requested", 0, 1),
        ("Documented", 0, 1),
        ("With the payer", 1, 3),
        ("Approved", 0, 1),
        ("Ordered", 0, 1),
        ("Delivered", 0, 1),
    ]
    assert "Denied 8 Mar 2026" in response.content.decode()


def test_a_stage_with_many_cards_leads_to_the_rest(client: Client, patient: Patient) -> None:
    for _ in range(5):
        a_request(patient, "ramp", on=date(2026, 3, 11))

    response = client.get(reverse("equipment:board"))

    group = response.context["columns"][0].groups[0]
    assert (len(group.cards), group.count, group.more.label) == (3, 5, "2 more within limits")
    assert len(client.get(group.more.url).context["cards"]) == 5


@pytest.mark.parametrize("people", [1, 3])
@pytest.mark.parametrize(("view", "queries"), [("board", 9), ("table", 10)])
def test_the_lists_take_the_same_queries_however_many_requests(
    view: str,
    queries: int,
    people: int,
    client: Client,
    clinic: Clinic,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    payer = Payer.objects.create(clinic=clinic, name="Demo Mutual")
    for _ in range(people):
        request = a_request(a_patient(clinic), payer=payer)
        services.lend(request=request, user=None, on=date(2026, 3, 4), item_lent="Transport chair")
    client.get(reverse("equipment:board"))  # the session is written on the first visit

    with django_assert_num_queries(queries):
        client.get(reverse(f"equipment:{view}"))


def test_every_person_shown_is_named_in_the_audit(client: Client, user: User, clinic: Clinic) -> None:
    shown, hidden = a_patient(clinic), a_patient(clinic)
    a_request(shown, "suction", on=date(2026, 3, 2))
    a_request(hidden, "ramp", on=TODAY)
    ChartRead.objects.all().delete()

    page(client, "table", query="?show=late")

    (read,) = ChartRead.objects.all()
    assert (read.user_id, read.clinic_id, read.patient_ids) == (user.pk, clinic.pk, [shown.pk])


@pytest.mark.parametrize(
    ("sort", "first"),
    [
        ("", "Suction machine"),
        ("?sort=severity", "Suction machine"),
        ("?sort=-severity", "Ramp"),
        ("?sort=item", "Hospital bed"),
        ("?sort=stage", "Suction machine"),
        ("?sort=-stage", "Ramp"),
        ("?sort=in_all", "Ramp"),
        ("?sort=next_call", "Ramp"),
        ("?sort=-next_call", "Ramp"),
        ("?sort=nonsense", "Suction machine"),
    ],
)
def test_the_table_can_be_sorted(sort: str, first: str, client: Client, patient: Patient) -> None:
    a_request(patient, "suction", on=date(2026, 3, 7))
    ordered = a_request(patient, "ramp", on=date(2026, 3, 2))
    services.advance(request=ordered, user=None, status="ordered", on=TODAY)
    services.log_call(request=ordered, user=None, on=TODAY, next_call_on=TODAY)
    a_request(patient, "hospital_bed", on=date(2026, 3, 10))

    cards = client.get(reverse("equipment:table") + sort).context["cards"]

    assert cards[0].item == first


def test_the_sorted_column_says_which_way_its_values_run(client: Client, patient: Patient) -> None:
    a_request(patient)

    def sorts(query: str) -> dict[str, str]:
        heads = client.get(reverse("equipment:table") + query).context["heads"]
        return {head.label: head.sort for head in heads if head.sort}

    assert sorts("") == {"Severity": "descending"}
    assert sorts("?sort=-severity") == {"Severity": "ascending"}
    assert sorts("?sort=item") == {"Item, patient": "ascending"}
    assert sorts("?sort=in_all") == {"Days in all, target": "descending"}


def test_an_empty_board_says_what_to_do_next(client: Client) -> None:
    shown = page(client, "board")

    assert "No equipment or service is on its way." in shown
    assert "Open a patient to request equipment or a service." in shown


def test_equipment_is_requested_for_a_patient(client: Client, patient: Patient, user: User) -> None:
    url = reverse("equipment:request", args=[patient.pk])

    refused = client.post(url, {"happened_on": "2026-03-12"})
    saved = client.post(url, {"item": "bpap", "happened_on": "2026-03-11", "backup_rate": "yes"})

    assert refused.status_code == 422
    assert "Item: Choose one." in refused.content.decode()
    request = EquipmentRequest.objects.get()
    assert (request.item_id, request.happened_on, request.backup_rate, request.recorded_by) == (
        "bpap",
        date(2026, 3, 11),
        True,
        user,
    )
    assert saved.headers["Location"] == reverse("pages:patient", args=[patient.pk])


def test_a_move_in_place_answers_with_the_card_and_a_way_back(client: Client, patient: Patient) -> None:
    request = a_request(patient, "suction", on=date(2026, 3, 7))
    url = reverse("equipment:advance", args=[request.pk]) + "?in=board"
    data = {"status": "documented", "happened_on": "2026-03-12", "version": "requested"}

    form = client.get(url, headers=HTMX).content.decode()
    moved = client.post(url, data, headers=HTMX).content.decode()

    assert f'hx-target="#card-{request.pk}"' in form
    assert moved.lstrip().startswith(f'<li id="card-{request.pk}"')
    assert "Suction machine moved to documented" in moved
    assert "<b>0</b> of 2 days" in moved

    (change,) = request.changes.all()
    undone = client.post(
        reverse("equipment:undo_move", args=[request.pk, change.pk]) + "?in=board", headers=HTMX
    ).content.decode()
    request.refresh_from_db()
    assert request.stage == "requested"
    assert "<b>5</b> of 3 days" in undone


def test_a_move_without_script_goes_back_to_the_list(client: Client, patient: Patient) -> None:
    request = a_request(patient)
    url = reverse("equipment:advance", args=[request.pk]) + "?in=table"

    saved = client.post(url, {"status": "documented", "happened_on": "2026-03-12"})

    assert (saved.status_code, saved.headers["Location"]) == (302, reverse("equipment:table"))
    request.refresh_from_db()
    assert request.stage == "documented"


def test_a_move_that_lost_the_race_is_told_and_keeps_what_was_typed(
    client: Client, patient: Patient, clinic: Clinic
) -> None:
    request = a_request(patient, "hospital_bed")
    other = a_member(clinic, "social_work", name="Maya Lark")
    services.advance(request=request, user=other, status="submitted", on=TODAY)
    url = reverse("equipment:advance", args=[request.pk]) + "?in=board"
    data = {"status": "documented", "happened_on": "2026-03-12", "reason": "Letter signed"}

    lost = client.post(url, data | {"version": "requested"}, headers=HTMX)
    shown = lost.content.decode()

    assert lost.status_code == 409
    assert "Maya Lark moved it to submitted" in shown
    assert 'value="Letter signed"' in shown
    assert '<option value="documented" selected>' in shown
    assert 'name="version" value="submitted"' in shown
    assert request.changes.count() == 1

    over = client.post(url, data | {"version": "submitted", "over": "1"}, headers=HTMX)
    request.refresh_from_db()
    assert (over.status_code, request.stage) == (200, "documented")


@pytest.mark.parametrize(
    ("status", "problem"),
    [
        ("denied", "Enter the reason the payer gave."),
        ("cancelled", "Say why it is cancelled."),
        ("transferred", "Say who takes it over."),
    ],
)
def test_some_stages_need_a_reason(status: str, problem: str, client: Client, patient: Patient) -> None:
    request = a_request(patient)

    answer = client.post(
        reverse("equipment:advance", args=[request.pk]), {"status": status, "happened_on": "2026-03-12"}
    )

    assert answer.status_code == 422
    assert problem in answer.content.decode()
    assert not request.changes.exists()


def test_a_stage_cannot_be_reached_before_the_request(client: Client, patient: Patient) -> None:
    request = a_request(patient)

    answer = client.post(
        reverse("equipment:advance", args=[request.pk]), {"status": "ordered", "happened_on": "2026-03-01"}
    )

    assert "That is before it was requested. Check the day." in answer.content.decode()


def test_a_call_is_logged_in_one_line(client: Client, patient: Patient, user: User) -> None:
    request = a_request(patient, "suction", on=date(2026, 3, 7))
    url = reverse("equipment:log_call", args=[request.pk]) + "?in=table"

    form = client.get(url, headers=HTMX).content.decode()
    refused = client.post(url, {"contact_with": "vendor"}, headers=HTMX)
    saved = client.post(
        url,
        {
            "person": "Intake desk",
            "contact_with": "payer",
            "note": "Missing the letter",
            "reference": "DEMO-4502",
            "next_call_on": "2026-03-13",
        },
        headers=HTMX,
    ).content.decode()

    assert "al-form--inline" in form
    assert "happened_on" not in form
    assert refused.status_code == 422
    call = VendorContact.objects.get()
    assert (call.person, call.contact_with, call.note, call.reference, call.next_call_on) == (
        "Intake desk",
        "payer",
        "Missing the letter",
        "DEMO-4502",
        date(2026, 3, 13),
    )
    assert (call.happened_on, call.recorded_by) == (TODAY, user)
    assert saved.lstrip().startswith(f'<tbody id="card-{request.pk}"')
    assert "Tomorrow" in saved


def test_a_call_of_an_earlier_day_is_logged_on_its_own_page(client: Client, patient: Patient) -> None:
    request = a_request(patient)

    client.post(
        reverse("equipment:log_call", args=[request.pk]),
        {"contact_with": "vendor", "note": "On its way", "happened_on": "2026-03-10"},
    )

    assert VendorContact.objects.get().happened_on == date(2026, 3, 10)


def test_from_my_work_the_logged_line_takes_the_place_of_the_task(client: Client, patient: Patient) -> None:
    request = a_request(patient, "suction", on=date(2026, 3, 7))
    task = CareTask.objects.get(rule="EQ-STAGE", subject=str(request.pk), closed_at__isnull=True)
    url = reverse("equipment:advance", args=[request.pk]) + f"?task={task.pk}"

    moved = client.post(url, {"status": "documented", "happened_on": "2026-03-12"}, headers=HTMX)

    shown = moved.content.decode()
    assert f'id="task-{task.pk}"' in shown
    assert "Suction machine moved to documented" in shown


def test_a_loan_is_recorded_and_taken_back(client: Client, patient: Patient, user: User) -> None:
    request = a_request(patient)
    lent = client.post(
        reverse("equipment:lend", args=[request.pk]) + "?in=board",
        {"item_lent": "Transport chair", "happened_on": "2026-03-04"},
        headers=HTMX,
    ).content.decode()
    loaner = request.loaners.get()
    url = reverse("equipment:return_loaner", args=[loaner.pk])

    early = client.post(url, {"happened_on": "2026-03-03"})
    back = client.post(url, {"happened_on": "2026-03-11"})

    loaner.refresh_from_db()
    assert "Transport chair on loan" in lent
    assert "It was lent on 4 Mar 2026." in early.content.decode()
    assert (loaner.returned_on, loaner.returned_to) == (date(2026, 3, 11), user)
    assert back.headers["Location"] == reverse("equipment:detail", args=[request.pk])


def test_a_request_tells_its_own_history_only(client: Client, patient: Patient) -> None:
    request = a_request(patient, "suction", on=date(2026, 3, 7))
    services.log_call(request=request, user=None, on=TODAY, note="On its way")
    services.lend(request=request, user=None, on=TODAY, item_lent="Spare suction unit")
    a_request(patient, "ramp", on=date(2026, 3, 7))

    shown = page(client, "detail", request.pk)

    assert "Suction machine stalled" in shown
    assert "On its way." in shown
    assert "Record return" in shown
    assert "Ramp" not in shown


def test_an_ended_request_shows_no_clock(client: Client, patient: Patient) -> None:
    request = a_request(patient)
    services.advance(request=request, user=None, status="in_use", on=TODAY)

    shown = page(client, "detail", request.pk)

    assert "<b>In use</b> since 12 Mar 2026." in shown
    assert "al-meter" not in shown


def test_requests_of_people_who_left_are_not_on_the_board(client: Client, patient: Patient) -> None:
    a_request(patient)
    change_status(patient_id=patient.pk, user=None, status="discharged", on=date(2026, 3, 9))

    assert "Power wheelchair" not in page(client, "board")
