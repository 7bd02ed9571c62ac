"""Tables of factors: read exactly from what people paste, refused with every fault by line."""

from __future__ import annotations

import pytest

from contributions.core import ratecards


def codes(refusal: ratecards.BadCard) -> list[tuple[int | None, str]]:
    return [(finding.line, finding.code) for finding in refusal.findings]


def test_lines_are_read_exactly_however_they_are_separated():
    text = "h100, 1\na100\t0.4\n\ncpu，１／３\nhourly-senior, 12,000"
    assert ratecards.read(text) == {"h100": "1", "a100": "2/5", "cpu": "1/3", "hourly-senior": "12000"}


def test_every_faulty_line_is_told_at_once():
    with pytest.raises(ratecards.BadCard) as refused:
        ratecards.read("h100, 1\nh100, 2\nb200, many\nx, 1/0\ny, -1\nz, 1e3")
    assert codes(refused.value) == [
        (2, "key-twice"),
        (3, "factor-wanted"),
        (4, "factor-wanted"),
        (5, "factor-wanted"),
        (6, "factor-wanted"),
    ]
    assert "2行目" in refused.value.text("ja") and "5 faults" in refused.value.text("en")


@pytest.mark.parametrize(
    ("card", "key", "code"),
    [
        ("dataset", "D-0001", "key-wanted"),
        ("dataset", "D-0001@1/beauty", "key-wanted"),
        ("vintage", "data/2026", "key-wanted"),
        ("accelerator", "h 100", "key-wanted"),
        ("table-use", "slot/nobody", "table-key"),
        ("table-use", "robo", "slot-names-somebody"),
        ("table-USE", "tetsu", "unknown-card"),
        ("beauty", "tetsu", "unknown-card"),
    ],
)
def test_keys_are_such_as_the_table_has(card, key, code):
    with pytest.raises(ratecards.BadCard) as refused:
        ratecards.check(card, {key: "1"}, members={"tetsu"}, others={"robo"})
    assert code in {code for _, code in codes(refused.value)}


@pytest.mark.parametrize(
    ("card", "lines"),
    [
        ("dataset", {"D-0001@1/quality": "9/10"}),
        ("vintage", {"data/FY2026": "1"}),
        ("grade", {"senior": "3/2"}),
        ("table-use", {"L1": "10", "L1/tetsu": "1", "tetsu": "3"}),
    ],
)
def test_what_fits_is_taken(card, lines):
    ratecards.check(card, lines, members={"tetsu"}, others={"robo"})


def test_an_empty_table_is_refused():
    with pytest.raises(ratecards.BadCard):
        ratecards.check("grade", {})
