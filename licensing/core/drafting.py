"""A clause as it is typed: a box for each language, an empty line between paragraphs, a dash before each item.

What is typed is read into the clause's paragraphs, the two languages side by side; a structure that differs is said,
not guessed. The variables a clause asks for are those it uses.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from contributions.core.errors import Refused
from contributions.core.words import Text
from licensing.core import clauses
from licensing.core.clauses import ClauseVersion

TEXT_MAX = 20_000
_ITEM = re.compile(r"[-‐−ー・•]\s*")


class StructureDiffers(Refused):
    code = "structure-differs"
    ja = "両言語の構成が一致しません。日本語は{japanese}、英語は{english}です。"
    en = "The two languages are built differently: Japanese has {japanese}, English {english}."


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that stayed, came, or went."""

    kind: str
    text: str


def document(
    name: str, family: str, heading: Text, text: Text, *, condition: str = "", version: int = 1
) -> dict[str, object]:
    """The clause's document, from what was typed."""
    paragraphs = read(text)
    texts = [heading, *(Text(str(one["ja"]), str(one["en"])) for one in _flat(paragraphs))]
    names = {name for one in texts for side in (one.ja, one.en) for name in clauses.placeholders(side)}
    return {
        "id": name,
        "family": family,
        "version": version,
        "heading": {"ja": heading.ja.strip(), "en": heading.en.strip()},
        "paragraphs": paragraphs,
        "variables": sorted(name for name in names if not name.startswith("ref:")),
        "condition": condition.strip() or None,
    }


def read(text: Text) -> list[dict[str, object]]:
    """The paragraphs and items of both languages, paired in order.

    >>> read(Text("次のとおり。\\n- 一", "As follows:\\n- one"))[0]["items"]
    [{'ja': '一', 'en': 'one'}]
    """
    japanese, english = _blocks(text.ja), _blocks(text.en)
    if [len(block) for block in japanese] != [len(block) for block in english]:
        raise StructureDiffers(japanese=_shape(japanese), english=_shape(english))
    return [
        {
            **_pair(ja[0], en[0]),
            "items": [_pair(*item) for item in zip(ja[1:], en[1:], strict=True)],
        }
        for ja, en in zip(japanese, english, strict=True)
    ]


def typed(version: ClauseVersion) -> Text:
    """The clause as it would be typed; `read` takes it back."""
    return Text(_typed(version, "ja"), _typed(version, "en"))


def changes(before: str, after: str) -> list[Piece]:
    """What changed between two wordings, character by character in Japanese, word by word where words are spaced.

    >>> [(piece.kind, piece.text) for piece in changes("30日以内", "60日以内")]
    [('went', '3'), ('came', '6'), ('stayed', '0日以内')]
    """
    old, new = _tokens(before), _tokens(after)
    pieces: list[Piece] = []
    for kind, i, j, k, n in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(Piece("stayed", "".join(old[i:j])))
            continue
        pieces += [Piece("went", "".join(old[i:j]))] if j > i else []
        pieces += [Piece("came", "".join(new[k:n]))] if n > k else []
    return pieces


def compared(before: ClauseVersion, after: ClauseVersion) -> list[Mapping[str, object]]:
    """Two versions place by place: where, and the pieces of each language; places that stayed whole are left out."""
    old, new = dict(before.texts()), dict(after.texts())
    rows: list[Mapping[str, object]] = []
    for place in dict.fromkeys([*new, *old]):
        was, now = old.get(place, _NOTHING), new.get(place, _NOTHING)
        if was != now:
            rows.append({"place": place, "ja": changes(was.ja, now.ja), "en": changes(was.en, now.en)})
    if before.condition != after.condition:
        pieces = changes(before.condition or "", after.condition or "")
        rows.append({"place": "condition", "ja": pieces, "en": pieces})
    return rows


def _blocks(text: str) -> list[list[str]]:
    """Paragraphs, each with its items; a line that goes on without a dash belongs to what stands before it."""
    blocks: list[list[str]] = []
    fresh = True
    for line in text.replace("\r\n", "\n").split("\n"):
        line = line.strip(" \t\u3000")
        if not line:
            fresh = True
        elif match := _ITEM.match(line):
            blocks[-1].append(line[match.end() :]) if blocks else blocks.append([line])
            fresh = False
        elif fresh:
            blocks.append([line])
            fresh = False
        else:
            joint = " " if blocks[-1][-1][-1:].isascii() and line[:1].isascii() else ""
            blocks[-1][-1] += joint + line
    return blocks


def _typed(version: ClauseVersion, language: str) -> str:
    return "\n\n".join(
        "\n".join([one.text.of(language), *(f"- {item.of(language)}" for item in one.items)])
        for one in version.paragraphs
    )


def _shape(blocks: list[list[str]]) -> Text:
    counts = [str(len(block) - 1) for block in blocks]
    ja = f"{len(blocks)}項（号の数：{'、'.join(counts)}）" if blocks else "0項"
    en = f"paragraphs: {len(blocks)}, items in each: {', '.join(counts)}" if blocks else "no paragraph"
    return Text(ja, en)


def _tokens(text: str) -> list[str]:
    return re.findall(r"[A-Za-z0-9,.’'-]+|\s+|.", text) if " " in text else list(text)


def _flat(paragraphs: list[dict[str, object]]) -> list[Mapping[str, object]]:
    flat: list[Mapping[str, object]] = []
    for paragraph in paragraphs:
        items = paragraph["items"]
        assert isinstance(items, list)
        flat += [paragraph, *items]
    return flat


def _pair(ja: str, en: str) -> dict[str, object]:
    return {"ja": ja, "en": en}


_NOTHING = Text("", "")
