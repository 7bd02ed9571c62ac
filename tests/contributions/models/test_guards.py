"""Posted rows cannot be changed or removed by any road that the database offers; the same list runs on both."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, ProgrammingError, connection, migrations, models, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.models.deletion import ProtectedError

import world as cast
from contributions import checks, services
from contributions.models import Entry, LogHead, Movement, Node, Organization, Statement, guards, rights
from contributions.models.facts import Posted

SQLITE, POSTGRES = "sqlite", "postgresql"


def only_on(vendor: str) -> None:
    if connection.vendor != vendor:
        pytest.skip(f"a road that only {vendor} has")


def refused(act) -> None:
    """The database itself refuses, and the rows stand as before."""
    before = contents()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        act()
    assert contents() == before


def contents() -> list:
    """Every posted row of the log, as it stands."""
    return [list(model._base_manager.order_by("pk").values_list()) for model in (Entry, Statement, Movement, Node)]


def sql(statement: str, *parameters: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def saves_a_changed_row() -> None:
    entry = Entry.objects.first()
    entry.kind = "member.withdrawn"
    entry.save()


def bulk_updates() -> None:
    entries = list(Entry.objects.all()[:3])
    for entry in entries:
        entry.member = "hagane"
    Entry.objects.bulk_update(entries, ["member"])


def upserts() -> None:
    entry = Entry.objects.first()
    entry.kind = "member.withdrawn"
    Entry.objects.bulk_create([entry], update_conflicts=True, unique_fields=["seq"], update_fields=["kind"])


def upserts_by_the_other_key() -> None:
    entry = Entry.objects.first()
    entry.kind = "member.withdrawn"
    Entry.objects.bulk_create([entry], update_conflicts=True, unique_fields=["id"], update_fields=["kind"])


ROADS = {
    "save": saves_a_changed_row,
    "update": lambda: Entry.objects.filter(seq=0).update(kind="member.withdrawn"),
    "update of no visible change": lambda: Entry.objects.filter(seq=0).update(kind=models.F("kind")),
    "bulk_update": bulk_updates,
    "delete of a row": lambda: Statement.objects.last().delete(),
    "delete of a movement": lambda: Movement.objects.first().delete(),
    "delete of a query": lambda: Node.objects.all().delete(),
    "raw delete": lambda: Entry.objects.all()._raw_delete("default"),
    "raw UPDATE": lambda: sql("UPDATE contributions_entry SET kind = 'x' WHERE seq = 0"),
    "raw UPDATE of bytes": lambda: sql("UPDATE contributions_statement SET content = %s", b"{}"),
    "raw DELETE": lambda: sql("DELETE FROM contributions_statement WHERE entry_id = 0"),
    "raw UPDATE in a query": lambda: sql(
        "UPDATE contributions_movement SET amount = 0 WHERE entry_id IN (SELECT seq FROM contributions_entry)"
    ),
    "raw upsert": lambda: sql(
        'INSERT INTO contributions_node (level, "index", hash) SELECT level, "index", hash FROM contributions_node '
        'WHERE level = 0 ON CONFLICT (level, "index") DO UPDATE SET hash = contributions_node.hash'
    ),
    "upsert": upserts,
    "upsert by another unique key": upserts_by_the_other_key,
}


@pytest.mark.parametrize("road", ROADS)
def test_no_road_leads_round_the_guards(world, road):
    world.cash("tetsu", 1000)
    refused(ROADS[road])


def test_a_posted_row_goes_in_and_an_ordinary_row_may_change(world):
    """The guards refuse only what they should."""
    before = Entry.objects.count()
    world.cash("tetsu", 1000)
    assert Entry.objects.count() > before
    assert Organization.objects.filter(code="tetsu").update(short_en="T") == 1
    assert LogHead.objects.update(demo=False) == 1


def test_an_entry_with_movements_does_not_go_by_cascade(world):
    world.cash("tetsu", 1000)
    with pytest.raises(ProtectedError):
        Movement.objects.first().entry.delete()


@pytest.mark.parametrize("statement", ["TRUNCATE contributions_node", "TRUNCATE contributions_entry CASCADE"])
def test_truncate_is_refused(world, statement):
    only_on(POSTGRES)
    connection.check_constraints()  # PostgreSQL truncates no table whose foreign keys are yet to be checked
    refused(lambda: sql(statement))


def test_a_replica_role_does_not_slip_past(world):
    """The triggers fire ALWAYS, so that a session posing as a replica meets them too."""
    only_on(POSTGRES)

    def as_replica() -> None:
        sql("SET LOCAL session_replication_role = replica")
        sql("UPDATE contributions_entry SET kind = 'x' WHERE seq = 0")

    refused(as_replica)


def test_merge_is_refused(world):
    """PostgreSQL 15 has one statement that inserts, updates and deletes."""
    only_on(POSTGRES)
    matched = "MERGE INTO contributions_entry e USING contributions_entry o ON o.seq = e.seq WHEN MATCHED THEN "
    refused(lambda: sql(matched + "DELETE"))
    refused(lambda: sql(matched + "UPDATE SET kind = 'x'"))


APPLICATION = "moyai_application_of_a_test"
AS_APPLICATION = {
    "UPDATE": "UPDATE contributions_entry SET kind = 'x' WHERE seq = 0",
    "DELETE": "DELETE FROM contributions_statement",
    "TRUNCATE": "TRUNCATE contributions_node",
    "upsert": "INSERT INTO contributions_node (level, \"index\", hash) VALUES (0, 0, 'x') "
    "ON CONFLICT (level, \"index\") DO UPDATE SET hash = 'x'",
    "taking a trigger off": "DROP TRIGGER contributions_entry_no_row ON contributions_entry",
    "switching triggers off": "ALTER TABLE contributions_entry DISABLE TRIGGER ALL",
    "posing as a replica": "SET LOCAL session_replication_role = replica",
    "another function behind the triggers": "CREATE OR REPLACE FUNCTION moyai_append_only() RETURNS trigger "
    "LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
    "dropping the function": "DROP FUNCTION moyai_append_only CASCADE",
    "MERGE": "MERGE INTO contributions_entry e USING contributions_entry o ON o.seq = e.seq "
    "WHEN MATCHED THEN UPDATE SET kind = 'x'",
    "taking the table over": f"ALTER TABLE contributions_entry OWNER TO {APPLICATION}",
    "a trigger of its own before ours": "CREATE TRIGGER a BEFORE UPDATE ON contributions_entry "
    "FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "dropping a table": "DROP TABLE contributions_correction",
    "altering a table": "ALTER TABLE contributions_movement ALTER COLUMN day TYPE text",
    "a rule instead": "CREATE RULE quiet AS ON INSERT TO contributions_entry DO INSTEAD NOTHING",
    "a foreign key's hand": "ALTER TABLE contributions_movement ADD FOREIGN KEY (entry_id) "
    "REFERENCES contributions_entry ON DELETE CASCADE",
}


@pytest.fixture
def application(world, settings):
    """The role that the site would run as, with the rights that a migrate by the owner gives it."""
    only_on(POSTGRES)
    sql(f"CREATE ROLE {APPLICATION}")
    settings.APPLICATION_ROLE = APPLICATION
    rights.grant("default")
    world.cash("tetsu", 1000)
    connection.check_constraints()
    sql(f"SET LOCAL ROLE {APPLICATION}")
    return world


@pytest.mark.parametrize("road", AS_APPLICATION)
def test_the_applications_role_finds_no_road_either(application, road):
    """It lacks the right already, before any trigger would refuse."""
    before = contents()
    with pytest.raises((IntegrityError, ProgrammingError)), transaction.atomic():
        sql(AS_APPLICATION[road])
    assert contents() == before


@pytest.mark.parametrize("road", ROADS)
def test_nor_do_the_roads_that_the_owner_was_refused(application, road):
    before = contents()
    with pytest.raises((IntegrityError, ProgrammingError)), transaction.atomic():
        ROADS[road]()
    assert contents() == before


def test_the_applications_role_can_do_its_work(application):
    before = Entry.objects.count()
    application.cash("hagane", 5)
    services.balances.rebuild()
    application.seal()
    assert Entry.objects.count() > before
    assert Organization.objects.filter(code="tetsu").update(short_en="T") == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE OR REPLACE contributions_entry SET seq = 1 WHERE seq = 0",
        "UPDATE OR IGNORE contributions_entry SET kind = 'x' WHERE seq = 0",
        "REPLACE INTO contributions_statement (entry_id, content) VALUES (0, x'7b7d')",
        "INSERT OR IGNORE INTO contributions_statement (entry_id, content) VALUES (0, x'7b7d')",
    ],
)
def test_the_other_conflict_clauses_of_sqlite_are_refused(world, statement):
    only_on(SQLITE)
    refused(lambda: sql(statement))


def replaces(key_changed: str | None) -> None:
    """INSERT OR REPLACE of a row, whole or by one unique key alone."""
    columns = ["seq", "id", "kind", "subject", "member", "recorded_at", "leaf", "leaf_hash"]
    chosen = ", ".join("99999" if name == key_changed == "seq" else name for name in columns)
    source = f"SELECT {chosen} FROM contributions_entry WHERE seq = 0"
    sql(f"INSERT OR REPLACE INTO contributions_entry ({', '.join(columns)}) {source}")


@pytest.mark.parametrize("key_changed", [None, "seq"])
def test_insert_or_replace_is_refused_by_each_unique_key(world, key_changed):
    only_on(SQLITE)
    refused(lambda: replaces(key_changed))


@pytest.fixture
def trusting_connection():
    """One opened without our settings, as by another program."""
    only_on(SQLITE)
    sql("PRAGMA recursive_triggers=OFF")
    yield
    sql("PRAGMA recursive_triggers=ON")


@pytest.mark.parametrize("key_changed", [None, "seq"])
def test_insert_or_replace_is_refused_even_without_recursive_triggers(world, trusting_connection, key_changed):
    refused(lambda: replaces(key_changed))


def test_replacing_by_a_key_of_several_columns_is_refused_too(world, trusting_connection):
    """A place in the tree is unique by level and index together."""
    node = Node.objects.first()
    statement = 'INSERT OR REPLACE INTO contributions_node (level, "index", hash) VALUES (%s, %s, %s)'
    refused(lambda: sql(statement, node.level, node.index, b"\0" * 32))


def test_a_second_hash_for_one_place_of_the_tree_is_refused(world):
    node = Node.objects.first()
    with pytest.raises(IntegrityError), transaction.atomic():
        Node.objects.create(level=node.level, index=node.index, hash=b"\0" * 32)


def test_every_posted_model_of_both_wings_is_guarded_and_armed(db):
    posted = {model._meta.db_table for model in apps.get_models() if issubclass(model, Posted)}
    assert posted == {model._meta.db_table for model in guards.guarded()}
    assert {"contributions_entry", "contributions_statement", "licensing_vote", "licensing_posting"} <= posted
    assert guards.missing(connection) == []


@pytest.mark.parametrize("model", [model for model in apps.get_models() if issubclass(model, Posted)])
def test_the_triggers_of_each_posted_table_fire(db, model):
    """A row put in by hand, with its foreign keys left dangling until the transaction is rolled back."""
    columns = [field for field in model._meta.concrete_fields if not field.auto_created]
    row = model(**{field.attname: filler(field) for field in columns} | OF_TWO_ONE.get(model.__name__, {}))
    with transaction.atomic():
        model._base_manager.bulk_create([row])
        for act in (model._base_manager.all()._raw_delete, lambda _: touch(model)):
            with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
                act("default")
        transaction.set_rollback(True)


def touch(model) -> None:
    column = model._meta.pk.column
    sql(f'UPDATE "{model._meta.db_table}" SET "{column}" = "{column}"')


# Columns of which a row has exactly one.
OF_TWO_ONE = {"PlaceEvidence": {"version_id": None, "copy": None}}


def filler(field) -> object:
    kinds = (
        (models.BooleanField, False),
        (models.ForeignKey, 1),
        (models.DateTimeField, datetime(2026, 4, 1, tzinfo=UTC)),
        (models.DecimalField, Decimal(1)),
        (models.DateField, datetime(2026, 4, 1, tzinfo=UTC).date()),
        (models.UUIDField, "11111111-2222-4333-8444-555555555555"),
        (models.BinaryField, b"\0" * 32),
        (models.IntegerField, 1),
    )
    wanted = next((value for kind, value in kinds if isinstance(field, kind)), None)
    choices = [value for value, _ in field.choices or ()]
    return wanted if wanted is not None else (choices or ["debit" if field.name == "side" else "x"])[0]


def test_the_startup_check_names_a_table_whose_triggers_are_gone(db):
    assert checks.posted_rows_are_guarded(None, ["default"]) == []
    name = "contributions_entry_no_row" if connection.vendor == POSTGRES else "contributions_entry_no_replace"
    on = " ON contributions_entry" if connection.vendor == POSTGRES else ""
    with transaction.atomic():
        sql(f"DROP TRIGGER {name}{on}")
        (error,) = checks.posted_rows_are_guarded(None, ["default"])
        assert (error.id, error.level) == ("contributions.E001", 40)
        assert "contributions_entry" in error.msg
        transaction.set_rollback(True)
    assert checks.posted_rows_are_guarded(None, ["default"]) == []


@pytest.mark.parametrize("weakened", ["DISABLE", "ENABLE REPLICA", "ENABLE"])
def test_a_trigger_that_is_switched_off_or_only_fires_sometimes_is_missing_too(db, weakened):
    only_on(POSTGRES)
    with transaction.atomic():
        sql(f"ALTER TABLE contributions_node {weakened} TRIGGER contributions_node_no_truncate")
        assert guards.missing(connection) == ["contributions_node"]
        transaction.set_rollback(True)


@pytest.mark.parametrize("kind", ["update", "delete", "replace"])
def test_a_trigger_of_the_same_name_that_stops_nothing_is_missing_too(db, kind):
    only_on("sqlite")
    name, event = f"contributions_node_no_{kind}", "INSERT" if kind == "replace" else kind.upper()
    with transaction.atomic():
        sql(f"DROP TRIGGER {name}")
        sql(f"CREATE TRIGGER {name} BEFORE {event} ON contributions_node WHEN 0 BEGIN SELECT 1; END")
        assert guards.missing(connection) == ["contributions_node"]
        assert checks.posted_rows_are_guarded(None, ["default"])
        transaction.set_rollback(True)


HOLLOW = {
    "another body": "CREATE OR REPLACE FUNCTION moyai_append_only() RETURNS trigger LANGUAGE plpgsql "
    "AS $$ BEGIN RETURN COALESCE(NEW, OLD); END $$",
    "another function": "CREATE FUNCTION lets_pass() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$; "
    "CREATE OR REPLACE TRIGGER contributions_node_no_row BEFORE UPDATE OR DELETE ON contributions_node "
    "FOR EACH ROW EXECUTE FUNCTION lets_pass(); "
    "ALTER TABLE contributions_node ENABLE ALWAYS TRIGGER contributions_node_no_row",
    "a condition": "CREATE OR REPLACE TRIGGER contributions_node_no_row BEFORE UPDATE OR DELETE ON contributions_node "
    "FOR EACH ROW WHEN (false) EXECUTE FUNCTION moyai_append_only(); "
    "ALTER TABLE contributions_node ENABLE ALWAYS TRIGGER contributions_node_no_row",
    "one column": "CREATE OR REPLACE TRIGGER contributions_node_no_row BEFORE UPDATE OF id OR DELETE "
    "ON contributions_node FOR EACH ROW EXECUTE FUNCTION moyai_append_only(); "
    "ALTER TABLE contributions_node ENABLE ALWAYS TRIGGER contributions_node_no_row",
    "one event": "CREATE OR REPLACE TRIGGER contributions_node_no_row BEFORE DELETE ON contributions_node "
    "FOR EACH ROW EXECUTE FUNCTION moyai_append_only(); "
    "ALTER TABLE contributions_node ENABLE ALWAYS TRIGGER contributions_node_no_row",
    "after the row": "CREATE OR REPLACE TRIGGER contributions_node_no_row AFTER UPDATE OR DELETE "
    "ON contributions_node FOR EACH ROW EXECUTE FUNCTION moyai_append_only(); "
    "ALTER TABLE contributions_node ENABLE ALWAYS TRIGGER contributions_node_no_row",
    "on another table": "DROP TRIGGER contributions_node_no_row ON contributions_node; "
    "CREATE TABLE elsewhere (id integer); "
    "CREATE TRIGGER contributions_node_no_row BEFORE UPDATE OR DELETE ON elsewhere "
    "FOR EACH ROW EXECUTE FUNCTION moyai_append_only(); "
    "ALTER TABLE elsewhere ENABLE ALWAYS TRIGGER contributions_node_no_row",
}


@pytest.mark.parametrize("way", HOLLOW)
def test_a_trigger_that_is_on_and_stops_nothing_is_missing_too(db, way):
    only_on(POSTGRES)
    with transaction.atomic():
        sql(HOLLOW[way])
        assert "contributions_node" in guards.missing(connection)
        assert checks.posted_rows_are_guarded(None, ["default"])
        transaction.set_rollback(True)
    assert guards.missing(connection) == []


def test_a_view_in_the_place_of_a_guarded_table_is_no_guarded_table(db):
    with transaction.atomic():
        sql("ALTER TABLE contributions_keyrotation RENAME TO aside")
        sql("CREATE VIEW contributions_keyrotation AS SELECT * FROM aside")
        assert guards.missing(connection) == ["contributions_keyrotation"]
        transaction.set_rollback(True)


GRANTED = {
    "contributions.W001": f"GRANT {{owner}} TO {APPLICATION}",
    "contributions.W002": "GRANT DELETE ON contributions_node TO PUBLIC",
}


def test_a_role_that_may_only_read_and_add_is_not_warned_of(application):
    assert checks.the_application_does_not_own_its_tables(None, ["default"]) == []


@pytest.mark.parametrize("told", GRANTED)
def test_a_role_that_could_alter_posted_rows_is_told_of_as_the_site_starts(application, told):
    sql("RESET ROLE")
    sql(GRANTED[told].format(owner=connection.ops.quote_name(connection.settings_dict["USER"])))
    sql(f"SET LOCAL ROLE {APPLICATION}")
    (warning,) = checks.the_application_does_not_own_its_tables(None, ["default"])
    assert warning.id == told and warning.hint


def test_no_key_of_the_database_deletes_or_blanks_what_hangs_on_it(db):
    """Of every table: what is deleted takes nothing along."""
    with connection.cursor() as cursor:
        if connection.vendor == POSTGRES:
            cursor.execute("SELECT conname FROM pg_constraint WHERE contype = 'f' AND confdeltype <> 'a'")
            found = cursor.fetchall()
        else:
            tables = connection.introspection.table_names(cursor)
            cursor.execute(
                " UNION ALL ".join(
                    f"SELECT '{table}', on_delete FROM pragma_foreign_key_list('{table}')" for table in tables
                )
            )
            found = [row for row in cursor.fetchall() if row[1] != "NO ACTION"]
    assert found == []


def test_a_cascade_that_somebody_adds_stops_at_a_posted_row(db):
    """Deleting a row that is not posted would take the posted ones below it along."""
    with transaction.atomic():
        sql("CREATE TABLE above (id integer PRIMARY KEY)")
        sql("CREATE TABLE below (id integer PRIMARY KEY REFERENCES above ON DELETE CASCADE)")
        if connection.vendor == POSTGRES:
            sql("CREATE TRIGGER t BEFORE UPDATE OR DELETE ON below FOR EACH ROW EXECUTE FUNCTION moyai_append_only()")
        else:
            sql("CREATE TRIGGER t BEFORE DELETE ON below BEGIN SELECT RAISE(ABORT, 'append-only'); END")
        sql("INSERT INTO above VALUES (1)")
        sql("INSERT INTO below VALUES (1)")
        refused(lambda: sql("DELETE FROM above"))
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
def test_migrate_puts_back_what_was_dropped():
    """As after a migration that remakes a table on SQLite."""
    guards.disarm(connection)
    assert guards.missing(connection)
    call_command("migrate", verbosity=0)
    assert guards.missing(connection) == []


# ---- the road of a migration ----
def migrated(*operations) -> None:
    """The operations as one migration of this wing, run for real."""
    migration = migrations.Migration("9999_of_a_test", "contributions")
    migration.operations = list(operations)
    with connection.schema_editor(atomic=True) as editor:
        migration.apply(MigrationLoader(connection).project_state(), editor)


def rewrites(of_then, editor) -> None:
    with transaction.atomic():  # else Django ends the migration with another error than the database's
        of_then.get_model("contributions", "Entry").objects.update(member="hagane")


def deletes(of_then, editor) -> None:
    with transaction.atomic():
        of_then.get_model("contributions", "Statement").objects.all().delete()


def kind(length: int) -> migrations.AlterField:
    return migrations.AlterField("entry", "kind", models.CharField(max_length=length, db_index=True))


MIGRATIONS = {
    "rows rewritten": [migrations.RunPython(rewrites)],
    "rows deleted": [migrations.RunPython(deletes)],
    "SQL": [migrations.RunSQL("DELETE FROM contributions_movement")],
    "after a column is altered": [kind(41), migrations.RunPython(rewrites)],
    "after a column is added": [
        migrations.AddField("entry", "extra", models.IntegerField(default=0)),
        migrations.RunPython(rewrites),
    ],
    "after a constraint is added": [
        migrations.AddConstraint(
            "statement", models.CheckConstraint(condition=models.Q(entry__gte=0), name="of_a_test")
        ),
        migrations.RunPython(deletes),
    ],
}


@pytest.mark.django_db(transaction=True)
def test_no_migration_leads_round_the_guards():
    """SQLite makes a table anew to alter it and drops its triggers with the old one; the next step meets them still."""
    world = cast.World()
    cast.join(world)
    world.cash("tetsu", 1000)
    before = contents()
    for name, operations in MIGRATIONS.items():
        with pytest.raises(IntegrityError, match="append-only"):
            migrated(*operations)
        assert contents() == before, name
        assert guards.missing(connection) == [], name


@pytest.mark.django_db(transaction=True)
def test_a_table_made_anew_is_guarded_again_and_by_the_keys_it_has_now():
    migrated(kind(41))
    assert guards.missing(connection) in ([], ["contributions_entry"])
    call_command("migrate", verbosity=0)
    assert guards.missing(connection) == []
    migrated(kind(40))
    call_command("migrate", verbosity=0)
    assert guards.missing(connection) == []


def test_a_guard_with_the_keys_of_an_earlier_migration_is_replaced(db):
    only_on(SQLITE)
    with transaction.atomic():
        sql("DROP TRIGGER contributions_node_no_replace")
        idle = "BEFORE INSERT ON contributions_node WHEN 0 BEGIN SELECT 1; END"
        sql(f"CREATE TRIGGER contributions_node_no_replace {idle}")
        guards.arm(connection)
        with connection.cursor() as cursor:
            cursor.execute("SELECT sql FROM sqlite_master WHERE name = 'contributions_node_no_replace'")
            assert "RAISE(ABORT" in cursor.fetchone()[0]
        transaction.set_rollback(True)
