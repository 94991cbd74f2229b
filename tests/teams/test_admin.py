"""Configuration in the admin: everything for superusers, one's own clinics for clinic admins."""

from datetime import UTC, datetime

import pytest
from django.contrib import admin
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from equipment.models import Payer, Vendor
from pathway import clock
from teams.models import Clinic, DefaultSeat, Discipline, Membership, Role, User
from tests.factories import a_clinic, a_member

pytestmark = pytest.mark.django_db

CONFIGURATION = {
    "rulesetting",
    "clinic",
    "discipline",
    "user",
    "defaultseat",
    "membership",
    "equipmentitem",
    "payer",
    "vendor",
}


@pytest.fixture
def clinic() -> Clinic:
    return a_clinic(name="Riverside")


@pytest.fixture
def clinic_admin(clinic: Clinic) -> Client:
    client = Client()
    client.force_login(a_member(clinic, role=Role.ADMIN, name="Ada Min"))
    return client


@pytest.fixture
def superuser() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("root@example.org", "x", name="Root"))
    return client


def models_offered(client: Client) -> set[str]:
    apps = client.get("/admin/").context["app_list"]
    return {model["model"]._meta.model_name for app in apps for model in app["models"]}


def listed(client: Client, model: str) -> list[str]:
    answer = client.get(reverse(f"admin:{model}_changelist"))
    assert answer.status_code == 200
    return [str(row) for row in answer.context["cl"].result_list]


def test_only_rooms_register_with_the_admin() -> None:
    apps = {model._meta.app_label for model in admin.site._registry}

    assert apps == {"alerts", "worklist", "assessments", "referrals", "equipment", "patients", "teams"}


def test_a_superuser_sees_configuration_and_no_chart(superuser: Client) -> None:
    assert models_offered(superuser) == CONFIGURATION


def test_a_clinic_admin_sees_their_clinics_configuration_and_no_chart(clinic_admin: Client) -> None:
    assert models_offered(clinic_admin) == {
        "clinic", "defaultseat", "membership", "payer", "vendor", "rulesetting",
    }  # fmt: skip


@pytest.mark.parametrize("role", [Role.MEMBER, Role.COORDINATOR, Role.LEAD])
def test_clinical_people_are_not_let_in_unless_made_staff(clinic: Clinic, role: str) -> None:
    user = a_member(clinic, role=role)
    client = Client()
    client.force_login(user)
    assert client.get("/admin/")["Location"].startswith("/admin/login/")

    user.is_staff = True
    user.save()

    assert not models_offered(client) & CONFIGURATION


def test_the_admin_has_no_sign_in_or_password_form_of_its_own(client: Client, superuser: Client) -> None:
    assert client.get("/admin/login/?next=/admin/")["Location"] == "/accounts/login/?next=/admin/"
    assert superuser.get("/admin/password_change/")["Location"] == "/accounts/password/change/"


def test_an_inactive_admin_membership_opens_nothing(clinic: Clinic) -> None:
    user = a_member(clinic, role=Role.ADMIN)
    user.memberships.update(is_active=False)
    client = Client()
    client.force_login(user)

    assert client.get("/admin/").status_code == 302


def test_a_clinic_admin_sees_rows_of_their_clinic_only(clinic: Clinic, clinic_admin: Client) -> None:
    other = a_clinic(name="Elsewhere")
    Payer.objects.create(clinic=clinic, name="Ours")
    theirs = Payer.objects.create(clinic=other, name="Theirs")
    stranger = a_member(other, name="Stran Ger").memberships.get()

    assert listed(clinic_admin, "teams_clinic") == ["Riverside"]
    assert listed(clinic_admin, "equipment_payer") == ["Ours"]
    assert listed(clinic_admin, "teams_membership") == ["Ada Min, Riverside"]
    for model, row in (("equipment_payer", theirs), ("teams_membership", stranger), ("teams_clinic", other)):
        for page in ("change", "history", "delete"):
            answer = clinic_admin.get(reverse(f"admin:{model}_{page}", args=[row.pk]))
            assert answer.status_code in {403, 404}, (model, page)


