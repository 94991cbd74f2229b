"""Section 3: declines, deferrals, withdrawals and material changes."""

from datetime import date

from tests.pathway.oracle import findings
from tests.pathway.oracle.known import Fact, Known, Order, add_months

# Before everything else of its day: R and the end of a deferral.
MORNING = (date.min, -1)

KINDS = {"decline": "withdraw_decline", "deferral": "withdraw_deferral"}


def in_force(known: Known, topic: str) -> bool:
    """'A decline is in force from its date until the first of R, a later decline, a withdrawal
    or, unless permanent, a material change.' So is a deferral, until its last day."""
    return any(
        known.day < end(known, choice)[0][0] for kind in KINDS for choice in known.of(kind, topic=topic)
    )


def fresh(known: Known, topic: str) -> list[date]:
    """'The date a decline in force was withdrawn or ended by a material change.'"""
    ends = [end(known, choice) for kind in KINDS for choice in known.of(kind, topic=topic)]
    return [order[0] for order, gives_fresh_window in ends if gives_fresh_window and order[0] <= known.day]


def end(known: Known, choice: Fact) -> tuple[Order, bool]:
    """What ended a choice first, or will end it, and whether that gives a fresh window."""
    topic = choice.data["topic"]
    ends: list[tuple[Order, bool]] = [((reoffer(choice), *MORNING), False)]
    later = known.of(choice.kind, topic=topic)
    ends += [(other.order, False) for other in later if other.order > choice.order]
    withdrawn = known.of(KINDS[choice.kind], topic=topic) + requested(known, topic)
    ends += [(other.order, True) for other in withdrawn if other.order > choice.order]
    if not choice.data.get("permanent"):
        ends += [(change.order, True) for change in material(known, choice)]
    return min(ends)


def reoffer(choice: Fact) -> date:
    """'R = reoffer_on, else add_months(date, n)'; 'permanent never re-offers'."""
    if choice.kind == "deferral":
        return date.fromisoformat(choice.data["until"])
    if choice.data.get("permanent"):
        return date.max
    if choice.data.get("reoffer_on"):
        return date.fromisoformat(choice.data["reoffer_on"])
    return add_months(choice.on, months(choice.data["topic"]))


def months(topic: str) -> int:
    """'Gastrostomy, NIV, palliative … 3; cognitive screen and each discipline 6; liver tests 1.'"""
    if topic == "cognitive_screen" or topic.startswith("discipline:"):
        return 6
    return 1 if topic == "lft" else 3


def requested(known: Known, topic: str) -> list[Fact]:
    """'A patient_request counts as a withdrawal of eol_discussion in the same way.'"""
    return known.of("eol_trigger", reason="patient_request") if topic == "eol_discussion" else []


def material(known: Known, choice: Fact) -> list[Fact]:
    """'NIV — first measured FVC < 50 after a decline, when none was < 50 on or before it.
    Gastrostomy — first weight loss ≥ 10% after a decline, when none before.'"""
    if choice.data["topic"] == "niv":
        changes = [each for each in findings.measured(known) if each.data["fvc_pct"] < 50]
    elif choice.data["topic"] == "gastrostomy":
        changes = findings.losses(known, 10)
    else:
        return []
    if any(each.on <= choice.on for each in changes):
        return []
    return changes[:1]
