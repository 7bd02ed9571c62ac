"""The course of a usage file: received, attested, or fallen away, and then in which of four ways.

A batch's row keeps only that it was reversed. Whether that was a refusal, a withdrawal, a replacement or a reversal of
what counted already follows from the entries: who took it back, and whether somebody had attested it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from contributions.adapters.evidence import EvidenceStore
from contributions.core import canonical, courses
from contributions.core.errors import Refused
from contributions.core.roles import MEMBER, Viewer
from contributions.models import Batch, Entry
from contributions.selectors import journal

RECEIVED, ATTESTED, REVERSED = "batch.received", "compute.attested", "compute.reversed"
_VERBS = {
    courses.SUBMITTED: "submit",
    courses.ACCEPTED: "accept",
    courses.REFUSED: "refuse",
    courses.REVERSED: "reverse",
    courses.SUPERSEDED: "supersede",
    courses.WITHDRAWN: "withdraw",
}


@dataclass(frozen=True, slots=True)
class Taken:
    """One step: what was done, the state after it, when, by whom as the statement says it, and why."""

    step: str
    state: str
    taken_at: datetime
    by: dict
    reason: str
    seq: int


def of_batch(viewer: Viewer | None, batch: Batch) -> list[Taken]:
    """The steps of a batch as far as the viewer may read their entries, oldest first; one reversal is one step."""
    rows = journal.open_to(viewer).filter(subject=f"batch:{batch.number}")
    rows = rows.select_related("statement").prefetch_related("annexes").order_by("seq")
    entries = [*rows.filter(kind__in=(RECEIVED, ATTESTED)), *rows.filter(kind=REVERSED)[:1]]
    was_attested = any(entry.kind == ATTESTED for entry in entries)
    return [_taken(entry, was_attested=was_attested) for entry in entries if hasattr(entry, "statement")]


def _taken(entry: Entry, *, was_attested: bool) -> Taken:
    statement = canonical.loads(bytes(entry.statement.content))
    by, facts = statement["by"], statement["facts"]
    if entry.kind == REVERSED:
        state = outcome(replaced_by=facts.get("replaced_by"), workplace=by["workplace"], was_attested=was_attested)
    else:
        state = courses.ACCEPTED if entry.kind == ATTESTED else courses.SUBMITTED
    return Taken(_VERBS[state], state, entry.recorded_at, by, _reason(entry), entry.seq)


def outcome(*, replaced_by: str | None, workplace: str, was_attested: bool) -> str:
    """How a batch fell away.

    >>> outcome(replaced_by=None, workplace="legal", was_attested=False)
    'refused'
    """
    if replaced_by:
        return courses.SUPERSEDED
    if workplace == MEMBER:
        return courses.WITHDRAWN
    return courses.REVERSED if was_attested else courses.REFUSED


def _reason(entry: Entry) -> str:
    """The reason in words; empty where none was given, or where it was erased."""
    annex = next((row for row in entry.annexes.all() if row.name == "reason.txt"), None)
    if annex is None:
        return ""
    try:
        return EvidenceStore(Path(settings.MOYAI_HOME) / "evidence").get(annex.sha256).decode()
    except Refused:
        return ""
