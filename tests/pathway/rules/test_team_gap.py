from typing import Any

import pytest

from pathway.due import CloseReason, Severity
from tests.pathway.build import Raw, alerts, day, due, event, life, silenced

NINE = (
    "neurology",
    "pulmonology",
    "gastroenterology",
    "speech_language_pathology",
    "nutrition",
    "physical_therapy",
    "occupational_therapy",
    "social_work",
    "palliative_care",
)


def _assign(discipline: object, on: str = "2026-01-01", event_id: str | None = None) -> Raw:
    return event("team_assign", on, event_id=event_id, discipline=discipline)


def _unassign(discipline: object, on: str, assignment: str | None = None) -> Raw:
    return event("team_unassign", on, discipline=discipline, assignment=assignment)


def _all_but(*left_out: str) -> list[Raw]:
    return [_assign(discipline) for discipline in NINE if discipline not in left_out]


def _decline(topic: str, on: str, **data: Any) -> Raw:
    return event("decline", on, topic=topic, **data)


@pytest.mark.parametrize(
    ("enrolled_on", "due_on", "opens"),
    [
        ("2026-03-02", "2026-04-01", "2026-04-02"),
        ("2026-01-29", "2026-02-28", "2026-03-01"),
        ("2024-01-30", "2024-02-29", "2024-03-01"),
        ("2026-10-10", "2026-11-09", "2026-11-10"),
    ],
)
def test_a_full_team_within_thirty_days(enrolled_on: str, due_on: str, opens: str) -> None:
    facts = life(enrolled_on=enrolled_on)

    work = due(facts, "TEAM-GAP", enrolled_on)

    assert work is not None
    assert (work.due_on, work.overdue_on) == (day(due_on), day(opens))
    assert alerts(facts, "TEAM-GAP", opens) == [("", opens, None)]


@pytest.mark.parametrize("discipline", NINE)
def test_each_of_the_nine_counts(discipline: str) -> None:
    assert alerts(life(*_all_but(discipline)), "TEAM-GAP", "2026-12-31") == [("", "2026-02-01", None)]


@pytest.mark.parametrize(
    ("assigned_on", "expected"),
    [
        ("2026-01-31", []),
        ("2026-02-01", []),
        ("2026-02-02", [("", "2026-02-01", "2026-02-02")]),
    ],
)
def test_the_ninth_on_day_30_is_on_time(assigned_on: str, expected: list[object]) -> None:
    facts = life(*_all_but("nutrition"), _assign("nutrition", assigned_on))

    assert alerts(facts, "TEAM-GAP", "2026-12-31") == expected
    assert silenced(facts, "TEAM-GAP", "2026-12-31") is None


def test_what_it_says() -> None:
    work = due(life(*_all_but("nutrition", "gastroenterology")), "TEAM-GAP", "2026-01-01")

    assert work is not None
    assert (work.owner, work.informed) == ("coordinator", ())
    assert (work.severity, work.rises) == (Severity.ATTENTION, ())
    assert (work.anchor, work.evidence, work.subject) == ("", (), "")
    assert str(work.reason) == "Nobody yet for: Gastroenterology, Nutrition."
    assert [str(step) for step in work.steps] == [
        "Joined: 1 Jan 2026",
        "+ 30 days",
        "Due: 31 Jan 2026",
        "Overdue from: 1 Feb 2026",
    ]


# --- assigned and unassigned ---------------------------------------------------


@pytest.mark.parametrize(
    ("events", "open_"),
    [
        ([_assign("nutrition", event_id="a"), _unassign("nutrition", "2026-01-10")], True),
        ([_unassign("nutrition", "2026-01-10"), _assign("nutrition", "2026-01-10")], False),
        ([_assign("nutrition", "2026-01-10"), _unassign("nutrition", "2026-01-10")], True),
        ([_unassign("nutrition", "2026-01-09"), _assign("nutrition", "2026-01-10")], False),
        (
            [
                _assign("nutrition", event_id="a"),
                _assign("nutrition", event_id="b"),
                _unassign("nutrition", "2026-01-10", "a"),
            ],
            False,
        ),
        (
            [
                _assign("nutrition", event_id="a"),
                _assign("nutrition", event_id="b"),
                _unassign("nutrition", "2026-01-10", "a"),
                _unassign("nutrition", "2026-01-11", "b"),
            ],
            True,
        ),
        (
            [
                _assign("nutrition", event_id="a"),
                _assign("nutrition", event_id="b"),
                _unassign("nutrition", "2026-01-10"),
            ],
            True,
        ),
        ([_assign("nutrition", event_id="a"), _unassign("nutrition", "2026-01-10", "unknown")], False),
        (
            [_assign("nutrition"), _unassign("neurology", "2026-01-10"), _assign("neurology", "2026-01-11")],
            False,
        ),
        ([_assign(None), _unassign(None, "2026-01-10")], True),
        ([_assign("dentistry")], True),
    ],
)
def test_a_seat_is_taken_while_an_assignment_has_not_ended(events: list[Raw], open_: bool) -> None:
    facts = life(*_all_but("nutrition"), *events)

    assert alerts(facts, "TEAM-GAP", "2026-12-31") == ([("", "2026-02-01", None)] if open_ else [])


