from collections.abc import Mapping
from dataclasses import field, replace

import pytest

from pathway.value import value


@value()
class _Place:
    name: str
    rooms: int = 1
    notes: Mapping[str, str] = field(default_factory=dict)


@value(kw_only=True)
class _Bed:
    place: str
    number: int = 1


def test_values_are_equal_when_their_fields_are() -> None:
    assert _Place("North", 2) == _Place("North", rooms=2)
    assert _Place("North", 2) != _Place("North", 3)


def test_equal_values_are_found_in_one_another_s_place() -> None:
    assert {_Bed(place="North"): "taken"}[_Bed(place="North", number=1)] == "taken"


def test_a_changed_value_is_another_one() -> None:
    north = _Place("North")

    assert replace(north, rooms=2) == _Place("North", 2)
    assert north == _Place("North", 1)


def test_fields_may_have_to_be_named() -> None:
    with pytest.raises(TypeError):
        _Bed("North")  # type: ignore[call-arg]
