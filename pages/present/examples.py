"""Worked examples of a rule, told as the timeline of a patient tells what is recorded."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from assessments.registry import kinds
from pages.present import people
from pages.rows import ExampleStep, WorkedExample
from pathway.catalogue import DISCIPLINES, ITEMS, PATIENT_STATUSES, REFERRAL_STATUSES, STAGES, TOPICS
from pathway.dates import as_date
from pathway.rule import Example
from worklist.wording import shown


def example(given: Example) -> WorkedExample:
    """A worked example of the rule, as the tests run it."""
    return WorkedExample(
        says=given.says,
        joined=_day(given.patient.get("enrolled_on")),
        steps=[ExampleStep(_day(each.get("date")), _what(each)) for each in given.events],
        alerts=[_alert(opens, closes) for _subject, opens, closes in given.alerts],
    )


def _day(given: Any) -> str:
    on = as_date(given)
    return people.day(on) if on else ""


def _alert(opens: str, closes_on: str | None) -> str:
    if closes_on is None:
        return _("Overdue from %(opens)s.") % {"opens": _day(opens)}
    return _("Overdue from %(opens)s, closed on %(closes)s.") % {
        "opens": _day(opens),
        "closes": _day(closes_on),
    }


def _what(event: Mapping[str, Any]) -> str:
    kind, data = str(event["type"]), event.get("data") or {}
    return _finding(kind, data) if kind in kinds() else _happening(kind, data)


def _finding(kind: str, data: Mapping[str, Any]) -> str:
    """The record's name and its line on the timeline."""
    label = str(kinds()[kind].label)
    try:
        summary = kinds()[kind].findings.from_event_data(data).summary()
    except ValidationError:
        summary = ""
    return f"{label}: {summary}" if summary else label


def _happening(kind: str, data: Mapping[str, Any]) -> str:
    named = {name: _named(name, data.get(name)) for name in ("discipline", "topic", "item")}
    match kind:
        case "team_assign":
            return _("%(discipline)s: somebody takes the seat") % named
        case "team_unassign":
            return _("%(discipline)s: the seat is left") % named
        case "decline":
            return _("Declined: %(topic)s") % named
        case "withdraw_decline":
            return _("No longer declined: %(topic)s") % named
        case "deferral":
            return _("Deferred: %(topic)s") % named
        case "withdraw_deferral":
            return _("No longer deferred: %(topic)s") % named
        case "referral":
            return _("Referral to %(discipline)s") % named
        case "referral_update":
            return _referral_update(data)
        case "equipment_request":
            return _("Requested: %(item)s") % named
        case "equipment_status":
            return _word(STAGES, data.get("status"))
        case "equipment_contact":
            return _("Call to vendor or payer")
        case "loaner_provided":
            back = as_date(data.get("returned_on"))
            return _("Lent, back %(day)s") % {"day": people.day(back)} if back else _("Lent, not back")
        case "status_change":
            return _word(PATIENT_STATUSES, data.get("status"))
    return kind.replace("_", " ").capitalize()


def _referral_update(data: Mapping[str, Any]) -> str:
    status, on = _word(REFERRAL_STATUSES, data.get("status")), as_date(data.get("appointment_on"))
    said = {"status": status, "day": _appointment(on)}
    return _("Referral: %(status)s%(day)s") % said


def _appointment(on: date | None) -> str:
    return _(", appointment %(day)s") % {"day": people.day(on)} if on else ""


def _named(name: str, code: Any) -> str:
    if name == "item":
        return shown({"text": ITEMS[code].name}) if code in ITEMS else ""
    if name == "topic":
        return shown({"text": TOPICS[code].name}) if code in TOPICS else ""
    return _word(DISCIPLINES, code)


def _word(words: Mapping[Any, str], code: Any) -> str:
    return shown({"text": words[code]}) if code in words else ""
