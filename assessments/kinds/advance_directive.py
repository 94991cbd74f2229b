"""Advance directive on file, and code status (catalogue section 5, huddle list)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from crispy_forms.layout import Column, Layout, Row
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments import groups
from assessments.findings import Background, Findings, finding
from assessments.inputs import FindingsForm, segmented
from assessments.kind import Kind
from assessments.specs import Choice, Text

NOT_MADE = "none"
DIRECTIVES = {
    "health_care_proxy": gettext_lazy("Health care proxy"),
    "living_will": gettext_lazy("Living will"),
    "medical_order": gettext_lazy("POLST or MOLST"),
    "other": gettext_lazy("Another directive"),
    NOT_MADE: gettext_lazy("None made yet"),
}
CODE_STATUS = {
    "full": gettext_lazy("Full code"),
    "no_resuscitation": gettext_lazy("No resuscitation (DNR)"),
    "no_intubation": gettext_lazy("No intubation (DNI)"),
    "neither": gettext_lazy("No resuscitation, no intubation"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AdvanceDirective(Findings):
    """What there is, where it is kept, and what it means in an emergency."""

    directive: str | None = finding(Choice(gettext_lazy("Directive"), DIRECTIVES))
    on_file: str | None = finding(Text(gettext_lazy("On file where")))
    code_status: str | None = finding(Choice(gettext_lazy("Code status"), CODE_STATUS))

    @property
    def exists(self) -> bool:
        """Whether there is a directive."""
        return self.directive is not None and self.directive != NOT_MADE

    def summary(self) -> str:
        """ "health care proxy, on file: chart, scanned; full code"."""
        parts = [
            _("no directive recorded") if self.directive is None else in_sentence(DIRECTIVES[self.directive]),
            _("on file: %(where)s") % {"where": self.on_file} if self.on_file else "",
            in_sentence(CODE_STATUS[self.code_status]) if self.code_status else "",
        ]
        return ", ".join(part for part in parts if part)

    def event_data(self) -> dict[str, Any]:
        """``directive``, ``on_file`` and ``code_status``, as far as answered; no rule reads them."""
        return self.answers()

    @classmethod
    def from_event_data(cls, data: Mapping[str, Any]) -> Self:
        """A directive from what ``event_data`` gives."""
        return cls.checked({name: data.get(name) for name in cls.specs()})

    def last(self, background: Background) -> str:
        """The code status recorded last."""
        for earlier in background.earlier:
            if earlier.findings.code_status:
                return str(CODE_STATUS[earlier.findings.code_status])
        return ""


def in_sentence(words: object) -> str:
    """Words inside a sentence: only their first letter, so that DNR stays DNR."""
    text = str(words)
    return text[:1].lower() + text[1:]


class AdvanceDirectiveForm(FindingsForm):
    """Directive, place and code status."""

    findings_class = AdvanceDirective
    expected = ("directive", "code_status")

    def arrange(self) -> None:
        """The code status recorded last as a hint, and an example of a place."""
        super().arrange()
        self.fields["on_file"].help_text = _("Such as: scanned in the chart; copy with the family.")
        last = AdvanceDirective().last(self.background)
        if last:
            self.fields["code_status"].help_text = _("Last recorded: %(what)s.") % {"what": last}

    def clean(self) -> dict[str, Any]:
        """An answer to something."""
        cleaned = super().clean()
        if not self.errors and not self.findings().answers():
            self.add_error("directive", _("Choose one, or the code status."))
        return cleaned

    def layout(self) -> Layout:
        """Directive; code status; place, date and note."""
        return Layout(
            Row(Column(segmented("directive"), css_class="col-md-12")),
            Row(Column(segmented("code_status"), css_class="col-md-12")),
            Row(
                Column("happened_on", css_class="col-md-3"),
                Column("on_file", css_class="col-md-4"),
                Column("note", css_class="col-md-5"),
            ),
        )


KIND = Kind(
    code="advance_directive",
    group=groups.PLANNING_AHEAD,
    label=gettext_lazy("Advance directive and code status"),
    verb=gettext_lazy("Log directive"),
    logged=gettext_lazy("Advance directive logged"),
    date_label=gettext_lazy("Date recorded"),
    icon="file-earmark-text",
    findings=AdvanceDirective,
    form=AdvanceDirectiveForm,
    source="Advance directives: NASEM 2024; AAN 2009",
)
