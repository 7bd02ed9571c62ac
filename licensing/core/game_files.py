"""GAME.json: one of five forms of game, read strictly. Whatever is doubtful is refused, with where and how to mend it.

    {"players": ["A","B","C"], "values": {"A": "1", "A,B": "50"}}      worths; a coalition not listed is worth 0
    {"players": […], "quota": "51", "weights": ["50","49","1"]}        weighted voting
    {"players": […], "estate": "200", "claims": ["100","200","300"]}   bankruptcy
    {"players": […], "costs": ["8","11","13","18"]}                    airport, a game of costs
    {"players": […], "left": ["A"], "right": ["B","C"]}                gloves

and with each, for the Owen value, optional "unions": [["B","C"]]. Numbers are text ("2", "0.05", "1/3") or whole JSON
numbers; floats are not exact and are refused. A player's name may hold anything but a comma.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from contributions.core.errors import Refused
from contributions.core.words import Text
from licensing.core.decimals import NotADecimal, decimal
from licensing.core.named_games import Airport, Bankruptcy, Game, Gloves, Voting, Worths

INTEGER_DIGITS_MAX = 30


class BadGame(Refused):
    code = "bad-game"
    ja = "ゲームの「{where}」が正しくありません（{value}）。{mend}"
    en = "The game’s “{where}” is not right ({value}). {mend}"


class NotAGame(Refused):
    code = "not-a-game"
    ja = "ゲームのファイルを読めません：{reason}。"
    en = "This is not a file of a game: {reason}."


@dataclass(frozen=True, slots=True)
class GameFile:
    """What a file holds: the game, and the unions, each a coalition."""

    game: Game
    unions: tuple[int, ...]


_PARSE = Text("JSONとして読めません（UTF-8のJSONにしてください）", "it does not parse as JSON in UTF-8")
_OBJECT = Text("最も外側が {…} の形ではありません", "its outermost value is not an object {…}")
_FLOAT = Text(
    '{value} は浮動小数点数です。"0.05" または "1/3" のように文字列で書いてください',
    'it holds the floating-point number {value}; write it as text, such as "0.05" or "1/3"',
)
_TWICE = Text("項目「{value}」が二度あります", "the key “{value}” stands twice")
_FORM = Text(
    "values、quota と weights、estate と claims、costs、left と right のどれか一組だけを書いてください。",
    "Give exactly one of: values; quota and weights; estate and claims; costs; left and right.",
)
_NUMBER = Text('数は "2"、"0.05"、"1/3" のような文字列にしてください。', 'Write numbers as text: "2", "0.05" or "1/3".')
_NOT_NEGATIVE = Text("0 以上の数にしてください。", "It must be 0 or more.")
_POSITIVE = Text("0 より大きい数にしてください。", "It must be more than 0.")
_EACH = Text("プレイヤー一人に一つずつ、同じ順に並べてください。", "List one for each player, in their order.")
_NAMES = Text(
    "コンマを含まない空でない名を、重ならないように並べてください。",
    "List names that are not empty, hold no comma and differ from each other.",
)
_KNOWN = Text("players にある名だけを使ってください。", "Use only the names in players.")
_ONCE = Text("同じ提携を二度書かないでください（順序は問いません）。", "Name each coalition once, in whatever order.")
_SAME = Text("一つの提携に同じ名を二度書かないでください。", "Name each player once in a coalition.")
_NOBODY = Text("誰もいない提携の値は 0 です。", "The coalition of nobody is worth 0.")
_APART = Text("一人が二つに属することはできません。", "Nobody can be in two of them.")
_ENOUGH = Text(
    "estate（分ける総額）は請求額の合計以下にしてください（空の提携の値が 0 になるため）。",
    "The estate must not exceed the sum of the claims: the coalition of nobody is worth 0.",
)


def read(data: bytes) -> GameFile:
    """The game of a file's bytes."""
    document = _parsed(data)
    players = _players(document.get("players"))
    form = _FORMS.get(frozenset(document) - {"players", "unions"})
    if form is None:
        raise _bad("players, …", ", ".join(sorted(document)), _FORM)
    return GameFile(form(players, document), _unions(players, document.get("unions", [])))


# ---- JSON ----
def _parsed(data: bytes) -> Mapping[str, Any]:
    try:
        document = json.loads(
            data.decode("utf-8"), object_pairs_hook=_object, parse_float=_no_float, parse_constant=_no_float
        )
    except (ValueError, RecursionError):
        raise NotAGame(reason=_PARSE) from None
    if not isinstance(document, dict):
        raise NotAGame(reason=_OBJECT)
    return document


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        raise _unreadable(_TWICE, next(name for place, name in enumerate(names) if name in names[:place]))
    return found


def _no_float(text: str) -> Any:
    raise _unreadable(_FLOAT, text)


