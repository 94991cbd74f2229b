"""Who is acting, for what is written and read during one request, task or command."""

import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

import pghistory


@dataclass(slots=True)
class Actor:
    """One piece of work by one user (or by the system: ``user_id`` None) and the charts it showed."""

    user_id: uuid.UUID | None
    purpose: str
    request_id: uuid.UUID = field(default_factory=uuid.uuid4)
    shown: dict[uuid.UUID, set[uuid.UUID]] = field(default_factory=dict)

    def show(self, *, clinic_id: uuid.UUID, patient_ids: Iterable[uuid.UUID]) -> None:
        """Note that these patients of this clinic were shown."""
        self.shown.setdefault(clinic_id, set()).update(patient_ids)


_current: ContextVar[Actor | None] = ContextVar("actor", default=None)


def current() -> Actor | None:
    """The actor at work, or None outside ``acting``."""
    return _current.get()


@contextmanager
def acting(*, user_id: uuid.UUID | None, purpose: str) -> Iterator[Actor]:
    """Stamp every tracked write in the block with the user, the purpose and a request id."""
    actor = Actor(user_id=user_id, purpose=purpose)
    token = _current.set(actor)
    try:
        with pghistory.context(
            user=str(user_id) if user_id else None, purpose=purpose, request=str(actor.request_id)
        ):
            yield actor
    finally:
        _current.reset(token)
