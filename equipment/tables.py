"""The table of requests: its columns, and what each is sorted by."""

import django_tables2 as tables
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from equipment.models import EquipmentRequest


class RequestTable(tables.Table):
    """One row per open request; rows are drawn as cards of the board are."""

    severity = tables.Column(_("Severity"), order_by=("-is_late", "-item__is_breathing", "-days_over"))
    item = tables.Column(_("Item, patient"), order_by=("item__name", "patient__family_name"))
    stage = tables.Column(_("Stage"), order_by=("stage_position",))
    in_stage = tables.Column(_("Days in stage, limit"), order_by=("-days_in_stage",))
    in_all = tables.Column(_("Days in all, target"), order_by=("-days_in_all",))
    payer = tables.Column(_("Payer, vendor"), order_by=("payer__name", "vendor__name"))
    lent = tables.Column(_("On loan meanwhile"), order_by=("lent",))
    next_call = tables.Column(_("Next call"))

    class Meta:
        model = EquipmentRequest
        fields = ()
        sequence = ("severity", "item", "stage", "in_stage", "in_all", "payer", "lent", "next_call")
        order_by = "severity"
        per_page = 50

    def order_next_call(
        self, rows: QuerySet[EquipmentRequest], is_descending: bool
    ) -> tuple[QuerySet[EquipmentRequest], bool]:
        """By the day of the next call; requests without one come last either way."""
        day = F("next_call_on")
        order = day.desc(nulls_last=True) if is_descending else day.asc(nulls_last=True)
        return rows.order_by(order), True
