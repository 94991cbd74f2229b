"""The rules in words: what is due when, whose it is, how it closes, where the numbers come from."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pathway.registry import rules
from teams.models import Clinic, User
from tests.factories import a_member, a_patient, signed_in
from tests.pages.rules.form import ACTIVATE, CHANGE, MOST_QUERIES, RULE, drafted, typed
from tests.worklist.records import task
from worklist.models import RuleSetting
from worklist.services.runs import work_off

pytestmark = pytest.mark.django_db


def test_the_list_says_for_every_rule_what_is_due_when_and_whose(clinic: Clinic) -> None:
    page = signed_in(a_member(clinic, "nutrition")).get(reverse("rules:list")).content.decode()

    counts = "<b>29 rules</b>, 3 of them off unless turned on. 0 switched off, 0 changed by this clinic."
    assert counts in page
    assert page.count("Off unless turned on") == 3
    for rule in rules().values():
        assert rule.code in page
    assert "A completed nutrition review is due 3 months after the last one" in page


def test_the_list_takes_the_same_queries_whatever_is_set(clinic: Clinic, lead: User) -> None:
    client = signed_in(lead)
    with CaptureQueriesContext(connection) as shipped:
        client.get(reverse("rules:list"))
    drafted(client, interval_months="4")
    client.post(ACTIVATE, {"why": "Agreed.", "version": "1"})
    with CaptureQueriesContext(connection) as changed:
        page = client.get(reverse("rules:list")).content.decode()

    assert len(changed) == len(shipped) <= MOST_QUERIES
    assert "is due 4 months after the last one" in page
    assert "Changed by this clinic" in page
    assert "0 switched off, 1 changed by this clinic." in page


@pytest.mark.parametrize("code", [*rules(), "COMMON"])
def test_every_rule_has_its_page_and_its_form(clinic: Clinic, lead: User, code: str) -> None:
    client = signed_in(lead)
    with CaptureQueriesContext(connection) as queries:
        page = client.get(reverse("rules:rule", args=[code])).content.decode()
    form = client.get(reverse("rules:change", args=[code]))

    assert len(queries) <= MOST_QUERIES
    assert form.status_code == 200
    assert "Nothing was ever changed here" in page
    if code != "COMMON":
        rule = rules()[code]
        for section in ("What closes it", "Whose work it is", "How grave a delay is", "Where it comes from"):
            assert section in page
        assert page.count('class="al-source') >= len(rule.source)


def test_an_optional_rule_says_so_and_is_turned_on_like_any_change(clinic: Clinic, lead: User) -> None:
    patient = a_patient(clinic, diagnosed_on=date(2024, 2, 16), enrolled_on=date(2024, 3, 4))
    client = signed_in(lead)
    change, rule = (reverse(f"rules:{name}", args=["DMT-12M"]) for name in ("change", "rule"))
    shipped = client.get(rule).content.decode()

    client.post(change, typed(client, change, enabled="on"))
    work_off()
    client.post(reverse("rules:activate", args=["DMT-12M"]), {"why": "Agreed.", "version": "1"})
    work_off()

    assert "Off unless the clinic turns it on." in shipped
    assert "Off in this clinic: it asks for nothing." in shipped
    assert "Off in this clinic" not in client.get(rule).content.decode()
    assert task(patient, "DMT-12M").closed_at is None
    listed = client.get(reverse("rules:list")).content.decode()
    assert "3 of them off unless turned on. 0 switched off, 1 changed by this clinic." in listed
    assert listed.count("Off unless turned on") == 2


def test_a_rule_that_raises_no_alerts_says_so_in_its_preview(clinic: Clinic, lead: User) -> None:
    client = signed_in(lead)
    change, preview = (reverse(f"rules:{name}", args=["EQ-RETURN"]) for name in ("change", "preview"))

    client.post(change, typed(client, change, enabled="on"))
    work_off()

    assert "This rule raises no alerts" in client.get(preview).text
    assert (
        "Stands on a list of its own: no alert, no mail."
        in client.get(reverse("rules:rule", args=["EQ-RETURN"])).text
    )


def test_work_that_is_not_always_the_owners_says_whose_it_is(clinic: Clinic, lead: User) -> None:
    page = signed_in(lead).get(reverse("rules:rule", args=["REF-STALL"])).text

    assert "It falls to whoever placed the referral while they work here" in page


def test_an_offer_made_again_is_named_only_where_it_is_milder(clinic: Clinic, lead: User) -> None:
    client = signed_in(lead)
    pages = {
        code: client.get(reverse("rules:rule", args=[code])) for code in ("MDT-VISIT", "NUTR-3M", "EQ-AGE")
    }

    assert {code: page.context["rule"].ladder for code, page in pages.items()} == {
        "MDT-VISIT": ["Attention"],
        "NUTR-3M": ["Attention", "Urgent", "An offer made again stays at attention."],
        "EQ-AGE": ["Urgent", "Critical"],
    }


def test_a_rule_says_whom_it_is_passed_on_to_in_this_clinic(clinic: Clinic, lead: User) -> None:
    clinic.urgent_to_coordinator, clinic.urgent_to_lead = 1, 9
    clinic.save()
    client = signed_in(lead)
    client.post(CHANGE, typed(client, severities__urgent="critical"))
    lines = {
        code: client.get(reverse("rules:rule", args=[code])).context["rule"].escalation
        for code in ("NUTR-3M", "RIL-BASE", "EQ-AGE", "PALL-REF", "EQ-RETURN")
    }
    attention = "Attention, if nobody answers: coordinator after 7 days, lead after 14 days."
    urgent = "Urgent, if nobody answers: coordinator after 1 day, lead after 9 days."
    critical = "Critical, if nobody answers: coordinator at once, lead after 2 days."

    assert lines == {
        "NUTR-3M": [attention, urgent],  # the draft is not in force
        "RIL-BASE": [urgent],
        "EQ-AGE": [urgent, critical],
        "PALL-REF": [attention, urgent, critical],  # an offer made again stays at attention
        "EQ-RETURN": [],
    }
    assert f'<p class="al-quiet">{urgent}</p>' in client.get(RULE).text


def test_only_severities_that_come_into_effect_can_be_set(clinic: Clinic, lead: User) -> None:
    client = signed_in(lead)

    page = client.get(reverse("rules:change", args=["PALL-REF"]))
    without_offers = client.get(reverse("rules:change", args=["EQ-AGE"]))

    fields = [name for name in page.context["form"].fields if name.startswith("severities__")]
    assert fields == ["severities__urgent", "severities__critical"]
    assert "An offer made again stays at attention, whatever stands here." in page.text
    assert "An offer made again" not in without_offers.text


def test_turning_nothing_on_is_no_change(clinic: Clinic, lead: User) -> None:
    client = signed_in(lead)
    change = reverse("rules:change", args=["DMT-12M"])

    answer = client.post(change, typed(client, change))

    assert answer.status_code == 422
    assert not RuleSetting.objects.exists()


def test_others_read_and_see_no_way_to_change(clinic: Clinic, lead: User) -> None:
    reader = signed_in(a_member(clinic, "nutrition"))
    drafted(signed_in(lead), interval_months="4")

    page = reader.get(RULE).content.decode()

    assert CHANGE not in page
    assert "has drafted a change" not in page
    assert reader.get(CHANGE).status_code == 403


def test_a_rule_nobody_knows_is_not_found(clinic: Clinic, lead: User) -> None:
    assert signed_in(lead).get(reverse("rules:rule", args=["NUTR-9M"])).status_code == 404
    assert signed_in(lead).get(reverse("rules:change", args=["NUTR-9M"])).status_code == 404
