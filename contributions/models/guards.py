"""Append-only, held by the database: triggers that refuse UPDATE, DELETE, TRUNCATE and REPLACE on posted rows.

SQLite drops a table's triggers without a word when a migration remakes the table, so its schema editor puts the plain
ones back at once and `rearm` all of them after every migrate; a system check looks for them before anything is served,
and a test tries each way round them. What triggers cannot stop,
the owner of the file or of the database, the signed log makes evident.
"""

from django.apps import apps
from django.db import connections
from django.db.models import Model

from contributions.models.facts import Posted

POSTGRES_BODY = """ BEGIN
  RAISE EXCEPTION 'append-only: % on %', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END """
POSTGRES_FUNCTION = f"""
CREATE OR REPLACE FUNCTION moyai_append_only() RETURNS trigger LANGUAGE plpgsql AS $${POSTGRES_BODY}$$
"""
# Before each row, on UPDATE or DELETE; before each statement, on TRUNCATE: as pg_trigger.tgtype has it in bits.
POSTGRES_TYPES = {"row": 1 | 2 | 8 | 16, "truncate": 2 | 32}
# Those that fire always, on every row and column, without arguments, and run a function that does nothing but refuse.
POSTGRES_ARMED = """
SELECT c.relname, t.tgname, t.tgtype
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
  JOIN pg_language l ON l.oid = p.prolang
WHERE NOT t.tgisinternal AND t.tgenabled = 'A' AND t.tgqual IS NULL AND t.tgnargs = 0
  AND t.tgattr = ''::int2vector AND c.relkind IN ('r', 'p') AND pg_table_is_visible(c.oid)
  AND p.proname = 'moyai_append_only' AND p.prosrc = %s AND p.proconfig IS NULL AND l.lanname = 'plpgsql'
"""


def guarded() -> list[type[Model]]:
    """Every model whose rows are posted for good."""
    return sorted((model for model in apps.get_models() if issubclass(model, Posted)), key=lambda m: m._meta.db_table)


def arm(connection) -> None:
    """Put the triggers on every guarded table that exists and lacks them."""
    present = set(connection.introspection.table_names())
    models = [model for model in guarded() if model._meta.db_table in present]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(POSTGRES_FUNCTION)
            statements = [statement for model in models for statement in _on_postgres(model._meta.db_table)]
        else:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            statements = _lacking(models, dict(cursor.fetchall()))
        for statement in statements:
            cursor.execute(statement)


def disarm(connection) -> None:
    """Take the triggers off; only a test that empties its own database does this."""
    present = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for model in guarded():
            table = model._meta.db_table
            if table not in present:
                continue
            for name in _names(connection, table):
                on = f' ON "{table}"' if connection.vendor == "postgresql" else ""
                cursor.execute(f'DROP TRIGGER IF EXISTS "{name}"{on}')


def missing(connection) -> list[str]:
    """Guarded tables without all of their triggers, with others under their names, or with a view in their place."""
    models, present = guarded(), set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(POSTGRES_ARMED, [POSTGRES_BODY])
            armed = set(cursor.fetchall())
            unguarded = {model for model in models if not armed.issuperset(_wanted_on_postgres(model._meta.db_table))}
        else:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            held = dict(cursor.fetchall())
            unguarded = {model for model in models if _lacking([model], held)}
    return [model._meta.db_table for model in models if model in unguarded or model._meta.db_table not in present]


def rearm(using: str, **_: object) -> None:
    """After a migrate: put back what it may have dropped."""
    arm(connections[using])


def _names(connection, table: str) -> list[str]:
    kinds = ("row", "truncate") if connection.vendor == "postgresql" else ("update", "delete", "replace")
    return [f"{table}_no_{kind}" for kind in kinds]


def _wanted_on_postgres(table: str) -> set[tuple[str, str, int]]:
    return {(table, f"{table}_no_{kind}", bits) for kind, bits in POSTGRES_TYPES.items()}


def _on_postgres(table: str) -> list[str]:
    row, truncate = (f"{table}_no_{kind}" for kind in ("row", "truncate"))
    run = "EXECUTE FUNCTION moyai_append_only()"
    return [
        f'DROP TRIGGER IF EXISTS "{row}" ON "{table}"',
        f'CREATE TRIGGER "{row}" BEFORE UPDATE OR DELETE ON "{table}" FOR EACH ROW {run}',
        f'DROP TRIGGER IF EXISTS "{truncate}" ON "{table}"',
        f'CREATE TRIGGER "{truncate}" BEFORE TRUNCATE ON "{table}" FOR EACH STATEMENT {run}',
        f'ALTER TABLE "{table}" ENABLE ALWAYS TRIGGER "{row}"',
        f'ALTER TABLE "{table}" ENABLE ALWAYS TRIGGER "{truncate}"',
    ]


def _lacking(models: list[type[Model]], held: dict[str, str]) -> list[str]:
    """What SQLite lacks, or holds as an earlier migration had it: its keys may be others by now."""
    return [
        statement
        for model in models
        for name, wanted in _on_sqlite(model).items()
        if held.get(name) != wanted
        for statement in (f'DROP TRIGGER IF EXISTS "{name}"', wanted)
    ]


def _on_sqlite(model: type[Model]) -> dict[str, str]:
    """The triggers by name, each as SQLite keeps its text."""
    table = model._meta.db_table
    update, delete, replace = (f"{table}_no_{kind}" for kind in ("update", "delete", "replace"))
    stop = "BEGIN SELECT RAISE(ABORT, 'append-only'); END"
    taken = " OR ".join(_same(model, fields) for fields in _unique_keys(model))
    return {
        update: f'CREATE TRIGGER "{update}" BEFORE UPDATE ON "{table}" {stop}',
        delete: f'CREATE TRIGGER "{delete}" BEFORE DELETE ON "{table}" {stop}',
        replace: f'CREATE TRIGGER "{replace}" BEFORE INSERT ON "{table}" '
        f'WHEN EXISTS (SELECT 1 FROM "{table}" WHERE {taken}) {stop}',
    }


def _unique_keys(model: type[Model]) -> list[tuple[str, ...]]:
    """Every key by which REPLACE could find a row to put itself in the place of."""
    single = [(field.name,) for field in model._meta.local_fields if field.unique]
    return single + [tuple(constraint.fields) for constraint in model._meta.total_unique_constraints]


def _same(model: type[Model], fields: tuple[str, ...]) -> str:
    columns = [model._meta.get_field(name).column for name in fields]
    return "(" + " AND ".join(f'"{column}" = NEW."{column}"' for column in columns) + ")"
