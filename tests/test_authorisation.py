"""Every address × everybody × method × (one's own clinic, another, nowhere).

A new address fails ``test_every_address_is_classified`` until it stands in ROUTES.
The admin's addresses are judged by the kind of model they are about.
"""

import copy
import re
import uuid
from collections.abc import Iterator, Mapping

import pytest
from django.contrib import admin
from django.db import transaction
from django.db.models import Model
from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from pytest_django import DjangoDbBlocker

from audit.models import ChartRead, Denial
from pathway import clock
from patients.admin import ChartAdmin, FactAdmin
from tests.authorisation import CLINICAL_ROLES, NOW, Access, Route, World, build

pytestmark = pytest.mark.django_db

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
FORM = ("GET", "POST")
POST = ("POST",)
EQUIPMENT_TASK = {"task_id": "equipment_task_id"}
FACT = {"kind": "fact_kind"}

ROUTES: Mapping[str, Route] = {
    "healthz": Route(Access.PUBLIC),
    "readyz": Route(Access.PUBLIC),
    "metrics": Route(Access.PUBLIC),  # by token or from this machine: tests/alscare/test_probes.py
    "account_login": Route(Access.PUBLIC, FORM),
    "account_logout": Route(Access.PUBLIC, FORM),
    "account_inactive": Route(Access.PUBLIC),
    "account_reset_password": Route(Access.PUBLIC, FORM),
    "account_reset_password_done": Route(Access.PUBLIC),
    "account_reset_password_from_key": Route(Access.PUBLIC, FORM),
    "account_reset_password_from_key_done": Route(Access.PUBLIC),
    "account_reauthenticate": Route(Access.ACCOUNT, FORM),
    "account_change_password": Route(Access.ACCOUNT, FORM),
    "account_set_password": Route(Access.ACCOUNT, FORM),
    "account_choose_clinic": Route(Access.CHOICE, POST),
    "account:notifications": Route(Access.CLINICAL, FORM),
    "pages:demo_mail": Route(Access.DEMO),
    "pages:component_sheet": Route(Access.MEMBER),  # in the demo only: tests/pages/test_look.py
    "pages:my_work": Route(Access.CLINICAL),
    "pages:counts": Route(Access.CLINICAL),
    "pages:bulk_assign": Route(Access.WHOLE_CLINIC, POST),
    "pages:patients": Route(Access.CLINICAL),
    "pages:search": Route(Access.CLINICAL, FORM),
    "pages:patient_add": Route(Access.CLINICAL, FORM),
    "alerts:inbox": Route(Access.CLINICAL),
    "alerts:burden": Route(Access.OVERSIGHT),
    "rules:list": Route(Access.RULES),
    "rules:rule": Route(Access.RULES),
    "rules:change": Route(Access.SETTINGS, FORM),
    "rules:preview": Route(Access.SETTINGS),
    "rules:again": Route(Access.SETTINGS, POST),
    "rules:activate": Route(Access.SETTINGS, FORM),
    "rules:discard": Route(Access.SETTINGS, POST),
    "equipment:board": Route(Access.CLINICAL),
    "equipment:table": Route(Access.CLINICAL),
    "equipment:loans_back": Route(Access.CLINICAL),
    "referrals:list": Route(Access.CLINICAL),
    "going_live:page": Route(Access.MEMBER),
    "going_live:bulk_book": Route(Access.WHOLE_CLINIC, POST),
    "pages:task_log": Route(Access.CHART, FORM),
    "pages:task_call": Route(Access.CHART, FORM, EQUIPMENT_TASK),
    "pages:why": Route(Access.CHART),
    "pages:task_assign": Route(Access.CHART, FORM),
    "pages:away": Route(Access.CLINICAL, FORM),
    "pages:task_plan": Route(Access.CHART, FORM),
    "pages:task_snooze": Route(Access.CHART, FORM),
    "pages:task_wake": Route(Access.CHART, POST),
    "pages:task_done": Route(Access.CHART, POST),
    "pages:task_withdraw": Route(Access.CHART, POST),
    "pages:task_reopen": Route(Access.CHART, POST),
    "pages:task_decline": Route(Access.CHART, FORM),
    "pages:task_defer": Route(Access.CHART, FORM),
    "pages:log_assessment": Route(Access.CHART, FORM),
    "pages:follow_up": Route(Access.CHART, FORM, {"fact_id": "pneumonia_id"}),
    "pages:task_add": Route(Access.CHART, FORM),
    "pages:decline": Route(Access.CHART, FORM),
    "pages:defer": Route(Access.CHART, FORM),
    "pages:withdraw": Route(Access.CHART, FORM),
    "pages:end_deferral": Route(Access.CHART, FORM),
    "pages:mark_error": Route(Access.CHART, FORM, FACT),
    "pages:undo": Route(Access.CHART, POST, FACT),
    "pages:patient": Route(Access.CHART),
    "pages:log_menu": Route(Access.CHART),
    "pages:visit_sheet": Route(Access.CHART),
    "pages:patient_edit": Route(Access.CHART, FORM),
    "pages:status": Route(Access.CHART, FORM),
    "pages:team": Route(Access.CHART),
    "pages:seat": Route(Access.CHART, FORM),
    "pages:leave_seat": Route(Access.CHART, FORM),
    "alerts:read": Route(Access.CHART, POST),
    "alerts:snooze": Route(Access.CHART, FORM),
    "alerts:wake": Route(Access.CHART, POST),
    "equipment:request": Route(Access.CHART, FORM),
    "equipment:return_loaner": Route(Access.CHART, FORM),
    "equipment:detail": Route(Access.CHART),
    "equipment:advance": Route(Access.CHART, FORM),
    "equipment:undo_move": Route(Access.CHART, POST),
    "equipment:log_call": Route(Access.CHART, FORM),
    "equipment:lend": Route(Access.CHART, FORM),
    "referrals:place": Route(Access.CHART, FORM),
    "referrals:update": Route(Access.CHART, FORM),
}


