"""A throw-away ledger for a case that needs one, founded, with one member and one facility.

SQLite in a temporary folder, or a database of its own beside the one that a PostgreSQL DATABASE_URL names.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

HOME = Path(os.environ.get("BENCH_HOME") or tempfile.mkdtemp(prefix="moyai-bench-"))
PRISTINE = HOME / "pristine"
SERVER = url if (url := os.environ.get("DATABASE_URL", "")).startswith("postgres") else ""
AT = datetime.fromisoformat("2026-11-01T09:00:00+09:00")


def begin() -> None:
    """Set Django up on a home of its own, and found the ledger; the database as it then stands is kept aside."""
    if PRISTINE.exists():
        return
    atexit.register(shutil.rmtree, HOME, ignore_errors=True)
    if SERVER:
        _ask_server("CREATE DATABASE bench")
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "BENCH_HOME": str(HOME),
        "MOYAI_HOME": str(HOME),
        "DATABASE_URL": f"{SERVER.rpartition('/')[0]}/bench" if SERVER else f"sqlite:///{HOME / 'ledger.sqlite3'}",
    }
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    _found()
    _close()
    if SERVER:
        _ask_server("CREATE DATABASE pristine TEMPLATE bench")
        PRISTINE.touch()
    else:
        shutil.copy(HOME / "ledger.sqlite3", PRISTINE)


def again() -> None:
    """The ledger as it was founded."""
    _close()
    if SERVER:
        _ask_server("DROP DATABASE bench WITH (FORCE)", "CREATE DATABASE bench TEMPLATE pristine")
    else:
        for name in ("ledger.sqlite3-wal", "ledger.sqlite3-shm"):
            (HOME / name).unlink(missing_ok=True)
        shutil.copy(PRISTINE, HOME / "ledger.sqlite3")
    shutil.rmtree(HOME / "evidence", ignore_errors=True)


def vendor() -> str:
    from django.db import connection

    return connection.vendor


def _ask_server(*commands: str) -> None:
    import psycopg

    with psycopg.connect(SERVER, autocommit=True) as connection:
        for command in commands:
            connection.execute(command)


def _found() -> None:
    from contributions import services
    from contributions.core.roles import Viewer

    by = {"by": Viewer.system("bench"), "at": AT}
    name = {"ja": "測定", "en": "bench"}
    services.log.found(installation=UUID(int=1), name=name, legal_form="kk", demo=True, **by)
    company = services.organizations.register(
        code="kuruma", name_ja="車田", name_en="Kurumada", country="JP", kind="company", invented=True, **by
    )
    services.members.admit(company, member_class="founder", admitted_on=date(2026, 4, 1), **by)
    services.facilities.register(
        code="osaka", name_ja="大阪", name_en="Osaka", operator=company, country="JP", region="大阪",
        default_accelerator="h100", **by,
    )  # fmt: skip


def _close() -> None:
    from django.db import connections

    connections.close_all()
