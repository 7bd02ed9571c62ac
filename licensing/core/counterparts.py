"""A counterpart's edited file, matched clause by clause with the text that it was made from.

A paragraph belongs to a clause by the bookmark that it still carries, else by the heading it stands under (its words
first, then its number, since numbers move), else by likeness. What finds no clause is shown first, never dropped.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from licensing.core.differences import align, alike
from licensing.core.redlines import Row, Section

SAME_HEADING, OTHER_HEADING, ALIKE, NEARLY_SAME = 60, 30, 50, 90
_JAPANESE = re.compile(r"[ぁ-ヿ㐀-鿿]")
_HEADING = {
    "ja": re.compile(
        r"第\s*([0-9０-９]+|[〇一二三四五六七八九十百]+)\s*条(?:の[0-9０-９]+)?\s*[（(]?(.{0,40}?)[）)]?\s*"
    ),
    "en": re.compile(r"Article\s+([0-9]+)\.?\s*[(:：]?\s*(.{0,80}?)\)?\s*", re.IGNORECASE),
}
_LEAD = re.compile(r"^\s*(?:[（(]\s*[0-9０-９a-z]{1,2}\s*[）)]|[0-9０-９]{1,2}[.．、]?(?=[\s　]))")


@dataclass(frozen=True, slots=True)
class Given:
    """One paragraph of the file."""

    text: str
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Matched:
    """A clause with what the file holds for it in each language, as lines that can be read as a proposal."""

    section: Section
    ja: str
    en: str
    lines: tuple[str, ...] = ()

    @property
    def changed(self) -> tuple[str, ...]:
        """The file's own lines that do not stand in the clause as it was sent, with or without number or label."""
        sent = {line for row in self.section.rows for line in _sent(row)}
        return tuple(line for line in self.lines if line not in sent)


@dataclass
class Matching:
    """What became of a file: clauses found, and text that belongs to none."""

    found: list[Matched] = field(default_factory=list)
    unmatched: list[str] = field(default_factory=list)
    missing: list[Section] = field(default_factory=list)


def match(sections: Sequence[Section], marks: Mapping[str, tuple[str, str]], given: Sequence[Given]) -> Matching:
    """Every paragraph under its clause; `marks` says which clause and language a bookmark stands for.

    A mark that stands for no clause is of a line around the clauses: what follows it belongs to none.
    """
    by_key = {section.key: section for section in sections}
    lines: dict[tuple[str, str], list[str]] = {}
    unmatched: list[str] = []
    current: dict[str, str | None] = {}
    for paragraph in given:
        text = paragraph.text.strip()
        marked = next((marks[mark] for mark in paragraph.marks if mark in marks), None)
        if marked is not None and not marked[0]:
            current.clear()
            continue
        language = marked[1] if marked else language_of(text)
        if marked is not None:
            current[language] = marked[0]
        elif text and (headed := _heading(text, language, sections)) is not None:
            current[language] = headed.key if headed.section else None
            if headed.section is None:
                unmatched.append(text)
            continue
        if text:
            _place(text, language, current, by_key, lines, unmatched)
    matching = Matching(unmatched=unmatched)
    for section in sections:
        texts = {lang: lines.get((section.key, lang), []) for lang in ("ja", "en")}
        if not texts["ja"] and not texts["en"]:
            matching.missing.append(section)
        else:
            ja, en = (_numbered(section, texts[lang], lang) for lang in ("ja", "en"))
            matching.found.append(Matched(section, ja, en, (*texts["ja"], *texts["en"])))
    return matching


def language_of(text: str) -> str:
    """Japanese where there is any kana or kanji, else English.

    >>> language_of("第1条（定義）"), language_of("Article 1 (Definitions)")
    ('ja', 'en')
    """
    return "ja" if _JAPANESE.search(text) else "en"


@dataclass(frozen=True, slots=True)
class _Headed:
    section: Section | None

    @property
    def key(self) -> str:
        assert self.section is not None
        return self.section.key


def _heading(text: str, language: str, sections: Sequence[Section]) -> _Headed | None:
    """The clause that a heading opens; a heading of no clause we know is `_Headed(None)`, other text is `None`."""
    plain = next((one for one in sections if not one.heading.of(language) and text == one.label.of(language)), None)
    named = next((one for one in sections if text == _printed(one, language)), None)
    if plain or named:
        return _Headed(plain or named)
    found = _HEADING[language].fullmatch(text)
    if found is None:
        return None
    words, label = found[2].strip(), text.split("（", maxsplit=1)[0].split("(", maxsplit=1)[0].strip()
    likest = max(sections, key=lambda one: alike(one.heading.of(language), words) if one.heading.of(language) else -1)
    if words and alike(likest.heading.of(language), words) >= SAME_HEADING:
        return _Headed(likest)
    numbered = next((one for one in sections if one.label.of(language) == label), None)
    if numbered is not None and (not words or alike(numbered.heading.of(language), words) >= OTHER_HEADING):
        return _Headed(numbered)
    return _Headed(None)


def _printed(section: Section, language: str) -> str:
    heading = section.heading.of(language)
    return section.label.of(language) + (f"（{heading}）" if language == "ja" else f" ({heading})")


def _sent(row: Row) -> tuple[str, ...]:
    """A row as a file of ours prints it, in each language, with and without what stands before it."""
    ja, en = f"{row.number.ja}　{row.text.ja}", f"{row.number.en} {row.text.en}"
    return tuple(line.strip() for line in (ja, en, row.text.ja, row.text.en, row.number.ja, row.number.en))


def _place(
    text: str,
    language: str,
    current: Mapping[str, str | None],
    by_key: Mapping[str, Section],
    lines: dict[tuple[str, str], list[str]],
    unmatched: list[str],
) -> None:
    key = current.get(language)
    bare = _LEAD.sub("", text).strip()
    here = _likest([by_key[key]], bare, language) if key else 0
    if key is None or here < ALIKE:
        elsewhere = max(by_key.values(), key=lambda one: _likest([one], bare, language))
        found = _likest([elsewhere], bare, language)
        if found >= (NEARLY_SAME if key else ALIKE) and found > here:
            key = elsewhere.key
    if key is None:
        unmatched.append(text)
    else:
        lines.setdefault((key, language), []).append(text)


def _likest(sections: Sequence[Section], text: str, language: str) -> int:
    return max((alike(row.text.of(language), text) for one in sections for row in one.rows), default=0)


def _numbered(section: Section, texts: Sequence[str], language: str) -> str:
    """The lines with the numbers of the rows they stand for, where a word processor numbered by itself."""
    bare = [_LEAD.sub("", text).strip() for text in texts]
    pairs = align([row.text.of(language) for row in section.rows], bare)
    rows = {new: old for old, new in pairs if new is not None}
    found = []
    for at, text in enumerate(texts):
        stands_for = rows.get(at)
        row = section.rows[stands_for] if stands_for is not None else None
        number = row.number.of(language) if row is not None else ""
        gap = "　" if language == "ja" else " "
        found.append(f"{number}{gap}{text}" if number and text == bare[at] else text)
    return "\n".join(found)