def addresses(resolver: URLResolver, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address of the product outside the admin, with its name."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            if inner != "admin:":
                yield from addresses(pattern, inner)
        else:
            yield f"{namespace}{pattern.name or pattern.pattern}", pattern


PATTERNS = dict(addresses(get_resolver()))
CHART_ROUTES = sorted(name for name, route in ROUTES.items() if route.access is Access.CHART)


def test_every_address_is_classified() -> None:
    assert set(PATTERNS) - set(ROUTES) == set(), "say in ROUTES who may use these"
    assert set(ROUTES) - set(PATTERNS) == set(), "these are gone"


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Built once, undone at the end; each probe is undone by itself."""
    with django_db_blocker.unblock(), clock.set_to(NOW), transaction.atomic():
        yield build()
        transaction.set_rollback(True)


def url(name: str, things: Mapping[str, object], other: Mapping[str, object] | None = None) -> str:
    """The address of a thing; with ``other``, each part of it that is an id taken from there."""
    ids = ROUTES[name].ids
    parts = PATTERNS[name].pattern.regex.groupindex
    return reverse(name, kwargs={part: things[ids.get(part, part)] for part in parts})


def ask(world: World, who: str, method: str, address: str) -> HttpResponse:
    """One request, whose writes and cookies are undone."""
    client = world.askers[who]
    cookies = copy.deepcopy(client.cookies)
    with transaction.atomic():
        answer: HttpResponse = getattr(client, method.lower())(address)
        transaction.set_rollback(True)
    client.cookies = cookies
    return answer


def verdict(answer: HttpResponse) -> str:
    """ "in", or how somebody was kept out."""
    location = answer.headers.get("Location", "")
    if answer.status_code == 302 and location.startswith(("/accounts/login/", "/admin/login/")):
        return "sign in"
    if answer.status_code in {403, 404, 405}:
        return {403: "forbidden", 404: "not found", 405: "no such method"}[answer.status_code]
    # 503: /readyz answers everybody, here that no broker runs.
    answered = answer.status_code < 400 or answer.status_code in {409, 422, 503}
    return "in" if answered else str(answer.status_code)


KEPT_OUT = {"no such method", "sign in", "forbidden", "not found"}
# What each kind of asker gets where the method exists: (their own clinic's things, others').
SIGN_IN = ("sign in", "sign in")
NO_CLINIC = ("forbidden", "forbidden")
OUTSIDERS = {
    "anonymous": SIGN_IN,
    "deactivated": SIGN_IN,
    "superuser": NO_CLINIC,
    "former member": NO_CLINIC,
    "admin": NO_CLINIC,
}
CLINICAL = {**OUTSIDERS, **{str(role): ("in", "not found") for role in CLINICAL_ROLES}}
EVERYBODY = ("in", "in")
EXPECTED: Mapping[Access, Mapping[str, tuple[str, str]]] = {
    Access.PUBLIC: dict.fromkeys(CLINICAL, EVERYBODY),
    Access.ACCOUNT: dict.fromkeys(CLINICAL, EVERYBODY) | {"anonymous": SIGN_IN, "deactivated": SIGN_IN},
    Access.MEMBER: CLINICAL | {"admin": EVERYBODY},
    Access.CLINICAL: CLINICAL,
    Access.WHOLE_CLINIC: CLINICAL | {"member": NO_CLINIC},
    Access.OVERSIGHT: CLINICAL | {"member": NO_CLINIC, "admin": EVERYBODY},
    Access.CHART: CLINICAL,
    Access.RULES: CLINICAL | dict.fromkeys((*CLINICAL_ROLES, "admin"), EVERYBODY),
    Access.SETTINGS: CLINICAL
    | dict.fromkeys(CLINICAL_ROLES, NO_CLINIC)
    | dict.fromkeys(("lead", "admin"), EVERYBODY),
    Access.CHOICE: {
        **dict.fromkeys(CLINICAL, ("in", "not found")),
        "anonymous": SIGN_IN,
        "deactivated": SIGN_IN,
        "superuser": ("not found", "not found"),
        "former member": ("not found", "not found"),
    },
    Access.DEMO: dict.fromkeys(CLINICAL, ("not found", "not found")),
}


@pytest.mark.parametrize("name", sorted(ROUTES))
def test_everybody_gets_what_they_may_have_and_nothing_else(world: World, name: str) -> None:
    route, unexpected = ROUTES[name], []
    places = [(world.here, 0), (world.there, 1), (world.nowhere, 1)]
    if not PATTERNS[name].pattern.regex.groupindex:
        places = places[:1]
    # django-allauth's views answer any method, as the one they know.
    methods = route.methods if route.access in {Access.PUBLIC, Access.ACCOUNT} else METHODS
    for who, expected in EXPECTED[route.access].items():
        for method in methods:
            # A method that does not exist is tried in one place: the answer never looks at the id.
            for things, side in places if method in route.methods else places[:1]:
                found = verdict(ask(world, who, method, url(name, things)))
                wanted = {expected[side]} if method in route.methods else KEPT_OUT
                if found not in wanted:
                    unexpected.append((who, method, ("here", "elsewhere")[side], found))

    assert unexpected == []


@pytest.mark.parametrize("name", CHART_ROUTES)
def test_a_chart_of_another_clinic_and_nothing_at_all_look_alike(world: World, name: str) -> None:
    method = ROUTES[name].methods[0]

    answers = [ask(world, "member", method, url(name, things)) for things in (world.there, world.nowhere)]

    # Ids, nonces and CSRF tokens differ from one answer to the next, whatever was asked for.
    drawn = re.compile(r"[0-9a-f-]{36}|nonce-[\w+/=]+|\b[a-zA-Z0-9]{64}\b")
    bodies = [drawn.sub("", answer.content.decode()) for answer in answers]
    assert bodies[0] == bodies[1]


MIXED = [name for name in CHART_ROUTES if len(PATTERNS[name].pattern.regex.groupindex) > 1]


@pytest.mark.parametrize("name", MIXED)
def test_one_id_of_another_clinic_among_ones_own_is_not_found(world: World, name: str) -> None:
    ids, method = ROUTES[name].ids, ROUTES[name].methods[0]
    for part in PATTERNS[name].pattern.regex.groupindex:
        key = ids.get(part, part)
        if isinstance(world.there[key], uuid.UUID):
            mixed = {**world.here, key: world.there[key]}
            assert verdict(ask(world, "lead", method, url(name, mixed))) == "not found", part


@pytest.mark.parametrize("name", CHART_ROUTES)
def test_charts_shown_and_denied_are_written_down(world: World, name: str) -> None:
    method = ROUTES[name].methods[0]
    with transaction.atomic():
        getattr(world.askers["member"], method.lower())(url(name, world.here))
        shown = ChartRead.objects.values_list("patient_ids", flat=True).order_by("id")
        ids = {patient for row in shown for patient in row}
        transaction.set_rollback(True)
    with transaction.atomic():
        getattr(world.askers["member"], method.lower())(url(name, world.there))
        denied, leaked = Denial.objects.count(), ChartRead.objects.count()
        transaction.set_rollback(True)

    # A request that only acts and then redirects shows no chart.
    assert ids <= {world.here["patient_id"]}
    assert method == "POST" or ids == {world.here["patient_id"]}
    assert (denied, leaked) == (1, 0)


@pytest.mark.full
def test_ten_thousand_probes_across_clinics_open_nothing(world: World) -> None:
    opened, probes = [], 0
    while probes < 10_000:
        for name in CHART_ROUTES:
            for method in ROUTES[name].methods:
                things = world.there if probes % 2 else world.nowhere
                found = verdict(ask(world, "lead", method, url(name, things)))
                probes += 1
                if found != "not found":
                    opened.append((name, method, found))

    assert opened == []


# The admin: what a page about one model answers, by the kind of its admin class.

CHART_MODELS = [model for model, site in admin.site._registry.items() if isinstance(site, ChartAdmin)]
CONFIGURATION = [model for model in admin.site._registry if model not in CHART_MODELS]
SITE_PAGES = {"index", "login", "logout", "password_change", "password_change_done", "jsi18n", "autocomplete"}
MODEL_PAGES = {"changelist", "add", "history", "delete", "change", "entered_in_error"}
LET_IN = {"superuser", "admin"}


def admin_names() -> set[str]:
    """Names of the admin's addresses, those about models without the model."""
    names = set()
    for pattern in admin.site.urls[0]:
        inner = pattern.url_patterns if isinstance(pattern, URLResolver) else [pattern]
        names |= {str(each.name) for each in inner if isinstance(each, URLPattern) and each.name}
    models = {f"{m._meta.app_label}_{m._meta.model_name}_" for m in admin.site._registry}
    return {next((name[len(m) :] for m in models if name.startswith(m)), name) for name in names}


def test_every_page_of_the_admin_is_classified() -> None:
    assert admin_names() - SITE_PAGES - MODEL_PAGES <= {"app_list", "view_on_site"}


@pytest.mark.parametrize("model", CHART_MODELS)
def test_charts_in_the_admin_are_closed_to_those_without_a_clinical_role(
    world: World, model: type[Model]
) -> None:
    """Who is let in and sees what, the positive twin, stands in tests/patients/test_admin.py."""
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    one = [uuid.uuid4()]
    probes = [
        ("GET", reverse(f"{name}_changelist")),
        ("POST", reverse(f"{name}_changelist")),
        ("GET", reverse(f"{name}_add")),
        ("GET", reverse(f"{name}_change", args=one)),
        ("POST", reverse(f"{name}_delete", args=one)),
    ]
    if isinstance(admin.site._registry[model], FactAdmin):
        probes.append(("POST", reverse(f"{name}_entered_in_error", args=one)))

    let_in = [
        (who, method, address)
        for who in world.askers
        for method, address in probes
        if verdict(ask(world, who, method, address)) not in KEPT_OUT
    ]

    assert let_in == []


@pytest.mark.parametrize("model", CONFIGURATION)
def test_configuration_is_for_superusers_and_admins(world: World, model: type[Model]) -> None:
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    let_in = {who for who in world.askers if ask(world, who, "GET", address).status_code == 200}

    assert {"superuser"} <= let_in <= LET_IN
