"""Assembly: a template, the clause library and typed variables become a numbered tree of 条・項・号 in both languages.

Numbers and cross references are computed here, not by a style sheet or a word processor: when a conditional clause
falls out the rest closes up, in Japanese and English alike, and nothing can point at a clause that is not there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from contributions.core.errors import Refused
from contributions.core.words import Text
from licensing.core import clauses, conditions, tariffs, variables
from licensing.core.clauses import ClauseVersion, Reference
from licensing.core.variables import Schema


class AssemblyRefused(Refused):
    code = "assembly-refused"
    ja = "契約書を組み立てられません。条項「{clause}」：{reason}"
    en = "The agreement cannot be assembled. Clause “{clause}”: {reason}"


@dataclass(frozen=True, slots=True)
class KeyTerm:
    """One row of the key terms (頭書) in front of the contract."""

    label: Text
    text: Text
    condition: str | None = None


@dataclass(frozen=True, slots=True)
class Template:
    """An ordered list of clauses, what stands in front of them, and the variables they ask for."""

    id: str
    version: int
    title: Text
    preamble: Text
    terms: tuple[KeyTerm, ...]
    clauses: tuple[str, ...]
    schema: Schema


@dataclass(frozen=True, slots=True)
class Placed:
    """A variable's value as it was printed at one place."""

    variable: str
    printed: Text


@dataclass(frozen=True, slots=True)
class Line:
    """One printed text, its number, and the values placed in it."""

    number: Text
    text: Text
    placed: tuple[Placed, ...] = ()


@dataclass(frozen=True, slots=True)
class Clause:
    """One printed 項 and its 号."""

    line: Line
    items: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Article:
    """One printed 条: where it came from, and its text."""

    number: int
    clause: str
    version: int
    label: Text
    heading: Text
    paragraphs: tuple[Clause, ...]


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


def template(document: Mapping[str, object]) -> Template:
    """Read a template of the clause library's document."""
    terms, rows, ids = document["terms"], document["variables"], document["clauses"]
    assert isinstance(terms, list) and isinstance(rows, list) and isinstance(ids, list)
    return Template(
        id=str(document["id"]),
        version=int(str(document["version"])),
        title=_both(document["title"]),
        preamble=_both(document["preamble"]),
        terms=tuple(KeyTerm(_both(row["label"]), _both(row["text"]), row.get("when")) for row in terms),
        clauses=tuple(str(name) for name in ids),
        schema=variables.schema(rows),
    )


def assemble(source: Template, library: Sequence[ClauseVersion], document: Mapping[str, object]) -> Tree:
    """The agreement as a numbered tree in both languages.

    A clause whose condition is false falls out and the rest closes up; a reference to a clause that fell out is
    refused, never printed blank. `document` is the variables' JSON.
    """
    parsed = variables.values(source.schema, document)
    priced = [(name, value) for name, value in parsed.items() if isinstance(value, tariffs.Tariff)]
    assert len(priced) == 1, "an agreement prices by exactly one set of terms"
    name, terms = priced[0]
    comparable = variables.unstated(source.schema, parsed) | variables.conditions_of(parsed)
    chosen = _chosen(source, library, comparable)
    prints = {name: variables.printed(source.schema[name], value) for name, value in parsed.items()}
    numbers = {version.id: number for number, version in enumerate(chosen, 1)}
    writer = _Writer(prints, numbers, tuple(chosen))
    return Tree(
        title=source.title,
        preamble=writer.line("preamble", _NO_NUMBER, source.preamble),
        terms=tuple(
            writer.line("terms", row.label, row.text)
            for row in source.terms
            if conditions.holds(row.condition, comparable)
        ),
        articles=tuple(writer.article(version) for version in chosen),
        tiers=tariffs.rows(terms),
        mode=terms.mode,
        conditions=tariffs.conditions(_object(document[name])),
    )


