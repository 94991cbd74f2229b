"""Tasks and commands act as the system, under their own name."""

from typing import Any

import pytest
from celery import shared_task

from audit import reads
from audit.actor import current
from audit.commands import ActingCommand
from audit.models import ChartRead
from patients.models import Patient
from tests.factories import a_clinic, a_patient

pytestmark = pytest.mark.django_db


@shared_task(name="tests.look")
def look() -> None:
    reads.show(Patient.objects.all())


class Command(ActingCommand):
    """Shows every chart."""

    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        reads.show(Patient.objects.all())


def test_a_task_that_shows_a_chart_leaves_a_row() -> None:
    patient = a_patient(a_clinic())

    look.apply(throw=True)

    assert list(ChartRead.objects.values_list("user_id", "purpose", "patient_ids")) == [
        (None, "task tests.look", [patient.pk])
    ]
    assert current() is None


def test_a_command_that_shows_a_chart_leaves_a_row() -> None:
    patient = a_patient(a_clinic())

    Command().execute(force_color=False, no_color=True, skip_checks=True)

    assert list(ChartRead.objects.values_list("user_id", "purpose", "patient_ids")) == [
        (None, "command test_acting", [patient.pk])
    ]
