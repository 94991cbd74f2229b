"""Addresses, each resolved once: of places, and of things by their id in lists that hold hundreds."""

from functools import lru_cache
from uuid import UUID

from django.urls import reverse

_ANY = UUID(int=0)


def link_to(name: str, key: UUID | str) -> str:
    """As ``reverse(name, args=[key])`` of an address with one id; resolved once for all ids."""
    return _pattern(name).replace(str(_ANY), str(key))


@lru_cache
def place(name: str) -> str:
    """As ``reverse(name)`` of an address without ids; resolved once."""
    return reverse(name)


@lru_cache
def _pattern(name: str) -> str:
    return reverse(name, args=[_ANY])
