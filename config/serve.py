"""One parent for the web server and the background worker.

`make run` ends here. The parent starts both, says when the first page can be opened, passes SIGTERM and SIGINT on and
waits until both have finished what they were doing. A child that ends by itself ends the other too, with a line that
says so: nothing is restarted behind the operator's back.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GRACE = 30  # seconds a child may take to finish its work before it is killed
PDEATHSIG = 1  # prctl: the signal a child gets when its parent dies, even by SIGKILL


def web(host: str, port: int, workers: int) -> list[str]:
    bind = f"{host}:{port}"
    options = ["--workers", str(workers), "--threads", "4", "--timeout", "60", "--graceful-timeout", "20"]
    return ["-m", "gunicorn", "config.wsgi", "--preload", "--bind", bind, "--log-level", "warning", *options]


def worker() -> list[str]:
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "warning"]
    return ["-m", "celery", "--quiet", "-A", "config", "worker", "--beat", *quiet]


def start(name: str, command: list[str]) -> subprocess.Popen[bytes]:
    """A child in a session of its own, so that Ctrl-C in the terminal reaches the parent alone."""
    print(f"  starting {name}", flush=True)
    return subprocess.Popen(
        [sys.executable, *command],
        cwd=ROOT,
        start_new_session=True,
        preexec_fn=_die_with_parent,  # noqa: PLW1509  (this process has one thread)
    )


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PDEATHSIG, signal.SIGTERM)


def check_free(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise SystemExit(
                f"Port {port} on {host} cannot be used ({error.strerror}). Choose another: make run PORT=8001"
            ) from None


def answers(url: str) -> bool:
    """Whether the site answers at all; which page it shows is not asked here."""
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            return bool(response.status)
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def announce(url: str, children: dict[str, subprocess.Popen[bytes]], limit: float = 60) -> None:
    begun = time.monotonic()
    while all(child.poll() is None for child in children.values()):
        if answers(url):
            print(f"\n  Moyai is open: {url}    (stop with Ctrl-C)\n", flush=True)
            return
        if time.monotonic() - begun > limit:
            print(f"  {url} has not answered for {limit:.0f} s; still waiting", flush=True)
            return
        time.sleep(0.1)


def wait(children: dict[str, subprocess.Popen[bytes]]) -> int:
    """Until a signal comes or a child ends by itself; the second is a failure."""
    while True:
        for name, child in children.items():
            status = child.poll()
            if status is not None:
                print(f"  {name} ended by itself (status {status}); stopping", file=sys.stderr, flush=True)
                return 1
        time.sleep(0.2)


def stop(children: dict[str, subprocess.Popen[bytes]]) -> None:
    """Ask, wait, and only then kill whole sessions."""
    for child in children.values():
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + GRACE
    for name, child in children.items():
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            print(
                f"  {name} did not stop within {GRACE} s; killed. Its job is taken up again at the next start",
                flush=True,
            )
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()


class Stopped(Exception):
    """SIGTERM or SIGINT came."""


def _stopped(number: int, frame: object) -> None:
    raise Stopped


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("part", nargs="?", choices=["all", "web", "worker"], default="all")
    parser.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"))
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))
    parser.add_argument("--web-workers", type=int, default=int(os.environ.get("MOYAI_WEB_WORKERS") or 2))
    options = parser.parse_args(arguments)

    children: dict[str, subprocess.Popen[bytes]] = {}
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stopped)
    try:
        if options.part != "worker":
            check_free(options.host, options.port)
            children["web server"] = start("web server", web(options.host, options.port, options.web_workers))
            shown = "127.0.0.1" if options.host == "0.0.0.0" else options.host
            announce(f"http://{shown}:{options.port}/", children)
        if options.part != "web":  # after the first page: two processes that load the site at once delay each other
            children["background worker"] = start("background worker", worker())
        return wait(children)
    except Stopped:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)  # make and the shell pass the same signal on once more
        print("\n  stopping: running work is finished first", flush=True)
        return 0
    finally:
        stop(children)


if __name__ == "__main__":
    sys.exit(main())
