"""Changed wording: from the text that a negotiator typed to a clause that assembles, and how it stands in the contract.

People change what they read: numbers, names and references printed. A clause is kept with its placeholders, so that a
later change of a variable or of the numbering still reaches it. `reworded` puts the placeholders back wherever the
typed text still holds what they printed; where it does not, the typed figure stands as text.

An agreement's `wordings` say how its clauses differ from the library: `{"liability": {"document": {…}}}`,
`{"special-1": {"document": {…}, "after": "warranty"}}`, `{"provenance": {"removed": true}}`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from contributions.core import canonical
from contributions.core.errors import Finding, Refused
from contributions.core.words import Text
from licensing.core import clauses
from licensing.core.assembly import Article, Line, Template
from licensing.core.clauses import ClauseVersion, Paragraph
from licensing.core.differences import Budget, align, matched
from licensing.core.templates import Chapter, Entry

SPECIAL = "special"
SPECIAL_LABEL = Text("特約", "Special clause")
Typed = list[tuple[str, list[str]]]
"""Paragraphs as typed, each with its items."""
_ITEM = re.compile(
    r"^\s*(?:[（(]\s*(?:[0-9０-９]{1,2}|[a-z]{1,2})\s*[）)]|[一二三四五六七八九十]{1,3}(?=[\s　]))[\s　]*"
)
_NUMBER = re.compile(r"^\s*(?:第?[0-9０-９]{1,2}\s*項[\s　]+|[0-9０-９]{1,3}(?:\.[0-9]{1,2})?[\s　.．、]+)(?=\S)")
_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_LINES_MAX, _CHARACTERS_MAX = 200, 20_000


class WordingRefused(Refused):
    """A wording with faults, all of them at once."""

    code = "wording-refused"
    ja = "この文言は契約書に組み込めません。{first}"
    en = "This wording cannot stand in the agreement. {first}"

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__(first=Text("".join(one.text("ja") for one in findings[:3]),
                                    " ".join(one.text("en") for one in findings[:3])))  # fmt: skip


class TooLong(Refused):
    code = "wording-too-long"
    ja = "文言が長すぎます（{count} 字）。1条項は {most} 字、{lines} 行までです。"
    en = "The wording is too long ({count} characters). A clause may have {most} characters and {lines} lines."


def typed(article: Article, language: str) -> str:
    """A clause as a person edits it: one line for each paragraph and item, numbered as printed."""
    lines = []
    for paragraph in article.paragraphs:
        lines.append(_numbered(paragraph.line, language))
        lines += [_numbered(item, language) for item in paragraph.items]
    return "\n".join(lines)


def read(text: str) -> Typed:
    """Typed lines as paragraphs with items; numbers are taken off, since assembly gives them.

    >>> read("1　甲は支払う。\\n2　次の場合を除く。\\n（1）　故意\\n（2）　過失")
    [('甲は支払う。', []), ('次の場合を除く。', ['故意', '過失'])]
    """
    text = unicodedata.normalize("NFC", _CONTROLS.sub("", text.replace("\t", " ")))
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if len(lines) > _LINES_MAX or len(text) > _CHARACTERS_MAX:
        raise TooLong(count=len(text), most=_CHARACTERS_MAX, lines=_LINES_MAX)
    found: Typed = []
    for line in lines:
        if _ITEM.match(line) and found:
            found[-1][1].append(_ITEM.sub("", line))
        else:
            found.append((_NUMBER.sub("", line) if len(lines) > 1 else line, []))
    return found


def reworded(base: ClauseVersion, article: Article | None, ja: str, en: str) -> ClauseVersion:
    """The clause with the typed wording, its placeholders put back. `article`: how it is printed now, if it is."""
    sides = {"ja": read(ja), "en": read(en)}
    rows = _printed(base, article)
    filled = {lang: _filled(rows, _flat(sides[lang]), lang) for lang in sides}
    return with_text(base, filled["ja"], filled["en"])


def with_text(base: ClauseVersion, ja: Typed, en: Typed) -> ClauseVersion:
    """The clause with those paragraphs; Japanese and English pair by position, and what one lacks stays empty."""
    paragraphs = []
    for at in range(max(len(ja), len(en))):
        one, two = (side[at] if at < len(side) else ("", []) for side in (ja, en))
        count = max(len(one[1]), len(two[1]))
        items = tuple(Text(*(side[1][i] if i < len(side[1]) else "" for side in (one, two))) for i in range(count))
        paragraphs.append(Paragraph(Text(one[0], two[0]), items))
    version = replace(base, paragraphs=tuple(paragraphs))
    used = {name for _, text in version.texts() for name in clauses.placeholders(text.ja + text.en)}
    return replace(version, variables=frozenset(name for name in used if not name.startswith("ref:")))


def heading(document: Mapping[str, str]) -> Text:
    """A heading as a proposal keeps it."""
    return Text(document["ja"], document["en"])


def special(code: str, heading: Text) -> ClauseVersion:
    """An empty special clause (特約条項), to be given a wording."""
    return ClauseVersion(code, SPECIAL + code.removeprefix(SPECIAL), 1, heading, (), frozenset())


def faults(version: ClauseVersion, known: Sequence[str]) -> list[Finding]:
    """What keeps the wording from being accepted, in the words of whoever typed it."""
    return clauses.faults(version, known)


def check(version: ClauseVersion, known: Sequence[str]) -> None:
    """Refuse a wording with faults, all at once."""
    if found := faults(version, known):
        raise WordingRefused(found)


def sha256(version: ClauseVersion) -> str:
    """The digest of a wording: heading and text with their placeholders, whatever the clause is called."""
    document = clauses.document(version)
    return canonical.sha256_hex(canonical.dumps({name: document[name] for name in ("heading", "paragraphs")}))


def overlaid(
    source: Template, library: Sequence[ClauseVersion], wordings: Mapping[str, Mapping[str, Any]]
) -> tuple[Template, list[ClauseVersion]]:
    """Template and library as this agreement has them: clauses reworded, taken out, and added after another."""
    by_id = {version.id: version for version in library}
    chapters = list(source.chapters)
    for code, changed in sorted(wordings.items()):
        held = by_id.get(code)
        if changed.get("removed"):
            gone = {code, held.of if held is not None else None}
            chapters = [_with(one, [entry for entry in one.entries if entry.clause not in gone]) for one in chapters]
            continue
        version = clauses.clause(changed["document"])
        # a reworded alternative keeps its place on the ladder, or it could not stand in its clause's place
        by_id[code] = replace(version, of=held.of, rank=held.rank) if held is not None else version
        if held is None:
            chapters = _inserted(chapters, code, str(changed.get("after", "")))
    return replace(source, chapters=tuple(chapters)), list(by_id.values())


def kept(
    wordings: Mapping[str, Mapping[str, Any]], library: Sequence[ClauseVersion], signed: Mapping[str, int]
) -> dict[str, Mapping[str, Any]]:
    """What an edition still has of the agreement's own wordings: not where an amendment brought its clause up to date.

    `signed`: the version of each clause that the agreement was signed with.
    """
    held = {version.id: version.version for version in library}
    return {
        code: changed for code, changed in wordings.items() if held.get(code, 0) <= signed.get(code, held.get(code, 0))
    }


def _with(chapter: Chapter, entries: Sequence[Entry]) -> Chapter:
    return replace(chapter, entries=tuple(entries))


def _inserted(chapters: Sequence[Chapter], code: str, after: str) -> list[Chapter]:
    """A special clause after the one named, in its chapter; at the end where there is no such clause."""
    found = list(chapters)
    for at, chapter in enumerate(found):
        names = [entry.clause for entry in chapter.entries]
        if after in names:
            place = names.index(after) + 1
            found[at] = _with(chapter, [*chapter.entries[:place], Entry(code), *chapter.entries[place:]])
            return found
    found[-1] = _with(found[-1], [*found[-1].entries, Entry(code)])
    return found


def _numbered(line: Line, language: str) -> str:
    number = line.number.of(language)
    gap = "　" if language == "ja" else " "
    return f"{number}{gap}{line.text.of(language)}" if number else line.text.of(language)


def _printed(base: ClauseVersion, article: Article | None) -> list[tuple[Text, Line]]:
    """Each text of the clause with its placeholders, and the line that it prints now."""
    templates = [text for place, text in base.texts() if place != "heading"]
    if article is None:
        return [(text, Line(_NOTHING, text)) for text in templates]
    lines = [line for paragraph in article.paragraphs for line in (paragraph.line, *paragraph.items)]
    return list(zip(templates, lines, strict=False))


def _flat(side: Typed) -> list[tuple[int, int, str]]:
    """Typed texts in reading order with their place: paragraph, and item or −1."""
    found = []
    for at, (text, items) in enumerate(side):
        found.append((at, -1, text))
        found += [(at, i, item) for i, item in enumerate(items)]
    return found


def _filled(rows: Sequence[tuple[Text, Line]], texts: Sequence[tuple[int, int, str]], language: str) -> Typed:
    pairs = align([line.text.of(language) for _, line in rows], [text for _, _, text in texts])
    sources = {new: old for old, new in pairs if old is not None and new is not None}
    found: Typed = []
    for at, (_, item, text) in enumerate(texts):
        if at in sources:
            template, line = rows[sources[at]]
            values = _values(template, line, language)
            text = with_placeholders(template.of(language), line.text.of(language), text, values)
        if item < 0:
            found.append((text, []))
        else:
            found[-1][1].append(text)
    return found


def _values(template: Text, line: Line, language: str) -> dict[str, str]:
    """What each placeholder of a line prints now; references stand in the order of the Japanese text."""
    found = {placed.variable: placed.printed.of(language) for placed in line.placed}
    referring = [name for name in dict.fromkeys(clauses.placeholders(template.ja)) if name.startswith("ref:")]
    return found | {name: one.printed.of(language) for name, one in zip(referring, line.references, strict=False)}


def with_placeholders(template: str, printed: str, text: str, values: Mapping[str, str]) -> str:
    """The typed text with the template's placeholders wherever it still holds what they printed.

    >>> with_placeholders("直前{liability_months}か月間", "直前12か月間", "直近12か月の間", {"liability_months": "12"})
    '直近{liability_months}か月の間'
    """
    pieces = clauses.PLACEHOLDER.split(template)
    names = pieces[1::2]
    shown = [re.escape(values[name]) if name in values else ".*?" for name in names]
    literal = re.escape(pieces[0]) + "".join(
        f"({value}){re.escape(piece)}" for value, piece in zip(shown, pieces[2::2], strict=True)
    )
    match = re.fullmatch(literal, printed, re.DOTALL)
    if match is None or text == printed:
        return template if match else text
    places = dict(matched(list(printed), list(text), Budget()))
    result, done = "", 0
    for index, name in enumerate(names, 1):
        start, end = match.span(index)
        stop = _kept([places.get(at) for at in range(start, end)], text, done)
        if stop:
            result += f"{text[done : stop - (end - start)]}{{{name}}}"
            done = stop
    return result + text[done:]


def _kept(places: Sequence[int | None], text: str, done: int) -> int:
    """Where a value that stands whole in the new text ends; 0 where it does not, or is part of a longer figure."""
    first = places[0] if places else None
    if first is None or first < done or list(places) != list(range(first, first + len(places))):
        return 0
    stop = first + len(places)
    longer_before = text[first].isdigit() and _FIGURE_BEFORE.search(text[:first])
    longer_after = text[stop - 1].isdigit() and _FIGURE_AFTER.match(text[stop:])
    return 0 if longer_before or longer_after else stop


_NOTHING = Text("", "")
# The 12 of 120, of 1,12 or of 12.5 is another number.
_FIGURE_BEFORE, _FIGURE_AFTER = re.compile(r"[0-9][,.]?\Z"), re.compile(r"[,.]?[0-9]")
