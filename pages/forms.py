"""Forms of the screens that combine rooms: filters, assigning, booking, own tasks."""

from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pages.forms_colleagues import ColleagueField, offer
from pathway import catalogue
from pathway.due import CloseReason
from patients import services as patients
from patients.facts import Fact
from patients.forms import DateInput, ServiceForm
from patients.models import DeferralReason, Patient
from teams.models import Discipline, Membership, User
from worklist.models import CareTask
from worklist.selectors.recorded import chart_of, recorded_about
from worklist.services import own_tasks


class AssignForm(ServiceForm):
    """Give a task to a colleague, or back to the queue."""

    rows = ((("owner", 6),),)
    owner = ColleagueField(label=_("Assign to"), required=False, empty_label=_("Nobody: the queue"))

    def __init__(self, *args: Any, task: CareTask, user: User, **kwargs: Any) -> None:
        self.task, self.user = task, user
        super().__init__(*args, **kwargs)
        offer(self, "owner", clinic=task.clinic)
        self.initial.setdefault("owner", task.assigned_to_id)

    def record(self) -> CareTask:
        """Assign it."""
        return own_tasks.assign_task(task_id=self.task.pk, user=self.user, owner=self.cleaned_data["owner"])


class TaskIds(forms.Field):
    """The ids of the ticked rows."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> list[UUID]:
        """Ids as UUIDs, at most 500."""
        try:
            return [UUID(each) for each in (value or [])[:500]]
        except ValueError as error:
            raise ValidationError(_("One of the ticked items is not a task.")) from error


class BulkAssignForm(forms.Form):
    """Give several tasks to one colleague."""

    owner = ColleagueField(label=_("Assign to"))
    task = TaskIds()

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "owner", clinic=membership.clinic)
        self.fields["owner"].widget.attrs["class"] = "form-select"


class PlanForm(ServiceForm):
    """The day the work is booked for; it closes nothing."""

    rows = ((("planned_on", 4),),)
    planned_on = forms.DateField(label=_("Booked for"), widget=DateInput(), required=False)

    def __init__(self, *args: Any, task: CareTask, user: User, **kwargs: Any) -> None:
        self.task, self.user = task, user
        super().__init__(*args, **kwargs)
        self.keep_within_reach(task.patient, "planned_on")
        self.initial.setdefault("planned_on", task.planned_on)

    def record(self) -> CareTask:
        """Note the day."""
        return own_tasks.plan_task(
            task_id=self.task.pk, user=self.user, planned_on=self.cleaned_data["planned_on"]
        )


class OwnTaskForm(ServiceForm):
    """A task agreed by people: what, until when, by whom."""

    rows = ((("title", 8), ("due_on", 4)), (("owner", 6), ("discipline", 6)), (("note", 12),))
    title = forms.CharField(
        label=_("What to do"), max_length=200, help_text=_("Such as: Call the vendor about the cushion.")
    )
    due_on = forms.DateField(label=_("Due"), widget=DateInput())
    owner = ColleagueField(label=_("Who"), required=False, empty_label=_("Nobody yet"))
    discipline = forms.ModelChoiceField(
        label=_("Discipline"), queryset=Discipline.objects.all(), required=False, empty_label=_("Coordinator")
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=2000)

    def __init__(self, *args: Any, patient: Patient, user: User, **kwargs: Any) -> None:
        self.patient, self.user = patient, user
        super().__init__(*args, **kwargs)
        offer(self, "owner", clinic=patient.clinic)
        self.keep_within_reach(patient, "due_on")

    def record(self) -> CareTask:
        """Add it."""
        return own_tasks.add_task(patient=self.patient, user=self.user, **self.cleaned_data)


def topic_choices() -> list[tuple[str, str]]:
    """Topics a person may decline, by name."""
    return [(topic.code, topic_name(topic.code)) for topic in catalogue.TOPICS.values()]


def topic_name(code: str) -> str:
    """A topic in the reader's language; a discipline's seat is named after the discipline."""
    topic = catalogue.TOPICS.get(code)
    return gettext(topic.name) if topic else code


class ChoiceForm(ServiceForm):
    """What every choice has: the topic, unless a task brings it, the day, and a note."""

    def __init__(self, *args: Any, patient: Patient, user: User, topic: str = "", **kwargs: Any) -> None:
        self.patient, self.user, self.given_topic = patient, user, topic
        super().__init__(*args, **kwargs)
        if topic:
            del self.fields["topic"]
            self.helper.layout = self.layout()
        self.keep_within_reach(patient, "on", "reoffer_on", "until")
        self.initial.setdefault("on", patient.clinic.today())

    @property
    def chosen_topic(self) -> str:
        """The topic of the task, or the one chosen."""
        return self.given_topic or str(self.cleaned_data["topic"])


class DeclineForm(ChoiceForm):
    """The person declined, or prefers not to at this time."""

    rows = ((("topic", 12),), (("on", 4), ("reoffer_on", 4), ("permanent", 4)), (("note", 12),))
    topic = forms.ChoiceField(label=_("What"), choices=topic_choices)
    on = forms.DateField(label=_("Declined on"), widget=DateInput())
    reoffer_on = forms.DateField(
        label=_("Offer again on"),
        widget=DateInput(),
        required=False,
        help_text=_("Left empty: after the usual interval for this topic."),
    )
    permanent = forms.BooleanField(label=_("Do not offer again unless asked"), required=False)
    note = forms.CharField(label=_("Note"), required=False, max_length=2000)

    def clean(self) -> dict[str, Any]:
        """A day to offer again and "do not offer again" cannot both hold."""
        cleaned = super().clean() or {}
        if cleaned.get("permanent") and cleaned.get("reoffer_on"):
            self.add_error("reoffer_on", _("Leave this empty, or untick “do not offer again”."))
        return cleaned

    def record(self) -> Fact:
        """Record the decline."""
        return patients.record_decline(
            patient_id=self.patient.pk,
            user=self.user,
            topic=self.chosen_topic,
            on=self.cleaned_data["on"],
            reoffer_on=self.cleaned_data["reoffer_on"],
            permanent=self.cleaned_data["permanent"],
            note=self.cleaned_data["note"],
        )


class DeferForm(ChoiceForm):
    """The work waits until a day; nobody declined it."""

    rows = ((("topic", 12),), (("on", 4), ("until", 4), ("reason", 4)), (("note", 12),))
    topic = forms.ChoiceField(label=_("What"), choices=topic_choices)
    on = forms.DateField(label=_("Since"), widget=DateInput())
    until = forms.DateField(label=_("Until"), widget=DateInput())
    reason = forms.ChoiceField(label=_("Why"), choices=DeferralReason.choices)
    note = forms.CharField(label=_("Note"), required=False, max_length=2000)

    def record(self) -> Fact:
        """Record the deferral."""
        return patients.record_deferral(
            patient_id=self.patient.pk,
            user=self.user,
            topic=self.chosen_topic,
            on=self.cleaned_data["on"],
            until=self.cleaned_data["until"],
            reason=self.cleaned_data["reason"],
            note=self.cleaned_data["note"],
        )


class EndChoiceForm(ServiceForm):
    """What every end of a choice has: the day and a note; the topic is known.

    ``ends`` is the kind of choice, ``nothing`` what is said when none was in force that day.
    """

    ends: ClassVar[CloseReason]
    nothing: ClassVar[str | Promise]
    rows = ((("on", 4),), (("note", 12),))
    on = forms.DateField(widget=DateInput())
    note = forms.CharField(label=_("Note"), required=False, max_length=2000)

    def __init__(self, *args: Any, patient: Patient, user: User, topic: str, **kwargs: Any) -> None:
        self.patient, self.user, self.topic = patient, user, topic
        super().__init__(*args, **kwargs)
        self.keep_within_reach(patient, "on")
        self.initial.setdefault("on", patient.clinic.today())

    def clean_on(self) -> date:
        """A day on which there was something to end; what lies ahead is the service's to refuse."""
        on: date = self.cleaned_data["on"]
        chart = chart_of(self.patient, recorded_about(self.patient))
        chosen = (choice for choice in chart.choices(self.topic) if choice.why is self.ends)
        if on <= chart.day and not any(choice.in_force(on) for choice in chosen):
            raise ValidationError(str(self.nothing))
        return on


