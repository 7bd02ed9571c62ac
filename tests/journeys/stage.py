"""The stage on which journeys are played: the demo, told once, copied for each file of journeys, and really served.

A copy has its own MOYAI_HOME with keys, papers and queue, its own SQLite file and its own gunicorn, so that a journey
may sign and pay without spoiling the next one's beginning.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from servers import free_port

ROOT = Path(__file__).resolve().parents[2]
OUTSIDE = {"DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "MOYAI_HOME", "MOYAI_HOST", "DJANGO_SETTINGS_MODULE"}
SEED = "journeys"


class Stage:
    """One installation of the demo."""

    def __init__(self, home: Path, **settings: str):
        inherited = {name: value for name, value in os.environ.items() if name not in OUTSIDE}
        self.home = home
        self.environment = {**inherited, "MOYAI_HOME": str(home), "PYTHONUNBUFFERED": "1", **settings}
        self.url = ""
        self.running: list[subprocess.Popen[bytes]] = []

    # ---- building ---------------------------------------------------------------------------------------------------
    def run(self, *arguments: str, timeout: float = 240) -> str:
        """A command of the project in this installation; what it printed."""
        done = subprocess.run(
            [sys.executable, *arguments], cwd=ROOT, env=self.environment, capture_output=True, text=True,
            timeout=timeout, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{' '.join(arguments)} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
        return done.stdout

    def tell(self, seed: str = SEED) -> Stage:
        """Tables, static files and the demo's story."""
        self.run("-m", "config.prepare")
        self.run("manage.py", "demo", "--seed", seed, "--out", str(self.home / "demo"))
        return self

    def copied(self, home: Path, **settings: str) -> Stage:
        shutil.copytree(self.home, home, dirs_exist_ok=True)
        return Stage(home, **settings)

    # ---- serving ----------------------------------------------------------------------------------------------------
    def start(self, *command: str, log: str) -> subprocess.Popen[bytes]:
        """A process of this installation, in a session of its own."""
        with (self.home / log).open("ab") as output:
            process = subprocess.Popen(
                [sys.executable, *command], cwd=ROOT, env=self.environment, stdout=output, stderr=output,
                start_new_session=True,
            )  # fmt: skip
        self.running.append(process)
        return process

    def serve(self, limit: float = 180) -> Stage:
        """The web server as `make run` starts it, and its address once it answers."""
        port = free_port()
        server = self.start("-m", "config.serve", "web", "--port", str(port), "--web-workers", "1", log="web.log")
        self._await(server, "web.log", "Moyai is open", limit)
        self.url = f"http://127.0.0.1:{port}"
        return self

    def work(self, limit: float = 180) -> subprocess.Popen[bytes]:
        """A background worker with its timetable, and beside the web server as `make run` has it."""
        (self.home / "worker.log").unlink(missing_ok=True)
        command = ["-m", "celery", "-A", "config", "worker", "--beat", "--loglevel", "info", "--concurrency", "1",
                   "--without-gossip", "--without-mingle"]  # fmt: skip
        worker = self.start(*command, log="worker.log")
        self._await(worker, "worker.log", " ready.", limit)
        return worker

    def _await(self, process: subprocess.Popen[bytes], log: str, sign: str, limit: float) -> None:
        deadline = time.monotonic() + limit
        while time.monotonic() < deadline and process.poll() is None:
            if sign in (self.home / log).read_text(errors="replace"):
                return
            time.sleep(0.05)
        raise AssertionError(f"not ready within {limit:.0f} s:\n{(self.home / log).read_text(errors='replace')}")

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """As a power cut would: the whole session, at once."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, 9)
        process.wait()
        self.running.remove(process)

    def close(self) -> None:
        for process in self.running:
            process.terminate()
        for process in self.running:
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, 9)
                process.wait()
        self.running.clear()

    # ---- looking behind the scenes ----------------------------------------------------------------------------------
    @contextlib.contextmanager
    def database(self) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(self.home / "moyai.sqlite3", timeout=20, isolation_level=None)
        try:
            yield connection
        finally:
            connection.close()

    def rows(self, query: str, arguments: Sequence[object] = ()) -> list[tuple]:
        with self.database() as database:
            return database.execute(query, arguments).fetchall()

    def value(self, query: str, arguments: Sequence[object] = ()):
        found = self.rows(query, arguments)
        return found[0][0] if found else None
