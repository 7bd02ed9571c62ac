"""A template's tree as a list of rows, as it is edited: headings of chapters, and clauses inside them or beside them.

A document nests: `{"chapter": …, "clauses": […]}` beside single clauses. A row says in itself whether it stands inside
the chapter above it, so that moving, taking in and taking out are steps on one list; `clauses` nests them again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from contributions.core.words import Text

CHAPTER, CLAUSE = "chapter", "clause"
UP, DOWN = -1, 1
_NONE = Text("", "")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the outline: the heading of a chapter, or the place of a clause."""

    kind: str
    heading: Text = _NONE
    clause: str = ""
    version: int | None = None
    condition: str = ""
    inside: bool = False


Rows = tuple[Row, ...]


def rows(document: Mapping[str, object]) -> Rows:
    """The outline of a template's document.

    >>> found = rows({"clauses": ["grant", {"chapter": {"ja": "雑則", "en": "General"}, "clauses": ["law"]}]})
    >>> [(row.kind, row.clause, row.inside) for row in found]
    [('clause', 'grant', False), ('chapter', '', False), ('clause', 'law', True)]
    """
    listed = document.get("clauses", [])
    assert isinstance(listed, list), "clauses"
    return tuple(_flat(listed, inside=False))


def clauses(outline: Sequence[Row]) -> list[object]:
    """The document's `clauses` of an outline; what `rows` made comes back as it was.

    >>> clauses((Row(CHAPTER, Text("雑則", "General")), Row(CLAUSE, clause="law", condition="mfn", inside=True)))
    [{'chapter': {'ja': '雑則', 'en': 'General'}, 'clauses': [{'clause': 'law', 'when': 'mfn'}]}]
    """
    listed: list[object] = []
    held: list[object] | None = None
    for row in settled(outline):
        if row.kind == CHAPTER:
            held = []
            listed.append({"chapter": {"ja": row.heading.ja, "en": row.heading.en}, "clauses": held})
        elif row.inside and held is not None:
            held.append(_entry(row))
        else:
            held = None
            listed.append(_entry(row))
    return listed


def settled(outline: Sequence[Row]) -> Rows:
    """The outline with nothing inside where no chapter is open above it."""
    kept, is_open = [], False
    for row in outline:
        row = replace(row, inside=row.inside and is_open and row.kind == CLAUSE)
        is_open = row.kind == CHAPTER or row.inside
        kept.append(row)
    return tuple(kept)


def moved(outline: Rows, at: int, by: int) -> tuple[Rows, int]:
    """The outline with one row moved up or down by a place, and where it stands now.

    A clause passes into the next chapter when it is moved beyond its own; a chapter takes its clauses along.

    >>> outline = (Row(CHAPTER), Row(CLAUSE, clause="a", inside=True), Row(CLAUSE, clause="b"))
    >>> moved(outline, 0, DOWN)[1], [row.clause for row in moved(outline, 0, DOWN)[0]]
    (1, ['b', '', 'a'])
    """
    if outline[at].kind == CHAPTER:
        return _block_moved(outline, at, by)
    to = at + by
    if not 0 <= to < len(outline):
        return outline, at
    other, row = outline[to], outline[at]
    if other.kind == CHAPTER:
        # down past a heading it stands first inside; up past one it stands last in what is above
        above = settled(outline)[to - 1] if to else None
        row = replace(row, inside=by == DOWN or (above is not None and (above.inside or above.kind == CHAPTER)))
    else:
        row = replace(row, inside=other.inside)
    changed = list(outline)
    changed[at], changed[to] = other, row
    return settled(changed), to


def added(outline: Rows, row: Row, after: int | None) -> tuple[Rows, int]:
    """The outline with a row after another, inside the chapter that is open there; without a place, at the end."""
    to = len(outline) if after is None else after + 1
    above = settled(outline)[to - 1] if to else None
    inside = row.kind == CLAUSE and above is not None and (above.kind == CHAPTER or above.inside)
    return settled((*outline[:to], replace(row, inside=inside), *outline[to:])), to


def removed(outline: Rows, at: int) -> Rows:
    """The outline without a row; the clauses of a chapter that goes stand in the one above it, or beside."""
    return settled((*outline[:at], *outline[at + 1 :]))


def nested(outline: Rows, at: int, inside: bool) -> Rows:
    """The outline with a clause taken into the chapter above it, or out of its chapter and what follows with it.

    Taken out of the middle, it ends its chapter: the clauses after it stand beside, too.
    """
    return settled((*outline[:at], replace(outline[at], inside=inside), *outline[at + 1 :]))


def _block_moved(outline: Rows, at: int, by: int) -> tuple[Rows, int]:
    blocks = list(_blocks(outline))
    place = next(number for number, (start, _) in enumerate(blocks) if start == at)
    to = place + by
    if not 0 <= to < len(blocks):
        return outline, at
    blocks[place], blocks[to] = blocks[to], blocks[place]
    changed = tuple(row for _, block in blocks for row in block)
    return changed, sum(len(block) for _, block in blocks[:to])


def _blocks(outline: Rows) -> Iterator[tuple[int, Rows]]:
    """Each chapter with its clauses, and each clause beside, with where it starts."""
    start = 0
    for position, row in enumerate((*settled(outline), None)):
        if position > start and (row is None or not row.inside):
            yield start, outline[start:position]
            start = position


def _flat(listed: Sequence[object], *, inside: bool) -> Iterator[Row]:
    for one in listed:
        if isinstance(one, str):
            yield Row(CLAUSE, clause=one, inside=inside)
            continue
        assert isinstance(one, Mapping), "clauses"
        if "chapter" in one:
            yield Row(CHAPTER, Text(str(one["chapter"]["ja"]), str(one["chapter"]["en"])))
            yield from _flat(one["clauses"], inside=True)
        else:
            yield Row(CLAUSE, _NONE, str(one["clause"]), one.get("version"), str(one.get("when") or ""), inside)


def _entry(row: Row) -> object:
    entry: dict[str, object] = {"clause": row.clause}
    if row.version is not None:
        entry["version"] = row.version
    if row.condition:
        entry["when"] = row.condition
    return entry if len(entry) > 1 else row.clause
