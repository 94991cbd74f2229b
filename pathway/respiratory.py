"""When non-invasive ventilation is indicated, and whether anything has been arranged."""

from collections.abc import Iterator
from dataclasses import dataclass

from pathway.chart import Chart
from pathway.facts import Event
from pathway.findings import number
from pathway.parameter import measurement, number_of_days, yes_or_no
from pathway.value import value
from pathway.words import gettext_noop as _


@dataclass(frozen=True)
class NivCriteria:
    """When an assessment asks for NIV, and the days in which something is arranged (NIV-TRIG)."""

    fvc_lt_with_symptoms: float = measurement(80, _("With symptoms: FVC below"), "%", low=50, high=100)
    fvc_lt: float = measurement(50, _("Without symptoms: FVC below"), "%", low=30, high=80)
    sdb: bool = yes_or_no(True, _("Sleep-disordered breathing counts"))
    window_days: int = number_of_days(14, _("Days to an arrangement"), low=1, high=60)


@value()
class NivTrigger:
    """The assessment that first met the criteria, and which one it met (a message id)."""

    event: Event
    because: str


def first_niv_trigger(chart: Chart, criteria: NivCriteria) -> NivTrigger | None:
    """The first assessment that met the criteria; a later better reading does not undo it.

    Where the FVC was not possible, the last measured value is paired with the symptoms
    of the day (catalogue 2.2, NIV-TRIG).
    """
    return next(_triggers(chart, criteria), None)


def ventilation_arranged(chart: Chart) -> bool:
    """Whether a BPAP request is live, NIV is in use, or there is a tracheostomy."""
    return bool(chart.live_bpap_requests or chart.niv_in_use or chart.tracheostomy)


def _triggers(chart: Chart, criteria: NivCriteria) -> Iterator[NivTrigger]:
    fvc: float | None = None
    for event in chart.of("resp_assessment"):
        measured = number(event.data.get("fvc_pct"))
        fvc = fvc if measured is None else measured
        if because := _because(event, fvc, criteria):
            yield NivTrigger(event, because)


def _because(event: Event, fvc: float | None, criteria: NivCriteria) -> str:
    if fvc is not None and fvc < criteria.fvc_lt:
        return _("FVC below the limit")
    if fvc is not None and fvc < criteria.fvc_lt_with_symptoms and event.data.get("symptoms") is True:
        return _("FVC below the limit, with symptoms")
    if criteria.sdb and event.data.get("sdb") is True:
        return _("Sleep-disordered breathing")
    return ""
