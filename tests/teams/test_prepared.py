"""Lists whose statement is made once answer as the queryset itself would, for anybody at any time."""

from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from pathway import clock
from teams.models import Clinic, Membership, Role
from teams.prepared import any_of, prepared
from teams.statements import NotPreparableError
from tests.factories import a_clinic, a_member

NOON = datetime(2026, 4, 14, 12, tzinfo=UTC)


def colleagues_since(membership: Membership, days: int, **of_user: Any) -> QuerySet[Membership]:
    """A list that depends on everything a list can depend on."""
    shown = Membership.objects.filter(clinic=membership.clinic_id, user__date_joined__lte=clock.now())
    if membership.role == Role.MEMBER:
        shown = shown.filter(disciplines__in=membership.disciplines.all())
    if days:
        shown = shown.exclude(user=membership.user_id)
    if of_user:
        shown = shown.filter(any_of("user", of_user["users"]))
    return shown.select_related("user").order_by("user__email")


@pytest.fixture
def members(db: None) -> list[Membership]:
    """Two clinics with three members each; the last of each joins an hour after noon."""
    before, after = NOON - timedelta(days=1), NOON + timedelta(hours=1)
    users = []
    for clinic in (a_clinic(), a_clinic()):
        users += [
            a_member(clinic, "nutrition", date_joined=before),
            a_member(clinic, "nutrition", "social_work", role="coordinator", date_joined=before),
            a_member(clinic, "nutrition", date_joined=after),
        ]
    return list(Membership.objects.filter(user__in=users).order_by("user__email"))


@pytest.mark.parametrize("hours", [0, 2])
@pytest.mark.parametrize("shape", [0, 1])
def test_answers_as_the_queryset_does(members: list[Membership], hours: int, shape: int) -> None:
    listed = prepared(colleagues_since)

    for moment in (NOON, NOON + timedelta(hours=hours)):
        for membership in members:
            users = [membership.user_id, members[0].user_id]
            with clock.set_to(moment):
                assert listed(membership, shape) == list(colleagues_since(membership, shape))
                assert listed(membership, shape, users=users) == list(
                    colleagues_since(membership, shape, users=users)
                )
                assert listed(membership, shape, users=users[:1]) == list(
                    colleagues_since(membership, shape, users=users[:1])
                )


def test_what_was_joined_comes_with_its_rows(members: list[Membership]) -> None:
    listed = prepared(colleagues_since)
    listed(members[0], 0)

    with clock.set_to(NOON), CaptureQueriesContext(connection) as asked:
        names = [each.user.name for each in listed(members[0], 0)]

    assert (len(names), len(asked)) == (2, 1)


def test_the_statement_is_made_once_for_each_role_and_shape(members: list[Membership]) -> None:
    made = []

    @prepared
    def listed(membership: Membership, shape: int) -> QuerySet[Membership]:
        made.append((membership.role, shape))
        return colleagues_since(membership, shape)

    for membership in members:
        listed(membership, 0)
        listed(membership, 1)

    assert sorted(made) == [("coordinator", 0), ("coordinator", 1), ("member", 0), ("member", 1)]


def test_a_list_that_works_on_a_value_is_refused(members: list[Membership]) -> None:
    @prepared
    def listed(_membership: Membership, *, user: UUID) -> QuerySet[Membership]:
        return Membership.objects.filter(user__name=user.hex)

    with pytest.raises(NotPreparableError, match=r"\['user'\]"):
        listed(members[0], user=members[0].user_id)


def test_a_list_that_turns_an_id_into_text_is_refused(members: list[Membership]) -> None:
    @prepared
    def listed(membership: Membership) -> QuerySet[Membership]:
        return Membership.objects.filter(user__name=str(membership.user_id))

    with pytest.raises(NotPreparableError, match="into text"):
        listed(members[0])


def test_a_list_that_reckons_with_the_time_is_refused(members: list[Membership]) -> None:
    @prepared
    def listed(_membership: Membership) -> QuerySet[Membership]:
        return Membership.objects.filter(user__date_joined__gte=clock.now() - timedelta(days=7))

    with pytest.raises(NotPreparableError, match="reckons with the time"):
        listed(members[0])


def test_each_thread_asks_over_its_own_connection(members: list[Membership]) -> None:
    @prepared
    def clinics(membership: Membership) -> QuerySet[Clinic]:
        return Clinic.objects.filter(pk=membership.clinic_id)

    found: list[Any] = []

    def ask() -> None:
        try:
            found.append(clinics(members[0]))
        finally:
            connection.close()

    here = clinics(members[0])
    other = Thread(target=ask)
    other.start()
    other.join()

    assert here == [members[0].clinic]
    assert found == [[]]  # what this thread's transaction has written is not there for another's
