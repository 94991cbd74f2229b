"""Everything that can be logged for a person, so arranged that one's own work stands first."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.groups import Group, own_first
from assessments.registry import kinds
from pages.present.people import day
from pages.rows import Link, LogGroup
from patients.models import Patient
from teams.models import Membership
from worklist.selectors.recorded import Recorded


def log_menu_of(person: Patient, recorded: Sequence[Recorded], membership: Membership) -> list[LogGroup]:
    """Findings by group, those of the reader's disciplines first; then what is no finding."""
    mine = {discipline.pk for discipline in membership.disciplines.all()}
    last = _last(recorded)
    groups = [LogGroup(str(group.label), _findings(person, group, last)) for group in own_first(mine)]
    return [*(group for group in groups if group.links), *_others(person)]


def _last(recorded: Sequence[Recorded]) -> Mapping[str, date]:
    """The latest day of each kind of finding; what is marked in error does not count."""
    return {
        each.data["kind"]: each.on
        for each in reversed(recorded)
        if each.kind == "assessment" and not each.is_voided
    }


def _findings(person: Patient, group: Group, last: Mapping[str, date]) -> list[Link]:
    links = [
        Link(
            str(kind.label),
            reverse("pages:log_assessment", args=[person.pk, code]),
            _("last %(day)s") % {"day": day(last[code])} if code in last else "",
            kind.icon,
        )
        for code, kind in kinds().items()
        if kind.group is group
    ]
    return sorted(links, key=lambda link: link.label)


def _others(person: Patient) -> list[LogGroup]:
    here = [person.pk]
    arranged = [
        Link(_("Equipment or a service"), reverse("equipment:request", args=here), icon="truck"),
        Link(_("Referral"), reverse("referrals:place", args=here), icon="send"),
        Link(_("Task for the team"), reverse("pages:task_add", args=here), icon="list-task"),
    ]
    chosen = [
        Link(_("Declined"), reverse("pages:decline", args=here), icon="slash-circle"),
        Link(_("Deferred"), reverse("pages:defer", args=here), icon="pause-circle"),
    ]
    status = person.get_status_display().lower()
    record = [
        Link(_("Status"), reverse("pages:status", args=here), status, icon="flag"),
        Link(_("Care team"), reverse("pages:team", args=here), icon="people"),
        Link(_("Names, dates and contacts"), reverse("pages:patient_edit", args=here), icon="pencil"),
    ]
    return [
        LogGroup(_("To arrange"), arranged),
        LogGroup(_("Choices"), chosen),
        LogGroup(_("Record and team"), record),
    ]
