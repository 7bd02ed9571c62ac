from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest

from contributions.core.errors import Refused
from licensing.core import game_files
from licensing.core.named_games import Voting, Worths


def read(document: Any) -> game_files.GameFile:
    return game_files.read(json.dumps(document).encode())


def test_a_coalition_may_be_named_in_any_order_and_numbers_in_three_ways() -> None:
    game = read({"players": ["A", "B"], "values": {"": "0", "A": 2, "B": "0.5", "B,A": "10/3"}}).game
    assert isinstance(game, Worths)
    assert [game.worth(place) for place in range(4)] == [0, 2, Fraction(1, 2), Fraction(10, 3)]


def test_a_name_may_hold_anything_but_a_comma() -> None:
    game = read({"players": ["株式会社 甲", ' "q" ', "{x}", "%s"], "values": {'株式会社 甲, "q" ,{x}': "-1"}}).game
    assert game.worth(0b0111) == -1


def test_unions_become_coalitions() -> None:
    file = read({"players": ["A", "B", "C"], "quota": "2", "weights": ["1", "1", "1"], "unions": [["C", "A"], ["B"]]})
    assert file.unions == (0b101, 0b010) and isinstance(file.game, Voting)


TWO = {"players": ["A", "B"]}
WRONG = {
    "no form": (TWO, "exactly one of"),
    "two forms": ({**TWO, "costs": ["1", "2"], "values": {}}, "exactly one of"),
    "an unknown field": ({**TWO, "values": {}, "worths": {}}, "exactly one of"),
    "quota without weights": ({**TWO, "quota": "1"}, "exactly one of"),
    "no players": ({"values": {}}, "players"),
    "an empty list of players": ({"players": [], "values": {}}, "players"),
    "players twice": ({"players": ["A", "A"], "values": {}}, "differ"),
    "a comma in a name": ({"players": ["A,B", "C"], "values": {}}, "comma"),
    "an empty name": ({"players": ["", "C"], "values": {}}, "empty"),
    "a lone surrogate": ({"players": ["\ud800"], "values": {}}, "players"),
    "a number as a name": ({"players": [1, 2], "values": {}}, "players"),
    "a coalition twice": ({**TWO, "values": {"A,B": "1", "B,A": "1"}}, "once"),
    "a player twice in a coalition": ({**TWO, "values": {"A,A": "1"}}, "once in a coalition"),
    "an unknown player": ({**TWO, "values": {"A,X": "1"}}, "Use only the names"),
    "a space after a comma": ({**TWO, "values": {"A, B": "1"}}, "Use only the names"),
    "nobody worth something": ({**TWO, "values": {"": "1"}}, "nobody is worth 0"),
    "values as a list": ({**TWO, "values": ["1"]}, "map coalitions"),
    "a word as a number": ({**TWO, "values": {"A": "one"}}, "Write numbers as text"),
    "NaN as text": ({**TWO, "values": {"A": "NaN"}}, "Write numbers as text"),
    "an exponent": ({**TWO, "values": {"A": "1e3"}}, "Write numbers as text"),
    "full-width digits": ({**TWO, "values": {"A": "１"}}, "Write numbers as text"),
    "a division by zero": ({**TWO, "values": {"A": "1/0"}}, "Write numbers as text"),
    "true": ({**TWO, "values": {"A": True}}, "Write numbers as text"),
    "null": ({**TWO, "values": {"A": None}}, "Write numbers as text"),
    "a huge integer": ({**TWO, "values": {"A": 10**40}}, "Write numbers as text"),
    "too few weights": ({**TWO, "quota": "1", "weights": ["1"]}, "one for each player"),
    "a negative weight": ({**TWO, "quota": "1", "weights": ["1", "-1"]}, "0 or more"),
    "a quota of nothing": ({**TWO, "quota": "0", "weights": ["1", "1"]}, "more than 0"),
    "weights as a table": ({**TWO, "quota": "1", "weights": {"A": "1"}}, "one for each player"),
    "an estate beyond the claims": ({**TWO, "estate": "9", "claims": ["1", "2"]}, "must not exceed"),
    "a negative claim": ({**TWO, "estate": "0", "claims": ["1", "-1"]}, "0 or more"),
    "a negative estate": ({**TWO, "estate": "-1", "claims": ["1", "1"]}, "0 or more"),
    "a negative cost": ({**TWO, "costs": ["1", "-1"]}, "0 or more"),
    "a glove on both hands": ({**TWO, "left": ["A"], "right": ["A", "B"]}, "two of them"),
    "an unknown glove": ({**TWO, "left": ["X"], "right": ["B"]}, "Use only the names"),
    "gloves as text": ({**TWO, "left": "A", "right": ["B"]}, "Use only the names"),
    "unions that overlap": ({**TWO, "costs": ["1", "2"], "unions": [["A"], ["A", "B"]]}, "two of them"),
    "an unknown union": ({**TWO, "costs": ["1", "2"], "unions": [["X"]]}, "Use only the names"),
    "unions as text": ({**TWO, "costs": ["1", "2"], "unions": "A"}, "list of lists"),
}


@pytest.mark.parametrize(("document", "said"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_refused_with_where_and_how_to_mend_it(document: Any, said: str) -> None:
    with pytest.raises(game_files.BadGame) as refused:
        read(document)
    assert said in refused.value.text("en")
    assert refused.value.text("ja").startswith("ゲームの「")


TEXTS = {
    "a float": ('{"players": ["A"], "values": {"A": 1.0}}', "1.0"),
    "an exponent": ('{"players": ["A"], "values": {"A": 1e2}}', "1e2"),
    "NaN": ('{"players": ["A"], "values": {"A": NaN}}', "NaN"),
    "Infinity": ('{"players": ["A"], "values": {"A": -Infinity}}', "-Infinity"),
    "a key twice": ('{"players": ["A"], "values": {"A": "1", "A": "1"}}', "stands twice"),
    "a form twice": ('{"players": ["A"], "players": ["B"], "costs": ["1"]}', "stands twice"),
    "no JSON": ("players: A", "does not parse"),
    "a list": ("[]", "not an object"),
    "too deep": ("[" * 100_000, "does not parse"),
    "braces in a key": ('{"players": ["A"], "{0}": 1, "{0}": 2}', "{0}"),
}


@pytest.mark.parametrize(("text", "said"), TEXTS.values(), ids=TEXTS)
def test_what_is_not_exact_json_is_refused(text: str, said: str) -> None:
    with pytest.raises(Refused) as refused:
        game_files.read(text.encode())
    assert refused.value.code == "not-a-game"
    assert said in refused.value.text("en")
    assert "ゲームのファイルを読めません" in refused.value.text("ja")


def test_bytes_that_are_not_utf_8_are_refused() -> None:
    with pytest.raises(game_files.NotAGame):
        game_files.read('{"players": ["甲"], "costs": ["1"]}'.encode("cp932"))
