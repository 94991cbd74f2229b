"""Every kind of assessment, found by looking into ``assessments/kinds``."""

from collections.abc import Iterable, Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType
from typing import Any

from assessments import kinds as kinds_package
from assessments.kind import Kind


@cache
def kinds() -> Mapping[str, Kind]:
    """Kinds by code, in the order of their codes. Raises ValueError for a code used twice."""
    files = iter_modules(kinds_package.__path__)
    return by_code(import_module(f"{kinds_package.__name__}.{file.name}").KIND for file in files)


def by_code(found: Iterable[Kind]) -> Mapping[str, Kind]:
    """``found`` by code, in order. Raises ValueError for a code used twice."""
    coded: dict[str, Kind] = {}
    for kind in sorted(found, key=lambda kind: kind.code):
        if kind.code in coded:
            raise ValueError(f"Two kinds of assessment are called {kind.code}.")
        coded[kind.code] = kind
    return MappingProxyType(coded)


def event_data(kind: str, stored: Mapping[str, Any], schema_version: int) -> dict[str, Any]:
    """Stored findings in the vocabulary of the rules."""
    return kinds()[kind].load(stored, schema_version).event_data()
