"""Changing a rule: draft it, look at what it would have meant, put it in force. For admins and leads."""

import threading
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from uuid import UUID

import structlog
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from kombu.exceptions import OperationalError

from audit import reads
from pages.forms_rules import ActivateForm, RuleForm
from pages.present import people
from pages.present import rules as present
from pages.rows import DifferenceRow, ExampleRow, FormPanel, PreviewPage, Rate, RunProgress
from pages.views.log import FORM_METHODS
from pages.views.panel import CHANGED_MEANWHILE, NOT_VALID, show_form
from pages.views.rules import check
from pathway.comparison import Difference
from pathway.registry import rules
from pathway.settings import shipped_setting
from patients.models import Patient
from patients.selectors import visible_to
from teams.access import ClinicalRequest, configuring
from worklist.models import RuleRun
from worklist.models import RuleSetting as StoredSetting
from worklist.selectors.runs import Example, Preview, found_by, is_outdated, preview_of
from worklist.selectors.settings import as_setting, draft_of, latest_version, set_since, settings_by_rule
from worklist.services.preview import since
from worklist.services.rule_settings import discard_draft, repeat_preview
from worklist.tasks import run_rules

logger = structlog.get_logger(__name__)

WORKERS = 2
"""How many messages say that there is work: as many workers as are usually free."""


@require_http_methods(FORM_METHODS)
@configuring
def change(request: ClinicalRequest, code: str) -> HttpResponse:
    """What the rule is set to; saving drafts a change and previews it, and changes nothing yet."""
    check(code)
    clinic = request.membership.clinic
    draft = draft_of(clinic_id=clinic.pk, rule=code)
    setting = as_setting(draft) if draft else settings_by_rule(clinic.pk).get(code) or shipped_setting(code)
    seen = latest_version(clinic_id=clinic.pk, rule=code)
    filled = partial(RuleForm, clinic=clinic, user=request.user, code=code, setting=setting, seen=seen)
    form, theirs = filled(request.POST or None), None
    if form.is_valid() and form.cleaned_data["seen"] != seen:
        theirs = set_since(clinic_id=clinic.pk, rule=code, version=form.cleaned_data["seen"])
        form = filled(_with(request.POST, seen=seen))
    if theirs is None and form.is_valid() and form.submit() is not None:
        say_look_now()
        return redirect(present.address("preview", code))
    panel = FormPanel(
        url=present.address("change", code),
        submit=_("Save draft and preview"),
        title=present.title(code),
        about=clinic.name,
        consequence=_("Nothing changes yet: you see first what it would have meant in the last 12 months."),
        cancel_url=present.address("rule", code),
        conflict=present.set_meanwhile(theirs) if theirs else None,
    )
    not_saved = CHANGED_MEANWHILE if theirs else NOT_VALID
    return show_form(request, form=form, panel=panel, status=not_saved if form.is_bound else 200)


@require_GET
@configuring
def preview(request: ClinicalRequest, code: str) -> HttpResponse:
    """What the draft would have meant, as far as it is worked out; asked for in part while it is."""
    found = _drafted(request, code)
    if found is None:
        return redirect(present.address("rule", code))
    draft, run = found
    form = ActivateForm(clinic=request.membership.clinic, user=request.user, code=code, version=draft.version)
    return _show(request, draft, run, form)


@require_POST
@configuring
def again(request: ClinicalRequest, code: str) -> HttpResponse:
    """Work the preview out again."""
    found = _drafted(request, code)
    if found is not None:
        _told(request, lambda: repeat_preview(clinic=found[0].clinic, rule=code, version=found[0].version))
        say_look_now()
    return redirect(present.address("preview", code))


@require_http_methods(FORM_METHODS)
@configuring
def activate(request: ClinicalRequest, code: str) -> HttpResponse:
    """Put the draft in force, with a reason; the patients are recalculated behind the page."""
    found = _drafted(request, code)
    if found is None or request.method == "GET":
        if request.method == "POST":
            messages.info(request, _("This draft was given up or put in force meanwhile."))
        return redirect(present.address("preview", code))
    draft, run = found
    filled = partial(
        ActivateForm, clinic=request.membership.clinic, user=request.user, code=code, version=draft.version
    )
    form = filled(request.POST)
    if form.is_valid() and form.cleaned_data["version"] != draft.version:
        form = filled(_with(request.POST, version=draft.version))
        form.add_error(
            None,
            _("This is another draft than the one you looked at, by %(who)s. Look at it first.")
            % {"who": draft.drafted_by},
        )
        return _show(request, draft, run, form, status=CHANGED_MEANWHILE)
    if form.is_valid() and form.submit() is not None:
        say_look_now()
        messages.info(request, _("In force from today. Work that is open is being recalculated."))
        return redirect(present.address("rule", code))
    return _show(request, draft, run, form, status=NOT_VALID)


@require_POST
@configuring
def discard(request: ClinicalRequest, code: str) -> HttpResponse:
    """Give the draft up."""
    found = _drafted(request, code)
    if found is not None:
        _told(request, lambda: discard_draft(clinic=found[0].clinic, rule=code, version=found[0].version))
    return redirect(present.address("rule", code))


