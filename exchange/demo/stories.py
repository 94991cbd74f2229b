"""What happened to each person of the demo clinic."""

from collections.abc import Callable, Mapping
from datetime import date

from exchange.demo.care import keep_up
from exchange.demo.history import Life
from exchange.demo.people import Person
from exchange.demo.unfinished import UNFINISHED, Story
from exchange.demo.visits import record_visits, visits_of
from pathway.dates import add_months


def life_of(person: Person, today: date) -> Life:
    """Visits and what they lead to, the referral to palliative care, and the person's own stories."""
    life = Life(today=today, social_worker=person.social_worker)
    _seats(life, person)
    visits = visits_of(life, person)
    record_visits(life, person, visits)
    keep_up(life, person, visits)
    _PALLIATIVE[person.palliative](life, person)
    if person.walker:
        _walker(life, person)
    for stories in (_STORIES, UNFINISHED):
        if story := stories.get(person.mrn):
            story(life)
    return life


def _seats(life: Life, person: Person) -> None:
    """Tom Finch sits in every new person's seat; some go to Maya Lark, who joined later."""
    if person.social_worker == "maya":
        handed_over = max(-210, person.enrolled + 2)
        life.add("team_unassign", handed_over, "marcus", discipline="social_work")
        life.add(
            "team_assign", handed_over, "marcus", discipline="social_work", member="maya.lark@harbor.example"
        )


def _walker(life: Life, person: Person) -> None:
    asked = person.enrolled + 40 + person.mrn % 30
    days = zip(
        ("requested", "documented", "submitted", "approved", "ordered", "delivered", "in_use"),
        (asked, asked + 1, asked + 3, asked + 8, asked + 9, asked + 12, asked + 14),
        strict=True,
    )
    life.equipment("walker", "carla", list(days), payer=person.payer, vendor="Flint Medical")


# Palliative care


def _seen(life: Life, person: Person) -> None:
    asked = person.enrolled + 5 + person.mrn % 20
    _refer(life, asked)
    scheduled = life.day(asked + 24)
    life.add(
        "referral_update", asked + 6, life.social_worker, id="P", status="scheduled", appointment_on=scheduled
    )
    life.add("referral_update", asked + 24, "hana", id="P", status="seen")


def _none(life: Life, person: Person) -> None:
    """Nobody has referred the person yet."""


def _declined(life: Life, person: Person) -> None:
    life.add("decline", -14, "ilse", recorded=-12, topic="palliative", note="Wants to wait until spring.")


def _lapsed(life: Life, person: Person) -> None:
    declined_on = add_months(life.day(-4), -3)
    life.add("decline", declined_on, "ilse", topic="palliative", note="Prefers not to at this time.")


def _missed(life: Life, person: Person) -> None:
    _refer(life, -40)
    seen_on = life.day(-12)
    life.add("referral_update", -34, life.social_worker, id="P", status="scheduled", appointment_on=seen_on)


def _refer(life: Life, on: int) -> None:
    life.add(
        "referral", on, life.social_worker, id="P", discipline="palliative_care", provider="Dr Hana Curlew"
    )


_PALLIATIVE: Mapping[str, Callable[[Life, Person], None]] = {
    "seen": _seen,
    "none": _none,
    "declined": _declined,
    "lapsed": _lapsed,
    "missed": _missed,
}


# One story each


def _ruth(life: Life) -> None:
    """The stalled wheelchair; a review done elsewhere; a mistyped lung test; lapsed and empty seats."""
    life.equipment(
        "power_wheelchair",
        "carla",
        [("requested", -55), ("documented", -47), ("submitted", -32)],
        payer="Medicare Advantage",
        vendor="Slate Mobility",
        detail="Group 3, tilt in space",
        calls=[
            {"on": -20, "person": "Intake desk", "contact_with": "payer", "reference": "DEMO-4402",
             "note": "Waiting for the face-to-face note.", "next_call": -10},
            {"on": -3, "person": "Intake desk", "contact_with": "payer", "reference": "DEMO-4471",
             "note": "Still in review.", "next_call": 1},
        ],
        loan={"on": -30, "item_lent": "Transport chair", "serial_number": "D-TC-07", "due_back": 49},
    )  # fmt: skip
    life.equipment("shower_chair", "jo", [("requested", -14), ("documented", -2)], payer="Medicaid")
    wrong = life.add("resp_assessment", -15, "ben", fvc_pct=85, symptoms=False)
    life.add("void", -15, "ben", ref=wrong, reason="Digits swapped")
    life.add("resp_assessment", -15, "ben", fvc_pct=58, symptoms=False)
    life.add(
        "referral", -17, "marcus", id="G", discipline="gastroenterology", reason="Gastrostomy counselling"
    )
    life.add("team_unassign", -13, "marcus", discipline="gastroenterology")
    life.add("team_unassign", -118, "marcus", discipline="occupational_therapy")


