"""Entries a viewer may read, and what they say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from contributions.core import canonical
from contributions.core.roles import LICENSEE, MEMBER, REVIEWER, Viewer
from contributions.core.words import Text
from contributions.models import Entry
from contributions.selectors import kinds

# What every member may read whole: the common rules and their adoption, never another member's figures.
COMMON_KINDS = (
    "installation.founded",
    "member.admitted",
    "member.withdrawn",
    "policy.proposed",
    "policy.adopted",
    "ballot.opened",
    "vote.cast",
    "ballot.closed",
    "release.published",
    "allocation.adopted",
    "funding.registered",
)


@dataclass(frozen=True, slots=True)
class ReadableEntry:
    """An entry with its statement, read once and ready to print."""

    seq: int
    kind: str
    label: Text
    subject: str
    recorded_at: object
    leaf_hash: str
    statement: dict


def visible_to(viewer: Viewer | None, *, subjects: Iterable[str] = ()) -> QuerySet[Entry]:
    """Entries the viewer may read; `subjects` adds those that the licensing wing knows to be its own."""
    rows = Entry.objects.all()
    if viewer is None:
        return rows.none()
    if viewer.is_office or viewer.workplace == "system":
        return rows
    own_subjects = Q(subject__in=list(subjects))
    if viewer.workplace == MEMBER:
        return rows.filter(Q(member=viewer.acting) | Q(kind__in=COMMON_KINDS) | own_subjects)
    if viewer.workplace == REVIEWER:
        return rows.filter(Q(kind__in=("review.opened", "review.decided")) | own_subjects)
    if viewer.workplace == LICENSEE:
        return rows.filter(own_subjects)
    return rows.none()


def about(viewer: Viewer | None, *about_subjects: str, subjects: Iterable[str] = ()) -> list[ReadableEntry]:
    """The history of a subject for its page's rail, newest first."""
    rows = visible_to(viewer, subjects=subjects).filter(subject__in=about_subjects).select_related("statement")
    return [readable(entry) for entry in rows.order_by("-seq")[:30]]


def readable(entry: Entry) -> ReadableEntry:
    """An entry as a person reads it."""
    return ReadableEntry(
        seq=entry.seq,
        kind=entry.kind,
        label=kinds.label(entry.kind),
        subject=entry.subject,
        recorded_at=entry.recorded_at,
        leaf_hash=bytes(entry.leaf_hash).hex(),
        statement=canonical.loads(bytes(entry.statement.content)),
    )


def statements(*, size: int) -> Iterator[dict]:
    """Every statement of the first `size` entries, in order: what an allocation is folded from."""
    rows = Entry.objects.filter(seq__lt=size).select_related("statement").order_by("seq")
    for entry in rows.iterator(chunk_size=2000):
        yield canonical.loads(bytes(entry.statement.content))


def since(seq: int, *, kinds_wanted: Iterable[str], limit: int = 200) -> list[Entry]:
    """Entries after `seq` of those kinds, for a follower."""
    return list(Entry.objects.filter(seq__gt=seq, kind__in=list(kinds_wanted)).order_by("seq")[:limit])
