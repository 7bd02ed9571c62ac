"""Tables of coalition values: whole, exact, once each; every fault told by row, nothing taken in part."""

from __future__ import annotations

import pytest

from licensing.core import valuations

MEMBERS = {"a", "b", "c", "z"}
CSV = 'coalition,value\na,1\nb,-2\nc,0\na+b,10\nc b,5\n"a, c",007\nc+b+a,30\n'


def read(text: str):
    return valuations.read_csv(text.encode(), members=MEMBERS)


def faults(text: str) -> list[tuple]:
    with pytest.raises(valuations.BadValuation) as refusal:
        read(text)
    return [(one.line, one.field, one.text("en").split("” ", 1)[1]) for one in refusal.value.findings]


def test_a_whole_table_is_read_with_its_coalitions_in_order():
    table = read("\ufeff" + CSV)
    assert table.players == ("a", "b", "c")
    assert table.values == {"a": "1", "a,b": "10", "a,b,c": "30", "a,c": "7", "b": "-2", "b,c": "5", "c": "0"}


def test_csv_and_json_of_the_same_table_have_one_address():
    text = '{"values": {"b,a": 10, "a": "1", "b": 2}, "players": ["b", "a"]}'
    as_json = valuations.read_json(text.encode(), members=MEMBERS)
    assert as_json.sha256 == read("value,coalition\n1,a\n2,b\n10,a+b\n").sha256
    assert as_json.sha256 == valuations.address(["b", "a"], {"a": "1", "b": "2", "a,b": "10"})


def test_every_fault_is_told_by_its_row_at_once():
    said = faults("coalition,value\na,1\nb,2.5\na+a,3\nx,1e3\n,4\nb a,\na,9\n")
    assert [(line, field) for line, field, _ in said] == [
        (None, "x"), (3, "2.5"), (4, "a+a"), (5, "1e3"), (6, "–"), (7, "–"), (8, "a"),
    ]  # fmt: skip
    assert said[-1][2] == "Row 2 holds it already."


def test_missing_coalitions_are_named_smallest_first():
    assert [field for _, field, _ in faults("coalition,value\na,1\nb,2\na+b+c,5\n")] == ["c", "a,b", "a,c", "b,c"]


def test_a_key_that_stands_twice_in_json_is_a_fault():
    with pytest.raises(valuations.BadValuation, match="Row 1 holds it already"):
        valuations.read_json(b'{"players": ["a"], "values": {"a": 1, "a": 2}}', members=MEMBERS)


@pytest.mark.parametrize("text", ["[]", "{}", '{"players": [1], "values": {}}', "no json", '{"players": "a"}'])
def test_what_is_no_table_is_refused(text):
    with pytest.raises(valuations.BadValuation):
        valuations.read_json(text.encode(), members=MEMBERS)


def test_floats_and_truths_in_json_are_refused():
    for value in ("1.0", "true", "null", "[1]"):
        with pytest.raises(valuations.BadValuation, match="whole number"):
            valuations.read_json(b'{"players": ["a"], "values": {"a": %s}}' % value.encode(), members=MEMBERS)


@pytest.mark.parametrize("content", [b"\xff\xfe", b"", b"who,worth\na,1\n", b"coalition,value\n"])
def test_an_unreadable_or_empty_file_is_refused(content):
    with pytest.raises(valuations.BadValuation):
        valuations.read_csv(content, members=MEMBERS)
