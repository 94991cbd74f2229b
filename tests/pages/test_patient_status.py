"""Recording that a person elected hospice, left, died or came back."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from pathway import clock
from patients import services
from patients.models import PatientStatusChange
from tests.factories import a_clinic, a_member, a_patient, signed_in
from worklist.models import CareTask
from worklist.services import own_tasks

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_april():
    with clock.set_to(datetime(2026, 4, 14, 13, tzinfo=UTC)):
        yield


class TestStatus:
    def url(self, patient):
        return reverse("pages:status", args=[patient.pk])

    def test_records_the_change(self):
        clinic = a_clinic()
        member, patient = a_member(clinic), a_patient(clinic)

        answer = signed_in(member).post(
            self.url(patient), {"status": "hospice", "happened_on": "2026-04-10", "note": "At home."}
        )

        change = PatientStatusChange.objects.get()
        patient.refresh_from_db()
        assert answer["Location"] == reverse("pages:patient", args=[patient.pk])
        assert (change.status, change.note, change.recorded_by) == ("hospice", "At home.", member)
        assert (patient.status, patient.status_on) == ("hospice", date(2026, 4, 10))

    @pytest.mark.parametrize(
        ("status", "says"),
        [
            ("", "Choose a status."),
            ("active", "That is how it stands; this records it again."),
            ("hospice", "Closes 6 open items. Work on equipment goes on."),
            (
                "discharged",
                "Closes 8 open items. Nothing more falls due here; equipment requests still need a receiver.",
            ),
            ("deceased", "Closes 8 open items. No email is sent about this person any more."),
        ],
    )
    def test_says_what_saving_will_do(self, status, says):
        clinic = a_clinic()
        member, patient = a_member(clinic), a_patient(clinic)
        own_tasks.add_task(patient=patient, user=member, title="Ask", due_on=date(2026, 4, 20))

        answer = signed_in(member).post(f"{self.url(patient)}?compute=1", {"status": status})

        assert answer.context["panel"].consequence == says
        assert PatientStatusChange.objects.count() == 0

    @pytest.mark.parametrize("status", ["hospice", "discharged", "deceased"])
    def test_closes_as_many_as_it_said(self, status):
        clinic = a_clinic()
        member, patient = a_member(clinic), a_patient(clinic)
        own_tasks.add_task(patient=patient, user=member, title="Ask", due_on=date(2026, 4, 20))
        client = signed_in(member)
        before = CareTask.objects.filter(closed_at__isnull=True).count()
        said = client.post(f"{self.url(patient)}?compute=1", {"status": status}).context["panel"].consequence

        client.post(self.url(patient), {"status": status, "happened_on": "2026-04-14"})

        closed = before - CareTask.objects.filter(closed_at__isnull=True).count()
        assert said.startswith(f"Closes {closed} open items.")

    def test_a_day_ahead_is_refused_with_a_way_out(self):
        clinic = a_clinic()
        patient = a_patient(clinic)

        answer = signed_in(a_member(clinic)).post(
            self.url(patient), {"status": "deceased", "happened_on": "2026-05-01"}
        )

        assert answer.status_code == 422
        assert answer.context["form"].errors == {
            "happened_on": ["1 May 2026 is in the future. Enter the day it happened."]
        }

    def test_a_death_is_not_hidden_behind_a_later_status(self):
        clinic = a_clinic()
        patient = a_patient(clinic)
        services.change_status(patient_id=patient.pk, user=None, status="hospice", on=date(2026, 4, 12))

        answer = signed_in(a_member(clinic)).post(
            self.url(patient), {"status": "deceased", "happened_on": "2026-04-10"}
        )

        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == ["happened_on"]
        assert PatientStatusChange.objects.count() == 1

    @pytest.mark.parametrize("on", ["2026-04-12", "2026-04-13"])
    def test_a_death_on_or_after_the_latest_status_is_recorded(self, on):
        clinic = a_clinic()
        patient = a_patient(clinic)
        services.change_status(patient_id=patient.pk, user=None, status="hospice", on=date(2026, 4, 12))

        signed_in(a_member(clinic)).post(self.url(patient), {"status": "deceased", "happened_on": on})

        patient.refresh_from_db()
        assert patient.status == "deceased"
