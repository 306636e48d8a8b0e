"""How entries are digested and chained."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

TOLERANCE = timedelta(minutes=2)
GENESIS = "0" * 64


class LedgerError(StrEnum):
    """Why the ledger will not take an entry."""

    CLOCK_SET_BACK = "clock_set_back"
    NOT_A_SIMULATION = "not_a_simulation"


@dataclass(frozen=True)
class Line:
    """The hashed part of an entry: opaque ids and a salted digest, nothing readable about a person."""

    seq: int
    recorded_at: datetime
    actor: str
    action: str
    subject: str
    count: int
    digest: str
    file_digest: str


def digest_of(salt: str, content: object) -> str:
    """SHA-256 (hex) of the salt and the canonical JSON of ``content``; forgetting the salt makes it meaningless."""
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{salt}\n{canonical}".encode()).hexdigest()


def chained(previous: str, lines: Iterable[Line]) -> str:
    """The head (hex) after ``lines``, in order, are chained to ``previous``."""
    head = previous
    for line in lines:
        stamp = line.recorded_at.isoformat(timespec="microseconds")
        fields = (
            head,
            line.seq,
            stamp,
            line.actor,
            line.action,
            line.subject,
            line.count,
            line.digest,
            line.file_digest,
        )
        head = hashlib.sha256("\x1f".join(str(field) for field in fields).encode()).hexdigest()
    return head


def stamp(clock: datetime, last: datetime | None) -> datetime | None:
    """The time an entry gets: never before the last one. ``None`` when the clock has been set back past tolerance."""
    if last is None or clock >= last:
        return clock
    return last if last - clock <= TOLERANCE else None