def lines(tree: Tree) -> list[tuple[Text, Line]]:
    """Every printed text with the words for its place, in reading order."""
    found = [(_PREAMBLE, tree.preamble)]
    found += [(Text(f"頭書「{line.number.ja}」", f"the key terms, “{line.number.en}”"), line) for line in tree.terms]
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

    def article(self, version: ClauseVersion) -> Article:
        number = self.numbers[version.id]
        several = len(version.paragraphs) > 1
        paragraphs = tuple(
            Clause(
                self.line(version.id, Text(str(n), f"{n}.") if several else _NO_NUMBER, paragraph.text),
                tuple(
                    self.line(version.id, Text(f"（{m}）", f"({m})"), item) for m, item in enumerate(paragraph.items, 1)
                ),
            )
            for n, paragraph in enumerate(version.paragraphs, 1)
        )
        label = Text(f"第{number}条", f"Article {number}")
        return Article(number, version.id, version.version, label, version.heading, paragraphs)

    def line(self, clause: str, number: Text, text: Text) -> Line:
        names = dict.fromkeys(clauses.placeholders(text.ja))
        filled = {name: self._filled(clause, name) for name in names}
        placed = tuple(Placed(name, words) for name, words in filled.items() if not name.startswith("ref:"))
        return Line(number, Text(_fill(text.ja, filled, "ja"), _fill(text.en, filled, "en")), placed)

    def _filled(self, clause: str, name: str) -> Text:
        if name.startswith("ref:"):
            return self._reference(clause, clauses.reference(name))
        if name not in self.prints:
            raise AssemblyRefused(clause=clause, reason=_no_value(name))
        return self.prints[name]

    def _reference(self, clause: str, wanted: Reference) -> Text:
        targets = clauses.targets_of(wanted, self.chosen)
        if len(targets) != 1 or not clauses.reaches(wanted, targets[0]):
            raise AssemblyRefused(clause=clause, reason=_dangling(wanted.clause))
        return reference_words(None if targets[0].id == clause else self.numbers[targets[0].id], wanted)


def reference_words(article: int | None, wanted: Reference) -> Text:
    """A cross reference in words; within the same 条 the article is left out, as lawyers do.

    >>> reference_words(8, Reference("derivatives", 2))
    Text(ja='第8条第2項', en='Article 8, paragraph 2')
    """
    parts = [(wanted.paragraph, "第{}項", "paragraph {}"), (wanted.item, "第{}号", "item ({})")]
    ja = f"第{article}条" if article is not None else ""
    en = [f"Article {article}"] if article is not None else []
    for number, words_ja, words_en in parts:
        if number is not None:
            ja, en = ja + words_ja.format(number), [*en, words_en.format(number)]
    return Text(ja, ", ".join(en)) if en else Text("本条", "this Article")


def _chosen(source: Template, library: Sequence[ClauseVersion], parsed: Mapping[str, object]) -> list[ClauseVersion]:
    by_id = {version.id: version for version in library}
    chosen = []
    for name in source.clauses:
        if name not in by_id:
            raise AssemblyRefused(clause=name, reason=_NOT_IN_LIBRARY)
        if conditions.holds(by_id[name].condition, parsed):
            chosen.append(by_id[name])
    families = [version.family for version in chosen]
    for version in chosen:
        if families.count(version.family) > 1:
            raise AssemblyRefused(clause=version.id, reason=_CONTRADICTORY)
    return chosen


def _fill(text: str, filled: Mapping[str, Text], language: str) -> str:
    return clauses.PLACEHOLDER.sub(lambda match: filled[match[1]].of(language), text)


def _object(value: object) -> Mapping[str, object]:
    assert isinstance(value, Mapping)
    return value


def _both(value: object) -> Text:
    assert isinstance(value, Mapping)
    return Text(str(value["ja"]), str(value["en"]))


def _no_value(name: str) -> Text:
    return Text(f"変数「{name}」に値がありません。", f"The variable “{name}” has no value.")


def _dangling(name: str) -> Text:
    return Text(
        f"参照先「{name}」がこの契約書にありません。", f"The reference “{name}” leads nowhere in this agreement."
    )


_NO_NUMBER = Text("", "")
_PREAMBLE = Text("前文", "the preamble")
_NOT_IN_LIBRARY = Text("条項ライブラリにありません。", "It is not in the clause library.")
_CONTRADICTORY = Text(
    "同じ分類の条項が二つ選ばれました。条件を直してください。",
    "Two clauses of one family were chosen; mend their conditions.",
)
