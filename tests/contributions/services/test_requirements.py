"""Tables of required reviews: adopted by legal, journaled, and fixed for a version on the day it is submitted."""

from __future__ import annotations

from datetime import date

import pytest

from contributions import selectors, services
from contributions.core import requirements as rules
from contributions.core.roles import NotAllowed
from contributions.models import Entry, Requirement

LINES = {"plant": {"title": 1, "security": 2}}


def adopt(world, username="legal", lines=LINES, valid_from=date(2026, 5, 1), **source):
    words = {"source_ja": "審査規程", "source_en": "rules"} | source
    return services.requirements.adopt(lines, valid_from=valid_from, **words, **world.by(username))


def test_a_table_decides_for_versions_submitted_from_its_day_on(world):
    made = adopt(world)
    assert Entry.objects.get(seq=made.seq).kind == "requirement.adopted"
    before, after = world.dataset("tetsu", "高炉"), world.dataset("tetsu", "圧延", on=date(2026, 5, 2))
    assert len(before.required) == 6 and after.required == ["title", "security"]
    assert [row.quota for row in after.reviews.order_by("kind")] == [2, 1]
    adopt(world, lines={"plant": {"title": 1}}, valid_from=date(2026, 5, 1))
    assert type(after).objects.get(pk=after.pk).required == ["title", "security"], "what came before keeps its own"


def test_what_was_adopted_later_was_not_known_before(world):
    made = adopt(world)
    assert [table.version for table in selectors.requirements.as_of()] == [1, 2]
    assert [table.version for table in selectors.requirements.as_of(made.seq)] == [1]


@pytest.mark.parametrize("username", ["tetsu", "reviewer", "finance", "auditor", "robo"])
def test_nobody_but_legal_adopts(world, username):
    with pytest.raises(NotAllowed):
        adopt(world, username)
    assert Requirement.objects.count() == 1


def test_a_table_needs_its_source_and_known_words(world):
    with pytest.raises(rules.NoSource):
        adopt(world, source_en=" ")
    with pytest.raises(rules.NotAQuota):
        adopt(world, lines={"plant": {"title": 99}})
    assert Requirement.objects.count() == 1
