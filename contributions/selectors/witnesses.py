"""Witnesses, what they cosigned, and which checkpoints a paper may stand on.

That a checkpoint was cosigned, and by which key, everybody may know: it is what makes the log believable. Whose key it
is, the members and the secretariat know of each other; to everybody else a witness is the name of its key.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.db.models import Q, QuerySet

from contributions.core import cosignatures, notes
from contributions.core import witnesses as rules
from contributions.core.periods import day_after, jst_date
from contributions.core.roles import MEMBER, SYSTEM, Viewer
from contributions.models import Checkpoint, Cosignature, LogHead, Witness, WitnessRule
from contributions.selectors import log


@dataclass(frozen=True, slots=True)
class Seen:
    """One cosignature as a page shows it; the organization only for whoever may know of it."""

    name: str
    kind: str
    organization: object | None
    at: datetime
    line: str
    counts: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """Who cosigned a checkpoint, how many of them count, and how many must."""

    seen: tuple[Seen, ...]
    counted: int
    threshold: int

    @property
    def is_witnessed(self) -> bool:
        """Whether a paper may stand on the checkpoint; always, where no threshold is set."""
        return self.counted >= self.threshold


def visible_to(viewer: Viewer | None) -> QuerySet[Witness]:
    """Every witness, for whoever is signed in: without its key a cosignature cannot be checked."""
    rows = Witness.objects.select_related("organization")
    return rows.none() if viewer is None else rows


def then(rows: QuerySet[Witness], on: date) -> list[Witness]:
    """The witnesses enrolled by the day; one retired later was in office."""
    found = list(rows.filter(valid_from__lte=on))
    for row in found:
        if row.retired_from is not None and row.retired_from > on:
            row.retired_from = row.retired_seq = None
    return found


def knows_whose(viewer: Viewer | None) -> bool:
    """Whether the viewer may know whose key a witness's is."""
    return viewer is not None and (viewer.is_office or viewer.workplace in {MEMBER, SYSTEM})


def managed_by(viewer: Viewer | None) -> QuerySet[Witness]:
    """The witnesses in office that the viewer may retire: a member's its own, the secretariat's the neutral ones."""
    rows = visible_to(viewer).filter(retired_seq__isnull=True)
    if viewer is None or viewer.workplace not in {MEMBER, "legal"}:
        return rows.none()
    if viewer.workplace == MEMBER:
        return rows.filter(organization__code=viewer.acting, kind__in=rules.OF_MEMBERS)
    return rows.filter(kind=rules.NEUTRAL)


def officer_of(code: str | None) -> Witness | None:
    """The key that a member's officers cosign with in the browser, if one is in office."""
    rows = Witness.objects.filter(organization__code=code, kind=rules.OFFICER, retired_seq__isnull=True)
    return rows.select_related("organization").first() if code else None


def last_of(witness: Witness | None, on: date | None = None) -> Cosignature | None:
    """What the witness cosigned last, or by the end of the day: the head it holds, or held."""
    if witness is None:
        return None
    rows = witness.cosignatures.select_related("checkpoint").order_by("-checkpoint__size")
    return (rows if on is None else rows.filter(received_at__lt=day_after(on))).first()


def rules_known(*, known_at: int | None = None) -> list[WitnessRule]:
    """Every threshold ever adopted, as far as the first `known_at` entries tell, in order of their day."""
    rows = WitnessRule.objects.order_by("valid_from", "seq")
    return list(rows if known_at is None else rows.filter(seq__lt=known_at))


def rule_at(day: date, *, known_at: int | None = None) -> rules.Rule | None:
    """The threshold in force on the day; none where none was ever adopted."""
    return _in_force(rules_known(known_at=known_at), day)


