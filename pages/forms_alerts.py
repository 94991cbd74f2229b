"""Forms about alerts: having one wait until a day."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alerts.models import Alert, Snooze, SnoozeReason
from alerts.selectors.snoozes import latest_day
from alerts.services.snooze import snooze
from patients.forms import DateInput, ServiceForm
from teams.models import User
from worklist.models import Severity


class SnoozeForm(ServiceForm):
    """Why an alert waits, and until which day; its severity says how long at most."""

    rows = ((("reason", 4), ("until", 3), ("note", 5)),)
    reason = forms.ChoiceField(label=gettext_lazy("Reason"), choices=SnoozeReason.choices)
    until = forms.DateField(label=gettext_lazy("Snooze until"), widget=DateInput())
    note = forms.CharField(label=gettext_lazy("Note"), required=False, max_length=300)

    def __init__(self, *args: Any, alert: Alert, user: User, **kwargs: Any) -> None:
        self.alert, self.user = alert, user
        super().__init__(*args, **kwargs)

    def arrange(self) -> None:
        """The latest day, said and held; critical work needs a note."""
        task = self.alert.task
        severity, today = Severity(task.severity), task.clinic.today()
        latest = latest_day(task.clinic, severity)
        until = self.fields["until"]
        until.widget.attrs |= {"min": (today + timedelta(days=1)).isoformat(), "max": latest.isoformat()}
        until.help_text = _("%(day)s at the latest: %(severity)s items, %(days)s days") % {
            "day": date_format(latest, "j M Y"),
            "severity": str(severity.label).lower(),
            "days": (latest - today).days,
        }
        self.fields["note"].required = severity == Severity.CRITICAL
        self.initial.setdefault("until", latest)

    def record(self) -> Sequence[Snooze]:
        """Snooze it."""
        return snooze(alert_id=self.alert.pk, user=self.user, **self.cleaned_data)
