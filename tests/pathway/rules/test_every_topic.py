"""What a decline, a deferral and their ends do to each rule that has a topic."""

from dataclasses import dataclass
from typing import Any

import pytest

from pathway.due import CloseReason, Severity, Silenced
from pathway.registry import rules
from tests.pathway.build import Raw, alerts, day, due, event, life, silenced


@dataclass(frozen=True)
class Case:
    """Work that would be overdue from ``opens`` were it not for what is said on 10 February.

    ``again`` is the day of the next offer by the months of the topic. ``after`` is the
    first overdue day after a withdrawal on 1 June: that day itself where the rule has no
    T (catalogue 2.1), else a full window later.
    """

    rule: str
    topic: str
    events: tuple[Raw, ...]
    opens: str
    again: str
    after: str
    severity: Severity
    subject: str = ""

    def expected(self, opens: str) -> list[tuple[str, str, None]]:
        return [(self.subject, opens, None)]


ATTENTION, URGENT, CRITICAL = Severity
AT_ONCE = "2026-06-01"

CASES = [
    Case("MDT-VISIT", "mdt_visit", (), "2026-04-16", "2026-05-10", AT_ONCE, ATTENTION),
    Case(
        "RIL-LFT",
        "lft",
        (event("med_start", "2026-01-05", drug="riluzole"),),
        "2026-02-13",
        "2026-03-10",
        AT_ONCE,
        URGENT,
    ),
    Case("RESP-3M", "resp_testing", (), "2026-02-15", "2026-05-10", AT_ONCE, ATTENTION),
    Case(
        "RAD-PLAN",
        "niv",
        (event("resp_assessment", "2026-01-20", fvc_pct=55),),
        "2026-02-18",
        "2026-05-10",
        "2026-06-30",
        URGENT,
    ),
    Case(
        "NIV-TRIG",
        "niv",
        (event("resp_assessment", "2026-02-01", fvc_pct=79, symptoms=True),),
        "2026-02-16",
        "2026-05-10",
        "2026-06-16",
        URGENT,
    ),
    Case("COG-SCREEN", "cognitive_screen", (), "2026-04-02", "2026-08-10", AT_ONCE, ATTENTION),
    Case(
        "NUTR-3M",
        "nutrition_review",
        (event("nutrition_review", "2025-12-01", weight_kg=70),),
        "2026-03-02",
        "2026-05-10",
        AT_ONCE,
        ATTENTION,
    ),
    Case(
        "SWAL-SCREEN",
        "swallow_screen",
        (event("bulbar_status", "2026-02-05", impaired=True),),
        "2026-02-13",
        "2026-05-10",
        "2026-06-09",
        CRITICAL,
    ),
    Case(
        "SWAL-VFSS",
        "vfss",
        (event("swallow_screen", "2026-02-05", positive=True),),
        "2026-02-20",
        "2026-05-10",
        "2026-06-16",
        URGENT,
    ),
    Case(
        "DYSPH-PLAN",
        "dysphagia_plan",
        (event("swallow_screen", "2026-02-05", positive=True),),
        "2026-02-13",
        "2026-05-10",
        "2026-06-09",
        URGENT,
    ),
    Case(
        "PEG-DISC",
        "gastrostomy",
        (event("swallow_screen", "2026-02-05", positive=True),),
        "2026-03-06",
        "2026-05-10",
        "2026-06-30",
        URGENT,
    ),
    Case(
        "SIAL-STEP",
        "sialorrhea",
        (event("sialorrhea", "2026-02-05", present=True),),
        "2026-02-20",
        "2026-05-10",
        "2026-06-16",
        ATTENTION,
        "step1",
    ),
    Case(
        "SIAL-STEP",
        "sialorrhea",
        (
            event("sialorrhea", "2026-01-10", present=True),
            event("sialorrhea_treatment", "2026-01-12", line=1),
            event("sialorrhea_response", "2026-02-05", line=1, effective=False),
        ),
        "2026-03-06",
        "2026-05-10",
        "2026-06-30",
        ATTENTION,
        "step2",
    ),
    Case(
        "PALL-REF",
        "palliative",
        (
            event("referral", "2026-01-02", id="P", discipline="palliative_care"),
            event("referral_update", "2026-02-05", id="P", status="cancelled"),
        ),
        "2026-03-08",
        "2026-05-10",
        "2026-07-02",
        URGENT,
    ),
    Case(
        "REF-STALL",
        "palliative",
        (event("referral", "2026-02-05", id="P", discipline="palliative_care"),),
        "2026-02-20",
        "2026-05-10",
        AT_ONCE,
        URGENT,
        "P",
    ),
    Case(
        "EOL-TALK",
        "eol_discussion",
        (event("eol_trigger", "2026-02-05", reason="progression"),),
        "2026-02-20",
        "2026-05-10",
        "2026-06-16",
        URGENT,
    ),
]

