"""Lists of the cases and victims that a line is about, which the database refuses to change or delete as well."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

_SAID = "lists of the access log are never changed"
_SQLITE = [
    f"""CREATE TRIGGER access_lists_kept_from_{what} BEFORE {what} ON consulted_listed
    BEGIN SELECT RAISE(ABORT, '{_SAID}'); END"""
    for what in ("UPDATE", "DELETE")
]
_POSTGRESQL = [
    """CREATE TRIGGER access_lists_kept BEFORE UPDATE OR DELETE ON consulted_listed
    FOR EACH ROW EXECUTE FUNCTION access_log_refuses()""",
    """CREATE TRIGGER access_lists_kept_whole BEFORE TRUNCATE ON consulted_listed
    FOR EACH STATEMENT EXECUTE FUNCTION access_log_refuses()""",
]
_MADE = {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}
_UNMADE = {
    "sqlite": [f"DROP TRIGGER access_lists_kept_from_{what}" for what in ("UPDATE", "DELETE")],
    "postgresql": [
        "DROP TRIGGER access_lists_kept ON consulted_listed",
        "DROP TRIGGER access_lists_kept_whole ON consulted_listed",
    ],
}


def guard(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in _MADE[editor.connection.vendor]:
        editor.execute(statement, params=None)


def unguard(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in _UNMADE[editor.connection.vendor]:
        editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("consulted", "0002_append_only")]
    operations = [
        migrations.CreateModel(
            name="Listed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("list", models.CharField(max_length=64)),
                ("investigation", models.CharField(db_index=True, max_length=200)),
                ("victim", models.CharField(blank=True, db_index=True, max_length=200)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("list", "investigation", "victim"), name="once_on_a_list")
                ],
            },
        ),
        # Without a default it is added in place: SQLite keeps the triggers of the table that it belongs to.
        migrations.AddField("access", "listed", models.CharField(db_index=True, max_length=64, null=True)),
        migrations.RunPython(guard, unguard),
    ]
