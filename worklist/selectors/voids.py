"""Facts with their mistakes: everything recorded about some patients, and when it was marked in error."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from uuid import UUID

from django.apps import apps
from django.db import connection

from pathway.facts import Event, PatientFacts
from patients.facts import Fact
from patients.models import Patient
from worklist.selectors.events import facts_of

EVER = date(1, 1, 1)
"""A day on which every mark entered in error still lay ahead."""
LAST = 2**31
"""Marks come after everything recorded the same day."""


def facts_with_mistakes(patients: Sequence[Patient]) -> Mapping[UUID, PatientFacts]:
    """What was recorded about each patient, each mistake followed by the mark that ended it.

    The rules then see a mistake until the day it was marked, as they did at the time. Two
    queries for any number of patients.
    """
    stood = facts_of(patients, as_of=EVER)
    marks: dict[UUID, list[Event]] = defaultdict(list)
    for patient_id, mark in _marks([patient.pk for patient in patients]):
        marks[patient_id].append(mark)
    return {
        patient_id: replace(facts, events=[*facts.events, *marks[patient_id]])
        for patient_id, facts in stood.items()
    }


def _marks(patient_ids: list[UUID]) -> Iterator[tuple[UUID, Event]]:
    with connection.cursor() as cursor:
        cursor.execute(_sql(), {"patients": patient_ids})
        for patient_id, fact_id, on in cursor.fetchall():
            yield patient_id, Event(f"void {fact_id}", "void", on, on, LAST, {"ref": str(fact_id)})


@cache
def _sql() -> str:
    tables = [model._meta.db_table for model in apps.get_models() if issubclass(model, Fact)]
    each = (
        f'SELECT patient_id, id, voided_on FROM "{table}"'
        " WHERE patient_id = ANY (%(patients)s) AND voided_at IS NOT NULL"
        for table in tables
    )
    return " UNION ALL ".join(each)
