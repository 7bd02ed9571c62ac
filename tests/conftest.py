"""What every test gets: an installation of its own, and real servers, data and a browser where it asks for them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from django.test import TestCase, TransactionTestCase

ROOT = Path(__file__).resolve().parent.parent
JOURNEYS = ROOT / "tests" / "journeys"
DATABASE_FIXTURES = {"db", "transactional_db", "django_db_serialized_rollback", "live_server", "admin_user"}
NO_DATA = "real data not found; set MOYAI_REAL_DATA to its folder"
NO_BROWSER = "no Chromium on this machine (Debian: apt-get install chromium)"
HOME = pytest.StashKey[Path]()
# How long an example takes says nothing about whether it is right.
hypothesis.settings.register_profile("moyai", deadline=None)
hypothesis.settings.load_profile("moyai")


def in_ci() -> bool:
    return os.environ.get("CI", "").lower() in {"1", "true"}


def not_run(reason: str) -> None:
    """Leave the test out with a reason that the closing lines repeat; on CI that is a failure."""
    if in_ci():
        pytest.fail(reason)
    pytest.skip(reason)


# ---- an installation of its own ----
def pytest_addoption(parser):
    parser.addoption("--only-database", action="store_true", help="run only the tests that touch the database")


def pytest_configure(config):
    """Each test process has its own MOYAI_HOME; nothing a test does reaches the installation beside it."""
    from django.conf import settings

    home = config.stash[HOME] = Path(tempfile.mkdtemp(prefix="moyai-home-"))
    for name in ("keys", "evidence", "documents", "broker", "mail", "static"):
        (home / name).mkdir(mode=0o700)
    os.environ["MOYAI_HOME"] = str(home)
    broker = {key: _moved(value, settings.MOYAI_HOME, home) for key, value in _broker_options(settings).items()}
    storages = {name: dict(storage) for name, storage in settings.STORAGES.items()}
    storages["default"]["OPTIONS"] = {"location": home}
    storages["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = storages
    settings.STATIC_ROOT = home / "static"
    settings.EMAIL_FILE_PATH = home / "mail"
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = broker
    settings.SIGNING_MFA = False  # the cast has no devices; the tests of signing ask for them
    settings.CELERY_BEAT_SCHEDULE_FILENAME = str(home / "broker" / "beat")
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # a login in a test need not be slow
    settings.MOYAI_HOME = home
    if settings.DATABASES["default"]["ENGINE"] == "config.sqlite":
        # In memory, in each test process; parallel runs append the process's name, which no one reads there.
        settings.DATABASES["default"]["TEST"]["NAME"] = "file:tests?mode=memory&cache=shared&process="


def _broker_options(settings) -> dict[str, object]:
    return getattr(settings, "CELERY_BROKER_TRANSPORT_OPTIONS", {})


def _moved(value: object, old: Path, new: Path) -> object:
    """A path under the old home, under the new one."""
    inside = isinstance(value, str) and value.startswith(str(old))
    if not inside:
        return value
    moved = new / Path(value).relative_to(old)
    moved.mkdir(parents=True, exist_ok=True)
    return str(moved)


def pytest_unconfigure(config):
    if HOME in config.stash:
        shutil.rmtree(config.stash[HOME], ignore_errors=True)


@pytest.fixture(scope="session")
def moyai_home() -> Path:
    return Path(os.environ["MOYAI_HOME"])


# ---- which tests ----
def touches_database(item: pytest.Item) -> bool:
    """By mark, by fixture, or by Django's own test classes."""
    if item.get_closest_marker("django_db") or DATABASE_FIXTURES & set(getattr(item, "fixturenames", ())):
        return True
    return issubclass(getattr(item, "cls", None) or object, TransactionTestCase | TestCase)


def pytest_collection_modifyitems(config, items):
    for item in items:
        if JOURNEYS in item.path.parents:
            item.add_marker(pytest.mark.journey)
    if any(item.get_closest_marker("journey") for item in items):
        # Playwright's synchronous interface keeps an event loop running in the thread of the test
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    if config.getoption("--only-database"):
        wanted = [item for item in items if touches_database(item)]
        config.hook.pytest_deselected(items=[item for item in items if item not in set(wanted)])
        items[:] = wanted


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter):
    skipped = [str(report.longrepr) for report in terminalreporter.stats.get("skipped", ())]
    for reason in (NO_DATA, NO_BROWSER):
        if count := sum(reason in text for text in skipped):
            terminalreporter.write_line(f"NOT RUN: {count} test(s): {reason}", red=True, bold=True)


