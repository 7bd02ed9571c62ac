from datetime import timedelta, timezone

import django.db.models.deletion
from django.db import migrations, models

JST = timezone(timedelta(hours=9))
STATED = ("operator_id", "country", "region", "default_accelerator", "accelerators", "power_kw", "pue")


def fill(apps, schema_editor):
    """The first edition of every facility: what it was registered with, from the day of its entry."""
    Entry, Facility = apps.get_model("contributions", "Entry"), apps.get_model("contributions", "Facility")
    FacilityEdition = apps.get_model("contributions", "FacilityEdition")
    rows = list(Facility.objects.order_by("pk"))
    recorded = dict(Entry.objects.filter(seq__in=[row.seq for row in rows]).values_list("seq", "recorded_at"))
    FacilityEdition.objects.bulk_create(
        FacilityEdition(
            seq=row.seq,
            facility=row,
            valid_from=recorded[row.seq].astimezone(JST).date(),
            **{name: getattr(row, name) for name in STATED},
        )
        for row in rows
    )


def nothing(apps, schema_editor):
    pass


class Migration(migrations.Migration):

    dependencies = [
        ('contributions', '0013_recoveries'),
    ]

    operations = [
        migrations.CreateModel(
            name='FacilityEdition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seq', models.BigIntegerField(help_text='index of the log entry that recorded this row as it stands')),
                ('valid_from', models.DateField()),
                ('country', models.CharField(max_length=2)),
                ('region', models.CharField(max_length=60)),
                ('default_accelerator', models.CharField(max_length=32)),
                ('accelerators', models.JSONField(default=list)),
                ('power_kw', models.PositiveIntegerField(null=True)),
                ('pue', models.DecimalField(decimal_places=2, max_digits=4, null=True)),
                ('facility', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='editions', to='contributions.facility')),
                ('operator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contributions.organization')),
            ],
            options={
                'ordering': ['facility', 'valid_from', 'seq'],
                'constraints': [models.UniqueConstraint(fields=('facility', 'seq'), name='one_edition_of_a_facility_per_entry')],
            },
        ),
        migrations.RunPython(fill, nothing),
    ]
