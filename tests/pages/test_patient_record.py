"""Adding a person and changing their record."""

from datetime import UTC, datetime

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from pathway import clock
from patients import services
from patients.models import CareTeamAssignment, Patient
from teams.models import DefaultSeat, Discipline
from tests.factories import a_clinic, a_member, a_patient, signed_in

pytestmark = pytest.mark.django_db

ADDED = {
    "given_name": "Ruth",
    "family_name": "Alder",
    "mrn": "D-0142",
    "birth_on": "1961-06-03",
    "enrolled_on": "2026-03-02",
    "onset_region": "lower_limb",
    "onset_on": "",
    "diagnosed_on": "2026-02-16",
    "baseline_weight_g": "68",
    "height_cm": "",
    "phone": "",
    "caregiver_name": "",
    "caregiver_phone": "",
    "payer": "",
    "interpreter": "",
    "communication_needs": "",
}


@pytest.fixture(autouse=True)
def _in_april():
    with clock.set_to(datetime(2026, 4, 14, 13, tzinfo=UTC)):
        yield


def add(user, **changes):
    return signed_in(user).post(reverse("pages:patient_add"), ADDED | changes)


def edit_url(patient):
    return reverse("pages:patient_edit", args=[patient.pk])


def opened(client, patient):
    """What the edit form holds when it is opened."""
    form = client.get(edit_url(patient)).context["form"]
    values = {bound.html_name: bound.value() for bound in form}
    return {name: "" if value is None else value for name, value in values.items()} | {
        "version": form.version
    }


class TestAdding:
    def test_adds_the_person_with_the_usual_team(self):
        clinic = a_clinic()
        member = a_member(clinic, "nutrition")
        nutrition = Discipline.objects.get(pk="nutrition")
        DefaultSeat.objects.create(clinic=clinic, discipline=nutrition, member=member)

        answer = add(member)

        patient = Patient.objects.get()
        assert answer.url == reverse("pages:patient", args=[patient.pk])
        assert (patient.clinic, str(patient), patient.baseline_weight_g) == (clinic, "Ruth Alder", 68_000)
        assert [seat.member for seat in CareTeamAssignment.objects.all()] == [member]

    @pytest.mark.parametrize(
        ("changes", "field", "message"),
        [
            ({"family_name": ""}, "family_name", "Fill this in."),
            ({"birth_on": "2026-06-03"}, "birth_on", "3 Jun 2026 is in the future. Check the year."),
            ({"birth_on": "1061-06-03"}, "birth_on", "The year 1061 is too long ago. Check the year."),
            (
                {"enrolled_on": "1960-03-02"},
                "enrolled_on",
                "2 Mar 1960 is before the date of birth. Check both.",
            ),
            (
                {"onset_on": "2026-03-01"},
                "diagnosed_on",
                "16 Feb 2026 is before the onset. Check both.",
            ),
            (
                {"baseline_weight_g": "680"},
                "baseline_weight_g",
                "680 kg is above the 250 kg this form accepts. Did you mean 68?".replace(
                    " kg", "\N{NO-BREAK SPACE}kg"
                ),
            ),
        ],
    )
    def test_says_what_is_wrong_and_keeps_what_was_typed(self, changes, field, message):
        answer = add(a_member(a_clinic()), **changes)

        assert answer.status_code == 422
        assert answer.context["form"].errors == {field: [message]}
        assert 'value="D-0142"' in answer.content.decode()
        assert Patient.objects.count() == 0

    def test_an_mrn_belongs_to_one_person_of_a_clinic(self):
        clinic = a_clinic()
        a_patient(clinic, mrn="D-0142", given_name="Joseph")
        a_patient(a_clinic(), mrn="D-0143", given_name="Joseph")

        taken, free = add(a_member(clinic)), add(a_member(clinic), mrn="D-0143")

        assert taken.context["form"].errors == {
            "mrn": ["Somebody in this clinic has this MRN already. Search for it to open their record."]
        }
        assert (taken.status_code, free.status_code) == (422, 302)

    def test_asks_about_somebody_of_the_same_name_and_birthday(self):
        clinic = a_clinic()
        member = a_member(clinic)
        same = a_patient(clinic, mrn="D-0001")

        asked = add(member, given_name="RUTH")
        conflict = asked.context["panel"].conflict
        anyway = add(member, over="1")

        assert (asked.status_code, anyway.status_code) == (409, 302)
        assert conflict.title == "Ruth Alder, born 3 Jun 1961, is here already"
        assert conflict.theirs_url == reverse("pages:patient", args=[same.pk])
        assert Patient.objects.count() == 2

    def test_somebody_alike_in_another_clinic_is_not_spoken_of(self):
        a_patient(a_clinic(), mrn="D-0001")

        assert add(a_member(a_clinic())).status_code == 302


