"""The seats of a patient's team: filled, handed over, left."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from pathway import clock
from patients import services
from patients.models import CareTeamAssignment
from teams.models import Discipline
from tests.factories import a_clinic, a_member, a_patient, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_april():
    with clock.set_to(datetime(2026, 4, 14, 13, tzinfo=UTC)):
        yield


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
        assert answer["Location"] == reverse("pages:patient", args=[patient.pk])
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
        assert answer.context["form"].errors == {
            "member": ["Nadia Wren has this seat already, since 2 Mar 2026. Nothing was changed."]
        }
        assert CareTeamAssignment.objects.count() == 1

    @pytest.mark.parametrize("leaving", ["on", ""])
    @pytest.mark.parametrize("who", ["member", "outside_provider"])
    def test_a_seat_handed_over_to_whoever_has_it_stays_as_it_is(self, who, leaving):
        clinic = a_clinic()
        member, patient = a_member(clinic, "nutrition"), a_patient(clinic)
        holders = {"member": member, "outside_provider": "Harbor GI group"}
        typed = {"member": member.pk, "outside_provider": " harbor GI Group"}
        seat = self.assign(patient, **{who: holders[who]})
        patient.refresh_from_db()

        answer = signed_in(member).post(
            self.url(patient), {who: typed[who], "on": "2026-04-14", "leaving": leaving}
        )

        name = holders[who]
        assert answer.status_code == 422
        assert answer.context["form"].errors == {
            who: [f"{name} has this seat already, since 2 Mar 2026. Nothing was changed."]
        }
        seat.refresh_from_db()
        assert (seat.ended_on, CareTeamAssignment.objects.count()) == (None, 1)
        assert type(patient).objects.get().chart_version == patient.chart_version

    def test_whoever_left_may_take_the_seat_again_that_day(self):
        clinic = a_clinic()
        member, patient = a_member(clinic, "nutrition"), a_patient(clinic)
        services.end_assignment(
            assignment=self.assign(patient, member=member), user=None, on=date(2026, 4, 14)
        )

        answer = signed_in(member).post(self.url(patient), {"member": member.pk, "on": "2026-04-14"})

        assert (answer.status_code, CareTeamAssignment.objects.count()) == (302, 2)

    def test_nobody_has_a_seat_twice_from_two_days(self):
        clinic = a_clinic()
        member, patient = a_member(clinic, "nutrition"), a_patient(clinic)
        self.assign(patient, member=member)

        answer = signed_in(member).post(self.url(patient), {"member": member.pk, "on": "2026-03-01"})

        assert answer.context["form"].errors == {"member": ["They already have this seat then."]}

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
