"""NIV-BACKUP: with bulbar impairment, ventilation has a confirmed backup rate."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from pathway.catalogue import PULMONOLOGY
from pathway.chart import Chart
from pathway.due import Need, NotApplicable, Phrase, Severity
from pathway.facts import Event
from pathway.rule import Example, Mark, Rule, RuleKind, Source, dated
from pathway.window import Start, notice
from pathway.words import gettext_noop as _


@dataclass(frozen=True)
class Parameters:
    """Nothing about this rule is a number."""


def find(chart: Chart, parameters: Parameters) -> Iterator[Need | NotApplicable]:
    """Missing while the latest word on the device does not confirm a backup rate.

    It counts from the first such word: another one without a backup rate resets nothing.
    """
    bulbar = chart.bulbar_impaired
    arranged = _arranged(chart)
    if not bulbar or not arranged:
        yield NotApplicable()
        return
    unconfirmed = _unconfirmed(chart)
    if not unconfirmed:
        return
    first, latest = unconfirmed[0], unconfirmed[-1]
    since = max(first.on, arranged[0].on, date.min if bulbar.onset else bulbar.found_on or date.min)
    yield notice(
        Start(since, _("Device without a confirmed backup rate"), first.id),
        severity=Severity.URGENT,
        evidence=(latest.id, *bulbar.evidence),
        reason=Phrase(_("Bulbar impairment; no backup rate confirmed since %(day)s."), {"day": first.on}),
    )


def _arranged(chart: Chart) -> Sequence[Event]:
    """The use that is going on and the live requests, oldest first."""
    in_use = [chart.niv_in_use] if chart.niv_in_use else []
    requests = [request.event for request in chart.live_bpap_requests]
    return sorted([*in_use, *requests], key=lambda event: event.order)


def _unconfirmed(chart: Chart) -> Sequence[Event]:
    """Live requests, starts of NIV and changes of its settings since the last one that was answered.

    They are compared together; a confirmed backup rate answers, and so does an override of
    that day or later.
    """
    said = [
        *(request.event for request in chart.live_bpap_requests),
        *chart.of("niv_start"),
        *chart.of("niv_device_update"),
    ]
    said.sort(key=lambda event: event.order)
    override = chart.latest("backup_override")
    answered = [
        place + 1
        for place, event in enumerate(said)
        if event.data.get("backup_rate") is True or (override is not None and event.on <= override.on)
    ]
    return said[max(answered, default=0) :]


_PATIENT = {"enrolled_on": "2026-03-02", "onset_region": "bulbar"}


RULE = Rule(
    code="NIV-BACKUP",
    title=_("NIV without a confirmed backup rate"),
    ahead=_("Backup rate of NIV"),
    verb=_("Log settings"),
    recorded_as="niv_device_update",
    also_recorded_as=("backup_override", "niv_stop"),
    condition=_(
        "With bulbar impairment and NIV in use or requested, the latest request, start or setting does not "
        "confirm a backup rate."
    ),
    closes=_("Settings with a backup rate, a recorded override with its reason, or the end of NIV."),
    kind=RuleKind.NOTICE,
    owner=PULMONOLOGY,
    severities=(Severity.URGENT,),
    source=(
        Source(
            _("BPAP with a backup rate in bulbar impairment: NASEM 2024, attributed to CHEST"), Mark.STATED
        ),
    ),
    version=1,
    parameters=Parameters(),
    find=find,
    examples=(
        Example(
            "Not known is not confirmed; settings with a backup rate close it.",
            _PATIENT,
            (
                dated("equipment_request", "2026-05-20", id="B1", item="bpap", backup_rate=None),
                dated("niv_start", "2026-05-28", backup_rate=False),
                dated("niv_device_update", "2026-06-02", backup_rate=True),
            ),
            "2026-12-31",
            (("", "2026-05-20", "2026-06-02"),),
        ),
        Example(
            "An override with a reason, on the day or later, closes it as well.",
            _PATIENT,
            (
                dated("niv_start", "2026-05-28", backup_rate=False),
                dated("backup_override", "2026-06-05", reason="Not tolerated"),
            ),
            "2026-12-31",
            (("", "2026-05-28", "2026-06-05"),),
        ),
        Example(
            "A request with a backup rate needs nothing.",
            _PATIENT,
            (dated("equipment_request", "2026-05-20", id="B1", item="bpap", backup_rate=True),),
            "2026-12-31",
            (),
        ),
    ),
)
