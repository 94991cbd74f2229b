"""The panel that says why: its bar of time shows all of its labels."""

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from alerts.services.sweep import sweep
from pathway import clock
from teams.models import Clinic, User
from tests.factories import a_member, a_patient

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[User], Page]
LABELS = """() => [...document.querySelectorAll("#drawer .al-span text")].map((text) => {
    const box = text.getBBox();
    return [text.textContent, box.x, box.x + box.width];
}).sort((a, b) => a[1] - b[1])"""


@pytest.mark.parametrize("width", [1440, 768, 375])
@pytest.mark.parametrize("days", [31, 40, 200])
def test_no_label_is_clipped_or_lies_over_another(
    clinic: Clinic, sign_in: SignIn, width: int, days: int
) -> None:
    dietitian = a_member(clinic, "nutrition")
    with clock.set_to(clock.now() - timedelta(days=days)):
        a_patient(clinic, enrolled_on=clinic.today())
    sweep()
    page = sign_in(dietitian)
    page.set_viewport_size({"width": width, "height": 900})

    page.locator("[data-row]", has_text="Nutrition review").locator(".al-why").click()
    expect(page.locator("#drawer .al-span")).to_be_visible()
    labels = page.evaluate(LABELS)

    assert "Today" in [text for text, _left, _right in labels]
    assert labels[0][1] >= 0, labels
    assert max(right for _text, _left, right in labels) <= 420, labels
    assert all(before[2] < after[1] for before, after in pairwise(labels)), labels
