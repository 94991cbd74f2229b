"""Every part and every state on one page, in the demo only.

For those who build screens, to look at in both colour schemes and on a phone.
"""

from datetime import date
from typing import Any

from crispy_forms.bootstrap import AppendedText
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from pages.present import samples
from pages.rows import FormPanel


class SampleForm(forms.Form):
    """A form with what can go wrong with a weight and a date."""

    weight = forms.FloatField()
    happened_on = forms.DateField(label="Date of review")
    note = forms.CharField(required=False, help_text="Shown to the whole team.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout(AppendedText("weight", "kg"), "happened_on", "note")

    def clean_weight(self) -> float:
        weight: float = self.cleaned_data["weight"]
        if weight > 250:
            raise forms.ValidationError("631 kg is above the 250 kg this form accepts. Did you mean 63.1?")
        return weight

    def clean_happened_on(self) -> date:
        happened_on: date = self.cleaned_data["happened_on"]
        if happened_on > samples.TODAY:
            raise forms.ValidationError("12 Mar 2027 is in the future. Enter the day the review happened.")
        return happened_on


@require_safe
def component_sheet(request: HttpRequest) -> HttpResponse:
    """Every part and state on one page. Raises Http404 outside the demo."""
    if not settings.DEMO:
        raise Http404
    context = {
        "samples": samples,
        "form": SampleForm({"weight": "631", "happened_on": "2027-03-12"}),
        "panel": FormPanel("#", "Log review", "Nutrition review", item="sample-form", cancel_url="#"),
        "seats": samples.SEATS,
        "conflict": samples.CONFLICT,
        "empty": samples.EMPTY,
    }
    return render(request, "pages/component_sheet.html", context)