def test_a_clinic_admin_cannot_put_a_row_into_another_clinic(clinic_admin: Client) -> None:
    other = a_clinic()

    answer = clinic_admin.post(
        reverse("admin:equipment_payer_add"), {"clinic": other.pk, "name": "X", "is_active": "on"}
    )

    assert "clinic" in answer.context["adminform"].form.errors
    assert not Payer.objects.exists()


def test_changes_are_in_the_admins_history(clinic: Clinic, clinic_admin: Client) -> None:
    payer = Payer.objects.create(clinic=clinic, name="Ours")

    clinic_admin.post(
        reverse("admin:equipment_payer_change", args=[payer.pk]),
        {"clinic": clinic.pk, "name": "Ours, renamed", "is_active": "on"},
    )

    history = clinic_admin.get(reverse("admin:equipment_payer_history", args=[payer.pk]))
    assert [entry.get_change_message() for entry in history.context["action_list"]] == ["Changed Name."]


def test_an_admin_does_not_open_charts_to_themselves(clinic_admin: Client) -> None:
    own = Membership.objects.get()
    fields = {"role": Role.LEAD, "title": "", "is_active": "on"}

    answer = clinic_admin.post(reverse("admin:teams_membership_change", args=[own.pk]), fields)

    own.refresh_from_db()
    assert own.role == Role.ADMIN
    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors == {
        "role": ["You cannot change your own role. Another admin of the clinic can."]
    }
    assert "You cannot change your own role." in answer.text


def test_an_admin_does_not_lock_themselves_out(clinic_admin: Client) -> None:
    own = Membership.objects.get()
    url = reverse("admin:teams_membership_change", args=[own.pk])

    refused = clinic_admin.post(url, {"role": Role.ADMIN, "title": "Manager"})
    kept = Membership.objects.get()
    clinic_admin.post(url, {"role": Role.ADMIN, "title": "Manager", "is_active": "on"})

    assert refused.context["adminform"].form.errors == {
        "is_active": ["You cannot deactivate yourself. Another admin of the clinic can."]
    }
    assert (kept.is_active, kept.title) == (True, "")
    own.refresh_from_db()
    assert (own.is_active, own.title) == (True, "Manager")


def test_a_superuser_does_not_lock_themselves_out(superuser: Client) -> None:
    root = User.objects.get()
    url = reverse("admin:teams_user_change", args=[root.pk])

    refused = superuser.post(url, {"name": "Root", "email": root.email, "is_staff": "on"})

    assert refused.context["adminform"].form.errors == {
        "is_active": ["You cannot deactivate yourself. Another superuser can."],
        "is_superuser": ["You cannot take this from yourself. Another superuser can."],
    }
    root.refresh_from_db()
    assert (root.is_active, root.is_superuser) == (True, True)


def test_a_superuser_may_change_their_own_part_in_a_clinic(clinic: Clinic, superuser: Client) -> None:
    own = Membership.objects.create(user=User.objects.get(), clinic=clinic, role=Role.ADMIN)

    superuser.post(
        reverse("admin:teams_membership_change", args=[own.pk]), {"role": Role.LEAD, "is_active": "on"}
    )

    own.refresh_from_db()
    assert own.role == Role.LEAD


@pytest.mark.parametrize(("live_on", "warned"), [("2027-03-13", False), ("2027-03-14", True)])
def test_a_clinic_that_goes_live_years_ahead_is_pointed_out(
    clinic: Clinic, clinic_admin: Client, live_on: str, warned: bool
) -> None:
    Clinic.objects.update(live_on=None)
    url = reverse("admin:teams_clinic_change", args=[clinic.pk])
    form = clinic_admin.get(url).context["adminform"].form
    as_it_is = {bound.html_name: bound.value() for bound in form if bound.value() is not None}

    with clock.set_to(datetime(2026, 3, 12, 16, tzinfo=UTC)):
        answer = clinic_admin.post(url, as_it_is | {"live_on": live_on}, follow=True)

    clinic.refresh_from_db()
    assert str(clinic.live_on) == live_on
    text = "Riverside goes live on 14 Mar 2027, more than a year ahead."
    assert (text in answer.text) is warned


