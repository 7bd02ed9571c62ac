"""Changing the log's key from the shell: confirmed by the present key's hash, answered with both keys."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from contributions import services
from contributions.core import notes
from contributions.models import KeyRotation
from contributions.selectors import verification

pytestmark = pytest.mark.django_db


def run(*arguments, **options) -> str:
    out = StringIO()
    call_command("rotate_key", *arguments, stdout=out, **options)
    return out.getvalue()


def test_without_the_hash_of_the_present_key_nothing_changes(world):
    old = services.log.signer().verifier
    with pytest.raises(CommandError, match=old.key_hash.hex()):
        run("--lang", "en")
    with pytest.raises(CommandError, match="取り消せません"):
        run("--confirm", "00000000", "--lang", "ja")
    assert not KeyRotation.objects.exists() and services.log.signer().verifier == old


def test_the_answer_names_both_keys_and_the_log_verifies_under_the_ring(world):
    world.seal()
    old = services.log.signer().verifier
    told = json.loads(run("--confirm", old.key_hash.hex(), "--json"))
    new = services.log.signer().verifier
    assert (told["old"], told["new"]) == (old.vkey, new.vkey) and old != new
    assert told["size"] == told["entry"] + 1
    assert verification.check_log(services.log.ring()).is_sound
    for key in ([], ["--key", old.vkey], ["--key", new.vkey]):
        out = StringIO()
        call_command("verify_log", "--json", *key, stdout=out)
        assert json.loads(out.getvalue())["sound"] is True
    stranger = notes.Signer(old.name, bytes(32)).verifier
    with pytest.raises(CommandError):
        call_command("verify_log", "--key", stranger.vkey, stdout=StringIO())


def test_it_speaks_japanese(world):
    old = services.log.signer().verifier
    assert "台帳の鍵を交替しました" in run("--confirm", old.key_hash.hex(), "--lang", "ja")