def _unreadable(reason: Text, value: str) -> NotAGame:
    shown = value[:40]
    return NotAGame(reason=Text(reason.ja.replace("{value}", shown), reason.en.replace("{value}", shown)))


def _bad(where: str, value: object, mend: Text) -> BadGame:
    return BadGame(where=where[:80], value=str(value)[:60], mend=mend)


# ---- players and coalitions ----
def _players(names: Any) -> tuple[str, ...]:
    fine = isinstance(names, list) and names and all(isinstance(name, str) and _is_name(name) for name in names)
    if not fine:
        raise _bad("players", names, _NAMES)
    twice = next((name for place, name in enumerate(names) if name in names[:place]), None)
    if twice is not None:
        raise _bad("players", twice, _NAMES)
    return tuple(names)


def _is_name(name: str) -> bool:
    return bool(name) and "," not in name and not any("\ud800" <= character <= "\udfff" for character in name)


def _coalition(where: str, names: Sequence[Any], places: Mapping[str, int]) -> int:
    found = 0
    for name in names:
        if not isinstance(name, str) or name not in places:
            raise _bad(where, name, _KNOWN)
        bit = 1 << places[name]
        if found & bit:
            raise _bad(where, name, _SAME)
        found |= bit
    return found


def _places(players: Sequence[str]) -> dict[str, int]:
    return {name: place for place, name in enumerate(players)}


def _unions(players: Sequence[str], rows: Any) -> tuple[int, ...]:
    if not isinstance(rows, list) or not all(isinstance(row, list) and row for row in rows):
        raise _bad("unions", rows, Text("名の表の表にしてください。", "It must be a list of lists of names."))
    unions = tuple(_coalition("unions", row, _places(players)) for row in rows)
    if sum(unions).bit_count() != sum(union.bit_count() for union in unions):
        raise _bad("unions", rows, _APART)
    return unions


# ---- numbers ----
def _number(where: str, value: Any) -> Fraction:
    if type(value) is int and abs(value) < 10**INTEGER_DIGITS_MAX:
        return Fraction(value)
    try:
        return decimal(value)
    except NotADecimal:
        raise _bad(where, value, _NUMBER) from None


def _amount(where: str, value: Any) -> Fraction:
    found = _number(where, value)
    if found < 0:
        raise _bad(where, value, _NOT_NEGATIVE)
    return found


def _amounts(where: str, players: Sequence[str], values: Any) -> tuple[Fraction, ...]:
    if not isinstance(values, list) or len(values) != len(players):
        raise _bad(where, len(values) if isinstance(values, list) else values, _EACH)
    return tuple(_amount(f"{where}: {player}", value) for player, value in zip(players, values, strict=True))


# ---- the five forms ----
def _worths(players: tuple[str, ...], document: Mapping[str, Any]) -> Worths:
    rows, places = document["values"], _places(players)
    if not isinstance(rows, dict):
        raise _bad("values", rows, Text("提携ごとの値の表にしてください。", "It must map coalitions to worths."))
    values: dict[int, Fraction] = {}
    for key, value in rows.items():
        where = f"values: {key}"
        coalition = _coalition(where, key.split(",") if key else [], places)
        if coalition in values:
            raise _bad(where, value, _ONCE)
        values[coalition] = _number(where, value)
    if values.pop(0, 0):
        raise _bad("values: ", rows[""], _NOBODY)
    return Worths(players, values)


def _voting(players: tuple[str, ...], document: Mapping[str, Any]) -> Voting:
    quota = _number("quota", document["quota"])
    if quota <= 0:
        raise _bad("quota", document["quota"], _POSITIVE)
    return Voting(players, quota, _amounts("weights", players, document["weights"]))


def _bankruptcy(players: tuple[str, ...], document: Mapping[str, Any]) -> Bankruptcy:
    estate = _amount("estate", document["estate"])
    claims = _amounts("claims", players, document["claims"])
    if estate > sum(claims):
        raise _bad("estate", document["estate"], _ENOUGH)
    return Bankruptcy(players, estate, claims)


def _airport(players: tuple[str, ...], document: Mapping[str, Any]) -> Airport:
    return Airport(players, _amounts("costs", players, document["costs"]))


def _gloves(players: tuple[str, ...], document: Mapping[str, Any]) -> Gloves:
    sides = []
    for name in ("left", "right"):
        if not isinstance(document[name], list):
            raise _bad(name, document[name], _KNOWN)
        sides.append(_coalition(name, document[name], _places(players)))
    left, right = sides
    if left & right:
        raise _bad("left, right", ", ".join(document["left"]), _APART)
    return Gloves(players, left, right)


_FORMS: Mapping[frozenset[str], Callable[[tuple[str, ...], Mapping[str, Any]], Game]] = {
    frozenset({"values"}): _worths,
    frozenset({"quota", "weights"}): _voting,
    frozenset({"estate", "claims"}): _bankruptcy,
    frozenset({"costs"}): _airport,
    frozenset({"left", "right"}): _gloves,
}
