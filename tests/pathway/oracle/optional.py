"""The rules that are off unless a clinic turns them on."""

from tests.pathway.oracle.choices import in_force
from tests.pathway.oracle.findings import fvc_below, measured
from tests.pathway.oracle.known import Known, add_months
from tests.pathway.oracle.standing import hospice_elections, statuses


def dmt_12m(known: Known) -> bool:
    """'No discussion in 12 months.'"""
    discussed = known.days("clinic_visit", drug_discussed=True)
    return known.late(add_months(max(discussed, default=known.enrolled_on), 12))


def hosp_info(known: Known) -> bool:
    """'FVC < 30 and no end-of-life discussion since.'"""
    if in_force(known, "eol_discussion") or not fvc_below(known, 30):
        return False
    first = next(each.on for each in measured(known) if each.data["fvc_pct"] < 30)
    talks = known.days("eol_discussion") + hospice_elections(known)
    return not any(talk >= first for talk in talks)


def eq_return(known: Known) -> set[str]:
    """'Loaned equipment goes on a quiet return list (… 45 days).'"""
    died_on = statuses(known)[-1][0]
    if not known.late(died_on, 45):
        return set()
    return {loan.id for loan in known.of("loaner_provided") if not loan.data.get("returned_on")}
