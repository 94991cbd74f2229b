"""What stands on a visit sheet: numbers, open work by discipline, lines to tick."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.kinds import nutrition_review, respiratory_assessment
from assessments.kinds.clinic_visit import DRUG_DISCUSSED, HOSPICE_OFFERED
from assessments.specs import Quantity, Words
from pages.present.figures import figure
from pages.present.people import day
from pages.present.recorded import Found, found
from pages.present.tasks import Reader, one_per_request, task_row
from pages.rows.visit_sheet import Measured, TickLine, WorkOf
from pathway import catalogue
from pathway.chart import Chart
from pathway.findings import fvc_measured
from patients.models import Patient
from worklist.models import CareTask
from worklist.selectors.recorded import Recorded

Shown = Callable[[Any], str]

BLANK_LINES = 2
"""Lines left empty for what the clinic day brings up."""

PLANNING_BAND = range(50, 60)
"""FVC in % at which a device is planned for while Medicare does not pay on FVC alone (catalogue 5)."""


def _quantity(name: str, spec: Quantity) -> Shown:
    def shown(findings: Any) -> str:
        value = getattr(findings, name)
        return "" if value is None else spec.shown(value)

    return shown


def _function(findings: Any) -> str:
    return findings.summary() if findings.function is not None else ""


def _alt(findings: Any) -> str:
    return "" if findings.alt is None else _("%(times)s × ULN") % {"times": figure(findings.alt, 1)}


NUMBERS: Sequence[tuple[Words, str, Shown]] = (
    (gettext_lazy("FVC"), "resp_assessment", _quantity("fvc_pct", respiratory_assessment.FVC)),
    (gettext_lazy("SVC"), "resp_assessment", _quantity("svc_pct", respiratory_assessment.SVC)),
    (gettext_lazy("MIP"), "resp_assessment", _quantity("mip", respiratory_assessment.MIP)),
    (gettext_lazy("SNIP"), "resp_assessment", _quantity("snip", respiratory_assessment.SNIP)),
    (gettext_lazy("Peak cough flow"), "resp_assessment", _quantity("pcf", respiratory_assessment.PCF)),
    (gettext_lazy("Weight"), "nutrition_review", _quantity("weight_g", nutrition_review.WEIGHT)),
    (gettext_lazy("ALSFRS-R"), "alsfrs_r", _function),
    (gettext_lazy("ALT"), "lft", _alt),
)
"""Label, kind of finding, and how its value is shown; "" when it was not measured."""


def numbers(recorded: Sequence[Recorded]) -> list[Measured]:
    """Each measure as it was last taken, and the time before; those never taken are left out."""
    histories = {kind: found(recorded, kind) for _label, kind, _shown in NUMBERS}
    lines = (_measured(str(label), shown, histories[kind]) for label, kind, shown in NUMBERS)
    return [line for line in lines if line is not None]


def _measured(label: str, shown: Shown, history: Iterable[Found[Any]]) -> Measured | None:
    values = [(value, each.on) for each in history if (value := shown(each.findings))]
    if not values:
        return None
    (value, on), *earlier = values
    before, before_on = earlier[0] if earlier else ("", None)
    return Measured(label, value, on, before, before_on)


def work_by_discipline(tasks: Iterable[CareTask], of: Reader) -> list[WorkOf]:
    """Open work under the discipline that owns it, in the usual order; the coordinator's last."""
    groups: dict[str, list[CareTask]] = {}
    for task in one_per_request(tasks):
        groups.setdefault(task.discipline_id or "", []).append(task)
    return [
        WorkOf(_owner(code, groups[code]), [task_row(task, of) for task in groups[code]])
        for code in sorted(groups, key=_place)
    ]


def _owner(code: str, tasks: Sequence[CareTask]) -> str:
    return str(tasks[0].discipline) if code else _("Nurse coordinator")


def _place(code: str) -> tuple[int, str]:
    known = list(catalogue.DISCIPLINES)
    return (known.index(code) if code in known else len(known) + (not code), code)


def asked_last(recorded: Sequence[Recorded]) -> str:
    """What the person asked for at a visit, most recently."""
    for visit in found(recorded, "clinic_visit"):
        if visit.findings.asked_for:
            return f"{visit.findings.asked_for} ({day(visit.on)})"
    return ""


def to_know(patient: Patient, recorded: Sequence[Recorded]) -> Mapping[str, str]:
    """How to speak with the person, and what they asked for last time; only what is recorded."""
    lines = {
        _("Interpreter"): patient.interpreter,
        _("Communication"): patient.communication_needs,
        _("Asked for last time"): asked_last(recorded),
    }
    return {label: text for label, text in lines.items() if text}


def checklist(recorded: Sequence[Recorded]) -> list[TickLine]:
    """What is spoken of at a visit, with when it last was."""
    visits = found(recorded, "clinic_visit")
    lines = ((DRUG_DISCUSSED, "drug_discussed"), (HOSPICE_OFFERED, "hospice_offered"))
    return [TickLine(str(text), _last_ticked(visits, name)) for text, name in lines]


def _last_ticked(visits: Iterable[Found[Any]], name: str) -> str:
    on = next((visit.on for visit in visits if getattr(visit.findings, name)), None)
    return _("last %(day)s") % {"day": day(on)} if on else _("none recorded")


def needs(chart: Chart) -> list[TickLine]:
    """What is to be had before the person leaves; empty lines last."""
    return [*_needs(chart), *(TickLine("") for _line in range(BLANK_LINES))]


def _needs(chart: Chart) -> Iterator[TickLine]:
    yield TickLine(_("Blood drawn"))
    yield TickLine(_("Spirometry"))
    yield TickLine(_("Signature for a letter of medical necessity"))
    measured = fvc_measured(chart)
    if measured and int(measured[-1].value) in PLANNING_BAND:
        why = _("FVC %(value)s%%: FVC qualifies for a device only below 50%%") % {
            "value": figure(measured[-1].value)
        }
        yield TickLine(_("MIP or overnight oximetry"), why)
