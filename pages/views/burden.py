"""The alert burden: how many alerts a clinic has, and what comes of them; counts only, no patient."""

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from alerts.selectors.burden import WITHIN, alert_burden
from pages.present import burden as present
from pages.rows import Empty
from teams.access import ClinicalRequest, overseeing

MOST_DAYS = 90


@require_GET
@overseeing
def burden(request: ClinicalRequest) -> HttpResponse:
    """New alerts per patient-month, by severity and rule, and how many were answered."""
    clinic = request.membership.clinic
    period, within, today = _period(request.GET), _within(request.GET), clinic.today()
    found = alert_burden(clinic=clinic, first=present.first_day(period, today), last=today, within=within)
    context: dict[str, object] = {
        "title": _("Alert burden"),
        "lead": present.lead(found),
        "pills": present.pills(period, within),
        "tables": [present.by_severity(found), present.by_rule(found)],
        "silent": present.silent(found),
        "terms": present.terms(found),
    }
    if not found.by_rule and not found.catch_up.new:
        context |= {"tables": [], "empty": _empty(), "silent": ""}
    return render(request, "alerts/burden.html", context)


def _period(query: QueryDict) -> str:
    period = query.get("period", "")
    return period if period in present.PERIODS else "3m"


def _within(query: QueryDict) -> int:
    """The days asked for; what makes no sense is the usual number."""
    days = query.get("within", "")
    known = len(days) < 3 and days.isdecimal() and 0 < int(days) <= MOST_DAYS
    return int(days) if known else WITHIN


def _empty() -> Empty:
    return Empty(_("No alerts in this time"), _("Work that became overdue would be counted here."))
