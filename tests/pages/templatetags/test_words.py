"""Dates, days, severities and limits in words."""

from datetime import UTC, date, datetime

import pytest
from django import forms
from django.utils import translation

from pages.rows import Meter, Pill, StageSteps, State
from pages.templatetags import words

DUE = date(2026, 2, 28)


@pytest.mark.parametrize(
    ("state", "days", "offer_again", "expected"),
    [
        ("critical", 12, False, ("<b>12</b> days overdue", "due 28 Feb 2026")),
        ("attention", 1, False, ("<b>1</b> day overdue", "due 28 Feb 2026")),
        ("urgent", 3, True, ("<b>3</b> days waiting", "offer from 28 Feb 2026")),
        ("in_grace", 7, False, ("7 days of grace left", "due 28 Feb 2026")),
        ("in_grace", 1, False, ("1 day of grace left", "due 28 Feb 2026")),
        ("due", 3, False, ("Due in 3 days", "due 28 Feb 2026")),
        ("due", 1, False, ("Due tomorrow", "due 28 Feb 2026")),
        ("due", 0, False, ("Due today", "due 28 Feb 2026")),
        ("deferred", 12, False, ("Back in 12 days", "until 28 Feb 2026")),
        ("declined", 167, False, ("Offer again in 167 days", "28 Feb 2026")),
        ("snoozed", 7, False, ("7 days overdue", "back 28 Feb 2026")),
        ("catch_up", 161, False, ("<b>161</b> days overdue", "due 28 Feb 2026")),
        ("to_know", 7, False, ("<b>7</b> days overdue", "due 28 Feb 2026")),
    ],
)
def test_time_is_said_twice(state: str, days: int, offer_again: bool, expected: tuple[str, str]) -> None:
    assert words.when_words(State(state), days, DUE, offer_again=offer_again) == expected


def test_work_without_a_date_says_no_time() -> None:
    assert words.when("working", 0, None) == ""


def test_both_lines_are_drawn() -> None:
    assert words.when("attention", 12, DUE) == (
        '<span class="al-days"><b>12</b> days overdue</span> <span class="al-date">due 28 Feb 2026</span>'
    )


def test_every_state_has_an_icon_and_a_word() -> None:
    with translation.override("en"):
        said = {state: str(word) for state, (_icon, word) in words.MARKS.items()}

    assert set(said) == set(State)
    assert len(set(said.values())) == len(State)


def test_a_mark_is_an_icon_and_a_word() -> None:
    drawn = words.mark("urgent")

    assert drawn.startswith('<span class="al-mark al-mark--urgent"><svg class="al-i"')
    assert drawn.endswith("</svg>Urgent</span>")


def test_an_unknown_state_is_an_error() -> None:
    with pytest.raises(ValueError, match="'late' is not a valid State"):
        words.mark("late")


@pytest.mark.parametrize(
    ("value", "expected"), [(date(2026, 3, 12), "12 Mar 2026"), (date(2026, 9, 1), "1 Sep 2026"), (None, "")]
)
def test_a_day_has_its_year(value: date | None, expected: str) -> None:
    assert words.day(value) == expected


def test_a_weekday_and_a_time() -> None:
    assert words.weekday(date(2026, 3, 12)) == "Thu 12 Mar 2026"
    assert words.clock(datetime(2026, 3, 12, 8, 2, tzinfo=UTC)) == "08:02"


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Marcus Heron", "MH"), ("Dr Ilse Crane", "IC"), ("Noor", "N"), ("Ana de Souza", "AS"), ("", "")],
)
def test_initials(name: str, expected: str) -> None:
    assert words.initials(name) == expected


@pytest.mark.parametrize(
    ("ahead", "expected"),
    [(-2, "2 days late"), (-1, "1 day late"), (0, "Today"), (1, "Tomorrow"), (5, "In 5 days")],
)
def test_when_to_call(ahead: int, expected: str) -> None:
    assert words.call_words(DUE, ahead) == expected


def test_no_call_is_set() -> None:
    assert words.call_words(None, 0) == "None set"


@pytest.mark.parametrize(
    ("meter", "expected"),
    [
        (Meter(2, 7), "<b>2</b> of 7 days"),
        (Meter(7, 7), "<b>7</b> of 7 days"),
        (Meter(9, 7), '<b>9</b> of 7 days, <b class="al-over">2 over</b>'),
        (Meter(9, 7, breathing=True), '<b>9</b> of 7 days, <b class="al-over al-over--critical">2 over</b>'),
        (Meter(0, 1), "<b>0</b> of 1 day"),
    ],
)
def test_a_limit_in_words(meter: Meter, expected: str) -> None:
    assert words.meter_words(meter) == expected


@pytest.mark.parametrize(
    ("meter", "bars"),
    [
        (Meter(0, 7), [("track", 0, 100, 4), ("in", 0, 0, 4)]),
        (Meter(5, 7), [("track", 0, 100, 4), ("in", 0, 50, 4)]),
        (Meter(7, 7), [("track", 0, 100, 4), ("full", 0, 70, 4)]),
        (Meter(9, 7), [("track", 0, 100, 4), ("in", 0, 70, 4), ("over", 70, 20, 8)]),
        (Meter(700, 7), [("track", 0, 100, 4), ("in", 0, 70, 4), ("over", 70, 30, 8)]),
        (Meter(91, 90), [("track", 0, 100, 4), ("in", 0, 70, 4), ("over", 70, 2, 8)]),
    ],
)
def test_a_limit_is_a_tick_at_seventy(meter: Meter, bars: list[tuple[str, float, float, int]]) -> None:
    drawn = words._meter_bars(meter)

    assert [(kind, x, round(wide, 6), high) for kind, x, wide, high in drawn] == bars


def test_steps_before_now_and_ahead() -> None:
    drawn = words.step_bar(StageSteps(2, 4))

    assert [part.split('"')[0] for part in drawn.split('class="al-step-')[1:]] == [
        "done",
        "now",
        "ahead",
        "ahead",
    ]
    assert 'width="45"' in drawn


class Review(forms.Form):
    weight = forms.FloatField()
    note = forms.CharField(required=False)
    unmeasured = forms.BooleanField(required=False)


def test_what_may_stay_empty_says_so() -> None:
    drawn = words.fields(Review())

    assert drawn.count("(optional)") == 1
    assert "Note <span" in drawn
    assert "<form" not in drawn
    assert "csrf" not in drawn


def test_fields_are_drawn_the_same_twice() -> None:
    form = Review()

    assert words.fields(form) == words.fields(form)


def test_counts_of_errors_and_of_chosen_filters() -> None:
    assert words.error_count(Review({})) == 1
    assert words.error_count(Review({"weight": "63.1"})) == 0
    assert words.chosen_count([Pill("Nutrition", chosen=True), Pill("Any patient")]) == 1
