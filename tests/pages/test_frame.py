"""The frame around every page: where somebody can go from here."""

import re

import pytest
from django.urls import reverse

from tests.factories import a_clinic, a_member, signed_in

pytestmark = pytest.mark.django_db


def places(page: str) -> list[str]:
    """The labels of the navigation beside the page."""
    [beside] = re.findall(r'<nav class="al-side".*?</nav>', page, re.DOTALL)
    return re.findall(r'<span class="al-nav-label">(.*?)</span>', beside)


def test_an_admin_goes_to_the_clinics_settings_and_figures() -> None:
    admin = signed_in(a_member(a_clinic(), role="admin"))

    page = admin.get(reverse("rules:list")).text

    assert places(page) == ["Rules", "Alert burden", "Administration"]
    assert 'href="/rules/" aria-current="page"' in page
    assert reverse("pages:search") not in page
    assert reverse("pages:counts") not in page


def test_an_admin_who_asks_for_charts_is_told_and_can_go_on() -> None:
    answer = signed_in(a_member(a_clinic(), role="admin")).get("/")

    assert answer.status_code == 403
    assert "Charts are open to those who hold a clinical role." in answer.text
    assert places(answer.text) == ["Rules", "Alert burden", "Administration"]


def test_a_member_goes_to_work_and_people() -> None:
    member = signed_in(a_member(a_clinic(), "nutrition"))

    page = member.get(reverse("rules:list")).text

    assert places(page) == ["My work", "Alerts", "Equipment", "Referrals", "Patients"]
