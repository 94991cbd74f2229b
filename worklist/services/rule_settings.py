"""Changing what a clinic sets about a rule: draft, preview, put in force. No version is ever rewritten."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from pathway import clock
from pathway.due import Severity
from pathway.registry import rules
from pathway.settings import COMMON, problems, shipped_parameters, shipped_setting
from pathway.settings import RuleSetting as Setting
from teams.models import Clinic, User
from worklist.models import RuleRun, RuleSetting, RunKind, SettingState
from worklist.selectors.settings import as_setting, setting_of
from worklist.services.runs import start_run
from worklist.wording import shown, stored


@transaction.atomic
def draft_setting(
    *,
    clinic: Clinic,
    rule: str,
    user: User,
    seen: int,
    enabled: bool = True,
    parameters: Mapping[str, Any] | None = None,
    owner: str = "",
    severities: Mapping[str, str] | None = None,
) -> RuleSetting:
    """Write down what a rule could be set to, and start the preview of it.

    Values that equal those shipped are left out. ``seen`` is the latest version there
    was when the person began. Side effects: an earlier draft is superseded, its preview
    goes; a run over the patients is started.

    Raises:
        ValidationError: by field ("interval_months", "by_item__suction", "owner",
            "severities__urgent"), when something may not be set; or when it changes
            nothing, or somebody drafted another version meanwhile.
        KeyError: no such rule.
    """
    clinic = _lock(clinic)
    wanted = _without_shipped(rule, setting_of(0, enabled, parameters or {}, owner, severities or {}))
    _check(rule, wanted, severities or {})
    versions = RuleSetting.objects.filter(clinic=clinic, rule=rule)
    latest = versions.aggregate(latest=Max("version"))["latest"] or 0
    if latest != seen:
        raise ValidationError(_("Somebody changed this rule meanwhile. Look at it again before you save."))
    active = versions.filter(state=SettingState.ACTIVE).first()
    if wanted.says_as(as_setting(active) if active else shipped_setting(rule)):
        raise ValidationError(_("That is how the rule is set now. Change something first."))
    _drop_drafts(clinic, rule)
    setting = RuleSetting.objects.create(
        clinic=clinic,
        rule=rule,
        version=latest + 1,
        enabled=wanted.enabled,
        parameters=dict(wanted.parameters),
        owner=wanted.owner,
        severities={str(named): str(to) for named, to in wanted.severities.items()},
        drafted_at=clock.now(),
        drafted_by=user,
    )
    start_run(setting=setting, kind=RunKind.PREVIEW, revision=_revision(clinic))
    return setting


@transaction.atomic
def repeat_preview(*, clinic: Clinic, rule: str, version: int) -> RuleRun:
    """Work the preview of a draft out again, on what is recorded and in force by now.

    Side effects: the earlier preview goes.

    Raises:
        ValidationError: there is no such draft any more.
    """
    clinic = _lock(clinic)
    setting = _draft(clinic, rule, version)
    RuleRun.objects.filter(setting=setting).delete()
    return start_run(setting=setting, kind=RunKind.PREVIEW, revision=_revision(clinic))


@transaction.atomic
def activate_setting(*, clinic: Clinic, rule: str, version: int, user: User, why: str) -> RuleSetting:
    """Put a draft in force from today, in the place of what was.

    Side effects: the version in force is superseded; a run is started that judges the
    clinic's patients anew by the rules this touches. Alerts that closed stay as they are.

    Raises:
        ValidationError: no reason, no such draft any more, or its preview is not finished.
    """
    clinic = _lock(clinic)
    setting = _draft(clinic, rule, version)
    if not why.strip():
        raise ValidationError({"why": _("Say why, for those who come after you.")})
    if not setting.runs.filter(kind=RunKind.PREVIEW, finished_at__isnull=False).exists():
        raise ValidationError(_("The preview is not finished. Look at it before you put this in force."))
    _check(rule, as_setting(setting), setting.severities)
    RuleSetting.objects.filter(clinic=clinic, rule=rule, state=SettingState.ACTIVE).update(
        state=SettingState.SUPERSEDED
    )
    setting.state, setting.why, setting.activated_by = SettingState.ACTIVE, why.strip(), user
    setting.activated_at, setting.activated_on = clock.now(), clinic.today()
    setting.revision = _revision(clinic) + 1
    setting.save(update_fields=["state", "why", "activated_by", "activated_at", "activated_on", "revision"])
    start_run(setting=setting, kind=RunKind.RECALCULATION, revision=setting.revision)
    return setting


@transaction.atomic
def discard_draft(*, clinic: Clinic, rule: str, version: int) -> None:
    """Give a draft up; its version stays in the table, its preview goes.

    Raises:
        ValidationError: there is no such draft any more.
    """
    clinic = _lock(clinic)
    _draft(clinic, rule, version)
    _drop_drafts(clinic, rule)


def _lock(clinic: Clinic) -> Clinic:
    """Changes of one clinic's settings come one after the other."""
    return Clinic.objects.select_for_update(no_key=True).get(pk=clinic.pk)


def _draft(clinic: Clinic, rule: str, version: int) -> RuleSetting:
    drafts = RuleSetting.objects.filter(clinic=clinic, rule=rule, state=SettingState.DRAFT, version=version)
    found = drafts.first()
    if found is None:
        raise ValidationError(_("Somebody changed or gave up this draft meanwhile."))
    found.clinic = clinic
    return found


def _drop_drafts(clinic: Clinic, rule: str) -> None:
    drafts = RuleSetting.objects.filter(clinic=clinic, rule=rule, state=SettingState.DRAFT)
    RuleRun.objects.filter(setting__in=drafts).delete()
    drafts.update(state=SettingState.SUPERSEDED)


def _revision(clinic: Clinic) -> int:
    """How many times something was put in force in this clinic."""
    latest = RuleSetting.objects.filter(clinic=clinic).aggregate(latest=Max("revision"))["latest"]
    return latest or 0


def _check(rule: str, setting: Setting, severities: Mapping[str, str]) -> None:
    errors: dict[str, list[str]] = {}
    for problem in problems(rule, setting):
        errors.setdefault(problem.name.replace(".", "__"), []).append(shown(stored(problem.text)))
    for named, wanted in severities.items():
        if not {named, wanted} <= {str(each) for each in Severity}:
            errors.setdefault(f"severities__{named}", []).append(_("There is no such severity."))
    if errors:
        raise ValidationError({name or "__all__": texts for name, texts in errors.items()})


def _without_shipped(rule: str, setting: Setting) -> Setting:
    """The setting without what equals the rule as shipped, so that marks of a change mean one."""
    shipped = shipped_parameters(rule)
    parameters: dict[str, Any] = {}
    for name, value in setting.parameters.items():
        default = getattr(shipped, name, None)
        if isinstance(value, Mapping) and isinstance(default, Mapping):
            if changed := {key: each for key, each in value.items() if default.get(key) != each}:
                parameters[name] = changed
        elif value != default or isinstance(value, bool) != isinstance(default, bool):
            parameters[name] = value
    same = "" if rule == COMMON else rules()[rule].owner
    return Setting(
        enabled=setting.enabled,
        parameters=parameters,
        owner="" if setting.owner == same else setting.owner,
        severities={named: to for named, to in setting.severities.items() if named != to},
    )
