"""Keeps what a database says about a row out of the logs: it may be a name or a finding."""

import re
from typing import Any

# PostgreSQL quotes the row in the line after "DETAIL:", and values in "CONTEXT:".
QUOTED_ROW = re.compile(r"^(DETAIL|CONTEXT): .*$", re.MULTILINE)


def hide_rows(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """A structlog processor: cut row contents out of exceptions, which must be rendered already."""
    for key in ("exception", "event"):
        if isinstance(event.get(key), str):
            event[key] = QUOTED_ROW.sub(r"\1: (not logged)", event[key])
    return event
