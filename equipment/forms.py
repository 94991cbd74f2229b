"""Forms about equipment requests. Each runs one service."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from equipment import services
from equipment.models import (
    ContactWith,
    EquipmentItem,
    EquipmentRequest,
    EquipmentStatusChange,
    Loaner,
    Payer,
    Stage,
    Vendor,
    VendorContact,
)
from equipment.selectors import payers, vendors
from patients.forms import DateInput, FactForm
from patients.models import Patient
from teams.models import Discipline, User

NEXT_STAGES: dict[str, tuple[Stage, ...]] = {
    Stage.REQUESTED: (Stage.DOCUMENTED,),
    Stage.DOCUMENTED: (Stage.SUBMITTED,),
    Stage.SUBMITTED: (Stage.APPROVED, Stage.DENIED),
    Stage.DENIED: (Stage.APPEALED, Stage.APPROVED, Stage.SUBMITTED, Stage.DENIED),
    Stage.APPEALED: (Stage.APPROVED, Stage.DENIED),
    Stage.APPROVED: (Stage.ORDERED,),
    Stage.ORDERED: (Stage.DELIVERED,),
    Stage.DELIVERED: (Stage.IN_USE,),
}
"""What usually follows a stage; any other stage may, too."""


class RequestForm(FactForm):
    """Ask for equipment or a service. There is no priority: every request is urgent."""

    rows = (
        (("item", 5), ("detail", 4), ("happened_on", 3)),
        (("payer", 4), ("vendor", 4), ("backup_rate", 4)),
        (("qualifying_test", 6), ("note", 6)),
        (("requested_by", 4), ("ordered_by", 4), ("fitted_by", 4)),
    )

    item = forms.ModelChoiceField(
        label=gettext_lazy("Item"),
        queryset=EquipmentItem.objects.all(),
        empty_label=gettext_lazy("Choose"),
    )
    detail = forms.CharField(
        label=gettext_lazy("Detail"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Such as: with eye gaze."),
    )
    payer = forms.ModelChoiceField(
        label=gettext_lazy("Payer"),
        queryset=Payer.objects.none(),
        required=False,
        empty_label=gettext_lazy("Not chosen"),
    )
    vendor = forms.ModelChoiceField(
        label=gettext_lazy("Vendor"),
        queryset=Vendor.objects.none(),
        required=False,
        empty_label=gettext_lazy("Not chosen"),
    )
    backup_rate = forms.TypedChoiceField(
        label=gettext_lazy("Backup rate confirmed"),
        help_text=gettext_lazy("For a BPAP only."),
        choices=(("", gettext_lazy("Not known")), ("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))),
        coerce=lambda value: value == "yes",
        empty_value=None,
        required=False,
    )
    qualifying_test = forms.CharField(
        label=gettext_lazy("Qualifying test"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Such as: MIP 48 cmH2O, 26 Feb 2026."),
    )
    note = forms.CharField(label=gettext_lazy("Note"), required=False)
    requested_by = forms.ModelChoiceField(
        label=gettext_lazy("Requested by"),
        queryset=Discipline.objects.all(),
        required=False,
        empty_label=gettext_lazy("As usual for the item"),
    )
    ordered_by = forms.ModelChoiceField(
        label=gettext_lazy("Order signed by"),
        queryset=Discipline.objects.all(),
        required=False,
        empty_label=gettext_lazy("Neurology, as usual"),
    )
    fitted_by = forms.ModelChoiceField(
        label=gettext_lazy("Fitted by"),
        queryset=Discipline.objects.all(),
        required=False,
        empty_label=gettext_lazy("As usual for the item"),
    )

    def arrange(self) -> None:
        """Payers and vendors of the clinic."""
        self.fields["happened_on"].label = _("Requested on")
        _offer_parties(self, self.patient)

    def record(self) -> EquipmentRequest:
        """Request it."""
        values = dict(self.cleaned_data)
        return services.request_equipment(
            patient_id=self.patient.pk, user=self.user, on=values.pop("happened_on"), **values
        )


class AboutRequestForm(FactForm):
    """A form about one request."""

    def __init__(self, data: Any = None, *, request: EquipmentRequest, user: User, **kwargs: Any) -> None:
        self.request = request
        super().__init__(data, patient=request.patient, user=user, **kwargs)


class AdvanceForm(AboutRequestForm):
    """Move a request to a stage; asks only for what belongs to the stage it is in.

    ``version`` is the stage it was in when the form was opened; when somebody moved it
    since, ``moved`` is set and nothing is saved. What was typed stays.
    """

    rows = (
        (("status", 4), ("happened_on", 3), ("reference", 5)),
        (("payer", 6), ("vendor", 6)),
        (("reason", 12),),
    )
    only_from: ClassVar[Mapping[str, Sequence[Stage]]] = {
        "reference": (Stage.DOCUMENTED, Stage.SUBMITTED, Stage.DENIED, Stage.APPEALED, Stage.APPROVED),
        "payer": (Stage.DOCUMENTED,),
        "vendor": (Stage.APPROVED,),
    }
    """Fields that are asked for in some stages only."""

    status = forms.ChoiceField(label=gettext_lazy("Move to"))
    reference = forms.CharField(label=gettext_lazy("Reference number"), max_length=80, required=False)
    payer = forms.ModelChoiceField(
        label=gettext_lazy("Payer"),
        queryset=Payer.objects.none(),
        required=False,
        empty_label=gettext_lazy("Not chosen"),
    )
    vendor = forms.ModelChoiceField(
        label=gettext_lazy("Vendor"),
        queryset=Vendor.objects.none(),
        required=False,
        empty_label=gettext_lazy("Not chosen"),
    )
    reason = forms.CharField(label=gettext_lazy("Reason or note"), max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.moved = False
        super().__init__(*args, **kwargs)

    @property
    def version(self) -> str:
        """The stage the person sees, to be sent along with the form."""
        return self.request.stage

    def arrange(self) -> None:
        """The usual next stages first; payer and vendor as they are."""
        _offer_parties(self, self.patient)
        self.initial["payer"], self.initial["vendor"] = self.request.payer_id, self.request.vendor_id
        self.fields["status"].choices = stage_choices(self.request.stage)  # type: ignore[attr-defined]
        usual = NEXT_STAGES.get(self.request.stage, ())
        if len(usual) == 1:
            self.initial.setdefault("status", usual[0])
        if any(stage in services.NEEDS_REASON for stage in (*usual, self.initial.get("status"))):
            self.fields["reason"].help_text = _("Needed when denied, cancelled or transferred.")
        for name, stages in self.only_from.items():
            # What was typed is kept, even when somebody moved the request meanwhile.
            if self.request.stage not in stages and name not in self.data:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """Some stages need a reason; none comes before the request."""
        cleaned = super().clean() or {}
        status, day = cleaned.get("status"), cleaned.get("happened_on")
        if status in services.NEEDS_REASON and not cleaned.get("reason", "").strip():
            self.add_error("reason", str(services.NEEDS_REASON[Stage(status)]))
        if day and day < self.request.happened_on:
            self.add_error("happened_on", _("That is before it was requested. Check the day."))
        return cleaned

    def record(self) -> EquipmentStatusChange:
        """Move it."""
        values = dict(self.cleaned_data)
        return services.advance(
            request=self.request,
            user=self.user,
            on=values.pop("happened_on"),
            seen_stage=self.data.get("version") or None,
            **values,
        )

    def submit(self) -> Any | None:
        """Move it; when somebody moved the request meanwhile, say so and keep what was typed."""
        try:
            return super().submit()
        except services.RequestMovedError as error:
            self.moved, self.request = True, error.request
            return None


class CallForm(AboutRequestForm):
    """One line about a call: with whom, what they said, when to call again."""

    rows = (
        (("person", 2), ("contact_with", 2), ("note", 4), ("reference", 2), ("next_call_on", 2)),
        (("happened_on", 3),),
    )

    person = forms.CharField(label=gettext_lazy("Spoke with"), max_length=150, required=False)
    contact_with = forms.ChoiceField(label=gettext_lazy("At"))
    note = forms.CharField(label=gettext_lazy("What they said"))
    reference = forms.CharField(label=gettext_lazy("Reference"), max_length=80, required=False)
    next_call_on = forms.DateField(label=gettext_lazy("Call again"), widget=DateInput(), required=False)

    def __init__(self, *args: Any, one_line: bool = False, **kwargs: Any) -> None:
        self.one_line = one_line
        super().__init__(*args, **kwargs)

    def arrange(self) -> None:
        """Payer and vendor by their names; a call logged in one line is today's."""
        names = {ContactWith.PAYER: self.request.payer, ContactWith.VENDOR: self.request.vendor}
        self.fields["contact_with"].choices = [  # type: ignore[attr-defined]
            (kind.value, str(names.get(kind) or kind.label)) for kind in ContactWith
        ]
        waits_for_payer = self.request.stage in (Stage.SUBMITTED, Stage.DENIED, Stage.APPEALED)
        likely = ContactWith.PAYER if waits_for_payer else ContactWith.VENDOR
        self.initial.setdefault("contact_with", likely)
        self.keep_within_reach(self.patient, "next_call_on")
        if self.one_line:
            del self.fields["happened_on"]

    def record(self) -> VendorContact:
        """Log it."""
        values = dict(self.cleaned_data)
        day = values.pop("happened_on", None) or self.patient.clinic.today()
        return services.log_call(request=self.request, user=self.user, on=day, **values)


