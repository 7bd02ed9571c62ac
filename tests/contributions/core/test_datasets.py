"""Datasets: measure, reviews required, residency, and what a record leaves out."""

from __future__ import annotations

from datetime import date

import pytest

from contributions.core import datasets, descriptions
from contributions.core.datasets import Copy
from contributions.core.units import AmountOutOfRange
from contributions.core.words import Text

MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)


def test_data_is_measured_in_its_own_units_only() -> None:
    assert datasets.check_quantity(3600, "media_second") == (3600, "media_second")
    with pytest.raises(datasets.NotADataUnit):
        datasets.check_quantity(3600, "JPY")
    for amount in (-1, 2**62):
        with pytest.raises(AmountOutOfRange):
            datasets.check_quantity(amount, "byte")


def test_one_copy_abroad_is_enough_and_it_is_named() -> None:
    copies = [Copy("JP", "静岡", MAY), Copy("SG", "Singapore", JUNE)]
    assert datasets.residency(copies, {"JP"}, MAY).is_kept
    broken = datasets.residency(copies, {"JP"}, JUNE)
    assert broken.reason == "not-resident"
    assert "シンガポール（Singapore）" in broken.text.of("ja")


def test_a_copy_that_was_removed_no_longer_lies_there_and_no_copy_at_all_proves_nothing() -> None:
    copies = [Copy("JP", "静岡", MAY), Copy("SG", "Singapore", MAY, until=JUNE)]
    assert datasets.residency(copies, {"JP"}, JUNE).is_kept
    assert datasets.residency([], {"JP"}, JUNE).reason == "not-resident"


@pytest.mark.parametrize("country", ["jp", "JPN", "", "日本"])
def test_a_country_is_two_capital_letters(country: str) -> None:
    assert datasets.check_country("JP") == "JP"
    with pytest.raises(datasets.NotACountry):
        datasets.check_country(country)


def test_what_is_not_stated_is_named_when_reviews_are_to_begin() -> None:
    datasets.check_ready(())
    with pytest.raises(datasets.NotReadyForReview) as refusal:
        datasets.check_ready([Text("権利者の記載がありません。", "Not stated: Rights holders.")])
    assert "権利者" in refusal.value.text("ja")


def test_a_withdrawal_reaches_forward_only_and_happens_once() -> None:
    datasets.check_withdrawal("D-a-0001@1", on=MAY, today=MAY, withdrawn=None)
    with pytest.raises(datasets.WithdrawnBackwards):
        datasets.check_withdrawal("D-a-0001@1", on=MAY, today=JUNE, withdrawn=None)
    with pytest.raises(datasets.WithdrawnAlready):
        datasets.check_withdrawal("D-a-0001@1", on=JUNE, today=JUNE, withdrawn=MAY)


@pytest.mark.parametrize(
    ("stated", "size"),
    [
        ("12.3 MB", 12_300_000),
        ("117743037 B", 117_743_037),
        ("117743037", 117_743_037),
        ("1,024 KiB", 1_048_576),
        ("4.698 MB", 4_698_000),
        ("0.5 GiB", 536_870_912),
        (" B", None),
        ("about 3 GB", None),
        ("1.5 B", None),
        ("-3 MB", None),
        ("9999999999 EB", None),
        (None, None),
        (12, None),
    ],
)
def test_a_stated_size_is_bytes_exactly_or_not_stated(stated: object, size: int | None) -> None:
    assert descriptions.size_in_bytes(stated) == size
