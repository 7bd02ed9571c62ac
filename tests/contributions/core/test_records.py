"""The minimum record: read from what an owner states, and the same after a journey through Croissant."""

from __future__ import annotations

import pytest

from contributions.core import records

FULL = {
    "site": "第一工場",
    "rightsHolder": "鉄山製鋼、鉄山研究所",
    "collectedFrom": "2025-04-01",
    "collectedUntil": "2026-04-01",
    "tlp": "amber",
    "personalData": "none",
    "thirdPartyRights": "なし",
    "purposes": "training, evaluation",
    "prohibited": "再提供",
    "marks": "trade-secret,limited-data",
}


def test_a_record_reads_terms_and_splits_lists() -> None:
    record = records.read(FULL)
    assert record["rights_holders"] == ["鉄山製鋼", "鉄山研究所"]
    assert (record["purposes"], record["tlp"]) == (["training", "evaluation"], "amber")
    assert records.gaps(record) == () and records.marks_of(record) == ("trade-secret", "limited-data")


def test_what_goes_out_comes_back_the_same() -> None:
    record = records.read(FULL)
    assert records.read(records.stated(record)) == record


def test_everything_left_out_is_named() -> None:
    missing = {gap.en for gap in records.gaps({})}
    assert len(missing) == 9 and "Not stated: Rights holders." in missing
    assert "Not stated: Ground for personal data." in {gap.en for gap in records.gaps({"personal": "personal"})}
    assert records.gaps(records.read(FULL | {"marks": ""})) == (), "a mark may be absent"


@pytest.mark.parametrize(
    ("field", "value", "word"),
    [
        ("tlp", "purple", "amber-strict"),
        ("collectedFrom", "20250401", "2026-04-12"),
        ("collectedFrom", "0001-01-01", "2026-04-12"),
        ("personalData", "perhaps", "anonymised"),
        ("marks", "trade-secret,sticker", "sticker"),
        ("collectedFrom", "last spring", "2026-04-12"),
        ("collectedUntil", "2025-04-01", "later"),
        ("site", "x" * 501, "500"),
    ],
)
def test_what_cannot_be_read_is_refused_and_named(field, value, word) -> None:
    with pytest.raises(records.NotInRecord, match=word):
        records.read(FULL | {field: value})


def test_what_is_stated_later_completes_and_and_nothing_else_changes() -> None:
    assert records.merged({"site": "a"}, {"tlp": "red"}) == {"site": "a", "tlp": "red"}
