"""Breaches: recorded for good by whoever finds one, mended once, and seen by nobody it does not concern."""

from __future__ import annotations

from datetime import date

import pytest

import world as cast
from contributions import selectors, services
from contributions.core import residency as rules
from contributions.core.datasets import NotACountry
from contributions.core.roles import NotAllowed, NotYours
from contributions.models import DatasetVersion, Entry

MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)


@pytest.fixture
def version(world):
    cleared = world.clear(world.dataset("tetsu", "高炉"))
    world.wait_until("2026-06-02 09:00")
    return cleared


def record(world, username="legal", *, country="SG", found="secretariat", **what):
    where = {"country": country, "region": "", "since": MAY, "found": found}
    return services.residency.record(**what, **where, **world.by(username))


def test_a_breach_found_by_the_secretariat_stops_the_version_until_it_is_mended(world, version):
    breach = record(world, version=version)
    standing = selectors.datasets.standing(DatasetVersion.objects.get(pk=version.pk), JUNE)
    assert not standing.counts and breach.number in standing.grounds[1].text.ja
    services.residency.mend(breach, on=JUNE, **world.by("legal"))
    assert selectors.datasets.standing(DatasetVersion.objects.get(pk=version.pk), JUNE).counts
    with pytest.raises(rules.MendedAlready):
        services.residency.mend(breach, on=JUNE, **world.by("legal"))


def test_the_same_breach_is_recorded_once_until_it_is_mended(world, version):
    breach = record(world, version=version)
    with pytest.raises(rules.RecordedAlready, match=breach.number):
        record(world, "tetsu", version=version, found="owner")
    assert record(world, version=version, country="US").number == "RB-tetsu-0002", "elsewhere it is another breach"
    services.residency.mend(breach, on=JUNE, **world.by("legal"))
    assert record(world, version=version).number == "RB-tetsu-0003"


def test_a_batch_of_compute_may_have_run_abroad(world):
    world.wait_until("2026-06-01 09:00")
    batch = world.batch("kuruma", cast.sacct((1, "2026-05-10", 4, 8)))
    breach = record(world, "kuruma", batch=batch, found="operator")
    assert breach.number == "RB-kuruma-0001" and selectors.residency.as_of(JUNE)[0].what == f"batch:{batch.number}"


def test_what_was_known_before_it_was_mended_can_still_be_asked(world, version):
    breach = record(world, version=version)
    mended = services.residency.mend(breach, on=date(2026, 5, 20), **world.by("auditor"))
    assert selectors.residency.as_of(JUNE)[0].until == date(2026, 5, 20)
    assert selectors.residency.as_of(JUNE, known_at=mended.mended_seq)[0].until is None
    assert selectors.residency.as_of(JUNE, known_at=breach.seq) == []


def test_a_copy_still_on_record_abroad_is_not_mended_by_words(world, version):
    services.copies.record(version, country="SG", region="Jurong", **world.by("tetsu"))
    with pytest.raises(rules.StillAbroad):
        services.residency.mend(version.breaches.get(), on=date(2026, 12, 1), **world.by("tetsu"))


@pytest.mark.parametrize("country", ["ZZ", "sg", "SGP", ""])
def test_there_must_be_such_a_country(world, version, country):
    with pytest.raises(NotACountry):
        record(world, version=version, country=country)


def test_a_breach_neither_begins_nor_ends_on_a_day_to_come(world, version):
    """An end that is only promised would let it count again while it still lies abroad."""
    with pytest.raises(rules.NotYet):
        services.residency.record(
            version=version, country="SG", region="", since=date(2026, 6, 3), found="owner", **world.by("tetsu")
        )
    breach = record(world, version=version)
    with pytest.raises(rules.NotYet):
        services.residency.mend(breach, on=date(2026, 6, 3), **world.by("tetsu"))


def test_what_lies_in_an_allowed_country_is_no_breach(world, version):
    with pytest.raises(rules.NotABreach):
        record(world, version=version, country="JP")
    with pytest.raises(rules.UnknownFinder):
        record(world, version=version, found="rumour")


def test_a_rival_neither_records_nor_reads_it(world, version):
    with pytest.raises(NotYours):
        record(world, "hagane", version=version)
    with pytest.raises(NotAllowed):
        record(world, "reviewer", version=version)
    breach = record(world, version=version)
    seen = {username for username, viewer in world.viewers().items() if selectors.residency.visible_to(viewer).exists()}
    assert seen == {"legal", "second", "desk", "auditor", "tetsu"}
    readers = {
        username for username, viewer in world.viewers().items()
        if selectors.journal.open_to(viewer).filter(seq=breach.seq).exists()
    }  # fmt: skip
    assert readers == {"legal", "second", "desk", "auditor", "tetsu"}, "finance has no part in it"
    assert Entry.objects.get(seq=breach.seq).member == "tetsu"
