"""Keeps patients out of the logs: what a database says about a row, and the ids in addresses."""

import re
from typing import Any

# PostgreSQL quotes the row in the line after "DETAIL:", and values in "CONTEXT:". Where an error is
# written as Python writes a string, Celery's way, the line's end is a backslash and an n.
QUOTED_ROW = re.compile(r"^(DETAIL|CONTEXT): .*$", re.MULTILINE)
QUOTED_ROW_WITHIN = re.compile(r"\\n(DETAIL|CONTEXT): .*$", re.MULTILINE)
ID = re.compile(r"[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}", re.IGNORECASE)


def hide_rows(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """A structlog processor: cut row contents out of exceptions, which must be rendered already."""
    for key in ("exception", "event"):
        if isinstance(event.get(key), str):
            event[key] = QUOTED_ROW.sub(r"\1: (not logged)", event[key])
            event[key] = QUOTED_ROW_WITHIN.sub(r"\\n\1: (not logged)", event[key])
    return event


def hide_ids(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """A structlog processor: cut ids out of texts; those given under a name of their own stay.

    Texts are addresses and errors, whose ids are a patient's or lead to one.
    """
    for key in ("exception", "event", "request"):
        if isinstance(event.get(key), str):
            event[key] = without_ids(event[key])
    return event


def without_ids(text: str) -> str:
    """The text with an ellipsis in place of each id."""
    return ID.sub("…", text)
