"""The rules on keeping records in force when this was written, with their sources; later ones are entered by finance."""

from django.db import migrations

from licensing.core.retention import RULES


def enter(apps, _schema_editor):
    RetentionRule = apps.get_model("licensing", "RetentionRule")
    RetentionRule.objects.bulk_create(
        RetentionRule(
            kind=rule.kind,
            years=rule.years,
            valid_from=rule.start,
            valid_until=rule.until,
            source_ja=rule.source.ja,
            source_en=rule.source.en,
        )
        for rule in RULES
    )


class Migration(migrations.Migration):
    dependencies = [("licensing", "0008_signing")]
    operations = [migrations.RunPython(enter, migrations.RunPython.noop)]
