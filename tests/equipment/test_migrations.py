"""Names written in several ways before they had to differ by more than capitals."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from equipment.models import Payer
from tests.factories import a_clinic


@pytest.mark.django_db
def test_names_that_differ_in_capitals_alone_are_told_apart() -> None:
    here, there = a_clinic(), a_clinic()
    (constraint,) = Payer._meta.constraints
    with connection.schema_editor() as editor:
        editor.remove_constraint(Payer, constraint)
    for clinic, name in ((here, "Medicare"), (here, "MEDICARE"), (here, "medicare (2)"), (there, "medicare")):
        Payer.objects.create(clinic=clinic, name=name)

    import_module("equipment.migrations.0004_names_in_any_case").tell_apart(apps, None)

    names = sorted(Payer.objects.filter(clinic=here).values_list("name", flat=True))
    assert len({name.lower() for name in names}) == 3
    assert {name.lower().rstrip(" ()0123456789") for name in names} == {"medicare"}
    assert Payer.objects.get(clinic=there).name == "medicare"
    connection.check_constraints()
    with connection.schema_editor() as editor:
        editor.add_constraint(Payer, constraint)
