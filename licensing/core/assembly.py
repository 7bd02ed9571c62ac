"""Assembly: a template, the clause library and typed variables become a numbered tree of 条・項・号 in both languages.

Numbers and cross references are computed here, not by a style sheet or a word processor: when a conditional clause
falls out the rest closes up, in Japanese and English alike, and nothing can point at a clause that is not there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeGuard

from contributions.core.errors import Refused
from contributions.core.words import Text
from licensing.core import clauses, conditions, numbering, tariffs, variables
from licensing.core.clauses import ClauseVersion
from licensing.core.numbering import HOUSE, Place
from licensing.core.particulars import Change
from licensing.core.templates import NAME, ROLES, Chapter, Entry, Template, template

__all__ = [
    "Article",
    "AssemblyRefused",
    "Clause",
    "Line",
    "Placed",
    "Template",
    "Tree",
    "assemble",
    "lines",
    "template",
]


class AssemblyRefused(Refused):
    code = "assembly-refused"
    ja = "契約書を組み立てられません。条項「{clause}」：{reason}"
    en = "The agreement cannot be assembled. Clause “{clause}”: {reason}"


@dataclass(frozen=True, slots=True)
class Placed:
    """A variable's value as it was printed at one place."""

    variable: str
    printed: Text


@dataclass(frozen=True, slots=True)
class Referred:
    """A cross reference as it was printed at one place, and where it leads."""

    printed: Text
    place: Place


@dataclass(frozen=True, slots=True)
class Line:
    """One printed text, its number, and the values and cross references placed in it."""

    number: Text
    text: Text
    placed: tuple[Placed, ...] = ()
    references: tuple[Referred, ...] = ()


@dataclass(frozen=True, slots=True)
class Clause:
    """One printed 項 and its 号."""

    line: Line
    items: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Article:
    """One printed 条: where it came from, and its text; `chapter` stands above the first one of a chapter (章)."""

    number: int
    clause: str
    version: int
    label: Text
    heading: Text
    paragraphs: tuple[Clause, ...]
    chapter: Text | None = None


@dataclass(frozen=True, slots=True)
class Tree:
    """An assembled agreement, ready to be proved and printed."""

    title: Text
    preamble: Line
    terms: tuple[Line, ...]
    articles: tuple[Article, ...]
    tiers: tuple[tariffs.TierRow, ...]
    mode: str
    conditions: tuple[tariffs.TierRow, ...] = ()
    changes: tuple[Change, ...] = ()
    numbering: str = HOUSE
    layout: str = "side"
    name: Text = NAME
    roles: tuple[Text, Text] = ROLES


def assemble(source: Template, library: Sequence[ClauseVersion], document: Mapping[str, object]) -> Tree:
    """The agreement as a numbered tree in both languages.

    A clause whose condition is false falls out and the rest closes up; a reference to a clause that fell out is
    refused, never printed blank. `document` is the variables' JSON; how the agreement is numbered and laid out, and
    which alternatives of the fallback ladders stand in it, are variables too.
    """
    parsed = variables.values(source.schema, document)
    priced = [(name, value) for name, value in parsed.items() if isinstance(value, tariffs.Tariff)]
    assert len(priced) <= 1, "an agreement prices by one set of terms at most"
    comparable = variables.conditions_of(parsed)
    chosen = _chosen(source, library, comparable, dict(_pairs(parsed.get("alternatives", ()))))
    prints = {name: variables.printed(source.schema[name], value) for name, value in parsed.items()}
    numbers = {version.id: number for number, (version, _) in enumerate(chosen, 1)}
    preset = str(parsed.get("numbering", HOUSE))
    writer = _Writer(prints, numbers, tuple(version for version, _ in chosen), numbering.style(preset))
    terms = priced[0][1] if priced else None
    return Tree(
        title=source.title,
        preamble=writer.line("preamble", _NO_NUMBER, source.preamble),
        terms=tuple(
            writer.line("terms", row.label, row.text)
            for row in source.terms
            if conditions.holds(row.condition, comparable)
        ),
        articles=tuple(_articles(writer, chosen)),
        tiers=tariffs.rows(terms) if terms else (),
        mode=terms.mode if terms else "",
        conditions=tariffs.conditions(_object(document[priced[0][0]])) if priced else (),
        changes=tuple(row for value in parsed.values() if isinstance(value, tuple) for row in value if _is_change(row)),
        numbering=preset,
        layout=str(parsed.get("layout", "side")),
        name=source.name,
        roles=source.roles,
    )