@pytest.fixture(autouse=True)
def _the_first_key_of_the_log_stays(request, moyai_home) -> Iterator[None]:
    """A test that changes the log's key destroys the old one; the worlds told before are signed with it."""
    for told in sorted(name for name in request.fixturenames if name == "world" or name.endswith("_world")):
        request.getfixturevalue(told)
    kept = {path: path.read_bytes() for path in (Path(moyai_home) / "keys").glob("*.log.key")}
    yield
    for path, content in kept.items():
        if not path.exists():
            path.touch(mode=0o600)
            path.write_bytes(content)


# ---- append-only tables ---------------------------------------------------------------------------------------------
@pytest.fixture(scope="session", autouse=True)
def _flush_past_the_guards() -> Iterator[None]:
    """A transactional test ends by emptying every table, which the append-only triggers rightly refuse."""
    from django.db import connections

    original = TransactionTestCase._fixture_teardown

    def disarmed(self):
        from contributions.models import guards

        emptied = [connections[alias] for alias in self._databases_names(include_mirrors=False)]
        for connection in emptied:
            guards.disarm(connection)
        try:
            original(self)
        finally:
            for connection in emptied:
                guards.arm(connection)

    TransactionTestCase._fixture_teardown = disarmed
    yield
    TransactionTestCase._fixture_teardown = original


# ---- real things ----
@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real input files."""
    path = Path(os.environ.get("MOYAI_REAL_DATA") or ROOT.parent / "shared" / "data")
    if not path.is_dir():
        not_run(NO_DATA)
    return path.resolve()


@pytest.fixture(scope="session")
def screenshots() -> Path:
    """Where journeys leave pictures of pages to be looked at."""
    path = ROOT / "var" / "screenshots"
    path.mkdir(parents=True, exist_ok=True)
    return path


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """The system's Chromium where there is one; else the one Playwright brought, if it did."""
    found = next(filter(None, map(shutil.which, ("chromium", "google-chrome", "chromium-browser"))), None)
    if found is None and not any(Path.home().glob(".cache/ms-playwright/chromium*")):
        not_run(NO_BROWSER)
    quiet = [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
    ]  # fmt: skip
    return {**browser_type_launch_args, **({"executable_path": found} if found else {}), "args": quiet}


def database_url() -> str:
    """The test database as a URL, for a process beside this one."""
    from urllib.parse import quote

    from django.db import connection

    found = connection.settings_dict
    if connection.vendor == "sqlite":
        if connection.is_in_memory_db():
            not_run("a worker beside the test cannot see a database in memory; use make test-journeys")
        return f"sqlite:///{found['NAME']}"
    password = f":{quote(found['PASSWORD'], safe='')}" if found["PASSWORD"] else ""
    port = f":{found['PORT']}" if found["PORT"] else ""
    return f"postgres://{found['USER']}{password}@{quote(found['HOST'], safe='')}{port}/{found['NAME']}"


class Worker:
    """A Celery worker with its beat, as `make run` starts it, on the test's database."""

    def __init__(self, home: Path):
        self.log = home / "worker.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        environment = {**os.environ, "DATABASE_URL": database_url()}
        command = [sys.executable, "-m", "celery", "-A", "config", "worker", "--beat", "--loglevel", "info",
                   "--concurrency", "2", "--without-gossip", "--without-mingle"]  # fmt: skip
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True
            )
        self._await_ready()

    def _await_ready(self, limit: float = 30) -> None:
        deadline = time.monotonic() + limit
        while time.monotonic() < deadline and self.process.poll() is None:
            if " ready." in self.log.read_text(errors="replace"):
                return
            time.sleep(0.1)
        pytest.fail(f"the Celery worker did not start:\n{self.log.read_text(errors='replace')}")

    def kill(self) -> None:
        """As a power cut would: the whole session, at once."""
        os.killpg(self.process.pid, 9)
        self.process.wait()
        self.log.unlink()

    def stop(self, limit: float = 20) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(limit)
        except subprocess.TimeoutExpired:
            self.kill()


@pytest.fixture
def worker(transactional_db, tmp_path) -> Iterator[Worker]:
    """A real worker, running. `worker.kill()` and `worker.start()` try what a crash does."""
    running = Worker(tmp_path)
    running.start()
    yield running
    running.stop()


# ---- the cast ----
@pytest.fixture
def world(db):
    """The cast has joined; nothing is put in yet. See tests/world.py."""
    return _tell("join")


@pytest.fixture
def contributed_world(db):
    """Every member has put something in."""
    return _tell("contribute")


@pytest.fixture
def allocated_world(db):
    """A policy, a release and an allocation are adopted."""
    return _tell("allocate")


@pytest.fixture
def licensed_world(db):
    """Two licensees have signed; their agreements are real PDFs."""
    return _tell("license")


@pytest.fixture
def settled_world(db):
    """Money came in, and waits for the members to confirm it."""
    return _tell("settle")


def _tell(chapter: str):
    import world

    return world.tell(chapter)
