"""The rules in plain words, with what this clinic has set: for every member to read."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from pages.present import rules as present
from pages.present.examples import example
from pages.rows import Action, How, Link, RulePage, RuleRow, RunProgress
from pathway.registry import rules
from pathway.settings import COMMON, ClinicSettings, RuleSetting, shipped_setting
from teams.access import ClinicalRequest, may_configure, member
from teams.models import Membership
from worklist.models import RuleRun
from worklist.selectors.runs import Progress, going_on
from worklist.selectors.settings import draft_of, drafted_rules, history_of, settings_by_rule


@require_GET
@member
def rule_list(request: ClinicalRequest) -> HttpResponse:
    """Every rule: what is due when, whose it is, whether it is on, whether the clinic changed it."""
    clinic = request.membership.clinic_id
    settings = settings_by_rule(clinic)
    drafts = drafted_rules(clinic_id=clinic) if may_configure(request.membership) else set()
    rows = [_row(code, settings, code in drafts) for code in (*rules(), COMMON)]
    context = {
        "title": _("Rules"),
        "lead": _lead(settings),
        "rules": rows,
        "runs": [_progress(run, progress) for run, progress in going_on(clinic_id=clinic)],
    }
    return render(request, "rules/list.html", context)


@require_GET
@member
def rule(request: ClinicalRequest, code: str) -> HttpResponse:
    """One rule in full; asked for in part while patients are recalculated, how far that has come."""
    check(code)
    clinic = request.membership.clinic_id
    runs = [(run, progress) for run, progress in going_on(clinic_id=clinic) if run.setting.rule == code]
    progress = _progress(*runs[0]) if runs else None
    if request.htmx:  # type: ignore[attr-defined]
        context: dict[str, Any] = {"progress": progress or _done(code)}
        return render(request, "components/run_progress.html", context)
    page = _page(request.membership, code, progress)
    return render(request, "rules/rule.html", {"rule": page, "is_common": code == COMMON})


def check(code: str) -> None:
    """Answer 404 for a rule that does not exist."""
    if code != COMMON and code not in rules():
        raise Http404


def _page(membership: Membership, code: str, progress: RunProgress | None) -> RulePage:
    by_rule = settings_by_rule(membership.clinic_id)
    settings, setting = ClinicSettings.of(by_rule), by_rule.get(code) or shipped_setting(code)
    known = None if code == COMMON else rules()[code]
    return RulePage(
        code=code,
        title=present.title(code),
        text=present.text(code, settings),
        when=present.when(known, setting) if known else (),
        owner=present.owners(code, settings),
        closes=present.closes(known) if known else (),
        ladder=present.ladder(known, setting) if known else (),
        escalation=present.escalation(known, setting, membership.clinic) if known else (),
        sources=present.sources(known, setting) if known else (),
        lines=present.lines(code, setting),
        examples=[example(each) for each in known.examples] if known else (),
        history=present.history(code, history_of(clinic_id=membership.clinic_id, rule=code)),
        version=present.version(code, setting),
        draft=_draft(membership, code),
        progress=progress,
        actions=[_change(code)] if may_configure(membership) else (),
    )


def _change(code: str) -> Action:
    return Action(_("Change"), present.address("change", code), How.PAGE, icon="pencil")


def _draft(membership: Membership, code: str) -> Link | None:
    draft = draft_of(clinic_id=membership.clinic_id, rule=code) if may_configure(membership) else None
    if draft is None:
        return None
    return Link(
        _("Look at its preview"),
        present.address("preview", code),
        after=_("%(who)s has drafted a change.") % {"who": draft.drafted_by},
    )


def _row(code: str, settings: Mapping[str, RuleSetting], is_drafted: bool) -> RuleRow:
    in_force, shipped = ClinicSettings.of(settings), shipped_setting(code)
    setting = settings.get(code, shipped)
    marks = []
    if not setting.says_as(shipped):
        marks.append(_("Changed by this clinic"))
    elif not setting.enabled:
        marks.append(_("Off unless turned on"))
    if is_drafted:
        marks.append(_("Draft"))
    return RuleRow(
        code=code,
        url=present.address("rule", code),
        title=present.title(code),
        text=present.text(code, in_force),
        owner=present.owners(code, in_force)[0],
        is_on=setting.enabled,
        is_common=code == COMMON,
        marks=marks,
    )


def _lead(settings: Mapping[str, RuleSetting]) -> SafeString:
    known = {code: setting for code, setting in settings.items() if code == COMMON or code in rules()}
    shipped_off = sum(rule.optional for rule in rules().values())
    off = sum(shipped_setting(code).enabled and not setting.enabled for code, setting in known.items())
    changed = sum(not setting.says_as(shipped_setting(code)) for code, setting in known.items())
    first = ngettext("%(count)s rule", "%(count)s rules", len(rules())) % {"count": len(rules())}
    said = {"optional": shipped_off, "off": off, "changed": changed}
    rest = _(
        "%(optional)s of them off unless turned on. %(off)s switched off, %(changed)s changed by this clinic."
    )
    return format_html("<b>{}</b>, {}", first, rest % said)


def _progress(run: RuleRun, progress: Progress) -> RunProgress:
    title = present.title(run.setting.rule)
    return RunProgress(
        text=f"{title}: {present.running(progress)}",
        done=progress.done,
        total=progress.total,
        url=present.address("rule", run.setting.rule),
        is_finished=progress.is_finished,
    )


def _done(code: str) -> RunProgress:
    text = _("Everybody has been recalculated.")
    return RunProgress(text, 1, 1, present.address("rule", code), is_finished=True)
