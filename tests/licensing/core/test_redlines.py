"""Redlines of whole contracts: added, removed, moved and changed clauses, and that nothing is lost."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contributions.core.words import Text
from licensing.core import redlines
from licensing.core.differences import applied, undone
from licensing.core.redlines import Row, Section, compare, summary

LIBRARY = json.loads((Path(__file__).parents[3] / "demo" / "clauses.json").read_text(encoding="utf-8"))["clauses"]


def section(key: str, *texts: str, number: int = 1) -> Section:
    rows = tuple(Row(Text(str(n), f"{n}."), Text(text, text)) for n, text in enumerate(texts, 1))
    return Section(key, Text(f"第{number}条", f"Article {number}"), Text(key, key), rows)


def contract() -> list[Section]:
    return [section(row["id"], *[one["ja"] for one in row["paragraphs"]], number=n) for n, row in enumerate(LIBRARY, 1)]


def kinds(changes) -> dict[str, str]:
    return {change.here.key: change.kind for change in changes}


def test_a_clause_that_only_closed_up_is_not_changed():
    old = [section("a", "あ", number=1), section("b", "い", number=2)]
    new = [section("b", "い", number=1)]
    assert kinds(compare(old, new)) == {"a": "removed", "b": "same"}


def test_added_removed_changed_and_moved_clauses_are_told_apart():
    old = contract()
    new = [one for one in old if one.key != "audit"]
    new.insert(3, section("special-1", "特約を置く。"))
    new.append(new.pop(0))
    warranty = next(at for at, one in enumerate(new) if one.key == "warranty")
    new[warranty] = replace(new[warranty], rows=new[warranty].rows[:-1])
    changes = compare(old, new)
    told = kinds(changes)
    assert (told["audit"], told["special-1"], told["warranty"]) == ("removed", "added", "changed")
    assert [change.here.key for change in changes if change.moved] == [old[0].key]
    assert summary(changes) == {"same": len(old) - 2, "changed": 1, "added": 1, "removed": 1, "moved": 1}


def test_a_removed_clause_stands_where_it_stood():
    changes = compare(
        [section("a", "あ"), section("b", "い"), section("c", "う")], [section("a", "あ"), section("c", "う")]
    )
    assert [change.here.key for change in changes] == ["a", "b", "c"]


@given(
    st.lists(st.sampled_from("甲乙丙丁戊"), unique=True),
    st.lists(st.sampled_from("甲乙丙丁戊"), unique=True),
    st.data(),
)
def test_both_versions_can_be_read_back_from_a_redline(before, after, data):
    texts = st.lists(st.text("利用料支払0123", min_size=1, max_size=12), max_size=4)
    old = [section(key, *data.draw(texts)) for key in before]
    new = [section(key, *data.draw(texts)) for key in after]
    changes = compare(old, new)
    for part in new:
        (change,) = [one for one in changes if one.new is part]
        assert [applied(row.ja) for row in change.rows if row.kind != "removed"] == [row.text.ja for row in part.rows]
    for part in old:
        (change,) = [one for one in changes if one.old is part]
        assert [undone(row.en) for row in change.rows if row.kind != "added"] == [row.text.en for row in part.rows]
    assert [change.here.key for change in changes if change.new is not None] == after


def test_sections_come_back_from_their_document():
    assert list(redlines.read(redlines.document(contract()))) == contract()


def test_typed_rows_are_numbered_as_a_clause_of_the_house_is():
    rows = redlines.typed_rows(
        [("次の場合を除く。", ["故意", "過失"]), ("二", [])], [("Except:", ["intent"]), ("Two", [])]
    )
    assert [row.number for row in rows] == [
        Text("1", "1."), Text("（1）", "(1)"), Text("（2）", "(2)"), Text("2", "2."),
    ]  # fmt: skip
    assert rows[2].text == Text("過失", "")


def test_prices_read_as_a_redline():
    terms = {"unit": "robot", "mode": "standard", "tiers": [{"from": "0", "until": None, "price": "12000"}]}
    (change,) = compare([redlines.price_section(terms)], [redlines.price_section(terms | {"minimum": "6000000"})])
    assert change.kind == "changed"
    assert [row.kind for row in change.rows] == ["same", "changed"]


@pytest.mark.parametrize("steps", [0, 10, 10_000])
def test_a_small_budget_still_tells_the_truth(steps):
    old = contract()
    new = [
        replace(one, rows=tuple(Row(r.number, Text(f"{r.text.ja}（改）", r.text.en)) for r in one.rows)) for one in old
    ]
    for change in compare(old, new, steps):
        assert [applied(row.ja) for row in change.rows] == [row.text.ja for row in change.new.rows]
