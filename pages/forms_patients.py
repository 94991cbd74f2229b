"""Forms about a person's own record and status, and the search for a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from crispy_forms.layout import Column, Field, Fieldset, Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.inputs import QuantityField, measured
from assessments.kinds.nutrition_review import HEIGHT
from assessments.specs import Quantity
from pages.present.people import day
from patients import services
from patients.dates import DATES, date_problems
from patients.forms import DateInput, FactForm, ServiceForm
from patients.models import OnsetRegion, Patient, PatientStatusChange, Status
from patients.selectors import Edit, edits_from, latest_edit, visible_to
from patients.services import RecordChangedError
from teams.models import Clinic, User

BASELINE = Quantity(gettext_lazy("Baseline weight"), "kg", low=20, high=250, per_unit=1000, decimals=1)
RECORD_FIELDS = (
    "given_name",
    "family_name",
    "mrn",
    *DATES,
    "onset_region",
    "baseline_weight_g",
    "height_cm",
    "phone",
    "caregiver_name",
    "caregiver_phone",
    "payer",
    "interpreter",
    "communication_needs",
)


class SearchForm(forms.Form):
    """What somebody typed to find a person."""

    q = forms.CharField(max_length=100)


class RecordForm(ServiceForm):
    """A person's own record: names, dates, contacts. ``duplicate`` is somebody just like them."""

    def __init__(self, data: Any = None, *, clinic: Clinic, user: User, **kwargs: Any) -> None:
        self.clinic, self.user = clinic, user
        self.duplicate: Patient | None = None
        super().__init__(data, **kwargs)

    def arrange(self) -> None:
        """The model's own fields; dates by the browser's picker, measures in the unit people use."""
        latest = self.clinic.today().isoformat()
        dates: dict[str, type[forms.Widget] | forms.Widget] = {name: DateInput(max=latest) for name in DATES}
        self.fields |= forms.fields_for_model(Patient, fields=RECORD_FIELDS, widgets=dates)
        self.fields["baseline_weight_g"] = QuantityField(BASELINE)
        self.fields["height_cm"] = QuantityField(HEIGHT)
        self.fields["communication_needs"].help_text = _("Such as: writes on a tablet; answers by blinking.")
        self.fields["baseline_weight_g"].help_text = _("Before the disease; loss is measured from it.")

    def layout(self) -> Layout:
        """Who; the disease; how to reach them."""
        return Layout(
            Fieldset(
                _("Who"),
                _row(("given_name", 4), ("family_name", 4), ("birth_on", 4)),
                _row(("mrn", 4), ("enrolled_on", 4)),
            ),
            Fieldset(
                _("The disease"),
                _row(("onset_region", 4), ("onset_on", 4), ("diagnosed_on", 4)),
                Row(
                    Column(measured("baseline_weight_g", BASELINE), css_class="col-md-4"),
                    Column(measured("height_cm", HEIGHT), css_class="col-md-4"),
                ),
            ),
            Fieldset(
                _("How to reach them"),
                _row(("phone", 4), ("caregiver_name", 4), ("caregiver_phone", 4)),
                _row(("payer", 4), ("interpreter", 4)),
                _row(("communication_needs", 12)),
            ),
        )

    @property
    def others(self) -> Any:
        """The clinic's patients beside this one."""
        return visible_to(self.user).filter(clinic=self.clinic)

    def clean_mrn(self) -> str:
        """An MRN that nobody else in the clinic has."""
        mrn = str(self.cleaned_data["mrn"])
        if self.others.filter(mrn=mrn).exists():
            raise ValidationError(
                _("Somebody in this clinic has this MRN already. Search for it to open their record.")
            )
        return mrn

    def clean(self) -> dict[str, Any]:
        """Dates in the order of a life."""
        cleaned = super().clean() or {}
        for name, message in date_problems(cleaned, today=self.clinic.today()).items():
            self.add_error(name, message)
        return cleaned


class AddForm(RecordForm):
    """Adds a person, after asking about somebody with the same name and date of birth."""

    def clean(self) -> dict[str, Any]:
        """Look for the same person under another MRN."""
        cleaned = super().clean()
        if self.errors or self.data.get("over"):
            return cleaned
        same = {
            "given_name__iexact": cleaned["given_name"],
            "family_name__iexact": cleaned["family_name"],
            "birth_on": cleaned["birth_on"],
        }
        self.duplicate = self.others.filter(**same).first()
        if self.duplicate is not None:
            self.add_error(None, _("Nothing is saved yet: this may be somebody who is here already."))
        return cleaned

    def record(self) -> Patient:
        """Add them."""
        return services.create_patient(clinic=self.clinic, user=self.user, **self.cleaned_data)


@dataclass(frozen=True, slots=True)
class Clash:
    """A field that somebody else changed to something else while this form was open."""

    label: str
    theirs: str
    mine: str


