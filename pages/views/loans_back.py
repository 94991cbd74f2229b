"""The list of loans to come back after a death."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from audit import reads
from pages.present import rules as present
from pages.present.equipment import take_back
from pages.rows import Action, Empty, How
from pages.selectors_loans import RULE, has_loan_list, loans_to_come_back
from teams.access import ClinicalRequest, clinical
from teams.models import Clinic


@require_GET
@clinical
def loans_back(request: ClinicalRequest) -> HttpResponse:
    """What was lent to people who died and is not back: looked at when somebody has the time."""
    clinic = request.membership.clinic
    found = loans_to_come_back(user=request.user, clinic=clinic)
    reads.show(each.loan.patient for each in found)
    count = len(found)
    lead = ngettext("%(count)s loan to come back.", "%(count)s loans to come back.", count) % {"count": count}
    context = {
        "title": _("Loans to come back"),
        "lead": lead if found else "",
        "loans": [(each.loan, each.work.overdue_on, take_back(each.loan)) for each in found],
        "empty": None if found else _empty(clinic),
    }
    return render(request, "equipment/loans_back.html", context)


def _empty(clinic: Clinic) -> Empty:
    rule = Action(_("Open the rule"), present.address("rule", RULE), How.PAGE)
    if not has_loan_list(clinic):
        return Empty(_("This clinic has no such list"), _("It can be turned on under Rules."), rule)
    text = _("What was lent to people who have died is back, or their families have time yet.")
    return Empty(
        _("Nothing to come back"), text, Action(_("Equipment"), reverse("equipment:board"), How.PAGE)
    )
