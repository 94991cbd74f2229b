"""Addresses by id, without resolving each anew."""

from uuid import UUID

import pytest
from django.urls import reverse

from pages.present.links import link_to

KEY = UUID("2f1d8a5e-0c6b-4c3f-9f5a-1b2c3d4e5f60")


@pytest.mark.parametrize("name", ["pages:why", "pages:task_log", "pages:patient", "equipment:detail"])
def test_is_the_address_itself(name: str) -> None:
    assert link_to(name, KEY) == reverse(name, args=[KEY])
    assert link_to(name, str(KEY)) == reverse(name, args=[KEY])
