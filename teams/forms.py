"""Forms of the admin about people."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from teams.models import Clinic, DefaultSeat, Discipline, Membership, Role


class InvitationForm(forms.Form):
    """Who is to become a member of which clinic, as what."""

    clinic = forms.ModelChoiceField(label=_("Clinic"), queryset=Clinic.objects.none())
    email = forms.EmailField(label=_("Email"))
    name = forms.CharField(label=_("Name"), max_length=150)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    title = forms.CharField(label=_("Job title"), max_length=80, required=False)
    disciplines = forms.ModelMultipleChoiceField(
        label=_("Disciplines"),
        queryset=Discipline.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, clinics: QuerySet[Clinic], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["clinic"]
        field.queryset = clinics  # type: ignore[attr-defined]
        if len(clinics) == 1:
            field.initial = clinics[0]


if TYPE_CHECKING:
    SeatModelForm = forms.ModelForm[DefaultSeat]
else:
    SeatModelForm = forms.ModelForm


class DefaultSeatForm(SeatModelForm):
    """Who sits in a discipline's seat unless somebody else is chosen."""

    class Meta:
        model = DefaultSeat
        fields = ["clinic", "discipline", "member", "outside_provider"]

    def clean(self) -> dict[str, Any]:
        """The member must work in the clinic."""
        cleaned: dict[str, Any] = super().clean() or {}
        member, clinic = cleaned.get("member"), cleaned.get("clinic")
        works_there = Membership.objects.filter(user=member, clinic=clinic, is_active=True)
        if member and clinic and not works_there.exists():
            raise ValidationError({"member": _("Choose somebody who works in this clinic.")})
        return cleaned
