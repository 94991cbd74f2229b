"""Seed the kinds of equipment and services of the catalogue."""

from django.db import migrations

from pathway import catalogue


def seed(apps, schema_editor):
    EquipmentItem = apps.get_model("equipment", "EquipmentItem")
    for position, item in enumerate(catalogue.ITEMS.values(), start=1):
        EquipmentItem.objects.create(
            code=item.code,
            name=item.name,
            kind=item.kind,
            is_breathing=item.breathing,
            requested_by_id=item.requested_by,
            fitted_by_id=item.fitted_by,
            position=position,
        )


class Migration(migrations.Migration):
    dependencies = [("equipment", "0002_initial"), ("teams", "0002_disciplines")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
