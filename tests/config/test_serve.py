"""The parent of web server and worker: nothing outlives it, and nothing ends behind its back."""

import socket
import sys
import time

import pytest

from config import serve


@pytest.fixture
def sleeper():
    child = serve.start("sleeper", ["-c", "import time; time.sleep(60)"])
    yield child
    child.kill()
    child.wait()


def test_a_port_in_use_is_said_before_anything_starts():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(SystemExit, match="cannot be used"):
            serve.check_free("127.0.0.1", taken.getsockname()[1])


def test_a_child_that_ends_by_itself_is_a_failure_and_is_named(sleeper, capsys):
    gone = serve.start("worker", ["-c", "raise SystemExit(0)"])
    assert serve.wait({"web server": sleeper, "worker": gone}) == 1
    assert "worker ended by itself (status 0)" in capsys.readouterr().err


def test_stopping_asks_first_and_waits(sleeper):
    serve.stop({"sleeper": sleeper})
    assert sleeper.poll() == -15


def test_a_child_that_does_not_listen_is_killed_in_the_end(monkeypatch, capsys):
    monkeypatch.setattr(serve, "GRACE", 0.5)
    code = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
    )
    deaf = serve.start("deaf", ["-c", code])

    time.sleep(0.5)  # until it has closed its ears
    serve.stop({"deaf": deaf})
    assert deaf.poll() == -9
    assert "did not stop within" in capsys.readouterr().out


def test_both_children_are_run_by_this_python():
    assert sys.executable
    assert serve.web("127.0.0.1", 8000, 2)[:3] == ["-m", "gunicorn", "config.wsgi"]
    assert serve.worker()[:2] == ["-m", "celery"]
