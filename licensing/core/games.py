"""Cooperative games: what each method answers, exact, with its notes; and the command for one game in a file.

    python -m licensing.core.games GAME.json
        --method shapley|banzhaf|banzhaf-absolute|owen|nucleolus|prenucleolus|core

A game says what each coalition of players could do alone. The answer is one value a player, as exact fractions, and
notes where the game is such that the values must be read with care: not superadditive, an empty core, no imputation.
With `--seed` (and `--samples`) Shapley and absolute Banzhaf are sampled, under another identifier. Together with
`verify` this is the only core module that reads files; it needs no Django and no server.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as default
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from contributions.core.errors import Refused
from contributions.core.money import fraction_text
from contributions.core.words import Text
from licensing.core import coalitions, nucleolus, sampling, semivalues
from licensing.core.coalitions import PAIRS_PLAYERS_MAX, PLAYERS_MAX, Table
from licensing.core.game_files import GameFile, read
from licensing.core.named_games import Game, Worths

METHODS = {
    "shapley": "shapley/1",
    "banzhaf": "banzhaf/1",
    "banzhaf-absolute": "banzhaf-absolute/1",
    "owen": "owen/1",
    "nucleolus": "nucleolus/1",
    "prenucleolus": "prenucleolus/1",
    "core": "core/1",
}
SAMPLED = {"shapley": "shapley-sampled/1", "banzhaf-absolute": "banzhaf-absolute-sampled/1"}
ANSWERED, REFUSED = 0, 2
FILE_BYTES_MAX = 512 * 2**20
SAMPLES = 10_000
_CORE_PLAYERS_MAX = 16  # beyond, the core is looked at only when it is asked for

COSTS = Text(
    "値は費用であり、各人が支払う額です（大きいほど不利です）。提携の値もその提携が支払う額として読みます。",
    "The values are costs, to be paid: a larger one is worse. A coalition’s value is what it would pay alone.",
)
NOT_SUPERADDITIVE = Text("優加法的ではありません", "The game is not superadditive")
EMPTY_CORE = Text(
    "コアは空です。どのように分けても、離脱した方が得になる提携があります。",
    "The core is empty: whatever the division, some coalition would gain by leaving.",
)
NO_IMPUTATION = Text(
    "単独で得る値の合計が全員の値を上回るため、個人合理的な分け方がありません。",
    "There is no imputation: what the players are worth alone sums to more than all are worth together.",
)
NO_UNIONS = Text(
    "unions がないため、全員を一人の組とみなしました（シャープレイ値と同じです）。",
    "No unions are given, so each player is a union alone: this is the Shapley value.",
)
SAMPLED_NOTE = Text(
    "正確な値ではなく、標本による近似です。errors は標準誤差です。",
    "Not exact: a sample. The errors are standard errors.",
)
NO_PAIRS = Text(
    "プレイヤーが多いため、優加法性は一部の提携の組だけで確かめました。",
    "With so many players, superadditivity was looked at for some pairs of coalitions only.",
)
NO_CORE = Text(
    "プレイヤーが多いため、コアが空かどうかは確かめていません（--method core で確かめられます）。",
    "With so many players, the core was not looked at; --method core does.",
)


class NotSampled(Refused):
    code = "not-sampled"
    ja = "標本で計算できるのは {methods} だけです。{method} には --seed を付けないでください。"
    en = "Only {methods} can be sampled. Ask for {method} without --seed."


class NoFile(Refused):
    code = "no-file"
    ja = "ファイルを読めません：{path}（{reason}）。"
    en = "The file cannot be read: {path} ({reason})."


@dataclass(frozen=True, slots=True)
class Answer:
    """One value a player under the method's identifier, notes, and what else the method says."""

    method: str
    values: Mapping[str, Fraction]
    notes: tuple[Text, ...]
    more: Mapping[str, Any] = default(default_factory=dict)

    def document(self, language: str | None) -> dict[str, Any]:
        """As JSON: fractions as text."""
        return {
            "method": self.method,
            "values": {player: fraction_text(value) for player, value in self.values.items()},
            "sum": fraction_text(sum(self.values.values(), Fraction(0))),
            "notes": [note.of(language) for note in self.notes],
            **self.more,
        }


