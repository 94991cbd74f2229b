"""Columns that follow a history, such as a request's stage: one function per thing they stand on.

A room registers its function beside its services; ``charting`` calls it whenever
a fact of that kind is written, voided or restored, so no writer can forget to.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from django.db.models import Model

from patients.facts import Fact

Projection = Callable[[Any, Any], Sequence[str]]
Target = Callable[[Any], Model]
Function = TypeVar("Function", bound=Projection)

_projections: dict[type[Fact], tuple[Projection, Target]] = {}


def projection_of(facts: Mapping[type[Fact], Target]) -> Callable[[Function], Function]:
    """Register the decorated function to run after each change to a fact of these models.

    It is given the open chart and what the columns stand on (the patient, the request,
    as each model's entry says), sets the columns and returns their names.
    """

    def register(function: Function) -> Function:
        for model, target in facts.items():
            _projections[model] = (function, target)
        return function

    return register


def followed_by(fact: Fact) -> tuple[Projection, Model] | None:
    """The function to run after a change to this fact, and what it is given; None if nothing follows."""
    if type(fact) not in _projections:
        return None
    function, target = _projections[type(fact)]
    return function, target(fact)
