"""SIAL-STEP: sialorrhea is treated step by step."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pathway.catalogue import NEUROLOGY
from pathway.chart import Chart
from pathway.due import Need, NotApplicable, Phrase, Severity
from pathway.facts import Event
from pathway.parameter import number_of_days
from pathway.rule import ACTIVE_OR_HOSPICE, Example, Mark, Rule, RuleKind, Source, dated
from pathway.window import Start, deadline, refreshed
from pathway.words import gettext_noop as _

TOPIC = "sialorrhea"
STEP_1, STEP_2 = "step1", "step2"


@dataclass(frozen=True)
class Parameters:
    """Days to each step."""

    step1_days: int = number_of_days(14, _("Days to the first step"), low=1, high=90)
    step2_days: int = number_of_days(28, _("Days to the second step"), low=1, high=120)


def find(chart: Chart, parameters: Parameters) -> Iterator[Need | NotApplicable]:
    """Step 1 is due 14 days after sialorrhea began, step 2 28 days after the first line failed."""
    began = _began(chart)
    if began is None:
        yield NotApplicable(STEP_1)
        yield NotApplicable(STEP_2)
        return
    treatments = [event for event in chart.of("sialorrhea_treatment") if event.on >= began.on]
    responses = _first_line_responses(chart, began)
    failed = _first_of_last_run(responses, "effective", False)
    if not treatments and all(response.data["effective"] for response in responses):
        yield deadline(
            refreshed(Start.at(began, _("Sialorrhea recorded")), chart.fresh_window(TOPIC)),
            parameters.step1_days,
            subject=STEP_1,
            severity=Severity.ATTENTION,
            evidence=(began.id,),
            title=Phrase(_("First step against sialorrhea not taken")),
        )
    if failed and not any(_line(event) == 2 and event.on >= failed.on for event in treatments):
        yield deadline(
            refreshed(Start.at(failed, _("First line without success")), chart.fresh_window(TOPIC)),
            parameters.step2_days,
            subject=STEP_2,
            severity=Severity.ATTENTION,
            evidence=(failed.id,),
            title=Phrase(_("Second step against sialorrhea not taken")),
        )


def _began(chart: Chart) -> Event | None:
    """The first of the current run of "present"; None while it is not present."""
    return _first_of_last_run(chart.with_flag("sialorrhea", "present"), "present", True)


def _first_line_responses(chart: Chart, began: Event) -> Sequence[Event]:
    """Responses to the first line in this episode; not effective stands for not tolerated as well."""
    return [
        event
        for event in chart.with_flag("sialorrhea_response", "effective")
        if _line(event) == 1 and event.on >= began.on
    ]


def _first_of_last_run(events: Sequence[Event], flag: str, wanted: bool) -> Event | None:
    first = None
    for event in reversed(events):
        if event.data[flag] is not wanted:
            break
        first = event
    return first


def _line(event: Event) -> int | None:
    return {"1": 1, "2": 2}.get(str(event.data.get("line")))


_PATIENT = {"enrolled_on": "2026-03-02", "onset_region": "lower_limb"}


_PRESENT = dated("sialorrhea", "2026-04-20", present=True)

RULE = Rule(
    code="SIAL-STEP",
    title=_("Sialorrhea step not taken"),
    ahead=_("Sialorrhea: next step"),
    verb=_("Log treatment"),
    recorded_as="sialorrhea_treatment",
    also_recorded_as=("sialorrhea_response", "sialorrhea"),
    recorded_with={STEP_1: {"line": "1"}, STEP_2: {"line": "2"}},
    condition=_(
        "A first step is due %(step1_days)s days after sialorrhea was recorded; a second %(step2_days)s days "
        "after the first line was without success, not tolerated or contraindicated."
    ),
    closes=_("The next step, or sialorrhea that has resolved."),
    kind=RuleKind.DEADLINE,
    owner=NEUROLOGY,
    severities=(Severity.ATTENTION,),
    statuses=ACTIVE_OR_HOSPICE,
    source=(
        Source(_("First an oral anticholinergic, then botulinum toxin: NASEM 2024"), Mark.STATED),
        Source(_("CHEST 2023, table"), Mark.VERIFIED),
        Source(_("Days: product defaults"), Mark.DEFAULT),
    ),
    version=1,
    decline_topic=TOPIC,
    parameters=Parameters(),
    find=find,
    examples=(
        Example(
            "Each step has its own days.",
            _PATIENT,
            (
                _PRESENT,
                dated("sialorrhea_treatment", "2026-05-07", line=1, kind="oral_anticholinergic"),
                dated("sialorrhea_response", "2026-05-28", line=1, effective=False),
                dated("sialorrhea_treatment", "2026-07-01", line=2, kind="botulinum_toxin"),
            ),
            "2026-12-31",
            ((STEP_1, "2026-05-05", "2026-05-07"), (STEP_2, "2026-06-26", "2026-07-01")),
        ),
        Example(
            "A treatment on day 14 is on time; one that works needs no second step.",
            _PATIENT,
            (
                _PRESENT,
                dated("sialorrhea_treatment", "2026-05-04", line=1, kind="oral_anticholinergic"),
                dated("sialorrhea_response", "2026-05-28", line=1, effective=True),
            ),
            "2026-12-31",
            (),
        ),
        Example(
            "Resolved ends it.",
            _PATIENT,
            (_PRESENT, dated("sialorrhea", "2026-05-20", present=False)),
            "2026-12-31",
            ((STEP_1, "2026-05-05", "2026-05-20"),),
        ),
    ),
)
