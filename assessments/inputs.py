"""Form fields made from what a finding may be, and the form every kind's own form extends."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, ClassVar

from crispy_forms.bootstrap import AppendedText
from crispy_forms.layout import Field
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from assessments.findings import Background, Computed, Findings
from assessments.specs import TOO_LONG, Choice, Flag, Quantity, Score, Spec, Text
from patients.forms import FactForm


class QuantityField(forms.DecimalField):
    """A number typed in the unit people use; its cleaned value is in the unit stored."""

    def __init__(self, spec: Quantity, **options: Any) -> None:
        self.spec = spec
        places = max(spec.decimals, 1)
        widget = forms.TextInput(
            attrs={"inputmode": "decimal", "autocomplete": "off", "data-unit": spec.unit}
        )
        super().__init__(label=spec.label, required=False, widget=widget, decimal_places=places, **options)
        self.error_messages["invalid"] = gettext_lazy("Enter figures only, such as 63.1.")
        self.error_messages["max_decimal_places"] = (
            gettext_lazy("One decimal is enough, such as 63.1.")
            if places == 1
            else gettext_lazy("Two decimals are enough, such as 5.25.")
        )

    def to_python(self, value: Any) -> Any:
        """The number typed; a comma counts as a decimal point, and the unit may stand behind it."""
        if isinstance(value, str):
            value = (
                value.strip().removesuffix(self.spec.unit).strip().replace(",", ".").replace("\u2212", "-")
            )
        return super().to_python(value)

    def clean(self, value: Any) -> Any:
        """The number in the unit stored.

        Raises:
            ValidationError: not a number, or outside the range.
        """
        typed: Decimal | None = super().clean(value)
        if typed is None:
            return None
        if abs(typed) >= TOO_LONG:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        amount = typed * self.spec.per_unit
        stored = int(amount) if amount == int(amount) else float(amount)
        if problem := self.spec.problem(stored):
            raise ValidationError(problem)
        return stored

    def prepare_value(self, value: Any) -> Any:
        """A stored number as people type it; what was typed stays as it was."""
        if isinstance(value, int | float) and not isinstance(value, bool):
            return self.spec.shown(value, unit=False)
        return value


class YesNoField(forms.TypedChoiceField):
    """Yes, no, or not answered."""

    def __init__(self, **options: Any) -> None:
        choices = (("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No")))
        super().__init__(
            choices=choices,
            coerce=lambda value: value == "yes",
            empty_value=None,
            required=False,
            widget=forms.RadioSelect,
            **options,
        )

    def prepare_value(self, value: Any) -> Any:
        """True and False as the choices they are."""
        return {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value


class TickField(forms.BooleanField):
    """A box: ticked says yes, empty says nothing."""

    def clean(self, value: Any) -> bool | None:
        """True, or None for an empty box."""
        return super().clean(value) or None


class ScoreField(forms.TypedChoiceField):
    """A score chosen by what it means, the best first."""

    def __init__(self, spec: Score, **options: Any) -> None:
        steps = sorted(spec.steps.items(), reverse=True)
        choices = [("", "\N{EN DASH}"), *((str(score), f"{score}  {words}") for score, words in steps)]
        super().__init__(
            label=spec.label, choices=choices, coerce=int, empty_value=None, required=False, **options
        )


class WholeField(forms.IntegerField):
    """A score typed as a number."""

    def __init__(self, spec: Score, **options: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
        super().__init__(label=spec.label, required=False, widget=widget, **options)
        self.spec = spec
        self.error_messages["invalid"] = gettext_lazy("Enter a whole number, such as 105.")

    def clean(self, value: Any) -> int | None:
        """The score.

        Raises:
            ValidationError: not a whole number, or outside the range.
        """
        score: int | None = super().clean(value)
        if score is not None and (problem := self.spec.problem(score)):
            raise ValidationError(problem)
        return score


def segmented(name: str) -> Field:
    """The field as joined buttons, for a choice of few."""
    return Field(name, template="components/segmented.html")


def measured(name: str, spec: Quantity) -> Field:
    """The field with its unit at its end."""
    return AppendedText(name, spec.unit)


def field_for(spec: Spec) -> forms.Field:
    """The form field for what a finding may be."""
    match spec:
        case Quantity():
            return QuantityField(spec)
        case Score():
            return ScoreField(spec) if spec.steps else WholeField(spec)
        case Flag(tick=True):
            return TickField(label=spec.label, required=False)
        case Flag():
            return YesNoField(label=spec.label)
        case Choice():
            return forms.ChoiceField(
                label=spec.label, choices=list(spec.choices.items()), required=False, widget=forms.RadioSelect
            )
        case Text():
            return forms.CharField(label=spec.label, required=False, max_length=spec.longest)
    raise TypeError(f"There is no form field for {spec!r}.")


class FindingsForm(FactForm):
    """The findings of one kind, with their layout on a grid of twelve columns.

    ``background`` is what values are worked out against. Saving is left to
    ``assessments.forms``.
    """

    findings_class: ClassVar[type[Findings]]
    expected: ClassVar[tuple[str, ...]] = ()
    """The findings the form is about; they may be left empty, but are not called optional."""
    required: ClassVar[tuple[str, ...]] = ()
    """The findings without which the record would say nothing."""

    def __init__(self, *args: Any, background: Background | None = None, **kwargs: Any) -> None:
        self.background = background or Background()
        super().__init__(*args, **kwargs)

    def arrange(self) -> None:
        """Add a field for each finding; kinds add hints, and drop what need not be asked again."""
        for name, spec in self.findings_class.specs().items():
            self.fields[name] = field_for(spec)
            self.fields[name].required = name in self.required
            self.fields[name].expected = name in self.expected  # type: ignore[attr-defined]

    def findings(self) -> Findings:
        """What was typed as findings.

        Raises:
            ValidationError: findings contradict each other.
        """
        return self.findings_class.checked(self._typed())

    def clean(self) -> dict[str, Any]:
        """Check the findings together."""
        cleaned = super().clean() or {}
        if not self.errors:
            try:
                self.findings()
            except ValidationError as error:
                self.show_errors(error)
        return cleaned

    def computed(self) -> Sequence[Computed]:
        """Values worked out from what has been typed so far, errors or not."""
        if not self.is_bound:
            return ()
        self.full_clean()
        background = replace(self.background, on=self.cleaned_data.get("happened_on"))
        return self.findings_class(**self._typed()).computed(background)

    def _typed(self) -> dict[str, Any]:
        return {name: self.cleaned_data.get(name) for name in self.findings_class.specs()}
