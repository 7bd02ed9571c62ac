"""Datasets: measure, reviews required, residency, and what a record leaves out."""

from __future__ import annotations

from datetime import date

import pytest

from contributions.core import datasets, descriptions
from contributions.core.datasets import Copy
from contributions.core.periods import Period
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


def test_simulated_data_is_spared_what_needs_a_person_and_everything_else_goes_through_all_six() -> None:
    assert len(datasets.required_reviews("plant")) == 6
    assert set(datasets.required_reviews("plant")) - set(datasets.required_reviews("simulation")) == {
        "privacy",
        "safety",
    }
    with pytest.raises(datasets.UnknownKind):
        datasets.required_reviews("poetry")


def test_one_copy_abroad_is_enough_and_it_is_named() -> None:
    copies = [Copy("JP", "静岡", MAY), Copy("SG", "Singapore", JUNE)]
    assert datasets.residency(copies, {"JP"}, MAY).is_kept
    broken = datasets.residency(copies, {"JP"}, JUNE)
    assert broken.reason == "not-resident"
    assert "SG（Singapore）" in broken.text.of("ja")


def test_a_copy_that_was_removed_no_longer_lies_there_and_no_copy_at_all_proves_nothing() -> None:
    copies = [Copy("JP", "静岡", MAY), Copy("SG", "Singapore", MAY, until=JUNE)]
    assert datasets.residency(copies, {"JP"}, JUNE).is_kept
    assert datasets.residency([], {"JP"}, JUNE).reason == "not-resident"


@pytest.mark.parametrize("country", ["jp", "JPN", "", "日本"])
def test_a_country_is_two_capital_letters(country: str) -> None:
    assert datasets.check_country("JP") == "JP"
    with pytest.raises(datasets.NotACountry):
        datasets.check_country(country)


def test_a_full_record_leaves_nothing_out_and_an_empty_one_is_held_back_by_name() -> None:
    bare = datasets.Record("D-0001", 1, Text("系列", "series"), "honda", None, "byte", "plant")
    assert {gap.en for gap in datasets.gaps(bare)} >= {"quantity", "rights holders", "the inbound agreement"}
    with pytest.raises(datasets.NotReadyForReview) as refusal:
        datasets.check_ready(datasets.gaps(bare))
    assert "権利者" in refusal.value.text("ja")
    full = datasets.Record(
        "D-0001", 1, Text("系列", "series"), "honda", 10, "byte", "plant", site="栃木", rights_holders=("honda",),
        sha256=("0" * 64,), collected=Period(MAY, JUNE), copies=(Copy("JP", "栃木", MAY),), tlp="amber",
        has_personal_data=False, purposes=("学習",), agreement="T-0001",
    )  # fmt: skip
    assert datasets.gaps(full) == ()
    datasets.check_ready(())


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
