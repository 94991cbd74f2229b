from typing import Any

import pytest

from pathway.due import CloseReason, Severity, Silenced
from tests.pathway.build import Raw, alerts, day, due, event, life, silenced

STEP_1, STEP_2 = "step1", "step2"


def _said(on: str, present: object = True, event_id: str | None = None) -> Raw:
    return event("sialorrhea", on, event_id=event_id, present=present)


def _treated(on: str, line: object = 1) -> Raw:
    return event("sialorrhea_treatment", on, line=line)


def _response(on: str, effective: object = False, line: object = 1, event_id: str | None = None) -> Raw:
    return event("sialorrhea_response", on, event_id=event_id, line=line, effective=effective)


# --- step 1 --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("present_on", "due_on", "opens"),
    [
        ("2026-04-20", "2026-05-04", "2026-05-05"),
        ("2026-02-14", "2026-02-28", "2026-03-01"),
        ("2024-02-15", "2024-02-29", "2024-03-01"),
        ("2026-03-01", "2026-03-15", "2026-03-16"),  # over the days the clocks change
        ("2026-10-25", "2026-11-08", "2026-11-09"),
    ],
)
def test_a_first_step_within_fourteen_days(present_on: str, due_on: str, opens: str) -> None:
    facts = life(_said(present_on), enrolled_on=present_on)

    work = due(facts, "SIAL-STEP", present_on, STEP_1)

    assert work is not None
    assert (work.due_on, work.overdue_on) == (day(due_on), day(opens))
    assert alerts(facts, "SIAL-STEP", opens) == [(STEP_1, opens, None)]


@pytest.mark.parametrize(
    ("treated_on", "expected"),
    [
        ("2026-04-19", [(STEP_1, "2026-05-05", None)]),
        ("2026-04-20", []),
        ("2026-05-04", []),
        ("2026-05-05", []),
        ("2026-05-06", [(STEP_1, "2026-05-05", "2026-05-06")]),
    ],
)
@pytest.mark.parametrize("line", [1, "1", 2, None])
def test_any_treatment_since_it_began_is_the_first_step(
    line: object, treated_on: str, expected: list[object]
) -> None:
    facts = life(_said("2026-04-20"), _treated(treated_on, line))

    assert alerts(facts, "SIAL-STEP", "2026-12-31") == expected


def test_what_it_says_of_the_first_step() -> None:
    work = due(life(_said("2026-04-20", event_id="s")), "SIAL-STEP", "2026-04-20", STEP_1)

    assert work is not None
    assert (work.owner, work.informed) == ("neurology", ())
    assert (work.severity, work.rises) == (Severity.ATTENTION, ())
    assert (work.anchor, work.evidence) == ("s", ("s",))
    assert str(work.title) == "First step against sialorrhea not taken"
    assert str(work.reason) == "Sialorrhea recorded 20 Apr 2026 + 14 days."
    assert [str(step) for step in work.steps] == [
        "Sialorrhea recorded: 20 Apr 2026",
        "+ 14 days",
        "Due: 4 May 2026",
        "Overdue from: 5 May 2026",
    ]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ([_said("2026-04-20"), _said("2026-04-28")], [(STEP_1, "2026-05-05", None)]),
        ([_said("2026-04-20"), _said("2026-05-20", False)], [(STEP_1, "2026-05-05", "2026-05-20")]),
        (
            [_said("2026-04-20"), _said("2026-05-20", False), _said("2026-06-01")],
            [(STEP_1, "2026-05-05", "2026-05-20"), (STEP_1, "2026-06-16", None)],
        ),
        ([_said("2026-04-20"), _said("2026-04-28", None)], [(STEP_1, "2026-05-05", None)]),
        ([_said("2026-04-20", False)], []),
        ([_said("2026-04-20", "yes")], []),
    ],
)
def test_present_since_the_first_of_the_current_run(said: list[Raw], expected: list[object]) -> None:
    assert alerts(life(*said), "SIAL-STEP", "2026-12-31") == expected


def test_without_sialorrhea_neither_step_is_asked_for() -> None:
    facts = life(_said("2026-04-20"), _said("2026-05-20", False))

    for step in (STEP_1, STEP_2):
        assert silenced(facts, "SIAL-STEP", "2026-05-20", step) == Silenced(
            "SIAL-STEP", step, CloseReason.NOT_APPLICABLE
        )


def test_a_treatment_of_an_earlier_episode_is_no_step_of_this_one() -> None:
    facts = life(_said("2026-02-01"), _treated("2026-02-05"), _said("2026-03-01", False), _said("2026-04-20"))

    assert alerts(facts, "SIAL-STEP", "2026-12-31") == [(STEP_1, "2026-05-05", None)]


@pytest.mark.parametrize(
    ("response", "step_1_closes", "step_2_opens"),
    [
        (_response("2026-05-10"), "2026-05-10", "2026-06-08"),  # contraindicated: nothing was given
        (_response("2026-05-10", True), None, None),
        (_response("2026-05-10", line=2), None, None),
        (_response("2026-05-10", None), None, None),
        (_response("2026-04-19"), None, None),
    ],
)
def test_a_first_line_that_failed_leads_to_the_second_step_without_a_treatment(
    response: Raw, step_1_closes: str | None, step_2_opens: str | None
) -> None:
    facts = life(_said("2026-04-20"), response)

    expected = [(STEP_1, "2026-05-05", step_1_closes)]
    if step_2_opens:
        expected.append((STEP_2, step_2_opens, None))
    assert alerts(facts, "SIAL-STEP", "2026-12-31") == expected


