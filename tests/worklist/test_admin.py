"""Rule settings in the admin: read there, changed on the rules' own pages."""

import pytest
from django.test import Client
from django.urls import reverse

from teams.models import Role
from tests.factories import a_clinic, a_member
from worklist.models import RuleSetting
from worklist.services.rule_settings import draft_setting

pytestmark = pytest.mark.django_db


def test_an_admin_reads_the_versions_of_their_clinic_and_changes_none() -> None:
    here, there = a_clinic(), a_clinic()
    admin = a_member(here, role=Role.ADMIN)
    for clinic in (here, there):
        draft_setting(clinic=clinic, rule="NUTR-3M", user=admin, seen=0, enabled=False)
    own = RuleSetting.objects.get(clinic=here)
    client = Client()
    client.force_login(admin)

    listed = client.get(reverse("admin:worklist_rulesetting_changelist"))
    page = client.get(reverse("admin:worklist_rulesetting_change", args=[own.pk]))
    change = client.post(reverse("admin:worklist_rulesetting_change", args=[own.pk]), {"enabled": "on"})
    add = client.get(reverse("admin:worklist_rulesetting_add"))
    delete = client.post(reverse("admin:worklist_rulesetting_delete", args=[own.pk]), {"post": "yes"})

    assert list(listed.context["cl"].result_list) == [own]
    assert page.status_code == 200
    assert reverse("rules:rule", args=["NUTR-3M"]) in page.content.decode()
    assert {change.status_code, add.status_code, delete.status_code} == {403}
    own.refresh_from_db()
    assert own.enabled is False
