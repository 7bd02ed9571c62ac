"""Following the journal: each entry of a kind in the table becomes one job, once, in order.

The journal is the outbox. A cursor says how far a follower has read; a job is unique by (entry, service), so reading
an entry again does nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from contributions.core import canonical
from contributions.core.roles import Viewer
from contributions.models import Cursor, Entry, Job
from contributions.selectors import journal
from contributions.services import jobs


def follow(name: str, table: Mapping[str, str], *, at: datetime) -> int:
    """Read on from the cursor; `table` says which service follows which kind of entry."""
    Cursor.objects.get_or_create(name=name)
    made = 0
    with transaction.atomic():
        cursor = Cursor.objects.select_for_update().get(name=name)
        for entry in journal.since(cursor.seq, kinds_wanted=table):
            made += _follow_entry(entry, table[entry.kind], at=at)
            cursor.seq = entry.seq
        cursor.save(update_fields=["seq"])
    return made


def _follow_entry(entry: Entry, service: str, *, at: datetime) -> int:
    if Job.objects.filter(entry_seq=entry.seq, service=service).exists():
        return 0
    facts = canonical.loads(bytes(entry.statement.content))["facts"]
    noun = entry.subject.partition(":")[0]
    jobs.request(service, arguments={"number": facts[noun]}, by=Viewer.system("follower"), at=at, entry_seq=entry.seq)
    return 1
