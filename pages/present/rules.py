"""A rule in words: what is due when, whose it is, how it closes, where its numbers come from."""

from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Any

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from alerts.selectors.ladder import days_to_steps
from pages.rows import Change, Closing, Conflict, SettingLine, SourceMark, Version
from pathway.catalogue import DISCIPLINES, ITEMS, PATIENT_STATUSES, TOPICS
from pathway.due import COORDINATOR, Severity
from pathway.parameter import Limits, limits
from pathway.registry import rules
from pathway.rule import Mark, Rule, RuleKind
from pathway.settings import COMMON, ClinicSettings, RuleSetting, shipped_parameters, shipped_setting
from teams.models import Clinic
from worklist.models import RuleSetting as StoredSetting
from worklist.models import SettingState
from worklist.models import Severity as StoredSeverity
from worklist.selectors.runs import Progress
from worklist.selectors.settings import as_setting
from worklist.wording import shown, stored

COMMON_TITLE = gettext_lazy("Terms all rules share")
COMMON_TEXT = gettext_lazy(
    "How long work waits after a return to active, and when what was declined is offered again."
)
SEVERITIES = {
    Severity.ATTENTION: gettext_lazy("Attention"),
    Severity.URGENT: gettext_lazy("Urgent"),
    Severity.CRITICAL: gettext_lazy("Critical"),
}
MARKS = {
    Mark.STATED: gettext_lazy("Guideline summary"),
    Mark.VERIFIED: gettext_lazy("Read in the source"),
    Mark.GENERAL: gettext_lazy("General knowledge"),
    Mark.DEFAULT: gettext_lazy("Clinic setting"),
}
KINDS = {
    RuleKind.INTERVAL: gettext_lazy("Falls due again and again, counted from the last time."),
    RuleKind.DEADLINE: gettext_lazy("Falls due a number of days after the fact that asks for it."),
    RuleKind.NOTICE: gettext_lazy("Counts from the day it is known."),
}
STALLED = gettext_lazy(
    "Nothing has moved for some minutes. Tell whoever looks after the server to look for its worker; "
    "this goes on by itself once one is running."
)
Value = tuple[str, str]
"""The name of what may be set, and its key where it is set item by item: ("by_item", "suction")."""


def title(code: str) -> str:
    """What the work of a rule is called."""
    return str(COMMON_TITLE) if code == COMMON else shown({"text": rules()[code].title})


def text(code: str, settings: ClinicSettings) -> str:
    """What is due when, with the clinic's numbers."""
    if code == COMMON:
        return str(COMMON_TEXT)
    return shown(stored(settings.in_force[code].rule.in_words()))


def owner_name(code: str) -> str:
    """A discipline or the coordinator."""
    return _("Nurse coordinator") if code == COORDINATOR else shown({"text": DISCIPLINES.get(code, code)})


def owners(code: str, settings: ClinicSettings) -> Sequence[str]:
    """Whose work it is, and who is told besides."""
    if code == COMMON:
        return [_("Each rule has its own.")]
    in_force = settings.in_force[code]
    said = [owner_name(in_force.owner(""))]
    if in_force.rule.informed:
        informed = ", ".join(owner_name(each) for each in in_force.rule.informed)
        said.append(_("%(names)s: informed, not chased") % {"names": informed})
    if in_force.rule.whose:
        said.append(shown({"text": in_force.rule.whose}))
    return said


def when(rule: Rule[Any], setting: RuleSetting) -> Sequence[str]:
    """Whether, for whom and how the rule counts."""
    statuses = " · ".join(
        shown({"text": label}) for status, label in PATIENT_STATUSES.items() if status in rule.statuses
    )
    said = [] if setting.enabled else [_("Off in this clinic: it asks for nothing.")]
    said += [str(KINDS[rule.kind]), _("While the person’s status is: %(statuses)s.") % {"statuses": statuses}]
    if rule.optional:
        said.append(_("Off unless the clinic turns it on."))
    if rule.quiet:
        said.append(_("Stands on a list of its own: no alert, no mail."))
    return said


def closes(rule: Rule[Any]) -> Sequence[Closing]:
    """What closes the work."""
    closing = [Closing("check-circle", shown({"text": rule.closes}))]
    if rule.decline_topic:
        closing.append(Closing("slash-circle", _("A recorded decline, until it is offered again.")))
        closing.append(Closing("pause-circle", _("A recorded deferral, until its last day.")))
    return closing


