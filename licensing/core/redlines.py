"""Redlines: what changed between two versions of a contract, clause by clause first, then inside a clause.

Clauses are matched by their identity in the library, never by their number: what only closed up is not changed.
Inside a changed clause its rows (項・号) are aligned by likeness and compared as `differences` does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from contributions.core.words import Text
from licensing.core import tariffs
from licensing.core.assembly import Article, Tree
from licensing.core.decimals import exact
from licensing.core.differences import ADDED, REMOVED, SAME, STEPS_MAX, Budget, Run, align, diff

CHANGED = "changed"
KINDS = {
    SAME: Text("変更なし", "unchanged"),
    CHANGED: Text("変更", "changed"),
    ADDED: Text("追加", "added"),
    REMOVED: Text("削除", "removed"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One printed 項 or 号 with its number, in both languages."""

    number: Text
    text: Text


@dataclass(frozen=True, slots=True)
class Section:
    """One clause as printed: its identity in the library, its number and heading, and its rows."""

    key: str
    label: Text
    heading: Text
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row of a changed clause."""

    kind: str
    old_number: Text | None
    new_number: Text | None
    ja: tuple[Run, ...]
    en: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class SectionChange:
    """One clause in the redline. `moved`: it stands elsewhere among the clauses that both versions have."""

    kind: str
    moved: bool
    old: Section | None
    new: Section | None
    rows: tuple[RowChange, ...]

    @property
    def here(self) -> Section:
        """The clause as it now is; as it was, where it went."""
        found = self.new or self.old
        assert found is not None
        return found


def sections(tree: Tree) -> tuple[Section, ...]:
    """An assembled agreement as the sections that a redline compares: preamble, key terms, articles, prices."""
    preamble = Section("preamble", _PREAMBLE, _NOTHING, (Row(_NOTHING, tree.preamble.text),))
    terms = Section("key-terms", _TERMS, _NOTHING, tuple(Row(line.number, line.text) for line in tree.terms))
    priced = (*tree.tiers, *tree.conditions)
    prices = Section("annex-1", _ANNEX, _PRICES, tuple(Row(row.range, row.price) for row in priced))
    return (preamble, terms, *(section_of(article) for article in tree.articles), prices)


def figure_section(name: str, label: Text, printed: Text) -> Section:
    """One figure of the contract, so that a change of it reads as a redline."""
    return Section(name, label, _NOTHING, (Row(_NOTHING, printed),))


def price_section(terms: object) -> Section:
    """Price terms tier by tier with the minimum fee, so that a change of them reads as a redline."""
    read_terms = tariffs.tariff(terms)
    rows = [Row(row.range, row.price) for row in tariffs.rows(read_terms)]
    rows.append(Row(_MINIMUM, Text(f"{exact(read_terms.minimum)}円", f"JPY {exact(read_terms.minimum)}")))
    return Section("terms", _ANNEX, _PRICES, tuple(rows))


def section_of(article: Article) -> Section:
    """One 条 with its rows in reading order."""
    rows = []
    for paragraph in article.paragraphs:
        rows.append(Row(paragraph.line.number, paragraph.line.text))
        rows += [Row(item.number, item.text) for item in paragraph.items]
    return Section(article.clause, article.label, article.heading, tuple(rows))


def typed_rows(ja: Sequence[tuple[str, Sequence[str]]], en: Sequence[tuple[str, Sequence[str]]]) -> tuple[Row, ...]:
    """Rows of a clause as somebody typed it, paragraphs with their items, numbered as a clause of the house is."""
    rows, several = [], max(len(ja), len(en)) > 1
    for at in range(max(len(ja), len(en))):
        one, two = (side[at] if at < len(side) else ("", ()) for side in (ja, en))
        number = Text(str(at + 1), f"{at + 1}.") if several else _NOTHING
        rows.append(Row(number, Text(one[0], two[0])))
        for item in range(max(len(one[1]), len(two[1]))):
            texts = (side[1][item] if item < len(side[1]) else "" for side in (one, two))
            rows.append(Row(Text(f"（{item + 1}）", f"({item + 1})"), Text(*texts)))
    return tuple(rows)


def document(parts: Sequence[Section]) -> list[dict[str, object]]:
    """Sections as canonical JSON keeps them in a frozen version; `read` gives the same sections back."""
    return [
        {
            "key": part.key,
            "label": _pair(part.label),
            "heading": _pair(part.heading),
            "rows": [[row.number.ja, row.number.en, row.text.ja, row.text.en] for row in part.rows],
        }
        for part in parts
    ]


def read(rows: Sequence[Mapping[str, Any]]) -> tuple[Section, ...]:
    """The sections of a frozen version."""
    return tuple(
        Section(
            row["key"],
            Text(row["label"]["ja"], row["label"]["en"]),
            Text(row["heading"]["ja"], row["heading"]["en"]),
            tuple(Row(Text(one, two), Text(ja, en)) for one, two, ja, en in row["rows"]),
        )
        for row in rows
    )


def compare(old: Sequence[Section], new: Sequence[Section], steps: int = STEPS_MAX) -> tuple[SectionChange, ...]:
    """The redline: every clause of the new version in order, and those that went where they stood."""
    budget = Budget(steps)
    before = {part.key: part for part in old}
    after = {part.key: part for part in new}
    moved = _moved([part.key for part in old if part.key in after], [part.key for part in new if part.key in before])
    changes = [_section_change(before.get(part.key), part, part.key in moved, budget) for part in new]
    for at, part in enumerate(old):
        if part.key not in after:
            neighbour = next((one.key for one in reversed(old[:at]) if one.key in after or one.key in before), None)
            place = _after(changes, neighbour)
            changes.insert(place, _section_change(part, None, False, budget))
    return tuple(changes)


def summary(changes: Sequence[SectionChange]) -> dict[str, int]:
    """How many clauses were changed, added, removed, moved, and left alone."""
    counted = Counter(change.kind for change in changes)
    return {kind: counted[kind] for kind in KINDS} | {"moved": sum(change.moved for change in changes)}


def _section_change(old: Section | None, new: Section | None, moved: bool, budget: Budget) -> SectionChange:
    if old is None or new is None:
        kind, part = (ADDED, new) if old is None else (REMOVED, old)
        assert part is not None
        return SectionChange(kind, moved, old, new, tuple(_whole(row, kind) for row in part.rows))
    texts = [[row.text for row in part.rows] for part in (old, new)]
    if texts[0] == texts[1] and old.heading == new.heading:
        rows = tuple(
            RowChange(SAME, one.number, two.number, _whole(two, SAME).ja, _whole(two, SAME).en)
            for one, two in zip(old.rows, new.rows, strict=True)
        )
        return SectionChange(SAME, moved, old, new, rows)
    return SectionChange(CHANGED, moved, old, new, tuple(_row_changes(old.rows, new.rows, budget)))


def _row_changes(old: Sequence[Row], new: Sequence[Row], budget: Budget) -> list[RowChange]:
    # The language that holds more decides: a row whose translation is missing still finds its place.
    joined = [[f"{row.text.ja}{row.text.en}" for row in rows] for rows in (old, new)]
    changes = []
    for one, two in align(*joined):
        if one is None or two is None:
            row, kind = (new[two], ADDED) if two is not None else (old[one or 0], REMOVED)
            changes.append(_whole(row, kind))
        else:
            before, after = old[one], new[two]
            runs = [diff(before.text.of(lang), after.text.of(lang), lang, budget) for lang in ("ja", "en")]
            kind = SAME if before.text == after.text else CHANGED
            changes.append(RowChange(kind, before.number, after.number, runs[0], runs[1]))
    return changes


def _whole(row: Row, kind: str) -> RowChange:
    ja, en = ((Run(kind, text),) if text else () for text in (row.text.ja, row.text.en))
    return RowChange(kind, None if kind == ADDED else row.number, None if kind == REMOVED else row.number, ja, en)


def _after(changes: Sequence[SectionChange], key: str | None) -> int:
    for at, change in enumerate(changes):
        if change.here.key == key:
            return at + 1
    return 0


def _moved(old: Sequence[str], new: Sequence[str]) -> frozenset[str]:
    """Those of the shared clauses that do not stand in the longest run of clauses that kept their order."""
    place = {key: at for at, key in enumerate(old)}
    longest: list[list[str]] = []
    for key in new:
        fitting: list[list[str]] = [run for run in longest if place[run[-1]] < place[key]]
        before: list[str] = max(fitting, key=_length) if fitting else []
        longest.append([*before, key])
    kept: list[str] = max(longest, key=_length) if longest else []
    return frozenset(new) - frozenset(kept)


def _length(run: list[str]) -> int:
    return len(run)


def _pair(text: Text) -> dict[str, str]:
    return {"ja": text.ja, "en": text.en}


_NOTHING = Text("", "")
_PREAMBLE = Text("前文", "Preamble")
_TERMS = Text("頭書", "Key Terms")
_ANNEX = Text("別紙1", "Annex 1")
_PRICES = Text("料金", "Prices")
_MINIMUM = Text("最低利用料", "Minimum fee")
