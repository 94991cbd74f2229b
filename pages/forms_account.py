"""What a member decides for themselves."""

from typing import Any

from django import forms
from django.utils.formats import time_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from patients.forms import ServiceForm
from teams.models import Membership
from teams.services.preferences import set_mail_preferences


class TimeInput(forms.TimeInput):
    """The browser's own clock; it speaks hours and minutes whatever the language."""

    input_type = "time"

    def __init__(self, **attrs: Any) -> None:
        super().__init__(attrs=attrs, format="%H:%M")


class NotificationsForm(ServiceForm):
    """Which mail a member wants, as far as the clinic leaves it to them."""

    rows = ((("email_digest", 12),), (("digest_at", 4),), (("email_critical", 12),))

    email_digest = forms.BooleanField(
        label=_("A daily email when something became overdue"),
        required=False,
        help_text=_("On the clinic’s open days, and only with news. It holds counts and a link."),
    )
    digest_at = forms.TimeField(label=_("At"), required=False, widget=TimeInput())
    email_critical = forms.BooleanField(
        label=_("An email for each critical item"),
        required=False,
        help_text=_("On any day, shortly after it became overdue."),
    )

    def __init__(self, data: Any = None, *, membership: Membership) -> None:
        self.membership = membership
        initial = {name: getattr(membership, name) for name in self.base_fields}
        super().__init__(data, initial=initial)

    def arrange(self) -> None:
        """Say the clinic's hour, and fix what the clinic has decided."""
        clinic = self.membership.clinic
        self.fields["digest_at"].help_text = gettext("Empty: at %(hour)s, as the clinic has it.") % {
            "hour": time_format(clinic.digest_at)
        }
        if self.membership.email_critical and not clinic.may_mute_critical:
            self.fields["email_critical"].disabled = True
            self.fields["email_critical"].help_text = gettext(
                "On any day, shortly after it became overdue. Your clinic wants everybody to get these."
            )

    def record(self) -> Membership:
        """Store the choices."""
        return set_mail_preferences(membership=self.membership, **self.cleaned_data)
