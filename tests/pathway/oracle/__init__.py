"""The clinical catalogue read literally, one day at a time, for all its rules.

Written apart from the rules and sharing no code with them. For every day it collects what is
known at the end of that day and asks each rule whether its condition holds. Slow and plain on
purpose. Quotations in the comments are the catalogue's.

Where the catalogue leaves room, this is how it is read here:

1. A fresh window moves what a rule's window is counted from. It does not discard work: an
   end-of-life discussion after the trigger, or a treatment since saliva began, answers although
   a decline was withdrawn later.
2. "First" is the first ever: RAD-PLAN's first FVC < 60, PEG-FVC30's first FVC < 30, EOL-TALK's
   first FVC < 50 and SWAL-SCREEN's first impaired bulbar status stay the anchor when the value
   recovered in between.
3. EXEC-SAFE's T is the day of the latest screen, also when the one before was impaired too.
4. RAD-PLAN's "no NIV trigger" means that none was ever met, as no better reading clears one.
5. NIV-TRIG is refreshed by the stop that ended use and by the first of repeated cancellations of
   a request; PEG-DISC by the first of repeated cancellations without an acceptance in between.
   A stop or a cancellation of nothing refreshes too.
6. NIV-BACKUP compares every start and update, also those of NIV that was stopped since; of
   requests only the live ones.
7. COG-SCREEN (c) counts from the earliest among the live BPAP requests and the NIV in use.
8. A material change needs a later day than the decline, and no such value on its day or before.
9. A deferral silences, ends and gives a fresh window as a decline with a re-offer date does. It
   does not cancel a pending acceptance of gastrostomy, being no decline. A decline and a deferral
   of one topic stand side by side.
10. A patient's request ends a permanent decline of the end-of-life talk, being a withdrawal.
11. Electing hospice is going over to it; hospice recorded again is no second discussion.
12. Of returns only those count for the re-entry grace that came from a status in which the rule
   did not apply; a later one that gives none does not cut an earlier grace short.
13. A placement ends the acceptances dated up to its day. An acceptance after it is pending anew.
14. SIAL-STEP step 1 is answered by a treatment of either line or a failed response, not by an
   effective response alone.
15. TEAM-GAP, MDT-VISIT and REF-STALL have no T and so no fresh window.
16. Statuses, contacts and updates belong to the first request or referral with their id.
17. HOSP-INFO's first FVC < 30 stays its anchor; a later value at 30 or above ends it. Electing hospice
   counts as a discussion there too, and a decline of the discussion silences it.
18. A void needs no later entry than the fact it voids; only a void of a void does.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from tests.pathway.oracle.catalogue import RULES
from tests.pathway.oracle.known import Fact, Known, happened_on, read, recorded_on
from tests.pathway.oracle.standing import applies

Alert = tuple[str, str, date, date | None]
Rules = Mapping[str, Callable[[Known], set[str]]]

__all__ = ["RULES", "Alert", "alerts", "happened_on", "recorded_on"]


def alerts(timeline: Mapping[str, Any], rules: Rules = RULES) -> list[Alert]:
    """Every alert of a timeline as (rule, subject, opens, closes)."""
    day = date.fromisoformat(timeline["patient"]["enrolled_on"])
    last = date.fromisoformat(timeline["as_of"])
    facts = read(timeline)
    open_since: dict[tuple[str, str], date] = {}
    found: list[Alert] = []
    while day <= last:
        now_open = open_on(timeline["patient"], facts, day, rules)
        for rule, subject in [key for key in open_since if key not in now_open]:
            found.append((rule, subject, open_since.pop((rule, subject)), day))
        for key in now_open:
            open_since.setdefault(key, day)
        day += timedelta(days=1)
    found += [(rule, subject, since, None) for (rule, subject), since in open_since.items()]
    return sorted(found, key=lambda alert: (alert[2], alert[0], alert[1]))


def open_on(
    patient: Mapping[str, Any], facts: list[Fact], day: date, rules: Rules = RULES
) -> set[tuple[str, str]]:
    """The (rule, subject) whose condition is true at the end of ``day``."""
    known = Known(patient, facts, day)
    return {
        (code, subject)
        for code, condition in rules.items()
        if applies(known, code)
        for subject in condition(known)
    }
