from django.db import migrations, models


def mark(apps, schema_editor):
    """What was taken in whole, and so proposed by nobody, came with the product."""
    for name in ("ClauseVersion", "AgreementTemplate"):
        rows = apps.get_model("licensing", name).objects.filter(proposed_at=None)
        rows.exclude(state="draft").update(origin="shipped")


def nothing(apps, schema_editor):
    """The column goes with it."""


class Migration(migrations.Migration):
    """Wordings and templates keep whether they came with the product."""

    dependencies = [("licensing", "0016_judges")]

    operations = [
        migrations.AddField(
            model_name=name,
            name="origin",
            field=models.CharField(blank=True, default="", help_text="shipped: as the product brought it", max_length=10),
            preserve_default=False,
        )
        for name in ("agreementtemplate", "clauseversion")
    ] + [migrations.RunPython(mark, nothing)]
