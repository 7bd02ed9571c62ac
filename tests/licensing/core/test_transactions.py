"""The search of the Electronic Books Preservation Act: ranges, combinations, and names of files."""

from __future__ import annotations

from datetime import date

import pytest

from contributions.core.words import Text
from licensing.core import transactions as rules
from licensing.core.transactions import Transaction, Wanted


def record(kind="invoice", number="I-1", day=date(2026, 10, 31), amount=110000, party="株式会社国税商事", **more):
    return Transaction(kind, number, day, amount, Text(party, "Kokuzei Shoji K.K."), day, "", (), **more)


ROWS = [
    record(),
    record("receipt", "I-1#1", date(2026, 11, 5)),
    record("outside", "X-1", date(2025, 11, 4), None, "架空商事株式会社"),
    record("statement", "DS-1", date(2026, 10, 31), 500, "銀河銀行"),
]


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        ({}, ["I-1#1", "I-1", "DS-1", "X-1"]),
        ({"day_from": date(2026, 10, 31)}, ["I-1#1", "I-1", "DS-1"]),
        ({"day_to": date(2026, 10, 31)}, ["I-1", "DS-1", "X-1"]),
        ({"amount_from": 500, "amount_to": 500}, ["DS-1"]),
        ({"amount_to": 0}, ["X-1"]),
        ({"party": "国税"}, ["I-1#1", "I-1"]),
        ({"party": "ＫＯＫＵＺＥＩ　ｓｈｏｊｉ"}, ["I-1#1", "I-1", "DS-1", "X-1"]),
        ({"party": "国税", "day_to": date(2026, 10, 31), "amount_from": 100000}, ["I-1"]),
        ({"kinds": frozenset({"outside"})}, ["X-1"]),
    ],
)
def test_ranges_hold_with_their_bounds_and_every_part_together(wanted, numbers):
    assert [one.number for one in rules.found(ROWS, Wanted(**wanted))] == numbers


@pytest.mark.parametrize(
    "wanted",
    [{"day_from": date(2026, 2, 1), "day_to": date(2026, 1, 1)}, {"amount_from": 2, "amount_to": 1}],
)
def test_a_reversed_range_is_refused(wanted):
    with pytest.raises(rules.RangeReversed):
        Wanted(**wanted)


def test_a_file_is_named_by_day_counterparty_and_amount():
    assert rules.file_name(ROWS[0], ".pdf") == "20261031_(株)国税商事_110000.pdf"
    assert rules.file_name(ROWS[2], ".png") == "20251104_架空商事(株)_0.png"
    assert "/" not in rules.file_name(record(party="A/B:C株式会社"), ".pdf")


def test_two_papers_of_one_day_amount_and_party_get_names_of_their_own():
    names = rules.distinct_names([record(), record(number="I-2")], lambda one: ".pdf")
    assert names == ["20261031_(株)国税商事_110000.pdf", "20261031_(株)国税商事_110000_I-2.pdf"]
