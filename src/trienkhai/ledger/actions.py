"""Recording and sealing."""

import secrets
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from trienkhai.core.decisions import Refused
from trienkhai.core.joining import joining
from trienkhai.ledger import clock
from trienkhai.ledger.models import Detail, Entry, Origin, Seal
from trienkhai.ledger.queries import last_seal, lines_between
from trienkhai.ledger.rules import GENESIS, LedgerError, chained, digest_of, stamp

LOCK = 0x7472_6B68
"""The advisory lock writers share and sealing holds alone (PostgreSQL). SQLite has one writer anyway."""


@joining
def record(
    *,
    actor: UUID | None,
    action: str,
    subject: UUID | None = None,
    detail: object = None,
    count: int = 1,
    file_digest: str = "",
) -> Entry:
    """Append one entry inside the caller's transaction and return it with its number and day.

    Args:
        actor: opaque key of who did it; ``None`` for the system itself.
        action: ``app.verb``.
        subject: opaque key of what it was done to.
        detail: JSON-able; readable until erased.
        count: how many facts the entry stands for (a batch is one entry).
        file_digest: SHA-256 of the file a batch came from.

    Raises:
        Refused: the clock has been set back, or is played in an installation that began for real.
    """
    _share_lock()
    last = Entry.objects.order_by("-seq").values_list("recorded_at", flat=True).first()
    if last is None:
        Origin.objects.get_or_create(pk=1, defaults={"is_simulated": clock.is_simulated()})
    elif clock.is_simulated() and not Origin.objects.filter(is_simulated=True).exists():
        raise Refused(LedgerError.NOT_A_SIMULATION)
    recorded_at = stamp(clock.now(), last)
    if recorded_at is None:
        raise Refused(LedgerError.CLOCK_SET_BACK)
    salt = secrets.token_hex(16)
    entry = Entry.objects.create(
        recorded_at=recorded_at,
        recorded_on=clock.local_day(recorded_at),
        actor=actor,
        action=action,
        subject=subject,
        count=count,
        digest=digest_of(salt, detail),
        file_digest=file_digest,
    )
    if detail is not None:
        Detail.objects.create(entry=entry, salt=salt, content=detail)
    return entry


@transaction.atomic
def seal(*, at: datetime) -> Seal | None:
    """Chain every entry not yet sealed and return the newest seal (``None`` in an empty ledger).

    Waits until writers under way have finished, so that no number below the seal can still appear.
    """
    _sole_lock()
    before = last_seal()
    newest = Entry.objects.order_by("-seq").values_list("seq", flat=True).first()
    first = before.last_seq + 1 if before else 1
    if newest is None or newest < first:
        return before
    previous = before.head if before else GENESIS
    return Seal.objects.create(
        first_seq=first,
        last_seq=newest,
        previous=previous,
        head=chained(previous, lines_between(first, newest)),
        sealed_at=at,
    )


def _share_lock() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [LOCK])


def _sole_lock() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
