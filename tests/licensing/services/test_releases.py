"""Runs and releases: what may not be used is refused by name and rule; the public entry names no dataset."""

from __future__ import annotations

from datetime import date

import pytest

from contributions.core import canonical
from contributions.models import DatasetVersion, Entry, Facility
from licensing import services
from licensing.core import releases as rules
from licensing.models import Release, TrainingRun


def record(world, *versions, facility="osaka", purpose="training", on=date(2026, 6, 1)) -> TrainingRun:
    return services.releases.record_run(
        facility=Facility.objects.get(code=facility), versions=versions, purpose=purpose, accelerator="h100",
        gpu_s=3600, started_on=on, ended_on=date(2026, 6, 10), **world.by("legal"),
    )  # fmt: skip


def publish(world, number="R-9", runs=()) -> Release:
    return services.releases.publish(
        number=number, name_ja="x", name_en="x", weights_sha256="00" * 32, runs=runs,
        published_on=date(2026, 6, 13), **world.by("legal"),
    )  # fmt: skip


def test_a_run_on_cleared_data_is_recorded_and_released(world):
    version = world.clear(world.dataset("tetsu", "高炉"))
    run = record(world, version)
    release = publish(world, runs=[run])
    assert list(release.runs.get().versions.all()) == [version]
    facts = canonical.loads(bytes(Entry.objects.get(seq=release.seq).statement.content))["facts"]
    assert facts["countries"] == ["JP"] and "D-tetsu" not in str(facts)


@pytest.mark.parametrize(
    ("make", "rule"),
    [
        (lambda world: world.dataset("tetsu", "未審査"), "review"),
        (lambda world: world.clear(world.dataset("tetsu", "国外", countries=("JP", "US"))), "country"),
        (lambda world: world.clear(world.dataset("tetsu", "契約なし", with_terms=False)), "agreement"),
    ],
)
def test_a_dataset_that_may_not_be_used_is_refused_by_name_and_rule(world, make, rule):
    version = make(world)
    with pytest.raises(rules.NotUsable) as refusal:
        record(world, version)
    assert str(version) in refusal.value.text("ja") and rule in refusal.value.text("en")
    assert not TrainingRun.objects.exists()


def test_a_review_that_expires_before_the_run_does_not_cover_it(world):
    version = world.clear(world.dataset("tetsu", "高炉"))
    with pytest.raises(rules.NotUsable):
        record(world, version, on=date(2028, 4, 1))


def test_a_purpose_outside_the_terms_is_refused(world):
    with pytest.raises(rules.NotUsable, match="purpose"):
        record(world, world.clear(world.dataset("tetsu", "高炉")), purpose="marketing")


def test_a_run_abroad_is_refused(world):
    version = world.clear(world.dataset("tetsu", "高炉"))
    with pytest.raises(rules.AbroadRun, match="austin"):
        record(world, version, facility="austin")


def test_a_withdrawn_version_is_refused(world):
    version = world.clear(world.dataset("tetsu", "高炉"))
    DatasetVersion.objects.filter(pk=version.pk).update(withdrawn_on=date(2026, 5, 30))
    with pytest.raises(rules.NotUsable, match="withdrawn"):
        record(world, DatasetVersion.objects.get(pk=version.pk))


def test_a_release_has_a_run(world):
    with pytest.raises(rules.NoRuns):
        publish(world)
    assert not Release.objects.exists()
