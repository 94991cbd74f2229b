"""Imports write many facts; their patients are reconciled in batches at the end."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_postponed: ContextVar[bool] = ContextVar("reconcile_postponed", default=False)


def is_postponed() -> bool:
    """Whether reconciling waits for the end of a batch."""
    return _postponed.get()


@contextmanager
def reconcile_at_the_end() -> Iterator[None]:
    """Within the block charts only fall behind; call ``reconcile_stale`` until it returns 0."""
    token = _postponed.set(True)
    try:
        yield
    finally:
        _postponed.reset(token)
