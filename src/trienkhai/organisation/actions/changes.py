"""What an action on the organisation returns, and what all of them check first."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import batched

from django.db import connection

from trienkhai.core.decisions import Invalid
from trienkhai.ledger.clock import local_day
from trienkhai.ledger.models import Entry
from trienkhai.organisation.models import Person, Unit
from trienkhai.organisation.rules import Fault
from trienkhai.text import clean_line

EARLIEST = date(1900, 1, 1)
AHEAD = timedelta(days=366)
CHUNK = 2_000
LOCK = 0x6F72_6761
"""Held while the tree changes (PostgreSQL): two moves at once could otherwise make a ring."""


@dataclass(frozen=True)
class Change:
    """What an action did: its entry, and whose facts changed, for whatever must follow.

    ``people``: ids whose ties or posts changed. ``units``: ids whose state or place in the tree changed, everything
    below them included. ``made``: ids of the rows made, in the order asked for.
    """

    entry: Entry
    people: frozenset[int] = frozenset()
    units: frozenset[int] = frozenset()
    made: tuple[int, ...] = ()


def chunks(ids: Iterable[int]) -> Iterator[tuple[int, ...]]:
    """Ids in pieces that fit a statement."""
    yield from batched(sorted(set(ids)), CHUNK)


def checked_day(day: date, *, at: datetime, on: str = "on") -> date:
    """The day, if it is neither absurdly old nor more than a year ahead.

    Raises:
        Invalid: naming the limit.
    """
    if day < EARLIEST:
        raise Invalid(Fault.DAY_TOO_EARLY, on=on, limit=EARLIEST)
    latest = local_day(at) + AHEAD
    if day > latest:
        raise Invalid(Fault.DAY_TOO_FAR, on=on, limit=latest)
    return day


def checked_name(name: str, *, longest: int, on: str) -> str:
    """The name on one line, if there is one and it fits.

    Raises:
        Invalid: empty or too long.
    """
    line = clean_line(name)
    if not line:
        raise Invalid(Fault.NAME_MISSING, on=on)
    if len(line) > longest:
        raise Invalid(Fault.NAME_TOO_LONG, on=on, limit=longest)
    return line


def lock_tree() -> None:
    """Let nobody else change the tree until this transaction ends."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def locked_units(ids: Iterable[int], *, on: str = "unit") -> dict[int, Unit]:
    """The units, locked.

    Raises:
        Invalid: one of them does not exist.
    """
    wanted = set(ids)
    found: dict[int, Unit] = {}
    for chunk in chunks(wanted):
        found.update({u.pk: u for u in Unit.objects.select_for_update().filter(pk__in=chunk).order_by("pk")})
    if len(found) < len(wanted):
        raise Invalid(Fault.UNIT_UNKNOWN, on=on)
    return found


def locked_people(ids: Iterable[int], *, on: str = "person") -> dict[int, Person]:
    """The persons, locked.

    Raises:
        Invalid: one of them does not exist or has been found to be somebody else.
    """
    wanted = set(ids)
    found: dict[int, Person] = {}
    for chunk in chunks(wanted):
        people = Person.objects.select_for_update().filter(pk__in=chunk, merged_into__isnull=True)
        found.update({p.pk: p for p in people.order_by("pk")})
    if len(found) < len(wanted):
        raise Invalid(Fault.PERSON_UNKNOWN, on=on)
    return found
