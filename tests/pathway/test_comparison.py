"""What a change of settings would have meant, by hand-worked lives."""

from collections.abc import Mapping
from typing import Any

from pathway.comparison import Comparison, compare
from pathway.facts import PatientFacts
from pathway.settings import COMMON, SHIPPED, ClinicSettings, RuleSetting
from tests.pathway.build import Raw, day, event, life

SINCE, AS_OF = "2026-01-01", "2026-12-31"


def reviewed(*days: str) -> list[Raw]:
    return [event("nutrition_review", on, weight_kg=70) for on in days]


def under(facts: PatientFacts, parameters: Mapping[str, Any] | None = None, **setting: Any) -> Comparison:
    """The year 2026 under a changed NUTR-3M."""
    draft = ClinicSettings.of({"NUTR-3M": RuleSetting(parameters=parameters or {}, **setting)})
    return compare(facts, day(SINCE), day(AS_OF), in_force=SHIPPED, draft=draft, only={"NUTR-3M"})


def told(comparison: Comparison) -> list[tuple[str, str, str | None]]:
    """What differs, with the days of the alert it is named by."""
    return [
        (
            each.how.value,
            each.spell.opens_on.isoformat(),
            each.spell.closes_on.isoformat() if each.spell.closes_on else None,
        )
        for each in comparison.differs
    ]


def test_nothing_changed_nothing_differs() -> None:
    found = under(life(*reviewed("2026-01-10", "2026-05-01")), {"interval_months": 3})

    assert told(found) == []
    assert [each.opens_on for each in found.now] == [day("2026-04-11"), day("2026-08-02")]
    assert found.now == found.then
    assert found.days == 365


def test_a_longer_interval_opens_later_or_not_at_all() -> None:
    found = under(life(*reviewed("2026-01-10", "2026-05-01")), {"interval_months": 4})

    assert told(found) == [
        ("not_opened", "2026-04-11", "2026-05-01"),
        ("opened_later", "2026-09-02", None),
    ]
    assert (len(found.now), len(found.then)) == (2, 1)


def test_a_shorter_interval_opens_earlier_and_opens_what_was_in_time() -> None:
    found = under(life(*reviewed("2026-01-10", "2026-04-01", "2026-12-01")), {"interval_months": 2})

    assert told(found) == [
        ("opened_earlier", "2026-06-02", "2026-12-01"),
        ("opened", "2026-03-11", "2026-04-01"),
    ]


def test_a_rule_switched_off_opens_nothing() -> None:
    found = under(life(*reviewed("2026-01-10")), enabled=False)

    assert told(found) == [("not_opened", "2026-04-11", None)]
    assert found.then == []


def test_an_alert_open_before_the_time_looked_at_is_not_counted_as_opened() -> None:
    facts = life(*reviewed("2026-02-01"), enrolled_on="2025-06-01")  # overdue since 2 Jul 2025

    shipped, off = under(facts), under(facts, enabled=False)

    assert [each.opens_on for each in shipped.now] == [day("2026-05-02")]
    assert told(off) == [("closed_earlier", "2025-12-31", "2026-02-01"), ("not_opened", "2026-05-02", None)]


def test_a_shorter_offer_closes_earlier_and_opens_the_offer_earlier() -> None:
    facts = life(*reviewed("2025-10-01"), event("decline", "2026-02-01", topic="nutrition_review"))
    draft = ClinicSettings.of({COMMON: RuleSetting(parameters={"reoffer_months": {"nutrition_review": 1}})})

    found = compare(facts, day(SINCE), day(AS_OF), in_force=SHIPPED, draft=draft, only={"NUTR-3M"})

    assert told(found) == [("opened_earlier", "2026-03-01", None)]


def test_facts_count_from_the_day_they_were_recorded_and_mistakes_until_they_were_marked() -> None:
    late = event("nutrition_review", "2026-04-01", recorded_on="2026-04-20", event_id="late", weight_kg=70)
    wrong = event("nutrition_review", "2026-07-01", event_id="wrong", weight_kg=70)
    void = event("void", "2026-08-10", ref="wrong")

    found = under(life(*reviewed("2026-01-10"), late, wrong, void), {"grace_days": 5})

    assert [(each.opens_on, each.closes_on) for each in found.now] == [
        (day("2026-04-11"), day("2026-04-20")),
        (day("2026-08-10"), None),
    ]
    assert told(found) == [("opened_later", "2026-04-16", "2026-04-20")]


def test_days_in_care_leave_out_those_after_a_discharge() -> None:
    facts = life(event("status_change", "2026-02-01", status="discharged"), enrolled_on="2025-01-01")

    assert under(facts).days == 31


def test_somebody_who_joined_within_the_time_counts_from_that_day() -> None:
    assert under(life(enrolled_on="2026-12-30")).days == 2


LATE = (
    *reviewed("2026-01-10"),
    event("nutrition_review", "2026-03-15", recorded_on="2026-05-01", weight_kg=70),
)
"""Under three months open from 11 April to 1 May, under one month from 11 February on."""


def between(facts: PatientFacts, in_force: Mapping[str, Any], draft: Mapping[str, Any]) -> Comparison:
    """The year 2026 under two sets of numbers of NUTR-3M."""
    one, other = (ClinicSettings.of({"NUTR-3M": RuleSetting(parameters=each)}) for each in (in_force, draft))
    return compare(facts, day(SINCE), day(AS_OF), in_force=one, draft=other, only={"NUTR-3M"})


def test_one_alert_may_open_and_close_on_other_days() -> None:
    facts = life(*LATE, *reviewed("2026-06-10"))

    shorter, longer = between(facts, {}, {"interval_months": 1}), between(facts, {"interval_months": 1}, {})

    assert told(shorter) == [
        ("opened_earlier", "2026-02-11", "2026-06-10"),
        ("closed_later", "2026-02-11", "2026-06-10"),
        ("opened_earlier", "2026-07-11", None),
    ]
    assert told(longer) == [
        ("opened_later", "2026-04-11", "2026-05-01"),
        ("closed_earlier", "2026-04-11", "2026-05-01"),
        ("opened_later", "2026-09-11", None),
    ]
    for each in shorter.differs[:2]:
        assert (each.now, each.then) == (shorter.now[0], shorter.then[0])


def test_an_alert_that_closes_on_the_day_another_opens_is_not_the_same() -> None:
    late = event("nutrition_review", "2026-03-15", recorded_on="2026-05-01", weight_kg=70)
    other = {"initial_days": 180, "interval_months": 1}

    assert told(between(life(late), {}, other)) == [
        ("not_opened", "2026-02-01", "2026-05-01"),
        ("opened_earlier", "2026-05-01", None),
    ]
    assert told(between(life(late), other, {})) == [
        ("opened_later", "2026-06-16", None),
        ("opened", "2026-02-01", "2026-05-01"),
    ]


def test_an_alert_that_opens_on_the_first_day_counts_as_opened() -> None:
    facts = life(enrolled_on="2025-12-01")
    off, on = ClinicSettings.of({"NUTR-3M": RuleSetting(enabled=False)}), SHIPPED

    gone = compare(facts, day(SINCE), day(AS_OF), in_force=on, draft=off, only={"NUTR-3M"})
    new = compare(facts, day(SINCE), day(AS_OF), in_force=off, draft=on, only={"NUTR-3M"})

    assert told(gone) == [("not_opened", SINCE, None)]
    assert told(new) == [("opened", SINCE, None)]
    assert [each.opens_on for each in gone.now] == [each.opens_on for each in new.then] == [day(SINCE)]
