"""What a clock on the wall shows: the stretches of local time in which it shows every time once, with its offset."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST_YEAR, LAST_YEAR = 1971, 2199


def spans(zone: tzinfo, first: int, last: int) -> tuple[tuple[int, int, int], ...]:
    """Of the years `first` to `last`: from, until (seconds of local time), and local − UTC in seconds.

    What falls into a gap or into a fold of the clock is left out.
    """
    years = (min(max(year, FIRST_YEAR), LAST_YEAR) for year in (first, last))
    return _spans(zone, *years)


@lru_cache(maxsize=64)
def _spans(zone: tzinfo, first: int, last: int) -> tuple[tuple[int, int, int], ...]:
    turns = _turns(zone, datetime(first, 1, 1, tzinfo=UTC) - timedelta(days=2), datetime(last + 1, 1, 3, tzinfo=UTC))
    found_spans = []
    for (since, offset), (until, following), before in zip(
        turns, turns[1:], [turns[0][1], *(turn[1] for turn in turns)], strict=False
    ):
        # A clock set forward leaves a gap before the stretch; one set back tells its last hour twice.
        start, end = since + max(offset, before), until + min(offset, following)
        if start < end:
            found_spans.append((start, end, offset))
    return tuple(found_spans)


def _turns(zone: tzinfo, first: datetime, last: datetime) -> list[tuple[int, int]]:
    """Instants at which the zone's offset changes, with the offset from there on; the ends of the stretch included."""
    turns = [(_seconds(first), _offset_at(zone, first))]
    day = first
    while day < last:
        after = day + timedelta(days=1)
        while (now := _offset_at(zone, day)) != _offset_at(zone, after):
            low, high = _seconds(day), _seconds(after)
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if _offset_at(zone, _instant_of(middle)) == now else (low, middle)
            day = _instant_of(high)
            turns.append((high, _offset_at(zone, day)))
        day = after
    return [*turns, (_seconds(last), turns[-1][1])]


def _offset_at(zone: tzinfo, instant: datetime) -> int:
    offset = instant.astimezone(zone).utcoffset()
    assert offset is not None
    return offset.days * 86400 + offset.seconds


def _seconds(instant: datetime) -> int:
    return (instant - EPOCH) // timedelta(seconds=1)


def _instant_of(seconds: int) -> datetime:
    return EPOCH + timedelta(seconds=seconds)
