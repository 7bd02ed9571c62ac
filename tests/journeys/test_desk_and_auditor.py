"""The desk and the auditor each recompute; then, and not before, legal adopts. The full bundle verifies elsewhere."""

from __future__ import annotations

import subprocess
import sys

import pytest
from journeys.stage import ROOT

WAITING = "SELECT number FROM licensing_allocation WHERE state <> 'adopted'"


@pytest.fixture(scope="module")
def number(site) -> str:
    return site.value(WAITING)


def state(site, number: str) -> str:
    return site.value("SELECT state FROM licensing_allocation WHERE number = ?", [number])


def test_legal_cannot_adopt_what_nobody_has_recomputed(person, site, number):
    lawyer = person("homu")
    lawyer.open(f"/allocations/{number}/")
    assert lawyer.page.locator(f'form[action="/allocations/{number}/adopt/"]').count() == 0


@pytest.mark.parametrize("username", ["haibun", "kansa"])
def test_each_recomputes_and_attests(username, person, site, number):
    somebody = person(username)
    somebody.page.locator(f'main a[href="/allocations/{number}/"]').first.click()
    somebody.page.wait_for_url(f"**/allocations/{number}/")
    somebody.finally_do(number)
    somebody.page.wait_for_load_state()
    assert somebody.page.locator(".notice.ok").count() == 1
    assert somebody.complaints == []


def test_legal_records_the_decision_and_adopts(person, site, number):
    assert state(site, number) == "attested"
    lawyer = person("homu")
    decided_elsewhere(lawyer, number)
    lawyer.open("/")
    lawyer.page.locator(f'main a[href="/allocations/{number}/"]').first.click()
    lawyer.page.wait_for_url(f"**/allocations/{number}/")
    lawyer.finally_do(number)
    lawyer.page.wait_for_load_state()
    assert state(site, number) == "adopted"


def decided_elsewhere(lawyer, number):
    """The committee decided outside; its minutes are recorded, without which nobody adopts."""
    page = lawyer.page
    lawyer.open(f"/allocations/{number}/decision/")
    page.locator("select[name=body]").select_option(index=1)
    for name, value in {
        "decided_on": "2026-10-31",
        "reference": "第9回",
        "minutes_ja": "可決",
        "minutes_en": "Carried",
    }.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("[name=carried][value=yes]").check()
    with page.expect_navigation():
        page.locator("main form button[type=submit], main form button:not([type])").first.click()


def test_the_full_bundle_downloads_and_verifies(person, site, number, tmp_path):
    auditor = person("kansa")
    (tmp_path / "full.zip").write_bytes(auditor.fetch(f"/allocations/{number}/full.zip").body())
    (tmp_path / "log.vkey").write_bytes(auditor.fetch("/log/log.vkey").body())
    done = subprocess.run(
        [sys.executable, "-m", "licensing.core.verify", str(tmp_path / "full.zip"), "--lang", "en"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Verified" in done.stdout and "full bundle" in done.stdout


def test_the_auditor_follows_a_figure_to_its_entry_and_proof(person, site, number):
    auditor = person("kansa")
    auditor.open(f"/allocations/{number}/")
    auditor.page.locator('main a[href*="/log/entries/"]').first.click()
    auditor.page.wait_for_url("**/log/entries/*/**")
    sequence = auditor.page.url.split("/entries/")[1].split("/")[0]
    proof = auditor.fetch(f"/log/entries/{sequence}/proof")
    assert proof.status == 200 and proof.text().startswith("c2sp.org/tlog-proof")
