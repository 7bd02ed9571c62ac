"""What stands is counted once: against other files and forms, replaced by a corrected file, taken back by entries."""

from __future__ import annotations

from datetime import date

import pytest
from django.db.models import Sum

import world as cast
from contributions import selectors, services
from contributions.adapters import columnar
from contributions.core import canonical
from contributions.core.roles import NotAllowed
from contributions.models import Annex, Batch, Entry, Facility, MeterDay, Movement
from contributions.services import batches, imports

GOOD = cast.sacct((1, "2026-05-10", 4, 8), (2, "2026-05-11", 2, 8))
FORM = "facility,day,accelerator,jobs,cpu_hours,node_hours,gpu_hours\n"


@pytest.fixture
def june(world):
    world.wait_until("2026-06-01 09:00")
    return world


def receive(world, content, *, by="kuruma", name="jobs.log", **more):
    return imports.receive(
        world.file(content, name),
        member=world.of(by),
        facility=Facility.objects.get(code="osaka"),
        **more,
        **world.by(by),
    )


def balance(account: str) -> int:
    return Movement.objects.filter(account=account, unit="gpu_s").aggregate(sum=Sum("amount"))["sum"] or 0


def test_the_statement_names_the_file_and_its_columns_as_evidence(june):
    batch = receive(june, GOOD + "broken\n").batch
    entry = Entry.objects.get(kind="batch.received")
    named = canonical.loads(bytes(entry.statement.content))["annexes"]
    assert [annex["name"] for annex in named] == ["original", "rows.parquet", "findings.parquet"]
    assert {annex["sha256"] for annex in named} == {batch.evidence_sha256, batch.rows_sha256, batch.findings_sha256}
    for annex in Annex.objects.filter(entry=entry):
        services.journal.store().check(annex.sha256, bytes(annex.salt))


def test_any_days_figure_opens_to_its_rows(june):
    batch = receive(june, GOOD).batch
    for day in MeterDay.objects.filter(batch=batch):
        rows = selectors.batches.rows_of_day(batch, day.accelerator, day.day)
        assert sum(row.gpu_s for row in rows) == day.gpu_s and len(rows) == day.jobs
        assert all(row.raw in GOOD for row in rows)


def test_erased_evidence_leaves_the_figure_and_no_rows(june):
    batch = receive(june, GOOD + "broken\n").batch
    for sha256 in (batch.rows_sha256, batch.findings_sha256):
        services.journal.store().erase(sha256)
    assert len(selectors.batches.rows_of_day(batch, "h100", date(2026, 5, 10))) == 0
    assert len(selectors.batches.findings_of(batch)) == 0


def test_a_day_stated_by_form_is_not_stated_or_metered_again(june):
    first = receive(june, FORM + "osaka,2026-05-10,h100,3,1.5,0.5,12\n", name="form.csv")
    assert first.batch.file_format == "template"
    second = receive(june, FORM + "osaka,2026-05-10,h100,3,1.5,0.5,11\nosaka,2026-05-12,h100,1,1,1,1\n", name="b.csv")
    assert [(row.line, row.code) for row in second.findings] == [(2, "day-held")]
    metered = receive(june, GOOD)
    assert [(row.line, row.code) for row in metered.findings] == [(2, "day-held")]
    assert metered.totals.jobs == 1
    assert receive(june, GOOD, by="tetsu").totals.jobs == 1, "another member's form says nothing of tetsu's jobs"


def test_a_row_with_many_faults_tells_each_and_comes_back_once(june):
    bad = 'kyoto,2026-05-32,h100,x,1,1,1\n"osaka\n",2026-05-11,h100,1,1,1,1\n'
    outcome = receive(june, FORM + bad + "osaka,2026-05-10,h100,3,1.5,0.5,12\n", name="form.csv")
    assert [(row.line, row.field) for row in outcome.findings] == [
        (2, "facility"), (2, "day"), (2, "jobs"), (3, "facility"),
    ]  # fmt: skip
    assert (outcome.batch.findings_count, len(selectors.batches.findings_of(outcome.batch))) == (2, 4)
    assert b"".join(services.batches.corrections(outcome.batch)).decode() == FORM + bad


