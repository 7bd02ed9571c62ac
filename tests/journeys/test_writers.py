"""Several writers at once, and one that is killed: nothing is lost, nothing doubled, nobody waits long."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from conftest import ROOT, not_run

import servers

pytestmark = [pytest.mark.slow, pytest.mark.alone]
WAIT_MAX = 2.0
FOUND = """
import django; django.setup()
from datetime import UTC, datetime
from contributions import services
from contributions.core.roles import Viewer
services.log.found(name={"ja": "x", "en": "x"}, legal_form="x", demo=False, by=Viewer.system("x"), at=datetime.now(UTC))
"""
# Appends entries under ids of its own, one or a few a transaction; says how long each transaction took.
WRITER = """
import json, sys, time, django; django.setup()
from datetime import UTC, datetime
from uuid import UUID, uuid5
from django.db import transaction
from contributions import services
from contributions.core.roles import Viewer
from contributions.services.journal import Draft
name, count = sys.argv[1], int(sys.argv[2])
waits = []
for number in range(count):
    drafts = [
        Draft("member.withdrawn", f"{name}:{number}.{part}", {"member": name, "from": "2026-05-01"},
              movements=[("member:x:cash", "JPY", 5), ("source:cash", "JPY", -5)],
              id=uuid5(UUID(int=1), f"{name}:{number}.{part}"))
        for part in range(1 + number % 3)
    ]
    begun = time.monotonic()
    with transaction.atomic():
        services.journal.append_many(drafts, by=Viewer.system("x"), at=datetime.now(UTC))
    waits.append(time.monotonic() - begun)
print(json.dumps(max(waits)))
"""
READER = """
import json, django; django.setup()
from contributions import selectors, services
from contributions.models import Entry
services.balances.extend()
found = selectors.verification.check_log(services.log.signer().verifier, deep=True)
subjects = list(Entry.objects.order_by("seq").values_list("subject", flat=True))
print(json.dumps({"fault": found.fault and found.fault.text("en"), "subjects": subjects[1:]}))
"""


class Ledger:
    """A founded ledger on a database of its own, reached by processes only."""

    def __init__(self, home: Path, url: str) -> None:
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("DATABASE")},
            "DATABASE_URL": url,
            "MOYAI_HOME": str(home),
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }
        subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, env=self.environment, check=True)
        self.run(FOUND)

    def start(self, script: str, *arguments: str) -> subprocess.Popen:
        return subprocess.Popen(
            [sys.executable, "-c", script, *arguments], cwd=ROOT, env=self.environment, stdout=subprocess.PIPE
        )

    def run(self, script: str, *arguments: str) -> object:
        process = self.start(script, *arguments)
        out, _ = process.communicate(timeout=300)
        assert process.returncode == 0
        return json.loads(out) if out else None


@contextmanager
def on(vendor: str, home: Path) -> Iterator[Ledger]:
    if vendor == "sqlite":
        yield Ledger(home, f"sqlite:///{home / 'moyai.sqlite3'}")
        return
    try:
        with servers.postgres() as url:
            yield Ledger(home, url)
    except servers.NoServer as error:
        not_run(str(error))


def subjects(name: str, count: int) -> list[str]:
    return [f"{name}:{number}.{part}" for number in range(count) for part in range(1 + number % 3)]


@pytest.mark.parametrize("vendor", ["sqlite", "postgresql"])
@pytest.mark.parametrize("writers", [2, 4])
def test_writers_at_once_lose_and_double_nothing_and_none_waits_long(tmp_path, vendor, writers):
    names, count = [f"w{number}" for number in range(writers)], 120
    with on(vendor, tmp_path) as ledger:
        processes = [ledger.start(WRITER, name, str(count)) for name in names]
        longest = [json.loads(process.communicate(timeout=300)[0]) for process in processes]
        found = ledger.run(READER)
    assert found["fault"] is None
    assert sorted(found["subjects"]) == sorted(subject for name in names for subject in subjects(name, count))
    for name in names:
        assert [each for each in found["subjects"] if each.startswith(f"{name}:")] == subjects(name, count)
    assert max(longest) < WAIT_MAX, longest


@pytest.mark.parametrize("vendor", ["sqlite", "postgresql"])
def test_a_writer_that_is_killed_starts_over_and_nothing_is_doubled(tmp_path, vendor):
    """kill −9 at whatever point it has reached; it sends all of it again, under the same ids."""
    count = 90
    with on(vendor, tmp_path) as ledger:
        for pause in (1.2, 1.5, 1.8, 2.1):
            process = ledger.start(WRITER, "w", str(count))
            time.sleep(pause)
            process.send_signal(signal.SIGKILL)
            process.wait(30)
        ledger.run(WRITER, "w", str(count))
        found = ledger.run(READER)
    assert found["fault"] is None
    assert found["subjects"] == subjects("w", count)
