from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licensing.core.decimals import NotADecimal, decimal, exact, percent, rounded


@pytest.mark.parametrize(
    ("text", "value"),
    [("0.05", Fraction(1, 20)), ("12", Fraction(12)), ("1/3", Fraction(1, 3)), ("-2.5", Fraction(-5, 2))],
)
def test_decimals_and_fractions_are_read_exactly(text: str, value: Fraction) -> None:
    assert decimal(text) == value


@pytest.mark.parametrize("text", ["", "1,000", "１２", "1e3", "1/0", ".5", " 1", 0.5, None, "9" * 31])
def test_anything_else_is_refused(text: object) -> None:
    with pytest.raises(NotADecimal):
        decimal(text)


@given(st.fractions(min_value=-(10**9), max_value=10**9))
def test_the_exact_text_reads_back_as_the_same_number(value: Fraction) -> None:
    assert Fraction(exact(value).replace(",", "")) == value


def test_percentages_and_rounding_are_written_for_people() -> None:
    assert (percent(Fraction(9, 20)), percent(Fraction(1, 3), 4), percent(Fraction(1, 3))) == (
        "45 %",
        "33.3333 %",
        "100/3 %",
    )
    assert (rounded(Fraction(-1, 2), 0), rounded(Fraction(-1, 3), 0), rounded(1_234_567, 1)) == (
        "-1",
        "0",
        "1,234,567.0",
    )
