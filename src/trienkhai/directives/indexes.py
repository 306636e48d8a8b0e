"""The full-text index over folded text, which the models cannot say: made again after every migration.

PostgreSQL keeps an expression index by itself. SQLite's index stands beside the table and follows it by triggers, which
are lost whenever a migration rebuilds the table.
"""

from django.db import connection

POSTGRESQL = (
    "CREATE INDEX IF NOT EXISTS directives_words ON directives_directive USING gin (to_tsvector('simple', folded))",
)
SQLITE_TABLE = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS directives_words USING fts5("
    "folded, content='directives_directive', content_rowid='id', tokenize='unicode61 remove_diacritics 0')"
)
_TAKE_OUT = "INSERT INTO directives_words (directives_words, rowid, folded) VALUES ('delete', old.id, old.folded);"
_PUT_IN = "INSERT INTO directives_words (rowid, folded) VALUES (new.id, new.folded);"
SQLITE_TRIGGERS = {
    "directives_words_insert": f"AFTER INSERT ON directives_directive BEGIN {_PUT_IN} END",
    "directives_words_delete": f"AFTER DELETE ON directives_directive BEGIN {_TAKE_OUT} END",
    "directives_words_update": f"AFTER UPDATE OF folded ON directives_directive BEGIN {_TAKE_OUT} {_PUT_IN} END",
}
SQLITE_REBUILD = "INSERT INTO directives_words (directives_words) VALUES ('rebuild')"


def create_all() -> None:
    """Make what is missing and, when something was, index every row anew."""
    if connection.vendor == "postgresql":
        _execute(*POSTGRESQL)
    elif missing := SQLITE_TRIGGERS.keys() - _triggers():
        _execute(
            SQLITE_TABLE,
            *(f"CREATE TRIGGER {name} {SQLITE_TRIGGERS[name]}" for name in sorted(missing)),
            SQLITE_REBUILD,
        )


def _triggers() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        return {row[0] for row in cursor.fetchall()}


def _execute(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