def _joseph(life: Life) -> None:
    life.equipment(
        "cough_assist",
        "amir",
        [("requested", -16), ("documented", -13), ("submitted", -9)],
        payer="Medicare Advantage",
        vendor="Basalt Respiratory",
        calls=[{"on": -5, "person": "Intake desk", "contact_with": "payer", "next_call": -2,
                "note": "Missing the signed letter of medical necessity."}],
    )  # fmt: skip


def _helen(life: Life) -> None:
    life.equipment("feeding_pump", "nadia", [("requested", -6)], payer="Medicare", vendor="Pumice Home Care")


def _arthur(life: Life) -> None:
    stages = [("requested", -6), ("documented", -6), ("submitted", -5), ("approved", -4), ("ordered", -4),
              ("delivered", -2)]  # fmt: skip
    life.equipment("bpap", "amir", stages, payer="Medicare", vendor="Basalt Respiratory", backup_rate=True)


def _desmond(life: Life) -> None:
    life.equipment(
        "power_wheelchair",
        "carla",
        [("requested", -68), ("documented", -66), ("submitted", -62), ("denied", -48), ("appealed", -46),
         ("approved", -26), ("ordered", -22)],
        payer="Medicare",
        vendor="Slate Mobility",
        calls=[{"on": -6, "person": "Order desk", "note": "Frame arrives next week.", "next_call": 8}],
        loan={"on": -60, "item_lent": "Manual wheelchair", "serial_number": "D-MW-03"},
    )  # fmt: skip


def _ingrid(life: Life) -> None:
    stages = [("requested", -12), ("documented", -11), ("submitted", -9), ("approved", -7), ("ordered", -6)]
    life.equipment(
        "manual_wheelchair", "carla", stages, payer="Medicare", vendor="Slate Mobility",
        loan={"on": -10, "item_lent": "Transport chair", "serial_number": "D-TC-02", "due_back": 20},
    )  # fmt: skip
    stages = [("requested", -230), ("documented", -229), ("submitted", -225), ("approved", -219),
              ("ordered", -216), ("delivered", -197), ("in_use", -194)]  # fmt: skip
    life.equipment("aac_device", "asha", stages, payer="Medicare", vendor="Quartz Speech")


def _noor(life: Life) -> None:
    life.equipment("suction", "amir", [("requested", -5)], payer="Medicaid")


def _samuel(life: Life) -> None:
    stages = [("requested", -8), ("documented", -7), ("submitted", -6), ("approved", -3)]
    life.equipment(
        "bpap", "amir", stages, payer="Medicare", vendor="Basalt Respiratory",
        qualifying_test="MIP 48 cmH2O",
        calls=[{"on": -1, "person": "Intake", "note": "Mask fitting to be booked.", "next_call": 0}],
    )  # fmt: skip


def _beatriz(life: Life) -> None:
    stages = [("requested", -88), ("documented", -86), ("submitted", -84), ("approved", -77),
              ("ordered", -46), ("delivered", -5)]  # fmt: skip
    life.equipment(
        "power_wheelchair", "carla", stages, payer="Demo Mutual", vendor="Slate Mobility",
        loan={"on": -70, "item_lent": "Power chair", "serial_number": "D-PC-01", "due_back": 7},
    )  # fmt: skip


def _tomas(life: Life) -> None:
    life.equipment(
        "aac_device", "asha", [("requested", -12), ("documented", -4)],
        payer="Medicare", vendor="Quartz Speech", detail="Eye gaze",
        loan={"on": -11, "item_lent": "Text tablet", "serial_number": "D-TT-04"},
    )  # fmt: skip


def _aniela(life: Life) -> None:
    stages = [("requested", -15), ("documented", -14), ("submitted", -13), ("approved", -10), ("ordered", -9)]
    life.equipment(
        "commode", "jo", stages, payer="Medicaid", vendor="Flint Medical",
        calls=[{"on": -3, "note": "Back-ordered until next week.", "next_call": 4}],
        loan={"on": -12, "item_lent": "Commode", "serial_number": "D-CM-02"},
    )  # fmt: skip


