"""What the application's own database role may do on PostgreSQL, where another role owns the tables.

The owner migrates; the role of DATABASE_URL reads and writes rows, and on posted tables only reads and adds. It can
neither alter a posted row nor take the triggers off.
"""

from django.apps import apps
from django.conf import settings
from django.db import connections

from contributions.models.facts import Posted


def grant(using: str, **_: object) -> None:
    """After a migrate by the owner: give the application's role what it needs, and no more."""
    connection, role = connections[using], settings.APPLICATION_ROLE
    if connection.vendor != "postgresql" or not role or role == connection.settings_dict["USER"]:
        return
    quoted = connection.ops.quote_name(role)
    posted = {model._meta.db_table for model in apps.get_models() if issubclass(model, Posted)}
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {quoted}")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {quoted}")
        for table in connection.introspection.table_names(cursor):
            name = connection.ops.quote_name(table)
            verbs = "SELECT, INSERT" if table in posted else "SELECT, INSERT, UPDATE, DELETE"
            cursor.execute(f"REVOKE ALL ON {name} FROM {quoted}")
            cursor.execute(f"GRANT {verbs} ON {name} TO {quoted}")
