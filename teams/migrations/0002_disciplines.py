"""Seed the nine disciplines."""

from django.db import migrations

from pathway import catalogue

SHORT = {
    "neurology": ("Neuro", "Neurologist"),
    "pulmonology": ("Pulm", "Pulmonologist"),
    "gastroenterology": ("GI", "Gastroenterologist"),
    "speech_language_pathology": ("SLP", "Speech-language pathologist"),
    "nutrition": ("Nutr", "Dietitian"),
    "physical_therapy": ("PT", "Physical therapist"),
    "occupational_therapy": ("OT", "Occupational therapist"),
    "social_work": ("SW", "Social worker"),
    "palliative_care": ("Pall", "Palliative care clinician"),
}


def seed(apps, schema_editor):
    Discipline = apps.get_model("teams", "Discipline")
    for position, (code, name) in enumerate(catalogue.DISCIPLINES.items(), start=1):
        short_name, practitioner = SHORT[code]
        Discipline.objects.create(
            code=code,
            name=name,
            short_name=short_name,
            practitioner=practitioner,
            position=position,
            is_core=True,
        )


class Migration(migrations.Migration):
    dependencies = [("teams", "0001_initial")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
