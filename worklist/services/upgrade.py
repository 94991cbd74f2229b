"""After an upgrade that adds or changes rules, everybody's work is judged anew."""

from django.db.models import F

from patients.models import Patient


def judge_everyone_again() -> int:
    """Let every chart fall behind by one, so that the sweep judges it under today's rules; returns how many.

    Side effects: the next sweeps reconcile all patients in batches. Work that a new rule
    finds overdue opens on the day it is judged. Doing it again, or for nothing, changes nothing.
    """
    return Patient.objects.update(chart_version=F("chart_version") + 1)
