from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from contributions.core.errors import Refused
from contributions.core.money import apportion
from licensing.core import claims, games

ROOT = Path(__file__).parents[3]
VECTORS = json.loads((ROOT / "tests" / "vectors" / "games.json").read_text(encoding="utf-8"))


def written(case: dict[str, Any]) -> dict[str, Any]:
    """GAME.json of a vector; long lists of worths stand in the vectors in short."""
    game, players = case["game"], case["game"]["players"]
    coalitions = [
        [player for place, player in enumerate(players) if chosen >> place & 1]
        for chosen in range(1, 1 << len(players))
    ]
    if "minimal_winning" in case:
        winning = [set(one) for one in case["minimal_winning"]]
        return {
            **game,
            "values": {",".join(one): "1" for one in coalitions if any(each <= set(one) for each in winning)},
        }
    if "by_size" in case:
        return {**game, "values": {",".join(one): case["by_size"][len(one)] for one in coalitions}}
    return game


def read(game: dict[str, Any]) -> games.GameFile:
    return games.read(json.dumps(game).encode())


def solved(game: dict[str, Any], method: str, language: str = "en") -> dict[str, Any]:
    return games.answer(read(game), method).document(language)


PUBLISHED = [
    pytest.param(case, method, id=f"{case['name']}-{method}") for case in VECTORS["games"] for method in case["values"]
]


@pytest.mark.parametrize(("case", "method"), PUBLISHED)
def test_published_games_come_out_exactly(case: dict[str, Any], method: str) -> None:
    found, expected = solved(written(case), method), case["values"][method]
    assert found["method"] == f"{method}/1"
    if expected is None:
        assert found["empty"] and found["values"] == {} and found["blocking"]
        return
    assert found["values"] == dict(zip(case["game"]["players"], expected, strict=True))
    assert found["sum"] == str(sum(map(Fraction, expected)))


@pytest.mark.parametrize(
    "case", [case for case in VECTORS["games"] if "least_excess" in case], ids=lambda case: case["name"]
)
def test_the_least_excess_of_published_games(case: dict[str, Any]) -> None:
    found = solved(written(case), "core")
    assert found["least_excess"] == case["least_excess"]
    assert found["empty"] is (Fraction(case["least_excess"]) > 0)


@pytest.mark.parametrize("case", VECTORS["apportionment"], ids=lambda case: str(case["total"]))
def test_published_values_become_whole_units(case: dict[str, Any]) -> None:
    keys = [f"{place:02d}" for place in range(len(case["shares"]))]
    assert apportion(case["total"], [Fraction(share) for share in case["shares"]], keys) == case["units"]


def test_an_empty_core_names_the_coalitions_that_block_it() -> None:
    found = solved({"players": ["A", "B", "C"], "quota": "2", "weights": ["1", "1", "1"]}, "core")
    assert [row["players"] for row in found["blocking"]] == [["A", "B"], ["A", "C"], ["B", "C"]]
    assert {row["weight"] for row in found["blocking"]} == {"1/2"}
    assert any("core is empty" in note for note in found["notes"])


def test_the_tables_on_paper_are_those_of_the_code() -> None:
    paper = (ROOT / "docs" / "allocation.md").read_text(encoding="utf-8")
    voting = {"players": ["A", "B", "C"], "quota": "51", "weights": ["50", "49", "1"], "unions": [["B", "C"]]}
    for method in ("shapley", "banzhaf-absolute", "banzhaf", "owen", "nucleolus", "core"):
        found = solved(voting, method)
        figures = " | ".join([*found["values"].values(), found["sum"]])
        assert re.search(rf"^\| `{method}/1`[^|]*\| {re.escape(figures)} \|$", paper, re.M), method
    for method in games.SAMPLED:
        drawn = games.sampled(read(voting), method, seed="2026", samples=10_000).document("en")
        cells = [f"{value} ± {drawn['errors'][player]}" for player, value in drawn["values"].items()]
        assert " | ".join([*cells, drawn["sum"]]) in paper
    for estate in (100, 200, 300, 400):
        game = {"players": ["A", "B", "C"], "estate": str(estate), "claims": ["100", "200", "300"]}
        assert f"| {estate} | " + " | ".join(solved(game, "nucleolus")["values"].values()) + " |" in paper
        awards = [
            rule(Fraction(estate), [Fraction(100), Fraction(200), Fraction(300)]) for rule in claims.METHODS.values()
        ]
        assert f"| {estate} | " + " | ".join(", ".join(map(str, award)) for award in awards) + " |" in paper


# ---- what is said of a game ----
def test_a_game_with_nothing_to_remark_has_no_notes() -> None:
    case = next(case for case in VECTORS["games"] if case["name"] == "reference vector T7")
    assert solved(case["game"], "shapley")["notes"] == []


def test_a_game_that_is_not_superadditive_names_two_coalitions() -> None:
    game = {
        "players": ["A", "B", "C"],
        "values": {"A": "3", "B": "4", "A,B": "5", "A,C": "3", "B,C": "4", "A,B,C": "9"},
    }
    (note,) = solved(game, "shapley")["notes"]
    assert "not superadditive" in note and "{A}" in note and "{B}" in note and "7 apart" in note
    assert "優加法的" in solved(game, "shapley", "ja")["notes"][0]


def test_diminishing_returns_leave_no_imputation_and_no_nucleolus() -> None:
    game = {"players": ["A", "B"], "values": {"A": "10", "B": "10", "A,B": "12"}}
    notes = solved(game, "prenucleolus")["notes"]
    assert any("no imputation" in note for note in notes) and any("core is empty" in note for note in notes)
    with pytest.raises(Refused) as refused:
        solved(game, "nucleolus")
    assert refused.value.code == "no-imputation"