def _with(sent: QueryDict, **changed: int) -> QueryDict:
    """What was typed, about the version that stands now."""
    typed = sent.copy()
    for name, value in changed.items():
        typed[name] = str(value)
    return typed


def say_look_now() -> None:
    """Wake workers, without waiting for the broker; while it is away, beat's next message does."""
    threading.Thread(target=_wake_workers, daemon=True).start()


def _wake_workers() -> None:
    try:
        for _worker in range(WORKERS):
            run_rules.delay()
    except (OperationalError, OSError):
        logger.warning("broker_away")


def _told(request: ClinicalRequest, action: Callable[[], object]) -> None:
    try:
        action()
    except ValidationError as error:
        messages.info(request, " ".join(error.messages))


def _drafted(request: ClinicalRequest, code: str) -> tuple[StoredSetting, RuleRun] | None:
    check(code)
    draft = draft_of(clinic_id=request.membership.clinic_id, rule=code)
    run = preview_of(draft) if draft else None
    return (draft, run) if draft and run else None


def _show(
    request: ClinicalRequest, draft: StoredSetting, run: RuleRun, form: ActivateForm, status: int = 200
) -> HttpResponse:
    found = found_by(run)
    page = _page(request, draft, run, found)
    context = {"preview": page, "form": form, "may_activate": run.finished_at is not None}
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "components/rule_preview.html", context)
    return render(request, "rules/preview.html", context, status=status)


def _page(request: ClinicalRequest, draft: StoredSetting, run: RuleRun, found: Preview) -> PreviewPage:
    code, today = draft.rule, request.membership.clinic.today()
    now = settings_by_rule(draft.clinic_id).get(code) or shipped_setting(code)
    progress = found.progress
    return PreviewPage(
        code=code,
        title=present.title(code),
        lead=_("Drafted by %(who)s. Nothing has changed yet.") % {"who": draft.drafted_by},
        changes=present.changes(code, now, as_setting(draft)),
        progress=RunProgress(
            present.running(progress),
            progress.done,
            progress.total,
            present.address("preview", code),
            progress.is_finished and run.finished_at is not None,
        ),
        since=since(run.day),
        rates=_rates(found),
        differences=_differences(request, found),
        notes=_notes(code, found),
        outdated=_outdated(run, today),
    )


def _outdated(run: RuleRun, today: date) -> str:
    if not is_outdated(run, today=today):
        return ""
    text = _("Worked out on %(day)s; what is recorded or set has changed since.")
    return text % {"day": people.day(run.day)}


def _rates(found: Preview) -> Sequence[Rate]:
    codes = sorted({*found.now, *found.then}, key=lambda code: (-found.now[code] - found.then[code], code))
    rates = [_rate(present.owner_name(code), found, found.now[code], found.then[code]) for code in codes]
    return [_rate(_("All"), found, found.now.total(), found.then.total()), *rates]


def _rate(label: str, found: Preview, now: int, then: int) -> Rate:
    return Rate(label, now, then, found.per_month(now), found.per_month(then))


HOW = {
    Difference.OPENED: lambda: _("Would have opened"),
    Difference.NOT_OPENED: lambda: _("Would not have opened"),
    Difference.OPENED_EARLIER: lambda: _("Would have opened earlier"),
    Difference.OPENED_LATER: lambda: _("Would have opened later"),
    Difference.CLOSED_EARLIER: lambda: _("Would have closed earlier"),
    Difference.CLOSED_LATER: lambda: _("Would have closed later"),
}


def _differences(request: ClinicalRequest, found: Preview) -> Sequence[DifferenceRow]:
    """Each kind of difference; names only for those who may open charts, and written to the audit."""
    names: dict[UUID, Patient] = {}
    if request.membership.is_clinical:
        ids = {each.patient_id for of_kind in found.examples.values() for each in of_kind}
        shown = list(visible_to(request.user).filter(pk__in=ids))
        reads.show(shown)
        names = {patient.pk: patient for patient in shown}
    return [
        DifferenceRow(
            HOW[how](),
            found.differs[how],
            [
                _example(each, names[each.patient_id])
                for each in found.examples[how]
                if each.patient_id in names
            ],
        )
        for how in HOW
        if found.differs[how]
    ]


def _example(example: Example, patient: Patient) -> ExampleRow:
    return ExampleRow(
        name=f"{patient}, {present.title(example.rule)}",
        url=reverse("pages:patient", args=[patient.pk]),
        now=_span(example.now),
        then=_span(example.then),
    )


def _span(span: tuple[date, date | None] | None) -> str:
    if span is None:
        return _("no alert")
    opens, closes = people.day(span[0]), people.day(span[1]) if span[1] else _("still open")
    return f"{opens} – {closes}"


def _notes(code: str, found: Preview) -> Sequence[str]:
    notes = []
    if code in rules() and rules()[code].quiet:
        notes.append(_("This rule raises no alerts: what it finds stands on a list of its own."))
    if found.failed:
        text = ngettext(
            "The records of %(count)s person could not be judged and are left out.",
            "The records of %(count)s people could not be judged and are left out.",
            found.failed,
        )
        notes.append(text % {"count": found.failed})
    return notes
