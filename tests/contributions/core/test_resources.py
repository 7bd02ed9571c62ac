"""Cash, people and background IP: exact amounts, fixed once."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from contributions.core import resources
from contributions.core.periods import Period

ON = date(2026, 6, 30)
YEAR = Period(date(2026, 4, 1), date(2027, 4, 1))


def test_foreign_cash_fixes_yen_once_and_rounds_down() -> None:
    cash = resources.foreign_cash("1500000.25", "USD", rate="151.37", source="TTM", on=ON)
    assert (cash.minor, cash.yen) == (150_000_025, 227_055_037)  # 227,055,037.8425


@pytest.mark.parametrize(
    ("rate", "source", "on"), [("", "TTM", ON), ("151", " ", ON), ("151", "TTM", None), ("0", "TTM", ON)]
)
def test_foreign_cash_without_rate_source_or_date_is_refused(rate: str, source: str, on: date | None) -> None:
    with pytest.raises(resources.RateNeeded):
        resources.foreign_cash("10", "USD", rate=rate, source=source, on=on)


@pytest.mark.parametrize(
    ("text", "currency", "refusal"),
    [
        ("100.5", "JPY", resources.TooFine),
        ("1.001", "USD", resources.TooFine),
        ("-5", "JPY", resources.NotADecimal),
        ("1e6", "JPY", resources.NotADecimal),
        ("NaN", "JPY", resources.NotADecimal),
        ("１００", "JPY", resources.NotADecimal),
        ("1,000", "JPY", resources.NotADecimal),
        ("5", "BTC", resources.UnknownCurrency),
        ("999999999999999999.99", "USD", resources.OutOfRange),
    ],
)
def test_an_amount_that_cannot_be_held_exactly_is_refused(text: str, currency: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        resources.minor_units(text, currency)


def test_people_are_minutes_and_an_engineer_month_is_160_hours() -> None:
    assert resources.minutes("152.75") == 9165
    assert resources.engineer_months(resources.minutes("400")) == Fraction(5, 2)
    with pytest.raises(resources.TooFine):
        resources.minutes("0.01")


def test_equity_counts_in_stakes_only_and_a_levy_does_not() -> None:
    equity = resources.Resource("cash", "mufg", 1, YEAR, "出資", nature="equity")
    levy = resources.Resource("cash", "mufg", 1, YEAR, "負担金", nature="levy")
    assert equity.counts_in_stakes_only
    assert not levy.counts_in_stakes_only
    assert (levy.unit, resources.Resource("people", "nec", 1, YEAR, "従事").unit) == ("JPY", "minute")


def test_unknown_natures_and_grades_are_refused_by_name() -> None:
    assert (resources.check_nature("loan"), resources.check_grade("senior")) == ("loan", "senior")
    with pytest.raises(resources.UnknownNature, match="gift"):
        resources.check_nature("gift")
    with pytest.raises(resources.UnknownGrade, match="wizard"):
        resources.check_grade("wizard")


def test_work_is_valued_once_on_the_whole_and_rounded_down() -> None:
    assert resources.valued(9_165, Fraction(4610)) == 704_177  # 704,177.5


def test_what_came_back_is_a_part_and_never_more_than_the_whole() -> None:
    assert resources.check_recovery(Fraction(1, 3), Fraction(2, 3)) == Fraction(1, 3)
    with pytest.raises(resources.MoreThanWhole):
        resources.check_recovery(Fraction(1, 2), Fraction(2, 3))
    for part in (Fraction(0), Fraction(-1, 2), Fraction(3, 2)):
        with pytest.raises(resources.NotAPart):
            resources.check_recovery(part, Fraction(0))


def test_background_ip_names_who_valued_it_and_when() -> None:
    resources.check_appraisal("評価法人", ON)
    for appraiser, on in (("", ON), (" ", ON), ("評価法人", None)):
        with pytest.raises(resources.AppraisalNeeded):
            resources.check_appraisal(appraiser, on)


def test_yen_are_no_foreign_cash() -> None:
    with pytest.raises(resources.UnknownCurrency, match="USD"):
        resources.foreign_cash("100", "JPY", rate="150", source="x", on=date(2026, 4, 1))
