"""The list of patients and what a search found."""

from collections.abc import Mapping, Sequence
from datetime import date
from urllib.parse import urlencode

from django.core.paginator import Page
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from pages.present import people
from pages.present.tasks import STATES
from pages.rows import Pages, PatientRow, Pill, State
from pages.selectors_patients import OverdueOfPatient
from patients.models import OnsetRegion, Patient, Status
from patients.selectors import Found, Match
from worklist.models import Severity

EVERYONE = "all"

MATCHED: Mapping[Match, str | Promise] = {
    Match.MRN: gettext_lazy("this MRN"),
    Match.PART_OF_MRN: gettext_lazy("part of the MRN"),
    Match.NAME: "",
    Match.ALIKE: gettext_lazy("name spelled alike"),
    Match.IN_PART: gettext_lazy("part of the name"),
}
"""Why a search found somebody; nothing when it is plain to see."""


def chosen_status(wanted: str) -> str:
    """The status of the address: active unless another is asked for, "" for everyone."""
    if wanted == EVERYONE:
        return ""
    return wanted if wanted in Status.values else Status.ACTIVE.value


def address(status: str, page: int = 1) -> str:
    """The list under a filter."""
    query = {"status": "" if status == Status.ACTIVE else status, "page": str(page) if page > 1 else ""}
    given = urlencode({name: value for name, value in query.items() if value})
    url = reverse("pages:patients")
    return f"{url}?{given}" if given else url


def pills(counts: Mapping[str, int], chosen: str) -> list[Pill]:
    """Active, hospice, everyone."""
    offered = (
        (_("Active"), Status.ACTIVE.value, counts[Status.ACTIVE]),
        (_("Hospice"), Status.HOSPICE.value, counts[Status.HOSPICE]),
        (_("Everyone"), EVERYONE, sum(counts.values())),
    )
    return [
        Pill(label, address(key), number, chosen=key == (chosen or EVERYONE))
        for label, key, number in offered
    ]


def lead(counts: Mapping[str, int]) -> SafeString:
    """ "148 people in care, 6 of them in hospice."."""
    hospice = counts[Status.HOSPICE]
    in_care = counts[Status.ACTIVE] + hospice
    first = ngettext("%(n)s person in care", "%(n)s people in care", in_care) % {"n": number_format(in_care)}
    rest = _(", %(n)s of them in hospice") % {"n": number_format(hospice)} if hospice else ""
    return format_html("<b>{}</b>{}.", first, rest)


def found_lead(found: Sequence[Found], typed: str) -> SafeString:
    """ "2 people found for “alder”."."""
    text = ngettext("%(n)s person found", "%(n)s people found", len(found)) % {"n": len(found)}
    return (
        format_html("<b>{}</b> {}", text, _("for “%(typed)s”.") % {"typed": typed})
        if found
        else SafeString("")
    )


def row(person: Patient, overdue: OverdueOfPatient | None, *, today: date, matched: str = "") -> PatientRow:
    """One person of the list."""
    onset = people.ONSET.get(OnsetRegion(person.onset_region))
    age = ngettext("%(n)s year", "%(n)s years", people.age(person.birth_on, today))
    line = [age % {"n": people.age(person.birth_on, today)}, *([str(onset)] if onset else [])]
    return PatientRow(
        patient_id=str(person.pk),
        name=str(person),
        url=reverse("pages:patient", args=[person.pk]),
        mrn=person.mrn,
        born=person.birth_on,
        line=" · ".join(line),
        status=person.get_status_display(),
        overdue=overdue.count if overdue else 0,
        state=_worst(overdue) if overdue else None,
        matched=matched,
    )


def pages(page: "Page[Patient]", status: str) -> Pages | None:
    """Where the list stands, when it has more than one page."""
    last = page.paginator.num_pages
    if last == 1:
        return None
    key = status or EVERYONE
    text = _("Page %(page)s of %(pages)s") % {"page": page.number, "pages": last}
    before = address(key, page.number - 1) if page.number > 1 else ""
    after = address(key, page.number + 1) if page.number < last else ""
    return Pages(text, before, after)


def _worst(overdue: OverdueOfPatient) -> State:
    return STATES[Severity(overdue.severity)] if overdue.severity else State.CATCH_UP
