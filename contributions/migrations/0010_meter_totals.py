import json
from collections import Counter

from django.db import migrations, models

UNITS = ("cpu_s", "gpu_s", "node_s")
NAMES = ("day", "month", "member", "facility", "accelerator", "funding", "country", "held", "unit")


def fill(apps, schema_editor):
    """The totals of what had been metered before there were any."""
    Entry, MeterTotal = apps.get_model("contributions", "Entry"), apps.get_model("contributions", "MeterTotal")
    attested, gone = (
        set(Entry.objects.filter(kind=f"compute.{act}").values_list("subject", flat=True))
        for act in ("attested", "reversed")
    )
    standing, found = attested - gone, Counter()
    rows = Entry.objects.filter(kind="compute.metered").order_by("seq").values_list("subject", "statement__content")
    for subject, content in rows.iterator(chunk_size=2000):
        if subject not in standing:
            continue
        facts = json.loads(bytes(content))["facts"]
        amounts = {unit: int(facts.get(unit) or 0) for unit in UNITS}
        held = [unit for unit in UNITS if amounts[unit]]
        names = [facts.get(name) or "" for name in ("member", "facility", "accelerator", "funding", "country")]
        for unit in held:
            for day in ("", facts["day"]):
                found[day, facts["day"][:7], *names, " ".join(held), unit] += amounts[unit]
    MeterTotal.objects.bulk_create(
        (
            MeterTotal(**dict(zip(NAMES, key)), high=amount >> 32, low=amount & 0xFFFFFFFF)
            for key, amount in sorted(found.items())
        ),
        batch_size=500,
    )


def nothing(apps, schema_editor):
    pass


class Migration(migrations.Migration):

    dependencies = [
        ('contributions', '0009_places'),
    ]

    operations = [
        migrations.CreateModel(
            name='MeterTotal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.CharField(blank=True, help_text='blank: the month as a whole', max_length=10)),
                ('month', models.CharField(max_length=7)),
                ('member', models.CharField(max_length=32)),
                ('facility', models.CharField(max_length=32)),
                ('accelerator', models.CharField(blank=True, max_length=32)),
                ('funding', models.CharField(blank=True, max_length=20)),
                ('country', models.CharField(blank=True, max_length=2)),
                ('held', models.CharField(help_text='the units in which the entries hold any', max_length=20)),
                ('unit', models.CharField(max_length=6)),
                ('high', models.BigIntegerField()),
                ('low', models.BigIntegerField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('day', 'month', 'member', 'facility', 'accelerator', 'funding', 'country', 'held', 'unit'), name='one_total_of_compute_for_each_of_its_keys')],
            },
        ),
        migrations.RunPython(fill, nothing),
    ]
