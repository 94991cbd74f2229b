"""Who is acting, for what is written and read during one request, task or command."""

import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

import pghistory
from structlog.contextvars import bound_contextvars


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

    def stamp(self) -> dict[str, str | None]:
        """What the triggers store beside every write."""
        user = str(self.user_id) if self.user_id else None
        return {"user": user, "purpose": self.purpose, "request": str(self.request_id)}


_current: ContextVar[Actor | None] = ContextVar("actor", default=None)


def current() -> Actor | None:
    """The actor at work, or None outside ``acting``."""
    return _current.get()


@contextmanager
def acting(
    *, user_id: uuid.UUID | None, purpose: str, request_id: uuid.UUID | None = None
) -> Iterator[Actor]:
    """Stamp every tracked write in the block with the user, the purpose and a request id.

    Lines of the log carry the same id (a new one unless given). Blocks may nest; inside
    the inner one the inner actor acts.
    """
    actor = Actor(user_id=user_id, purpose=purpose, request_id=request_id or uuid.uuid4())
    with bound_contextvars(request_id=str(actor.request_id)), resumed(actor):
        yield actor


@contextmanager
def resumed(actor: Actor) -> Iterator[Actor]:
    """Act as ``actor`` again, for an answer that is still being made (a stream)."""
    outer = current()
    token = _current.set(actor)
    try:
        with pghistory.context(**actor.stamp()):
            yield actor
    finally:
        _current.reset(token)
        if outer is not None:
            pghistory.context(**outer.stamp())
