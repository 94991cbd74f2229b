"""Worked examples of the rules, in the words of the timeline."""

import re

import pytest

from pages.present.examples import example
from pathway.registry import rules

CODE = re.compile(r"_|\b(fvc|pct|sdb|uln|None|True|False)\b")


@pytest.mark.parametrize("code", rules())
def test_every_step_is_in_words(code: str) -> None:
    steps = [step for each in rules()[code].examples for step in example(each).steps]

    assert [step for step in steps if not step.what or not step.on or CODE.search(step.what)] == []


def test_an_example_reads_like_a_timeline() -> None:
    told = example(rules()["NIV-TRIG"].examples[0])

    assert [(step.on, step.what) for step in told.steps] == [
        ("2 Feb 2026", "Respiratory assessment: FVC 80%, symptoms"),
        ("10 Jun 2026", "Respiratory assessment: FVC 79%, symptoms"),
        ("29 Jun 2026", "Requested: BPAP or ventilator"),
    ]
    assert told.alerts == ["Overdue from 25 Jun 2026, closed on 29 Jun 2026."]


def test_a_loan_says_whether_it_came_back() -> None:
    lent, came_back = (example(each).steps for each in rules()["EQ-RETURN"].examples)

    assert [step.what for step in (*lent, *came_back) if "Lent" in step.what] == [
        "Lent, not back",
        "Lent, back 30 Jun 2026",
    ]
