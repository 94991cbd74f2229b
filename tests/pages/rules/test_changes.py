"""Changing what a clinic sets about a rule: draft, preview, put in force."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import ChartRead
from pathway import clock
from patients.models import Patient
from teams.models import Clinic, Role, User
from tests.factories import a_clinic, a_member, a_patient, signed_in
from tests.pages.rules.form import ACTIVATE, CHANGE, MOST_QUERIES, PREVIEW, RULE, drafted, inputs, typed
from tests.worklist.records import at, reviewed, task
from worklist.models import RuleRun, RuleSetting, RunKind, SettingState
from worklist.services.runs import work_off

pytestmark = pytest.mark.django_db


def test_each_field_says_its_unit_and_range_and_the_value_as_shipped(clinic: Clinic, lead: User) -> None:
    form = signed_in(lead).get(CHANGE).content.decode()

    assert "1 to 12 months; as shipped 3 months." in form
    assert "As shipped: Nutrition." in form


@pytest.mark.parametrize("value", ["0", "13", "2.5", "three"])
def test_a_number_out_of_range_is_answered_at_its_field(clinic: Clinic, lead: User, value: str) -> None:
    client = signed_in(lead)

    answer = client.post(CHANGE, typed(client, interval_months=value))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert (
        '<a href="#id_interval_months">Months between reviews: Enter a whole number from 1 to 12.</a>' in page
    )
    assert f'value="{value}"' in page
    assert not RuleSetting.objects.exists()


def test_whole_numbers_are_shown_whole(clinic: Clinic, lead: User) -> None:
    client = signed_in(lead)
    change, preview, rule = (
        reverse(f"rules:{page}", args=["RESP-3M"]) for page in ("change", "preview", "rule")
    )
    client.post(change, typed(client, change, urgent_fvc_lt="65.0"))
    work_off()

    [draft] = client.get(preview).context["preview"].changes
    again = inputs(client.get(change).text)
    client.post(reverse("rules:activate", args=["RESP-3M"]), {"version": "1", "why": "Earlier"})

    assert (draft.now, draft.then) == ("60 %", "65 %")
    assert again["urgent_fvc_lt"] == "65"
    page = client.get(rule).text
    assert "<b>65 %</b>" in page
    assert "65.0" not in page
    liver = client.get(reverse("rules:rule", args=["RIL-HEP"])).text
    assert "above 5 times the upper limit" in liver
    assert "5.0 times the upper limit of normal</td>" not in liver


def test_a_part_of_a_percent_is_shown(clinic: Clinic, lead: User) -> None:
    client, url = signed_in(lead), reverse("rules:change", args=["RESP-3M"])

    client.post(url, typed(client, url, urgent_fvc_lt="62.5"))

    [draft] = client.get(reverse("rules:preview", args=["RESP-3M"])).context["preview"].changes
    assert draft.then == "62.5 %"


def test_numbers_by_item_are_typed_item_by_item(clinic: Clinic, lead: User) -> None:
    client, url = signed_in(lead), reverse("rules:change", args=["EQ-AGE"])

    bad = client.post(url, typed(client, url, by_item__suction="0"))
    client.post(url, typed(client, url, by_item__suction="3"))

    assert '<a href="#id_by_item__suction">Suction machine: Enter a whole number' in bad.content.decode()
    assert RuleSetting.objects.get().parameters == {"by_item": {"suction": 3}}


def test_a_severity_below_a_milder_one_is_answered(clinic: Clinic, lead: User) -> None:
    client = signed_in(lead)

    answer = client.post(CHANGE, typed(client, severities__attention="critical"))

    assert answer.status_code == 422
    assert "A higher severity cannot become lower than one below it." in answer.content.decode()


def test_the_second_of_two_people_loses_nothing_and_is_told(clinic: Clinic, lead: User) -> None:
    client = signed_in(lead)
    mine = typed(client, interval_months="5")
    drafted(signed_in(a_member(clinic, role=Role.ADMIN, name="Rosa Siskin")), interval_months="4")

    answer = client.post(CHANGE, mine)

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Rosa Siskin drafted a change of this rule meanwhile" in page
    assert "It says: Months between reviews: 4 months (as shipped: 3 months)." in page
    assert RuleSetting.objects.get(state=SettingState.DRAFT).parameters == {"interval_months": 4}

    again = client.post(CHANGE, inputs(page) | {"over": "1"})

    assert again.status_code == 302
    assert RuleSetting.objects.get(state=SettingState.DRAFT).parameters == {"interval_months": 5}


def test_the_second_is_told_what_was_put_in_force(clinic: Clinic, lead: User) -> None:
    client = signed_in(lead)
    mine = typed(client, interval_months="5")
    rosa = signed_in(a_member(clinic, role=Role.ADMIN, name="Rosa Siskin"))
    drafted(rosa, interval_months="4")
    work_off()
    rosa.post(ACTIVATE, {"version": "1", "why": "Fewer visits"})

    answer = client.post(CHANGE, mine)

    assert answer.status_code == 409
    assert "Rosa Siskin set this rule meanwhile" in answer.content.decode()


def test_a_draft_given_up_meanwhile_is_in_nobodys_way(clinic: Clinic, lead: User) -> None:
    client = signed_in(lead)
    mine = typed(client, interval_months="5")
    rosa = signed_in(a_member(clinic, role=Role.ADMIN, name="Rosa Siskin"))
    drafted(rosa, interval_months="4")
    rosa.post(reverse("rules:discard", args=["NUTR-3M"]))

    assert client.post(CHANGE, mine).status_code == 302
    assert RuleSetting.objects.get(state=SettingState.DRAFT).parameters == {"interval_months": 5}


def test_only_the_draft_looked_at_is_put_in_force(clinic: Clinic, lead: User) -> None:
    client = signed_in(lead)
    drafted(client, interval_months="5")
    drafted(signed_in(a_member(clinic, role=Role.ADMIN, name="Rosa Siskin")), interval_months="4")
    work_off()

    answer = client.post(ACTIVATE, {"version": "1", "why": "Fewer visits"})

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "another draft than the one you looked at, by Rosa Siskin" in page
    assert "Fewer visits" in page
    assert not RuleSetting.objects.filter(state=SettingState.ACTIVE).exists()
    assert client.post(ACTIVATE, inputs(page) | {"why": "Fewer visits"}).status_code == 302
    assert RuleSetting.objects.get(state=SettingState.ACTIVE).parameters == {"interval_months": 4}


def test_a_draft_that_is_gone_is_not_put_in_force_and_says_so(clinic: Clinic, lead: User) -> None:
    client = signed_in(lead)
    drafted(client, interval_months="5")
    client.post(reverse("rules:discard", args=["NUTR-3M"]))

    answer = client.post(ACTIVATE, {"version": "1", "why": "Fewer visits"}, follow=True)

    assert "This draft was given up or put in force meanwhile." in answer.content.decode()


def test_a_draft_is_previewed_with_progress_and_changes_nothing(clinic: Clinic, lead: User) -> None:
    with at("2026-03-02"):
        ruth = a_patient(clinic)
    client = signed_in(lead)
    with at("2026-12-31"):
        saved = client.post(CHANGE, typed(client, interval_months="4", initial_days="60"))
        waiting = client.get(PREVIEW).content.decode()
        work_off()
        with CaptureQueriesContext(connection) as queries:
            done = client.get(PREVIEW).content.decode()

    assert saved.headers["Location"] == PREVIEW
    assert "0 of 1 person checked. You can leave this page." in waiting
    assert 'hx-trigger="every 2s"' in waiting
    assert "Put in force" not in waiting
    assert "1 of 1 person checked." in done
    assert "hx-trigger" not in done.split('id="preview"')[1].split(">")[0]
    assert "Would have opened later: 1 alert" in done
    assert "2 Apr 2026 – still open" in done
    assert "2 May 2026 – still open" in done
    assert len(queries) <= MOST_QUERIES + 2  # and the audit's own row, which is written then
    assert task(ruth).due_on.isoformat() == "2026-04-01"


def test_a_preview_nobody_works_on_says_so(clinic: Clinic, lead: User) -> None:
    client, asked_at = signed_in(lead), datetime(2026, 3, 2, 15, tzinfo=UTC)
    with clock.set_to(asked_at):
        a_patient(clinic)
        client.post(CHANGE, typed(client, initial_days="60"))
        at_once = client.get(PREVIEW).text
    with clock.set_to(asked_at + timedelta(minutes=5)):
        later = client.get(PREVIEW).text

    assert "0 of 1 person checked. You can leave this page." in at_once
    assert "0 of 1 person checked. Nothing has moved for some minutes." in later


def test_the_audit_names_everybody_shown_as_an_example(clinic: Clinic, lead: User) -> None:
    with at("2026-03-02"):
        people = [a_patient(clinic) for _number in range(7)]
    client = signed_in(lead)
    with at("2026-12-31"):
        drafted(client, initial_days="60")
        before = ChartRead.objects.count()
        page = client.get(PREVIEW).content.decode()

    (row,) = ChartRead.objects.order_by("id")[before:]
    linked = {each.pk for each in people if reverse("pages:patient", args=[each.pk]) in page}
    assert len(linked) == 5
    assert set(row.patient_ids) == linked


def test_an_admin_sees_numbers_and_no_names(clinic: Clinic) -> None:
    with at("2026-03-02"):
        ruth = a_patient(clinic)
    client = signed_in(a_member(clinic, role=Role.ADMIN, name="Rosa Siskin"))
    with at("2026-12-31"):
        drafted(client, initial_days="60")
        page = client.get(PREVIEW).content.decode()

    assert "Would have opened later: 1 alert" in page
    assert str(ruth) not in page
    assert not ChartRead.objects.exists()


def test_putting_in_force_asks_for_a_reason_then_recalculates_with_progress(
    clinic: Clinic, lead: User
) -> None:
    with at("2026-03-02"):
        ruth = a_patient(clinic)
    client = signed_in(lead)
    with at("2026-03-10"):
        drafted(client, initial_days="60")
        without = client.post(ACTIVATE, {"why": "", "version": "1"})
        put = client.post(ACTIVATE, {"why": "Agreed on 9 Mar.", "version": "1"})
        under_way = client.get(RULE).content.decode()
        part = client.get(RULE, headers={"HX-Request": "true"}).content.decode()
        work_off()
        over = client.get(RULE).content.decode()
        last_part = client.get(RULE, headers={"HX-Request": "true"}).content.decode()

    assert without.status_code == 422
    assert "Why: Fill this in." in without.content.decode()
    assert put.headers["Location"] == RULE
    for page in (under_way, part):
        assert "Nutrition review: 0 of 1 person checked." in page
    assert "<html" not in part
    assert "checked." not in over
    assert "Everybody has been recalculated." in last_part
    assert "Agreed on 9 Mar." in over
    assert "Olga Bittern" in over
    assert "Days from joining to the first review: 60 days (as shipped: 30 days)" in over
    assert task(ruth).due_on.isoformat() == "2026-05-01"


def test_why_says_which_settings_the_work_follows(clinic: Clinic, lead: User) -> None:
    with at("2026-03-02"):
        ruth = a_patient(clinic)
        reviewed(ruth, "2026-03-02")
    client = signed_in(lead)
    with at("2026-03-10"):
        drafted(client, interval_months="4")
        client.post(ACTIVATE, {"why": "Agreed.", "version": "1"})
        work_off()
        page = client.get(reverse("pages:why", args=[task(ruth).pk])).content.decode()
        rule = client.get(RULE).content.decode()

    assert "NUTR-3M, version 1; this clinic’s settings, version 1" in page
    own = "Clinic setting</span><span>Months between reviews: 4 months (as shipped: 3 months)"
    assert own in page
    assert own in rule
    assert "is due 4 months after the last one" in page
    assert f'href="{RULE}"' in page


def test_a_draft_can_be_worked_out_again_or_given_up(clinic: Clinic, lead: User) -> None:
    client = signed_in(lead)
    with at("2026-03-10"):
        drafted(client, interval_months="4")
        first = RuleRun.objects.get(kind=RunKind.PREVIEW)
    with at("2026-03-11"):
        client = signed_in(lead)
        stale = client.get(PREVIEW).content.decode()
        client.post(reverse("rules:again", args=["NUTR-3M"]))
        again = RuleRun.objects.get(kind=RunKind.PREVIEW)
        client.post(reverse("rules:discard", args=["NUTR-3M"]))
        left = client.get(PREVIEW)

    assert "Worked out on 10 Mar 2026" in stale
    assert again.pk != first.pk
    assert left.headers["Location"] == RULE
    assert RuleSetting.objects.get().state == SettingState.SUPERSEDED


def test_another_clinic_is_left_alone(clinic: Clinic, lead: User) -> None:
    other = a_clinic()
    with at("2026-03-02"):
        elsewhere = a_patient(other)
    client = signed_in(lead)
    with at("2026-03-10"):
        drafted(client, initial_days="60")
        client.post(ACTIVATE, {"why": "Agreed.", "version": "1"})
        work_off()

    assert task(elsewhere).due_on.isoformat() == "2026-04-01"
    assert "1 changed" not in signed_in(a_member(other)).get(reverse("rules:list")).content.decode()
    assert Patient.objects.get(pk=elsewhere.pk).settings_revision == 0