def test_a_seat_left_vacant_later_opens_that_day() -> None:
    facts = life(*_all_but(), _unassign("social_work", "2026-06-01"))

    assert alerts(facts, "TEAM-GAP", "2026-12-31") == [("", "2026-06-01", None)]


# --- declines ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("vacant", "topic", "covered"),
    [
        ("nutrition", "discipline:nutrition", True),
        ("nutrition", "discipline:neurology", False),
        ("nutrition", "nutrition_review", False),
        ("palliative_care", "discipline:palliative_care", True),
        ("palliative_care", "palliative", True),
        ("nutrition", "palliative", False),
    ],
)
def test_a_declined_seat_is_covered(vacant: str, topic: str, covered: bool) -> None:
    facts = life(*_all_but(vacant), _decline(topic, "2026-01-10", permanent=True))

    assert alerts(facts, "TEAM-GAP", "2026-12-31") == ([] if covered else [("", "2026-02-01", None)])
    assert silenced(facts, "TEAM-GAP", "2026-01-10") is None


@pytest.mark.parametrize(
    ("topic", "vacant", "opens"),
    [
        ("discipline:nutrition", "nutrition", "2026-07-10"),
        ("discipline:palliative_care", "palliative_care", "2026-07-10"),
        ("palliative", "palliative_care", "2026-04-10"),
    ],
)
def test_a_declined_seat_is_offered_again_on_its_day(topic: str, vacant: str, opens: str) -> None:
    facts = life(*_all_but(vacant), _decline(topic, "2026-01-10"))

    work = due(facts, "TEAM-GAP", opens)

    assert work is not None
    assert (work.offer_again, work.due_on, work.overdue_on) == (True, day(opens), day(opens))
    assert work.severity is Severity.ATTENTION
    assert alerts(facts, "TEAM-GAP", "2026-12-31") == [("", opens, None)]


def test_palliative_care_is_covered_until_both_declines_are_over() -> None:
    facts = life(
        *_all_but("palliative_care"),
        _decline("palliative", "2026-01-10"),
        _decline("discipline:palliative_care", "2026-01-12"),
    )

    work = due(facts, "TEAM-GAP", "2026-07-12")

    assert alerts(facts, "TEAM-GAP", "2026-12-31") == [("", "2026-07-12", None)]
    assert work is not None
    assert str(work.reason) == "Declined 12 Jan 2026, to be offered again from 12 Jul 2026."


def test_a_seat_never_declined_is_an_ordinary_gap_whatever_was_declined_beside_it() -> None:
    facts = life(*_all_but("nutrition", "neurology"), _decline("discipline:nutrition", "2026-01-10"))

    work = due(facts, "TEAM-GAP", "2026-07-10")

    assert work is not None
    assert (work.offer_again, work.overdue_on) == (False, day("2026-02-01"))
    assert str(work.reason) == "Nobody yet for: Neurology, Nutrition."


def test_the_first_of_several_declines_to_end_makes_the_gap() -> None:
    facts = life(
        *_all_but("nutrition", "neurology"),
        _decline("discipline:nutrition", "2026-01-20"),
        _decline("discipline:neurology", "2026-01-10"),
    )

    before, after = due(facts, "TEAM-GAP", "2026-07-10"), due(facts, "TEAM-GAP", "2026-07-20")

    assert before is not None
    assert after is not None
    for work in (before, after):
        assert (work.offer_again, work.overdue_on) == (True, day("2026-07-10"))
        assert str(work.reason) == "Declined 10 Jan 2026, to be offered again from 10 Jul 2026."
    assert alerts(facts, "TEAM-GAP", "2026-12-31") == [("", "2026-07-10", None)]


