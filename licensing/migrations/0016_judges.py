import json

from django.db import migrations, models

JUDGED = ("licensee.screened", "licensee.reclassified", "licensee.suspended")


def judges_of_old(apps, schema_editor):
    """Who judged a licensee since its last approval stands in the statements of the log."""
    entry = apps.get_model("contributions", "Entry")
    for licensee in apps.get_model("licensing", "Licensee").objects.select_related("organization"):
        judges = set()
        told = entry.objects.filter(subject=f"licensee:{licensee.organization.code}").order_by("seq")
        for row in told.select_related("statement"):
            if row.kind in {"licensee.applied", "licensee.approved"}:
                judges = set()
            elif row.kind in JUDGED:
                judges.add(json.loads(bytes(row.statement.content))["by"]["user"])
        licensee.judges = sorted(judges - {None})
        licensee.save(update_fields=["judges"])


def nothing(apps, schema_editor):
    """The column goes with it."""


class Migration(migrations.Migration):
    """Licensees keep who judged them since they were approved."""

    dependencies = [
        ("contributions", "0011_worklogs"),
        ("licensing", "0015_counters_and_credits"),
    ]

    operations = [
        migrations.AddField(
            model_name="licensee",
            name="judges",
            field=models.JSONField(
                default=list, help_text="who screened, reclassified or suspended it since it was approved"
            ),
        ),
        migrations.RunPython(judges_of_old, nothing),
    ]
