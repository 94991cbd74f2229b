from dataclasses import replace

import pytest

from pathway.record import Record, read
from tests.pathway.build import day, event, life


def _known(record: Record, kind: str = "nutrition_review") -> list[str]:
    return [each.id for each in record.of(kind)]


def test_a_fact_is_known_from_the_day_it_is_recorded() -> None:
    facts = life(event("nutrition_review", "2026-02-01", event_id="late", recorded_on="2026-02-10"))

    assert _known(read(facts, day("2026-02-09"))) == []
    assert _known(read(facts, day("2026-02-10"))) == ["late"]


def test_a_fact_dated_ahead_counts_from_its_date_and_is_announced_until_then() -> None:
    facts = life(event("nutrition_review", "2026-02-10", event_id="ahead", recorded_on="2026-02-01"))

    before = read(facts, day("2026-02-09"))

    assert _known(before) == []
    assert [each.id for each in before.ahead] == ["ahead"]
    assert _known(read(facts, day("2026-02-10"))) == ["ahead"]
    assert read(facts, day("2026-01-31")).ahead == ()


def test_latest_means_greatest_date_then_order_of_entry() -> None:
    facts = life(
        event("nutrition_review", "2026-02-02", event_id="entered late", recorded_on="2026-03-01"),
        event("nutrition_review", "2026-02-02", event_id="first"),
        event("nutrition_review", "2026-02-02", event_id="second"),
        event("nutrition_review", "2026-02-01", event_id="older", recorded_on="2026-03-05"),
    )

    record = read(facts, day("2026-04-01"))

    assert _known(record) == ["older", "first", "second", "entered late"]


def test_a_void_takes_a_fact_away_from_the_day_it_is_known() -> None:
    facts = life(
        event("nutrition_review", "2026-02-01", event_id="wrong"),
        event("void", "2026-02-05", ref="wrong"),
    )

    assert _known(read(facts, day("2026-02-04"))) == ["wrong"]
    assert _known(read(facts, day("2026-02-05"))) == []


def test_a_void_takes_away_what_is_dated_ahead() -> None:
    facts = life(
        event("nutrition_review", "2026-03-01", event_id="ahead", recorded_on="2026-02-01"),
        event("void", "2026-02-05", ref="ahead"),
    )

    assert [each.id for each in read(facts, day("2026-02-04")).ahead] == ["ahead"]
    assert read(facts, day("2026-02-05")).ahead == ()


def test_a_voided_void_gives_the_fact_back_and_can_be_voided_again() -> None:
    facts = life(
        event("nutrition_review", "2026-02-01", event_id="fact"),
        event("void", "2026-02-05", event_id="v1", ref="fact"),
        event("void", "2026-02-10", event_id="v2", ref="v1"),
        event("void", "2026-02-15", event_id="v3", ref="v2"),
    )

    by_day = [_known(read(facts, day(on))) for on in ("2026-02-05", "2026-02-10", "2026-02-15")]

    assert by_day == [[], ["fact"], []]


def test_only_a_later_entered_void_undoes_a_void() -> None:
    facts = life(
        event("nutrition_review", "2026-02-01", event_id="fact"),
        event("void", "2026-02-05", event_id="v1", ref="v2"),
        event("void", "2026-02-05", event_id="v2", ref="fact"),
    )

    assert _known(read(facts, day("2026-02-05"))) == []


@pytest.mark.parametrize("ref", ["nothing of that name", None, 7, "v"])
def test_a_void_of_something_unknown_or_of_itself_does_nothing(ref: object) -> None:
    facts = life(
        event("nutrition_review", "2026-02-01", event_id="fact"),
        event("void", "2026-02-05", event_id="v", ref=ref),
    )

    assert _known(read(facts, day("2026-02-05"))) == ["fact"]


def test_a_flag_that_is_neither_yes_nor_no_is_passed_over() -> None:
    facts = life(
        event("bulbar_status", "2026-02-01", event_id="yes", impaired=True),
        event("bulbar_status", "2026-02-02", impaired=None),
        event("bulbar_status", "2026-02-03", impaired="yes"),
        event("bulbar_status", "2026-02-04"),
    )

    flagged = read(facts, day("2026-03-01")).with_flag("bulbar_status", "impaired")

    assert [each.id for each in flagged] == ["yes"]


def test_facts_may_come_in_any_order() -> None:
    facts = life(
        event("nutrition_review", "2026-02-01", event_id="a", weight_kg=80),
        event("nutrition_review", "2026-01-05", event_id="b", recorded_on="2026-03-01", weight_kg=79),
    )
    backwards = replace(facts, events=facts.events[::-1])

    for on, known in (("2026-02-28", ["a"]), ("2026-03-01", ["b", "a"])):
        for each in (facts, backwards):
            assert [found.id for found in read(each, day(on)).of("nutrition_review")] == known


def test_a_void_that_names_nothing_marks_nothing() -> None:
    facts = life(
        event("nutrition_review", "2026-02-01", event_id="None", weight_kg=80), event("void", "2026-02-02")
    )

    assert [found.id for found in read(facts, day("2026-02-02")).of("nutrition_review")] == ["None"]


def test_the_day_of_a_void_dated_ahead_is_looked_at_whatever_an_earlier_void_says_of_it() -> None:
    facts = life(
        event("nutrition_review", "2026-01-05", event_id="x", weight_kg=80),
        event("void", "2026-02-01", ref="ahead"),
        event("void", "2026-02-20", event_id="ahead", recorded_on="2026-02-05", ref="x"),
    )

    assert [found.id for found in read(facts, day("2026-02-05")).ahead] == ["ahead"]
    assert _known(read(facts, day("2026-02-19"))) == ["x"]
    assert _known(read(facts, day("2026-02-20"))) == []
