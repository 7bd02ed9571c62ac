"""What may be stated of a facility."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest

from contributions.core import facilities
from contributions.core.words import Text


@pytest.mark.parametrize("name", ["H100", "h 100", "", "=h100", "x" * 33])
def test_a_type_is_what_an_accounting_line_could_name(name: str) -> None:
    with pytest.raises(facilities.NotAType):
        facilities.check(types=[name], power_kw=None, pue=None)


@pytest.mark.parametrize(("power_kw", "pue"), [(0, None), (10_000_001, None), (5, "0.99"), (5, "10.01")])
def test_no_site_has_such_a_power(power_kw: int, pue: str | None) -> None:
    with pytest.raises(facilities.BadPower):
        facilities.check(types=["h100"], power_kw=power_kw, pue=Decimal(pue) if pue else None)


def test_a_word_that_stands_alone_begins_with_a_capital() -> None:
    word = Text("資金", "cash")
    assert (word.alone("en"), word.alone("ja"), word.of("en"), Text("", "").alone("en")) == ("Cash", "資金", "cash", "")


@dataclass(frozen=True)
class Stated:
    valid_from: date
    seq: int


APRIL, JULY, JULY_AGAIN, OCTOBER = (
    Stated(date(2026, 4, 1), 10), Stated(date(2026, 7, 1), 30), Stated(date(2026, 7, 1), 40),
    Stated(date(2026, 10, 1), 20),
)  # fmt: skip
EDITIONS = [JULY_AGAIN, OCTOBER, APRIL, JULY]


@pytest.mark.parametrize(
    ("day", "held"),
    [
        (date(2026, 3, 1), APRIL),
        (date(2026, 6, 30), APRIL),
        (date(2026, 7, 1), JULY_AGAIN),
        (date(2026, 9, 30), JULY_AGAIN),
        (date(2027, 1, 1), OCTOBER),
    ],
)
def test_a_day_has_the_edition_that_began_last_and_of_one_day_the_later_recorded(day: date, held: Stated) -> None:
    assert facilities.in_force(EDITIONS, day) is held
    assert facilities.in_force([], day) is None


def test_editions_between_two_days_stop_before_the_last() -> None:
    assert list(facilities.between(EDITIONS, date(2026, 5, 1), date(2026, 10, 1))) == [APRIL, JULY_AGAIN]
    assert list(facilities.between(EDITIONS, date(2026, 10, 1), date(2026, 10, 1))) == [OCTOBER]
    assert facilities.next_after(EDITIONS, date(2026, 7, 1)) == date(2026, 10, 1)


def test_a_change_begins_with_the_record_and_changes_something() -> None:
    stood = dict.fromkeys(facilities.STATED, "x")
    told = {"first": APRIL.valid_from, "stood": stood}
    facilities.check_change("osaka", valid_from=APRIL.valid_from, stated=stood | {"power_kw": 5}, **told)
    with pytest.raises(facilities.BeforeItBegan, match="2026-04-01"):
        facilities.check_change("osaka", valid_from=date(2026, 3, 31), stated=stood | {"power_kw": 5}, **told)
    with pytest.raises(facilities.ChangesNothing):
        facilities.check_change("osaka", valid_from=OCTOBER.valid_from, stated=dict(stood), **told)


@pytest.mark.parametrize(("found", "told"), [(["B-a-1"], []), (["B-a-1", "TR-2"], ["B-a-1"]), ([], ["B-a-1"])])
def test_breaches_are_recorded_only_as_they_were_told(found: list[str], told: list[str]) -> None:
    where = {"country": Text("米国", "the United States"), "on": date(2026, 7, 1)}
    facilities.check_told("osaka", found=found, told=list(reversed(found)), **where)
    with pytest.raises(facilities.MakesBreaches) as refusal:
        facilities.check_told("osaka", found=found, told=told, **where)
    assert all(number in refusal.value.text("ja") for number in found) and "米国" in refusal.value.text("ja")
