"""The table that counts attempts to sign in (the cache of settings.py)."""

from django.core.management import call_command
from django.db import migrations


def make_table(apps, schema_editor):
    call_command("createcachetable", "rate_limits", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("teams", "0002_disciplines")]
    operations = [migrations.RunPython(make_table, migrations.RunPython.noop)]
