"""Work in the background, really: a broker, a Celery worker with its timetable, and one killed while at work."""

from __future__ import annotations

import hashlib
import shutil
import time

import pytest
from conftest import not_run

import servers

TO_INVOICE = """SELECT u.number FROM licensing_usagereport u LEFT JOIN licensing_invoice i ON i.report_id = u.id
    WHERE u.state = 'accepted' AND i.id IS NULL"""
JOB = """SELECT j.state, j.attempts FROM contributions_job j JOIN contributions_entry e ON j.entry_seq = e.seq
    WHERE j.service = 'papers.draw_invoice' AND e.subject = ?"""
PAPER = "SELECT document_sha256 FROM licensing_invoice WHERE number = ?"
LEASE_RAN_OUT = "UPDATE contributions_job SET lease_until = '2026-10-31 00:00:00' WHERE state = 'running'"


@pytest.fixture(scope="module", params=["redis", "folder"])
def broker(request):
    """The settings of a broker: a real Redis, or the installation's own folder queue."""
    if request.param == "folder":
        yield {}
        return
    try:
        with servers.redis() as url:
            yield {"REDIS_URL": url}
    except servers.NoServer as error:
        not_run(str(error))


@pytest.fixture
def site(told, broker, tmp_path_factory):
    """A served demo with this broker; its worker is started by the test."""
    home = tmp_path_factory.mktemp("worked")
    stage = told.copied(home, **broker).serve()
    yield stage
    stage.close()
    shutil.rmtree(home, ignore_errors=True)


def issue(accountant) -> str:
    """Finance issues the invoice that waits; its number."""
    number = accountant.site.value(TO_INVOICE)
    accountant.open(f"/usage/{number}/")
    accountant.finally_do(number)
    return accountant.page.url.rstrip("/").rsplit("/", 1)[-1]


def await_job(site, invoice: str, *wanted: str, limit: float = 180, pause: float = 0.2) -> tuple[str, int]:
    deadline = time.monotonic() + limit
    found = None
    while time.monotonic() < deadline:
        found = next(iter(site.rows(JOB, [f"invoice:{invoice}"])), None)
        if found and found[0] in wanted:
            return found
        time.sleep(pause)
    raise AssertionError(f"job is {found}, not {wanted}:\n{(site.home / 'worker.log').read_text(errors='replace')}")


def drawn(site, invoice: str) -> bytes:
    """The paper as its row names it."""
    digest = site.value(PAPER, [invoice])
    papers = [path for path in (site.home / "documents").rglob("*") if path.is_file()]
    return next(content for path in papers if hashlib.sha256(content := path.read_bytes()).hexdigest() == digest)


def test_an_issued_invoice_gets_its_paper_without_anybody_asking(person, site):
    site.work()
    accountant = person("keiri")
    invoice = issue(accountant)
    assert await_job(site, invoice, "done") == ("done", 1)
    paper = drawn(site, invoice)
    assert paper.startswith(b"%PDF")
    assert accountant.fetch(f"/invoices/{invoice}/invoice.pdf").body() == paper


def test_a_job_whose_worker_is_killed_is_run_once_by_the_next(person, site):
    worker = site.work()
    invoice = issue(person("keiri"))
    await_job(site, invoice, "running", pause=0.01)
    site.kill(worker)
    state, attempts = site.rows(JOB, [f"invoice:{invoice}"])[0]
    assert (state, attempts) == ("running", 1), "killed in the middle of it"
    with site.database() as database:
        database.execute(LEASE_RAN_OUT)  # ten minutes go by
    site.work()
    assert await_job(site, invoice, "done") == ("done", 2)
    assert drawn(site, invoice).startswith(b"%PDF")
    assert len(site.rows(JOB, [f"invoice:{invoice}"])) == 1


def test_a_job_waits_until_there_is_a_worker(person, site):
    invoice = issue(person("keiri"))
    assert site.value(PAPER, [invoice]) == ""
    site.work()
    assert await_job(site, invoice, "done") == ("done", 1)
