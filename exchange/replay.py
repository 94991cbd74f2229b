"""Timelines in, alerts out: by the rules alone, without a database."""

from collections.abc import Callable, Mapping
from typing import Any

from pathway.timeline import TimelineError, alerts, parse

Answer = Callable[[Mapping[str, Any]], dict[str, Any]]


def replay(document: Any, *, one: Answer | None = None) -> dict[str, Any]:
    """The alerts of every timeline in ``document``, in the form the replay command prints.

    ``one`` answers a single timeline; the rules alone do unless it is given.
    Raises TimelineError for a document, or a timeline in it, that cannot be read.
    """
    timelines = document.get("timelines") if isinstance(document, Mapping) else None
    if not isinstance(timelines, list):
        raise TimelineError('Expected an object with a list called "timelines".')
    answer = one or through_rules
    return {"timelines": [answer(_checked(raw)) for raw in timelines]}


def through_rules(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The alerts the rules give for one timeline."""
    timeline = parse(raw)
    return {"id": timeline.id, "alerts": alerts(timeline)}


def _checked(raw: Any) -> Mapping[str, Any]:
    if not isinstance(raw, Mapping):
        raise TimelineError("A timeline must be an object.")
    return raw
