"""What the board and the table of requests can be narrowed to."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from equipment.models import EquipmentRequest, Payer, Vendor
from equipment.selectors import CONTESTED, LIMITED_STAGES, payers, vendors
from teams.models import Clinic

SHOW = (
    ("late", _("Past a limit")),
    ("breathing", _("Breathing")),
    ("call", _("Call due")),
    ("contested", _("Denied or appealed")),
)


class RequestFilter(django_filters.FilterSet):
    """Narrows ``open_requests``. Anything in the address that makes no sense is left out."""

    show = django_filters.ChoiceFilter(choices=SHOW, method="filter_show")
    stage = django_filters.ChoiceFilter(choices=[(stage.value, stage.label) for stage in LIMITED_STAGES])
    payer = django_filters.ModelChoiceFilter(queryset=Payer.objects.none())
    vendor = django_filters.ModelChoiceFilter(queryset=Vendor.objects.none())

    class Meta:
        model = EquipmentRequest
        fields = ()

    def __init__(self, *args: Any, clinic: Clinic, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = clinic.today()
        self.payers, self.vendors = payers(clinic=clinic), vendors(clinic=clinic)
        self.filters["payer"].queryset = self.payers
        self.filters["vendor"].queryset = self.vendors

    def filter_show(
        self, rows: QuerySet[EquipmentRequest], _name: str, show: str
    ) -> QuerySet[EquipmentRequest]:
        """One of the pills."""
        conditions = {
            "late": Q(is_late=True),
            "breathing": Q(item__is_breathing=True),
            "call": Q(next_call_on__lte=self.today),
            "contested": CONTESTED,
        }
        return rows.filter(conditions[show])

    @property
    def chosen(self) -> dict[str, str]:
        """The filters in use, as they stand in an address."""
        cleaned = self.form.cleaned_data if self.form.is_valid() else getattr(self.form, "cleaned_data", {})
        return {name: str(getattr(value, "pk", value)) for name, value in cleaned.items() if value}