each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule} {case.subject}".strip())


def _decline(case: Case, **data: Any) -> Raw:
    return event("decline", "2026-02-10", event_id="choice", topic=case.topic, **data)


def _deferral(case: Case, until: str) -> Raw:
    return event("deferral", "2026-02-10", event_id="choice", topic=case.topic, until=until)


def test_every_rule_with_a_topic_has_a_case() -> None:
    """HOSP-INFO has no window that could be put off; its own tests say what a choice does to it."""
    with_a_topic = {code for code, rule in rules().items() if rule.decline_topic}

    assert {case.rule for case in CASES} - {"REF-STALL"} == with_a_topic - {"HOSP-INFO"}
    assert all(rules()[case.rule].decline_topic in {case.topic, ""} for case in CASES)


@each_case
def test_left_alone_it_opens_on_its_day(case: Case) -> None:
    assert alerts(life(*case.events), case.rule, "2026-12-31") == case.expected(case.opens)


@each_case
def test_a_decline_is_silent_until_the_next_offer_which_stays_at_attention(case: Case) -> None:
    facts = life(*case.events, _decline(case))

    work = due(facts, case.rule, case.again, case.subject)

    assert alerts(facts, case.rule, "2026-12-31") == case.expected(case.again)
    assert silenced(facts, case.rule, "2026-02-10", case.subject) == Silenced(
        case.rule, case.subject, CloseReason.DECLINED, day(case.again)
    )
    assert work is not None
    assert (work.offer_again, work.severity, work.rises) == (True, ATTENTION, ())
    assert (work.due_on, work.overdue_on) == (day(case.again), day(case.again))
    assert "choice" in work.evidence


@each_case
def test_the_clinic_may_agree_on_another_day(case: Case) -> None:
    facts = life(*case.events, _decline(case, reoffer_on="2026-09-09"))

    assert alerts(facts, case.rule, "2026-12-31") == case.expected("2026-09-09")


@each_case
def test_an_offer_before_the_window_has_passed_is_no_offer_made_again(case: Case) -> None:
    facts = life(*case.events, _decline(case, reoffer_on="2026-02-11"))

    work = due(facts, case.rule, "2026-02-11", case.subject)

    assert alerts(facts, case.rule, "2026-12-31") == case.expected(case.opens)
    assert work is not None
    assert (work.offer_again, work.severity, work.overdue_on) == (False, case.severity, day(case.opens))


@each_case
def test_a_permanent_decline_is_never_offered_again(case: Case) -> None:
    facts = life(*case.events, _decline(case, permanent=True))

    assert alerts(facts, case.rule, "2027-12-31") == []
    assert silenced(facts, case.rule, "2027-12-31", case.subject) == Silenced(
        case.rule, case.subject, CloseReason.DECLINED, None
    )


@each_case
def test_a_withdrawal_gives_a_full_window_where_the_rule_has_one(case: Case) -> None:
    facts = life(
        *case.events,
        _decline(case, permanent=True),
        event("withdraw_decline", "2026-06-01", event_id="withdrawal", topic=case.topic),
    )

    work = due(facts, case.rule, "2026-06-01", case.subject)

    assert alerts(facts, case.rule, "2026-12-31") == case.expected(case.after)
    assert work is not None
    assert (work.offer_again, work.overdue_on) == (False, day(case.after))
    assert ("withdrawal" in work.evidence) is (case.after != AT_ONCE)


@each_case
def test_a_deferral_puts_it_off_and_is_not_worded_as_a_decline(case: Case) -> None:
    facts = life(*case.events, _deferral(case, "2026-08-20"))

    work = due(facts, case.rule, "2026-08-20", case.subject)

    assert alerts(facts, case.rule, "2026-12-31") == case.expected("2026-08-20")
    assert silenced(facts, case.rule, "2026-02-10", case.subject) == Silenced(
        case.rule, case.subject, CloseReason.DEFERRED, day("2026-08-20")
    )
    assert work is not None
    assert (work.offer_again, work.severity) == (False, case.severity)
    assert not str(work.reason).startswith("Declined")


@each_case
def test_a_decline_of_another_topic_silences_nothing(case: Case) -> None:
    other = "vfss" if case.topic != "vfss" else "mdt_visit"
    facts = life(*case.events, event("decline", "2026-02-10", topic=other))

    assert alerts(facts, case.rule, "2026-12-31") == case.expected(case.opens)


@pytest.mark.parametrize(
    "rule",
    [
        "EDV-CYCLE",
        "EQ-AGE",
        "EQ-STAGE",
        "EXEC-SAFE",
        "NIV-ADH",
        "NIV-BACKUP",
        "PEG-FVC30",
        "PEG-PLACE",
        "RIL-BASE",
        "RIL-HEP",
    ],
)
def test_safety_and_equipment_have_no_topic(rule: str) -> None:
    assert rules()[rule].decline_topic == ""
