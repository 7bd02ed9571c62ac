"""Croissant with our additions: mlcroissant accepts it, and whoever reads it back gets the same record."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from contributions.adapters import croissant, croissant_export
from contributions.core import records

ROOT = Path(__file__).resolve().parents[3]
DEMO = sorted((ROOT / "demo" / "datasets").glob("*.json"))
RECORD = {
    "site": "第一工場",
    "rights_holders": ["鉄山製鋼", "鉄山研究所"],
    "tlp": "amber",
    "purposes": ["training", "evaluation"],
    "marks": ["trade-secret"],
}
ADDITIONS = {
    **records.stated(RECORD),
    "kind": "plant",
    "quantity": "500",
    "unit": "record",
    "copies": [{"country": "JP", "region": "兵庫", "on": "2026-04-20"}],
    "reviews": [{"review": "title", "outcome": "passed", "from": "2026-05-01", "until": None}],
}
KNOWN = {
    "name": {"ja": "系列", "en": "series"},
    "description": {"ja": "説明", "en": "about"},
    "licence": "as agreed",
    "url": "",
    "version": "1.0.0",
    "files": [{"name": "a.bin", "sha256": "ab" * 32, "bytes": "1000"}, {"name": "b", "sha256": None, "bytes": None}],
}


def read_back(content: bytes) -> croissant.DatasetDescription:
    described = croissant.describe(content)
    assert records.read(dict(described.additions)) == RECORD
    assert [(copy.country, copy.region, copy.on) for copy in described.copies] == [("JP", "兵庫", "2026-04-20")]
    assert described.quantity == (500, "record")
    return described


@pytest.mark.parametrize("path", DEMO, ids=lambda path: path.stem)
def test_the_owners_own_file_keeps_its_terms_and_gets_ours(path: Path) -> None:
    before = croissant.describe(path.read_bytes())
    after = read_back(croissant_export.export(path.read_bytes(), KNOWN, ADDITIONS))
    assert (after.name, after.files, after.columns) == (before.name, before.files, before.columns)


def test_every_real_description_takes_our_additions(real_data: Path) -> None:
    for path in sorted((real_data / "croissant").glob("*.json")):
        read_back(croissant_export.export(path.read_bytes(), KNOWN, ADDITIONS))


@pytest.mark.parametrize("source", [None, b"not json", b'{"name": "no context"}'])
def test_where_the_owners_file_is_gone_a_plain_description_stands(source: bytes | None) -> None:
    described = read_back(croissant_export.export(source, KNOWN, ADDITIONS))
    assert [file.name for file in described.files] == ["a.bin"], "a file without a digest is none to the validator"


def test_what_the_reviews_came_to_is_said_and_the_same_bytes_come_each_time() -> None:
    content = croissant_export.export(None, KNOWN, ADDITIONS)
    assert content == croissant_export.export(None, KNOWN, ADDITIONS)
    (review,) = json.loads(content)["moyai:reviews"]
    assert review == {"moyai:review": "title", "moyai:outcome": "passed", "moyai:from": "2026-05-01"}
