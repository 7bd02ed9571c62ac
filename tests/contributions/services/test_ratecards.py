"""Adopting a rate card states the root over its lines in an entry that every member may read."""

from __future__ import annotations

from datetime import date

import pytest

from contributions import selectors, services
from contributions.core import rate_rows
from contributions.models import Entry

pytestmark = pytest.mark.django_db
BOTH = (rate_rows.ADOPTED, rate_rows.COMMITTED)


def adopt(world, **lines: str):
    return services.ratecards.adopt(
        card="grade", lines=lines, valid_from=date(2026, 7, 1), source_ja="表", source_en="table", **world.by("legal")
    )


def roots(card: str) -> list[dict]:
    said = selectors.journal.statements_of([rate_rows.COMMITTED], size=selectors.log.head().size)
    return [one["facts"] for one in said if one["facts"]["card"] == card]


def test_each_edition_has_its_root_and_members_read_that_but_not_the_lines(world):
    before = [facts["version"] for facts in roots("grade")]
    adopt(world, senior="3/2")
    stated = roots("grade")
    assert [facts["version"] for facts in stated] == [*before, before[-1] + 1]
    everything = selectors.journal.numbered(BOTH, size=selectors.log.head().size)
    assert rate_rows.unfaithful(everything) == [] and "grade" in rate_rows.complete(stated)
    read = selectors.journal.visible_to(world.viewer("tetsu")).filter(kind__in=BOTH)
    assert set(read.values_list("kind", flat=True)) == {rate_rows.COMMITTED}


def test_an_edition_of_before_gets_its_root_with_the_next_one(world, monkeypatch):
    monkeypatch.setattr(services.ratecards, "_state_roots", lambda *card, **by: None)
    adopt(world, senior="3/2")
    monkeypatch.undo()
    missing = roots("grade")
    adopt(world, senior="2")
    assert len(roots("grade")) == len(missing) + 2
    assert rate_rows.unfaithful(selectors.journal.numbered(BOTH, size=selectors.log.head().size)) == []
    assert (
        Entry.objects.filter(kind=rate_rows.COMMITTED, member="").count()
        == Entry.objects.filter(kind=rate_rows.COMMITTED).count()
    )