class LendForm(AboutRequestForm):
    """Something lent to bridge the wait."""

    rows = (
        (("item_lent", 5), ("serial_number", 3), ("happened_on", 2), ("due_back_on", 2)),
        (("note", 12),),
    )

    item_lent = forms.CharField(label=gettext_lazy("What is lent"), max_length=150)
    serial_number = forms.CharField(label=gettext_lazy("Serial number"), max_length=80, required=False)
    due_back_on = forms.DateField(label=gettext_lazy("Due back"), widget=DateInput(), required=False)
    note = forms.CharField(label=gettext_lazy("Note"), required=False)

    def arrange(self) -> None:
        """The day is that of the loan."""
        self.fields["happened_on"].label = _("Lent on")
        self.keep_within_reach(self.patient, "due_back_on")

    def record(self) -> Loaner:
        """Lend it."""
        values = dict(self.cleaned_data)
        return services.lend(request=self.request, user=self.user, on=values.pop("happened_on"), **values)


class ReturnForm(FactForm):
    """Something lent came back."""

    rows: ClassVar = ((("happened_on", 4),),)

    def __init__(self, data: Any = None, *, loaner: Loaner, user: User, **kwargs: Any) -> None:
        self.loaner = loaner
        super().__init__(data, patient=loaner.patient, user=user, **kwargs)

    def arrange(self) -> None:
        """The day is that of the return."""
        self.fields["happened_on"].label = _("Returned on")

    def record(self) -> Loaner:
        """Take it back."""
        try:
            return services.return_loaner(
                loaner=self.loaner, user=self.user, on=self.cleaned_data["happened_on"]
            )
        except ValidationError as error:
            if hasattr(error, "error_dict") and "returned_on" in error.error_dict:
                raise ValidationError({"happened_on": error.error_dict["returned_on"]}) from error
            raise


def stage_choices(stage: str) -> list[Any]:
    """Stages to move to: nothing chosen, the usual next ones, then all others."""
    usual = NEXT_STAGES.get(stage, ())
    others = [each for each in Stage if each not in usual]
    return [
        ("", _("Choose")),
        (_("Next"), [(each.value, each.label) for each in usual]),
        (_("Another stage"), [(each.value, each.label) for each in others]),
    ]


def _offer_parties(form: FactForm, patient: Patient) -> None:
    form.fields["payer"].queryset = payers(clinic=patient.clinic)  # type: ignore[attr-defined]
    form.fields["vendor"].queryset = vendors(clinic=patient.clinic)  # type: ignore[attr-defined]
