"""Who a person is, how they stand, and what they chose: the parts of a patient page around the lists."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.kinds.advance_directive import CODE_STATUS, DIRECTIVES, AdvanceDirective, in_sentence
from assessments.kinds.alsfrs_r import signed
from equipment.models import Stage
from equipment.selectors import LIMITED_STAGES, LimitedRequest
from pages.forms import topic_name
from pages.present import people
from pages.present.figures import figure
from pages.present.people import day
from pages.present.treatments import treatment
from pages.rows import Action, Contact, Fact, How, State, SummaryRow, TaskRow
from pathway.chart import Chart
from pathway.choices import Choice, topics_chosen
from pathway.dates import add_months
from pathway.due import CloseReason
from pathway.findings import baseline_g, fvc_measured, weights
from pathway.stages import TOTAL, functions, kings_stage, mitos_stage, monthly_change
from pathway.swallowing import unscreened
from patients.models import DeferralReason, OnsetRegion, Patient, Status
from worklist.selectors.recorded import Recorded
from worklist.wording import shown

STALE_MONTHS = 3
"""A number older than this is marked; FVC and weight are due every three months (catalogue 2.2)."""

OVERDUE = (State.CRITICAL, State.URGENT, State.ATTENTION)


def mrn_line(patient: Patient, today: date) -> str:
    """ "MRN D-0142 · 64, born 3 Jun 1961 · Active since 6 Feb 2026"."""
    born = _("%(age)s, born %(day)s") % {
        "age": people.age(patient.birth_on, today),
        "day": day(patient.birth_on),
    }
    since = _("%(status)s since %(day)s") % {
        "status": patient.get_status_display(),
        "day": day(patient.status_on or patient.enrolled_on),
    }
    return " · ".join([_("MRN %(mrn)s") % {"mrn": patient.mrn}, born, since])


def contacts(patient: Patient) -> list[Contact]:
    """What lies one click away; what nobody has recorded says so."""
    caregiver = " · ".join(each for each in (patient.caregiver_name, patient.caregiver_phone) if each)
    lines = (
        (_("Phone"), patient.phone),
        (_("Caregiver"), caregiver),
        (_("Payer"), patient.payer),
        (_("Interpreter"), patient.interpreter),
        (_("Communication"), patient.communication_needs),
    )
    return [Contact(label, value or _("Not recorded")) for label, value in lines]


def facts(
    patient: Patient, chart: Chart, requests: Sequence[LimitedRequest], *, with_treatment: bool = True
) -> list[Fact]:
    """The strip: onset, diagnosis, latest measures, treatment, equipment, what is planned ahead."""
    running = treatment(chart) if with_treatment else None
    return [
        _onset(patient),
        _diagnosed(patient, chart.day),
        _fvc(chart),
        _weight(chart),
        _function(chart),
        *([running] if running else []),
        _devices(requests),
        _planning(chart),
    ]


def unscreened_words(patient: Patient, chart: Chart) -> str:
    """What the banner says while bulbar dysfunction is suspected and swallowing was never screened."""
    since = unscreened(chart)
    if since is None or patient.status != Status.ACTIVE or chart.declined("swallow_screen"):
        return ""
    return _("Swallow screen not yet done. %(what)s on %(day)s.") % {
        "what": shown({"text": since.what}),
        "day": day(since.on),
    }


def choices(
    patient: Patient, chart: Chart, recorded: Iterable[Recorded], *, topic: str = ""
) -> list[SummaryRow]:
    """Declines and deferrals in force today, of one topic or of all, with the day each ends."""
    known = {str(each.fact_id): each for each in recorded if each.kind in ("decline", "deferral")}
    return [
        _choice(patient, topic, choice, known[choice.event.id], chart.day)
        for topic in sorted({topic} if topic else topics_chosen(chart), key=topic_name)
        for choice in chart.choices(topic)
        if choice.in_force(chart.day)
    ]


def rows_note(rows: Iterable[TaskRow]) -> str:
    """ "4 overdue, 1 in grace, 5 due"; what there is none of is left out."""
    states = [row.state for row in rows]
    overdue = sum(state in OVERDUE for state in states)
    parts = (
        (overdue, ngettext("%(n)s overdue", "%(n)s overdue", overdue)),
        (states.count(State.CATCH_UP), _("%(n)s to catch up")),
        (states.count(State.IN_GRACE), _("%(n)s in grace")),
        (states.count(State.DUE), _("%(n)s due")),
    )
    return ", ".join(text % {"n": number_format(count)} for count, text in parts if count)


def equipment_note(requests: Sequence[LimitedRequest]) -> str:
    """ "2 on the way, 2 in use"."""
    moving = sum(request.stage in LIMITED_STAGES for request in requests)
    in_use = sum(request.stage == Stage.IN_USE for request in requests)
    parts = ((moving, _("%(n)s on the way")), (in_use, _("%(n)s in use")))
    return ", ".join(text % {"n": count} for count, text in parts if count)


def _onset(patient: Patient) -> Fact:
    region = OnsetRegion(patient.onset_region)
    lines = [str(people.ONSET[region])] if region in people.ONSET else []
    if patient.onset_on:
        # Translators: month and year of onset, in Django's date format.
        lines.append(date_format(patient.onset_on, "M Y"))
    return Fact(_("Onset"), str(region.label), lines)


def _diagnosed(patient: Patient, today: date) -> Fact:
    on = patient.diagnosed_on
    if on is None:
        return Fact(_("Diagnosed"), _("Not recorded"))
    return Fact(_("Diagnosed"), ago(on, today), [day(on)])


def ago(on: date, today: date) -> str:
    """ "6 months ago", "3 weeks ago", "2 years ago": how long since, in whole units."""
    months = (today.year - on.year) * 12 + today.month - on.month - (today.day < on.day)
    days = (today - on).days
    if months >= 24:
        return ngettext("%(n)s year ago", "%(n)s years ago", months // 12) % {"n": months // 12}
    if months >= 2:
        return ngettext("%(n)s month ago", "%(n)s months ago", months) % {"n": months}
    if days >= 14:
        return ngettext("%(n)s week ago", "%(n)s weeks ago", days // 7) % {"n": days // 7}
    return ngettext("%(n)s day ago", "%(n)s days ago", days) % {"n": days}


def _fvc(chart: Chart) -> Fact:
    measured = fvc_measured(chart)
    if not measured:
        return Fact(_("FVC"), _("Not recorded"), first=True)
    latest = measured[-1]
    lines = []
    if len(measured) > 1:
        before = measured[-2].value
        words = _("down from %(value)s%%") if before > latest.value else _("up from %(value)s%%")
        lines.append(_("unchanged") if before == latest.value else words % {"value": _number(before)})
    lines.append(day(latest.event.on))
    return Fact(
        _("FVC"), f"{_number(latest.value)}%", lines, warn=_stale(latest.event.on, chart.day), first=True
    )


def _weight(chart: Chart) -> Fact:
    measured = weights(chart)
    if not measured:
        return Fact(_("Weight"), _("Not recorded"), first=True)
    latest, baseline = measured[-1], baseline_g(chart)
    lines = [day(latest.event.on)]
    if baseline and (chart.patient.baseline_weight_g or len(measured) > 1):
        change = round((latest.value - baseline) * 100 / baseline, 1)
        sign = "\N{MINUS SIGN}" if change < 0 else "+" if change > 0 else ""
        lines.insert(0, _("%(change)s%% from baseline") % {"change": sign + figure(abs(change), 1)})
    kg = figure(latest.value / 1000, 1)
    return Fact(
        _("Weight"), f"{kg}\N{NO-BREAK SPACE}kg", lines, _stale(latest.event.on, chart.day), first=True
    )


def _stale(on: date, today: date) -> str:
    """How many days ago, once that is more than a measure should wait."""
    if today <= add_months(on, STALE_MONTHS):
        return ""
    days = (today - on).days
    return ngettext("%(n)s day ago", "%(n)s days ago", days) % {"n": number_format(days)}


def _number(value: float) -> str:
    return figure(value, 0 if value == round(value) else 1)


def _function(chart: Chart) -> Fact:
    """The latest complete ALSFRS-R, how fast it changes, and both stages."""
    measured = functions(chart)
    if not measured:
        return Fact(_("ALSFRS-R"), _("Not recorded"), first=True)
    event, scale = measured[-1]
    lines = [
        day(event.on),
        _("King’s %(kings)s, MiToS\N{NO-BREAK SPACE}%(mitos)s, from its items")
        % {"kings": kings_stage(scale), "mitos": mitos_stage(scale)},
    ]
    if len(measured) > 1:
        earlier, before = measured[-2]
        change = monthly_change(before.total, earlier.on, scale.total, event.on)
        if change is not None:
            said = {"points": signed(change), "day": day(earlier.on)}
            lines.insert(0, _("%(points)s a month since %(day)s") % said)
    value = _("%(total)s of %(all)s") % {"total": scale.total, "all": TOTAL}
    return Fact(_("ALSFRS-R"), value, lines, _stale(event.on, chart.day), first=True)


def _devices(requests: Sequence[LimitedRequest]) -> Fact:
    """What is in use, how much is on the way, and how much of that is late."""
    names = [str(request.item) for request in requests if request.stage == Stage.IN_USE]
    moving = [request for request in requests if request.stage in LIMITED_STAGES]
    late = sum(request.is_late for request in moving)
    lines = [", ".join(names[1:]).lower()] if names[1:] else []
    if moving:
        lines.append(_("%(n)s on the way") % {"n": number_format(len(moving))})
    return Fact(
        _("Devices in use"),
        names[0] if names else _("None recorded"),
        lines,
        warn=_("%(n)s past a limit") % {"n": number_format(late)} if late else "",
    )


def _planning(chart: Chart) -> Fact:
    """Directives on file and the code status, each as recorded last."""
    recorded = [AdvanceDirective.from_event_data(event.data) for event in chart.of("advance_directive")]
    if not recorded:
        return Fact(_("Planning ahead"), _("Not recorded"))
    directives = [each for each in recorded if each.directive]
    statuses = [each.code_status for each in recorded if each.code_status]
    lines = [day(chart.of("advance_directive")[-1].on)]
    value = _("No directive")
    if directives and directives[-1].exists:
        latest = directives[-1]
        value = _("On file") if latest.on_file else _("Made, not on file")
        kind = in_sentence(DIRECTIVES[latest.directive or ""])
        lines.insert(0, f"{kind}: {latest.on_file}" if latest.on_file else kind)
    if statuses:
        lines.insert(0, str(CODE_STATUS[statuses[-1]]))
    return Fact(_("Planning ahead"), value, lines)


def _choice(patient: Patient, topic: str, choice: Choice, each: Recorded, today: date) -> SummaryRow:
    item_id = f"choice-{each.fact_id}"
    if choice.why is CloseReason.DEFERRED:
        reason = str(DeferralReason(each.data["reason"]).label)
        state = _("Deferred until %(day)s") % {"day": day(choice.end)} if choice.end else _("Deferred")
        end_early = Action(
            _("End early"),
            reverse("pages:end_deferral", args=[patient.pk, topic]),
            How.IN_PLACE,
            topic_name(topic),
        )
        return SummaryRow(
            item_id,
            topic_name(topic),
            state,
            "pause-circle",
            "muted",
            f"{reason}. {each.note}".strip(),
            end_early,
        )
    new_answer = Action(
        _("New answer"),
        reverse("pages:withdraw", args=[patient.pk, topic]),
        How.IN_PLACE,
        topic_name(topic),
    )
    return SummaryRow(
        item_id,
        topic_name(topic),
        _("Declined %(day)s") % {"day": day(each.on)},
        "slash-circle",
        "muted",
        f"{_again(choice.end, today)} {each.note}".strip(),
        new_answer,
    )


def _again(end: date | None, today: date) -> str:
    if end is None:
        return _("Not to be offered again.")
    days = (end - today).days
    text = ngettext(
        "Will be offered again %(day)s (%(n)s day).", "Will be offered again %(day)s (%(n)s days).", days
    )
    return text % {"day": day(end), "n": number_format(days)}
