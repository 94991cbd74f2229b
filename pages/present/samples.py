"""Invented examples of every part and state, for the sheet of components in the demo.

They stay in English: they are samples, not texts of the product.
"""

from datetime import UTC, date, datetime
from typing import Any

from pages.rows import (
    Action,
    Conflict,
    Empty,
    How,
    LoggedRow,
    Meter,
    Seat,
    SeatCell,
    State,
    Tag,
    TaskRow,
)

TODAY = date(2026, 3, 12)
REVIEW = "Nutrition review"
SWATCHES = (
    *("ink", "muted", "action", "critical", "urgent", "attention", "done", "field"),
    *("line", "sunken", "select", "critical-tint", "urgent-tint"),
)
MENU = (
    Action("Assign", "#", How.PAGE, icon="person-check"),
    Action("Book a date", "#", How.PAGE, icon="calendar-check"),
    Action("Deferred", "#", How.PAGE, icon="pause-circle"),
)


def _row(
    state: State, title: str, when: tuple[int, date | None], verb: str, reason: str, **more: Any
) -> TaskRow:
    """A task of Ruth Alder; ``when`` is days and date as TaskRow explains them."""
    working = state is State.WORKING
    return TaskRow(
        task_id=f"sample-{state}-{when[0]}",
        patient_id="sample",
        patient_name="Ruth Alder",
        state=state,
        title=title,
        days=when[0],
        on=when[1],
        reason=reason,
        why_url="" if working else "#",
        verb=Action(verb, "#", How.PAGE, about=f"{title}, Ruth Alder") if verb else None,
        menu=() if working else MENU,
        **{"owner": "You", "owner_note": "nutrition", **more},
    )


def _of(owner: str, note: str, icon: str = "") -> dict[str, str]:
    return {"owner": owner, "owner_note": note, "owner_icon": icon}


SLP = _of("Asha Swift", "speech-language")
BOOKED = Tag("Booked 17 Mar 2026", "calendar-check", "action")

AHEAD = (
    (
        "Due",
        _row(
            State.DUE,
            REVIEW,
            (3, date(2026, 3, 15)),
            "Log review",
            "Last review 15 Dec 2025 + 3 months.",
        ),
    ),
    (
        "Planned",
        _row(
            State.DUE,
            REVIEW,
            (5, date(2026, 3, 17)),
            "Log review",
            "Last review 17 Dec 2025 + 3 months.",
            tag=BOOKED,
        ),
    ),
    (
        "Due, in grace",
        _row(
            State.IN_GRACE,
            "Clinic visit",
            (7, date(2026, 3, 5)),
            "Log visit",
            "Last visit 5 Dec 2025 + 3 months, 14 days’ grace.",
            **_of("Marcus Heron", "coordinator"),
        ),
    ),
)

OVERDUE = (
    (
        "Overdue, attention",
        _row(
            State.ATTENTION,
            REVIEW,
            (12, date(2026, 2, 28)),
            "Log review",
            "Last review 30 Nov 2025 + 3 months.",
        ),
    ),
    (
        "Overdue, urgent",
        _row(
            State.URGENT,
            "No swallow study after positive screen",
            (6, date(2026, 3, 6)),
            "Log study",
            "Positive screen 20 Feb 2026 + 14 days.",
            **SLP,
        ),
    ),
    (
        "Overdue, critical",
        _row(
            State.CRITICAL,
            "NIV criteria met, nothing arranged",
            (6, date(2026, 3, 6)),
            "Log plan",
            "FVC 46% on 20 Feb 2026 + 14 days.",
            **_of("Dr Amir Kestrel", "pulmonology"),
        ),
    ),
    (
        "Unassigned",
        _row(
            State.URGENT,
            "No liver test before riluzole",
            (2, date(2026, 3, 10)),
            "Take it",
            "Course started 10 Mar 2026.",
            **_of("Unassigned", "neurology queue", "person-dash"),
        ),
    ),
    (
        "Assigned by someone",
        _row(
            State.ATTENTION,
            "Call Slate Mobility about the cushion",
            (1, date(2026, 3, 11)),
            "Mark done",
            "Marcus Heron, 9 Mar 2026: “Ask for the pressure map.”",
            **_of("You", "by Marcus Heron", "person-check"),
        ),
    ),
    (
        "Offer again",
        _row(
            State.ATTENTION,
            "Offer again: nutrition review",
            (3, date(2026, 3, 9)),
            "Log answer",
            "Declined 9 Dec 2025, to be offered again after 3 months.",
            offer_again=True,
        ),
    ),
)

