"""Taking in a metering file: posted once, its faults kept aside in full, never by halves."""

from __future__ import annotations

import pytest

import world as cast
from contributions import services
from contributions.core import canonical
from contributions.core.imports import AlreadyHeld, FileRefused
from contributions.core.roles import NotAllowed
from contributions.models import Batch, Entry, Facility, MeterDay, Movement

GOOD = cast.sacct((1, "2026-05-10", 4, 8), (2, "2026-05-11", 2, 8))
FAULTY = (
    GOOD + "これは行ではない\n" + cast.sacct((9, "2026-05-12", 1, 1)).splitlines()[1].replace("01:00:00", "9:99") + "\n"
)


@pytest.fixture
def june(world):
    world.wait_until("2026-06-01 09:00")
    return world


def receive(world, content, *, by="kuruma", member=None, facility="osaka", name="jobs.log", **more):
    return services.imports.receive(
        world.file(content, name),
        member=world.of(member or by),
        facility=Facility.objects.get(code=facility),
        **more,
        **world.by(by),
    )


def counts() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Batch, MeterDay, Entry, Movement))


def test_a_good_file_is_posted_as_submitted_with_a_figure_for_each_day(june):
    outcome = receive(june, GOOD)
    assert (outcome.totals.jobs, outcome.totals.gpu_s, outcome.batch.state) == (2, 6 * 8 * 3600, "submitted")
    assert [(str(day.day), day.gpu_s) for day in MeterDay.objects.order_by("day")] == [
        ("2026-05-10", 4 * 8 * 3600),
        ("2026-05-11", 2 * 8 * 3600),
    ]
    metered = Entry.objects.filter(kind="compute.metered").order_by("seq")
    facts = canonical.loads(bytes(metered[0].statement.content))["facts"]
    assert facts["gpu_s"] == str(4 * 8 * 3600) and facts["country"] == "JP" and facts["batch"] == outcome.batch.number


def test_the_file_itself_is_kept_as_evidence(june):
    batch = receive(june, GOOD).batch
    assert services.journal.store().get(batch.evidence_sha256) == GOOD.encode()


def test_the_same_file_again_names_its_batch_and_posts_nothing(june):
    batch = receive(june, GOOD).batch
    before = counts()
    with pytest.raises(AlreadyHeld, match=batch.number):
        receive(june, GOOD, name="renamed.log")
    assert counts() == before


def test_the_same_jobs_in_another_file_become_findings_that_name_the_batch(june):
    first = receive(june, GOOD).batch
    longer = GOOD + cast.sacct((3, "2026-05-12", 1, 8)).splitlines()[1] + "\n"
    second = receive(june, longer)
    assert second.totals.jobs == 1
    findings = second.findings
    assert [finding.code for finding in findings] == ["job-held"] * 2
    assert all(first.number in finding.ja and first.number in finding.en for finding in findings)
    assert [finding.line for finding in findings] == [2, 3]


def test_a_rivals_batch_is_not_named_where_the_job_is_held_by_it(june):
    first = receive(june, GOOD).batch
    longer = GOOD + cast.sacct((3, "2026-05-12", 1, 8)).splitlines()[1] + "\n"
    findings = receive(june, longer, by="tetsu").findings
    assert [finding.code for finding in findings] == ["job-held"] * 2
    assert not any(first.number in finding.ja + finding.en for finding in findings)


def test_a_file_of_nothing_new_is_refused_in_the_readers_language(june):
    receive(june, GOOD)
    before = counts()
    with pytest.raises(services.imports.NothingToPost) as refusal:
        receive(june, GOOD + "\n")
    assert refusal.value.text("en").isascii() and "計上済み" in refusal.value.text("ja")
    assert counts() == before


def test_bad_lines_are_kept_in_full_beside_the_good_ones(june):
    outcome = receive(june, FAULTY)
    assert outcome.totals.jobs == 2
    rows = [(row.line, row.field, bool(row.ja and row.en and row.code)) for row in outcome.findings]
    assert rows == [(4, "line", True), (5, "elapsed", True)]
    corrections = b"".join(services.batches.corrections(outcome.batch))
    assert corrections.decode().splitlines() == [FAULTY.splitlines()[0], *FAULTY.splitlines()[3:]]


def test_strict_refuses_the_file_whole(june):
    before = counts()
    with pytest.raises(FileRefused, match="2 bad"):
        receive(june, FAULTY, strict=True)
    assert counts() == before
    assert receive(june, GOOD, strict=True).totals.jobs == 2


def test_strict_also_counts_jobs_that_are_held_already(june):
    receive(june, GOOD)
    before = counts()
    with pytest.raises(FileRefused, match="2 bad"):
        receive(june, GOOD + cast.sacct((3, "2026-05-12", 1, 8)).splitlines()[1] + "\n", strict=True)
    assert counts() == before


def test_a_member_hands_in_its_own_usage_only(june):
    before = counts()
    with pytest.raises(services.datasets.NotYours):
        receive(june, GOOD, by="tetsu", member="hagane")
    assert counts() == before


@pytest.mark.parametrize("username", ["legal", "robo", "reviewer", "auditor"])
def test_nobody_but_a_member_hands_in_usage(june, username):
    with pytest.raises(NotAllowed):
        receive(june, GOOD, by=username, member="kuruma")


def test_legal_attests_a_batch_once(june):
    batch = receive(june, GOOD).batch
    with pytest.raises(NotAllowed):
        services.compute.attest(batch, **june.by("kuruma"))
    assert services.compute.attest(batch, **june.by("legal")).state == "accepted"
    with pytest.raises(services.compute.NotSubmitted, match=batch.number):
        services.compute.attest(batch, **june.by("legal"))


def test_a_real_accounting_log_gives_the_published_figures(world, real_data):
    """XDMoD makes of this file: 11767.9883 CPU hours, 1344.8686 node hours, 506.9128 GPU hours."""
    world.wait_until("2026-06-01 09:00")
    outcome = receive(world, (real_data / "slurm" / "phillips.log").read_bytes(), file_format="sacct")
    totals = outcome.totals
    assert (totals.jobs, totals.cpu_hours, totals.node_hours, totals.gpu_hours) == (
        4285,
        "11767.988333",
        "1344.868611",
        "506.912778",
    )
    assert Entry.objects.filter(kind="compute.metered").count() == MeterDay.objects.count()
    before = counts()
    with pytest.raises(AlreadyHeld, match=outcome.batch.number):
        receive(world, (real_data / "slurm" / "phillips.log").read_bytes(), file_format="sacct")
    assert counts() == before


def test_usage_outside_the_membership_is_posted_all_the_same(world):
    """It counts nothing, with the reason; that is for the allocation to say."""
    world.wait_until("2026-06-01 09:00")
    assert receive(world, cast.sacct((1, "2026-03-10", 1, 1))).totals.jobs == 1