@pytest.mark.parametrize(("model", "what"), [(Payer, "payer"), (Vendor, "vendor")])
def test_a_name_is_one_in_capitals_or_not(
    clinic: Clinic, clinic_admin: Client, model: type[Payer] | type[Vendor], what: str
) -> None:
    model.objects.create(clinic=clinic, name="Demo Mutual")
    model.objects.create(clinic=a_clinic(), name="DEMO MUTUAL")

    answer = clinic_admin.post(
        reverse(f"admin:equipment_{what}_add"),
        {"clinic": clinic.pk, "name": "demo mutual", "is_active": "on"},
    )

    assert answer.context["adminform"].form.non_field_errors() == [
        f"This clinic has a {what} of this name already."
    ]
    assert model.objects.filter(clinic=clinic).count() == 1


def test_an_admin_changes_the_role_of_another(clinic: Clinic, clinic_admin: Client) -> None:
    member = a_member(clinic, "nutrition").memberships.get()
    fields = {"role": Role.LEAD, "title": "Lead", "is_active": "on", "disciplines": ["nutrition"]}

    clinic_admin.post(reverse("admin:teams_membership_change", args=[member.pk]), fields)

    member.refresh_from_db()
    assert (member.role, member.title) == (Role.LEAD, "Lead")


def invitation(clinic: Clinic) -> dict[str, object]:
    return {
        "clinic": clinic.pk,
        "email": "nadia@example.org",
        "name": "Nadia Wren",
        "role": Role.MEMBER,
        "disciplines": ["nutrition"],
    }


def test_an_admin_invites(clinic: Clinic, clinic_admin: Client) -> None:
    answer = clinic_admin.post(reverse("admin:teams_membership_add"), invitation(clinic), follow=True)

    assert "Nadia Wren was added and invited by email." in answer.text
    assert [message.to for message in mail.outbox] == [["nadia@example.org"]]
    assert list(Membership.objects.get(user__name="Nadia Wren").disciplines.all()) == [
        Discipline.objects.get(code="nutrition")
    ]


def test_an_admin_is_told_that_mail_does_not_work_and_can_send_again(
    clinic: Clinic, clinic_admin: Client, settings: Settings
) -> None:
    backend = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "tests.teams.test_sign_in.DeadMailServer"
    answer = clinic_admin.post(reverse("admin:teams_membership_add"), invitation(clinic), follow=True)
    assert "Nadia Wren was added, but the mail server did not take the invitation" in answer.text

    settings.EMAIL_BACKEND = backend
    member = Membership.objects.get(user__name="Nadia Wren")
    clinic_admin.post(
        reverse("admin:teams_membership_changelist"),
        {"action": "invite_again", "_selected_action": [member.pk]},
    )

    assert [message.to for message in mail.outbox] == [["nadia@example.org"]]


def test_nobody_is_invited_into_another_clinic(clinic_admin: Client) -> None:
    answer = clinic_admin.post(reverse("admin:teams_membership_add"), invitation(a_clinic()))

    assert "clinic" in answer.context["form"].errors
    assert mail.outbox == []


def test_a_default_seat_is_for_somebody_of_the_clinic(clinic: Clinic, superuser: Client) -> None:
    here, elsewhere = a_member(clinic, name="He Re"), a_member(a_clinic(), name="El Se")
    fields = {"clinic": clinic.pk, "discipline": "nutrition", "outside_provider": ""}

    refused = superuser.post(reverse("admin:teams_defaultseat_add"), fields | {"member": elsewhere.pk})
    superuser.post(reverse("admin:teams_defaultseat_add"), fields | {"member": here.pk})

    assert refused.context["adminform"].form.errors == {
        "member": ["Choose somebody who works in this clinic."]
    }
    assert [str(seat) for seat in DefaultSeat.objects.all()] == ["Nutrition: He Re"]


def test_deactivating_in_the_admin_ends_the_session(clinic: Clinic, superuser: Client) -> None:
    user = a_member(clinic, name="Nadia Wren")
    client = Client()
    client.force_login(user)

    superuser.post(
        reverse("admin:teams_user_change", args=[user.pk]), {"name": user.name, "email": user.email}
    )

    assert client.get("/accounts/password/change/").status_code == 302
    user.refresh_from_db()
    assert not user.is_active
