"""Statements written by hand: where a fact passes on its way, putting one together costs more than answering it.

Only where measured. Their words are ours and numbers whole; everything else is a parameter.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection


def fetched(statement: str, values: Sequence[int | str | date] = ()) -> list[tuple[Any, ...]]:
    """The rows of a statement, as the database driver gives them: see :func:`as_day`, :func:`as_key`."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def listed(numbers: Iterable[int]) -> str:
    """Whole numbers for ``IN (…)``; of none, one that is never a key."""
    return ", ".join(f"{number:d}" for number in numbers) or "-1"


def as_day(value: date | str) -> date:
    """A day as PostgreSQL gives it, or as the text SQLite keeps."""
    return value if isinstance(value, date) else date.fromisoformat(value)


def as_key(value: UUID | str) -> UUID:
    """A key as PostgreSQL gives it, or as the text SQLite keeps."""
    return value if isinstance(value, UUID) else UUID(value)