class EditForm(RecordForm):
    """Changes a person's record, keeping what others changed while the form was open.

    ``version`` is "base.seen": the edit the form was filled from, and the latest edit
    its reader was told of. Fields only the other changed stay as the other left them
    (``kept``); a field both changed waits until it is sent with ``over`` (``clashes``).
    """

    def __init__(self, data: Any = None, *, patient: Patient, user: User) -> None:
        self.patient = patient
        self.latest = latest_edit(patient.pk)
        self.base, self.seen = _version(data, self.latest)
        self.clashes: Sequence[Clash] = ()
        self.kept: Sequence[str] = ()
        self.edits: Sequence[Edit] = ()
        self.changes: Mapping[str, Any] = {}
        now = {name: getattr(patient, name) for name in RECORD_FIELDS}
        super().__init__(data, clinic=patient.clinic, user=user, initial=now)

    @property
    def version(self) -> str:
        """What to send along with the form."""
        return f"{self.base}.{self.latest if self.clashes else self.seen}"

    @property
    def others(self) -> Any:
        """The clinic's patients beside this one."""
        return super().others.exclude(pk=self.patient.pk)

    def clean(self) -> dict[str, Any]:
        """Compare what was typed, what the form began with, and what stands now."""
        cleaned = super().clean()
        self.edits = edits_from(self.patient.pk, self.base, fields=RECORD_FIELDS)
        now = {name: self.initial[name] for name in RECORD_FIELDS}
        began = self.edits[0].values if self.edits else now
        self.changes = {
            name: cleaned[name] for name in RECORD_FIELDS if name in cleaned and cleaned[name] != began[name]
        }
        theirs = [name for name in RECORD_FIELDS if began[name] != now[name]]
        clashing = [name for name in theirs if name in self.changes and self.changes[name] != now[name]]
        self.kept = [str(self.fields[name].label) for name in theirs if name not in self.changes]
        if clashing and not (self.data.get("over") and self.seen == self.latest):
            self.clashes = [self._clash(name, now[name]) for name in clashing]
            self.add_error(None, _("Somebody changed this record while you were typing. Compare, then save."))
        return cleaned

    def other(self) -> User | None:
        """Who made the latest edit since the form was opened; None for an import."""
        by = self.edits[-1].user_id if len(self.edits) > 1 else None
        return User.objects.filter(pk=by).first() if by else None

    def record(self) -> Patient:
        """Save what was changed, and nothing else."""
        if not self.changes:
            return self.patient
        try:
            return services.update_patient(
                patient_id=self.patient.pk, user=self.user, changes=self.changes, seen_edit=self.latest
            )
        except RecordChangedError as error:
            raise ValidationError(
                _("Somebody saved this record just now. Save again to see what they changed.")
            ) from error

    def _clash(self, name: str, theirs: Any) -> Clash:
        return Clash(
            str(self.fields[name].label), self._shown(name, theirs), self._shown(name, self.changes[name])
        )

    def _shown(self, name: str, value: Any) -> str:
        field = self.fields[name]
        if value in (None, ""):
            return _("empty")
        if isinstance(value, date):
            return day(value)
        if isinstance(field, QuantityField):
            return field.spec.shown(value)
        if name == "onset_region":
            return str(OnsetRegion(value).label)
        return str(value)


class StatusForm(FactForm):
    """The person became active, elected hospice, left the clinic or died."""

    rows = ((("happened_on", 4), ("note", 8)),)

    status = forms.ChoiceField(label=gettext_lazy("Status"), choices=Status.choices, widget=forms.RadioSelect)
    note = forms.CharField(label=gettext_lazy("Note"), required=False, max_length=2000)

    def arrange(self) -> None:
        """The day is that of the change."""
        self.fields["happened_on"].label = _("Since")

    def clean(self) -> dict[str, Any]:
        """Nothing comes after a death; a later status would stand and hide it."""
        cleaned = super().clean() or {}
        since, on = self.patient.status_on, cleaned.get("happened_on")
        if cleaned.get("status") == Status.DECEASED and since and on and since > on:
            message = _(
                "“%(status)s” is recorded since %(day)s. Mark that entered in error first, or check the day."
            )
            self.add_error(
                "happened_on",
                message % {"status": self.patient.get_status_display(), "day": day(since)},
            )
        return cleaned

    def layout(self) -> Layout:
        """The status as joined buttons; since when, and a note."""
        return Layout(Field("status", template="components/segmented.html"), *super().layout().fields)

    def record(self) -> PatientStatusChange:
        """Record it."""
        return services.change_status(
            patient_id=self.patient.pk,
            user=self.user,
            status=self.cleaned_data["status"],
            on=self.cleaned_data["happened_on"],
            note=self.cleaned_data["note"],
        )


def _row(*fields: tuple[str, int]) -> Row:
    return Row(*(Column(name, css_class=f"col-md-{width}") for name, width in fields))


def _version(data: Any, latest: int) -> tuple[int, int]:
    """The two numbers of ``version``; the latest edit for anything else."""
    parts = str((data or {}).get("version", "")).split(".")
    if len(parts) == 2 and all(part.isascii() and part.isdecimal() and len(part) < 19 for part in parts):
        return int(parts[0]), int(parts[1])
    return latest, latest
