"""How 条・項・号 and their English counterparts are numbered, how a reference to one reads, and how it is read back.

Two presets, and an agreement names its own: `house` as most companies write (第1条 / 2 / （1）; Article 1 / 2. / (1)),
`statute` as laws are written (第一条 / ２ / 一, 項 1 unnumbered; 1 / 1.2 / (a)). Numbers are text from the start, so a
page, a PDF and a word-processor file cannot number differently.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from contributions.core.words import Text

HOUSE, STATUTE = "house", "statute"
PRESETS = {
    HOUSE: Text("社内式（第1条・2・（1））", "House style (Article 1 / 2. / (1))"),
    STATUTE: Text("法令式（第一条・２・一）", "Statute style (1 / 1.2 / (a))"),
}
_DIGITS = "〇一二三四五六七八九"
_TENS = ("", "十", "百", "千")
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
_NONE = Text("", "")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a reference points: 条, and perhaps 項 and 号, as numbers."""

    article: int | None
    paragraph: int | None = None
    item: int | None = None


@dataclass(frozen=True, slots=True)
class Style:
    """One preset: the words for each level, and for a reference."""

    article: Callable[[int], Text]
    chapter: Callable[[int], Text]
    paragraph: Callable[[int, int, bool], Text]
    item: Callable[[int], Text]
    reference: Callable[[int, Place], Text]


def style(preset: str) -> Style:
    """The preset of that name.

    >>> style("statute").article(12).ja, style("house").article(12).en
    ('第十二条', 'Article 12')
    """
    return _STYLES[preset]


def kanji(number: int) -> str:
    """A number below 10,000 as statutes write it.

    >>> kanji(1), kanji(10), kanji(21), kanji(105), kanji(1230)
    ('一', '十', '二十一', '百五', '千二百三十')
    """
    assert 0 < number < 10_000
    places = [(int(digit), place) for place, digit in enumerate(reversed(str(number)))]
    words = [
        ("" if digit == 1 and place else _DIGITS[digit]) + _TENS[place] for digit, place in reversed(places) if digit
    ]
    return "".join(words)


def read_kanji(text: str) -> int:
    """What `kanji` wrote.

    >>> read_kanji("二十一")
    21
    """
    total, pending = 0, 0
    for character in text:
        if character in _TENS[1:]:
            total, pending = total + (pending or 1) * 10 ** _TENS.index(character), 0
        else:
            pending = _DIGITS.index(character)
    return total + pending


def letter(number: int) -> str:
    """The letter of an item: a … z, then aa.

    >>> letter(1), letter(26), letter(27)
    ('a', 'z', 'aa')
    """
    rest = (number - 1) // 26
    return (letter(rest) if rest else "") + chr(ord("a") + (number - 1) % 26)


def read_reference(text: str, language: str) -> Place | None:
    """Where a printed reference points, taken from the print alone; `None` if it is no reference.

    >>> read_reference("第8条第2項", "ja") == read_reference("Article 8, paragraph 2", "en") == Place(8, 2)
    True
    """
    for pattern in _READ_JA if language == "ja" else _READ_EN:
        if match := pattern.fullmatch(text):
            return Place(*(_number(match[name]) for name in ("article", "paragraph", "item")))
    return None


def _house_paragraph(article: int, number: int, several: bool) -> Text:
    return Text(str(number), f"{number}.") if several else _NONE


def _statute_paragraph(article: int, number: int, several: bool) -> Text:
    return Text(str(number).translate(_WIDE) if number > 1 else "", f"{article}.{number}" if several else "")


def _house_reference(own: int, place: Place) -> Text:
    article = place.article if place.article != own else None
    parts = [(place.paragraph, "第{}項", "paragraph {}"), (place.item, "第{}号", "item ({})")]
    ja = f"第{article}条" if article is not None else ""
    en = [f"Article {article}"] if article is not None else []
    for number, words_ja, words_en in parts:
        if number is not None:
            ja, en = ja + words_ja.format(number), [*en, words_en.format(number)]
    return Text(ja, ", ".join(en)) if en else THIS


def _statute_reference(own: int, place: Place) -> Text:
    if place == Place(own):
        return THIS
    assert place.article is not None
    ja = f"第{kanji(place.article)}条" if place.article != own else ""
    en = f"Article {place.article}"
    if place.paragraph is not None:
        ja += f"第{kanji(place.paragraph)}項"
        en += f".{place.paragraph}"
    if place.item is not None:
        ja, en = ja + f"第{kanji(place.item)}号", en + f"({letter(place.item)})"
    return Text(ja, en)


THIS = Text("本条", "this Article")
_STYLES = {
    HOUSE: Style(
        article=lambda n: Text(f"第{n}条", f"Article {n}"),
        chapter=lambda n: Text(f"第{n}章", f"Chapter {n}"),
        paragraph=_house_paragraph,
        item=lambda n: Text(f"（{n}）", f"({n})"),
        reference=_house_reference,
    ),
    STATUTE: Style(
        article=lambda n: Text(f"第{kanji(n)}条", f"{n}"),
        chapter=lambda n: Text(f"第{kanji(n)}章", f"Chapter {n}"),
        paragraph=_statute_paragraph,
        item=lambda n: Text(kanji(n), f"({letter(n)})"),
        reference=_statute_reference,
    ),
}
_N = r"[0-9]+|[〇一二三四五六七八九十百千]+"
_READ_JA = (
    re.compile(rf"(?:第(?P<article>{_N})条)?(?:第(?P<paragraph>{_N})項)?(?:第(?P<item>{_N})号)?"),
    re.compile(r"(?P<article>)(?P<paragraph>)(?P<item>)本条"),
)
_READ_EN = (
    re.compile(
        r"(?:Article (?P<article>[0-9]+)(?:, )?)?(?:paragraph (?P<paragraph>[0-9]+)(?:, )?)?"
        r"(?:item \((?P<item>[0-9]+)\))?"
    ),
    re.compile(r"Article (?P<article>[0-9]+)(?:\.(?P<paragraph>[0-9]+))?(?:\((?P<item>[a-z]+)\))?"),
    re.compile(r"(?P<article>)(?P<paragraph>)(?P<item>)this Article"),
)


def _number(text: str | None) -> int | None:
    if not text:
        return None
    if text.isascii() and text.isalpha():
        total = 0
        for character in text:
            total = total * 26 + ord(character) - ord("a") + 1
        return total
    return int(text) if text.isdecimal() else read_kanji(text)
