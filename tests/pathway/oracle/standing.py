"""In which status a rule applies, and the grace after a return."""

from datetime import date

from tests.pathway.oracle.known import Known, plus

# "RIL-HEP, SIAL-STEP, EOL-TALK, EQ-STAGE and EQ-AGE also apply in hospice"
ALSO_IN_HOSPICE = {"RIL-HEP", "SIAL-STEP", "EOL-TALK", "EQ-STAGE", "EQ-AGE"}

# "notice: true from the day the fact is known". "COG-SCREEN counts as a deadline rule for re-entry."
NOTICES = {"RIL-BASE", "RIL-HEP", "NIV-BACKUP", "PEG-FVC30", "HOSP-INFO"}


def applies(known: Known, code: str) -> bool:
    """Whether the rule applies in today's status and no re-entry grace holds it back."""
    history = statuses(known)
    today = history[-1][1] if history else "active"
    return applies_in(code, today) and not in_grace(known, code, history)


def applies_in(code: str, status: str) -> bool:
    """'Rules apply in active; [five] also apply in hospice; none in discharged or deceased.'

    But what the dead had on loan is listed.
    """
    if code == "EQ-RETURN":
        return status == "deceased"
    return status == "active" or (status == "hospice" and code in ALSO_IN_HOSPICE)


def statuses(known: Known) -> list[tuple[date, str]]:
    """'Of several status changes on one date only the last entered counts.'"""
    last: dict[date, str] = {}
    for change in known.of("status_change"):
        last[change.on] = change.data["status"]
    return sorted(last.items())


def in_grace(known: Known, code: str, history: list[tuple[date, str]]) -> bool:
    """'After a return to active, an interval or deadline rule that did not apply in the previous
    status is false on D ≤ return date + 14 days … also into a later hospice election.'"""
    if code in NOTICES:
        return False
    previous = "active"
    for on, status in history:
        returned = status == "active" and previous != "active"
        if returned and not applies_in(code, previous) and known.day <= plus(on, 14):
            return True
        previous = status
    return False


def hospice_elections(known: Known) -> list[date]:
    """The days on which the status went over to hospice."""
    days = []
    previous = "active"
    for on, status in statuses(known):
        if status == "hospice" != previous:
            days.append(on)
        previous = status
    return days
