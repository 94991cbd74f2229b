"""What one clinic sets about the rules: on or off, their numbers, owner and severities.

Terms that belong to no single rule are set under the code :data:`COMMON`. A setting is
checked by :func:`problems` before it is stored; the engine takes it as it stands.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from pathway.catalogue import DISCIPLINES, ITEMS, TOPICS
from pathway.chart import DEFAULTS, Common
from pathway.due import COORDINATOR, Phrase, Severity
from pathway.parameter import MONTHS, Limits, borrowed, limits, number_of_days
from pathway.registry import rules
from pathway.rule import Rule
from pathway.words import gettext_noop as _

COMMON = "COMMON"
"""Stands in a rule's place for the terms every rule shares."""


@dataclass(frozen=True)
class CommonParameters:
    """The terms every rule shares (catalogue 2.1 and 3), with their ranges."""

    reentry_grace_days: int = number_of_days(
        DEFAULTS.reentry_grace_days, _("Days of grace after a return to active"), high=60
    )
    reoffer_months: Mapping[str, int] = field(
        default_factory=lambda: {code: topic.reoffer_months for code, topic in TOPICS.items()},
        metadata={"limits": Limits(_("Months until a declined topic is offered again"), MONTHS, 1, 24)},
    )


@dataclass(frozen=True, slots=True)
class RuleSetting:
    """What differs from the rule as shipped; without any difference, the rule itself.

    ``parameters`` holds the changed ones alone; one that maps items or topics holds
    the changed keys alone. ``owner`` "" keeps the rule's owner. ``severities`` maps a
    severity of the rule to the one the clinic wants. ``version`` numbers the
    settings of this rule in the clinic, 0 for the rule as shipped.
    """

    enabled: bool = True
    parameters: Mapping[str, Any] = field(default_factory=dict)
    owner: str = ""
    severities: Mapping[Severity, Severity] = field(default_factory=dict)
    version: int = 0

    def says_as(self, other: "RuleSetting") -> bool:
        """Whether both set the same, whatever their versions."""
        return replace(self, version=0) == replace(other, version=0)


AS_SHIPPED = RuleSetting()
OFF_AS_SHIPPED = RuleSetting(enabled=False)


@dataclass(frozen=True, slots=True)
class RuleInForce:
    """A rule with the clinic's numbers in it, and what else the clinic set."""

    rule: Rule[Any]
    setting: RuleSetting

    def owner(self, named: str) -> str:
        """Whose the work is: ``named`` by the rule for it, or the rule's own where ""; as set."""
        owner = named or self.rule.owner
        return self.setting.owner if self.setting.owner and owner == self.rule.owner else owner

    def severity(self, named: Severity) -> Severity:
        """What the clinic wants ``named`` to count as."""
        return self.setting.severities.get(named, named)


@dataclass(frozen=True)
class ClinicSettings:
    """Everything one clinic set, by rule; a rule it set nothing about is as shipped.

    ``common`` goes into :meth:`pathway.chart.Chart.known_on`, the rest into
    :func:`pathway.engine.evaluate`.
    """

    by_rule: Mapping[str, RuleSetting] = field(default_factory=dict)
    common: Common = DEFAULTS

    @classmethod
    def of(cls, settings: Mapping[str, RuleSetting]) -> "ClinicSettings":
        """From settings by code; those of the common terms stand under ``COMMON``.

        Codes that no rule has any more are passed over.
        """
        terms = _changed(CommonParameters(), settings.get(COMMON, AS_SHIPPED).parameters)
        common = DEFAULTS
        if COMMON in settings:
            common = replace(
                DEFAULTS, reentry_grace_days=terms.reentry_grace_days, reoffer_months=terms.reoffer_months
            )
        return cls({code: setting for code, setting in settings.items() if code in rules()}, common)

    def setting(self, code: str) -> RuleSetting:
        """What the clinic set about one rule."""
        return self.by_rule.get(code) or shipped_setting(code)

    @cached_property
    def in_force(self) -> Mapping[str, RuleInForce]:
        """Every rule as this clinic has it, in the order of the codes."""
        return {
            code: RuleInForce(self._with_parameters(rule), self.setting(code))
            for code, rule in rules().items()
        }

    def _with_parameters(self, rule: Rule[Any]) -> Rule[Any]:
        """The rule with the numbers set for it, and for the rules it borrows from."""
        changes = {
            name: _changed(rules()[other].parameters, self.setting(other).parameters)
            for name, other in borrowed(rule.parameters).items()
            if other in self.by_rule
        }
        if not changes and rule.code not in self.by_rule:
            return rule
        own = _changed(rule.parameters, self.setting(rule.code).parameters)
        return replace(rule, parameters=replace(own, **changes))


SHIPPED = ClinicSettings()
"""Every rule as shipped: the catalogue, with its optional rules off."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something a setting may not say: which field, "parameter" or "parameter.key", and why."""

    name: str
    text: Phrase


