"""Throw-away servers for tests: a real PostgreSQL and a real Redis, in a temporary folder, gone afterwards.

    python tests/servers.py postgres redis -- COMMAND …

runs the command with DATABASE_URL and REDIS_URL set, and stops and deletes the servers whatever becomes of it. Works
as an ordinary user and as root (PostgreSQL refuses root, so its files and processes are then the user postgres's).
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import quote

DURABILITY_OFF = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class NoServer(Exception):
    """The server's programs are not on this machine."""


@contextmanager
def folder(prefix: str) -> Iterator[Path]:
    """A short path, because a Unix socket's name may have 100 characters at most."""
    path = Path(tempfile.mkdtemp(prefix=f"moyai-{prefix}-", dir="/tmp"))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def postgres_programs() -> Path:
    """The newest server's folder; Debian keeps it off PATH."""
    debian = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    found = sorted(debian, key=lambda path: int(path.parent.parent.name))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    if on_path is None:
        raise NoServer("PostgreSQL's initdb is not on this machine (Debian: apt-get install postgresql)")
    return Path(on_path).resolve().parent


def _owner(path: Path) -> dict[str, object]:
    """How to run PostgreSQL's programs: as ourselves, or as the user postgres when we are root."""
    if os.geteuid() != 0:
        return {}
    account = pwd.getpwnam("postgres")
    os.chown(path, account.pw_uid, account.pw_gid)
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _initialise(programs: Path, data: Path, settings: dict[str, object]) -> None:
    """A cluster that sorts Japanese by ICU, as a production one would; without ICU, by code point."""
    command = [programs / "initdb", "-D", data, "-U", "moyai", "-A", "trust", "-E", "UTF8", "--no-sync"]
    icu = [*command, "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=ja"]
    if subprocess.run(icu, capture_output=True, check=False, **settings).returncode == 0:
        return
    if data.exists():
        shutil.rmtree(data)
    print("servers: PostgreSQL without ICU; the cluster sorts by code point", file=sys.stderr)
    subprocess.run([*command, "--locale=C.UTF-8"], capture_output=True, check=True, **settings)


@contextmanager
def postgres() -> Iterator[str]:
    """A DATABASE_URL whose user owns the cluster; connections by socket only."""
    programs = postgres_programs()
    with folder("pg") as home:
        settings = {**_owner(home), "cwd": home}
        data = home / "data"
        _initialise(programs, data, settings)
        port = free_port()
        options = [f"-p {port} -k {home} -c listen_addresses=", *(f"-c {one}" for one in DURABILITY_OFF)]
        control = [programs / "pg_ctl", "-D", data, "-w"]
        log = home / "log"
        started = subprocess.run(
            [*control, "-l", log, "-o", " ".join(options), "start"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False, **settings,
        )  # fmt: skip
        if started.returncode:
            raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text() if log.exists() else ''}")
        try:
            yield f"postgres://moyai@{quote(str(home), safe='')}:{port}/postgres"
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], capture_output=True, check=False, **settings)


@contextmanager
def redis() -> Iterator[str]:
    """A REDIS_URL of a server that keeps nothing."""
    program = shutil.which("redis-server")
    if program is None:
        raise NoServer("redis-server is not on this machine (Debian: apt-get install redis-server)")
    with folder("redis") as home:
        port = free_port()
        command = [program, "--port", str(port), "--bind", "127.0.0.1", "--dir", str(home), "--save", ""]
        with (home / "log").open("w") as log:
            server = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
        try:
            _await_port(port, server, home / "log")
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            server.terminate()
            server.wait(10)


def _await_port(port: int, server: subprocess.Popen[bytes], log: Path, limit: float = 10) -> None:
    deadline = time.monotonic() + limit
    while time.monotonic() < deadline and server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"{server.args[0]} did not start:\n{log.read_text()}")


SERVERS = {"postgres": (postgres, "DATABASE_URL"), "redis": (redis, "REDIS_URL")}


def run(names: Sequence[str], command: Sequence[str]) -> int:
    """The command's exit status. SIGTERM is turned into an exception, so that the servers go down with us."""
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(143))
    with ExitStack() as stack:
        environment = dict(os.environ)
        for name in names:
            server, variable = SERVERS[name]
            environment[variable] = stack.enter_context(server())
        return subprocess.run(command, env=environment, check=False).returncode


def main(arguments: Sequence[str]) -> int:
    if "--" not in arguments or set(arguments[: list(arguments).index("--")]) - set(SERVERS):
        print(__doc__)
        return 2
    cut = list(arguments).index("--")
    try:
        return run(arguments[:cut], arguments[cut + 1 :])
    except NoServer as error:
        print(f"NOT RUN: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