SET_ASIDE = (
    (
        "Declined",
        _row(
            State.DECLINED,
            "Cognitive screen",
            (167, date(2026, 8, 26)),
            "New answer",
            "Prefers not to at this time, 26 Feb 2026.",
            **_of("Dr Ilse Crane", "neurology"),
        ),
    ),
    (
        "Deferred",
        _row(
            State.DEFERRED,
            "Respiratory assessment",
            (12, date(2026, 3, 24)),
            "End early",
            "In hospital since 8 Mar 2026.",
            **_of("Ben Plover", "pulmonology"),
        ),
    ),
    (
        "Snoozed",
        _row(
            State.SNOOZED,
            "Diet measures not recorded",
            (7, date(2026, 3, 17)),
            "End snooze",
            "You, 12 Mar 2026: “Video visit on Monday.”",
            **SLP,
        ),
    ),
    (
        "Catch-up",
        _row(
            State.CATCH_UP,
            REVIEW,
            (161, date(2025, 10, 2)),
            "Done elsewhere",
            "Last review 2 Jul 2025 + 3 months.",
        ),
    ),
    (
        "To know, not to do",
        _row(
            State.TO_KNOW,
            "Diet measures not recorded",
            (7, date(2026, 3, 5)),
            "",
            "With Asha Swift, speech-language pathology.",
            **SLP,
        ),
    ),
    (
        "Recalculating",
        _row(
            State.WORKING,
            "Recalculating what is due",
            (0, None),
            "",
            "Your entry is saved. This list catches up by itself.",
            since=datetime(2026, 3, 12, 10, 52, tzinfo=UTC),
            **_of("", ""),
        ),
    ),
)

LOGGED = (
    "Just logged",
    LoggedRow(
        "sample-logged",
        "Nutrition review logged",
        "58.3 kg. Next due 12 Jun 2026.",
        Action("Undo", "#", How.PAGE, about="Nutrition review, Ingrid Linden"),
    ),
)

ROWS: tuple[tuple[str, TaskRow | LoggedRow], ...] = (*AHEAD, *OVERDUE, *SET_ASIDE, LOGGED)

FILL = Action("Fill seat", "#", How.PAGE)
SEATS = (
    SeatCell("filled", "Filled", Seat.FILLED, "Dr Ilse Crane", "seen 26 Feb 2026"),
    SeatCell("never", "Filled, never seen", Seat.NEVER_SEEN, "Nadia Wren", "never seen here"),
    SeatCell("empty", "Empty", Seat.EMPTY, "", "since joining, 6 Feb 2026", FILL),
    SeatCell("lapsed", "Lapsed", Seat.LAPSED, "", "Dr Edith Avocet to 27 Feb 2026", FILL),
    SeatCell("declined", "Declined", Seat.DECLINED, "", "offer again 26 May 2026"),
)
SEVERITIES = (
    (State.CRITICAL, "Filled octagon, tinted label. Coordinator told at once."),
    (State.URGENT, "Filled triangle, bold word."),
    (State.ATTENTION, "Open circle, plain word."),
    (State.IN_GRACE, "Hourglass. Not overdue yet."),
    (State.DUE, "Calendar. Ahead or today."),
)
METERS = (
    Meter(2, 7, "Within"),
    Meter(7, 7, "On the limit"),
    Meter(8, 7, "Over"),
    Meter(16, 7, "Over, breathing", breathing=True),
)
CONFLICT = Conflict(
    "Asha Swift changed this plan at 10:41",
    "Liquids is now “done”. Your texture and chin-tuck answers are kept below.",
    "Save mine over it",
    "Keep Asha’s",
    "#",
)
EMPTY = Empty(
    "Nothing overdue for nutrition",
    "Next: 4 reviews due by 19 Mar 2026, starting with Grace Juniper.",
    Action("Show due in 7 days", "#", How.PAGE),
)
