"""When a decline or deferral is in force, how it ends, and what follows."""

from typing import Any

import pytest

from pathway.chart import Common
from pathway.choices import Choice, Ending
from pathway.due import CloseReason
from tests.pathway.build import Raw, chart, day, event, life

TOPIC = "palliative"


def _decline(on: str, **data: Any) -> Raw:
    return event("decline", on, topic=TOPIC, **data)


def _withdraw(on: str) -> Raw:
    return event("withdraw_decline", on, topic=TOPIC)


def _choices(*events: Raw, topic: str = TOPIC) -> list[Choice]:
    return list(chart(life(*events), "2027-12-31").choices(topic))


def _spans(*events: Raw, topic: str = TOPIC) -> list[tuple[str, str | None, Ending | None]]:
    return [
        (each.event.on.isoformat(), each.end.isoformat() if each.end else None, each.ending)
        for each in _choices(*events, topic=topic)
    ]


@pytest.mark.parametrize(
    ("data", "end"),
    [
        ({}, "2026-04-30"),
        ({"reoffer_on": None}, "2026-04-30"),
        ({"reoffer_on": "2026-03-15"}, "2026-03-15"),
        ({"reoffer_on": "whenever"}, "2026-04-30"),
        ({"permanent": False}, "2026-04-30"),
        ({"permanent": True}, None),
        ({"permanent": True, "reoffer_on": "2026-03-15"}, None),
    ],
)
def test_a_decline_lasts_until_it_is_offered_again(data: dict[str, Any], end: str | None) -> None:
    ending = Ending.LAPSED if end else None

    assert _spans(_decline("2026-01-31", **data)) == [("2026-01-31", end, ending)]


@pytest.mark.parametrize(
    ("topic", "end"),
    [
        ("gastrostomy", "2026-04-30"),
        ("cognitive_screen", "2026-07-31"),
        ("discipline:nutrition", "2026-07-31"),
        ("lft", "2026-02-28"),
    ],
)
def test_each_topic_has_its_months(topic: str, end: str) -> None:
    assert _spans(event("decline", "2026-01-31", topic=topic), topic=topic) == [
        ("2026-01-31", end, Ending.LAPSED)
    ]


def test_a_clinic_may_set_the_months() -> None:
    common = Common(reoffer_months={TOPIC: 1})

    choice = chart(life(_decline("2026-01-31")), "2026-02-01", common).choices(TOPIC)[0]

    assert choice.end == day("2026-02-28")


@pytest.mark.parametrize("topic", ["ice_cream", "equipment"])
def test_a_topic_the_catalogue_does_not_know_has_no_choices(topic: str) -> None:
    assert _spans(event("decline", "2026-01-31", topic=topic), topic=topic) == []


@pytest.mark.parametrize(
    ("on", "in_force"),
    [("2026-01-30", False), ("2026-01-31", True), ("2026-04-29", True), ("2026-04-30", False)],
)
def test_in_force_from_its_date_until_before_the_day_it_is_offered_again(on: str, in_force: bool) -> None:
    assert chart(life(_decline("2026-01-31")), on).declined(TOPIC) is in_force


def test_a_withdrawal_ends_it_with_a_fresh_window() -> None:
    events = (_decline("2026-02-01"), event("withdraw_decline", "2026-03-01", event_id="w", topic=TOPIC))

    assert _spans(*events) == [("2026-02-01", "2026-03-01", Ending.WITHDRAWN)]
    fresh = chart(life(*events), "2026-06-01").fresh_window(TOPIC)
    assert fresh is not None
    assert fresh.id == "w"


def test_only_a_withdrawal_ends_a_permanent_decline() -> None:
    assert _spans(_decline("2026-02-01", permanent=True), _withdraw("2027-03-01")) == [
        ("2026-02-01", "2027-03-01", Ending.WITHDRAWN)
    ]


@pytest.mark.parametrize("on", ["2026-05-01", "2026-05-02"])
def test_a_withdrawal_after_it_lapsed_changes_nothing(on: str) -> None:
    facts = life(_decline("2026-02-01"), _withdraw(on))

    assert chart(facts, "2026-06-01").fresh_window(TOPIC) is None
    assert chart(facts, "2026-06-01").choices(TOPIC)[0].ending is Ending.LAPSED


def test_a_second_withdrawal_does_not_refresh_the_window() -> None:
    facts = life(_decline("2026-02-01"), _withdraw("2026-02-10"), _withdraw("2026-02-20"))

    fresh = chart(facts, "2026-06-01").fresh_window(TOPIC)

    assert fresh is not None
    assert fresh.on == day("2026-02-10")