def test_of_several_declines_of_one_seat_the_last_to_end_counts() -> None:
    facts = life(
        *_all_but("nutrition"),
        _decline("discipline:nutrition", "2026-01-10", reoffer_on="2026-02-10"),
        _decline("discipline:nutrition", "2026-03-01", reoffer_on="2026-05-01"),
    )

    assert alerts(facts, "TEAM-GAP", "2026-12-31") == [
        ("", "2026-02-10", "2026-03-01"),
        ("", "2026-05-01", None),
    ]


def test_a_decline_withdrawn_is_judged_at_once() -> None:
    facts = life(
        *_all_but("nutrition"),
        _decline("discipline:nutrition", "2026-01-10", permanent=True),
        event("withdraw_decline", "2026-06-01", topic="discipline:nutrition"),
    )

    work = due(facts, "TEAM-GAP", "2026-06-01")

    assert work is not None
    assert (work.offer_again, work.overdue_on) == (False, day("2026-06-01"))
    assert alerts(facts, "TEAM-GAP", "2026-12-31") == [("", "2026-06-01", None)]


def test_a_decline_withdrawn_the_same_day_never_was() -> None:
    facts = life(
        *_all_but("nutrition"),
        _decline("discipline:nutrition", "2026-03-10"),
        event("withdraw_decline", "2026-03-10", topic="discipline:nutrition"),
    )

    assert alerts(facts, "TEAM-GAP", "2026-12-31") == [("", "2026-02-01", None)]


def test_a_deferred_seat_is_covered_until_its_day() -> None:
    facts = life(
        *_all_but("nutrition"),
        event("deferral", "2026-01-10", topic="discipline:nutrition", until="2026-05-01"),
    )

    work = due(facts, "TEAM-GAP", "2026-05-01")

    assert work is not None
    assert (work.offer_again, work.due_on) == (False, day("2026-05-01"))
    assert alerts(facts, "TEAM-GAP", "2026-12-31") == [("", "2026-05-01", None)]


def test_it_rests_in_hospice() -> None:
    facts = life(event("status_change", "2026-03-01", status="hospice"))

    assert alerts(facts, "TEAM-GAP", "2026-12-31") == [("", "2026-02-01", "2026-03-01")]
    quiet = silenced(facts, "TEAM-GAP", "2026-03-01")
    assert quiet is not None
    assert quiet.why is CloseReason.STATUS_CHANGE


def test_a_decline_withdrawn_the_same_day_leaves_an_ordinary_gap() -> None:
    facts = life(
        *_all_but("nutrition", "neurology"),
        _decline("discipline:nutrition", "2026-01-10", reoffer_on="2026-02-10"),
        _decline("discipline:neurology", "2026-03-10"),
        event("withdraw_decline", "2026-03-10", topic="discipline:neurology"),
    )

    work = due(facts, "TEAM-GAP", "2026-03-11")

    assert work is not None
    assert (work.offer_again, work.overdue_on) == (False, day("2026-02-01"))


def test_the_last_to_end_counts_not_the_last_declined() -> None:
    facts = life(
        *_all_but("palliative_care"),
        _decline("discipline:palliative_care", "2026-01-05"),
        _decline("palliative", "2026-01-10"),
    )

    work = due(facts, "TEAM-GAP", "2026-07-05")

    assert work is not None
    assert (work.offer_again, work.overdue_on) == (True, day("2026-07-05"))
    assert str(work.reason) == "Declined 5 Jan 2026, to be offered again from 5 Jul 2026."


def test_the_first_to_end_counts_not_the_first_declined() -> None:
    facts = life(
        *_all_but("nutrition", "neurology"),
        _decline("discipline:neurology", "2026-01-10"),
        _decline("discipline:nutrition", "2026-01-20", reoffer_on="2026-03-01"),
    )

    work = due(facts, "TEAM-GAP", "2026-07-10")

    assert work is not None
    assert (work.offer_again, work.overdue_on) == (True, day("2026-03-01"))
    assert alerts(facts, "TEAM-GAP", "2026-12-31") == [("", "2026-03-01", None)]
