"""Forms about referrals. Each runs one service."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from patients.forms import DateInput, FactForm
from referrals import services
from referrals.models import Referral, ReferralStatus, ReferralStatusChange
from teams.models import Discipline, User


class PlaceForm(FactForm):
    """Refer a person to a discipline."""

    rows = (
        (("discipline", 5), ("provider", 4), ("happened_on", 3)),
        (("reason", 6), ("note", 6)),
    )

    discipline = forms.ModelChoiceField(
        label=gettext_lazy("Refer to"), queryset=Discipline.objects.all(), empty_label=gettext_lazy("Choose")
    )
    provider = forms.CharField(
        label=gettext_lazy("Where, or to whom"),
        max_length=150,
        required=False,
        help_text=gettext_lazy("Such as: Lakeside Hospice, Dr Amir Kestrel."),
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300, required=False)
    note = forms.CharField(label=gettext_lazy("Note"), required=False)

    def arrange(self) -> None:
        """The day is that of the referral."""
        self.fields["happened_on"].label = _("Referred on")

    def record(self) -> Referral:
        """Place it."""
        values = dict(self.cleaned_data)
        return services.place_referral(
            patient_id=self.patient.pk, user=self.user, on=values.pop("happened_on"), **values
        )


class UpdateForm(FactForm):
    """What became of a referral: scheduled, seen or cancelled.

    ``version`` is the status it had when the form was opened; when somebody recorded
    another since, ``moved`` is set and nothing is saved. What was typed stays.
    """

    rows = (
        (("status", 4), ("happened_on", 4), ("appointment_on", 4)),
        (("reason", 6), ("note", 6)),
    )

    status = forms.ChoiceField(label=gettext_lazy("What happened"))
    appointment_on = forms.DateField(
        label=gettext_lazy("Appointment on"),
        widget=DateInput(),
        required=False,
        help_text=gettext_lazy("Needed when scheduled."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Needed when cancelled."),
    )
    note = forms.CharField(label=gettext_lazy("Note"), required=False)

    def __init__(self, data: Any = None, *, referral: Referral, user: User, **kwargs: Any) -> None:
        self.referral, self.moved = referral, False
        super().__init__(data, patient=referral.patient, user=user, **kwargs)

    @property
    def version(self) -> str:
        """The status the person sees, to be sent along with the form."""
        return self.referral.status

    def arrange(self) -> None:
        """Everything a referral can come to."""
        changes = [status for status in ReferralStatus if status is not ReferralStatus.SENT]
        self.fields["status"].choices = [  # type: ignore[attr-defined]
            ("", _("Choose")),
            *((status.value, status.label) for status in changes),
        ]
        if self.referral.status == ReferralStatus.SCHEDULED:
            self.initial.setdefault("status", ReferralStatus.SEEN)
        self.keep_within_reach(self.patient, "appointment_on")

    def clean(self) -> dict[str, Any]:
        """The appointment when scheduled, the reason when cancelled."""
        cleaned = super().clean() or {}
        status, day = cleaned.get("status"), cleaned.get("happened_on")
        if status == ReferralStatus.SCHEDULED and not cleaned.get("appointment_on"):
            self.add_error("appointment_on", _("Enter the day of the appointment."))
        if status == ReferralStatus.CANCELLED and not cleaned.get("reason", "").strip():
            self.add_error("reason", _("Say why it was cancelled."))
        if day and day < self.referral.happened_on:
            self.add_error("happened_on", _("That is before the referral. Check the day."))
        return cleaned

    def record(self) -> ReferralStatusChange:
        """Record it through the service of its status."""
        typed = self.cleaned_data
        common = {
            "referral": self.referral,
            "user": self.user,
            "on": typed["happened_on"],
            "note": typed["note"],
            "seen_status": self.data.get("version") or None,
        }
        if typed["status"] == ReferralStatus.SCHEDULED:
            return services.schedule(appointment_on=typed["appointment_on"], **common)
        if typed["status"] == ReferralStatus.SEEN:
            return services.mark_seen(**common)
        return services.cancel(reason=typed["reason"], **common)

    def submit(self) -> Any | None:
        """Record it; when somebody else did meanwhile, say so and keep what was typed."""
        try:
            return super().submit()
        except services.ReferralMovedError as error:
            self.moved, self.referral = True, error.referral
            return None