def test_two_disjoint_winners_make_a_voting_game_not_superadditive() -> None:
    notes = solved({"players": ["A", "B", "C"], "quota": "1", "weights": ["1", "1", "0"]}, "shapley")["notes"]
    assert any("not superadditive" in note for note in notes)


def test_a_game_of_costs_says_what_its_figures_mean() -> None:
    game = {"players": ["A", "B"], "costs": ["8", "11"]}
    for method in ("shapley", "nucleolus", "core"):
        found = solved(game, method)
        assert found["sum"] == "11" and "costs" in found["notes"][0]
    assert solved(game, "core")["values"]["A"] == solved(game, "nucleolus")["values"]["A"] == "4"


def test_owen_without_unions_says_that_it_is_shapley() -> None:
    game = {"players": ["A", "B", "C"], "quota": "51", "weights": ["50", "49", "1"]}
    found = solved(game, "owen")
    assert found["values"] == solved(game, "shapley")["values"]
    assert any("Shapley" in note for note in found["notes"])


@pytest.mark.parametrize("count", [16, 18])
def test_large_lists_of_worths_say_what_was_not_looked_at(count: int) -> None:
    players = [f"p{place}" for place in range(count)]
    found = solved({"players": players, "values": {",".join(players): "1", "p0,p1": "1"}}, "shapley")
    assert sum(map(Fraction, found["values"].values())) == 1
    assert any("superadditivity was looked at" in note for note in found["notes"])
    assert any("core was not looked at" in note for note in found["notes"]) is (count > 16)


# ---- many players ----
def test_many_voters_are_counted_exactly() -> None:
    players = [f"p{place}" for place in range(51)]
    found = solved(
        {"players": players, "quota": "270", "weights": [str(3 + place % 13) for place in range(51)]}, "shapley"
    )
    assert found["method"] == "shapley/1" and found["sum"] == "1"
    assert found["values"]["p0"] == found["values"]["p13"]


def test_a_table_of_more_than_25_players_is_refused_with_the_way_out() -> None:
    game = read({"players": [f"p{place}" for place in range(26)], "costs": ["1"] * 26})
    assert games.answer(game, "shapley").document("en")["values"]["p0"] == "1/26"
    with pytest.raises(Refused) as refused:
        games.answer(game, "nucleolus")
    assert "26" in refused.value.text("en") and "標本" in refused.value.text("ja")


def test_a_sample_never_bears_the_name_of_an_exact_value() -> None:
    game = read({"players": ["A", "B", "C"], "quota": "51", "weights": ["50", "49", "1"]})
    found = games.sampled(game, "shapley", seed="2026", samples=400).document("ja")
    assert found["method"] == "shapley-sampled/1" and (found["seed"], found["samples"]) == ("2026", 400)
    assert found["sum"] == "1" and set(found["errors"]) == {"A", "B", "C"}
    assert "標本" in found["notes"][0]
    assert abs(Fraction(found["values"]["A"]) - Fraction(2, 3)) < 5 * Fraction(found["errors"]["A"])


def test_only_two_methods_can_be_sampled() -> None:
    with pytest.raises(games.NotSampled):
        games.sampled(read({"players": ["A"], "costs": ["1"]}), "nucleolus", seed="1", samples=10)


# ---- the command ----
NO_DJANGO = """
import runpy, sys
class Wall:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"django", *%r}:
            raise ImportError(name)
sys.meta_path.insert(0, Wall())
sys.argv = ["games", *%r]
runpy.run_module("licensing.core.games", run_name="__main__", alter_sys=True)
"""


def command(*arguments: str, without: tuple[str, ...] = (), **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "DJANGO"))}
    return subprocess.run(
        [sys.executable, "-c", NO_DJANGO % (without, list(arguments))],
        cwd=ROOT,
        env={**kept, **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture
def voting(tmp_path: Path) -> str:
    path = tmp_path / "game.json"
    path.write_text('{"players": ["甲", "B b", "C"], "quota": "51", "weights": ["50", "49", "1"]}', encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("without", [(), ("numpy",)], ids=["numpy", "plain"])
def test_the_command_needs_no_django_and_no_numpy(voting: str, without: tuple[str, ...]) -> None:
    for method, first in (("shapley", "2/3"), ("banzhaf", "3/5"), ("nucleolus", "1"), ("core", "1"), ("owen", "2/3")):
        done = command(voting, "--method", method, without=without)
        assert (done.returncode, done.stderr) == (0, "")
        found = json.loads(done.stdout)
        assert found["values"]["甲"] == first and found["method"] == f"{method}/1"


@pytest.mark.parametrize(("language", "sentence"), [("ja_JP.UTF-8", "小数点数"), ("C", "floating-point")])
def test_a_refusal_is_a_sentence_on_standard_error_and_exit_2(tmp_path: Path, language: str, sentence: str) -> None:
    path = tmp_path / "game.json"
    path.write_text('{"players": ["A", "B"], "values": {"A": 0.5}}', encoding="utf-8")
    done = command(str(path), "--method", "shapley", LANG=language)
    assert (done.returncode, done.stdout) == (2, "")
    assert sentence in done.stderr and "0.5" in done.stderr


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    done = command(str(tmp_path / "no.json"), "--method", "core")
    assert done.returncode == 2 and "cannot be read" in done.stderr


def test_a_sample_is_the_same_on_every_run(voting: str) -> None:
    asked = (voting, "--method", "banzhaf-absolute", "--seed", "a", "--samples", "50")
    first, second = command(*asked), command(*asked, without=("numpy",))
    assert first.stdout == second.stdout
    assert json.loads(first.stdout)["method"] == "banzhaf-absolute-sampled/1"
