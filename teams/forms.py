"""Forms of the admin about people."""

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from teams.models import Clinic, DefaultSeat, Discipline, Membership, Role, User


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


# Django's own class takes no type parameter when it runs.
if TYPE_CHECKING:
    SeatModelForm = forms.ModelForm[DefaultSeat]
    MembershipModelForm = forms.ModelForm[Membership]
    UserModelForm = forms.ModelForm[User]
else:
    SeatModelForm = MembershipModelForm = UserModelForm = forms.ModelForm


class OwnPartForm(MembershipModelForm):
    """Somebody's part in a clinic; ``asks`` is who changes it, and may not be locked out or let in by it."""

    asks: ClassVar[User]

    class Meta:
        model = Membership
        fields = [
            "role", "title", "disciplines", "is_active", "email_digest", "digest_at", "email_critical",
            "away_from", "away_until", "deputy",
        ]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """An admin neither gives up their part nor opens charts to themselves; superusers may."""
        cleaned: dict[str, Any] = super().clean() or {}
        if self.instance.user_id == self.asks.pk and not self.asks.is_superuser:
            _refuse_changes(
                self,
                role=_("You cannot change your own role. Another admin of the clinic can."),
                is_active=_("You cannot deactivate yourself. Another admin of the clinic can."),
            )
        return cleaned


class OwnAccountForm(UserModelForm):
    """An account; ``asks`` is who changes it, and may not lock themselves out."""

    asks: ClassVar[User]

    class Meta:
        model = User
        fields = ["name", "email", "is_active", "is_staff", "is_superuser"]

    def clean(self) -> dict[str, Any]:
        """A superuser stays one until another takes it away."""
        cleaned: dict[str, Any] = super().clean() or {}
        if self.instance.pk == self.asks.pk:
            _refuse_changes(
                self,
                is_active=_("You cannot deactivate yourself. Another superuser can."),
                is_superuser=_("You cannot take this from yourself. Another superuser can."),
            )
        return cleaned


def _refuse_changes(form: forms.BaseForm, **why: Any) -> None:
    for name, message in why.items():
        if name in form.changed_data:
            form.add_error(name, message)


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
        discipline = cleaned.get("discipline")
        if clinic and discipline and discipline.code in clinic.absent:
            raise ValidationError({"discipline": _("The clinic says it does not have this discipline.")})
        return cleaned