def _priya(life: Life) -> None:
    stages = [("requested", -74), ("documented", -71), ("submitted", -63), ("denied", -14), ("appealed", -11)]
    life.equipment(
        "power_wheelchair", "carla", stages, payer="Demo Mutual", vendor="Slate Mobility",
        loan={"on": -60, "item_lent": "Power chair", "serial_number": "D-PC-02"},
        calls=[{"on": -8, "contact_with": "payer", "reference": "DEMO-4390", "next_call": 6,
                "note": "Appeal received; peer-to-peer offered."}],
    )  # fmt: skip


def _kwame(life: Life) -> None:
    life.equipment("hospital_bed", "jo", [("requested", -2)], payer="Demo Mutual")


def _mateo(life: Life) -> None:
    stages = [
        ("requested", -63),
        ("documented", -62),
        ("submitted", -60),
        ("approved", -54),
        ("ordered", -47),
    ]
    life.equipment(
        "home_modification", "jo", stages, payer="Medicaid waiver", vendor="Granite Builders",
        detail="Ramp at the back door",
        loan={"on": -58, "item_lent": "Portable ramp", "serial_number": "D-RP-01"},
        calls=[{"on": -9, "note": "Concrete poured; rails to follow.", "next_call": 0}],
    )  # fmt: skip
    life.add("nutrition_review", -10, "nadia", weight_kg=None, note="Scale out of order.")


def _walter(life: Life) -> None:
    declined_on = add_months(life.day(-3), -3)
    life.add("decline", declined_on, "nadia", topic="nutrition_review", note="Tired of being weighed.")
    life.equipment(
        "patient_lift", "carla",
        [("requested", -13), ("documented", -12), ("submitted", -10), ("denied", -4)],
        payer="Demo Mutual", vendor="Flint Medical",
        loan={"on": -11, "item_lent": "Lift", "serial_number": "D-LF-01"},
        calls=[{"on": -3, "contact_with": "payer", "note": "Peer-to-peer possible until Friday.",
                "next_call": 0}],
    )  # fmt: skip


def _lin(life: Life) -> None:
    stages = [("requested", -9), ("documented", -8), ("submitted", -7), ("approved", -1)]
    life.equipment("walker", "carla", stages, payer="Medicaid", vendor="Flint Medical")


def _otto(life: Life) -> None:
    life.add("deferral", -25, "marcus", topic="nutrition_review", until=life.day(12), reason="inpatient",
             note="Pneumonia; weighed daily on the ward.")  # fmt: skip


def _clara(life: Life) -> None:
    life.add("decline", -6, "nadia", topic="nutrition_review", note="Visiting family; asks again in May.")


def _henry(life: Life) -> None:
    """Nutrition was declined and taken up again."""
    life.add("decline", -180, "nadia", topic="nutrition_review")
    life.add("withdraw_decline", -150, "nadia", topic="nutrition_review")


def _elsa(life: Life) -> None:
    life.add("status_change", -60, "marcus", status="hospice", note="Hospice of the Harbor.")
    stages = [("requested", -70), ("documented", -69), ("submitted", -66), ("approved", -63),
              ("ordered", -62), ("delivered", -60), ("in_use", -59)]  # fmt: skip
    life.equipment("suction", "amir", stages, payer="Medicare", vendor="Basalt Respiratory")


def _victor(life: Life) -> None:
    life.add("status_change", -30, "marcus", status="hospice")
    stages = [("requested", -14), ("documented", -13), ("submitted", -12)]
    life.equipment("hospital_bed", "jo", stages, payer="Medicare", vendor="Pumice Home Care")


def _ada(life: Life) -> None:
    life.add("status_change", -120, "marcus", status="discharged", note="Moved to Oregon; records sent.")


def _conrad(life: Life) -> None:
    life.add("status_change", -50, "marcus", recorded=-47, status="deceased", note="Died at home.")


_STORIES: Mapping[int, Story] = {
    142: _ruth,
    98: _joseph,
    165: _helen,
    76: _arthur,
    150: _desmond,
    109: _ingrid,
    112: _noor,
    153: _samuel,
    117: _beatriz,
    139: _tomas,
    168: _aniela,
    104: _priya,
    171: _kwame,
    133: _mateo,
    87: _walter,
    121: _lin,
    172: _otto,
    157: _clara,
    161: _henry,
    53: _elsa,
    60: _victor,
    79: _ada,
    57: _conrad,
}
