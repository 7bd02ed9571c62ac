"""What must hold before the site serves anybody."""

from __future__ import annotations

import importlib
import sys

import pytest
from celery.signals import worker_init
from django.core.checks import Tags, run_checks
from django.db import connection, transaction

from contributions import checks
from contributions.models import guards


def test_a_sound_installation_has_nothing_to_report_but_who_owns_it(db):
    found = run_checks(tags=[Tags.database], databases=["default"])
    assert {message.id for message in found} <= {"contributions.W001"}


def test_every_table_without_its_triggers_is_an_error(db):
    with transaction.atomic():
        connection.check_constraints()
        guards.disarm(connection)
        found = checks.posted_rows_are_guarded(None, ["default"])
        transaction.set_rollback(True)
    assert [error.id for error in found] == ["contributions.E001"] * len(guards.guarded())
    assert all("migrate" in error.hint for error in found)


def test_no_database_asked_about_no_answer(db):
    assert checks.posted_rows_are_guarded(None, None) == []


def test_the_owner_of_the_tables_is_warned_that_it_could_alter_the_ledger(db):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no roles: whoever holds the file owns it")
    (warning,) = checks.the_application_does_not_own_its_tables(None, ["default"])
    assert (warning.id, warning.level) == ("contributions.W001", 30)


def test_a_role_that_owns_nothing_is_not_warned(db):
    if connection.vendor != "postgresql":
        assert checks.the_application_does_not_own_its_tables(None, ["default"]) == []
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE ROLE moyai_reader")
        cursor.execute("SET LOCAL ROLE moyai_reader")
        assert checks.the_application_does_not_own_its_tables(None, ["default"]) == []
        cursor.execute("RESET ROLE")
        transaction.set_rollback(True)


def test_nothing_is_served_on_a_ledger_whose_guards_are_gone(db, monkeypatch, capsys):
    monkeypatch.setattr(checks.connections, "close_all", lambda: None)  # the test's own connection is among them
    checks.hold()
    with transaction.atomic():
        connection.check_constraints()
        guards.disarm(connection)
        with pytest.raises(SystemExit, match="could be altered"):
            checks.hold()
        transaction.set_rollback(True)
    assert "contributions_entry is append-only but its triggers are missing." in capsys.readouterr().err


def test_web_server_and_worker_ask_before_they_serve(monkeypatch):
    def refuse() -> None:
        raise SystemExit("asked")

    monkeypatch.setattr(checks, "hold", refuse)
    sys.modules.pop("config.wsgi", None)
    with pytest.raises(SystemExit, match="asked"):
        importlib.import_module("config.wsgi")
    importlib.import_module("config.celery")
    with pytest.raises(SystemExit, match="asked"):
        worker_init.send(sender=None)


def test_a_migrate_is_let_through_since_it_puts_the_guards_back(db, settings):
    settings.IS_MIGRATING = True
    with transaction.atomic():
        connection.check_constraints()
        guards.disarm(connection)
        assert checks.posted_rows_are_guarded(None, ["default"]) == []
        transaction.set_rollback(True)