def touched_by(code: str) -> tuple[str, ...]:
    """The rules whose work may change with the setting of ``code``: itself and those that borrow from it."""
    if code == COMMON:
        return tuple(rules())
    return tuple(
        each for each, rule in rules().items() if each == code or code in borrowed(rule.parameters).values()
    )


def shipped_setting(code: str) -> RuleSetting:
    """A rule, or the common terms, as shipped: on, unless the rule is optional."""
    return OFF_AS_SHIPPED if code != COMMON and rules()[code].optional else AS_SHIPPED


def shipped_parameters(code: str) -> Any:
    """The parameters of a rule, or of the common terms, as shipped."""
    return CommonParameters() if code == COMMON else rules()[code].parameters


def problems(code: str, setting: RuleSetting) -> list[Problem]:
    """What is wrong with a clinic's setting of a rule; nothing when it may be stored.

    Raises KeyError for a rule that does not exist.
    """
    found = list(_wrong_parameters(code, setting.parameters)) or list(_out_of_order(code, setting.parameters))
    if code == COMMON:
        if not replace(setting, parameters={}).says_as(AS_SHIPPED):
            found.append(Problem("", Phrase(_("The common terms have numbers only."))))
        return found
    if setting.owner and setting.owner not in {*DISCIPLINES, COORDINATOR}:
        found.append(Problem("owner", Phrase(_("Choose a discipline or the coordinator."))))
    found += _wrong_severities(rules()[code], setting.severities)
    return found


def _wrong_parameters(code: str, parameters: Mapping[str, Any]) -> Iterator[Problem]:
    shipped = shipped_parameters(code)
    known = limits(shipped)
    for name, value in parameters.items():
        if name not in known:
            yield Problem(name, Phrase(_("The rule has no such number.")))
        elif not isinstance(getattr(shipped, name), Mapping):
            if not known[name].accepts(value):
                yield Problem(name, out_of_range(known[name]))
        elif not isinstance(value, Mapping):
            yield Problem(name, Phrase(_("Give a number for each.")))
        else:
            yield from _wrong_keys(name, value, getattr(shipped, name), known[name])


def _out_of_order(code: str, parameters: Mapping[str, Any]) -> Iterator[Problem]:
    """Numbers that each may be set, and together leave the rule nothing to say, or ask the impossible."""
    merged = _changed(shipped_parameters(code), parameters)
    known = limits(merged)
    for name, of_name in known.items():
        other = of_name.up_to or of_name.below
        if not other:
            continue
        number, most = getattr(merged, name), getattr(merged, other)
        says = {"most": f"{most:g}", "other": known[other].label}
        if of_name.up_to and number > most:
            yield Problem(name, Phrase(_("Enter at most %(most)s, as set for “%(other)s”."), says))
        if of_name.below and number >= most:
            yield Problem(name, Phrase(_("Enter less than %(most)s, as set for “%(other)s”."), says))


def _wrong_keys(
    name: str, value: Mapping[str, Any], shipped: Mapping[str, Any], known: Limits
) -> Iterator[Problem]:
    for key, number in value.items():
        if key not in shipped and key not in ITEMS:
            yield Problem(f"{name}.{key}", Phrase(_("There is no such item.")))
        elif not known.accepts(number):
            yield Problem(f"{name}.{key}", out_of_range(known))


def out_of_range(known: Limits) -> Phrase:
    """What is said of a value that ``known`` does not accept."""
    if known.is_flag:
        return Phrase(_("Choose yes or no."))
    ends = {"low": f"{known.low:g}", "high": f"{known.high:g}"}
    if known.whole:
        return Phrase(_("Enter a whole number from %(low)s to %(high)s."), ends)
    return Phrase(_("Enter a number from %(low)s to %(high)s."), ends)


def _wrong_severities(rule: Rule[Any], severities: Mapping[Severity, Severity]) -> Iterator[Problem]:
    """A ladder may be lifted or lowered as a whole, never turned upside down."""
    for named, wanted in severities.items():
        if named not in rule.severities or wanted not in set(Severity):
            yield Problem(f"severities.{named}", Phrase(_("The rule has no such severity.")))
            return
    ladder = [severities.get(each, each).rank for each in sorted(rule.severities, key=lambda each: each.rank)]
    if ladder != sorted(ladder):
        text = _("A higher severity cannot become lower than one below it.")
        yield Problem("severities", Phrase(text))


def _changed(parameters: Any, changes: Mapping[str, Any]) -> Any:
    """Parameters with some of them changed; those that map items or topics, key by key.

    Names that the rule has lost since the setting was stored are passed over.
    """
    known = limits(parameters)
    merged = {
        name: {**getattr(parameters, name), **value} if isinstance(value, Mapping) else value
        for name, value in changes.items()
        if name in known
    }
    if not merged:
        return parameters
    return replace(parameters, **merged)
