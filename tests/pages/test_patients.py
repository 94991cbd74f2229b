"""The list of patients, and the search from every page."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from alerts.services.sweep import sweep
from audit.models import ChartRead
from pages.rows import State
from pages.views import patients as views
from pathway import clock
from patients.services import change_status
from tests.factories import a_clinic, a_member, a_patient, a_request, signed_in

pytestmark = pytest.mark.django_db

MORNING = datetime(2026, 4, 14, 13, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _in_april():
    with clock.set_to(MORNING):
        yield


def names(response):
    return [row.name for row in response.context["patients"]]


def test_lists_the_active_people_of_the_clinic_by_family_name():
    clinic = a_clinic()
    member = a_member(clinic)
    a_patient(clinic, given_name="Joseph", family_name="Elm")
    a_patient(clinic, given_name="Ruth", family_name="Alder")
    hospice = a_patient(clinic, given_name="Nora", family_name="Aspen")
    change_status(patient_id=hospice.pk, user=member, status="hospice", on=date(2026, 4, 1))
    a_patient(a_clinic(), given_name="Leon", family_name="Cypress")

    page = signed_in(member).get(reverse("pages:patients"))

    assert names(page) == ["Ruth Alder", "Joseph Elm"]
    assert page.context["lead"] == "<b>3 people in care</b>, 1 of them in hospice."
    assert [(pill.label, pill.count, pill.chosen) for pill in page.context["pills"]] == [
        ("Active", 2, True),
        ("Hospice", 1, False),
        ("Everyone", 3, False),
    ]


@pytest.mark.parametrize(
    ("status", "people"),
    [
        ("hospice", ["Nora Aspen"]),
        ("all", ["Ruth Alder", "Nora Aspen", "Tomás Birch"]),
        ("deceased", ["Tomás Birch"]),
        ("nonsense", ["Ruth Alder"]),
    ],
)
def test_shows_those_of_a_status(status, people):
    clinic = a_clinic()
    member = a_member(clinic)
    a_patient(clinic, given_name="Ruth", family_name="Alder")
    for given, family, changed in (("Nora", "Aspen", "hospice"), ("Tomás", "Birch", "deceased")):
        patient = a_patient(clinic, given_name=given, family_name=family)
        change_status(patient_id=patient.pk, user=member, status=changed, on=date(2026, 4, 1))

    page = signed_in(member).get(reverse("pages:patients"), {"status": status})

    assert names(page) == people


def test_says_how_much_is_overdue_and_how_bad_the_worst_is():
    clinic = a_clinic()
    member = a_member(clinic)
    with clock.set_to(MORNING - timedelta(days=43)):
        late = a_patient(clinic, given_name="Ruth", family_name="Alder")
        a_request(late, "cough_assist")
    a_patient(clinic, given_name="Joseph", family_name="Elm", enrolled_on=date(2026, 4, 14))
    sweep()

    page = signed_in(member).get(reverse("pages:patients"))

    # Nutrition, palliative referral, care team, and one row for all that is late about the cough assist.
    assert [(row.name, row.overdue, row.state) for row in page.context["patients"]] == [
        ("Ruth Alder", 4, State.CRITICAL),
        ("Joseph Elm", 0, None),
    ]


def test_work_overdue_at_go_live_is_catch_up():
    clinic = a_clinic(live_on=date(2026, 4, 14))
    member = a_member(clinic)
    a_patient(clinic)
    sweep()

    [row] = signed_in(member).get(reverse("pages:patients")).context["patients"]

    assert (row.overdue, row.state) == (3, State.CATCH_UP)


@pytest.mark.parametrize("people", [1, 3])
def test_takes_the_same_queries_however_long_the_list(people, django_assert_num_queries):
    clinic = a_clinic()
    client = signed_in(a_member(clinic))
    for _ in range(people):
        a_patient(clinic)
    client.get(reverse("pages:patients"))

    with django_assert_num_queries(7):
        client.get(reverse("pages:patients"))


def test_a_long_list_goes_on_on_further_pages(monkeypatch):
    monkeypatch.setattr(views, "PER_PAGE", 2)
    clinic = a_clinic()
    client = signed_in(a_member(clinic))
    for family in ("Alder", "Birch", "Cedar"):
        a_patient(clinic, family_name=family)

    first = client.get(reverse("pages:patients"))
    last = client.get(first.context["pages"].after)

    assert names(first) == ["Ruth Alder", "Ruth Birch"]
    assert names(last) == ["Ruth Cedar"]
    assert (last.context["pages"].text, last.context["pages"].after) == ("Page 2 of 2", "")


def test_those_shown_and_nobody_else_are_in_the_read_audit():
    clinic = a_clinic()
    member = a_member(clinic)
    shown = a_patient(clinic)
    died = a_patient(clinic)
    change_status(patient_id=died.pk, user=member, status="deceased", on=date(2026, 4, 1))

    signed_in(member).get(reverse("pages:patients"))

    assert [read.patient_ids for read in ChartRead.objects.all()] == [[shown.pk]]


def test_an_empty_clinic_says_what_to_do():
    page = signed_in(a_member(a_clinic())).get(reverse("pages:patients"))

    assert page.context["empty"].title == "No patients yet"
    assert page.context["empty"].action.url == reverse("pages:patient_add")


def test_an_empty_filter_leads_to_everyone():
    clinic = a_clinic()
    a_patient(clinic)

    page = signed_in(a_member(clinic)).get(reverse("pages:patients"), {"status": "hospice"})

    assert page.context["empty"].action.url == reverse("pages:patients") + "?status=all"


def test_a_search_shows_who_was_found_and_why():
    clinic = a_clinic()
    a_patient(clinic, given_name="Ruth", family_name="Alder", mrn="D-0142")
    a_patient(clinic, given_name="Joseph", family_name="Elm", mrn="D-0098")

    page = signed_in(a_member(clinic)).post(reverse("pages:search"), {"q": "aldre"})

    assert [(row.name, row.matched) for row in page.context["patients"]] == [
        ("Ruth Alder", "name spelled alike")
    ]
    assert page.context["lead"] == "<b>1 person found</b> for “aldre”."
    assert 'value="aldre"' in page.content.decode()


@pytest.mark.parametrize("people", [1, 3])
def test_a_search_takes_the_same_queries_however_many_it_finds(people, django_assert_num_queries):
    clinic = a_clinic()
    client = signed_in(a_member(clinic))
    for _ in range(people):
        a_patient(clinic)
    client.post(reverse("pages:search"), {"q": "alder"})

    with django_assert_num_queries(6):
        page = client.post(reverse("pages:search"), {"q": "alder"})

    assert len(names(page)) == people


def test_a_search_that_finds_nobody_says_what_to_try():
    clinic = a_clinic()
    a_patient(clinic)

    page = signed_in(a_member(clinic)).post(reverse("pages:search"), {"q": "zzz<b>"})

    assert page.context["empty"].title == "Nobody is called “zzz<b>”"
    assert "zzz&lt;b&gt;" in page.content.decode()
    assert ChartRead.objects.count() == 0


@pytest.mark.parametrize("typed", ["", "   ", "\0", "x" * 101])
def test_nothing_that_can_be_searched_asks_for_a_name(typed):
    clinic = a_clinic()
    a_patient(clinic)

    page = signed_in(a_member(clinic)).post(reverse("pages:search"), {"q": typed})

    assert page.status_code == 200
    assert page.context["empty"].title == "Who are you looking for?"


def test_another_clinics_people_are_not_found():
    a_patient(a_clinic(), family_name="Alderman")

    page = signed_in(a_member(a_clinic())).post(reverse("pages:search"), {"q": "alderman"})

    assert names(page) == []