def ladder(rule: Rule[Any], setting: RuleSetting) -> Sequence[str]:
    """How grave a delay is, from the mildest; and an offer made again, where that is milder."""
    falls = rule.decline_topic and _counts_as(rule, setting) != {Severity.ATTENTION}
    offered = [_("An offer made again stays at attention.")] if falls else []
    found = [
        str(SEVERITIES[setting.severities.get(each, each)])
        if each not in setting.severities
        else _("%(wanted)s, where the rule says %(named)s")
        % {"wanted": SEVERITIES[setting.severities[each]], "named": str(SEVERITIES[each]).lower()}
        for each in sorted(rule.severities, key=lambda each: each.rank)
    ]
    return [*found, *offered]


def escalation(rule: Rule[Any], setting: RuleSetting, clinic: Clinic) -> Sequence[str]:
    """Whom the work is passed on to when nobody answers, by each severity it can have."""
    if rule.quiet:
        return []
    can_be = _counts_as(rule, setting) | ({Severity.ATTENTION} if rule.decline_topic else set())
    days = days_to_steps(clinic)
    said = _("%(severity)s, if nobody answers: coordinator %(coordinator)s, lead %(lead)s.")
    found = []
    for each in sorted(can_be, key=lambda each: each.rank):
        coordinator, lead = map(_after, days[StoredSeverity[each.name]])
        found.append(said % {"severity": SEVERITIES[each], "coordinator": coordinator, "lead": lead})
    return found


def _after(days: int) -> str:
    return ngettext("after %(n)s day", "after %(n)s days", days) % {"n": days} if days else _("at once")


def _counts_as(rule: Rule[Any], setting: RuleSetting) -> Set[Severity]:
    """The severities of a rule as the clinic has them count."""
    return {setting.severities.get(each, each) for each in rule.severities}


def sources(rule: Rule[Any], setting: RuleSetting) -> Sequence[SourceMark]:
    """Where the numbers come from; those the clinic changed are its own."""
    shipped = [
        SourceMark(str(MARKS[each.mark]), shown({"text": each.text}), setting=each.mark is Mark.DEFAULT)
        for each in rule.source
    ]
    own = str(MARKS[Mark.DEFAULT])
    changed = [each for each in _numbers(rule.code, setting) if each.differs]
    return [*shipped, *(SourceMark(own, each.in_words(), setting=True) for each in changed)]


# --- what may be set -------------------------------------------------------------------------------


def values(code: str, setting: RuleSetting) -> Mapping[Value, Any]:
    """Every number of a rule under a setting, item by item where it has them."""
    shipped = shipped_parameters(code)
    found: dict[Value, Any] = {}
    for name in limits(shipped):
        default, changed = getattr(shipped, name), setting.parameters.get(name)
        if isinstance(default, Mapping):
            merged = {**default, **(changed or {})}
            found |= {(name, key): merged[key] for key in merged}
        else:
            found[name, ""] = default if changed is None else changed
    return found


def label(code: str, value: Value) -> str:
    """What a number is called: "Months between reviews", "Days by item: Suction machine"."""
    name, key = value
    words = shown({"text": limits(shipped_parameters(code))[name].label})
    return f"{words}: {key_name(key)}" if key else words


def key_name(key: str) -> str:
    """An item of equipment or a topic of choice."""
    known: Any = ITEMS.get(key) or TOPICS.get(key)
    seat = _("seat of %(discipline)s") if key.startswith("discipline:") else "%(discipline)s"
    return seat % {"discipline": shown({"text": known.name})} if known else key


def said(value: Any, known: Limits) -> str:
    """A value with its unit."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    unit = shown({"text": known.unit_of(value)}) if known.unit else ""
    return f"{number_format(value)} {unit}".strip()


def allowed(known: Limits) -> str:
    """The range a value may be set in."""
    if known.low is None or known.high is None:
        return _("yes or no")
    ends = {"low": number_format(known.low), "high": number_format(known.high)}
    unit = shown({"text": known.unit}) if known.unit else ""
    return f"{_('%(low)s to %(high)s') % ends} {unit}".strip()


def lines(code: str, setting: RuleSetting) -> Sequence[SettingLine]:
    """Everything that may be set about a rule, with this clinic's value."""
    return [
        SettingLine(each.label, each.then, each.now, each.allowed, each.differs)
        for each in _all(code, setting)
    ]


def changes(code: str, now: RuleSetting, then: RuleSetting) -> Sequence[Change]:
    """What one setting says otherwise than another."""
    before, after = _all(code, now), _all(code, then)
    return [
        Change(one.label, one.then, other.then)
        for one, other in zip(before, after, strict=True)
        if one.then != other.then
    ]


