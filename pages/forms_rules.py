"""Setting a rule: every number with its unit and range, the owner, the severities; and the reason."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from crispy_forms.layout import HTML, Column, Layout, Row
from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pages.present import rules as present
from pathway.due import COORDINATOR, Severity
from pathway.parameter import Limits, limits
from pathway.registry import rules
from pathway.rule import Rule
from pathway.settings import COMMON, RuleSetting, out_of_range, shipped_parameters
from patients.forms import ServiceForm
from teams.models import Clinic, Discipline, User
from worklist.models import RuleSetting as StoredSetting
from worklist.services import rule_settings
from worklist.wording import shown, stored

ON = gettext_lazy("The rule is on in this clinic")
OFFERS_STAY = gettext_lazy("An offer made again stays at attention, whatever stands here.")
OFF_MEANS = gettext_lazy("Switched off, it asks for nothing; what it had open closes and says so.")


class RuleForm(ServiceForm):
    """A draft of what a rule is set to; what was typed out of range is answered at its field."""

    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, clinic: Clinic, user: User, code: str, setting: RuleSetting, seen: int
    ) -> None:
        self.clinic, self.user, self.code, self.setting = clinic, user, code, setting
        self.numbers = present.values(code, setting)
        super().__init__(data, initial={"seen": seen})

    @property
    def rule(self) -> Rule[Any] | None:
        """The rule; None for the terms all rules share."""
        return None if self.code == COMMON else rules()[self.code]

    def arrange(self) -> None:
        """A field for each thing that may be set."""
        known = limits(shipped_parameters(self.code))
        shipped = present.values(self.code, RuleSetting())
        if self.rule:
            self.fields["enabled"] = forms.BooleanField(
                label=ON, required=False, initial=self.setting.enabled, help_text=OFF_MEANS
            )
        for value, number in self.numbers.items():
            label = present.key_name(value[1]) if value[1] else present.label(self.code, value)
            self.fields[field_name(value)] = _field(known[value[0]], label, number, shipped.get(value))
        if self.rule:
            self._arrange_people(self.rule)

    def _arrange_people(self, rule: Rule[Any]) -> None:
        people = [(COORDINATOR, present.owner_name(COORDINATOR))]
        people += [(each.code, each.name) for each in Discipline.objects.filter(is_core=True)]
        self.fields["owner"] = forms.ChoiceField(
            label=_("Owner"),
            choices=people,
            initial=self.setting.owner or rule.owner,
            help_text=_("As shipped: %(owner)s.") % {"owner": present.owner_name(rule.owner)},
        )
        choices = [(each.value, str(name)) for each, name in present.SEVERITIES.items()]
        for each in _ladder(rule):
            self.fields[f"severities__{each}"] = forms.ChoiceField(
                label=_("%(severity)s counts as") % {"severity": present.SEVERITIES[each]},
                choices=choices,
                initial=self.setting.severities.get(each, each).value,
                help_text=OFFERS_STAY if rule.decline_topic else "",
            )

    def layout(self) -> Layout:
        """On and off, the numbers, those by item under their own heading, the people."""
        plain = [field_name(value) for value in self.numbers if not value[1]]
        by_key: dict[str, list[str]] = defaultdict(list)
        for value in self.numbers:
            if value[1]:
                by_key[value[0]].append(field_name(value))
        parts: list[Any] = ["seen"]
        if self.rule:
            parts.append(Row(Column("enabled", css_class="col-md-12")))
        parts.append(_grid(plain))
        known = limits(shipped_parameters(self.code))
        for name, fields in by_key.items():
            heading = format_html('<h3 class="al-form-title">{}</h3>', shown({"text": known[name].label}))
            parts += [HTML(heading), _grid(fields)]
        if self.rule:
            parts.append(_grid(["owner", *(f"severities__{each}" for each in _ladder(self.rule))]))
        return Layout(*parts)

    def record(self) -> StoredSetting:
        """Write the draft down and start its preview."""
        cleaned = self.cleaned_data
        return rule_settings.draft_setting(
            clinic=self.clinic,
            rule=self.code,
            user=self.user,
            seen=cleaned["seen"],
            enabled=cleaned.get("enabled", True),
            parameters=self._parameters(cleaned),
            owner=cleaned.get("owner", ""),
            severities={
                name.removeprefix("severities__"): wanted
                for name, wanted in cleaned.items()
                if name.startswith("severities__")
            },
        )

    def _parameters(self, cleaned: Mapping[str, Any]) -> Mapping[str, Any]:
        found: dict[str, Any] = {}
        for name, key in self.numbers:
            number = cleaned[field_name((name, key))]
            if key:
                found.setdefault(name, {})[key] = number
            else:
                found[name] = number
        return found


class ActivateForm(ServiceForm):
    """The reason for putting a draft in force."""

    rows = ((("why", 12),),)
    version = forms.IntegerField(widget=forms.HiddenInput)
    why = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Stays in the rule’s history, with your name and the day."),
    )

    def __init__(self, data: Any = None, *, clinic: Clinic, user: User, code: str, version: int) -> None:
        self.clinic, self.user, self.code = clinic, user, code
        super().__init__(data, initial={"version": version})

    def layout(self) -> Layout:
        """The reason, and which draft it is about."""
        return Layout("version", *super().layout().fields)

    def record(self) -> StoredSetting:
        """Put it in force."""
        return rule_settings.activate_setting(
            clinic=self.clinic,
            rule=self.code,
            version=self.cleaned_data["version"],
            user=self.user,
            why=self.cleaned_data["why"],
        )


def field_name(value: present.Value) -> str:
    """The form's name of what may be set, as the service names it in its errors."""
    name, key = value
    return f"{name}__{key}" if key else name


def _field(known: Limits, label: str, number: Any, shipped: Any) -> forms.Field:
    """A field for one number, with its unit, its range and the value as shipped."""
    help_text = _("%(allowed)s; as shipped %(shipped)s.") % {
        "allowed": present.allowed(known),
        "shipped": _("not set") if shipped is None else present.said(shipped, known),
    }
    if known.is_flag:
        return forms.BooleanField(label=label, required=False, initial=number, help_text=help_text)
    wrong = shown(stored(out_of_range(known)))
    kind = forms.IntegerField if known.whole else forms.FloatField
    ends = {"min": f"{known.low:g}", "max": f"{known.high:g}", "step": "1" if known.whole else "any"}
    return kind(
        label=label,
        initial=number,
        help_text=help_text,
        error_messages={"invalid": wrong},
        widget=forms.NumberInput(attrs=ends),
    )


def _ladder(rule: Rule[Any]) -> Sequence[Severity]:
    return sorted(rule.severities, key=lambda each: each.rank)


def _grid(names: Sequence[str]) -> Row:
    return Row(*(Column(name, css_class="col-md-4") for name in names))
