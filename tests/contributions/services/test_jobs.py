"""Background work: claimed by exactly one, fenced against an owner that went silent, swept up, and never lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from contributions import services
from contributions.adapters import queue
from contributions.core.errors import Refused
from contributions.models import Job
from contributions.services import jobs

LATER = jobs.LEASE + timedelta(seconds=1)


class Declined(Refused):
    code = "declined"
    ja = "{what}は受けられません。"
    en = "{what} is declined."


@pytest.fixture
def done(monkeypatch):
    """What the work of a test was called with; the work is entered as a wing's tasks.py enters its own."""
    calls: list[dict] = []

    def note(**arguments):
        calls.append(arguments)
        return {"seen": arguments["number"]}

    def decline(**_):
        raise Declined(what="x")

    def crash(**_):
        raise ZeroDivisionError

    monkeypatch.setattr(jobs, "WORK", {"test.note": note, "test.decline": decline, "test.crash": crash})
    return calls


@pytest.fixture
def woken(monkeypatch):
    """Which jobs a worker was woken for. The broker itself is tried by the journeys."""
    calls: list[str] = []
    monkeypatch.setattr(queue, "wake", calls.append)
    return calls


def request(world, service="test.note", **more) -> Job:
    return jobs.request(service, arguments={"number": "N-1"}, **more, **world.by("legal"))


def fresh(job: Job) -> Job:
    return Job.objects.get(pk=job.pk)


def test_a_worker_is_woken_once_the_request_is_committed_and_not_before(
    world, woken, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        job = request(world)
        assert woken == []
    assert woken == [str(job.pk)]


def test_a_job_runs_once_as_the_person_who_asked(world, done):
    job = request(world)
    assert jobs.execute(job.pk, now=lambda: world.clock) is True
    assert jobs.execute(job.pk, now=lambda: world.clock) is False
    (call,) = done
    assert (call["number"], call["by"].workplace, call["by"].user) == ("N-1", "legal", world.user("legal").pk)
    assert call["by"].request == job.pk
    assert (fresh(job).state, fresh(job).result, fresh(job).attempts) == ("done", {"seen": "N-1"}, 1)


def test_of_two_workers_one_gets_the_job(world):
    job = request(world)
    assert [jobs.claim(job.pk, owner=name, at=world.clock) for name in ("a", "b")] == [True, False]
    assert fresh(job).owner == "a"


def test_a_job_whose_owner_went_silent_is_claimed_again_after_its_lease(world):
    job = request(world)
    assert jobs.claim(job.pk, owner="a", at=world.clock)
    assert not jobs.claim(job.pk, owner="b", at=world.clock + jobs.LEASE - timedelta(seconds=1))
    assert jobs.claim(job.pk, owner="b", at=world.clock + LATER)


def test_an_owner_that_comes_back_too_late_is_fenced_off(world):
    job = request(world)
    jobs.claim(job.pk, owner="a", at=world.clock)
    jobs.claim(job.pk, owner="b", at=world.clock + LATER)
    assert not jobs.finish(job, owner="a", result={"by": "a"}, at=world.clock + LATER)
    assert fresh(job).state == "running"
    assert jobs.finish(job, owner="b", result={"by": "b"}, at=world.clock + LATER)
    assert fresh(job).result == {"by": "b"}


def test_a_late_failure_does_not_undo_what_another_owner_finished(world, done):
    job = request(world)
    jobs.claim(job.pk, owner="a", at=world.clock)
    jobs.claim(job.pk, owner="b", at=world.clock + LATER)
    jobs.finish(job, owner="b", result={}, at=world.clock + LATER)
    jobs._fail(job, "a", "失敗", "failed", at=world.clock + LATER, final=True)
    assert fresh(job).state == "done"


def test_a_refusal_ends_the_job_with_its_sentence_in_both_languages(world, done):
    job = request(world, "test.decline")
    jobs.execute(job.pk, now=lambda: world.clock)
    assert (fresh(job).state, fresh(job).failure_ja, fresh(job).failure_en) == (
        "failed",
        "xは受けられません。",
        "x is declined.",
    )


def test_a_crash_is_tried_again_up_to_a_bound_and_then_parked(world, done, caplog):
    job = request(world, "test.crash")
    states = []
    for _ in range(jobs.ATTEMPTS_MAX + 1):
        jobs.execute(job.pk, now=lambda: world.clock)
        states.append(fresh(job).state)
    assert states == ["queued"] * (jobs.ATTEMPTS_MAX - 1) + ["failed", "failed"]
    assert fresh(job).attempts == jobs.ATTEMPTS_MAX and "ZeroDivisionError" in caplog.text
    assert "ZeroDivisionError" not in fresh(job).failure_ja + fresh(job).failure_en


def test_work_that_nobody_knows_is_a_failure_and_not_a_hang(world, done):
    job = request(world, "test.unheard-of")
    for _ in range(jobs.ATTEMPTS_MAX):
        jobs.execute(job.pk, now=lambda: world.clock)
    assert fresh(job).state == "failed"


def test_the_sweeper_wakes_a_worker_for_what_waits_too_long_or_went_silent(world, woken):
    waiting, silent, done = request(world), request(world), request(world)
    jobs.claim(silent.pk, owner="a", at=world.clock)
    jobs.claim(done.pk, owner="a", at=world.clock)
    jobs.finish(done, owner="a", result={}, at=world.clock)
    assert jobs.sweep(at=waiting.requested_at + timedelta(seconds=4)) == 0
    assert jobs.sweep(at=world.clock + timedelta(seconds=10)) == 1
    assert jobs.sweep(at=world.clock + LATER) == 2
    assert woken == [str(waiting.pk), *woken[1:]] and set(woken[1:]) == {str(waiting.pk), str(silent.pk)}


def test_the_sweeper_parks_a_job_whose_every_owner_went_silent(world, woken):
    job, at = request(world), world.clock
    for owner in "abc":
        assert jobs.claim(job.pk, owner=owner, at=at)
        at += LATER
    assert jobs.sweep(at=at) == 0
    assert (fresh(job).state, fresh(job).finished_at) == ("failed", at)


def test_an_entry_is_followed_once_by_a_service(world):
    request(world, entry_seq=3)
    request(world, "test.other", entry_seq=3)
    with pytest.raises(IntegrityError), transaction.atomic():
        request(world, entry_seq=3)


def test_a_lost_broker_does_not_lose_the_request(world, monkeypatch, django_capture_on_commit_callbacks):
    def unreachable(*_, **__):
        raise OSError("no broker")

    monkeypatch.setattr(queue.current_app, "send_task", unreachable)
    with django_capture_on_commit_callbacks(execute=True):
        job = request(world)
    assert fresh(job).state == "queued"


def test_the_services_floor_has_the_jobs_of_both_wings():
    import licensing.tasks

    assert set(licensing.tasks.FOLLOWS.values()) <= set(services.jobs.WORK)