def answer(file: GameFile, method: str) -> Answer:
    """What the method says of the game, exact.

    Worked example: [51; 50, 49, 1] by shapley → 2/3, 1/6, 1/6; by owen with {2, 3} together → 1/2, 1/4, 1/4.
    """
    game, table = file.game, cache(file.game.table)
    notes = remarks(game, table, asks_core=method == "core")
    if method == "core":
        return _core(game, table, notes)
    values = _values(file, table, method)
    if method == "owen" and not file.unions:
        notes = (*notes, NO_UNIONS)
    return Answer(METHODS[method], dict(zip(game.players, values, strict=True)), notes)


def sampled(file: GameFile, method: str, *, seed: str, samples: int) -> Answer:
    """The method's value by sample, with the standard errors, under the sample's own identifier."""
    if method not in SAMPLED:
        raise NotSampled(methods=", ".join(SAMPLED), method=method)
    game = file.game
    draw = sampling.shapley if method == "shapley" else sampling.banzhaf
    found = draw(len(game.players), game.worth, seed=seed, samples=samples)
    errors = dict(zip(game.players, found.errors, strict=True))
    notes = (SAMPLED_NOTE, COSTS) if game.costs else (SAMPLED_NOTE,)
    values = dict(zip(game.players, found.values, strict=True))
    return Answer(SAMPLED[method], values, notes, {"seed": seed, "samples": samples, "errors": errors})


def _values(file: GameFile, table: Callable[[], Table], method: str) -> Sequence[Fraction]:
    game = file.game
    if method == "shapley":
        return game.shapley() or semivalues.shapley(table())
    if method == "banzhaf-absolute":
        return game.banzhaf() or semivalues.banzhaf_absolute(table())
    if method == "banzhaf":
        absolute = game.banzhaf() or semivalues.banzhaf_absolute(table())
        return semivalues.normalised(absolute, game.worth(_everybody(game)))
    if method == "owen":
        return semivalues.owen(table(), file.unions)
    solve = {"nucleolus": nucleolus.nucleolus, "prenucleolus": nucleolus.prenucleolus}[method]
    return _signed(game, solve(_gains(game, table())).values)


def _core(game: Game, table: Callable[[], Table], notes: tuple[Text, ...]) -> Answer:
    found = nucleolus.core(_gains(game, table()))
    blocking = [
        {
            "players": [game.players[index] for index in coalitions.members(coalition)],
            "weight": fraction_text(weight),
            "worth": fraction_text(game.worth(coalition)),
        }
        for coalition, weight in found.blocking.items()
    ]
    if found.point is None:
        notes = (*notes, EMPTY_CORE)
    values = {} if found.point is None else dict(zip(game.players, _signed(game, found.point), strict=True))
    excess = None if found.excess is None else fraction_text(found.excess)
    more = {"empty": found.point is None, "least_excess": excess, "blocking": blocking}
    return Answer(METHODS["core"], values, notes, more)


def _gains(game: Game, table: Table) -> Table:
    """The table of what coalitions gain: of savings, if the game is one of costs."""
    return table.negated() if game.costs else table


def _signed(game: Game, values: Sequence[Fraction]) -> Sequence[Fraction]:
    return [-value for value in values] if game.costs else values


def _everybody(game: Game) -> int:
    return (1 << len(game.players)) - 1


# ---- what must be said of the game ----
def remarks(game: Game, table: Callable[[], Table], *, asks_core: bool) -> tuple[Text, ...]:
    """What to know before reading any value of this game. Who asks for the core is told of the core by that."""
    notes = [COSTS] if game.costs else []
    notes += _on_superadditivity(game, table)
    notes += [] if asks_core else _on_core(game, table)
    return (*notes, *([] if _has_imputation(game) else [NO_IMPUTATION]))


