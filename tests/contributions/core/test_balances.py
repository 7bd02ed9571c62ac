"""Blocks of running totals against a plain sum over all entries, at every size and day."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contributions.core import balances

LINES = [("akane", "cash", "JPY"), ("midori", "compute", "gpu_s")]
ENTRY = st.tuples(st.sampled_from(LINES), st.integers(1, 9), st.integers(-(2**62), 2**62))


@pytest.fixture(autouse=True)
def _small(monkeypatch):
    monkeypatch.setattr(balances, "LEVEL_MIN", 1)
    monkeypatch.setattr(balances, "BLOCK", balances.FAN)


def blocks_of(entries):
    """Every complete block, made as the projection makes them: from the one below."""
    made, moved = {}, {}
    for index in range(len(entries) // balances.BLOCK):
        days = {}
        for line, day, amount in entries[index * balances.BLOCK : (index + 1) * balances.BLOCK]:
            days[line, f"day {day:02d}"] = days.get((line, f"day {day:02d}"), 0) + amount
        places = [(balances.LEVEL_MIN, index), *balances.completed_by(index)]
        for place in places:
            level, at = place
            if level > balances.LEVEL_MIN:
                days = balances.merged(moved[level - 1, at * balances.FAN + part] for part in range(balances.FAN))
            moved[place], made[place] = days, balances.running(days)
    return made


def read(made, entries, size, day):
    """As the selector reads: in each block one row a line, then the tail."""
    pieces, start = balances.pieces(size)
    totals = dict.fromkeys(LINES, 0)
    for place in pieces:
        for line in LINES:
            rows = [total for own, at, total in made[place] if own == line and at <= f"day {day:02d}"]
            totals[line] += balances.whole(*balances.halves(rows[-1])) if rows else 0
    for line, at, amount in entries[start:size]:
        totals[line] += amount if at <= day else 0
    return totals


@settings(max_examples=60, deadline=None)
@given(st.lists(ENTRY, max_size=80), st.integers(0, 10))
def test_blocks_and_tail_sum_to_what_the_entries_sum_to(entries, day):
    made = blocks_of(entries)
    for size in range(len(entries) + 1):
        naive = {line: sum(amount for own, at, amount in entries[:size] if own == line and at <= day) for line in LINES}
        assert read(made, entries, size, day) == naive


@settings(deadline=None)
@given(st.integers(0, 5000))
def test_pieces_are_complete_few_and_without_a_gap(size):
    pieces, start = balances.pieces(size)
    place = 0
    for level, index in pieces:
        assert index * balances.FAN**level == place
        place += balances.FAN**level
    assert place == start <= size < start + balances.BLOCK
    assert all([level for level, _ in pieces].count(level) < balances.FAN for level, _ in pieces[:-1] if size < 4**7)


@settings(deadline=None)
@given(st.lists(st.integers(-(2**62), 2**62), max_size=50))
def test_halves_sum_exactly_and_stay_small(amounts):
    high = sum(balances.halves(amount)[0] for amount in amounts)
    low = sum(balances.halves(amount)[1] for amount in amounts)
    assert balances.whole(high, low) == sum(amounts)
    assert abs(high) < 2**37 and low < 2**38
