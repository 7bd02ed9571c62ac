"""The local queue: messages come whole, once, oldest first, and survive the sender."""

from queue import Empty

import pytest
from kombu import Connection

import config.broker  # noqa: F401  (registers the transport)


@pytest.fixture
def queue(tmp_path):
    options = {"folder": str(tmp_path / "broker"), "polling_interval": 0.01}
    with Connection("folder://localhost", transport_options=options) as connection:
        yield connection.SimpleQueue("celery")


def test_messages_come_oldest_first_and_once(queue):
    for number in range(20):
        queue.put({"job": number})
    assert [queue.get_nowait().payload["job"] for _ in range(20)] == list(range(20))
    with pytest.raises(Empty):
        queue.get_nowait()


def test_a_half_written_message_is_not_seen(queue, tmp_path):
    (tmp_path / "broker" / "0_x.celery.part").write_text('{"body": "e30')
    with pytest.raises(Empty):
        queue.get_nowait()


def test_a_message_outlives_its_sender(queue, tmp_path):
    queue.put({"job": 1})
    queue.close()
    options = {"folder": str(tmp_path / "broker"), "polling_interval": 0.01}
    with Connection("folder://localhost", transport_options=options) as later:
        assert later.SimpleQueue("celery").get_nowait().payload == {"job": 1}


def test_no_one_else_may_look_into_the_folder(queue, tmp_path):
    queue.put({"job": 1})
    assert (tmp_path / "broker").stat().st_mode & 0o077 == 0
