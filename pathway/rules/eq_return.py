"""EQ-RETURN: what was lent to somebody who died goes on a quiet list; off unless turned on."""

from collections.abc import Iterator
from dataclasses import dataclass

from pathway.catalogue import SOCIAL_WORK
from pathway.chart import Chart
from pathway.dates import as_date
from pathway.due import Need, Phrase, Severity
from pathway.parameter import number_of_days
from pathway.rule import DECEASED, Example, Mark, Rule, RuleKind, Source, dated
from pathway.window import Start, deadline
from pathway.words import gettext_noop as _


@dataclass(frozen=True)
class Parameters:
    """How long the family is left alone."""

    window_days: int = number_of_days(45, _("Days after the death"), low=14, high=180)


def find(chart: Chart, parameters: Parameters) -> Iterator[Need]:
    """One need per loan that is not back, so many days after the death."""
    died = chart.standing.set_by
    if died is None:
        return
    for loan in chart.of("loaner_provided"):
        if as_date(loan.data.get("returned_on")) is not None:
            continue
        yield deadline(
            Start.at(died, _("Died")),
            parameters.window_days,
            severity=Severity.ATTENTION,
            subject=loan.id,
            evidence=(loan.id,),
            title=Phrase(_("Loan to come back")),
        )


_PATIENT = {"enrolled_on": "2026-01-08", "onset_region": "lower_limb"}
_DIED = dated("status_change", "2026-06-10", status="deceased")

RULE = Rule(
    code="EQ-RETURN",
    title=_("Loan to come back"),
    verb=_("Record return"),
    recorded_as="loaner_provided",
    condition=_(
        "What was lent to somebody who died and is not back %(window_days)s days after the death goes on the "
        "list of loans to come back, under Equipment."
    ),
    closes=_("The recorded return of the loan."),
    kind=RuleKind.DEADLINE,
    owner=SOCIAL_WORK,
    severities=(Severity.ATTENTION,),
    statuses=DECEASED,
    source=(
        Source(_("Loaners bridge the wait and go back: ALS loan closets"), Mark.VERIFIED),
        Source(_("45 days and the list: product defaults"), Mark.DEFAULT),
    ),
    version=1,
    optional=True,
    quiet=True,
    parameters=Parameters(),
    find=find,
    examples=(
        Example(
            "45 days after the death nothing is said; a day later the loan is on the list.",
            _PATIENT,
            ({**dated("loaner_provided", "2026-03-02", id="W1"), "id": "chair"}, _DIED),
            "2026-12-31",
            (("chair", "2026-07-26", None),),
        ),
        Example(
            "What came back is not on it.",
            _PATIENT,
            (dated("loaner_provided", "2026-03-02", id="W1", returned_on="2026-06-30"), _DIED),
            "2026-12-31",
            (),
        ),
    ),
)
