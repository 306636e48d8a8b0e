"""What the database itself refuses to change: triggers on the ledger's tables and on what other apps hand down here.

They are made again after every migration, and ``trienkhai check`` says which are missing.
"""

from dataclasses import dataclass

from django.db import connection

VERBS = ("UPDATE", "DELETE", "TRUNCATE")
"""SQLite knows no TRUNCATE; its DELETE without a condition fires the trigger on DELETE."""


@dataclass(frozen=True)
class Guard:
    """A change that is refused. ``when`` is SQL over OLD and NEW; empty: always."""

    table: str
    verb: str
    said: str
    when: str = ""

    @property
    def name(self) -> str:
        """The trigger's name."""
        return f"{self.table}_no_{self.verb.lower()}"


_GUARDS: list[Guard] = []


def guard(*guards: Guard) -> None:
    """Have these changes refused from the next migration on; called by an app's ``ready``."""
    _GUARDS.extend(each for each in guards if each not in _GUARDS)


guard(
    *(
        Guard(table, verb, "the ledger is append-only")
        for table in ("ledger_entry", "ledger_seal", "ledger_origin")
        for verb in VERBS
    )
)


def names() -> set[str]:
    """The triggers that must be there."""
    return {each.name for each in _known()}


def present() -> set[str]:
    """The triggers that are there."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        return {row[0] for row in cursor.fetchall()} & names()


def create_all() -> None:
    """Make every trigger that is missing and whose table is there."""
    there = present()
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for each in _known():
            if each.name not in there and each.table in tables:
                for statement in _statements(each):
                    cursor.execute(statement)


def drop_all() -> None:
    """Take every trigger away: for tests that empty the tables, and for restoring a backup."""
    with connection.cursor() as cursor:
        for each in _known():
            on_table = f" ON {each.table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {each.name}{on_table}")


def _known() -> list[Guard]:
    """What this database can guard against."""
    return [each for each in _GUARDS if each.verb != "TRUNCATE" or connection.vendor == "postgresql"]


def _statements(each: Guard) -> list[str]:
    """The trigger; PostgreSQL has its condition and its words in a function."""
    head = f"CREATE TRIGGER {each.name} BEFORE {each.verb} ON {each.table}"
    if connection.vendor != "postgresql":
        when = f" WHEN {each.when}" if each.when else ""
        return [f"{head}{when} BEGIN SELECT RAISE(ABORT, '{each.said}'); END"]
    kept = {"DELETE": "OLD", "TRUNCATE": "NULL"}.get(each.verb, "NEW")
    function = (
        f"CREATE OR REPLACE FUNCTION {each.name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {each.when or 'TRUE'} THEN RAISE EXCEPTION '{each.said}'; END IF; RETURN {kept}; END $$"
    )
    each_one = "STATEMENT" if each.verb == "TRUNCATE" else "ROW"
    return [function, f"{head} FOR EACH {each_one} EXECUTE FUNCTION {each.name}()"]
