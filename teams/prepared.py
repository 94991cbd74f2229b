"""Lists that start from a membership, with their SQL made once instead of for each request.

Django takes longer to turn the conditions of a list into a statement than PostgreSQL to
answer it. The conditions stay where they are, written once as querysets; here their
statement is kept, and each use puts its own values into it (docs/adr/0004-prepared-lists.md).
"""

from collections.abc import Callable, Hashable, Sequence
from functools import lru_cache
from typing import Any, Generic
from uuid import NAMESPACE_OID, UUID, uuid5

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, QuerySet

from pathway import clock
from teams.models import Cover, Membership
from teams.selectors import cover_of
from teams.statements import NOW, NotPreparableError, Row, Statement

Value = UUID | Sequence[UUID]

MOST_SHAPES = 256


class Prepared(Generic[Row]):
    """A list by a function from a membership, and from what else it depends on, to a queryset.

    What is given by place decides the shape of the list: a statement is kept for each
    (with the member's role). What is given by name, and the time, only fills it in. The
    function sees stand-ins for these and for the ids of the membership; it may put them
    into conditions and must do nothing else with them.
    """

    def __init__(self, build: "Callable[..., QuerySet[Any, Row]]") -> None:
        self.build = build
        self._statement = lru_cache(MOST_SHAPES)(self._make)

    def __call__(self, membership: Membership, *shape: Hashable, **values: Value) -> list[Row]:
        """The rows for this member, now.

        Raises:
            NotPreparableError: the function does more with a value than to compare with it.
        """
        kinds = tuple((name, isinstance(value, UUID)) for name, value in values.items())
        cover = cover_of(membership)
        known = {
            "its id": membership.pk,
            "its clinic": membership.clinic_id,
            "its user": membership.user_id,
            "the time": clock.now(),
            "whom they stand in for": list(cover.users),
            "whose seats": list(cover.seats),
        }
        return self._statement(membership.role, cover.roles, shape, kinds).rows(known | values)

    def _make(
        self,
        role: str,
        covered: frozenset[str],
        shape: tuple[Hashable, ...],
        kinds: tuple[tuple[str, bool], ...],
    ) -> Statement[Row]:
        ids = {name: uuid5(NAMESPACE_OID, name) for name in ("its id", "its clinic", "its user")}
        given: dict[str, Any] = {
            name: uuid5(NAMESPACE_OID, name) if is_one else [uuid5(NAMESPACE_OID, name)]
            for name, is_one in kinds
        }
        away = {name: [uuid5(NAMESPACE_OID, name)] for name in ("whom they stand in for", "whose seats")}
        member = Membership(id=ids["its id"], clinic_id=ids["its clinic"], user_id=ids["its user"], role=role)
        users, seats = (tuple(each) if covered else () for each in away.values())
        member.cover = Cover(users, seats, covered)
        with clock.set_to(NOW):
            statement = Statement(
                self.build(member, *shape, **given), {**ids, **away, **given, "the time": NOW}
            )
        if lost := given.keys() - statement.takes:
            raise NotPreparableError(f"{self.build.__name__} does not compare with {sorted(lost)} as given.")
        return statement


def prepared(build: "Callable[..., QuerySet[Any, Row]]") -> Prepared[Row]:
    """Keep the statements of a list; a decorator."""
    return Prepared(build)


def any_of(column: str, ids: Sequence[UUID]) -> Func:
    """Condition: the column is one of these ids; unlike ``__in`` the same statement for any number."""
    wanted = models.Value(list(ids), output_field=ArrayField(models.UUIDField()))
    return Func(
        F(column), wanted, template="(%(expressions)s))", arg_joiner=" = ANY (",
        output_field=models.BooleanField(),
    )  # fmt: skip