class TestEditing:
    def test_changes_what_was_typed(self):
        clinic = a_clinic()
        patient = a_patient(clinic)
        client = signed_in(a_member(clinic))

        answer = client.post(
            edit_url(patient), opened(client, patient) | {"phone": "555-0142", "baseline_weight_g": "68,5"}
        )

        patient.refresh_from_db()
        assert answer["Location"] == reverse("pages:patient", args=[patient.pk])
        assert (patient.phone, patient.baseline_weight_g) == ("555-0142", 68_500)

    def test_saving_nothing_new_writes_nothing(self):
        clinic = a_clinic()
        patient = a_patient(clinic)
        client = signed_in(a_member(clinic))

        patient.refresh_from_db()

        client.post(edit_url(patient), opened(client, patient))

        assert Patient.objects.get().chart_version == patient.chart_version

    def test_what_somebody_else_changed_meanwhile_is_kept_and_told(self):
        clinic = a_clinic()
        patient = a_patient(clinic)
        client, other = signed_in(a_member(clinic)), signed_in(a_member(clinic, name="Asha Swift"))
        mine, theirs = opened(client, patient), opened(other, patient)
        other.post(edit_url(patient), theirs | {"payer": "Medicaid"})

        answer = client.post(edit_url(patient), mine | {"phone": "555-0142"})

        patient.refresh_from_db()
        assert answer.status_code == 302
        assert (patient.payer, patient.phone) == ("Medicaid", "555-0142")
        assert [str(message) for message in get_messages(answer.wsgi_request)] == [
            "Asha Swift changed this record meanwhile: payer. Both changes are kept."
        ]

    def test_the_second_to_change_the_same_field_is_shown_both_values(self):
        clinic = a_clinic()
        patient = a_patient(clinic)
        client, other = signed_in(a_member(clinic)), signed_in(a_member(clinic, name="Asha Swift"))
        mine, theirs = opened(client, patient), opened(other, patient)
        other.post(edit_url(patient), theirs | {"phone": "555-0001", "payer": "Medicaid"})

        asked = client.post(edit_url(patient), mine | {"phone": "555-0142", "baseline_weight_g": "70"})

        conflict = asked.context["panel"].conflict
        assert asked.status_code == 409
        assert conflict.title == "Asha Swift changed this record meanwhile"
        assert conflict.text == ("Phone: now 555-0001; you typed 555-0142. What you typed is kept below.")
        assert 'value="555-0142"' in asked.content.decode()
        assert Patient.objects.get().phone == "555-0001"

        over = client.post(
            edit_url(patient),
            mine
            | {"phone": "555-0142", "baseline_weight_g": "70", "over": "1"}
            | {"version": asked.context["panel"].version},
        )

        patient.refresh_from_db()
        assert over.status_code == 302
        assert (patient.phone, patient.payer, patient.baseline_weight_g) == ("555-0142", "Medicaid", 70_000)

    def test_over_covers_only_what_was_shown(self):
        clinic = a_clinic()
        patient = a_patient(clinic)
        client, other = signed_in(a_member(clinic)), signed_in(a_member(clinic, name="Asha Swift"))
        mine = opened(client, patient)
        other.post(edit_url(patient), opened(other, patient) | {"phone": "555-0001"})
        asked = client.post(edit_url(patient), mine | {"phone": "555-0142"})
        other.post(edit_url(patient), opened(other, patient) | {"phone": "555-0002"})

        again = client.post(
            edit_url(patient),
            mine | {"phone": "555-0142", "over": "1", "version": asked.context["panel"].version},
        )

        assert again.status_code == 409
        assert again.context["panel"].conflict.text.startswith("Phone: now 555-0002;")

    def test_both_typing_the_same_is_no_conflict(self):
        clinic = a_clinic()
        patient = a_patient(clinic)
        client, other = signed_in(a_member(clinic)), signed_in(a_member(clinic, name="Asha Swift"))
        mine = opened(client, patient)
        other.post(edit_url(patient), opened(other, patient) | {"phone": "555-0142"})

        answer = client.post(edit_url(patient), mine | {"phone": "555-0142"})

        assert answer.status_code == 302

    @pytest.mark.parametrize("version", ["", "x", "1.2.3", "-1.5", "9" * 30, "²³.1"])
    def test_a_broken_version_counts_as_none(self, version):
        clinic = a_clinic()
        patient = a_patient(clinic)
        client = signed_in(a_member(clinic))

        answer = client.post(edit_url(patient), opened(client, patient) | {"version": version, "phone": "1"})

        assert answer.status_code == 302

    def test_a_later_edit_than_the_one_seen_is_refused(self):
        patient = a_patient(a_clinic())
        services.update_patient(patient_id=patient.pk, user=None, changes={"phone": "555-0001"})

        with pytest.raises(services.RecordChangedError):
            services.update_patient(
                patient_id=patient.pk, user=None, changes={"phone": "555-0142"}, seen_edit=1
            )

        assert Patient.objects.get().phone == "555-0001"

    def test_another_clinics_record_is_not_there(self):
        patient = a_patient(a_clinic())

        assert signed_in(a_member(a_clinic())).get(edit_url(patient)).status_code == 404
