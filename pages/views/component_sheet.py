"""Every part and every state on one page, in the demo only.

For those who build screens, to look at in both colour schemes and on a phone. Its
examples are invented and stay in English: they are samples, not texts of the product.
"""

from datetime import UTC, date, datetime
from typing import Any

from crispy_forms.bootstrap import AppendedText
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from pages.rows import (
    Action,
    Conflict,
    Empty,
    FormPanel,
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
SWATCHES = (
    "ink",
    "muted",
    "action",
    "critical",
    "urgent",
    "attention",
    "done",
    "field",
    "line",
    "sunken",
    "select",
    "critical-tint",
    "urgent-tint",
)


class SampleForm(forms.Form):
    """A form with everything that can go wrong with a weight."""

    weight = forms.FloatField()
    happened_on = forms.DateField(label="Date of review")
    note = forms.CharField(required=False, help_text="Shown to the whole team.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout(AppendedText("weight", "kg"), "happened_on", "note")

    def clean_weight(self) -> float:
        weight: float = self.cleaned_data["weight"]
        if weight > 250:
            raise forms.ValidationError("631 kg is above the 250 kg this form accepts. Did you mean 63.1?")
        return weight

    def clean_happened_on(self) -> date:
        happened_on: date = self.cleaned_data["happened_on"]
        if happened_on > TODAY:
            raise forms.ValidationError("12 Mar 2027 is in the future. Enter the day the review happened.")
        return happened_on


def _row(number: int, state: State, title: str, days: int, on: date | None, **more: Any) -> TaskRow:
    verb = more.pop("verb", "Log review")
    action = Action(verb, "#", How.PAGE, about=f"{title}, Ruth Alder") if verb else None
    menu = (
        Action("Assign", "#", How.PAGE, icon="person-check"),
        Action("Book a date", "#", How.PAGE, icon="calendar-check"),
        Action("Deferred", "#", How.PAGE, icon="pause-circle"),
    )
    return TaskRow(
        task_id=f"sample-{number}",
        patient_id="sample",
        patient_name="Ruth Alder",
        state=state,
        title=title,
        days=days,
        on=on,
        why_url=more.pop("why_url", "#"),
        verb=action,
        menu=() if state is State.WORKING else menu,
        **{"owner": "You", "owner_note": "nutrition", **more},
    )


def _rows() -> list[tuple[str, TaskRow | LoggedRow]]:
    review = "Nutrition review"
    slp = {"owner": "Asha Swift", "owner_note": "speech-language"}
    return [
        (
            "Due",
            _row(1, State.DUE, review, 3, date(2026, 3, 15), reason="Last review 15 Dec 2025 + 3 months."),
        ),
        (
            "Planned",
            _row(
                2,
                State.DUE,
                review,
                5,
                date(2026, 3, 17),
                reason="Last review 17 Dec 2025 + 3 months.",
                tag=Tag("Booked 17 Mar 2026", "calendar-check", "action"),
            ),
        ),
        (
            "Due, in grace",
            _row(
                3,
                State.IN_GRACE,
                "Clinic visit",
                7,
                date(2026, 3, 5),
                verb="Log visit",
                reason="Last visit 5 Dec 2025 + 3 months, 14 days’ grace.",
                owner="Marcus Heron",
                owner_note="coordinator",
            ),
        ),
        (
            "Overdue, attention",
            _row(
                4,
                State.ATTENTION,
                review,
                12,
                date(2026, 2, 28),
                reason="Last review 30 Nov 2025 + 3 months.",
            ),
        ),
        (
            "Overdue, urgent",
            _row(
                5,
                State.URGENT,
                "No swallow study after positive screen",
                6,
                date(2026, 3, 6),
                verb="Log study",
                reason="Positive screen 20 Feb 2026 + 14 days.",
                **slp,
            ),
        ),
        (
            "Overdue, critical",
            _row(
                6,
                State.CRITICAL,
                "NIV criteria met, nothing arranged",
                6,
                date(2026, 3, 6),
                verb="Log plan",
                reason="FVC 46% on 20 Feb 2026 + 14 days.",
                owner="Dr Amir Kestrel",
                owner_note="pulmonology",
            ),
        ),
        (
            "Unassigned",
            _row(
                7,
                State.URGENT,
                "No liver test before riluzole",
                2,
                date(2026, 3, 10),
                verb="Take it",
                reason="Course started 10 Mar 2026.",
                owner="Unassigned",
                owner_note="neurology queue",
                owner_icon="person-dash",
            ),
        ),
        (
            "Assigned by someone",
            _row(
                8,
                State.ATTENTION,
                "Call Slate Mobility about the cushion",
                1,
                date(2026, 3, 11),
                verb="Mark done",
                reason="Marcus Heron, 9 Mar 2026: “Ask for the pressure map.”",
                owner_note="by Marcus Heron",
                owner_icon="person-check",
            ),
        ),
        (
            "Offer again",
            _row(
                9,
                State.ATTENTION,
                "Offer again: nutrition review",
                3,
                date(2026, 3, 9),
                verb="Log answer",
                offer_again=True,
                reason="Declined 9 Dec 2025, to be offered again after 3 months.",
            ),
        ),
        (
            "Declined",
            _row(
                10,
                State.DECLINED,
                "Cognitive screen",
                167,
                date(2026, 8, 26),
                verb="New answer",
                reason="Prefers not to at this time, 26 Feb 2026.",
                owner="Dr Ilse Crane",
                owner_note="neurology",
            ),
        ),
        (
            "Deferred",
            _row(
                11,
                State.DEFERRED,
                "Respiratory assessment",
                12,
                date(2026, 3, 24),
                verb="End early",
                reason="In hospital since 8 Mar 2026.",
                owner="Ben Plover",
                owner_note="pulmonology",
            ),
        ),
        (
            "Snoozed",
            _row(
                12,
                State.SNOOZED,
                "Diet measures not recorded",
                7,
                date(2026, 3, 17),
                verb="End snooze",
                reason="You, 12 Mar 2026: “Video visit on Monday.”",
                **slp,
            ),
        ),
        (
            "Catch-up",
            _row(
                13,
                State.CATCH_UP,
                review,
                161,
                date(2025, 10, 2),
                verb="Done elsewhere",
                reason="Last review 2 Jul 2025 + 3 months.",
            ),
        ),
        (
            "To know, not to do",
            _row(
                14,
                State.TO_KNOW,
                "Diet measures not recorded",
                7,
                date(2026, 3, 5),
                verb="",
                reason="With Asha Swift, speech-language pathology.",
                **slp,
            ),
        ),
        (
            "Recalculating",
            _row(
                15,
                State.WORKING,
                "Recalculating what is due",
                0,
                None,
                verb="",
                why_url="",
                owner="",
                owner_note="",
                reason="Your entry is saved. This list catches up by itself.",
                since=datetime(2026, 3, 12, 10, 52, tzinfo=UTC),
            ),
        ),
        (
            "Just logged",
            LoggedRow(
                "sample-16",
                "Nutrition review logged",
                "58.3 kg. Next due 12 Jun 2026.",
                Action("Undo", "#", How.PAGE, about="Nutrition review, Ingrid Linden"),
            ),
        ),
    ]


def _seats() -> list[SeatCell]:
    fill = Action("Fill seat", "#", How.PAGE)
    return [
        SeatCell("filled", "Filled", Seat.FILLED, "Dr Ilse Crane", "seen 26 Feb 2026"),
        SeatCell("never", "Filled, never seen", Seat.NEVER_SEEN, "Nadia Wren", "never seen here"),
        SeatCell("empty", "Empty", Seat.EMPTY, "", "since joining, 6 Feb 2026", fill),
        SeatCell("lapsed", "Lapsed", Seat.LAPSED, "", "Dr Edith Avocet to 27 Feb 2026", fill),
        SeatCell("declined", "Declined", Seat.DECLINED, "", "offer again 26 May 2026"),
    ]


def _context() -> dict[str, Any]:
    return {
        "sheet_day": TODAY,
        "swatches": SWATCHES,
        "labelled_rows": _rows(),
        "seats": _seats(),
        "severities": [
            (State.CRITICAL, "Filled octagon, tinted label. Coordinator told at once."),
            (State.URGENT, "Filled triangle, bold word."),
            (State.ATTENTION, "Open circle, plain word."),
            (State.IN_GRACE, "Hourglass. Not overdue yet."),
            (State.DUE, "Calendar. Ahead or today."),
        ],
        "meters": [
            Meter(2, 7, "Within"),
            Meter(7, 7, "On the limit"),
            Meter(8, 7, "Over"),
            Meter(16, 7, "Over, breathing", breathing=True),
        ],
        "form": SampleForm({"weight": "631", "happened_on": "2027-03-12"}),
        "panel": FormPanel("#", "Log review", "Nutrition review", item="sample-form", cancel_url="#"),
        "conflict": Conflict(
            "Asha Swift changed this plan at 10:41",
            "Liquids is now “done”. Your texture and chin-tuck answers are kept below.",
            "Save mine over it",
            "Keep Asha’s",
            "#",
        ),
        "empty": Empty(
            "Nothing overdue for nutrition",
            "Next: 4 reviews due by 19 Mar 2026, starting with Grace Juniper.",
            Action("Show due in 7 days", "#", How.PAGE),
        ),
    }


@require_safe
@login_required
def component_sheet(request: HttpRequest) -> HttpResponse:
    """Every part and state on one page. Raises Http404 outside the demo."""
    if not settings.DEMO:
        raise Http404
    return render(request, "pages/component_sheet.html", _context())
