"""What the list of referrals can be narrowed to."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from referrals.models import Referral, ReferralStatus
from referrals.selectors import OPEN, not_moving
from teams.models import Clinic, Discipline

OPEN_ONES, STALLED = "open", "stalled"

SHOW = (
    (STALLED, _("Not moving")),
    (OPEN_ONES, _("Open")),
    *((status.value, status.label) for status in ReferralStatus),
)


class ReferralFilter(django_filters.FilterSet):
    """Narrows ``referrals_of_clinic``; without a choice, to the open ones."""

    show = django_filters.ChoiceFilter(choices=SHOW, method="filter_show")
    discipline = django_filters.ModelChoiceFilter(queryset=Discipline.objects.all())

    class Meta:
        model = Referral
        fields = ()

    def __init__(self, *args: Any, clinic: Clinic, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = clinic.today()

    def filter_show(self, rows: QuerySet[Referral], _name: str, show: str) -> QuerySet[Referral]:
        """One of the pills."""
        if show == STALLED:
            return rows.filter(not_moving(today=self.today))
        return rows if show == OPEN_ONES else rows.filter(status=show)

    @property
    def qs(self) -> QuerySet[Referral]:
        """The referrals to show."""
        rows: QuerySet[Referral] = super().qs
        return rows.filter(status__in=OPEN) if self.shown == OPEN_ONES else rows

    @property
    def shown(self) -> str:
        """The pill in use."""
        return self.chosen.get("show", OPEN_ONES)

    @property
    def chosen(self) -> dict[str, str]:
        """The filters in use, as they stand in an address."""
        self.form.is_valid()
        cleaned = self.form.cleaned_data
        return {name: str(getattr(value, "pk", value)) for name, value in cleaned.items() if value}
