"""The log's head, and a database that itself refuses to change or delete a line of it."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

_SAID = "lines of the access log are never changed"
_SQLITE = [
    f"""CREATE TRIGGER access_log_kept_from_{what} BEFORE {what} ON consulted_access
    BEGIN SELECT RAISE(ABORT, '{_SAID}'); END"""
    for what in ("UPDATE", "DELETE")
]
_POSTGRESQL = [
    f"""CREATE FUNCTION access_log_refuses() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '{_SAID}'; END $$""",
    """CREATE TRIGGER access_log_kept BEFORE UPDATE OR DELETE ON consulted_access
    FOR EACH ROW EXECUTE FUNCTION access_log_refuses()""",
    """CREATE TRIGGER access_log_kept_whole BEFORE TRUNCATE ON consulted_access
    FOR EACH STATEMENT EXECUTE FUNCTION access_log_refuses()""",
]
_MADE = {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}
_UNMADE = {
    "sqlite": [f"DROP TRIGGER access_log_kept_from_{what}" for what in ("UPDATE", "DELETE")],
    "postgresql": [
        "DROP TRIGGER access_log_kept ON consulted_access",
        "DROP TRIGGER access_log_kept_whole ON consulted_access",
        "DROP FUNCTION access_log_refuses",
    ],
}


def make(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("consulted", "Head").objects.create(pk=1)
    for statement in _MADE[editor.connection.vendor]:
        editor.execute(statement, params=None)


def unmake(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("consulted", "Head").objects.all().delete()
    for statement in _UNMADE[editor.connection.vendor]:
        editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("consulted", "0001_initial")]
    operations = [migrations.RunPython(make, unmake)]
