"""Django's SQLite, whose writers take their turn, and whose tables stay guarded while a migration makes them anew.

SQLite itself lets a waiting writer sleep and try again, ever longer; under several busy writers one can starve for
seconds. Here a writer first stands at a turnstile (one waits there, the others behind it), then takes the database's
lock file, and only then begins: who has just written finds the next in line there already. Readers wait for nobody.
The files lie beside the database and hold nothing. A process that dies lets go of both.
"""

from __future__ import annotations

import fcntl
import os
import random
import time
from pathlib import Path

from django.db.backends.sqlite3 import base, schema
from django.db.utils import OperationalError

PAUSE = 0.0005


class Turn:
    """One writer's place in line: an exclusive lock on a file, taken with patience that ends."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.handle: int | None = None

    def take(self, until: float) -> None:
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > until:
                    os.close(handle)
                    raise OperationalError("database is locked: another writer has not finished") from None
                time.sleep(PAUSE * (1 + random.random()))
            else:
                self.handle = handle
                return

    def leave(self) -> None:
        if self.handle is not None:
            os.close(self.handle)
            self.handle = None


class DatabaseSchemaEditor(schema.DatabaseSchemaEditor):
    """SQLite alters most things by making the table anew, and drops its triggers with the old one.

    Those without a condition name no column and are put on the new table at once, so that a migration's next step
    meets them; the others name columns that may have changed, and come back at the end of the migrate.
    """

    def _remake_table(self, model, *given, **named) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute(
                "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [model._meta.db_table]
            )
            kept = [sql for (sql,) in cursor.fetchall() if " WHEN " not in sql]
        super()._remake_table(model, *given, **named)
        for sql in kept:
            self.execute(sql, params=None)


class DatabaseWrapper(base.DatabaseWrapper):
    SchemaEditorClass = DatabaseSchemaEditor
    turn: Turn | None = None

    def _start_transaction_under_autocommit(self) -> None:
        self._take_turn()
        try:
            super()._start_transaction_under_autocommit()
        except BaseException:
            self._leave_turn()
            raise

    def _commit(self) -> None:
        super()._commit()
        self._leave_turn()  # a commit that fails is rolled back, and left then

    def _rollback(self) -> None:
        try:
            super()._rollback()
        finally:
            self._leave_turn()

    def _close(self) -> None:
        try:
            super()._close()
        finally:
            self._leave_turn()

    def _take_turn(self) -> None:
        if self.is_in_memory_db() or self.turn is not None:
            return
        path = Path(self.settings_dict["NAME"])
        until = time.monotonic() + self.settings_dict["OPTIONS"].get("timeout", 5)
        waiting, writing = Turn(f"{path}-next"), Turn(f"{path}-writing")
        waiting.take(until)
        try:
            writing.take(until)
        finally:
            waiting.leave()
        self.turn = writing

    def _leave_turn(self) -> None:
        if self.turn is not None:
            self.turn.leave()
            self.turn = None
