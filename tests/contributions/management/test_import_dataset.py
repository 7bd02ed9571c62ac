"""import_dataset: accepts what mlcroissant accepts, refuses what it refuses, and writes nothing then."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from contributions.models import Dataset, DatasetVersion, LogHead


def run(path: Path, **options) -> dict:
    out = StringIO()
    call_command("import_dataset", str(path), member="tetsu", json=True, lang="en", stdout=out, **options)
    return json.loads(out.getvalue())


def test_every_real_description_is_accepted_with_what_it_states(world, real_data):
    files = sorted((real_data / "croissant").glob("*.json"))
    answers = {path.name: run(path) for path in files}
    assert len(answers) == Dataset.objects.count() == 8
    coco = answers["1.0_coco2014-mini.json"]
    assert (coco["name"], coco["licence"], coco["version"]) == ("Mini-COCO", "cc-by-4.0", 1)
    assert coco["files"][0]["sha256"] == "d010037fee9416bdcc187a37a4aec7bef798316147da2753bd86e78fc0d469a5"
    assert answers["1.1_zenodo-head-mri.json"]["files"][0]["bytes"] == 4_698_000
    assert answers["1.0_audio_test.json"]["gaps"], "what is not stated is said"
    again = run(files[0])
    assert again["already"] == f"{again['dataset']}@1" and Dataset.objects.count() == 8


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("distribution_missing_property_content_url.json", "contentUrl"),
        ("metadata_bad_type.json", "doesn't extend https://schema.org/Dataset"),
        ("recordset_wrong_join.json", "didn't declare a join"),
    ],
)
def test_a_broken_description_is_refused_in_the_validators_words(world, real_data, name, words):
    size, out = LogHead.objects.get().size, StringIO()
    with pytest.raises(CommandError, match=words):
        call_command("import_dataset", str(real_data / "croissant_bad" / name), member="tetsu", json=True, stdout=out)
    assert words in json.loads(out.getvalue())["refused"]["reason"]
    assert (LogHead.objects.get().size, Dataset.objects.count()) == (size, 0)


def test_a_description_that_states_no_place_is_not_shown_to_be_resident(world, real_data):
    run(real_data / "croissant" / "1.0_dices-350.json")
    assert DatasetVersion.objects.get().copies == []
    run(real_data / "croissant" / "1.0_gpt-3.json", country="JP", region="Osaka", kind="simulation")
    version = DatasetVersion.objects.latest("pk")
    (lying,) = version.copies
    assert (lying["country"], lying["region"]) == ("JP", "Osaka") and "privacy" not in version.required
