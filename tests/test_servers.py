"""The throw-away servers of the tests: real, alone in their folder, and gone afterwards."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

import psycopg
import pytest
import redis

import servers


@pytest.fixture
def database():
    try:
        with servers.postgres() as url:
            yield url
    except servers.NoServer as error:
        pytest.skip(str(error))


def connect(url: str) -> psycopg.Connection:
    parts = urlsplit(url)
    return psycopg.connect(host=unquote(parts.hostname), port=parts.port, user=parts.username, dbname="postgres")


def test_postgresql_sorts_japanese_by_icu(database):
    with connect(database) as connection:
        row = connection.execute("SELECT datlocprovider FROM pg_database WHERE datname = current_database()").fetchone()
    assert row == ("i",)


def test_postgresql_is_gone_afterwards():
    with servers.postgres() as url:
        home = Path(unquote(urlsplit(url).hostname))
        connect(url).close()
    assert not home.exists()
    with pytest.raises(psycopg.OperationalError):
        connect(url)


def fail_with(opened: list[Path]) -> None:
    with servers.postgres() as url:
        opened.append(Path(unquote(urlsplit(url).hostname)))
        raise ZeroDivisionError


def test_a_server_is_stopped_when_what_it_served_fails():
    opened = []
    with pytest.raises(ZeroDivisionError):
        fail_with(opened)
    assert not opened[0].exists()


def test_redis_answers_and_is_gone_afterwards():
    with servers.redis() as url:
        assert redis.Redis.from_url(url).ping()
    with pytest.raises(redis.ConnectionError):
        redis.Redis.from_url(url).ping()


def test_the_command_line_hands_on_the_exit_status(capsys):
    assert servers.main(["--", "sh", "-c", "exit 7"]) == 7
    assert servers.main(["mysql", "--", "true"]) == 2
