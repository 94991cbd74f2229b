"""Long statements are planned once for each connection."""

import pytest
from django.db import connection

from teams.models import Membership
from teams.prepared import prepared
from tests.factories import a_clinic, a_member, a_patient
from worklist.selectors.events import facts_of
from worklist.selectors.recorded import recorded_about

pytestmark = pytest.mark.django_db


def runs_of(word: str) -> tuple[int, int]:
    """How often statements planned once with this word ran: as planned before, and planned anew."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(generic_plans), 0), coalesce(sum(custom_plans), 0)"
            " FROM pg_prepared_statements WHERE strpos(statement, %s) > 0",
            [word],
        )
        planned, anew = cursor.fetchone()
    return int(planned), int(anew)


def test_the_facts_of_any_number_of_patients_have_one_plan() -> None:
    clinic = a_clinic()
    first, second = a_patient(clinic), a_patient(clinic)
    planned, anew = runs_of("'team_unassign'")

    for patients in ([first], [second], [first, second]):
        facts_of(patients)

    assert runs_of("'team_unassign'") == (planned + 3, anew)


def test_what_is_recorded_about_patients_has_one_plan() -> None:
    clinic = a_clinic()
    planned, anew = runs_of("'works_here'")

    for patient in (a_patient(clinic), a_patient(clinic)):
        recorded_about(patient)

    assert runs_of("'works_here'") == (planned + 2, anew)


def test_a_prepared_list_has_one_plan_whoever_asks() -> None:
    clinic = a_clinic()
    members = [a_member(clinic, "nutrition").memberships.get() for _each in range(2)]
    listed = prepared(lambda membership: Membership.objects.filter(role="lead", user=membership.user_id))
    planned, anew = runs_of('"role" = $1')

    for membership in members:
        listed(membership)

    assert runs_of('"role" = $1') == (planned + 2, anew)
