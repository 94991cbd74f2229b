"""Every rule, found by looking into ``pathway/rules``."""

from collections.abc import Iterable, Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType
from typing import Any

from pathway import rules as rules_package
from pathway.rule import Rule


@cache
def rules() -> Mapping[str, Rule[Any]]:
    """Rules by code, in the order of their codes. Raises ValueError for a code used twice."""
    modules = (import_module(f"{rules_package.__name__}.{found.name}") for found in _files())
    return by_code(module.RULE for module in modules)


def by_code(found: Iterable[Rule[Any]]) -> Mapping[str, Rule[Any]]:
    """``found`` by code, in order. Raises ValueError for a code used twice."""
    coded: dict[str, Rule[Any]] = {}
    for rule in sorted(found, key=lambda rule: rule.code):
        if rule.code in coded:
            raise ValueError(f"Two rules are called {rule.code}.")
        coded[rule.code] = rule
    return MappingProxyType(coded)


def _files() -> Iterable[Any]:
    return iter_modules(rules_package.__path__)