# --- step 2 --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("failed_on", "due_on", "opens"),
    [
        ("2026-05-28", "2026-06-25", "2026-06-26"),
        ("2026-01-31", "2026-02-28", "2026-03-01"),
        ("2024-02-01", "2024-02-29", "2024-03-01"),
        ("2026-02-20", "2026-03-20", "2026-03-21"),
        ("2026-10-20", "2026-11-17", "2026-11-18"),
    ],
)
def test_a_second_step_within_28_days_of_the_failure(failed_on: str, due_on: str, opens: str) -> None:
    facts = life(_said("2024-01-10"), _treated("2024-01-12"), _response(failed_on), enrolled_on="2024-01-01")

    work = due(facts, "SIAL-STEP", failed_on, STEP_2)

    assert work is not None
    assert (work.due_on, work.overdue_on) == (day(due_on), day(opens))
    assert alerts(facts, "SIAL-STEP", opens) == [(STEP_2, opens, None)]


FAILED = (_said("2026-04-20"), _treated("2026-04-25"), _response("2026-05-28", event_id="failed"))


@pytest.mark.parametrize(
    ("line", "treated_on", "expected"),
    [
        (2, "2026-05-27", [(STEP_2, "2026-06-26", None)]),
        (2, "2026-05-28", []),
        ("2", "2026-06-25", []),
        (2, "2026-06-26", []),
        (2, "2026-06-27", [(STEP_2, "2026-06-26", "2026-06-27")]),
        (1, "2026-06-27", [(STEP_2, "2026-06-26", None)]),
        (3, "2026-06-27", [(STEP_2, "2026-06-26", None)]),
        (None, "2026-06-27", [(STEP_2, "2026-06-26", None)]),
    ],
)
def test_a_second_line_from_the_day_of_the_failure_on_is_the_second_step(
    line: object, treated_on: str, expected: list[object]
) -> None:
    facts = life(*FAILED, _treated(treated_on, line))

    assert alerts(facts, "SIAL-STEP", "2026-12-31") == expected


def test_what_it_says_of_the_second_step() -> None:
    facts = life(*FAILED)

    work = due(facts, "SIAL-STEP", "2026-05-28", STEP_2)

    assert work is not None
    assert (work.owner, work.informed) == ("neurology", ())
    assert (work.severity, work.rises) == (Severity.ATTENTION, ())
    assert (work.anchor, work.evidence) == ("failed", ("failed",))
    assert str(work.title) == "Second step against sialorrhea not taken"
    assert str(work.reason) == "First line without success 28 May 2026 + 28 days."
    assert due(facts, "SIAL-STEP", "2026-05-28", STEP_1) is None


@pytest.mark.parametrize(
    ("responses", "opens"),
    [
        ([_response("2026-06-10")], "2026-06-26"),  # the first of the run
        ([_response("2026-06-10", True)], None),  # it works after all
        ([_response("2026-06-10", True), _response("2026-07-01")], "2026-07-30"),
        ([_response("2026-06-10", True, line=2)], "2026-06-26"),  # about the second line
        ([_response("2026-06-10", None)], "2026-06-26"),
        ([_response("2026-06-10", True, line="1")], None),
    ],
)
def test_from_the_first_failure_of_the_run_that_the_first_line_ends_with(
    responses: list[Raw], opens: str | None
) -> None:
    facts = life(*FAILED, *responses)

    expected = [(STEP_2, opens, None)] if opens else []
    assert alerts(facts, "SIAL-STEP", "2026-12-31") == expected


@pytest.mark.parametrize(("failed_on", "counts"), [("2026-04-19", False), ("2026-04-20", True)])
def test_only_responses_of_this_episode_count(failed_on: str, counts: bool) -> None:
    facts = life(_said("2026-04-20"), _response(failed_on), _treated("2026-04-25"))

    assert (due(facts, "SIAL-STEP", "2026-04-25", STEP_2) is not None) is counts


def test_sialorrhea_that_resolved_ends_the_second_step() -> None:
    facts = life(*FAILED, _said("2026-07-01", False))

    assert alerts(facts, "SIAL-STEP", "2026-12-31") == [(STEP_2, "2026-06-26", "2026-07-01")]


def test_it_goes_on_in_hospice() -> None:
    facts = life(*FAILED, event("status_change", "2026-06-01", status="hospice"))

    assert alerts(facts, "SIAL-STEP", "2026-12-31") == [(STEP_2, "2026-06-26", None)]


def test_a_fresh_window_keeps_what_it_hangs_on_as_evidence() -> None:
    answer: tuple[Any, ...] = (
        event("decline", "2026-06-01", topic="sialorrhea", permanent=True),
        event("withdraw_decline", "2026-07-01", event_id="w", topic="sialorrhea"),
    )
    first = due(life(_said("2026-04-20", event_id="s"), *answer), "SIAL-STEP", "2026-07-01", STEP_1)
    second = due(life(*FAILED, *answer), "SIAL-STEP", "2026-07-01", STEP_2)

    assert first is not None
    assert (first.anchor, first.evidence[:2], first.due_on) == ("w", ("w", "s"), day("2026-07-15"))
    assert second is not None
    assert (second.anchor, second.evidence[:2], second.due_on) == ("w", ("w", "failed"), day("2026-07-29"))
