"""How an agreement stands, minute by minute: by its dates alone, the same for everybody."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from contributions.core.periods import JST, Period
from licensing.core import lives
from licensing.core.lives import Ending, Life, NotInForce, Pause

SIGNED = datetime(2026, 6, 20, 10, tzinfo=JST)
LIFE = Life(SIGNED, date(2026, 6, 24), date(2028, 6, 24))


def at(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=JST)


@pytest.mark.parametrize(
    ("instant", "standing"),
    [
        ("2026-06-20 09:59", ""),
        ("2026-06-20 10:00", "not_begun"),
        ("2026-06-23 23:59", "not_begun"),
        ("2026-06-24 00:00", "in_force"),
        ("2028-06-23 23:59", "in_force"),
        ("2028-06-24 00:00", "expired"),
    ],
)
def test_a_term_begins_and_ends_at_midnight_in_japan(instant, standing):
    assert lives.standing(LIFE, at(instant)) == standing


def test_a_suspension_holds_from_its_instant_until_it_is_lifted():
    life = Life(SIGNED, LIFE.start, LIFE.until, (Pause(at("2026-09-01 12:00"), at("2026-09-03 12:00")),))
    assert [lives.standing(life, at(f"2026-09-0{day} 12:00") + timedelta(seconds=late)) for day, late in (
        (1, -1), (1, 0), (3, -1), (3, 0),
    )] == ["in_force", "suspended", "suspended", "in_force"]  # fmt: skip
    assert lives.days_suspended(life, Period(date(2026, 7, 1), date(2026, 10, 1)), on=date(2026, 10, 1)) == 3


def test_a_termination_goes_before_a_suspension_and_winds_down():
    ending = Ending(at("2026-10-31 00:00"), "agreed", date(2027, 4, 30))
    life = Life(SIGNED, LIFE.start, LIFE.until, (Pause(at("2026-10-01 00:00")),), ending)
    assert lives.standing(life, at("2026-10-30 23:59")) == "suspended"
    assert lives.standing(life, at("2026-10-31 00:00")) == "winding_down"
    assert lives.standing(life, at("2027-04-29 23:59")) == "winding_down"
    assert lives.standing(life, at("2027-04-30 00:00")) == "terminated"
    assert lives.reported_term(life).until == date(2027, 4, 30)


def test_a_termination_after_the_term_comes_too_late_to_matter():
    life = Life(SIGNED, LIFE.start, LIFE.until, ending=Ending(at("2028-06-24 00:00"), "cause"))
    assert lives.standing(life, at("2028-06-25 00:00")) == "expired"
    assert lives.reported_term(life).until == LIFE.until


def test_stock_is_sold_off_after_a_term_that_ran_out_where_the_agreement_says_so():
    life = replace(LIFE, stock_until=date(2028, 12, 24))
    instants = ("2028-06-23 23:59", "2028-06-24 00:00", "2028-12-24 00:00")
    assert [lives.standing(life, at(one)) for one in instants] == ["in_force", "winding_down", "expired"]
    assert lives.reported_term(life).until == date(2028, 12, 24) and lives.ends(life) == date(2028, 6, 24)
    with pytest.raises(NotInForce):
        lives.check(life, at("2028-07-01 00:00"), agreement="L-1")


@pytest.mark.parametrize(
    ("instant", "ends"),
    [
        ("2026-10-31 00:00", date(2026, 10, 31)),
        ("2026-10-31 00:01", date(2026, 11, 1)),
        ("2028-06-24 00:00", LIFE.until),
        ("2026-06-24 00:00", date(2026, 6, 25)),
    ],
)
def test_it_runs_to_its_last_day_and_no_further_than_its_termination(instant, ends):
    assert lives.ends(replace(LIFE, ending=Ending(at(instant), "cause"))) == ends


def test_what_only_a_licence_in_force_allows_is_refused_with_how_it_stands():
    with pytest.raises(NotInForce) as refusal:
        lives.check(LIFE, at("2028-06-24 00:00"), agreement="L-1")
    assert "期間満了" in refusal.value.text("ja") and "expired" in refusal.value.text("en")
    lives.check(LIFE, at("2026-06-24 00:00"), agreement="L-1")
