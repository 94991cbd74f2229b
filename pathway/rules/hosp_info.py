"""HOSP-INFO: a talk about what lies ahead, hospice too, once the FVC is below 30; off unless turned on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pathway.catalogue import NEUROLOGY, PALLIATIVE_CARE
from pathway.chart import Chart
from pathway.due import Need, NotApplicable, Phrase, Severity
from pathway.parameter import measurement
from pathway.rule import Example, Mark, Rule, RuleKind, Source, dated
from pathway.window import Start, notice
from pathway.words import gettext_noop as _

TOPIC = "eol_discussion"


@dataclass(frozen=True)
class Parameters:
    """The FVC below which a discussion is asked for."""

    fvc_lt: float = measurement(30, _("Measured FVC below"), "%", low=20, high=50)


def find(chart: Chart, parameters: Parameters) -> Iterator[Need | NotApplicable]:
    """Missing while the measured FVC is below 30 and no discussion followed the first such.

    Going over to hospice counts as a discussion, as it does for EOL-TALK.
    """
    first = chart.first_fvc_below(parameters.fvc_lt)
    if first is None or not chart.fvc_below(parameters.fvc_lt):
        yield NotApplicable()
        return
    talks = (*chart.of("eol_discussion"), *chart.standing.hospice_elections)
    if any(talk.on >= first.event.on for talk in talks):
        return
    yield notice(
        Start.at(first.event, _("FVC below the limit")),
        severity=Severity.URGENT,
        reason=Phrase(
            _("FVC below the limit on %(day)s, no end-of-life discussion since."), {"day": first.event.on}
        ),
    )


_PATIENT = {"enrolled_on": "2026-01-19", "onset_region": "upper_limb"}


def _fvc(on: str, pct: float) -> Mapping[str, Any]:
    return dated("resp_assessment", on, fvc_pct=pct, symptoms=True)


RULE = Rule(
    code="HOSP-INFO",
    title=_("No end-of-life discussion at a low FVC"),
    ahead=_("End-of-life discussion, with information about hospice"),
    verb=_("Log discussion"),
    recorded_as="eol_discussion",
    recorded_with={"": {"hospice_information": True}},
    condition=_(
        "The measured FVC is below %(fvc_lt)s %%, and no end-of-life discussion is recorded since it first "
        "was. Electing hospice counts as a discussion."
    ),
    closes=_("An end-of-life discussion, or a measured FVC at the limit or above."),
    kind=RuleKind.NOTICE,
    owner=NEUROLOGY,
    informed=(PALLIATIVE_CARE,),
    severities=(Severity.URGENT,),
    source=(
        Source(_("Access to palliative care and hospice services early: NASEM 2024"), Mark.STATED),
        Source(_("FVC 30, owner and severity: product defaults"), Mark.DEFAULT),
    ),
    version=1,
    optional=True,
    decline_topic=TOPIC,
    parameters=Parameters(),
    find=find,
    examples=(
        Example(
            "FVC 30 asks for nothing, the first 29 does; a discussion closes it.",
            _PATIENT,
            (
                dated("eol_discussion", "2026-05-04"),
                _fvc("2026-06-08", 30),
                _fvc("2026-09-08", 29),
                dated("eol_discussion", "2026-09-11"),
            ),
            "2026-12-31",
            (("", "2026-09-08", "2026-09-11"),),
        ),
        Example(
            "A discussion on the day is enough.",
            _PATIENT,
            (_fvc("2026-09-08", 29), dated("eol_discussion", "2026-09-08")),
            "2026-12-31",
            (),
        ),
    ),
)
