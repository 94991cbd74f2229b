"""Database triggers that keep every state a fact ever had, with who, when and which request."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import pghistory
from django.db.models import Model

ModelClass = TypeVar("ModelClass", bound=type[Model])


def track_writes(*, projections: Sequence[str] = ()) -> Callable[[ModelClass], ModelClass]:
    """Class decorator: one append-only event row per insert, update and delete.

    ``projections`` are columns that follow from other rows; they are not history.
    """
    return pghistory.track(  # type: ignore[no-any-return]
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        exclude=list(projections),
        context_field=pghistory.ContextJSONField(),
        context_id_field=None,  # type: ignore[arg-type]
        append_only=True,
    )
