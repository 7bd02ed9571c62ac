"""The rates of consumption tax in force when this was written, with their sources; later ones are entered by finance."""

from django.db import migrations

from contributions.core.money import fraction_text
from licensing.core.taxes import CONSUMPTION_TAX


def enter(apps, _schema_editor):
    TaxRate = apps.get_model("licensing", "TaxRate")
    TaxRate.objects.bulk_create(
        TaxRate(
            code=row.code,
            rate=fraction_text(row.rate),
            valid_from=row.start,
            valid_until=row.until,
            name_ja=row.name.ja,
            name_en=row.name.en,
            source=row.source,
        )
        for row in CONSUMPTION_TAX
    )


class Migration(migrations.Migration):
    dependencies = [("licensing", "0001_initial")]
    operations = [migrations.RunPython(enter, migrations.RunPython.noop)]
