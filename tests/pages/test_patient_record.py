"""Adding a person, changing their record and status, and the seats of their team."""

from datetime import UTC, date, datetime

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from pathway import clock
from patients import services
from patients.models import CareTeamAssignment, Patient, PatientStatusChange
from teams.models import DefaultSeat, Discipline
from tests.factories import a_clinic, a_member, a_patient
from worklist.models import CareTask
from worklist.services import own_tasks

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


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


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
        assert answer.url == reverse("pages:patient", args=[patient.pk])
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
        assert answer.url == reverse("pages:patient", args=[patient.pk])
        assert (change.status, change.note, change.recorded_by) == ("hospice", "At home.", member)
        assert (patient.status, patient.status_on) == ("hospice", date(2026, 4, 10))

    @pytest.mark.parametrize(
        ("status", "says"),
        [
            ("", "Choose a status."),
            ("active", "That is how it stands; this records it again."),
            ("hospice", "Closes 2 open items. Work on equipment goes on."),
            (
                "discharged",
                "Closes 3 open items. Nothing more falls due here; equipment requests still need a receiver.",
            ),
            ("deceased", "Closes 3 open items. No email is sent about this person any more."),
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


class TestTeam:
    def url(self, patient, discipline="nutrition"):
        return reverse("pages:seat", args=[patient.pk, discipline])

    def assign(self, patient, **who):
        nutrition = Discipline.objects.get(pk="nutrition")
        return services.assign_care_team(
            patient_id=patient.pk, user=None, discipline=nutrition, on=date(2026, 3, 2), **who
        )

    def test_a_member_takes_a_seat(self):
        clinic = a_clinic()
        member, patient = a_member(clinic, "nutrition"), a_patient(clinic)

        answer = signed_in(member).post(
            self.url(patient), {"member": member.pk, "outside_provider": "", "on": "2026-04-20"}
        )

        seat = CareTeamAssignment.objects.get()
        assert answer.url == reverse("pages:patient", args=[patient.pk])
        assert (seat.discipline_id, seat.member, seat.happened_on) == ("nutrition", member, date(2026, 4, 20))

    @pytest.mark.parametrize(("leaving", "ended_on"), [("on", date(2026, 4, 20)), ("", None)])
    def test_whoever_sat_there_leaves_or_stays(self, leaving, ended_on):
        clinic = a_clinic()
        patient = a_patient(clinic)
        before = self.assign(patient, outside_provider="Harbor GI group")
        after = a_member(clinic, "nutrition")

        signed_in(after).post(self.url(patient), {"member": after.pk, "on": "2026-04-20", "leaving": leaving})

        before.refresh_from_db()
        assert before.ended_on == ended_on
        assert CareTeamAssignment.objects.filter(member=after).count() == 1

    @pytest.mark.parametrize(
        ("who", "errors"),
        [
            ({}, {"member": ["Choose a member, or name an outside provider."]}),
            (
                {"outside_provider": "Harbor GI group", "member": "me"},
                {"outside_provider": ["Choose a member or name an outside provider, not both."]},
            ),
            (
                {"outside_provider": "Harbor GI group", "on": "1926-04-20"},
                {"on": ["20 Apr 1926 is before the date of birth. Check the year."]},
            ),
            (
                {"outside_provider": "Harbor GI group", "on": "2062-04-20"},
                {"on": ["20 Apr 2062 is more than a year ahead. Check the year."]},
            ),
        ],
    )
    def test_says_what_is_missing(self, who, errors):
        clinic = a_clinic()
        member, patient = a_member(clinic), a_patient(clinic)
        if who.get("member") == "me":
            who = who | {"member": member.pk}

        answer = signed_in(member).post(self.url(patient), {"on": "2026-04-14"} | who)

        assert answer.status_code == 422
        assert answer.context["form"].errors == errors

    def test_nobody_sits_in_one_seat_twice(self):
        clinic = a_clinic()
        member, patient = a_member(clinic, "nutrition"), a_patient(clinic)
        self.assign(patient, member=member)

        answer = signed_in(member).post(self.url(patient), {"member": member.pk, "on": "2026-04-14"})

        assert answer.status_code == 422
        assert answer.context["form"].errors == {"member": ["They already have this seat then."]}
        assert CareTeamAssignment.objects.count() == 1

    def test_a_member_of_another_clinic_cannot_take_a_seat(self):
        clinic = a_clinic()
        patient, stranger = a_patient(clinic), a_member(a_clinic())

        answer = signed_in(a_member(clinic)).post(
            self.url(patient), {"member": stranger.pk, "on": "2026-04-14"}
        )

        assert list(answer.context["form"].errors) == ["member"]
        assert CareTeamAssignment.objects.count() == 0

    def test_somebody_leaves_with_nobody_after_them(self):
        clinic = a_clinic()
        patient = a_patient(clinic)
        seat = self.assign(patient, outside_provider="Harbor GI group")
        client = signed_in(a_member(clinic))
        [way_out] = client.get(self.url(patient)).context["panel"].alternatives

        answer = client.post(way_out.url, {"on": "2026-04-14"})

        seat.refresh_from_db()
        assert way_out.label == "Harbor GI group leaves, nobody follows yet"
        assert (answer.status_code, seat.ended_on) == (302, date(2026, 4, 14))

    def test_the_last_day_is_not_before_the_first(self):
        clinic = a_clinic()
        patient = a_patient(clinic)
        seat = self.assign(patient, outside_provider="Harbor GI group")

        answer = signed_in(a_member(clinic)).post(
            reverse("pages:leave_seat", args=[patient.pk, seat.pk]), {"on": "2026-03-01"}
        )

        assert answer.context["form"].errors == {"on": ["The last day cannot be before the first."]}

    def test_every_seat_can_be_changed_from_the_team(self):
        clinic = a_clinic()
        patient = a_patient(clinic)
        self.assign(patient, outside_provider="Harbor GI group")

        page = signed_in(a_member(clinic)).get(reverse("pages:team", args=[patient.pk]))

        labels = [cell.action.label for cell in page.context["seats"]]
        assert labels == ["Fill seat"] * 4 + ["Change"] + ["Fill seat"] * 4

    @pytest.mark.parametrize("name", ["team", "status", "patient_edit"])
    def test_another_clinics_patient_is_not_there(self, name):
        patient = a_patient(a_clinic())

        page = signed_in(a_member(a_clinic())).get(reverse(f"pages:{name}", args=[patient.pk]))

        assert page.status_code == 404

    def test_another_patients_seat_is_not_there(self):
        clinic = a_clinic()
        seat = self.assign(a_patient(clinic), outside_provider="Harbor GI group")
        url = reverse("pages:leave_seat", args=[a_patient(clinic).pk, seat.pk])

        assert signed_in(a_member(clinic)).get(url).status_code == 404

    def test_an_unknown_discipline_is_not_there(self):
        clinic = a_clinic()

        page = signed_in(a_member(clinic)).get(self.url(a_patient(clinic), "alchemy"))

        assert page.status_code == 404