def test_the_latest_decline_governs() -> None:
    events = (_decline("2026-02-01", permanent=True), _decline("2026-02-10", reoffer_on="2026-02-20"))

    assert _spans(*events) == [
        ("2026-02-01", "2026-02-10", Ending.SUPERSEDED),
        ("2026-02-10", "2026-02-20", Ending.LAPSED),
    ]
    assert chart(life(*events), "2026-02-20").declined(TOPIC) is False


def test_a_withdrawal_of_a_lapsed_decline_does_not_reach_the_one_before() -> None:
    facts = life(
        _decline("2026-02-01"), _decline("2026-02-10", reoffer_on="2026-02-20"), _withdraw("2026-02-25")
    )

    assert chart(facts, "2026-03-01").fresh_window(TOPIC) is None


def test_on_one_day_the_order_of_entry_decides() -> None:
    declined_last = (_decline("2026-02-01"), _withdraw("2026-03-01"), _decline("2026-03-01"))
    withdrawn_last = (_decline("2026-02-01"), _decline("2026-03-01"), _withdraw("2026-03-01"))

    assert chart(life(*declined_last), "2026-03-01").declined(TOPIC) is True
    assert chart(life(*withdrawn_last), "2026-03-01").declined(TOPIC) is False


def test_declined_and_withdrawn_within_a_day_was_never_in_force_yet_opens_the_window_anew() -> None:
    events = (_decline("2026-02-01"), _withdraw("2026-02-01"))

    assert [each.ever_in_force for each in _choices(*events)] == [False]
    fresh = chart(life(*events), "2026-02-01").fresh_window(TOPIC)
    assert fresh is not None
    assert fresh.on == day("2026-02-01")


def test_a_deferral_runs_until_its_date() -> None:
    facts = life(event("deferral", "2026-02-01", topic=TOPIC, until="2026-02-20", reason="inpatient"))

    (choice,) = chart(facts, "2026-02-10").choices(TOPIC)

    assert (choice.why, choice.end, choice.ending) == (
        CloseReason.DEFERRED,
        day("2026-02-20"),
        Ending.LAPSED,
    )
    assert chart(facts, "2026-02-19").declined(TOPIC) is True
    assert chart(facts, "2026-02-20").declined(TOPIC) is False


@pytest.mark.parametrize("until", [None, "", "soon"])
def test_a_deferral_without_an_end_is_as_if_not_recorded(until: object) -> None:
    assert _spans(event("deferral", "2026-02-01", topic=TOPIC, until=until)) == []


def test_a_deferral_may_be_ended_early() -> None:
    events = (
        event("deferral", "2026-02-01", topic=TOPIC, until="2026-06-01"),
        event("withdraw_deferral", "2026-03-01", topic=TOPIC),
    )

    assert _spans(*events) == [("2026-02-01", "2026-03-01", Ending.WITHDRAWN)]


def test_declines_and_deferrals_do_not_end_each_other() -> None:
    events = (
        _decline("2026-02-01"),
        event("deferral", "2026-02-10", topic=TOPIC, until="2026-02-20"),
        event("withdraw_deferral", "2026-02-15", topic=TOPIC),
    )

    assert _spans(*events) == [
        ("2026-02-01", "2026-05-01", Ending.LAPSED),
        ("2026-02-10", "2026-02-15", Ending.WITHDRAWN),
    ]


@pytest.mark.parametrize(
    ("fvc", "end", "ending"),
    [
        ([("2026-03-01", 49)], "2026-03-01", Ending.MATERIAL_CHANGE),
        ([("2026-03-01", 50), ("2026-03-05", 49)], "2026-03-05", Ending.MATERIAL_CHANGE),
        ([("2026-03-01", None)], "2026-05-01", Ending.LAPSED),
        ([("2026-01-15", 49), ("2026-03-01", 45)], "2026-05-01", Ending.LAPSED),
        ([("2026-02-01", 49), ("2026-03-01", 45)], "2026-05-01", Ending.LAPSED),
        ([("2026-05-01", 49)], "2026-05-01", Ending.LAPSED),
    ],
)
def test_fvc_first_below_50_ends_a_decline_of_niv(
    fvc: list[tuple[str, int | None]], end: str, ending: Ending
) -> None:
    tests = [event("resp_assessment", on, fvc_pct=value) for on, value in fvc]

    assert _spans(event("decline", "2026-02-01", topic="niv"), *tests, topic="niv") == [
        ("2026-02-01", end, ending)
    ]


