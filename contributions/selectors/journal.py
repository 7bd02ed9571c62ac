"""Entries a viewer may read, and what they say."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from contributions.core import canonical
from contributions.core.annexes import ERASED
from contributions.core.kinds import KINDS
from contributions.core.roles import LICENSEE, MEMBER, REVIEWER, Viewer
from contributions.core.words import Text
from contributions.models import Annex, Correction, Entry
from contributions.selectors import datasets, kinds

# What every member may read whole: the common rules and their adoption, never another member's figures.
COMMON_KINDS = (
    "installation.founded",
    "key.rotated",
    "witness.enrolled",
    "witness.retired",
    "threshold.adopted",
    "member.admitted",
    "member.withdrawn",
    "policy.proposed",
    "policy.adopted",
    "body.constituted",
    "body.ruled",
    "ballot.opened",
    "vote.cast",
    "ballot.closed",
    "decision.recorded",
    "duty.adopted",
    "release.published",
    "allocation.attested",
    "allocation.adopted",
    "funding.registered",
    "ratecard.committed",
    "requirement.adopted",
)


# A page shows that many corrections of one entry at most.
CHAIN_MAX = 50


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
    rows = _past_barriers(rows, viewer)
    if viewer.is_office or viewer.workplace == "system":
        return rows.exclude(kind__in=BARRED.get(viewer.workplace, ()))
    own_subjects = Q(subject__in=list(subjects))
    if viewer.workplace == MEMBER:
        own = Q(member=viewer.acting or None)  # an entry of no member has a blank, which nobody acts for
        return rows.filter(own | Q(kind__in=COMMON_KINDS) | own_subjects)
    if viewer.workplace == REVIEWER:
        return rows.filter(Q(pk__in=_judged_by(viewer)) | Q(kind="requirement.adopted") | own_subjects)
    if viewer.workplace == LICENSEE:
        return rows.filter(own_subjects)
    return rows.none()


def _past_barriers(rows: QuerySet[Entry], viewer: Viewer) -> QuerySet[Entry]:
    """Without the lines of whom the viewer is barred from or keeps out of, and what names many in one statement."""
    closed = [subject for subjects_of in CLOSED for subject in subjects_of(viewer)]
    rows = rows.exclude(subject__in=closed) if closed else rows
    return rows.exclude(member__in=viewer.barred).exclude(kind__in=INDIVISIBLE) if viewer.barred else rows


def _judged_by(viewer: Viewer) -> QuerySet[Entry]:
    """What is recorded of the reviews of datasets that this reviewer may see."""
    subjects = [f"dataset:{number}" for number in datasets.visible_to(viewer).values_list("number", flat=True)]
    kinds_judged = [kind for kind in KINDS if kind.startswith(("review.", "condition."))]
    return Entry.objects.filter(kind__in=kinds_judged, subject__in=subjects)


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


def erasures(viewer: Viewer | None, entry: Entry) -> list[ReadableEntry]:
    """The entries that erased an annex of this one, as far as the viewer may read them."""
    if not Annex.objects.filter(entry=entry).exclude(erased_at=None).exists():
        return []
    rows = open_to(viewer).filter(kind=ERASED, subject=entry.subject, seq__gt=entry.seq).select_related("statement")
    found = [readable(row) for row in rows.order_by("seq")]
    return [row for row in found if row.statement["facts"]["entry"] == entry.seq]


def statements(*, size: int) -> Iterator[dict]:
    """Every statement of the first `size` entries, in order: what an allocation is folded from."""
    rows = Entry.objects.filter(seq__lt=size).select_related("statement").order_by("seq")
    for entry in rows.iterator(chunk_size=2000):
        yield canonical.loads(bytes(entry.statement.content))


def statements_of(kinds_wanted: Iterable[str], *, size: int, member: str | None = None) -> list[dict]:
    """The statements of those kinds among the first `size` entries, in order: O(their number), not of the log's.

    Of one member: its own and the common ones, which name no member.
    """
    return [statement for _, statement in numbered(kinds_wanted, size=size, member=member)]


def numbered(kinds_wanted: Iterable[str], *, size: int, member: str | None = None) -> list[tuple[int, dict]]:
    """The same, each with its number in the log.

    One query a kind, and sorted here: asked for all at once in order, a database may prefer to walk the whole log.
    """
    found: list[tuple[int, bytes]] = []
    for kind in kinds_wanted:
        rows = Entry.objects.filter(kind=kind, seq__lt=size).order_by()
        if member is not None:
            rows = rows.filter(member__in=("", member))
        found += rows.values_list("seq", "statement__content")
    return [(seq, canonical.loads(bytes(content))) for seq, content in sorted(found, key=lambda row: row[0])]


def since(seq: int, *, kinds_wanted: Iterable[str], limit: int = 200) -> list[Entry]:
    """Entries after `seq` of those kinds, for a follower."""
    return list(Entry.objects.filter(seq__gt=seq, kind__in=list(kinds_wanted)).order_by("seq")[:limit])


# Kinds that a workplace of the secretariat may not read; the licensing wing enters its own at start-up.
BARRED: dict[str, Collection[str]] = {}

# Kinds whose statement speaks of many at once: closed to whoever is barred from anybody. Licensing enters its own.
INDIVISIBLE: set[str] = {"ratecard.adopted"}

# Subjects that a barred viewer must not read though no member stands on them: the licensing wing enters its selector.
CLOSED: list[Callable[[Viewer], Iterable[str]]] = []

# Who else knows of subjects that are a viewer's own: the licensing wing enters its selector at start-up.
SUBJECTS: list[Callable[[Viewer | None], Iterable[str]]] = []


def open_to(viewer: Viewer | None) -> QuerySet[Entry]:
    """The entries that the viewer may read, with the subjects that either wing knows to be its own."""
    own = [subject for subjects_of in SUBJECTS for subject in subjects_of(viewer)]
    return visible_to(viewer, subjects=own)


def matching(
    rows: QuerySet[Entry], *, query: str = "", kind: str = "", member: str = "", subject: str = ""
) -> QuerySet[Entry]:
    """Entries narrowed by kind, member and subject; the query is an index, a subject, an id or a leaf's hash."""
    if kind:
        rows = rows.filter(kind=kind)
    if member:
        rows = rows.filter(member=member)
    if subject:
        rows = rows.filter(subject__icontains=subject)
    if not query:
        return rows
    wanted = Q(subject__icontains=query)
    digits = query.replace(",", "")
    if digits.isascii() and digits.isdigit() and len(digits) < 16:
        wanted |= Q(seq=int(digits))
    if (hash_range := _hashes_from(query)) is not None:
        wanted |= Q(leaf_hash__gte=hash_range[0], leaf_hash__lte=hash_range[1])
    return rows.filter(wanted)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some entries in a row, newest first, and the indexes from which the stretches beside it go on."""

    rows: list[Entry]
    newer: int | None
    older: int | None


def stretch(rows: QuerySet[Entry], *, older_than: int | None, newer_than: int | None, limit: int) -> Stretch:
    """The entries next to an index, found by the index itself: the last page costs what the first does."""
    if newer_than is not None:
        found = list(rows.filter(seq__gt=newer_than).order_by("seq")[: limit + 1])
        more, found = len(found) > limit, found[:limit][::-1]
        return Stretch(found, found[0].seq if more and found else None, found[-1].seq if found else None)
    if older_than is not None:
        rows = rows.filter(seq__lt=older_than)
    found = list(rows.order_by("-seq")[: limit + 1])
    more, found = len(found) > limit, found[:limit]
    newer = found[0].seq if found and older_than is not None else None
    return Stretch(found, newer, found[-1].seq if more else None)


def chain(viewer: Viewer | None, entry: Entry) -> list[Entry]:
    """The entry among its corrections, oldest first, as far as the viewer may read them; empty where there is none."""
    seqs = [entry.seq]
    while len(seqs) < CHAIN_MAX and (row := Correction.objects.filter(entry_id=seqs[0]).first()):
        seqs.insert(0, row.corrected_id)
    while len(seqs) < CHAIN_MAX and (row := Correction.objects.filter(corrected_id=seqs[-1]).first()):
        seqs.append(row.entry_id)
    if len(seqs) == 1:
        return []
    return list(open_to(viewer).filter(seq__in=seqs).order_by("seq"))


def is_corrected(entry: Entry) -> bool:
    """Whether some entry corrects this one."""
    return Correction.objects.filter(corrected=entry).exists()


def _hashes_from(text: str) -> tuple[bytes, bytes] | None:
    """The span of hashes whose hexadecimal form begins with the text, of at least eight digits."""
    text = text.lower()
    if not 8 <= len(text) <= 64 or any(digit not in "0123456789abcdef" for digit in text):
        return None
    return bytes.fromhex(text.ljust(64, "0")), bytes.fromhex(text.ljust(64, "f"))
