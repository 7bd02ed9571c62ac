"""verify_log: says what it recomputed, or names the first bad index and ends with an error."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from contributions.models import Entry, guards


def test_a_sound_log_is_told_in_figures(world):
    world.seal()
    out = StringIO()
    call_command("verify_log", json=True, stdout=out)
    answer = json.loads(out.getvalue())
    assert answer["sound"] and answer["first_bad"] is None
    assert answer["entries"] == answer["statements"] == answer["sealed"] == Entry.objects.count()


def test_the_first_bad_index_is_named(world):
    world.seal()
    entry = Entry.objects.get(seq=7)
    guards.disarm(connection)
    entry.statement.content = bytes(entry.statement.content).replace(b'"v":1', b'"v":2')
    entry.statement.save()
    connection.check_constraints()  # PostgreSQL alters no table while deferred checks wait
    guards.arm(connection)
    out = StringIO()
    with pytest.raises(CommandError, match="entry 7"):
        call_command("verify_log", json=True, lang="en", stdout=out)
    answer = json.loads(out.getvalue())
    assert answer["first_bad"] == 7 and answer["refused"]["code"] == "log-fault" and not answer["sound"]


def test_a_key_that_cannot_be_read_is_refused(world):
    with pytest.raises(CommandError):
        call_command("verify_log", key="not a key", lang="en")
