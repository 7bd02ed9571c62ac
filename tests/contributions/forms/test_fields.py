"""What people type: dates in three notations, amounts with 万 and 億, hours to the minute."""

from __future__ import annotations

from datetime import date

import pytest
from django import forms
from django.utils.translation import override

from contributions.forms.fields import HoursField, MonthField, YenField, read_amount, read_date


@pytest.mark.parametrize(
    "typed", ["2026-04-12", "2026/4/12", "令和8年4月12日", "２０２６年４月１２日", "R8.4.12", " 2026-04-12 "]
)
def test_a_date_is_read_in_each_notation(typed):
    assert read_date(typed) == date(2026, 4, 12)


@pytest.mark.parametrize("typed", ["2026-02-30", "12/4/2026", "令和0年4月1日", "tomorrow", ""])
def test_what_is_no_date_is_not_guessed(typed):
    assert read_date(typed) is None


def test_the_first_year_of_an_era_has_a_name():
    assert read_date("令和元年5月1日") == date(2019, 5, 1)


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("1,000,000", 10**6),
        ("100万", 10**6),
        ("１２３円", 123),
        ("1億2,345万", 123_450_000),
        ("¥5", 5),
        ("3億1", 3 * 10**8 + 1),
    ],
)
def test_an_amount_is_read_in_each_notation(typed, amount):
    assert read_amount(typed) == amount


@pytest.mark.parametrize("typed", ["", "万", "1.5", "-3", "12万3億", "1e6", str(2**62)])
def test_what_is_no_amount_is_not_guessed(typed):
    assert read_amount(typed) is None


def test_hours_become_whole_minutes_or_are_refused():
    field = HoursField(required=False)
    assert (field.clean("152.75"), field.clean("１，０００"), field.clean("")) == (9165, 60_000, None)
    for typed in ("0.0001", "-1", "two"):
        with pytest.raises(forms.ValidationError):
            field.clean(typed)


@pytest.mark.parametrize("typed", ["2026-05", "2026/5", "２０２６年５月", "令和8年5月", " 2026-5 "])
def test_a_month_is_read_in_each_notation(typed):
    assert MonthField().clean(typed) == "2026-05"


@pytest.mark.parametrize("typed", ["2026-13", "2026-05-01", "5月", "2026", "abc"])
def test_what_is_no_month_is_refused_saying_how_to_write_one(typed):
    with pytest.raises(forms.ValidationError, match="2026-05"):
        MonthField().clean(typed)


def test_an_amount_beyond_the_ledger_is_said_to_be_too_large():
    with override("en"), pytest.raises(forms.ValidationError, match="larger than"):
        YenField().clean("9" * 30)
