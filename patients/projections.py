"""Columns that follow a history, such as a request's stage: one function per kind of fact.

A room registers its function beside its services; ``charting`` calls it whenever
a fact of that kind is written, voided or restored, so no writer can forget to.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from patients.facts import Fact

Projection = Callable[[Any], None]
Function = TypeVar("Function", bound=Projection)

_projections: dict[type[Fact], Projection] = {}


def projection_of(*models: type[Fact]) -> Callable[[Function], Function]:
    """Register the decorated function to run after each change to a fact of these models."""

    def register(function: Function) -> Function:
        for model in models:
            _projections[model] = function
        return function

    return register


def refresh(fact: Fact) -> None:
    """Bring the columns that follow this kind of fact up to date."""
    function = _projections.get(type(fact))
    if function is not None:
        function(fact)
