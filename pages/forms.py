"""Forms of the screens that combine rooms: filters, assigning, booking, own tasks."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from patients.forms import DateInput
from patients.models import Patient
from patients.selectors import visible_to
from teams.models import Discipline, Membership, User
from teams.selectors import colleagues
from worklist.models import CareTask
from worklist.selectors.tasks import Horizon
from worklist.services import own_tasks

WHOSE = ("me", "delegated")


@dataclass(slots=True)
class WorkFilter:
    """What My work is narrowed to; anything in the address that makes no sense is left out."""

    horizon: Horizon = Horizon.NOW
    discipline: str = ""
    whose: str = ""
    patient: Patient | None = None
    page: int = 1
    disciplines: list[Discipline] = field(default_factory=list)

    @classmethod
    def read(cls, query: QueryDict, *, membership: Membership) -> "WorkFilter":
        """Read the filters of an address."""
        disciplines = list(
            Discipline.objects.all() if membership.sees_whole_clinic else membership.disciplines.all()
        )
        codes = [discipline.code for discipline in disciplines]
        wanted = query.get("horizon", "")
        page = query.get("page", "1")
        return cls(
            horizon=Horizon(wanted) if wanted in list(Horizon) else Horizon.NOW,
            discipline=query.get("discipline", "") if query.get("discipline") in codes else "",
            whose=query.get("whose", "") if query.get("whose") in WHOSE else "",
            patient=_patient(query.get("patient", ""), membership),
            page=max(int(page), 1) if page.isdecimal() and len(page) < 6 else 1,
            disciplines=disciplines,
        )

    def as_query(self) -> dict[str, str]:
        """The filters as they stand in an address."""
        return {
            "horizon": "" if self.horizon is Horizon.NOW else self.horizon.value,
            "discipline": self.discipline,
            "whose": self.whose,
            "patient": str(self.patient.pk) if self.patient else "",
            "page": str(self.page) if self.page > 1 else "",
        }


def _patient(text: str, membership: Membership) -> Patient | None:
    try:
        wanted = UUID(text)
    except ValueError:
        return None
    return visible_to(membership.user).filter(pk=wanted).first()


class PanelForm(forms.Form):
    """A form shown in a panel, which brings the form tag and the buttons.

    ``apply`` runs the service; what the service refuses is shown beside the fields.
    """

    rows: tuple[tuple[tuple[str, int], ...], ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            *(
                Row(
                    *(Column(name, css_class=f"col-md-{width}") for name, width in row if name in self.fields)
                )
                for row in self.rows
            )
        )

    def save(self) -> Any:
        """Run the service with the cleaned values."""
        raise NotImplementedError

    def try_save(self) -> bool:
        """Save if everything is in order; what the service refuses becomes errors of the form."""
        if not self.is_valid():
            return False
        try:
            self.saved = self.save()
        except ValidationError as error:
            self._show(error)
            return False
        return True

    def _show(self, error: ValidationError) -> None:
        problems = error.error_dict if hasattr(error, "error_dict") else {None: error.error_list}
        for name, errors in problems.items():
            self.add_error(name if name in self.fields else None, errors)


class AssignForm(PanelForm):
    """Give a task to a colleague, or back to the queue."""

    rows = ((("owner", 6),),)
    owner = forms.ModelChoiceField(
        label=_("Assign to"), queryset=User.objects.none(), required=False, empty_label=_("Nobody: the queue")
    )

    def __init__(self, *args: Any, task: CareTask, user: User, **kwargs: Any) -> None:
        self.task, self.user = task, user
        super().__init__(*args, **kwargs)
        people = self.fields["owner"]
        assert isinstance(people, forms.ModelChoiceField)
        people.queryset = colleagues(clinic=task.clinic)
        self.initial.setdefault("owner", task.assigned_to_id)

    def save(self) -> CareTask:
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

    owner = forms.ModelChoiceField(label=_("Assign to"), queryset=User.objects.none())
    task = TaskIds()

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = self.fields["owner"]
        assert isinstance(people, forms.ModelChoiceField)
        people.queryset = colleagues(clinic=membership.clinic)


class PlanForm(PanelForm):
    """The day the work is booked for; it closes nothing."""

    rows = ((("planned_on", 4),),)
    planned_on = forms.DateField(label=_("Booked for"), widget=DateInput(), required=False)

    def __init__(self, *args: Any, task: CareTask, user: User, **kwargs: Any) -> None:
        self.task, self.user = task, user
        super().__init__(*args, **kwargs)
        self.initial.setdefault("planned_on", task.planned_on)

    def save(self) -> CareTask:
        """Note the day."""
        return own_tasks.plan_task(
            task_id=self.task.pk, user=self.user, planned_on=self.cleaned_data["planned_on"]
        )


class OwnTaskForm(PanelForm):
    """A task agreed by people: what, until when, by whom."""

    rows = ((("title", 8), ("due_on", 4)), (("owner", 6), ("discipline", 6)), (("note", 12),))
    title = forms.CharField(
        label=_("What to do"), max_length=200, help_text=_("Such as: Call the vendor about the cushion.")
    )
    due_on = forms.DateField(label=_("Due"), widget=DateInput())
    owner = forms.ModelChoiceField(
        label=_("Who"), queryset=User.objects.none(), required=False, empty_label=_("Nobody yet")
    )
    discipline = forms.ModelChoiceField(
        label=_("Discipline"), queryset=Discipline.objects.all(), required=False, empty_label=_("Coordinator")
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=2000)

    def __init__(self, *args: Any, patient: Patient, user: User, **kwargs: Any) -> None:
        self.patient, self.user = patient, user
        super().__init__(*args, **kwargs)
        people = self.fields["owner"]
        assert isinstance(people, forms.ModelChoiceField)
        people.queryset = colleagues(clinic=patient.clinic)

    def save(self) -> CareTask:
        """Add it."""
        return own_tasks.add_task(patient=self.patient, user=self.user, **self.cleaned_data)
