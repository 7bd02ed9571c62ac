"""The course of a usage file: a refusal, a withdrawal, a replacement and a reversal are told apart."""

from __future__ import annotations

import world as cast
from contributions import selectors, services
from contributions.core import courses
from contributions.models import Batch

MAY = cast.sacct((1, "2026-05-10", 4, 8), (2, "2026-05-11", 2, 8))


def states(world, batch, username: str = "legal") -> list[str]:
    row = Batch.objects.get(pk=batch.pk)
    return [step.state for step in selectors.courses.of_batch(world.viewer(username), row)]


def test_what_fell_away_says_how(world):
    world.wait_until("2026-06-01 09:00")
    attested = world.batch("kuruma", MAY)
    assert states(world, attested) == ["submitted", "accepted"]
    services.batches.reverse(attested, reason="二重計上", **world.by("legal"))
    assert states(world, attested) == ["submitted", "accepted", "reversed"]
    refused = world.batch("kuruma", MAY, attested=False)
    services.batches.reverse(refused, reason="施設が違います", **world.by("legal"))
    steps = selectors.courses.of_batch(world.viewer("kuruma"), Batch.objects.get(pk=refused.pk))
    assert [(step.step, step.state, step.reason) for step in steps] == [
        ("submit", "submitted", ""), ("refuse", "refused", "施設が違います"),
    ]  # fmt: skip
    assert steps[-1].by["workplace"] == "legal"
    withdrawn = world.batch("kuruma", MAY, attested=False)
    services.batches.reverse(withdrawn, **world.by("kuruma"))
    assert states(world, withdrawn) == ["submitted", "withdrawn"]


def test_a_replaced_batch_is_superseded(world):
    told = {"replaced_by": "B-kuruma-0002", "workplace": "member", "was_attested": False}
    assert selectors.courses.outcome(**told) == courses.SUPERSEDED


def test_a_rival_reads_no_step(world):
    world.wait_until("2026-06-01 09:00")
    batch = world.batch("kuruma", MAY)
    assert states(world, batch, "tetsu") == states(world, batch, "robo") == []


def test_a_batch_as_of_a_day_stands_as_it_then_did(world):
    world.wait_until("2026-06-01 09:00")
    batch = world.batch("kuruma", MAY, attested=False)
    world.wait_until("2026-06-03 09:00")
    services.compute.attest(batch, **world.by("legal"))
    world.wait_until("2026-06-05 09:00")
    services.batches.reverse(Batch.objects.get(pk=batch.pk), **world.by("legal"))
    rows = selectors.compute.batches_visible_to(world.viewer("legal"))
    seen = {
        day: [row.state for row in selectors.compute.then(rows, cast.date(2026, 6, day))] for day in (1, 2, 3, 4, 5)
    }
    assert seen == {1: ["submitted"], 2: ["submitted"], 3: ["accepted"], 4: ["accepted"], 5: ["reversed"]}
    assert selectors.compute.then(rows, cast.date(2026, 5, 31)) == []


def test_lists_tell_the_same_word_as_the_page_and_ask_once(world, django_assert_num_queries):
    world.wait_until("2026-06-01 09:00")
    attested = world.batch("kuruma", MAY)
    services.batches.reverse(attested, **world.by("legal"))
    refused = world.batch("kuruma", MAY, attested=False)
    services.batches.reverse(refused, **world.by("legal"))
    withdrawn = world.batch("tetsu", MAY, attested=False, facility="austin")
    services.batches.reverse(withdrawn, **world.by("tetsu"))
    standing = world.batch("hagane", MAY, attested=False, facility="austin")
    legal = world.viewer("legal")
    rows = list(selectors.compute.batches_visible_to(legal).order_by("pk"))
    with django_assert_num_queries(1):
        told = [row.course for row in selectors.courses.tell(rows)]
    assert told == ["reversed", "refused", "withdrawn", "submitted"]
    assert told[:3] == [states(world, row)[-1] for row in rows[:3]]
    batches = selectors.compute.batches_visible_to(legal)
    assert [row.number for row in selectors.courses.in_state(batches, "withdrawn")] == [withdrawn.number]
    assert [row.number for row in selectors.courses.in_state(batches, "submitted")] == [standing.number]
    items = selectors.timeline.items(legal, on=cast.date(2026, 7, 1))
    assert {item.number: item.state for item in items} == {row.number: row.course for row in rows}
