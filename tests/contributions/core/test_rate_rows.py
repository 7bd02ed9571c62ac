"""A rate card's lines as salted rows behind one root."""

from __future__ import annotations

from typing import Any

from contributions.core import committed, rate_rows

LINES = {"D-a@1/quality": "9/10", "D-b@1/quality": "1/2"}


def adopted(lines: dict[str, str] = LINES, version: int = 1, nonce: str = "0" * 32) -> dict[str, Any]:
    facts = {"card": "dataset", "version": version, "from": "2026-04-01", "lines": lines}
    return {"kind": rate_rows.ADOPTED, "nonce": nonce, "facts": facts}


def stated(said: dict[str, Any]) -> dict[str, Any]:
    return {"kind": rate_rows.COMMITTED, "facts": rate_rows.facts_of(said)}


def test_a_row_opens_alone_and_neither_number_nor_place_tells_of_others() -> None:
    facts = rate_rows.facts_of(adopted())
    shown = rate_rows.opened(adopted(), ["D-a@1/quality", "D-none@1/quality"])
    assert rate_rows.lines(facts, shown) == {"D-a@1/quality": "9/10"}
    assert "D-b" not in str(shown) and shown[0]["size"] == 64
    assert len(rate_rows.rows(adopted({f"k{n}": "1" for n in range(65)}))) == 128
    orders = {
        tuple(row["row"] for row in rate_rows.rows(adopted(nonce=f"{n:032x}")) if row["factor"]) for n in range(9)
    }
    assert len(orders) == 2, "the order is drawn with the nonce"


def test_a_changed_row_another_card_and_an_empty_one_lead_nowhere() -> None:
    facts, (shown,) = rate_rows.facts_of(adopted()), rate_rows.opened(adopted(), ["D-a@1/quality"])
    assert rate_rows.lines(facts, [{**shown, "row": {**shown["row"], "factor": "1"}}]) is None
    assert rate_rows.lines(rate_rows.facts_of(adopted(version=2)), [shown]) is None
    empty = next(row["row"] for row in rate_rows.rows(adopted()) if row["factor"] is None)
    (nothing,) = committed.openings(rate_rows.rows(adopted()), [empty])
    assert rate_rows.lines(facts, [nothing]) is None


def test_a_root_that_is_not_over_the_adopted_lines_is_found() -> None:
    first, second = adopted(), adopted({"D-a@1/quality": "1"}, version=2)
    log = [first, stated(first), second, stated(second)]
    assert rate_rows.unfaithful(enumerate(log)) == []
    other = {**stated(second), "facts": {**rate_rows.facts_of(second), "rows_root": "00" * 32}}
    assert rate_rows.unfaithful(enumerate([*log[:3], other])) == [3]
    assert rate_rows.unfaithful(enumerate([stated(first)])) == [0], "of a card that nobody adopted"
    assert rate_rows.unfaithful(enumerate([first])) == [], "a card of before"


def test_a_card_is_whole_if_every_edition_from_the_first_is_there() -> None:
    facts = [rate_rows.facts_of(adopted(version=n)) for n in (1, 2, 3)]
    assert rate_rows.complete(facts) == {"dataset"}
    assert rate_rows.complete(facts[1:]) == set() == rate_rows.complete([facts[0], facts[2]])
