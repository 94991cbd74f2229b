"""Who was shown which charts is written before the answer leaves, or nothing is shown."""

import uuid
from collections.abc import Iterator

import pytest
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import Client
from django.urls import include, path
from pytest_django.fixtures import DjangoAssertNumQueries, Settings

from audit import reads
from audit.actor import acting
from audit.models import ChartRead, Denial
from patients.selectors import visible_to
from teams.models import User
from tests.factories import a_clinic, a_member, a_patient

pytestmark = pytest.mark.django_db


def one_chart(request: HttpRequest, patient_id: uuid.UUID) -> HttpResponse:
    patient = visible_to(request.user).filter(pk=patient_id).first()  # type: ignore[arg-type]
    if patient is None:
        raise Http404
    reads.show([patient])
    return HttpResponse(patient.family_name)


def all_charts(request: HttpRequest) -> StreamingHttpResponse:
    def lines() -> Iterator[str]:
        for patient in visible_to(request.user).order_by("mrn"):  # type: ignore[arg-type]
            reads.show([patient])
            yield patient.family_name

    return StreamingHttpResponse(lines())


@login_not_required
def nothing(request: HttpRequest, number: int) -> HttpResponse:
    raise Http404


def plain(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
    return HttpResponse("no", status=404)


def plain_500(request: HttpRequest) -> HttpResponse:
    return HttpResponse("sorry", status=500)


handler404 = plain
handler500 = plain_500
urlpatterns = [
    path("charts/", all_charts),
    path("charts/<uuid:patient_id>/", one_chart),
    path("open/<int:number>/", nothing),
    path("", include("alscare.urls")),
]


@pytest.fixture(autouse=True)
def _urls(settings: Settings) -> None:
    settings.ROOT_URLCONF = __name__


def signed_in(user: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


def test_a_chart_shown_leaves_one_row_naming_the_patient() -> None:
    clinic = a_clinic()
    user, patient = a_member(clinic), a_patient(clinic)
    a_patient(clinic, family_name="Birch")

    answer = signed_in(user).get(f"/charts/{patient.pk}/")

    assert answer.content == b"Alder"
    row = ChartRead.objects.get()
    assert (row.user_id, row.clinic_id, row.patient_ids) == (user.pk, clinic.pk, [patient.pk])
    assert row.purpose == f"GET /charts/{patient.pk}/"


def test_charts_of_two_clinics_leave_a_row_in_each() -> None:
    here, there = a_clinic(), a_clinic()
    patients = [a_patient(here), a_patient(there)]
    with acting(user_id=a_member(here).pk, purpose="test") as actor:
        reads.show(patients)

    assert actor.shown == {here.pk: {patients[0].pk}, there.pk: {patients[1].pk}}


def test_showing_a_chart_with_nobody_acting_is_an_error() -> None:
    with pytest.raises(reads.NobodyActsError):
        reads.show([a_patient(a_clinic())])


def test_what_cannot_be_written_down_is_not_shown() -> None:
    clinic = a_clinic()
    client, patient = signed_in(a_member(clinic)), a_patient(clinic)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_chartread ADD CONSTRAINT broken CHECK (user_id IS NULL) NOT VALID")

    answer = client.get(f"/charts/{patient.pk}/")

    assert answer.status_code == 500
    assert b"Alder" not in answer.content


def test_a_stream_lets_no_chart_go_before_it_is_written_down() -> None:
    clinic = a_clinic()
    user = a_member(clinic)
    patients = [a_patient(clinic, family_name=name) for name in ("Alder", "Birch")]

    chunks = iter(signed_in(user).get("/charts/"))
    seen = [(next(chunks), list(ChartRead.objects.order_by("id").values_list("patient_ids", flat=True)))]
    seen += [(next(chunks), list(ChartRead.objects.order_by("id").values_list("patient_ids", flat=True)))]

    first, second = [patients[0].pk], [patients[1].pk]
    assert seen == [(b"Alder", [first]), (b"Birch", [first, second])]
    assert set(ChartRead.objects.values_list("user_id", flat=True)) == {user.pk}
    assert ChartRead.objects.values("request_id").distinct().count() == 1


def test_a_patient_of_another_clinic_and_none_at_all_are_turned_away_alike() -> None:
    here, there = a_clinic(), a_clinic()
    user, stranger = a_member(here), a_patient(there)
    client, nobody = signed_in(user), uuid.uuid4()

    answers = [client.get(f"/charts/{asked}/") for asked in (stranger.pk, nobody)]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content
    assert not ChartRead.objects.exists()
    assert list(Denial.objects.order_by("id").values_list("user_id", "clinic_id", "purpose", "status")) == [
        (user.pk, here.pk, f"GET /charts/{stranger.pk}/", 404),
        (user.pk, here.pk, f"GET /charts/{nobody}/", 404),
    ]


def test_turning_away_costs_the_same_queries_whether_or_not_the_patient_exists(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    client, stranger = signed_in(a_member(a_clinic())), a_patient(a_clinic())
    client.get("/charts/")  # starts the session's clock

    for asked in (stranger.pk, uuid.uuid4()):
        with django_assert_num_queries(4):  # session, user with memberships, patient, denial
            client.get(f"/charts/{asked}/")


def test_an_anonymous_404_and_an_unknown_address_leave_no_row() -> None:
    Client().get("/open/1/")
    signed_in(a_member(a_clinic())).get("/nowhere/")

    assert not Denial.objects.exists()
