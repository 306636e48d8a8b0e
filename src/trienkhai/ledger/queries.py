"""Reading and checking the record."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from trienkhai.ledger import triggers
from trienkhai.ledger.models import Detail, Entry, Seal
from trienkhai.ledger.rules import GENESIS, Line, chained, digest_of


@dataclass(frozen=True)
class LedgerFault:
    """Something `check` found wrong. ``code`` is stable; ``at`` says where."""

    code: str
    at: str


def last_seal() -> Seal | None:
    """The newest seal."""
    return Seal.objects.order_by("-number").first()


def lines_between(first: int, last: int) -> Iterator[Line]:
    """The hashed part of entries ``first``..``last`` (inclusive), in order."""
    for entry in Entry.objects.filter(seq__gte=first, seq__lte=last).order_by("seq").iterator(chunk_size=5_000):
        yield Line(
            seq=entry.seq,
            recorded_at=entry.recorded_at,
            actor=str(entry.actor or ""),
            action=entry.action,
            subject=str(entry.subject or ""),
            count=entry.count,
            digest=entry.digest,
            file_digest=entry.file_digest,
        )


def history_of(subject: UUID) -> QuerySet[Entry]:
    """What has been recorded of one subject, newest first."""
    return Entry.objects.filter(subject=subject).select_related("detail").order_by("-seq")


def check_ledger() -> list[LedgerFault]:
    """Everything wrong with the record: missing triggers, broken chain, details that do not match their digest.

    An owner of the database can recompute any chain; compare the heads with those printed on frozen reports.
    """
    faults = [LedgerFault("trigger_missing", name) for name in sorted(triggers.names() - triggers.present())]
    head, next_seq = GENESIS, 1
    for seal in Seal.objects.order_by("number"):
        if seal.previous != head or seal.first_seq != next_seq:
            faults.append(LedgerFault("chain_broken", f"seal {seal.number}"))
        if chained(seal.previous, lines_between(seal.first_seq, seal.last_seq)) != seal.head:
            faults.append(LedgerFault("entries_altered", f"{seal.first_seq}-{seal.last_seq}"))
        head, next_seq = seal.head, seal.last_seq + 1
    faults.extend(
        LedgerFault("detail_altered", f"entry {detail.entry_id}")
        for detail in Detail.objects.select_related("entry").order_by("entry_id").iterator(chunk_size=2_000)
        if digest_of(detail.salt, detail.content) != detail.entry.digest
    )
    return faults
