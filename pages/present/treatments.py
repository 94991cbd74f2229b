"""Treatments that are running, as a person reads them."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from assessments.drugs import DRUGS, Drug
from assessments.kinds.medication_start import MedicationStart
from pages.present.people import day
from pages.present.recorded import Found, found
from pages.rows import Fact
from pages.rows.visit_sheet import Medication
from pathway.chart import Chart
from pathway.facts import Event
from pathway.treatments import current_course, niv_in_use, tracheostomy
from worklist.selectors.recorded import Recorded


def courses(chart: Chart) -> list[tuple[Drug, Event]]:
    """Each drug that is being taken, with the start of its course."""
    running = ((drug, current_course(chart, code)) for code, drug in DRUGS.items())
    return [(drug, start) for drug, start in running if start is not None]


def treatment(chart: Chart) -> Fact | None:
    """Medication, ventilation and tracheostomy for the strip; None while none is recorded."""
    running = courses(chart)
    lines = breathing(chart)
    if not running:
        return Fact(_("Treatment"), _("No medication recorded"), lines) if lines else None
    first, *others = [drug for drug, _start in running]
    names = ", ".join([str(first.name), *(str(drug.word) for drug in others)])
    return Fact(_("Treatment"), names, [*_since(running), *lines])


def _since(running: Sequence[tuple[Drug, Event]]) -> list[str]:
    """ "since 3 Mar 2026"; with the drug, where there are several."""
    if len(running) == 1:
        return [_("since %(day)s") % {"day": day(running[0][1].on)}]
    text = _("%(drug)s since %(day)s")
    return [text % {"drug": drug.word, "day": day(start.on)} for drug, start in running]


def breathing(chart: Chart) -> list[str]:
    """ "NIV since 3 Mar 2026", "Tracheostomy 4 Apr 2026"."""
    parts = ((_("NIV since %(day)s"), niv_in_use(chart)), (_("Tracheostomy %(day)s"), tracheostomy(chart)))
    return [text % {"day": day(event.on)} for text, event in parts if event is not None]


def medication(chart: Chart, recorded: Sequence[Recorded]) -> list[Medication]:
    """What is being taken, with the dose recorded last and what the label says."""
    starts = found(recorded, "med_start")
    return [_taken(drug.code, start, starts) for drug, start in courses(chart)]


def _taken(code: str, start: Event, starts: Sequence[Found[MedicationStart]]) -> Medication:
    drug = DRUGS[code]
    of_course = [each.findings for each in starts if each.findings.drug == code and each.on >= start.on]
    dose = next((findings.dose for findings in of_course if findings.dose), "")
    route = next((findings.route for findings in of_course if findings.route), None)
    label = drug if drug.applies_to(route) else None
    if not dose and label and label.usual_dose:
        dose = _("Dose not recorded; usual: %(dose)s") % {"dose": label.usual_dose}
    return Medication(
        name=str(drug.name),
        dose=dose or _("Dose not recorded"),
        since=start.on,
        instruction=str(label.instruction) if label else "",
    )
