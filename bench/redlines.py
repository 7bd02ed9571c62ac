"""Redlines of two versions of a contract of forty pages, every clause of it changed; and of one left nearly alone.

Forty pages in both languages side by side are some 36,000 Japanese and 90,000 English characters.
Beside it `difflib` of the standard library, junk off, on the same rows and the same tokens: it may find other matches,
so the answers compared are only that both texts come back. The goal is a second.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import Path

from bench.case import Case
from contributions.core.words import Text
from licensing.core.differences import ADDED, REMOVED, SAME, Run, applied, tokens, undone
from licensing.core.redlines import Row, Section, compare

LIBRARY = Path(__file__).resolve().parent.parent / "demo" / "clauses.json"
JAPANESE_MIN, ENGLISH_MIN = 36_000, 86_000


def cases() -> Iterator[Case]:
    """Every clause changed, and one clause in ten."""
    old = contract()
    for title, every in (("every clause changed", 1), ("one clause in ten changed", 10)):
        new = changed(old, every)
        yield Case(
            f"forty pages, {title}",
            lambda new=new: _read_back(compare(old, new)),
            {"difflib, junk off": lambda new=new: _by_difflib(old, new)},
        )


def contract() -> list[Section]:
    """The clause library over and over, until it fills forty pages."""
    rows = json.loads(LIBRARY.read_text(encoding="utf-8"))["clauses"]
    found: list[Section] = []
    japanese = english = 0
    for at in range(len(rows) * 10):
        row = rows[at % len(rows)]
        texts = [text for one in row["paragraphs"] for text in (one, *one["items"])]
        lines = tuple(Row(Text(str(n), f"{n}."), Text(text["ja"], text["en"])) for n, text in enumerate(texts, 1))
        heading = Text(row["heading"]["ja"], row["heading"]["en"])
        found.append(Section(f"{row['id']}-{at}", Text(f"第{at + 1}条", f"Article {at + 1}"), heading, lines))
        japanese += sum(len(line.text.ja) for line in lines)
        english += sum(len(line.text.en) for line in lines)
        if japanese >= JAPANESE_MIN and english >= ENGLISH_MIN:
            break
    return found


def changed(old: list[Section], every: int) -> list[Section]:
    """The same with words taken out, put in and replaced, from a fixed seed."""
    dice = random.Random(11)
    return [
        Section(
            part.key,
            part.label,
            part.heading,
            tuple(_row(row, dice) for row in part.rows),
        )
        if at % every == 0
        else part
        for at, part in enumerate(old)
    ]


def _row(row: Row, dice: random.Random) -> Row:
    return Row(row.number, Text(*(_edited(row.text.of(language), language, dice) for language in ("ja", "en"))))


def _edited(text: str, language: str, dice: random.Random) -> str:
    parts = tokens(text, language)
    for _ in range(dice.randrange(1, 10)):
        at = dice.randrange(len(parts) + 1)
        if dice.random() < 0.5:
            del parts[at : at + dice.randrange(1, 5)]
        else:
            parts[at:at] = ["利", "用", "者"] if language == "ja" else ["the", " ", "User", " "]
    return "".join(parts)


def _read_back(changes) -> list[tuple[str, str]]:
    return [_both([runs for row in change.rows for runs in (row.ja, row.en)]) for change in changes]


def _both(differences) -> tuple[str, str]:
    """The old text and the new one, as all the differences of a clause give them."""
    return "".join(undone(runs) for runs in differences), "".join(applied(runs) for runs in differences)


def _by_difflib(old: list[Section], new: list[Section]) -> list[tuple[str, str]]:
    found = []
    for before, after in zip(old, new, strict=True):
        differences = []
        for one, two in zip(before.rows, after.rows, strict=True):
            for language in ("ja", "en"):
                differences.append(
                    _runs(tokens(one.text.of(language), language), tokens(two.text.of(language), language))
                )
        found.append(_both(differences))
    return found


def _runs(old: list[str], new: list[str]) -> list[Run]:
    runs = []
    for kind, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            runs.append(Run(SAME, "".join(old[i:j])))
        else:
            runs += [Run(REMOVED, "".join(old[i:j])), Run(ADDED, "".join(new[k:m]))]
    return runs