def test_a_corrected_file_replaces_a_batch_that_nobody_attested(june):
    wrong = receive(june, GOOD).batch
    right = receive(june, cast.sacct((1, "2026-05-10", 3, 8), (2, "2026-05-11", 2, 8)), supersedes=wrong).batch
    wrong.refresh_from_db()
    assert (wrong.state, right.supersedes, right.jobs) == ("reversed", wrong, 2)
    assert balance("member:kuruma:compute:osaka:h100") == 5 * 8 * 3600
    reversed_ = Entry.objects.filter(kind="compute.reversed")
    corrected = {canonical.loads(bytes(entry.statement.content))["corrects"] for entry in reversed_}
    metered = Entry.objects.filter(kind="compute.metered", subject=f"batch:{wrong.number}")
    assert corrected == {str(entry.id) for entry in metered}


def test_an_attested_batch_is_not_replaced_and_a_rivals_never(june):
    attested = june.batch("kuruma", GOOD)
    with pytest.raises(batches.NotSuperseded):
        receive(june, cast.sacct((5, "2026-05-10", 3, 8)), supersedes=attested)
    other = receive(june, cast.sacct((6, "2026-05-10", 3, 8)), by="tetsu").batch
    before = Entry.objects.count()
    with pytest.raises(batches.NotSuperseded):
        receive(june, cast.sacct((7, "2026-05-10", 3, 8)), supersedes=other)
    assert Entry.objects.count() == before


def test_a_reversed_batch_counts_nothing_and_its_file_may_come_again(june):
    batch = receive(june, GOOD).batch
    services.batches.reverse(batch, reason="提出誤り", **june.by("kuruma"))
    assert balance("member:kuruma:compute:osaka:h100") == 0
    assert selectors.compute.by_month(june.viewer("legal")) == []
    assert receive(june, GOOD).totals.jobs == 2
    with pytest.raises(batches.CannotReverse):
        services.batches.reverse(batch, **june.by("legal"))


def test_what_was_attested_only_legal_reverses(june):
    batch = june.batch("kuruma", GOOD)
    with pytest.raises(batches.CannotReverse):
        services.batches.reverse(batch, **june.by("kuruma"))
    with pytest.raises(services.datasets.NotYours):
        services.batches.reverse(batch, **june.by("tetsu"))
    with pytest.raises(NotAllowed):
        services.batches.reverse(batch, **june.by("auditor"))
    assert services.batches.reverse(batch, **june.by("legal")).state == "reversed"


def test_a_file_that_fails_to_be_posted_leaves_no_evidence_behind(june, monkeypatch, moyai_home):
    def files() -> set:
        return {path for path in (moyai_home / "evidence").rglob("*") if path.is_file()}

    before = files()

    def fail(*arguments, **named):
        raise RuntimeError

    monkeypatch.setattr(batches, "_post_days", fail)
    with pytest.raises(RuntimeError):
        receive(june, GOOD)
    assert files() == before and not Batch.objects.exists()


def test_a_batch_older_than_its_columns_is_read_again_from_its_file(june):
    batch = receive(june, GOOD).batch
    Batch.objects.filter(pk=batch.pk).update(rows_sha256="", first_start=None, last_start=None)
    batch.refresh_from_db()
    with batches.rows_of(batch) as rows, columnar.opened() as engine:
        assert columnar.count(engine, rows) == 2
    longer = receive(june, GOOD + cast.sacct((3, "2026-05-12", 1, 8)).splitlines()[1] + "\n")
    assert [row.code for row in longer.findings] == ["job-held"] * 2


def test_a_batch_whose_columns_were_erased_still_counts_its_jobs_once(june):
    batch = receive(june, GOOD).batch
    services.journal.store().erase(batch.rows_sha256)
    longer = receive(june, GOOD + cast.sacct((3, "2026-05-12", 1, 8)).splitlines()[1] + "\n")
    assert (longer.totals.jobs, len(longer.findings)) == (1, 2)
