"""A scratch ledger to measure on: a SQLite file, or the throw-away PostgreSQL that DATABASE_URL names.

    python -m bench posting                                          SQLite, under a temporary folder
    python tests/servers.py postgres -- python -m bench posting      PostgreSQL, with fsync off

Never the installation beside it: MOYAI_HOME is a temporary folder, and a PostgreSQL that holds tables is refused.
"""

from __future__ import annotations

import atexit
import os
import random
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache

SEED = 20261122
AT = datetime(2026, 11, 22, 3, tzinfo=UTC)
MEMBERS = [f"m{number:02d}" for number in range(10)]
KINDS = {"data": "record", "compute": "gpu_s", "cash": "JPY", "people": "minute", "background": "token"}


@cache
def prepare() -> str:
    """Set Django up over an empty migrated database; the vendor's name."""
    home = tempfile.mkdtemp(prefix="moyai-bench-")
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    os.environ["MOYAI_HOME"] = home
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        os.environ["DATABASE_URL"] = f"sqlite:///{home}/bench.sqlite3"
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    assert not connection.introspection.table_names(), "this database holds tables; a benchmark needs an empty one"
    call_command("migrate", verbosity=0)
    return connection.vendor


def empty() -> None:
    """A founded ledger with nothing in it but its first entry."""
    from django.db import connection

    from contributions import services
    from contributions.core.roles import Viewer
    from contributions.models import guards

    guards.disarm(connection)
    tables = ("correction", "annex", "movement", "statement", "node", "checkpoint", "entry")
    tables += ("loghead", "balanceblock", "balanceline", "cursor")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"TRUNCATE {', '.join(f'contributions_{name}' for name in tables)} CASCADE")
        else:
            for name in tables:
                cursor.execute(f"DELETE FROM contributions_{name}")
    guards.arm(connection)
    services.log.found(
        name={"ja": "計測", "en": "Bench"}, legal_form="stock-company", demo=True, by=Viewer.system("bench"), at=AT
    )


def drafts(count: int, *, seed: int = SEED) -> Iterator:
    """Ledger entries as the peers' generator makes them: member, kind, quantity, effective date over 36 months."""
    from contributions.services.journal import Draft

    draw = random.Random(seed)
    first, kinds = date(2024, 4, 1), list(KINDS)
    for number in range(count):
        member, kind = draw.choice(MEMBERS), draw.choice(kinds)
        amount, day = draw.randrange(1, 10**12), first + timedelta(days=draw.randrange(1096))
        code = f"C-{member}-{number:07d}"
        yield Draft(
            "resource.recorded",
            subject=f"resource:{code}",
            member=member,
            facts={
                "resource": code,
                "member": member,
                "kind": kind,
                "unit": KINDS[kind],
                "quantity": str(amount),
                "period": [day.isoformat(), None],
                "funding": None,
                "agreement": None,
            },
            effective=(day, None),
            movements=[(f"member:{member}:{kind}", KINDS[kind], amount), (f"source:{kind}", KINDS[kind], -amount)],
        )


def fill(count: int, *, chunk: int = 20_000) -> None:
    """A ledger of that many entries, with its balances made."""
    from itertools import islice

    empty()
    source = drafts(count - 1)
    while batch := list(islice(source, chunk)):
        append(batch)


def append(batch: list) -> list:
    """One batch in one committed transaction."""
    from django.db import transaction

    from contributions import services
    from contributions.core.roles import Viewer

    with transaction.atomic():
        return services.journal.append_many(batch, by=Viewer.system("bench"), at=AT)


def analyse() -> None:
    """Let the database see what it holds, as its own housekeeping would."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
