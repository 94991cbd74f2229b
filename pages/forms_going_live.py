"""Forms of the page of a clinic going live."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from pages.forms import TaskIds
from patients.forms import DateInput
from teams.models import Clinic


class BulkBookForm(forms.Form):
    """The day several tasks are booked for."""

    use_required_attribute = False  # it shares its form with another button
    planned_on = forms.DateField(label=_("Book for"), widget=DateInput())
    task = TaskIds()

    def __init__(self, *args: Any, clinic: Clinic, **kwargs: Any) -> None:
        self.clinic = clinic
        super().__init__(*args, **kwargs)
        attributes = self.fields["planned_on"].widget.attrs
        attributes.update({"min": clinic.today().isoformat(), "class": "form-control"})

    def clean_planned_on(self) -> date:
        """Today or later."""
        day: date = self.cleaned_data["planned_on"]
        if day < self.clinic.today():
            raise ValidationError(_("Choose today or a later day."))
        return day
