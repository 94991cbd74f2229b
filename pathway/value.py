"""Values: what is made once and never changed."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar, dataclass_transform

Class = TypeVar("Class")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def value(*, kw_only: bool = False) -> Callable[[type[Class]], type[Class]]:
    """A dataclass that is compared and hashed by its fields, and never changed.

    mypy holds that nobody assigns to a field. ``frozen`` would hold it at run time too, and
    take several times as long to make one; judging a person makes a hundred. Without slots,
    since orjson takes eight times as long to write what has them.
    """
    return dataclass(unsafe_hash=True, kw_only=kw_only)
