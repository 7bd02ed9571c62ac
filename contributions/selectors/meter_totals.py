"""Reading metered compute as totals, as the log's first entries tell: exact at any size of the log.

The stored totals say what the whole log says. Batches of which that is not enough are read apart, entry by entry: those
still waiting, those of which an entry stands beyond the size asked for, and those that a breach or a recovery
names.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from contributions.core import balances, canonical, meter_totals
from contributions.core.meter_totals import ATTESTED, KINDS, METERED, REVERSED, Key
from contributions.core.words import Text
from contributions.models import Batch, Entry, LogHead, MeterTotal, Statement
from contributions.selectors.invariants import Fault

SUBJECTS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Reading:
    """The statements of the batches read apart, and what these batches have in the stored totals."""

    statements: list[dict[str, Any]]
    apart: Counter[Key]

    def totals(self, split: Collection[str] | None) -> Iterator[tuple[Key, int]]:
        """Each total of all other batches: by month, but by day in the split months; None splits every month."""
        rows = MeterTotal.objects.order_by()
        if split is None:
            yield from self._rest(rows.exclude(day=""))
            return
        yield from self._rest(rows.filter(day="").exclude(month__in=split) if split else rows.filter(day=""))
        if split:
            days = [f"{month}-{day:02d}" for month in sorted(split) for day in range(1, 32)]
            yield from self._rest(rows.filter(day__in=days))

    def _rest(self, rows) -> Iterator[tuple[Key, int]]:
        for *names, high, low in rows.values_list(*Key._fields, "high", "low"):
            key = Key(*names)
            if amount := balances.whole(high, low) - self.apart[key]:
                yield key, amount


def known_at(size: int, *, named: Iterable[str] = ()) -> Reading:
    """Metered compute as the first `size` entries tell, with the batches that something else names read apart."""
    waiting = Batch.objects.filter(state=Batch.State.SUBMITTED).values_list("number", flat=True)
    apart = {*named, *map(meter_totals.subject, waiting), *_touched_since(size)}
    told: list[tuple[int, dict[str, Any]]] = []
    standing: set[str] = set()
    gone: set[str] = set()
    for seq, kind, subject, content in _entries(apart):
        told.append((seq, canonical.loads(bytes(content))))
        if kind == ATTESTED:
            standing.add(subject)
        elif kind == REVERSED:
            gone.add(subject)
    counted = standing - gone
    metered = (said["facts"] for _, said in told if said["kind"] == METERED and said["subject"] in counted)
    held = meter_totals.totals(metered)
    return Reading([said for seq, said in told if seq < size], held)


def _touched_since(size: int) -> set[str]:
    """Subjects of metering of which an entry stands beyond that size. The kind is looked at here: an index on it would
    lead through every entry of the kind."""
    rows = Entry.objects.filter(seq__gte=size).order_by().values_list("kind", "subject")
    return {subject for kind, subject in rows if kind in KINDS}


def _entries(subjects: Iterable[str]) -> list[tuple[int, str, str, bytes]]:
    """Every entry of metering under these subjects, in the log's order."""
    found: list[tuple[int, str, str, bytes]] = []
    wanted = sorted(subjects)
    for start in range(0, len(wanted), SUBJECTS_AT_ONCE):
        rows = Entry.objects.filter(subject__in=wanted[start : start + SUBJECTS_AT_ONCE]).order_by()
        found += [row for row in rows.values_list("seq", "kind", "subject", "statement__content") if row[1] in KINDS]
    return sorted(found)


def days_of(batch: str) -> list[dict[str, Any]]:
    """The facts of each metered day of a batch, from its statements."""
    rows = _entries([meter_totals.subject(batch)])
    return [canonical.loads(bytes(content))["facts"] for _, kind, _, content in rows if kind == METERED]


# ---- made again ------------------------------------------------------------------------------------------------------
def by_statements() -> Counter[Key]:
    """Every total made again from the statements alone: O(entries)."""
    standing = _subjects(ATTESTED) - _subjects(REVERSED)
    rows = Statement.objects.filter(entry__kind=METERED).order_by()
    found: Counter[Key] = Counter()
    for content in rows.values_list("content", flat=True).iterator(chunk_size=5000):
        said = canonical.loads(bytes(content))
        if said["subject"] in standing:
            for key, amount in meter_totals.parts(said["facts"]):
                found[key] += amount
    return found


def _subjects(kind: str) -> set[str]:
    return set(Entry.objects.filter(kind=kind).order_by().values_list("subject", flat=True).distinct())


def unequal() -> Iterator[Fault]:
    """I12 for a deep verification: a stored total that is not what the statements come to."""
    size = LogHead.objects.get().size
    held = dict(Reading([], Counter()).totals(None))
    months = dict(Reading([], Counter()).totals(()))
    wanted = by_statements()
    if LogHead.objects.get().size == size and held | months != dict(wanted):
        yield Fault("I12", _DIFFER, place=_PLACE)


_PLACE = Text("計算実績の集計", "totals of metered compute")
_DIFFER = Text("記録内容から再集計した値と異なります。", "they differ from a rebuild from the statements")
