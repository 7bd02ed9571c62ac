"""django-import-export, the import that a Django team would reach for, on the model that it would write for a job.

Its own workflow: a dry run over every row with the model's checks, which tells the bad ones, then the good ones for
good, in bulk and without differences, which is its fastest setting. It hashes nothing and journals nothing. So set, it
posts the same file twice; `safe` looks each job up first, as an import that may be repeated must.
"""

from __future__ import annotations

import csv
import importlib.util
from functools import cache
from pathlib import Path

HEADS = {"job": 0, "start": 12, "end": 13, "elapsed": 14, "state": 16, "nodes": 17, "cpus": 18, "allocated": 22}


def is_there() -> bool:
    return importlib.util.find_spec("import_export") is not None


@cache
def _model():
    from django.core.validators import RegexValidator
    from django.db import models

    class Job(models.Model):  # noqa: DJ008
        job = models.CharField(max_length=40, unique=True)
        start, end = models.DateTimeField(), models.DateTimeField()
        elapsed = models.CharField(max_length=20, validators=[RegexValidator(r"^(\d+-)?\d\d:[0-5]\d:[0-5]\d$")])
        state = models.CharField(max_length=20, choices=[(state, state) for state in ("COMPLETED", "FAILED")])
        nodes, cpus = models.PositiveIntegerField(), models.PositiveIntegerField()
        allocated = models.CharField(max_length=200)

        class Meta:
            app_label = "bench"

    return Job


def take_in(path: Path, *, safe: bool = False) -> int:
    """Import the accounting into a table made for it; how many rows were kept out."""
    import tablib
    from django.db import connection
    from import_export import fields, resources, widgets

    job = _model()
    with connection.schema_editor() as editor:
        if job._meta.db_table in connection.introspection.table_names():
            editor.delete_model(job)
        editor.create_model(job)

    class Jobs(resources.ModelResource):
        start, end = (
            fields.Field(name, name, widget=widgets.DateTimeWidget("%Y-%m-%dT%H:%M:%S")) for name in ("start", "end")
        )

        class Meta:
            model = job
            fields = tuple(HEADS)
            use_bulk, skip_diff, clean_model_instances = True, True, True
            import_id_fields = ("job",) if safe else ()
            batch_size = 1000

    with path.open(newline="", encoding="utf-8") as lines:
        rows = [[row[place] for place in HEADS.values()] for row in csv.reader(lines, delimiter="|")]
    tried = Jobs().import_data(tablib.Dataset(*rows, headers=list(HEADS)), dry_run=True)
    bad = {row.number for row in tried.invalid_rows} | {number for number, _ in tried.row_errors()}
    good = [row for number, row in enumerate(rows, 1) if number not in bad]
    done = Jobs().import_data(tablib.Dataset(*good, headers=list(HEADS)), dry_run=False, raise_errors=True)
    assert not done.has_validation_errors() and job.objects.count() == len(good)
    return len(bad)