def standing(checkpoint: Checkpoint, viewer: Viewer | None, *, given: list[WitnessRule] | None = None) -> Standing:
    """Who cosigned a checkpoint, as far as the viewer may know, and whether they are enough."""
    rule = _in_force(rules_known() if given is None else given, jst_date(checkpoint.sealed_at))
    rows = cosigned(checkpoint)
    may_know = knows_whose(viewer)
    seen = tuple(
        Seen(
            name=row.witness.name,
            kind=row.witness.kind,
            organization=row.witness.organization if may_know else None,
            at=datetime.fromtimestamp(row.time, UTC),
            line=_as_signed(row).line,
            counts=rule is None or row.witness.kind in rule.kinds,
        )
        for row in rows
    )
    return Standing(seen, _counted(rule, rows), rule.threshold if rule else 0)


def cosigned(checkpoint: Checkpoint) -> list[Cosignature]:
    """The cosignatures of a checkpoint, earliest first."""
    rows = checkpoint.cosignatures.all()
    if "cosignatures" not in getattr(checkpoint, "_prefetched_objects_cache", {}):
        rows = rows.select_related("witness__organization")
    return sorted(rows, key=lambda row: (row.time, row.witness_id))


def with_cosignatures(rows: QuerySet[Checkpoint]) -> QuerySet[Checkpoint]:
    """The same checkpoints, with what `standing` and `note_of` read fetched at once."""
    return rows.prefetch_related("cosignatures__witness__organization")


def note_of(checkpoint: Checkpoint) -> str:
    """The signed note with every cosignature below the log's own signature: what a verifier is given."""
    return cosignatures.with_lines(checkpoint.note, (_as_signed(row) for row in cosigned(checkpoint)))


def for_papers(*, seq: int | None = None, newest: bool = True) -> Checkpoint:
    """The newest (or oldest) checkpoint on which a paper may stand, counting entry `seq` where one is named.

    It is signed by the present key and, where a threshold is in force on its day, cosigned by enough.
    """
    given = rules_known()
    rows = Checkpoint.objects.all() if seq is None else Checkpoint.objects.filter(size__gt=seq)
    rows = rows.filter(size__gte=log.key_from()).order_by("-size" if newest else "size")
    if given and all(row.threshold for row in given):
        rows = rows.filter(Q(cosignatures__isnull=False) | Q(sealed_at__date__lt=given[0].valid_from)).distinct()
    for checkpoint in with_cosignatures(rows).iterator(chunk_size=200):
        rule = _in_force(given, jst_date(checkpoint.sealed_at))
        if rule is None or _counted(rule, cosigned(checkpoint)) >= rule.threshold:
            return checkpoint
    raise rules.NotWitnessed(threshold=max((row.threshold for row in given), default=0))


def paper_of(seq: int) -> Checkpoint | None:
    """The oldest checkpoint on which a paper about entry `seq` may stand; none yet, where too few have cosigned."""
    try:
        return for_papers(seq=seq, newest=False)
    except rules.NotWitnessed:
        return None


def line_of(row: Cosignature) -> str:
    """The signature line of a cosignature, as it stands on the note."""
    return _as_signed(row).line


def read_note(note: str) -> tuple[Checkpoint | None, str, list[notes.Signature]]:
    """The checkpoint of this log that a note speaks of, if it is one, with the note's text and lines."""
    text, lines = notes.parse_note(note)
    stated = notes.Checkpoint.parse(text)
    row = Checkpoint.objects.filter(size=stated.size).first()
    if row is None or stated != notes.Checkpoint(LogHead.objects.get().origin, row.size, bytes(row.root)):
        return None, text, lines
    return row, text, lines


def _in_force(given: Iterable[WitnessRule], day: date) -> rules.Rule | None:
    begun = [row for row in given if row.valid_from <= day]
    if not begun:
        return None
    last = begun[-1]
    return rules.Rule(last.threshold, frozenset(last.kinds), last.valid_from)


def _counted(rule: rules.Rule | None, rows: Iterable[Cosignature]) -> int:
    pairs = [(row.witness.organization.code, row.witness.kind) for row in rows]
    return rule.counts(pairs) if rule else len({organization for organization, _ in pairs})


def _as_signed(row: Cosignature) -> cosignatures.Cosigned:
    return cosignatures.Cosigned(row.witness.name, bytes.fromhex(row.witness.code), row.time, bytes(row.signature))
