"""Others follow the log: a member's own machine cosigns it, and a Go program that owes us nothing checks all of it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import pytest
from conftest import not_run
from playwright.sync_api import expect

from contributions.core import notes

ROOT = Path(__file__).resolve().parents[2]
CLIENT = Path(__file__).with_name("tlog_client.go")
LIBRARIES = Path("/usr/share/gocode")
NO_GO = "no Go with golang.org/x/mod on this machine (Debian: apt-get install golang-go golang-golang-x-mod-dev)"
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def go_client(tmp_path_factory) -> Path:
    """The Go program, built from source with the system's packages and without a network."""
    if shutil.which("go") is None or not (LIBRARIES / "src/golang.org/x/mod/sumdb/tlog").is_dir():
        not_run(NO_GO)
    folder = tmp_path_factory.mktemp("go")
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "GOPATH": str(LIBRARIES),
        "GOCACHE": str(folder / "cache"),
        "GO111MODULE": "off",
        "GOFLAGS": "-p=2",
        "GOPROXY": "off",
        "CGO_ENABLED": "0",
    }
    command = ["go", "build", "-o", str(folder / "client"), str(CLIENT)]
    built = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert built.returncode == 0, built.stderr
    return folder / "client"


def witness(*arguments) -> subprocess.CompletedProcess:
    """The command on the member's own machine: no Django, no settings, no database."""
    program = (
        "import sys, runpy; sys.modules['django'] = None;"
        "runpy.run_module('contributions.adapters.witness', run_name='__main__')"
    )
    command = [sys.executable, "-c", program, *map(str, arguments)]
    environment = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)


def saved(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def installation_of(site) -> UUID:
    return UUID(site.value("SELECT installation FROM contributions_loghead"))


def sealed(auditor) -> dict:
    """The auditor seals the log as it stands."""
    token = next(one["value"] for one in auditor.context.cookies() if one["name"] == "csrftoken")
    headers = {"X-CSRFToken": token, "Referer": auditor.site.url}
    answer = auditor.context.request.post(f"{auditor.site.url}/api/v1/log/checkpoints/", headers=headers)
    assert answer.status == 200, answer.text()
    return answer.json()


def test_a_site_and_an_officer_cosign_and_go_follows_everything(person, site, tmp_path, go_client):
    member, auditor = person("honda", language="en"), person("kansa", language="en")
    prefix = f"{site.url}/{installation_of(site)}/ledger/"
    before = auditor.fetch("/api/v1/log/checkpoints/").json()["results"][0]
    old = saved(tmp_path, "old", auditor.fetch(f"/log/checkpoints/{before['number']}/note").text())
    log = saved(tmp_path, "log.vkey", auditor.fetch("/log/log.vkey").text())

    made = witness("new-key", "--name", "witness.honda.example/w1", "--key", tmp_path / "witness.key")
    assert made.returncode == 0, made.stderr
    member.open("/log/witnesses/new/")
    member.page.get_by_label("Verification key").fill(made.stdout.strip())
    member.page.get_by_role("button", name="Enrol").click()
    expect(member.page.locator("main")).to_contain_text("witness.honda.example/w1")
    newest = sealed(auditor)
    assert newest["size"] > before["size"]

    options = ["--log", log, "--key", tmp_path / "witness.key", "--head", tmp_path / "head"]
    for _ in range(2):
        done = witness("cosign", *options, prefix)
        assert done.returncode == 0 and done.stdout.startswith("— witness.honda.example/w1 "), done.stderr
    member.open(f"/log/checkpoints/{newest['number']}/")
    expect(member.page.locator("main")).to_contain_text("witness.honda.example/w1")
    assert member.complaints == []

    officer = person("nittetsu", language="en")
    officer.open(f"/log/checkpoints/{newest['number']}/")
    officer.finally_do(str(newest["number"]))
    expect(officer.page.locator("main")).to_contain_text("Nippon Steel")
    assert officer.complaints == []

    enrolled = auditor.fetch("/api/v1/log/entries/?kind=witness.enrolled").json()["results"]
    entry = [row for row in enrolled if row["seq"] < newest["size"]][-1]  # the officer's key came after the checkpoint
    proof = saved(tmp_path, "proof", auditor.fetch(f"/log/entries/{entry['seq']}/proof").text())
    leaf = saved(tmp_path, "leaf", entry["leaf"])
    history = f"/log/checkpoints/{newest['number']}/consistency/{before['number']}"
    consistency = saved(tmp_path, "consistency", auditor.fetch(history).text())
    cookie = "; ".join(f"{one['name']}={one['value']}" for one in auditor.context.cookies())
    done = subprocess.run(
        [go_client, prefix, log.read_text(), made.stdout, old, proof, leaf, consistency, cookie],
        capture_output=True, text=True, timeout=180, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    for said in (f"inclusion of all {newest['size']} entries", "consistency file", "own site", "bit of a tile"):
        assert said in done.stdout, done.stdout


def test_a_witness_refuses_a_log_that_shows_another_history(person, site, tmp_path):
    """The head it holds was signed by the log; what the log shows now does not continue it."""
    auditor = person("kansa", language="en")
    installation, origin = installation_of(site), site.value("SELECT origin FROM contributions_loghead")
    key = site.home / "keys" / f"{installation}.log.key"
    signer = notes.Signer.from_seed(origin, bytes.fromhex(key.read_text().strip()))
    forked = notes.sign_checkpoint(notes.Checkpoint(origin, 5, bytes(32)), signer)
    head = saved(tmp_path, "head", forked)
    log = saved(tmp_path, "log.vkey", auditor.fetch("/log/log.vkey").text())
    witness("new-key", "--name", "witness.example/w1", "--key", tmp_path / "key")
    options = ["--log", log, "--key", tmp_path / "key", "--head", head]
    done = witness("cosign", *options, f"{site.url}/{installation}/ledger/")
    assert done.returncode == 1 and "two histories" in done.stderr
    assert head.read_text() == forked, "the head stays"
    (kept,) = tmp_path.glob("head.contradicted-*")
    assert kept.read_text().startswith("old 5\n"), "and the contradiction is kept as evidence"
