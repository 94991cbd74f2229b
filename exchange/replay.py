"""Timelines in, the alerts of the rules out, without a database."""

from collections.abc import Mapping
from typing import Any

from pathway.timeline import TimelineError, alerts, parse


def replay(document: Any) -> dict[str, Any]:
    """The alerts of every timeline in ``document``, in the form the replay command prints.

    Raises TimelineError for a document, or a timeline in it, that cannot be read.
    """
    timelines = document.get("timelines") if isinstance(document, Mapping) else None
    if not isinstance(timelines, list):
        raise TimelineError('Expected an object with a list called "timelines".')
    return {"timelines": [_replay_one(raw) for raw in timelines]}


def _replay_one(raw: Any) -> dict[str, Any]:
    if not isinstance(raw, Mapping):
        raise TimelineError("A timeline must be an object.")
    timeline = parse(raw)
    return {"id": timeline.id, "alerts": alerts(timeline)}
