"""When the sweep last ended, when a mail was first tried, and the mails given up in reach."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("alerts", "0006_snooze_and_escalate")]

    operations = [
        migrations.CreateModel(
            name="LastRun",
            fields=[
                ("name", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("finished_at", models.DateTimeField()),
            ],
        ),
        migrations.AddField("delivery", "tried_at", models.DateTimeField(null=True)),
        migrations.AddIndex(
            "delivery",
            models.Index(
                fields=["clinic", "finished_at"],
                condition=models.Q(state="failed"),
                name="delivery_given_up",
            ),
        ),
    ]
