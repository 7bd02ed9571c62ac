from __future__ import annotations

from fractions import Fraction

import pytest

from contributions.core.errors import Refused
from licensing.core import vintages
from licensing.core.vintages import Vintage

FADES = Vintage("fades/1", "year", Fraction(85, 100))
EARLY = Vintage("early/1", "month", Fraction(101, 100), "2026-10-01")


def nothing(key: str) -> str | None:
    return None


@pytest.mark.parametrize(
    ("day", "last_day", "factor"),
    [
        ("2026-04-01", "2027-03-31", Fraction(1)),
        ("2026-04-01", "2027-04-01", Fraction(85, 100)),
        ("2024-02-29", "2026-02-28", Fraction(85, 100)),
        ("2024-02-29", "2026-03-01", Fraction(85, 100) ** 2),
        ("2027-04-01", "2026-04-01", Fraction(1)),
        ("1500-01-01", "2026-04-01", Fraction(85, 100) ** 100),
    ],
)
def test_old_data_fade_by_whole_years(day: str, last_day: str, factor: Fraction) -> None:
    """domain.md T23: one year old is worth 0.85; the anniversary itself completes the year."""
    assert vintages.value(FADES, "data", day, last_day, nothing) == factor


def test_early_is_worth_more_for_each_whole_month_before_the_day() -> None:
    found = [
        vintages.value(EARLY, "data", day, "2030-01-01", nothing) for day in ("2026-10-01", "2026-08-01", "2026-08-02")
    ]
    assert found == [1, Fraction(101, 100) ** 2, Fraction(101, 100)]


def test_a_signed_table_has_a_line_for_each_fiscal_year_or_nothing_counts() -> None:
    table = {"data/FY2025": "9/10"}
    assert vintages.value(Vintage("table/1"), "data", "2026-03-31", "2026-09-30", table.get) == Fraction(9, 10)
    assert vintages.value(Vintage("table/1"), "data", "2026-04-01", "2026-09-30", table.get) is None


@pytest.mark.parametrize(
    "row",
    [
        None,
        {"rule": "fades/1", "per": "year", "factor": "1"},
        {"rule": "early/1", "per": "year", "factor": "9/10", "until": "2026-04-01"},
        {"rule": "early/1", "per": "year", "factor": "11/10", "until": "2026-4-1"},
        {"rule": "table/1", "per": "year"},
    ],
)
def test_a_rule_that_does_not_say_its_direction_is_refused(row: object) -> None:
    with pytest.raises(Refused):
        vintages.read(row, "data.vintage.")
