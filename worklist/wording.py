"""Phrases of the rules, stored as JSON with their parameters and translated when shown."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext

from pathway.due import Phrase, Step

DATE_MARK = "on:"


def stored(phrase: Phrase) -> dict[str, Any]:
    """A phrase as JSON; dates are marked so that they can be localised again."""
    return {"text": phrase.text, "params": _stored_params(phrase.params)}


def stored_step(step: Step) -> dict[str, Any]:
    """A line of the date arithmetic as JSON."""
    on = step.on.isoformat() if step.on else None
    return {"text": step.text, "params": _stored_params(step.params), "on": on}


def shown(phrase: Mapping[str, Any]) -> str:
    """A stored phrase in the reader's language."""
    if not phrase:
        return ""
    params = {name: _shown(value) for name, value in phrase.get("params", {}).items()}
    return gettext(phrase["text"]) % params if params else gettext(phrase["text"])


@lru_cache(4096)
def day_words(on: date, _language: str | None) -> str:
    """A date as it stands everywhere, "28 Feb 2026", in the language that is active."""
    return date_format(on, "j M Y")


def _stored_params(params: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _stored(value) for name, value in params.items()}


def _stored(value: Any) -> Any:
    """As it comes back from JSON, so that a phrase unchanged is seen to be unchanged."""
    if isinstance(value, date):
        return f"{DATE_MARK}{value.isoformat()}"
    return list(value) if isinstance(value, tuple) else value


def _shown(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(_shown, value))
    if isinstance(value, str) and value.startswith(DATE_MARK):
        return day_words(date.fromisoformat(value.removeprefix(DATE_MARK)), get_language())
    return gettext(value) if isinstance(value, str) and value else str(value)
