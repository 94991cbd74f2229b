"""My work as a person opens it, against the same page drawn from constants and against bare JSON."""

import json
import re
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from django.conf import settings
from django.template.base import Template
from django.test import Client, override_settings, utils
from django.urls import reverse
from django.utils.safestring import SafeString

from benchmarks import bare
from benchmarks.cohort import at_noon
from benchmarks.rows.sweep import last_day
from benchmarks.timing import Measured, queries_of, timed
from pathway import clock
from teams.models import Discipline, Membership, Role

MOST_QUERIES = 10
FEWEST_ROWS = 5
SIGN_IN_ONLY = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
_TOKENS = re.compile(r'(?<=X-CSRFToken": ")\w+|(?<=name="csrfmiddlewaretoken" value=")\w+|\s+nonce="[^"]*"')
_TASK = re.compile(r'id="task-([0-9a-f-]{36})"')


def of_member(rounds: int) -> list[Measured]:
    """A dietitian's list."""
    member = Membership.objects.filter(disciplines=Discipline(pk="nutrition"), role=Role.MEMBER)
    return _measure(rounds, "My work", member.select_related("user", "clinic").order_by("pk")[0])


def of_coordinator(rounds: int) -> list[Measured]:
    """The whole clinic's list, with a box to tick on each row."""
    member = Membership.objects.filter(role=Role.COORDINATOR).select_related("user", "clinic")
    return _measure(rounds, "My work of a coordinator", member.order_by("pk")[0])


def _measure(rounds: int, name: str, member: Membership) -> list[Measured]:
    pages, data = Measured(f"{name}, to a constant page"), Measured(f"{name}, to bare JSON")
    with clock.set_to(at_noon(last_day())), override_settings(ROOT_URLCONF="benchmarks.bare"):
        product, floor = _signed_in(member), _signed_in(member, SIGN_IN_ONLY)
        _make_constant(product, member)
        _check(pages, product, floor)
        _check_data(data, product, floor)
        for _round in range(rounds):
            pages.round(partial(_open, product, "pages:my_work"), partial(_open, floor, "bare_page"))
            data.round(partial(_open, product, "pages:my_work"), partial(_open, floor, "bare_rows"))
    return [pages, data]


def _signed_in(member: Membership, middleware: list[str] | None = None) -> Client:
    """A browser in which the member is signed in; its requests pass these middlewares (default: all)."""
    client = Client(headers={"host": "localhost"}, raise_request_exception=True)
    with override_settings(MIDDLEWARE=middleware or settings.MIDDLEWARE):
        client.force_login(member.user, backend=settings.AUTHENTICATION_BACKENDS[0])
        client.handler.load_middleware()
    return client


def _open(client: Client, address: str) -> float:
    return timed(lambda: _body(client, address))


def _body(client: Client, address: str) -> str:
    response = client.get(reverse(address))
    if response.status_code != 200:
        raise RuntimeError(f"{address} answered {response.status_code}")
    return str(response.content, "utf-8")


def _make_constant(product: Client, member: Membership) -> None:
    """Keep what the product's page is drawn from, so that the floor draws the same."""
    seen_by_client = patch.object(Template, "_render", utils.instrumented_test_render)  # type: ignore[attr-defined]
    with seen_by_client:
        contexts: Any = product.get(reverse("pages:my_work")).context
    context: Mapping[str, Any] = contexts[0].flatten()
    bulk = context["bulk"]
    left_out = (
        "request",
        "user",
        "perms",
        "messages",
        "csrf_token",
        "DEFAULT_MESSAGE_LEVELS",
        "CSP_NONCE",
        "block",
    )
    bare.CONSTANTS = {
        **{name: value for name, value in context.items() if name not in left_out},
        "nav": list(context["nav"]),
        "bulk": bulk and {"url": bulk["url"], "form": SimpleNamespace(owner=_Drawn(bulk["form"]["owner"]))},
    }
    bare.PARAMETERS = {
        "clinic": member.clinic_id,
        "user": member.user_id,
        "disciplines": list(member.disciplines.values_list("pk", flat=True)),
        "whole": member.sees_whole_clinic,
        "now": clock.now(),
        "soon": member.clinic.today() + timedelta(days=7),
    }


class _Drawn(SafeString):
    """A form field as it was drawn once."""

    id_for_label = "id_owner"


def _check(row: Measured, product: Client, floor: Client) -> None:
    ours, bare_page = _body(product, "pages:my_work"), _body(floor, "bare_page")
    row.expect(_TOKENS.sub("", ours) == _TOKENS.sub("", bare_page), "the floor draws another page")
    row.expect(len(_TASK.findall(ours)) >= FEWEST_ROWS, "hardly any rows")
    row.count("queries", queries_of(lambda: _body(product, "pages:my_work")), MOST_QUERIES)
    row.notes["rows"], row.notes["kB"] = len(_TASK.findall(ours)), len(ours) // 1000


def _check_data(row: Measured, product: Client, floor: Client) -> None:
    shown = _TASK.findall(_body(product, "pages:my_work"))
    found = [task["id"] for task in json.loads(_body(floor, "bare_rows"))]
    row.expect([task for task in found if task in shown] == shown, "the floor answers with other rows")
