"""The form that logs an assessment of a kind."""

from functools import cache
from typing import Any, ClassVar

from crispy_forms.layout import Column, Row
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments import selectors, services
from assessments.inputs import FindingsForm
from assessments.kind import Kind
from assessments.models import Assessment
from assessments.registry import kinds
from patients.models import Patient
from teams.models import User


class LogForm(FindingsForm):
    """Findings with their date, a note and, for work done at another place, where.

    ``version`` names the latest assessment of the kind when the form was opened. It
    comes back with what was typed; when somebody logged another one since, ``conflict``
    holds it, and saving waits until it is sent with ``over``.
    """

    kind: ClassVar[Kind]

    done_elsewhere = forms.CharField(
        label=gettext_lazy("Where, and how you know"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Such as: Lakeside ALS Clinic, from the transfer letter."),
    )
    note = forms.CharField(label=gettext_lazy("Note"), required=False)

    def __init__(
        self, data: Any = None, *, patient: Patient, user: User, elsewhere: bool = False, **kwargs: Any
    ) -> None:
        self.conflict: Assessment | None = None
        looked_at = (self.kind.code, *self.kind.looks_at)
        rows = selectors.histories(user=user, patient_id=patient.pk, kinds=looked_at)
        self._rows = rows[self.kind.code]
        background = selectors.background_of(patient, self._rows, rows)
        super().__init__(data, patient=patient, user=user, background=background, **kwargs)
        self.fields["happened_on"].label = self.kind.date_label
        if elsewhere:
            self.fields["done_elsewhere"].required = True
            self.helper.layout.append(Row(Column("done_elsewhere", css_class="col-md-12")))
        else:
            del self.fields["done_elsewhere"]

    @property
    def version(self) -> str:
        """The latest assessment of this kind, to be sent along with the form."""
        return str(self._rows[0].pk) if self._rows else "none"

    def clean(self) -> dict[str, Any]:
        """Check the findings, then whether somebody logged the same meanwhile."""
        cleaned = super().clean()
        seen = self.data.get("version")
        if seen and seen != self.version and not self.data.get("over") and self._rows:
            self.conflict = self._rows[0]
            self.add_error(None, _("Somebody logged this while you were typing. Compare, then save."))
        return cleaned

    def record(self) -> Assessment:
        """Log it.

        Raises:
            ValidationError: the service refuses.
        """
        return services.log_assessment(
            patient_id=self.patient.pk,
            user=self.user,
            kind=self.kind.code,
            findings=self.findings(),
            on=self.cleaned_data["happened_on"],
            note=self.cleaned_data["note"],
            done_elsewhere=self.cleaned_data.get("done_elsewhere", ""),
        )


@cache
def form_for(kind: str) -> type[LogForm]:
    """The form that logs this kind: ``form_for(kind)(data, patient=..., user=...)``.

    Raises:
        KeyError: there is no such kind.
    """
    found = kinds()[kind]
    return type(
        f"Log{found.form.__name__}", (LogForm, found.form), {"kind": found, "__doc__": LogForm.__doc__}
    )
