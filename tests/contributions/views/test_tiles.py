"""The log over HTTP: open hash material that proves itself, entries closed, and never a login page in between."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from django.test import override_settings

from contributions import selectors
from contributions.core import cosignatures, merkle, notes, tiles
from contributions.core.periods import jst_date
from contributions.models import Checkpoint, Cosignature, Entry, Organization
from contributions.services import witnesses

SITE = cosignatures.Cosigner("witness.tetsu.example/w1", bytes(32))


@pytest.fixture
def sealed(contributed_world):
    contributed_world.seal()
    return contributed_world


@pytest.fixture
def prefix(sealed) -> str:
    """The log's own name, which is where it is served."""
    _host, _, path = selectors.log.head().origin.partition("/")
    return f"/{path}/"


def opened(client, prefix) -> notes.Checkpoint:
    verifier = notes.Verifier.parse(client.get("/log/log.vkey").content.decode())
    return notes.open_checkpoint(client.get(f"{prefix}checkpoint").content.decode(), verifier)


def enrolled(world):
    organization = Organization.objects.get(code="tetsu")
    return witnesses.enroll(
        organization, kind="site", vkey=SITE.key.vkey, valid_from=jst_date(world.clock), **world.by("tetsu")
    )


def test_a_stranger_recomputes_the_signed_root_out_of_tiles(prefix, client):
    checkpoint = opened(client, prefix)
    asked = []

    def fetch(tile):
        answer = client.get(f"{prefix}{tile.path}")
        assert answer.status_code == 200 and answer["Content-Type"] == "application/octet-stream"
        asked.append(answer)
        return answer.content

    node = tiles.reader(fetch, checkpoint.size)
    assert merkle.root_from(checkpoint.size, node) == checkpoint.root
    assert all("immutable" in answer["Cache-Control"] and "public" in answer["Cache-Control"] for answer in asked)


def test_the_checkpoint_is_not_kept_for_long_and_is_text(prefix, client):
    answer = client.get(f"{prefix}checkpoint")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer["Cache-Control"] == "public, max-age=5"


@pytest.mark.parametrize("path", ["tile/0/999", "tile/5/000", "tile/0/000.p/0", "tile/0/nothing", "tile/0/001.p/255"])
def test_a_tile_that_is_none_is_not_there(prefix, client, path):
    assert client.get(f"{prefix}{path}").status_code == 404


def test_what_no_checkpoint_counts_yet_is_in_no_tile(sealed, prefix, client):
    size = Checkpoint.objects.latest("size").size
    sealed.cash("tetsu", 5)
    width = Entry.objects.count() % 256
    assert Entry.objects.count() > size and size % 256 < width
    assert client.get(f"{prefix}tile/0/{size // 256:03d}.p/{width}").status_code == 404


def test_another_installation_is_not_here(prefix, client):
    assert client.get("/00000000-0000-4000-8000-000000000000/ledger/checkpoint").status_code == 404


def test_entries_go_to_the_desk_and_the_auditor_alone(prefix, client, reader):
    size = Checkpoint.objects.latest("size").size
    path = f"{prefix}{tiles.Tile(None, 0, min(256, size)).path}"
    stranger = client.get(path)
    assert (stranger.status_code, "Location" in stranger) == (401, False)
    assert stranger["WWW-Authenticate"].startswith("Session")
    for username in ("tetsu", "legal", "finance", "robo", "reviewer", "operator"):
        assert reader(username).get(path).status_code == 404, username
    for username in ("desk", "auditor"):
        answer = reader(username).get(path)
        assert answer["Cache-Control"].startswith("private")
        first = int.from_bytes(answer.content[:2], "big")
        assert answer.content[2 : 2 + first] == bytes(Entry.objects.get(seq=0).leaf)


def test_a_closed_log_answers_401_and_opens_to_whoever_is_signed_in(prefix, client, reader):
    with override_settings(LOG_PUBLIC=False):
        for path in ("checkpoint", "tile/0/000.p/5"):
            assert client.get(f"{prefix}{path}").status_code == 401
            assert reader("robo").get(f"{prefix}{path}").status_code == 200


def test_a_witness_hands_its_cosignature_in_without_a_login_or_a_token(sealed, prefix, client):
    enrolled(sealed)
    note = client.get(f"{prefix}checkpoint").content.decode()
    at = int(sealed.clock.timestamp())
    signed = SITE.cosign(notes.parse_note(note)[0], at)
    cosigned = cosignatures.with_lines(note, [signed])
    client.handler.enforce_csrf_checks = True
    with patch("contributions.views.tiles.now", lambda: sealed.clock):
        answer = client.post(f"{prefix}add-cosignatures", cosigned, content_type="text/plain")
    assert (answer.status_code, answer.content.decode()) == (200, signed.line)
    assert SITE.name in client.get(f"{prefix}checkpoint").content.decode()
    assert Cosignature.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"\xff", 400),
        ("origin\n1\nAAAA\n\n— x AAAA\n".encode(), 400),
        (b"x" * 70_000, 413),
    ],
    ids=["nothing", "no text", "no checkpoint", "too much"],
)
def test_what_is_no_cosigned_checkpoint_is_refused(prefix, client, body, status):
    assert client.post(f"{prefix}add-cosignatures", body, content_type="text/plain").status_code == status


def test_a_strangers_cosignature_is_refused_with_a_reason(sealed, prefix, client):
    note = client.get(f"{prefix}checkpoint").content.decode()
    signed = cosignatures.with_lines(note, [SITE.cosign(notes.parse_note(note)[0], 1)])
    answer = client.post(
        f"{prefix}add-cosignatures", signed, content_type="text/plain", headers={"accept-language": "ja"}
    )
    assert answer.status_code == 422 and "登録された立会人" in answer.content.decode()
    other = notes.Checkpoint("other.example/log", 1, bytes(32)).text() + "\n— other.example/log AAAAAAAAAAA=\n"
    assert client.post(f"{prefix}add-cosignatures", other, content_type="text/plain").status_code == 404
