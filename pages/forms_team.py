"""Forms about the seats of a person's care team."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pages.forms_colleagues import ColleagueField, offer
from patients import services
from patients.forms import DateInput, ServiceForm
from patients.models import CareTeamAssignment, Patient
from teams.models import Discipline, Membership, User
from teams.selectors import colleagues


class SeatForm(ServiceForm):
    """Somebody takes a seat of the care team, and whoever sat there may leave it."""

    rows = (
        (("member", 4), ("outside_provider", 5), ("on", 3)),
        (("leaving", 12),),
        (("note", 12),),
    )

    member = ColleagueField(
        label=gettext_lazy("Member"),
        required=False,
        empty_label=gettext_lazy("Nobody of this clinic"),
    )
    outside_provider = forms.CharField(
        label=gettext_lazy("Outside provider"),
        max_length=150,
        required=False,
        help_text=gettext_lazy("Such as: Harbor GI group, Dr Edith Avocet."),
    )
    on = forms.DateField(label=gettext_lazy("From"), widget=DateInput())
    leaving = forms.BooleanField(required=False, initial=True)
    note = forms.CharField(label=gettext_lazy("Note"), required=False, max_length=2000)

    def __init__(
        self,
        data: Any = None,
        *,
        patient: Patient,
        discipline: Discipline,
        user: User,
        sitting: Sequence[CareTeamAssignment],
    ) -> None:
        self.patient, self.discipline, self.user, self.sitting = patient, discipline, user, sitting
        super().__init__(data, initial={"on": patient.clinic.today()})
        self.keep_within_reach(patient, "on")

    def arrange(self) -> None:
        """The clinic's people, those of the discipline first; leaving only if somebody sits there."""
        clinic = self.patient.clinic
        of_discipline = Membership.objects.filter(
            user=OuterRef("pk"), clinic=clinic, disciplines=self.discipline
        )
        people = colleagues(clinic=clinic).annotate(practises=Exists(of_discipline))
        offer(self, "member", clinic=clinic, people=people.order_by("-practises", "name"))
        if self.sitting:
            names = ", ".join(holder(each) for each in self.sitting)
            self.fields["leaving"].label = _("%(names)s leaves the seat that day") % {"names": names}
        else:
            del self.fields["leaving"]

    def clean(self) -> dict[str, Any]:
        """One of the two: a member, or somebody outside."""
        cleaned = super().clean() or {}
        named = [cleaned.get("member"), (cleaned.get("outside_provider") or "").strip()]
        if not any(named):
            self.add_error("member", _("Choose a member, or name an outside provider."))
        elif all(named):
            self.add_error("outside_provider", _("Choose a member or name an outside provider, not both."))
        return cleaned

    def record(self) -> CareTeamAssignment:
        """Fill the seat."""
        return services.hand_over_seat(
            patient_id=self.patient.pk,
            user=self.user,
            discipline=self.discipline,
            on=self.cleaned_data["on"],
            member=self.cleaned_data["member"],
            outside_provider=self.cleaned_data["outside_provider"],
            note=self.cleaned_data["note"],
            leaving=self.sitting if self.cleaned_data.get("leaving") else (),
        )


class LeaveForm(ServiceForm):
    """Somebody's time in a seat ends, with nobody in their place yet."""

    rows = ((("on", 4),),)
    on = forms.DateField(label=gettext_lazy("Until"), widget=DateInput())

    def __init__(self, data: Any = None, *, assignment: CareTeamAssignment, user: User) -> None:
        self.assignment, self.user = assignment, user
        super().__init__(data, initial={"on": assignment.patient.clinic.today()})
        self.keep_within_reach(assignment.patient, "on")

    def record(self) -> CareTeamAssignment:
        """End it."""
        services.end_assignment(assignment=self.assignment, user=self.user, on=self.cleaned_data["on"])
        return self.assignment


def holder(assignment: CareTeamAssignment) -> str:
    """Who sits in the seat."""
    return str(assignment.member or assignment.outside_provider)
