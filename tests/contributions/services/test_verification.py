"""The nightly verification: asked for as a job, its outcome kept and shown, sound or not."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.utils.timezone import now

import world as cast
from contributions import selectors, services, tasks
from contributions.core.roles import NotAllowed, Viewer
from contributions.models import Entry, Job, guards


def verified() -> Job:
    """The nightly task, and the worker that takes up its job."""
    tasks.verify_log()
    job = Job.objects.get(service=selectors.verification.SERVICE)
    assert services.jobs.execute(job.pk, now=now)
    job.refresh_from_db()
    return job


def log_page(world, language: str) -> str:
    client = Client(headers={"accept-language": language})
    client.force_login(world.user("legal"), backend="django.contrib.auth.backends.ModelBackend")
    return client.get("/log/").content.decode()


def test_a_sound_log_leaves_its_figures(world):
    assert "It has not been yet" in log_page(world, "en")
    job = verified()
    assert job.state == Job.State.DONE and job.result["sound"] and job.result["first_bad"] is None
    assert job.result["entries"] == Entry.objects.count() and selectors.verification.latest() == job
    assert "everything agrees" in log_page(world, "en")


def test_a_fault_is_kept_with_its_place_in_both_languages(world):
    connection.check_constraints()
    guards.disarm(connection)
    Entry.objects.filter(pk=7).update(kind="member.withdrawn")
    job = verified()
    assert not job.result["sound"] and (job.result["first_bad"], job.result["invariant"]) == (7, "I2")
    assert "entry 7" in log_page(world, "en") and job.result["ja"] in log_page(world, "ja")


def test_no_log_no_verification(db):
    tasks.verify_log()
    assert not Job.objects.exists()


def test_a_member_does_not_start_one(world):
    with pytest.raises(NotAllowed):
        services.verification.request(by=world.viewer("tetsu"), at=cast.World().clock)


def test_the_nightly_verification_follows_a_change_of_the_logs_key(world):
    """Checkpoints of before were signed by the key of before."""
    world.seal()
    services.log.rotate(by=Viewer.system("x"), at=world.clock)
    assert verified().result["sound"]
