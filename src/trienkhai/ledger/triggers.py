"""Append-only, enforced by the database: triggers on the ledger's tables, made again after every migration."""

from django.db import connection

TABLES = ("ledger_entry", "ledger_seal", "ledger_origin")
VERBS = ("UPDATE", "DELETE", "TRUNCATE")
"""SQLite knows no TRUNCATE; its DELETE without a condition fires the trigger on DELETE."""


def names() -> set[str]:
    """The triggers that must be there."""
    return {f"{table}_no_{verb.lower()}" for table in TABLES for verb in _verbs()}


def present() -> set[str]:
    """The triggers that are there."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        return {row[0] for row in cursor.fetchall()} & names()


def create_all() -> None:
    """Make every trigger that is missing."""
    missing = names() - present()
    with connection.cursor() as cursor:
        if missing and connection.vendor == "postgresql":
            cursor.execute(
                "CREATE OR REPLACE FUNCTION ledger_append_only() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RAISE EXCEPTION 'the ledger is append-only'; END $$"
            )
        for table in TABLES:
            for verb in _verbs():
                name = f"{table}_no_{verb.lower()}"
                if name in missing:
                    cursor.execute(_statement(name, table, verb))


def drop_all() -> None:
    """Take every trigger away: for tests that empty the tables, and for restoring a backup."""
    with connection.cursor() as cursor:
        for table in TABLES:
            for verb in _verbs():
                on_table = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{verb.lower()}{on_table}")


def _verbs() -> tuple[str, ...]:
    return VERBS if connection.vendor == "postgresql" else VERBS[:2]


def _statement(name: str, table: str, verb: str) -> str:
    if connection.vendor == "postgresql":
        each = "STATEMENT" if verb == "TRUNCATE" else "ROW"
        return f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH {each} EXECUTE FUNCTION ledger_append_only()"
    return f"CREATE TRIGGER {name} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
