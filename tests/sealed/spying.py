"""What somebody sees who holds the disk: every byte the database has written since a call was opened, step by step."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from django.db import connection

COLUMNS = {
    "sealed_participation": "id, participant",
    "sealed_sealedbox": "id, proof, content",
    "sealed_sealedreceipt": "id, answer, fate",
    "attack_text": "id, text, sign",
    "attack_naive": "id, text",
    "attack_tally": "id, text, votes",
    "attack_turnout": "id, participant",
}
SEGMENT, PAGE = 16 * 1024 * 1024, 8192
LONG_HEADER, HEADER = 40, 24


class Spy(Protocol):
    """Reads the write-ahead log."""

    def begin(self) -> None:
        """From here on."""

    def step(self) -> None:
        """Something has been committed."""

    def read(self) -> list[bytes]:
        """What was written in each step."""

    def end(self) -> None:
        """Leave everything as it was found."""


def spy() -> "SqliteSpy | PostgresqlSpy":
    """The one for the database in use."""
    return SqliteSpy() if connection.vendor == "sqlite" else PostgresqlSpy()


class SqliteSpy:
    """The log grows as long as nothing is brought back into the database file: every frame there ever was."""

    def __init__(self) -> None:
        self.path = Path(f"{connection.settings_dict['NAME']}-wal")
        self.marks: list[int] = []

    def begin(self) -> None:
        run("PRAGMA wal_autocheckpoint=0")
        run("PRAGMA wal_checkpoint(TRUNCATE)")
        self.marks = [self.path.stat().st_size]

    def step(self) -> None:
        self.marks.append(self.path.stat().st_size)

    def read(self) -> list[bytes]:
        content = self.path.read_bytes()
        return [content[begun:ended] for begun, ended in zip(self.marks, self.marks[1:], strict=False)]

    def end(self) -> None:
        run("PRAGMA wal_autocheckpoint=1000")


class PostgresqlSpy:
    """The log between two places in it, without the headers of its pages. A slot keeps others from clearing it away."""

    def __init__(self) -> None:
        self.marks: list[int] = []
        self.slot = f"spy_{os.getpid()}"

    def begin(self) -> None:
        run("SET synchronous_commit = on")
        if not run("SELECT 1 FROM pg_replication_slots WHERE slot_name = %s", [self.slot]):
            run("SELECT pg_create_physical_replication_slot(%s, true, true)", [self.slot])
        self.marks = [self._place()]

    def step(self) -> None:
        self.marks.append(self._place())

    def _place(self) -> int:
        high, low = str(run("SELECT pg_current_wal_insert_lsn()")[0][0]).split("/")
        return (int(high, 16) << 32) + int(low, 16)

    def read(self) -> list[bytes]:
        run("SELECT pg_logical_emit_message(true, 'spy', 'to the disk, please')")
        first, last = self.marks[0] // PAGE * PAGE, self.marks[-1]
        content = bytearray()
        while first + len(content) < last:
            at = first + len(content)
            name = f"00000001{at // SEGMENT // 256:08X}{at // SEGMENT % 256:08X}"
            length = min(last - at, SEGMENT - at % SEGMENT)
            rows = run("SELECT pg_read_binary_file(%s, %s, %s)", [f"pg_wal/{name}", at % SEGMENT, length])
            content += rows[0][0]
        return [
            b"".join(self._without_headers(content, first, begun, ended))
            for begun, ended in zip(self.marks, self.marks[1:], strict=False)
        ]

    def _without_headers(self, content: bytearray, first: int, begun: int, ended: int) -> list[bytes]:
        pieces = []
        for page in range(begun // PAGE * PAGE, ended, PAGE):
            header = LONG_HEADER if page % SEGMENT == 0 else HEADER
            pieces.append(bytes(content[max(begun, page + header) - first : min(ended, page + PAGE) - first]))
        return pieces

    def end(self) -> None:
        run("RESET synchronous_commit")
        run("SELECT pg_drop_replication_slot(%s)", [self.slot])


def run(statement: str, values: Sequence[str | int] = ()) -> list[tuple[Any, ...]]:
    """The rows of one statement."""
    with connection.cursor() as cursor:
        cursor.execute(statement, list(values))
        return cursor.fetchall() if cursor.description else []


def rows_of(table: str) -> list[tuple[object, ...]]:
    """Every row, in the order they lie in, with what the database says of each: place, and who wrote it."""
    if connection.vendor == "sqlite":
        return run(f"SELECT rowid, '', {COLUMNS[table]} FROM {table} ORDER BY rowid")  # noqa: S608 - our own names
    return run(f"SELECT ctid::text, xmin::text, {COLUMNS[table]} FROM {table}")  # noqa: S608 - likewise


def dead_and_living(table: str) -> list[tuple[object, ...]]:
    """Every row that still lies in a table's pages, deleted or not: who wrote it, and its bytes (PostgreSQL)."""
    blocks = run("SELECT pg_relation_size(%s) / 8192", [table])[0][0]
    return [
        row
        for block in range(int(str(blocks)))
        for row in run("SELECT t_xmin::text, t_data FROM heap_page_items(get_raw_page(%s, %s))", [table, block])
        if row[1] is not None
    ]
