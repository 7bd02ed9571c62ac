"""Copies: recorded where they lie, gone when they are deleted; one abroad is a breach in the same breath."""

from __future__ import annotations

from datetime import date

import pytest

from contributions import selectors, services
from contributions.core import datasets as rules
from contributions.core.evidence import Evidence
from contributions.core.roles import NotAllowed, NotYours
from contributions.models import Breach, DatasetVersion, Entry, LogHead

DAY = date(2026, 5, 10)


@pytest.fixture
def version(world):
    made = world.clear(world.dataset("tetsu", "高炉"))
    world.wait_until("2026-05-25 09:00")
    return made


def counts(version) -> bool:
    return selectors.datasets.standing(DatasetVersion.objects.get(pk=version.pk), date(2026, 6, 1)).counts


def test_another_copy_stands_with_its_day_and_its_evidence(world, version):
    made = services.copies.record(
        version, country="JP", region="兵庫", on=DAY, evidence=Evidence("契約書.pdf", b"x"), **world.by("tetsu")
    )
    copy = DatasetVersion.objects.get(pk=made.pk).copies[-1]
    assert (copy["copy"], copy["country"], copy["on"], copy["until"]) == (2, "JP", "2026-05-10", None)
    assert services.journal.store().get(copy["evidence"]) == b"x"
    statement = bytes(Entry.objects.get(seq=made.seq).statement.content).decode()
    assert "契約書" not in statement and copy["evidence"] in statement
    assert counts(version) and not Breach.objects.exists()


def test_a_copy_abroad_is_a_breach_from_its_first_day_until_it_is_deleted(world, version):
    services.copies.record(version, country="SG", region="Jurong", on=DAY, **world.by("tetsu"))
    breach = Breach.objects.get()
    assert (breach.number, breach.since, breach.found, breach.until) == ("RB-tetsu-0001", DAY, "record", None)
    assert not counts(version)
    services.copies.remove(version, 2, on=date(2026, 5, 20), **world.by("legal"))
    breach.refresh_from_db()
    assert breach.until == date(2026, 5, 20) and counts(version)
    kinds = list(Entry.objects.order_by("seq").values_list("kind", flat=True))[-4:]
    assert kinds == ["dataset.copied", "residency.breached", "copy.removed", "residency.mended"]


@pytest.mark.parametrize(
    ("copy", "on", "refusal"),
    [
        (9, DAY, rules.NoSuchCopy),
        (1, date(2026, 4, 1), rules.GoneBefore),
        (1, date(2117, 1, 1), rules.CopyNotYet),
    ],
)
def test_what_never_lay_there_cannot_be_deleted(world, version, copy, on, refusal):
    size = LogHead.objects.get().size
    with pytest.raises(refusal):
        services.copies.remove(version, copy, on=on, **world.by("tetsu"))
    assert LogHead.objects.get().size == size


def test_a_copy_of_a_day_to_come_is_none_yet(world, version):
    with pytest.raises(rules.CopyNotYet, match="2117-01-01"):
        services.copies.record(version, country="SG", region="Jurong", on=date(2117, 1, 1), **world.by("tetsu"))
    assert not Breach.objects.exists()


def test_a_copy_is_deleted_once(world, version):
    services.copies.remove(version, 1, on=DAY, **world.by("tetsu"))
    with pytest.raises(rules.CopyGone):
        services.copies.remove(version, 1, on=DAY, **world.by("tetsu"))
    assert not counts(version), "a version with no copy on record is not shown to be here"


@pytest.mark.parametrize(
    ("username", "refusal"), [("hagane", NotYours), ("reviewer", NotAllowed), ("robo", NotAllowed)]
)
def test_nobody_else_moves_copies(world, version, username, refusal):
    for step in (
        lambda: services.copies.record(version, country="US", region="Texas", **world.by(username)),
        lambda: services.copies.remove(version, 1, on=DAY, **world.by(username)),
    ):
        with pytest.raises(refusal):
            step()
    assert len(DatasetVersion.objects.get(pk=version.pk).copies) == 1
