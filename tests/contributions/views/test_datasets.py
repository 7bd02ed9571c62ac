"""Dataset pages: the owner reads why a version counts or not; a rival finds nothing at all."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from contributions.models import Dataset, DatasetVersion, LogHead

DEMO = Path(__file__).resolve().parents[3] / "demo" / "datasets" / "honda-vehicle-dynamics.json"


def bare(body: str) -> str:
    """The page less its token, which is another each time."""
    return re.sub(r'(value=|Token": )"[^"]+"', "", body)


def test_a_rival_sees_neither_the_dataset_nor_that_it_exists(contributed_world, reader, text):
    rival = reader("hagane")
    body = text(rival.get("/datasets/"))
    assert "D-hagane-0001" in body and "高炉" not in body and "Tetsuyama" not in body
    hidden, absent = rival.get("/datasets/D-tetsu-0001/"), rival.get("/datasets/D-tetsu-9999/")
    assert hidden.status_code == absent.status_code == 404
    assert bare(text(hidden)) == bare(text(absent))
    assert rival.get("/datasets/D-tetsu-0001/1/croissant.json").status_code == 404
    assert "tetsu" not in text(rival.get("/datasets/?format=csv"))


def test_a_licensee_finds_no_dataset(contributed_world, reader, text):
    assert "D-" not in text(reader("robo").get("/datasets/"))
    assert reader("robo").get("/datasets/D-tetsu-0001/").status_code == 404


@pytest.mark.parametrize(
    ("number", "state", "why"),
    [
        ("D-tetsu-0001", "Usable", "reviewed and in force"),
        ("D-kuruma-0001", "Not counted", "a copy lies abroad: US"),
        ("D-kuruma-0002", "Under review", "a review is missing"),
    ],
)
def test_the_page_says_in_words_why_a_version_counts_or_not(contributed_world, reader, text, number, state, why):
    body = text(reader("legal").get(f"/datasets/{number}/"))
    assert state in body and why in body


def test_a_member_registers_a_dataset_from_its_croissant_file(world, reader):
    upload = SimpleUploadedFile("d.json", DEMO.read_bytes())
    answer = reader("kuruma").post("/datasets/new/", {"file": upload, "agreement": "T-kuruma-0001"})
    assert answer.status_code == 302 and answer.url == "/datasets/D-kuruma-0001/"
    version = DatasetVersion.objects.get()
    assert (version.agreement.number, version.copies[0]["country"]) == ("T-kuruma-0001", "JP")


def test_what_the_validator_refuses_is_refused_in_its_words_and_nothing_is_written(world, reader, text):
    size = LogHead.objects.get().size
    form = {"file": SimpleUploadedFile("d.json", b'{"@type": "sc:Thing"}'), "region": "Hyogo"}
    answer = reader("kuruma").post("/datasets/new/", form)
    assert answer.status_code == 200 and "mlcroissant" in text(answer)
    assert 'value="Hyogo"' in text(answer), "what was typed is kept"
    assert (Dataset.objects.count(), LogHead.objects.get().size) == (0, size)


def test_legal_records_a_copy_abroad_and_the_page_says_that_it_stops_counting(contributed_world, reader, text):
    legal = reader("legal")
    assert "granted by T-tetsu-0001" in text(legal.get("/datasets/D-tetsu-0001/"))
    legal.post("/datasets/D-tetsu-0001/copies/", {"country": "sg", "region": "Jurong"})
    assert "a copy lies abroad: SG (Jurong)" in text(legal.get("/datasets/D-tetsu-0001/"))
    refused = legal.post("/datasets/D-tetsu-0001/copies/", {"country": "Japan", "region": "Hyogo"})
    assert refused.status_code == 422 and 'value="Hyogo"' in text(refused)


def test_only_legal_opens_reviews(contributed_world, reader, text):
    contributed_world.dataset("tetsu", "圧延", opened=False)
    refused = reader("tetsu").post("/datasets/D-tetsu-0002/reviews/")
    assert refused.status_code == 422 and "may not do this" in text(refused)
    assert reader("legal").post("/datasets/D-tetsu-0002/reviews/").status_code == 302
    assert Dataset.objects.get(number="D-tetsu-0002").versions.get().reviews.count() == 6
