"""The admin's form of a clinic."""

from datetime import date
from typing import TYPE_CHECKING

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from teams.models import Clinic, DefaultSeat
from teams.selectors import core_disciplines

# Django's own class takes no type parameter when it runs.
if TYPE_CHECKING:
    ClinicModelForm = forms.ModelForm[Clinic]
else:
    ClinicModelForm = forms.ModelForm


def _nine() -> list[tuple[str, str]]:
    return [(each.code, each.name) for each in core_disciplines()]


class ClinicForm(ClinicModelForm):
    """A clinic; its first day stays once it has gone by."""

    absent = forms.MultipleChoiceField(
        label=_("Not available here"),
        choices=_nine,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Disciplines this clinic does not have; nobody is asked to fill their seats."),
    )

    class Meta:
        model = Clinic
        fields = "__all__"

    def clean_live_on(self) -> date | None:
        """The first day may move until it has gone by, and then only to a day to come."""
        day: date | None = self.cleaned_data["live_on"]
        was = self.initial.get("live_on")
        if was is None or day == was:
            return day
        today = self.instance.today()
        if was < today:
            raise ValidationError(
                gettext(
                    "This clinic went live on %(day)s. That stays: what fell due since has been "
                    "mailed and counted as ordinary work."
                )
                % {"day": date_format(was, "j M Y")}
            )
        if day is not None and day < today:
            raise ValidationError(gettext("Choose today or a later day."))
        return day

    def clean_absent(self) -> list[str]:
        """Nobody sits by default where the clinic has nobody."""
        absent: list[str] = self.cleaned_data["absent"]
        taken = DefaultSeat.objects.filter(clinic=self.instance.pk, discipline__in=absent)
        names = [str(seat.discipline) for seat in taken.select_related("discipline")]
        if names:
            raise ValidationError(
                gettext("These have a default seat; delete that first: %(names)s.")
                % {"names": ", ".join(names)}
            )
        return sorted(absent)
