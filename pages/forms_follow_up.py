"""What is offered once something was logged: nothing happens unless it is ticked."""

from datetime import timedelta
from typing import Any

from django import forms
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessments.kinds.eol_trigger import PROGRESSION
from assessments.models import Assessment
from assessments.selectors import standing
from assessments.services import log_assessment
from pathway.catalogue import SPEECH_LANGUAGE_PATHOLOGY
from patients.forms import ServiceForm
from patients.models import Patient
from teams.models import Discipline, User
from worklist.selectors.tasks import tasks_of_patient
from worklist.services.own_tasks import add_task

PNEUMONIA = "aspiration_pneumonia"
TRIGGER = "eol_trigger"
DAYS_TO_SCREEN = timedelta(days=7)
"""As long as a first swallow screen may take (catalogue 2.2, SWAL-SCREEN)."""


class PneumoniaForm(ServiceForm):
    """After an aspiration pneumonia: a reason to talk, and a new swallow screen (catalogue row 28).

    What was done already is not offered again; ``is_empty`` when nothing is left.
    """

    rows = ((("talk", 12),), (("screen", 12),))
    talk = forms.BooleanField(
        label=_("Record progression as a reason for an end-of-life discussion"), required=False
    )
    screen = forms.BooleanField(
        label=_("Ask speech-language pathology for a new swallow screen"), required=False
    )

    def __init__(
        self, *args: Any, pneumonia: Assessment, patient: Patient, user: User, **kwargs: Any
    ) -> None:
        self.pneumonia, self.patient, self.user = pneumonia, patient, user
        self.due_on = patient.clinic.today() + DAYS_TO_SCREEN
        super().__init__(*args, **kwargs)

    @property
    def is_empty(self) -> bool:
        """Whether everything was done already."""
        return not self.fields

    def arrange(self) -> None:
        """Leave out what was done; say what the rest does."""
        self.task_title = gettext("Swallow screen after aspiration pneumonia")
        if self._is_triggered():
            del self.fields["talk"]
        else:
            self.fields["talk"].help_text = gettext("Dated %(day)s, like the pneumonia.") % {
                "day": date_format(self.pneumonia.happened_on, "j M Y")
            }
        if tasks_of_patient(patient=self.patient).filter(rule="", title=self.task_title).exists():
            del self.fields["screen"]
        else:
            self.fields["screen"].help_text = gettext("A task for the discipline, due %(day)s.") % {
                "day": date_format(self.due_on, "j M Y")
            }

    @transaction.atomic
    def record(self) -> int:
        """Do what was ticked; how many things that were.

        Raises:
            ValidationError: a service refuses; then nothing is recorded.
        """
        ticked = [name for name in self.fields if self.cleaned_data[name]]
        for name in ticked:
            getattr(self, f"_{name}")()
        return len(ticked)

    def _talk(self) -> None:
        log_assessment(
            patient_id=self.patient.pk,
            user=self.user,
            kind=TRIGGER,
            findings={"reason": PROGRESSION},
            on=self.pneumonia.happened_on,
            note=gettext("Aspiration pneumonia."),
        )

    def _screen(self) -> None:
        add_task(
            patient=self.patient,
            user=self.user,
            title=self.task_title,
            due_on=self.due_on,
            discipline=Discipline.objects.get(pk=SPEECH_LANGUAGE_PATHOLOGY),
        )

    def _is_triggered(self) -> bool:
        """Whether progression was recorded on that day or since."""
        triggers = standing(self.user, self.patient.pk).filter(
            kind=TRIGGER, happened_on__gte=self.pneumonia.happened_on
        )
        return any(trigger.findings.get("reason") == PROGRESSION for trigger in triggers)