def lines(tree: Tree) -> list[tuple[Text, Line]]:
    """Every printed text with the words for its place, in reading order."""
    found = [(_PREAMBLE, tree.preamble)]
    found += [(Text(f"頭書「{line.number.ja}」", f"the key terms, “{line.number.en}”"), line) for line in tree.terms]
    found += [
        (Text(f"新旧対照表「{row.place.ja}」", f"the table of changes, “{row.place.en}”"), Line(_NO_NUMBER, text))
        for row in tree.changes
        for text in (row.place, row.before, row.after)
    ]
    for article in tree.articles:
        place = Text(f"{article.label.ja}（{article.heading.ja}）", f"{article.label.en} ({article.heading.en})")
        found.append((place, Line(article.label, article.heading)))
        for paragraph in article.paragraphs:
            found += [(place, line) for line in (paragraph.line, *paragraph.items)]
    return found


@dataclass(frozen=True, slots=True)
class _Writer:
    prints: Mapping[str, Text]
    numbers: Mapping[str, int]
    chosen: tuple[ClauseVersion, ...]
    style: numbering.Style

    def article(self, version: ClauseVersion, chapter: Text | None) -> Article:
        number = self.numbers[version.id]
        several = len(version.paragraphs) > 1
        paragraphs = tuple(
            Clause(
                self.line(version.id, self.style.paragraph(number, n, several), paragraph.text),
                tuple(self.line(version.id, self.style.item(m), item) for m, item in enumerate(paragraph.items, 1)),
            )
            for n, paragraph in enumerate(version.paragraphs, 1)
        )
        label = self.style.article(number)
        return Article(number, version.id, version.version, label, version.heading, paragraphs, chapter)

    def line(self, clause: str, number: Text, text: Text) -> Line:
        names = dict.fromkeys(clauses.placeholders(text.ja))
        referred = {name: self._reference(clause, name) for name in names if name.startswith("ref:")}
        filled = {name: self._value(clause, name) for name in names if name not in referred}
        words = filled | {name: one.printed for name, one in referred.items()}
        return Line(
            number,
            Text(_fill(text.ja, words, "ja"), _fill(text.en, words, "en")),
            tuple(Placed(name, printed) for name, printed in filled.items()),
            tuple(referred.values()),
        )

    def _value(self, clause: str, name: str) -> Text:
        if name not in self.prints:
            raise AssemblyRefused(clause=clause, reason=_no_value(name))
        return self.prints[name]

    def _reference(self, clause: str, name: str) -> Referred:
        wanted = clauses.reference(name)
        targets = clauses.targets_of(wanted, self.chosen)
        if len(targets) != 1 or not clauses.reaches(wanted, targets[0]):
            raise AssemblyRefused(clause=clause, reason=_dangling(wanted.clause))
        single = len(targets[0].paragraphs) == 1
        place = Place(self.numbers[targets[0].id], None if single else wanted.paragraph, wanted.item)
        return Referred(self.style.reference(self.numbers.get(clause, 0), place), place)


_Chosen = list[tuple[ClauseVersion, Chapter]]