def _on_superadditivity(game: Game, table: Callable[[], Table]) -> list[Text]:
    known = game.is_superadditive()
    if known is not None:
        return [] if known else [Text(f"{NOT_SUPERADDITIVE.ja}。", f"{NOT_SUPERADDITIVE.en}.")]
    if len(game.players) <= PAIRS_PLAYERS_MAX:
        breach = coalitions.breach(table())
        return [_not_superadditive(table(), breach)] if breach else []
    if isinstance(game, Worths) and (game.is_sparse() or len(game.players) > PLAYERS_MAX):
        return [NO_PAIRS]
    breach = coalitions.small_breach(table()) if len(game.players) <= PLAYERS_MAX else None
    return [_not_superadditive(table(), breach)] if breach else [NO_PAIRS]


def _on_core(game: Game, table: Callable[[], Table]) -> list[Text]:
    known = game.has_core()
    if known is None and len(game.players) > _CORE_PLAYERS_MAX:
        return [NO_CORE]
    if known is None:
        known = len(game.players) == 1 or nucleolus.least_excess(table()).excess <= 0
    return [] if known else [EMPTY_CORE]


def _has_imputation(game: Game) -> bool:
    alone = sum((game.worth(1 << index) for index in range(len(game.players))), Fraction(0))
    whole = game.worth(_everybody(game))
    return whole <= alone if game.costs else whole >= alone


def _not_superadditive(table: Table, pair: tuple[int, int]) -> Text:
    one, other = (", ".join(table.names(coalition)) for coalition in pair)
    apart = fraction_text(table.worth(pair[0]) + table.worth(pair[1]))
    together = fraction_text(table.worth(pair[0] | pair[1]))
    return Text(
        f"{NOT_SUPERADDITIVE.ja}：{{{one}}} と {{{other}}} は別々なら合計 {apart}、一緒なら {together} です。",
        f"{NOT_SUPERADDITIVE.en}: {{{one}}} and {{{other}}} are worth {apart} apart and {together} together.",
    )


# ---- the command ----
def main(arguments: Sequence[str] | None = None) -> int:
    """Answer one game, as JSON on standard output, or refuse in a sentence; return the exit code."""
    asked = _parser().parse_args(arguments)
    language = asked.lang or _language()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        file = read(_bytes(Path(asked.game)))
        if asked.seed is None:
            found = answer(file, asked.method)
        else:
            found = sampled(file, asked.method, seed=asked.seed, samples=asked.samples)
    except Refused as refusal:
        print(_plain(refusal.text(language)), file=sys.stderr)
        return REFUSED
    print(json.dumps(found.document(language), ensure_ascii=False, indent=2))
    return ANSWERED


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > FILE_BYTES_MAX:
            raise NoFile(path=path, reason=f"> {FILE_BYTES_MAX:,} bytes")
        return path.read_bytes()
    except OSError as wrong:
        raise NoFile(path=path, reason=wrong.strerror or type(wrong).__name__) from None


def _plain(text: str) -> str:
    """The text without characters that could steer a terminal."""
    return "".join(character if character.isprintable() else "\ufffd" for character in text)


def _language() -> str:
    wanted = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return "ja" if wanted.lower().startswith("ja") else "en"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m licensing.core.games",
        description="Divide the worth of a game among its players, exactly. / 協力ゲームの値を正確に分けます。",
        epilog="exit codes: 0 answered, 2 refused (the sentence is on standard error)",
    )
    parser.add_argument(
        "game",
        metavar="GAME.json",
        help="players, and values | quota, weights | estate, claims | costs | left, right; optional unions",
    )
    parser.add_argument("--method", required=True, choices=list(METHODS))
    parser.add_argument("--seed", help="take a sample instead, drawn from this seed (shapley, banzhaf-absolute)")
    parser.add_argument("--samples", type=int, default=SAMPLES, help="how many (default %(default)s)")
    parser.add_argument("--lang", choices=["ja", "en"], help="language of notes and refusals (default: from LANG)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