class NewAnswerForm(EndChoiceForm):
    """The person changed their mind about something declined."""

    ends = CloseReason.DECLINED
    nothing = _("Nothing was declined on that day. Enter a day while it was.")
    on = forms.DateField(label=_("Day of the new answer"), widget=DateInput())

    def record(self) -> Fact:
        """Withdraw the decline; the rule gets a fresh window."""
        return patients.withdraw_decline(
            patient_id=self.patient.pk,
            user=self.user,
            topic=self.topic,
            on=self.cleaned_data["on"],
            note=self.cleaned_data["note"],
        )


class EndDeferralForm(EndChoiceForm):
    """What waited need not wait any longer."""

    ends = CloseReason.DEFERRED
    nothing = _("Nothing was deferred on that day. Enter a day while it was.")
    on = forms.DateField(label=_("No longer deferred since"), widget=DateInput())

    def record(self) -> Fact:
        """End the deferral; the rule gets a fresh window."""
        return patients.end_deferral(
            patient_id=self.patient.pk,
            user=self.user,
            topic=self.topic,
            on=self.cleaned_data["on"],
            note=self.cleaned_data["note"],
        )


class ErrorForm(ServiceForm):
    """Why an entry is wrong; the reason stays in the record."""

    rows = ((("reason", 12),),)
    reason = forms.CharField(
        label=_("What was wrong"),
        max_length=300,
        help_text=_("Such as: digits swapped; entered for the wrong person."),
    )

    def __init__(self, *args: Any, fact: Fact, user: User, **kwargs: Any) -> None:
        self.fact, self.user = fact, user
        super().__init__(*args, **kwargs)

    def record(self) -> Fact:
        """Mark the entry."""
        patients.mark_entered_in_error(fact=self.fact, user=self.user, reason=self.cleaned_data["reason"])
        return self.fact
