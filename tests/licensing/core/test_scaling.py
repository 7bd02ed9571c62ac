from __future__ import annotations

import _pydecimal
from decimal import ROUND_UP, getcontext, localcontext
from typing import Any

import pytest

from contributions.core.errors import Refused
from licensing.core import coalitions, scaling

LAW: dict[str, Any] = {
    "law": "power/1",
    "digits": 50,
    "points": 1_000_000,
    "needed": ["data", "compute"],
    "terms": [
        {"resource": "data", "coefficient": "1.8", "exponent": "0.28", "reference": "1000000000"},
        {"resource": "compute", "coefficient": "2.1", "exponent": "0.34", "reference": "5000"},
    ],
}
ONE = {**LAW, "needed": [], "terms": [{"resource": "data", "coefficient": "2", "exponent": "1", "reference": "100"}]}


GOLDEN = 2_107_239


def test_as_much_again_as_the_reference_halves_the_term() -> None:
    law = scaling.read(ONE)
    assert [scaling.points(law, {"data": amount}) for amount in (0, 100, 300, 900)] == [
        0,
        1_000_000,
        1_500_000,
        1_800_000,
    ]


def test_the_integers_are_those_of_every_machine() -> None:
    """Computed once with fifty digits, and again with a hundred; a change here is a change of the law."""
    law, finer = scaling.read(LAW), scaling.read({**LAW, "digits": 100})
    pooled = {"data": 7_300_000_000, "compute": 81_234}
    assert scaling.points(law, pooled) == scaling.points(finer, pooled) == GOLDEN


def test_another_implementation_of_decimal_arithmetic_gives_the_same_integers(monkeypatch: pytest.MonkeyPatch) -> None:
    """The one in C and the one in Python agree, since exp and ln are correctly rounded in both."""
    for name in ("Decimal", "Context"):
        monkeypatch.setattr(scaling, name, getattr(_pydecimal, name))
    law = scaling.read(LAW)
    assert scaling.points(law, {"data": 7_300_000_000, "compute": 81_234}) == GOLDEN


def test_the_answer_does_not_hang_on_the_settings_of_the_process() -> None:
    law, pooled = scaling.read(LAW), {"data": 7_300_000_000, "compute": 81_234}
    with localcontext() as context:
        context.prec, context.rounding = 5, ROUND_UP
        assert scaling.points(law, pooled) == GOLDEN
    assert getcontext().prec != 5


def test_who_lacks_what_training_needs_is_worth_nothing_alone() -> None:
    game = scaling.worths(scaling.read(LAW), ["A", "B", "C"], {"data": [10**10, 0, 10**9], "compute": [0, 90_000, 500]})
    worths = [int(worth) for worth in game.worths]
    assert worths[0] == worths[0b001] == worths[0b010] == 0
    assert 0 < worths[0b100] < worths[0b101] < worths[0b111]
    assert worths[0b011] == scaling.points(scaling.read(LAW), {"data": 10**10, "compute": 90_000})


def test_more_pooled_is_never_worth_less() -> None:
    game = scaling.worths(
        scaling.read(LAW), list("ABCDE"), {"data": [5, 10**9, 0, 7, 10**8], "compute": [1, 2, 3, 900, 0]}
    )
    for coalition in range(32):
        for index in range(5):
            assert game.worths[coalition] <= game.worths[coalition | 1 << index]


def changed(**fields: Any) -> dict[str, Any]:
    return {**LAW, **fields}


def term(**fields: Any) -> dict[str, Any]:
    return changed(terms=[{**LAW["terms"][0], **fields}], needed=[])


WRONG = {
    "a missing field": ({"law": "power/1"}, "Write exactly the fields"),
    "another law": (changed(law="power/2"), "power/1"),
    "few digits": (changed(digits=5), "from 20 to 100"),
    "digits as text": (changed(digits="50"), "from 20 to 100"),
    "no points": (changed(points=0), "whole number"),
    "true as points": (changed(points=True), "whole number"),
    "no terms": (changed(terms=[]), "one or more terms"),
    "two terms of one resource": (changed(terms=[LAW["terms"][0]] * 2), "one term"),
    "a term without exponent": (changed(terms=[{"resource": "data"}]), "Write exactly the fields"),
    "an unknown need": (changed(needed=["people"]), "resources that have a term"),
    "a float": (term(exponent=0.28), "decimal above 0"),
    "an exponent of nothing": (term(exponent="0.0"), "decimal above 0"),
    "a negative reference": (term(reference="-1"), "decimal above 0"),
    "not a number": (term(coefficient="NaN"), "decimal above 0"),
}


@pytest.mark.parametrize(("document", "said"), WRONG.values(), ids=WRONG)
def test_a_law_that_is_wrong_is_refused_with_its_field(document: dict[str, Any], said: str) -> None:
    with pytest.raises(scaling.BadLaw) as refused:
        scaling.read(document)
    assert said in refused.value.text("en") and "スケーリング則" in refused.value.text("ja")


@pytest.mark.parametrize("amounts", [[1], [1, -1], [1, 10**30], [1, True], [1, "2"]])
def test_amounts_that_are_no_amounts_are_refused(amounts: list[Any]) -> None:
    with pytest.raises(scaling.BadLaw):
        scaling.worths(scaling.read(ONE), ["A", "B"], {"data": amounts})


def test_more_players_than_can_be_evaluated_are_refused() -> None:
    with pytest.raises(Refused) as refused:
        scaling.worths(scaling.read(ONE), [str(place) for place in range(17)], {"data": [1] * 17})
    assert refused.type is coalitions.TooManyPlayers