@pytest.mark.parametrize(("kg", "ending"), [(72, Ending.MATERIAL_CHANGE), (72.001, Ending.LAPSED)])
def test_a_tenth_of_the_weight_lost_ends_a_decline_of_gastrostomy(kg: float, ending: Ending) -> None:
    events = (
        event("nutrition_review", "2026-01-10", weight_kg=80),
        event("decline", "2026-02-01", topic="gastrostomy"),
        event("nutrition_review", "2026-03-01", weight_kg=kg),
    )

    assert [span[2] for span in _spans(*events, topic="gastrostomy")] == [ending]


def test_no_change_of_findings_ends_a_permanent_decline() -> None:
    events = (
        event("decline", "2026-02-01", topic="niv", permanent=True),
        event("resp_assessment", "2026-03-01", fvc_pct=40),
    )

    assert _spans(*events, topic="niv") == [("2026-02-01", None, None)]


@pytest.mark.parametrize(("reason", "withdrawn"), [("patient_request", True), ("distress", False)])
def test_asking_to_talk_withdraws_a_decline_of_the_talk(reason: str, withdrawn: bool) -> None:
    events = (
        event("decline", "2026-02-01", topic="eol_discussion"),
        event("eol_trigger", "2026-03-01", reason=reason),
    )

    ((_on, _end, ending),) = _spans(*events, topic="eol_discussion")

    assert (ending is Ending.WITHDRAWN) is withdrawn


def test_a_withdrawal_ends_the_latest_decline_alone() -> None:
    events = (_decline("2026-02-01"), _decline("2026-03-01"), _withdraw("2026-03-01"))

    assert _spans(*events) == [
        ("2026-02-01", "2026-03-01", Ending.SUPERSEDED),
        ("2026-03-01", "2026-03-01", Ending.WITHDRAWN),
    ]


def test_each_decline_is_superseded_by_the_next() -> None:
    events = [_decline(on, permanent=True) for on in ("2026-02-01", "2026-03-01", "2026-04-01")]

    assert _spans(*events) == [
        ("2026-02-01", "2026-03-01", Ending.SUPERSEDED),
        ("2026-03-01", "2026-04-01", Ending.SUPERSEDED),
        ("2026-04-01", None, None),
    ]


def _deferral(on: str, until: str, topic: str = TOPIC) -> Raw:
    return event("deferral", on, topic=topic, until=until)


@pytest.mark.parametrize(
    ("fvc", "end", "ending"), [(50, "2026-06-01", Ending.LAPSED), (49, "2026-03-01", Ending.MATERIAL_CHANGE)]
)
def test_a_material_change_ends_a_deferral_as_well(fvc: int, end: str, ending: Ending) -> None:
    events = (
        _deferral("2026-02-01", "2026-06-01", "niv"),
        event("resp_assessment", "2026-03-01", fvc_pct=fvc),
    )

    assert _spans(*events, topic="niv") == [("2026-02-01", end, ending)]


def test_asking_to_talk_ends_a_deferral_of_the_talk_the_first_word_counts() -> None:
    topic = "eol_discussion"
    deferral = _deferral("2026-02-01", "2026-06-01", topic)
    asked = event("eol_trigger", "2026-03-01", reason="patient_request")
    ended = event("withdraw_deferral", "2026-03-10", topic=topic)

    assert _spans(deferral, asked, topic=topic) == [("2026-02-01", "2026-03-01", Ending.WITHDRAWN)]
    assert _spans(deferral, asked, ended, topic=topic) == [("2026-02-01", "2026-03-01", Ending.WITHDRAWN)]
    assert _spans(event("deferral", "2026-02-01", topic="niv", until="2026-06-01"), asked, topic="niv") == [
        ("2026-02-01", "2026-06-01", Ending.LAPSED)
    ]


@pytest.mark.parametrize(
    ("events", "fresh_on"),
    [
        (
            [
                _decline("2026-02-01"),
                _withdraw("2026-02-10"),
                _decline("2026-03-01"),
                _withdraw("2026-03-10"),
            ],
            "2026-03-10",
        ),
        (
            [
                _decline("2026-02-01", permanent=True),
                _deferral("2026-02-02", "2026-12-01"),
                event("withdraw_deferral", "2026-03-01", topic=TOPIC),
                _withdraw("2026-04-01"),
            ],
            "2026-04-01",
        ),
        (
            [
                _decline("2026-02-01", permanent=True),
                _deferral("2026-02-02", "2026-12-01"),
                _withdraw("2026-03-01"),
                event("withdraw_deferral", "2026-04-01", topic=TOPIC),
            ],
            "2026-04-01",
        ),
    ],
)
def test_the_latest_answer_opens_the_window(events: list[Raw], fresh_on: str) -> None:
    fresh = chart(life(*events), "2026-06-01").fresh_window(TOPIC)

    assert fresh is not None
    assert fresh.on == day(fresh_on)
