"""Payers and vendors are one by their name, in capitals or not."""

from django.db import migrations, models
from django.db.models.functions import Lower

LONGEST = 150


def tell_apart(apps, schema_editor):
    """Number the later ones of a name that was written in several ways; somebody renames them."""
    for model in ("Payer", "Vendor"):
        rows = apps.get_model("equipment", model).objects.order_by("clinic", "pk")
        taken = set()
        for row in rows:
            name, number = row.name, 1
            while (row.clinic_id, name.lower()) in taken:
                number += 1
                end = f" ({number})"
                name = row.name[: LONGEST - len(end)] + end
            taken.add((row.clinic_id, name.lower()))
            if name != row.name:
                row.name = name
                row.save(update_fields=["name"])


class Migration(migrations.Migration):
    dependencies = [("equipment", "0003_items")]

    operations = [
        migrations.RemoveConstraint(model_name="payer", name="one_payer_per_name"),
        migrations.RemoveConstraint(model_name="vendor", name="one_vendor_per_name"),
        migrations.RunPython(tell_apart, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="payer",
            constraint=models.UniqueConstraint(
                "clinic",
                Lower("name"),
                name="one_payer_per_name",
                violation_error_message="This clinic has a payer of this name already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="vendor",
            constraint=models.UniqueConstraint(
                "clinic",
                Lower("name"),
                name="one_vendor_per_name",
                violation_error_message="This clinic has a vendor of this name already.",
            ),
        ),
    ]
