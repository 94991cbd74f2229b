"""The rules as a document: what docs/rules.md holds, from the rules themselves."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pathway.catalogue import DISCIPLINES, ITEMS, PATIENT_STATUSES, TOPICS
from pathway.due import COORDINATOR, Severity
from pathway.parameter import Limits, limits
from pathway.registry import rules
from pathway.rule import Mark, Rule, RuleKind
from pathway.settings import COMMON, CommonParameters

MARKS = {
    Mark.STATED: "guideline summary",
    Mark.VERIFIED: "read in the source",
    Mark.GENERAL: "general knowledge",
    Mark.DEFAULT: "clinic setting",
}
KINDS = {
    RuleKind.INTERVAL: "again and again, counted from the last time",
    RuleKind.DEADLINE: "a number of days after the fact that asks for it",
    RuleKind.NOTICE: "from the day it is known",
}
INTRODUCTION = """\
# The rules

Written by `python manage.py rules_document > docs/rules.md`; a test fails when this file and the rules
drift apart. Each clinic may set the numbers, the owner and the severities of a rule, or switch it off; what
follows is each rule as shipped. In the product the same stands under *Rules*, with the clinic's own values.
A few rules are off unless a clinic turns them on; they say so.

The mark before a source says how far it was confirmed: *guideline summary* is stated in the summary the
product was made from, *read in the source* was read in the named public source, *general knowledge* was
not confirmed, and *clinic setting* is a default of the product, for which no source gives a number.
"""


def rules_as_markdown() -> str:
    """Every rule in full: due when, whose, closed how, from where, with which numbers, with examples."""
    listed = (
        f"| [{code}](#{code.lower()}) | {rule.title}{_off(rule)} | {_owner(rule.owner)} |"
        for code, rule in rules().items()
    )
    parts = [
        INTRODUCTION,
        "\n".join(["| rule | work | owner |", "|---|---|---|", *listed]),
        *(_rule(rule) for rule in rules().values()),
        "\n".join([f"## {COMMON}", "", "Terms all rules share.", "", *_numbers(CommonParameters())]),
    ]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def _rule(rule: Rule[Any]) -> str:
    return "\n".join(
        [
            f"## {rule.code}",
            "",
            f"**{rule.title}** (version {rule.version}). {rule.in_words()}",
            "",
            *_facts(rule),
            "",
            *_numbers(rule.parameters),
            "",
            *_examples(rule),
        ]
    )


def _facts(rule: Rule[Any]) -> Iterator[str]:
    statuses = ", ".join(PATIENT_STATUSES[each].lower() for each in PATIENT_STATUSES if each in rule.statuses)
    informed = ", ".join(_owner(each) for each in rule.informed)
    ladder = ", ".join(each.value for each in sorted(rule.severities, key=lambda each: each.rank))
    if rule.optional:
        yield "- Off unless a clinic turns it on."
    yield f"- Due {KINDS[rule.kind]}, while the person’s status is: {statuses}."
    if rule.quiet:
        yield "- Stands on a list of its own: no alert, no mail."
    whose = f" {rule.whose}" if rule.whose else ""
    yield f"- Owner: {_owner(rule.owner)}" + (f"; informed: {informed}." if informed else ".") + whose
    falls = rule.decline_topic and set(rule.severities) != {Severity.ATTENTION}
    offered = f"; {Severity.ATTENTION} where it is offered again" if falls else ""
    yield f"- Severity: {ladder}{offered}."
    yield f"- Closes by: {rule.closes}"
    if rule.decline_topic:
        yield f"- Rests while *{TOPICS[rule.decline_topic].name}* is declined or deferred."
    yield from (f"- Source, {MARKS[source.mark]}: {source.text}." for source in rule.source)


def _numbers(parameters: Any) -> Iterator[str]:
    known = limits(parameters)
    if not known:
        yield "No numbers to set."
        return
    yield "| number | as shipped | may be |"
    yield "|---|---|---|"
    for name, of_name in known.items():
        value = getattr(parameters, name)
        if isinstance(value, Mapping):
            for key, each in value.items():
                yield f"| {of_name.label}: {_key(key)} | {_said(each, of_name)} | {_range(of_name)} |"
        else:
            yield f"| {of_name.label} | {_said(value, of_name)} | {_range(of_name)} |"


def _examples(rule: Rule[Any]) -> Iterator[str]:
    for example in rule.examples:
        told = "; ".join(
            f"overdue from {opens}" + (f", closed on {closes}" if closes else "")
            for _subject, opens, closes in example.alerts
        )
        yield f"- {example.says} *{told or 'Never overdue'}.*"


def _off(rule: Rule[Any]) -> str:
    return " (off unless turned on)" if rule.optional else ""


def _owner(code: str) -> str:
    return "nurse coordinator" if code == COORDINATOR else DISCIPLINES[code].lower()


def _key(key: str) -> str:
    if key in ITEMS:
        return ITEMS[key].name
    return f"seat of {TOPICS[key].name}" if key.startswith("discipline:") else TOPICS[key].name


def _said(value: Any, known: Limits) -> str:
    if known.is_flag:
        return "yes" if value else "no"
    return " ".join(_words([f"{value:g}", known.unit_of(value)]))


def _range(known: Limits) -> str:
    if known.is_flag:
        return "yes or no"
    return " ".join(_words([f"{known.low:g} to {known.high:g}", known.unit]))


def _words(parts: Iterable[str]) -> list[str]:
    return [part for part in parts if part]