def _chosen(
    source: Template, library: Sequence[ClauseVersion], parsed: Mapping[str, object], instead: Mapping[str, str]
) -> _Chosen:
    held: dict[str, list[ClauseVersion]] = {}
    for version in library:
        held.setdefault(version.id, []).append(version)
    for base, name in instead.items():
        check_alternative(base, name, source, held)
    chosen: _Chosen = []
    for chapter in source.chapters:
        for entry in chapter.entries:
            version = _version(held, entry, instead.get(entry.clause))
            if conditions.holds(entry.condition, parsed) and conditions.holds(version.condition, parsed):
                chosen.append((version, chapter))
    families = [version.family for version, _ in chosen]
    for version, _ in chosen:
        if families.count(version.family) > 1:
            raise AssemblyRefused(clause=version.id, reason=_CONTRADICTORY)
    return chosen


def check_alternative(
    base: str, name: str, source: Template, held: Mapping[str, Sequence[ClauseVersion]]
) -> ClauseVersion:
    """The alternative that is to stand in a clause's place: of its ladder, and not one that is forbidden."""
    if base not in source.clauses:
        raise AssemblyRefused(clause=base, reason=_NOT_IN_TEMPLATE)
    if name not in held:
        raise AssemblyRefused(clause=name, reason=_NOT_IN_LIBRARY)
    version = max(held[name], key=lambda one: one.version)
    if version.of != base:
        raise AssemblyRefused(clause=name, reason=_not_of(base))
    if version.rank == clauses.FORBIDDEN:
        raise AssemblyRefused(clause=name, reason=_FORBIDDEN)
    return version


def _version(held: Mapping[str, Sequence[ClauseVersion]], entry: Entry, instead: str | None) -> ClauseVersion:
    versions = held.get(instead or entry.clause, ())
    if instead is None and entry.version is not None:
        versions = [one for one in versions if one.version == entry.version]
    if not versions:
        raise AssemblyRefused(clause=instead or entry.clause, reason=_NOT_IN_LIBRARY)
    return max(versions, key=lambda one: one.version)


def _articles(writer: _Writer, chosen: _Chosen) -> Iterator[Article]:
    """Chapters are numbered as they come; one whose clauses all fell out has no number."""
    number, last = 0, None
    for version, chapter in chosen:
        heading = None
        if chapter is not last and chapter.heading is not None:
            number += 1
            label = writer.style.chapter(number)
            heading = Text(f"{label.ja}　{chapter.heading.ja}", f"{label.en}: {chapter.heading.en}")
        last = chapter
        yield writer.article(version, heading)


def _pairs(value: object) -> Sequence[tuple[str, str]]:
    assert isinstance(value, tuple)
    return value


def _is_change(row: object) -> TypeGuard[Change]:
    return isinstance(row, Change)


def _fill(text: str, filled: Mapping[str, Text], language: str) -> str:
    return clauses.PLACEHOLDER.sub(lambda match: filled[match[1]].of(language), text)


def _object(value: object) -> Mapping[str, object]:
    assert isinstance(value, Mapping)
    return value


def _no_value(name: str) -> Text:
    return Text(f"変数「{name}」に値がありません。", f"The variable “{name}” has no value.")


def _dangling(name: str) -> Text:
    return Text(
        f"参照先「{name}」がこの契約書にありません。", f"The reference “{name}” leads nowhere in this agreement."
    )


def _not_of(base: str) -> Text:
    return Text(f"条項「{base}」の代替文言ではありません。", f"It is no alternative of the clause “{base}”.")


_NO_NUMBER = Text("", "")
_PREAMBLE = Text("前文", "the preamble")
_NOT_IN_TEMPLATE = Text("このひな形にない条項です。", "The template does not hold this clause.")
_FORBIDDEN = Text("使用を禁じた文言です。", "This wording is forbidden.")
_NOT_IN_LIBRARY = Text("条項ライブラリにありません。", "It is not in the clause library.")
_CONTRADICTORY = Text(
    "同じ分類の条項が二つ選ばれました。条件を直してください。",
    "Two clauses of one family were chosen; mend their conditions.",
)
