"""The form for time away: from when, until when, and who stands in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pages.forms_colleagues import ColleagueField, offer
from patients.forms import DateInput, ServiceForm
from teams.models import Membership
from teams.selectors import colleagues
from teams.services.people import set_away


class AwayForm(ServiceForm):
    """When the member is away, and the colleague who has the work too meanwhile."""

    rows = ((("away_from", 3), ("away_until", 3), ("deputy", 6)),)
    away_from = forms.DateField(label=_("Away from"), widget=DateInput(), required=False)
    away_until = forms.DateField(label=_("Away until"), widget=DateInput(), required=False)
    deputy = ColleagueField(label=_("Deputy"), required=False, empty_label=_("Nobody"))

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        self.membership = membership
        super().__init__(*args, **kwargs)

    def arrange(self) -> None:
        """Colleagues to choose from, and what was set before."""
        clinic = self.membership.clinic
        others = colleagues(clinic=clinic).exclude(pk=self.membership.user_id)
        offer(self, "deputy", clinic=clinic, people=others)
        self.initial.setdefault("away_from", self.membership.away_from)
        self.initial.setdefault("away_until", self.membership.away_until)
        self.initial.setdefault("deputy", self.membership.deputy_id)

    def record(self) -> Membership:
        """Note it."""
        return set_away(membership_id=self.membership.pk, **self.cleaned_data)
