"""The one call by which views, admin, exports and feeds say whose charts they show."""

import uuid
from collections.abc import Iterable
from typing import Protocol

from audit.actor import current


class Chart(Protocol):
    """A patient, as far as this room knows one."""

    @property
    def pk(self) -> uuid.UUID: ...

    @property
    def clinic_id(self) -> uuid.UUID: ...


class NobodyActsError(RuntimeError):
    """A chart would be shown with nobody to name in the audit trail."""


def show(charts: Iterable[Chart]) -> None:
    """Note that these patients are shown to the current actor.

    Raises:
        NobodyActsError: outside a request, task or ``audit.actor.acting`` block.
    """
    for chart in charts:
        show_ids(clinic_id=chart.clinic_id, patient_ids=[chart.pk])


def show_ids(*, clinic_id: uuid.UUID, patient_ids: Iterable[uuid.UUID]) -> None:
    """Like ``show``, for rows read without a patient's object.

    Raises:
        NobodyActsError: outside a request, task or ``audit.actor.acting`` block.
    """
    actor = current()
    if actor is None:
        raise NobodyActsError("Open audit.actor.acting(...) before charts are shown.")
    actor.show(clinic_id=clinic_id, patient_ids=patient_ids)