def in_words(code: str, setting: RuleSetting) -> Sequence[str]:
    """What a setting says otherwise than the rule as shipped."""
    said = [each.in_words() for each in _all(code, setting) if each.differs]
    return said or [_("As shipped.")]


def set_meanwhile(theirs: StoredSetting) -> Conflict:
    """Somebody drafted or set the rule while the form was open: who, and what."""
    is_draft = theirs.state == SettingState.DRAFT
    who = str((theirs.drafted_by if is_draft else theirs.activated_by) or _("Somebody"))
    said = (
        _("%(who)s drafted a change of this rule meanwhile")
        if is_draft
        else _("%(who)s set this rule meanwhile")
    )
    text = _("It says: %(changes)s. What you typed is kept below.")
    return Conflict(
        title=said % {"who": who},
        text=text % {"changes": "; ".join(in_words(theirs.rule, as_setting(theirs))).removesuffix(".")},
        keep_mine=_("Save mine over it"),
        keep_theirs=_("Keep %(who)s’s") % {"who": who},
        theirs_url=address("preview" if is_draft else "rule", theirs.rule),
    )


class _Line:
    """One thing that may be set: as shipped (``now``) and as set (``then``)."""

    def __init__(self, label: str, now: str, then: str, allowed: str = "") -> None:
        self.label, self.now, self.then, self.allowed = label, now, then, allowed
        self.differs = now != then

    def in_words(self) -> str:
        """ "Months between reviews: 4 months (as shipped: 3 months)"."""
        said = {"label": self.label, "value": self.then, "shipped": self.now}
        return _("%(label)s: %(value)s (as shipped: %(shipped)s)") % said


def _all(code: str, setting: RuleSetting) -> list[_Line]:
    found = []
    if code != COMMON:
        on, off = _("On"), _("Off")
        shipped, set_to = (on if each.enabled else off for each in (shipped_setting(code), setting))
        found.append(_Line(_("The rule is"), shipped, set_to, f"{on} · {off}"))
    found += _numbers(code, setting)
    if code != COMMON:
        found += _people(rules()[code], setting)
    return found


def _numbers(code: str, setting: RuleSetting) -> Iterator[_Line]:
    known = limits(shipped_parameters(code))
    shipped = values(code, RuleSetting())
    for value, number in values(code, setting).items():
        of_name = known[value[0]]
        default = said(shipped[value], of_name) if value in shipped else _("not set")
        yield _Line(label(code, value), default, said(number, of_name), allowed(of_name))


def _people(rule: Rule[Any], setting: RuleSetting) -> Iterator[_Line]:
    yield _Line(_("Owner"), owner_name(rule.owner), owner_name(setting.owner or rule.owner))
    for each in sorted(rule.severities, key=lambda each: each.rank):
        named = str(SEVERITIES[each])
        wanted = str(SEVERITIES[setting.severities.get(each, each)])
        yield _Line(_("%(severity)s counts as") % {"severity": named}, named, wanted)


# --- history ---------------------------------------------------------------------------------------


def history(code: str, stored_versions: Sequence[StoredSetting]) -> Sequence[Version]:
    """Every version that is or was in force, the latest first."""
    return [
        Version(
            number=each.version,
            at=each.activated_at,
            who=str(each.activated_by or ""),
            why=each.why,
            says=in_words(code, as_setting(each)),
            is_in_force=each.state == SettingState.ACTIVE,
        )
        for each in stored_versions
    ]


def version(code: str, setting: RuleSetting) -> str:
    """Which rule this is: "NUTR-3M, version 1; this clinic’s settings, version 2"."""
    if code == COMMON:
        return _("This clinic’s settings, version %(own)s") % {"own": setting.version}
    number = {"code": code, "version": rules()[code].version, "own": setting.version}
    if not setting.version:
        return _("%(code)s, version %(version)s, as shipped") % number
    return _("%(code)s, version %(version)s; this clinic’s settings, version %(own)s") % number


def running(progress: Progress) -> str:
    """ "96 of 148 people checked. You can leave this page.", or that nobody is working on it."""
    checked = ngettext("%(done)s of %(total)s person", "%(done)s of %(total)s people", progress.total)
    people = checked % {"done": progress.done, "total": progress.total}
    said = _("%(people)s checked.") % {"people": people}
    if progress.is_finished:
        return said
    if progress.has_stalled:
        return f"{said} {STALLED}"
    return f"{said} {_('You can leave this page.')}"


def address(name: str, code: str) -> str:
    """Where a page about a rule lives."""
    return reverse(f"rules:{name}", args=[code])
