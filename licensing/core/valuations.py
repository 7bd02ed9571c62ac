"""Tables of coalition values, read from CSV or JSON: complete, whole numbers, each coalition once; all faults by row.

A table says what each group of members would be worth alone, as ablation or proxy runs found it. It is looked up, never
guessed, so every coalition but the empty one, whose worth is 0, must stand in it. CSV has the heads `coalition` and
`value`, members joined by +, commas or spaces; JSON is {"players": ["a", "b"], "values": {"a": "1", "b": 2, "a,b": 5}}.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from contributions.core import canonical
from contributions.core.errors import Finding, Refused
from contributions.core.words import Text

PLAYERS_MAX = 16
DIGITS_MAX = 18
MISSING_TOLD_MAX = 20
_WHOLE = re.compile(rf"-?[0-9]{{1,{DIGITS_MAX}}}")
_SPLIT = re.compile(r"[,+＋、\s]+")
JOINT = ","

Row = tuple[int | None, str, Any]
"""Line, coalition as it is written, value as it is written."""


class BadValuation(Refused):
    """Holds every finding; the sentence tells the first and how many there are."""

    code = "bad-valuation"
    ja = "提携の値の表に {count} 件の誤りがあります。何も登録していません。{first}"
    en = "The table of coalition values has {count} faults. Nothing was entered. {first}"

    def __init__(self, findings: list[Finding]) -> None:
        self.findings = findings
        super().__init__(count=len(findings), first=Text(findings[0].text("ja"), findings[0].text("en")))


@dataclass(frozen=True, slots=True)
class Table:
    """Players in order, and the worth of every coalition as the text of an integer, keyed "a,b"."""

    players: tuple[str, ...]
    values: Mapping[str, str]

    @property
    def sha256(self) -> str:
        """The address by which a policy names the table: over its canonical JSON."""
        return address(self.players, self.values)


def address(players: Iterable[str], values: Mapping[str, str]) -> str:
    """SHA-256 of the canonical bytes of {"players": […], "values": {…}}."""
    return canonical.digest({"players": sorted(players), "values": dict(values)})


def read_csv(content: bytes, *, members: Collection[str]) -> Table:
    """A table from a spreadsheet's CSV; its first line holds the heads `coalition` and `value`."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadValuation([_fault(None, "file", _UTF8)]) from None
    rows = list(csv.reader(io.StringIO(text)))
    heads = [head.strip().lower() for head in rows[0]] if rows else []
    if not {"coalition", "value"} <= set(heads):
        raise BadValuation([_fault(1, "file", _HEADS)])
    coalition, value = heads.index("coalition"), heads.index("value")
    listed: list[Row] = []
    for line, row in enumerate(rows[1:], 2):
        if any(cell.strip() for cell in row):
            padded = [*row, "", ""]
            listed.append((line, padded[coalition] if coalition < len(row) else "", padded[value].strip()))
    players = sorted({player for _, written, _ in listed for player in _split(written)})
    return _table(players, listed, members=members)


def read_json(content: bytes, *, members: Collection[str]) -> Table:
    """A table from JSON; a key that stands twice is a fault, where a plain reader would keep the last."""
    try:
        pairs = json.loads(content.decode("utf-8-sig"), object_pairs_hook=lambda found: found)
        stated = dict(pairs)
        players, values = list(stated["players"]), list(stated["values"])
        assert all(isinstance(player, str) for player in players) and all(len(pair) == 2 for pair in values)
    except (ValueError, KeyError, TypeError, AssertionError):
        raise BadValuation([_fault(None, "file", _JSON)]) from None
    rows: list[Row] = [(place, key, value) for place, (key, value) in enumerate(values, 1)]
    return _table(sorted(set(players)), rows, members=members, named=True)


def _table(players: list[str], rows: list[Row], *, members: Collection[str], named: bool = False) -> Table:
    """The rows as a table, once nothing is wrong with any of them."""
    found = [_fault(None, player, _STRANGER) for player in players if player not in members]
    if not 1 <= len(players) <= PLAYERS_MAX:
        raise BadValuation([*found, _fault(None, str(len(players)), _HOW_MANY)])
    values: dict[str, str] = {}
    first: dict[str, int | None] = {}
    for line, written, value in rows:
        listed = _split(written)
        key = JOINT.join(sorted(set(listed)))
        faults = _faults(line, written, listed, value, players if named else listed)
        if not faults and key in values:
            faults = [
                _fault(line, key, Text(f"{first[key]} 行目と同じ提携です。", f"Row {first[key]} holds it already."))
            ]
        if not faults:
            values[key], first[key] = str(int(str(value))), line
        found += faults
    wanted = {JOINT.join(group) for size in range(1, len(players) + 1) for group in combinations(players, size)}
    missing = sorted(wanted - set(values), key=lambda key: (key.count(JOINT), key))
    told = [_fault(None, key, _MISSING) for key in missing[:MISSING_TOLD_MAX]] if not found else []
    if told and len(missing) > len(told):
        rest = len(missing) - len(told)
        told.append(_fault(None, "…", Text(f"ほかに {rest} 件の提携がありません。", f"{rest} more are missing.")))
    if found or told:
        raise BadValuation(found + told)
    return Table(tuple(players), {key: values[key] for key in sorted(wanted)})


def _faults(line: int | None, written: str, listed: list[str], value: Any, players: Collection[str]) -> list[Finding]:
    found = []
    if not listed:
        found.append(_fault(line, written or "–", _EMPTY))
    if len(set(listed)) != len(listed):
        found.append(_fault(line, written, _TWICE))
    found += [_fault(line, player, _NOT_A_PLAYER) for player in sorted(set(listed) - set(players))]
    if isinstance(value, bool) or not isinstance(value, (int, str)) or not _WHOLE.fullmatch(str(value)):
        found.append(_fault(line, str(value)[:40] or "–", _NOT_WHOLE))
    return found


def _split(written: str) -> list[str]:
    return [part for part in _SPLIT.split(written.strip()) if part]


def _fault(line: int | None, field: str, said: Text) -> Finding:
    where_ja, where_en = (f"{line} 行目：", f"Row {line}: ") if line else ("", "")
    return Finding(
        line, field, "bad-valuation-row", "{where}「{field}」{said}", "{where}“{field}” {said}",
        {"where": Text(where_ja, where_en), "field": field, "said": said},
    )  # fmt: skip


_UTF8 = Text("は UTF-8 ではありません。", "is not UTF-8.")
_HEADS = Text(
    "の1行目に coalition と value の列名がありません。", "lacks the heads coalition and value in its first line."
)
_JSON = Text(
    'を読めません。{"players": […], "values": {"a": "1", …}} の形にしてください。',
    'cannot be read. Write {"players": […], "values": {"a": "1", …}}.',
)
_STRANGER = Text("はこの日の会員ではありません。", "is no member of the day.")
_HOW_MANY = Text(f"会員の数は 1 から {PLAYERS_MAX} までです。", f"players: from 1 to {PLAYERS_MAX} are possible.")
_EMPTY = Text(
    "提携に会員がありません（空の提携の値は 0 と決まっています）。", "names nobody (the empty coalition is worth 0)."
)
_TWICE = Text("同じ会員が二度あります。", "names a member twice.")
_NOT_A_PLAYER = Text("は players にありません。", "is not among the players.")
_NOT_WHOLE = Text(
    f"値は{DIGITS_MAX}桁までの整数にしてください。小数・指数は使えません。",
    f"is no whole number of up to {DIGITS_MAX} digits; decimals are not used.",
)
_MISSING = Text("の値がありません。", "has no value.")
