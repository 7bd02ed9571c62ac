import json
from datetime import UTC, date, datetime, timedelta

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

CHUNK = 2000


def unguard_movements(apps, schema_editor):
    """The new column is filled once, by the owner; the guards are put back after every migrate."""
    table = "contributions_movement"
    for kind in ("row", "truncate", "update", "delete", "replace"):
        on = f' ON "{table}"' if schema_editor.connection.vendor == "postgresql" else ""
        schema_editor.execute(f'DROP TRIGGER IF EXISTS "{table}_no_{kind}"{on}')


def fill_days(apps, schema_editor):
    """From which day each movement counts, as its statement says; else the day of its record in Japan."""
    Entry = apps.get_model("contributions", "Entry")
    rows = Entry.objects.filter(movements__isnull=False).distinct().order_by("seq")
    found = []
    for seq, leaf, content in rows.values_list("seq", "leaf", "statement__content").iterator(chunk_size=CHUNK):
        said = json.loads(bytes(content)) if content is not None else {"effective": [None, None]}
        recorded = datetime.strptime(json.loads(bytes(leaf))["recorded_at"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        found.append((said["effective"][0] or (recorded + timedelta(hours=9)).date().isoformat(), seq))
    with schema_editor.connection.cursor() as cursor:
        for start in range(0, len(found), CHUNK):
            cursor.executemany(
                "UPDATE contributions_movement SET day = %s WHERE entry_id = %s", found[start : start + CHUNK]
            )


def nothing(apps, schema_editor):
    pass


class Migration(migrations.Migration):

    dependencies = [
        ("contributions", "0002_exclusions"),
    ]

    operations = [
        migrations.RunPython(unguard_movements, nothing),
        migrations.CreateModel(
            name='Act',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('workplace', models.CharField(max_length=16)),
                ('acting', models.CharField(blank=True, max_length=32)),
                ('salt', models.BinaryField(max_length=16)),
                ('digests', models.JSONField()),
                ('answer', models.JSONField(null=True)),
                ('done_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='BalanceBlock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.SmallIntegerField()),
                ('index', models.BigIntegerField()),
                ('day', models.DateField()),
                ('high', models.BigIntegerField()),
                ('low', models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='BalanceLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('member', models.CharField(max_length=32)),
                ('kind', models.CharField(max_length=40)),
                ('unit', models.CharField(max_length=20)),
            ],
            options={
                'ordering': ['member', 'kind', 'unit'],
            },
        ),
        migrations.CreateModel(
            name='Correction',
            fields=[
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='correction', serialize=False, to='contributions.entry')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.RemoveIndex(
            model_name='movement',
            name='contributio_account_1b256b_idx',
        ),
        migrations.AddField(
            model_name='movement',
            name='day',
            field=models.DateField(default=date(1970, 1, 1), help_text='from which it counts: what the statement says, else the day of its record'),
            preserve_default=False,
        ),
        migrations.RunPython(fill_days, nothing),
        migrations.AddField(
            model_name='act',
            name='user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='balanceline',
            constraint=models.UniqueConstraint(fields=('member', 'kind', 'unit'), name='one_line_for_a_member_kind_and_unit'),
        ),
        migrations.AddField(
            model_name='balanceblock',
            name='line',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contributions.balanceline'),
        ),
        migrations.AddField(
            model_name='correction',
            name='corrected',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='successor', to='contributions.entry'),
        ),
        migrations.AddConstraint(
            model_name='balanceblock',
            constraint=models.UniqueConstraint(fields=('level', 'index', 'line', 'day'), name='one_total_for_a_block_line_and_day'),
        ),
    ]
