"""Finding people by name or MRN, however they are spelled."""

from typing import Any

import pytest
from django.db import connection

from patients.selectors import Match, search
from tests.factories import a_clinic, a_member, a_patient

pytestmark = pytest.mark.django_db

PEOPLE = (
    ("Ruth", "Alder", "D-0142"),
    ("Tomás", "Birch", "D-0139"),
    ("Wanda", "Hollis Ivy", "D-0082"),
    ("Joseph", "Elm", "D-0098"),
    ("Ruth", "Rowan", "D-1420"),
)


@pytest.fixture
def clinic():
    clinic = a_clinic()
    for given, family, mrn in PEOPLE:
        a_patient(clinic, given_name=given, family_name=family, mrn=mrn)
    return clinic


def found(clinic, text):
    member = clinic.memberships.first() or a_member(clinic).memberships.get()
    return [(str(each.patient), each.match) for each in search(user=member.user, clinic=clinic, text=text)]


@pytest.mark.parametrize(
    ("typed", "people"),
    [
        ("Alder", [("Ruth Alder", Match.NAME)]),
        ("ald", [("Ruth Alder", Match.NAME)]),
        ("ruth alder", [("Ruth Alder", Match.NAME)]),
        ("Alder, Ruth", [("Ruth Alder", Match.NAME)]),
        ("aldre", [("Ruth Alder", Match.ALIKE)]),
        ("Ruht Aldre", [("Ruth Alder", Match.IN_PART)]),
        ("Tomas Birch", [("Tomás Birch", Match.ALIKE)]),
        ("ivy", [("Wanda Hollis Ivy", Match.ALIKE)]),
        ("D-0142", [("Ruth Alder", Match.MRN)]),
        ("d-0142", [("Ruth Alder", Match.MRN)]),
        ("0098", [("Joseph Elm", Match.PART_OF_MRN)]),
        ("142", [("Ruth Alder", Match.PART_OF_MRN), ("Ruth Rowan", Match.PART_OF_MRN)]),
        ("Ruth", [("Ruth Alder", Match.NAME), ("Ruth Rowan", Match.NAME)]),
        ("zzz", []),
        ("%", []),
        ("_____", []),
        ("   ", []),
    ],
)
def test_finds(clinic, typed, people):
    assert found(clinic, typed) == people


def test_that_very_mrn_comes_before_a_name_that_fits_as_well(clinic):
    a_patient(clinic, given_name="Elm", family_name="Aspen", mrn="ELM")

    assert found(clinic, "elm") == [("Elm Aspen", Match.MRN), ("Joseph Elm", Match.NAME)]


def test_another_clinics_people_are_not_found(clinic):
    elsewhere = a_clinic()
    a_patient(elsewhere, given_name="Ruth", family_name="Alderman")

    assert found(clinic, "alderman") == [("Ruth Alder", Match.ALIKE)]
    assert found(elsewhere, "alder") == [("Ruth Alderman", Match.NAME)]


def test_somebody_of_another_clinic_finds_nobody(clinic):
    stranger = a_member(a_clinic())

    assert list(search(user=stranger, clinic=clinic, text="alder")) == []


MANY = """
    INSERT INTO patients_patient (
        id, clinic_id, mrn, given_name, family_name, birth_on, onset_region, enrolled_on, phone,
        caregiver_name, caregiver_phone, payer, interpreter, communication_needs, external_id, status,
        chart_version, reconciled_version, reconcile_failures, settings_revision)
    SELECT gen_random_uuid(), %s, 'M' || n, substr(md5(n::text), 1, 7), substr(md5((n * 7)::text), 1, 9),
        '1960-01-01', 'unknown', '2026-01-01', '', '', '', '', '', '', '', 'active', 1, 1, 0, 0
    FROM generate_series(1, 20000) AS n
"""


def test_a_name_is_looked_up_in_the_trigram_indexes():
    clinic = a_clinic()
    member = a_member(clinic)
    indexes = ["patient_family_trgm", "patient_given_trgm", "patient_mrn_trgm"]
    statements: list[tuple[str, Any]] = []

    def keep(execute, sql, params, many, context):
        statements.append((sql, params))
        return execute(sql, params, many, context)

    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE patients_patient DISABLE TRIGGER USER")
        cursor.execute(MANY, [clinic.pk])
        for index in indexes:  # as autovacuum does; until then they cost more
            cursor.execute("SELECT gin_clean_pending_list(%s::regclass)", [index])
        cursor.execute("ANALYZE patients_patient")
        with connection.execute_wrapper(keep):
            search(user=member, clinic=clinic, text="Aldre")
        [(sql, params)] = statements
        cursor.execute(f"EXPLAIN {sql}", params)
        plan = "\n".join(row[0] for row in cursor.fetchall())

    assert [index for index in indexes if index not in plan] == []
