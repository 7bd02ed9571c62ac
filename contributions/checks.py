"""What must hold before the site serves anybody."""

import sys

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register, run_checks
from django.db import DEFAULT_DB_ALIAS, connections

from contributions.models import guards

# Who owns it, whoever may act as its owner, and a superuser, who may act as anybody.
OWNER_QUERY = "SELECT pg_has_role(relowner, 'MEMBER') FROM pg_class WHERE oid = to_regclass('contributions_entry')"
RIGHTS_QUERY = """
SELECT c.relname FROM pg_class c WHERE c.oid IN (SELECT to_regclass(quote_ident(name)) FROM unnest(%s::text[]) AS name)
AND (has_table_privilege(c.oid, 'UPDATE, DELETE, TRUNCATE, TRIGGER') OR has_any_column_privilege(c.oid, 'UPDATE'))
ORDER BY c.relname
"""


@register(Tags.database)
def posted_rows_are_guarded(app_configs, databases, **_):
    """Every append-only table carries its triggers. A migrate is let through: it is what puts them back."""
    found = []
    if settings.IS_MIGRATING:
        return found
    for alias in databases or []:
        for table in guards.missing(connections[alias]):
            found.append(
                Error(
                    f"{table} is append-only but its triggers are missing.",
                    hint="Run: python manage.py migrate",
                    id="contributions.E001",
                )
            )
    return found


@register(Tags.database)
def the_application_does_not_own_its_tables(app_configs, databases, **_):
    """On PostgreSQL a role that owns the tables can take the triggers off."""
    found = []
    for alias in databases or []:
        connection = connections[alias]
        if connection.vendor != "postgresql":
            continue
        with connection.cursor() as cursor:
            cursor.execute(OWNER_QUERY)
            if cursor.fetchone() == (True,):
                found.append(
                    Warning(
                        "The application's database role owns the ledger and could alter it.",
                        hint="Migrate as another role: set DATABASE_OWNER_URL.",
                        id="contributions.W001",
                    )
                )
            else:
                cursor.execute(RIGHTS_QUERY, [[model._meta.db_table for model in guards.guarded()]])
                found += [_too_many_rights(table) for (table,) in cursor.fetchall()]
    return found


def _too_many_rights(table: str) -> Warning:
    return Warning(
        f"The application's database role may do more with {table} than read and add.",
        hint="Take what was granted to it or to PUBLIC back, and run as the owner: python manage.py migrate",
        id="contributions.W002",
    )


def hold() -> None:
    """Ask the database's checks as a server or worker starts: it says what they found, and an error ends it."""
    found = run_checks(tags=[Tags.database], databases=[DEFAULT_DB_ALIAS])
    connections.close_all()  # processes that are forked off from here share no connection
    for message in found:
        print(f"  {message}", file=sys.stderr, flush=True)
    if any(message.is_serious() for message in found):
        raise SystemExit("  Moyai does not start on a ledger that could be altered.")
