"""Following the journal: one job for one entry, however often it is read."""

from __future__ import annotations

import pytest

from contributions.adapters import queue
from contributions.models import Cursor, Entry, Job
from contributions.services import followers

TABLE = {"resource.accepted": "test.note"}


@pytest.fixture(autouse=True)
def _no_worker(monkeypatch):
    monkeypatch.setattr(queue, "wake", lambda job_id: None)


def follow(world) -> int:
    return followers.follow("test", TABLE, at=world.clock)


def test_each_entry_of_a_kind_makes_one_job_with_its_number(world):
    for _ in range(2):
        world.cash("tetsu", 1)
    assert (follow(world), follow(world)) == (2, 0)
    jobs = Job.objects.order_by("entry_seq")
    assert [job.arguments for job in jobs] == [{"number": "C-tetsu-0001"}, {"number": "C-tetsu-0002"}]
    assert all(Entry.objects.get(seq=job.entry_seq).kind == "resource.accepted" for job in jobs)


def test_the_follower_reads_on_from_where_it_stopped(world):
    world.cash("tetsu", 1)
    follow(world)
    world.cash("tetsu", 1)
    assert follow(world) == 1


def test_a_cursor_that_was_lost_doubles_nothing(world):
    world.cash("tetsu", 1)
    follow(world)
    Cursor.objects.update(seq=-1)
    assert follow(world) == 0 and Job.objects.count() == 1


def test_more_entries_than_one_reading_takes_are_followed_in_the_next(world):
    for _ in range(205):
        world.cash("tetsu", 1)
    assert [follow(world), follow(world), follow(world)] == [200, 5, 0]


def test_followers_do_not_share_a_cursor(world):
    world.cash("tetsu", 1)
    assert follow(world) == 1
    assert followers.follow("other", {"resource.accepted": "test.other"}, at=world.clock) == 1
