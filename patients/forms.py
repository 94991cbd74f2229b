"""The form every form that records something about a patient extends."""

from datetime import date
from functools import partial
from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pathway.dates import add_months
from patients.models import Patient
from teams.models import User

FURTHEST_AHEAD = 366
"""Days ahead that a day typed by hand may lie."""
FURTHEST_BACK = 20
"""Years before joining, or an earlier onset or diagnosis, that a day typed by hand may lie."""


class DateInput(forms.DateInput):
    """The browser's own date picker; it speaks ISO dates whatever the language."""

    input_type = "date"

    def __init__(self, **attrs: Any) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")


class ServiceForm(forms.Form):
    """Runs one service: fields on twelve columns, and what the service says is wrong.

    ``rows`` names the fields of each line with their width; a field the form does
    without is left out. The frame around it brings the form tag and the buttons.
    """

    rows: ClassVar[tuple[tuple[tuple[str, int], ...], ...]] = ()

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.arrange()
        for field in self.fields.values():
            field.error_messages |= said_of(field)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = self.layout()

    def arrange(self) -> None:
        """Adapt the fields to the person before they are laid out."""

    def layout(self) -> Layout:
        """The fields on the grid."""
        here = [[(name, width) for name, width in row if name in self.fields] for row in self.rows]
        return Layout(
            *(Row(*(Column(name, css_class=f"col-md-{width}") for name, width in row)) for row in here if row)
        )

    def keep_within_reach(self, patient: Patient, *names: str) -> None:
        """Refuse, in these fields, days long before the person joined, or years ahead."""
        for name in names:
            if name in self.fields:
                self.fields[name].validators.append(partial(check_day, patient=patient))

    def record(self) -> Any:
        """Run the service with what was typed.

        Raises:
            ValidationError: the service refuses.
        """
        raise NotImplementedError

    def submit(self) -> Any | None:
        """What the service recorded; None, with its errors shown, when it refuses."""
        try:
            return self.record()
        except ValidationError as error:
            self.show_errors(error)
            return None

    def show_errors(self, error: ValidationError) -> None:
        """Put each message of a service's error at its field, or above the form."""
        if not hasattr(error, "error_dict"):
            self.add_error(None, error)
            return
        for name, messages in error.error_dict.items():
            self.add_error(name if name in self.fields else None, messages)


def check_day(on: date, *, patient: Patient) -> None:
    """A day that may lie ahead, but not years: work must not go silent for a slip of the keyboard.

    Raises:
        ValidationError: too early, or more than a year ahead.
    """
    check_not_too_early(on, patient=patient)
    if (on - patient.clinic.today()).days > FURTHEST_AHEAD:
        message = _("%(day)s is more than a year ahead. Check the year.")
        raise ValidationError(message % {"day": date_format(on, "j M Y")})


def check_not_too_early(on: date, *, patient: Patient) -> None:
    """Earlier results are welcome; what lies decades before the illness is a slip of the keyboard.

    Raises:
        ValidationError: before the date of birth, or decades before joining, onset and diagnosis.
    """
    known = (patient.enrolled_on, patient.onset_on, patient.diagnosed_on)
    first = add_months(min(day for day in known if day), -12 * FURTHEST_BACK)
    if on < patient.birth_on:
        message = _("%(day)s is before the date of birth. Check the year.")
    elif on < first:
        message = _("%(day)s is more than %(years)s years before joining on %(joined)s. Check the year.")
    else:
        return
    said = {"day": on, "joined": patient.enrolled_on}
    days = {name: date_format(day, "j M Y") for name, day in said.items()}
    raise ValidationError(message % {**days, "years": FURTHEST_BACK})


def said_of(field: forms.Field) -> dict[str, Any]:
    """What is said of a field left empty, or of a date that is none."""
    if isinstance(field, forms.DateField):
        as_typed = gettext_lazy("Enter the day as year, month and day, such as 2026-03-12.")
        return {"required": gettext_lazy("Enter the day."), "invalid": as_typed}
    if isinstance(field, forms.ChoiceField | forms.ModelChoiceField):
        return {"required": gettext_lazy("Choose one.")}
    return {"required": gettext_lazy("Fill this in.")}


class FactForm(ServiceForm):
    """Records a fact about a patient, with the day it happened."""

    happened_on = forms.DateField(label=gettext_lazy("Date"), widget=DateInput())

    def __init__(self, data: Any = None, *, patient: Patient, user: User, **kwargs: Any) -> None:
        self.patient, self.user = patient, user
        super().__init__(data, **kwargs)
        today = patient.clinic.today()
        if "happened_on" in self.fields:
            self.fields["happened_on"].widget.attrs["max"] = today.isoformat()
        self.initial.setdefault("happened_on", today)

    def clean_happened_on(self) -> date:
        """The day it happened: not long before the person joined, and not ahead."""
        day: date = self.cleaned_data["happened_on"]
        if day > self.patient.clinic.today():
            message = _("%(day)s is in the future. Enter the day it happened.")
            raise ValidationError(message % {"day": date_format(day, "j M Y")})
        check_not_too_early(day, patient=self.patient)
        return day
