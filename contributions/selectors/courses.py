"""The course of a usage file: received, attested, or fallen away, and then in which of four ways.

A batch's row keeps only that it was reversed. Whether that was a refusal, a withdrawal, a replacement or a reversal of
what counted already follows from the entries: who took it back, and whether somebody had attested it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db.models import Q, QuerySet

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


def tell(batches: Iterable[Batch]) -> list[Batch]:
    """The batches, each with the state its page shows as `course`: of one that fell away, in which of the four ways.

    One query for all of them: the last entry of each reversal, and which of them had been attested.
    """
    rows = list(batches)
    gone = [row for row in rows if row.state == Batch.State.REVERSED]
    told = _outcomes(gone) if gone else {}
    for row in rows:
        row.course = told.get(row.number, str(row.state))
    return rows


def state_of(batch: Batch) -> str:
    """The same of one batch."""
    (told,) = tell([batch])
    return told.course


def in_state(batches: QuerySet[Batch] | Sequence[Batch], state: str) -> QuerySet[Batch] | Sequence[Batch]:
    """Those whose page shows that state; all of them where none is asked for."""
    if not state:
        return batches
    if isinstance(batches, QuerySet):
        if state in {Batch.State.SUBMITTED, Batch.State.ACCEPTED}:
            return batches.filter(state=state)
        batches = batches.filter(state=Batch.State.REVERSED)
    return [row for row in tell(batches) if row.course == state]


def _outcomes(gone: Sequence[Batch]) -> dict[str, str]:
    attested = Q(kind=ATTESTED, subject__in=[f"batch:{row.number}" for row in gone])
    entries = Entry.objects.filter(attested | Q(kind=REVERSED, seq__in=[row.seq for row in gone]))
    rows = list(entries.values_list("kind", "subject", "statement__content"))
    were_attested = {subject for kind, subject, _content in rows if kind == ATTESTED}
    found = {}
    for kind, subject, content in rows:
        if kind == REVERSED:
            statement = canonical.loads(bytes(content))
            found[subject.removeprefix("batch:")] = outcome(
                replaced_by=statement["facts"].get("replaced_by"),
                workplace=statement["by"]["workplace"],
                was_attested=subject in were_attested,
            )
    return found


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
