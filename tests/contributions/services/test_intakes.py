"""A file on its way in: received in the request, read by a worker, previewed, then committed whole or gone."""

from __future__ import annotations

from datetime import timedelta

import pytest

import world as cast
from contributions import services
from contributions import tasks as _registered  # noqa: F401 a worker knows what each job runs
from contributions.core.imports import MappingRefused
from contributions.core.roles import NotAllowed
from contributions.models import Batch, ColumnMap, Entry, Facility, Intake, Job
from contributions.services import imports, intakes

GOOD = cast.sacct((1, "2026-05-10", 4, 8), (2, "2026-05-11", 2, 8))


@pytest.fixture
def june(world):
    world.wait_until("2026-06-01 09:00")
    return world


def send(world, content, *, by="kuruma", name="jobs.log", work=True, **more) -> Intake:
    path = world.file(content, name)
    row = intakes.request(
        path,
        name=name,
        size=path.stat().st_size,
        member=world.of(by),
        facility=Facility.objects.get(code="osaka"),
        **more,
        **world.by(by),
    )
    if work:
        run(world)
    return Intake.objects.get(pk=row.pk)


def run(world) -> None:
    for job in Job.objects.filter(state="queued"):
        services.jobs.execute(job.pk, now=lambda: world.clock)


def commit(world, row, *, by="kuruma") -> Intake:
    intakes.commit(row, **world.by(by))
    run(world)
    return Intake.objects.get(pk=row.pk)


def folder(row):
    return imports.make_folder("") / str(row.pk)


def test_nothing_is_read_in_the_request_and_nothing_posted_before_the_commit(june):
    before = Entry.objects.count()
    row = send(june, GOOD, work=False)
    assert (row.state, row.preview) == ("reading", {})
    run(june)
    row.refresh_from_db()
    assert (row.state, row.preview["jobs"], row.file_format) == ("previewed", 2, "sacct")
    assert Entry.objects.count() == before and not Batch.objects.exists()
    assert row.preview["months"] == [["2026-05", "h100", 2, 6 * 8 * 3600, 6 * 3600, 6 * 8 * 3600]]


def test_a_commit_posts_what_the_preview_showed_and_lets_the_folder_go(june):
    row = commit(june, send(june, GOOD + "broken\n"))
    assert (row.state, row.batch.number, row.batch.findings_count) == ("committed", "B-kuruma-0001", 1)
    assert not folder(row).exists()
    assert services.journal.store().get(row.batch.evidence_sha256) == (GOOD + "broken\n").encode()
    assert intakes.post(intake=str(row.pk), **june.by("kuruma")) == {}
    assert Batch.objects.count() == 1


def test_a_commit_is_asked_for_once(june):
    row = send(june, GOOD)
    intakes.commit(row, **june.by("kuruma"))
    with pytest.raises(intakes.NotAtThisStep):
        intakes.commit(row, **june.by("kuruma"))


def test_jobs_that_another_file_took_meanwhile_renew_the_preview_and_are_not_posted_twice(june):
    first = send(june, GOOD)
    second = send(june, GOOD + cast.sacct((3, "2026-05-12", 1, 8)).splitlines()[1] + "\n", name="longer.log")
    assert second.preview["jobs"] == 3
    commit(june, first)
    second = commit(june, second)
    assert (second.state, second.preview["jobs"], second.preview["findings"]) == ("previewed", 1, 2)
    assert "preview" in second.refusal_en
    second = commit(june, second)
    assert (second.state, second.batch.jobs) == ("committed", 1)


def test_what_is_let_go_or_left_alone_leaves_nothing(june):
    gone, left = send(june, GOOD), send(june, GOOD + "x\n", name="other.log")
    intakes.reject(gone, **june.by("kuruma"))
    assert not Intake.objects.filter(pk=gone.pk).exists() and not folder(gone).exists()
    assert intakes.expire(at=left.expires_at - timedelta(seconds=1)) == 0
    assert intakes.expire(at=left.expires_at + timedelta(seconds=1)) >= 1
    assert not Intake.objects.exists() and not folder(left).exists() and not Batch.objects.exists()


def test_a_file_refused_says_why_and_keeps_no_bytes(june):
    row = send(june, b"\x1f\x8b\x08 packed")
    assert row.state == "refused" and "gzip" in row.refusal_en and not folder(row).exists()
    commit(june, send(june, GOOD))
    again = send(june, GOOD, name="again.log")
    assert again.state == "refused" and "B-kuruma-0001" in again.refusal_en


def test_unfamiliar_columns_are_asked_for_once_for_a_member_and_facility(june):
    strange = GOOD.replace("JobID", "番号", 1)
    row = send(june, strange)
    assert (row.state, row.file_format) == ("unmapped", "sacct") and "番号" in row.preview["printed"]
    with pytest.raises(MappingRefused):
        intakes.map_columns(row, {"nothing": "jobid"}, **june.by("kuruma"))
    intakes.map_columns(row, {"番号": "jobid"}, **june.by("kuruma"))
    run(june)
    row.refresh_from_db()
    assert (row.state, row.preview["jobs"]) == ("previewed", 2)
    assert send(june, strange + "x\n", name="next.log").state == "previewed"
    assert send(june, strange, by="tetsu").state == "unmapped"
    assert ColumnMap.objects.count() == 1


def test_only_the_member_itself_sends_commits_and_lets_go(june, settings):
    row = send(june, GOOD)
    for verb in (intakes.commit, intakes.reject):
        with pytest.raises(services.datasets.NotYours):
            verb(row, **june.by("tetsu"))
        with pytest.raises(NotAllowed):
            verb(row, **june.by("legal"))
    settings.UPLOAD_MAX_BYTES = 10
    with pytest.raises(intakes.TooLarge):
        send(june, GOOD)


def test_a_worker_that_died_while_it_read_is_followed_by_another(june):
    row = send(june, GOOD, work=False)
    job = row.job
    assert services.jobs.claim(job.pk, owner="dead", at=june.clock)
    (folder(row) / "clean").write_bytes(b"half")
    later = june.clock + services.jobs.LEASE + timedelta(seconds=1)
    assert services.jobs.execute(job.pk, now=lambda: later)
    row.refresh_from_db()
    assert row.state == "previewed"
