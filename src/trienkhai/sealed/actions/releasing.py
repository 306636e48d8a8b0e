"""Releasing: two holders unlock, the contents are shuffled and written, boxes are deleted, the key is destroyed."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.views.decorators.debug import sensitive_variables
from nacl.public import PrivateKey

from trienkhai.core.decisions import Refused
from trienkhai.ledger.actions import record
from trienkhai.ledger.models import Entry
from trienkhai.sealed import policies
from trienkhai.sealed.actions.holders import open_pairs
from trienkhai.sealed.actions.keys import destroy_when_committed
from trienkhai.sealed.actions.rounds import end_round, locked, new_batch, release_keys
from trienkhai.sealed.models import KeptName, SealedBatch, SealedHolder, SealedReceipt, random_id
from trienkhai.sealed.queries import open_batch, round_by_key
from trienkhai.sealed.rules import (
    CannotOpen,
    Counts,
    Fate,
    Mode,
    NameState,
    Opened,
    Outcome,
    Purpose,
    Released,
    SealedError,
    Unlock,
    fate_of,
    open_as_pair,
    public_of,
    unseal,
)

_AT_ONCE = 500
_PAIR = 2


@dataclass(frozen=True, repr=False)
class Unlocked:
    """A batch's private key, in memory. Never shown, never stored."""

    batch_key: UUID
    private: bytes


@dataclass(frozen=True)
class Release:
    """What came out: texts in an order that tells nothing, and how many there were of each kind."""

    round_key: UUID
    number: int
    texts: tuple[Released, ...]
    counts: Counts
    entry: Entry


@sensitive_variables()
def unlock(*, round_key: UUID, unlocks: Sequence[Unlock], actor: UUID | None, at: datetime) -> Unlocked:
    """Take the round's key out of its wrapping with two holders' passphrases. Slow; call it before a transaction.

    Raises:
        Refused: not two different holders of this round; it has ended; its key is lost; too many wrong tries.
        Invalid: a passphrase is wrong.
    """
    sealed_round = round_by_key(round_key)
    policies.can_release(sealed_round).require()
    batch = open_batch(sealed_round)
    if len({unlock.holder for unlock in unlocks}) != _PAIR:
        raise Refused(SealedError.TWO_NEEDED)
    holders = SealedHolder.objects.filter(rounds__sealed_round=sealed_round, rounds__purpose=Purpose.RELEASE)
    pairs = open_pairs(unlocks, among=list(holders.order_by("id")), actor=actor, at=at)
    try:
        private = open_as_pair(batch.key_path.read_bytes(), pairs)
    except (CannotOpen, OSError):
        raise Refused(SealedError.KEY_LOST) from None
    if public_of(private) != bytes(batch.public_key):
        raise Refused(SealedError.KEY_LOST)
    return Unlocked(batch.key, private)


@sensitive_variables()
@transaction.atomic
def release(
    *,
    round_key: UUID,
    unlocked: Unlocked,
    write: Callable[[Release], None],
    actor: UUID | None,
    at: datetime,
    closes: bool = True,
) -> Release:
    """Open every box, shuffle what is in them, let the caller write it, delete the boxes; then destroy the key.

    Args:
        round_key: the round.
        unlocked: its key, see :func:`unlock`.
        write: stores the texts, in this transaction, in the order given, without time, unit or kind. What it raises
            undoes everything.
        actor: who releases.
        at: now.
        closes: ``False`` releases a batch of at least twice the threshold and goes on under a new key.

    Raises:
        Refused: the round has ended, another batch is open by now, or it is too small for a batch.
    """
    sealed_round = locked(round_key)
    policies.can_release(sealed_round, closes=closes).require()
    batch = open_batch(sealed_round)
    if batch.key != unlocked.batch_key:
        raise Refused(SealedError.BATCH_CHANGED)
    opened, unreadable = _opened(batch, unlocked.private)
    texts, counts = _texts(batch, opened, unreadable, sealed_round.threshold)
    entry = record(
        actor=actor, action="sealed.released", subject=sealed_round.key, detail=asdict(counts), count=counts.sent
    )
    done = Release(sealed_round.key, batch.number, texts, counts, entry)
    write(done)
    batch.boxes.all().delete()
    SealedBatch.objects.filter(pk=batch.pk).update(closed_on=entry.recorded_on, **asdict(counts))
    if closes:
        end_round(sealed_round, Outcome.RELEASED, at=at)
    else:
        new_batch(sealed_round, release_keys(sealed_round))
    destroy_when_committed()
    return done


def _opened(batch: SealedBatch, private: bytes) -> tuple[list[Opened], int]:
    """What is in the boxes, shuffled; and how many could not be read."""
    key = PrivateKey(private)
    opened, unreadable = [], 0
    for content in batch.boxes.order_by("id").values_list("content", flat=True).iterator(chunk_size=_AT_ONCE):
        try:
            opened.append(unseal(bytes(content), key))
        except CannotOpen:
            unreadable += 1
    secrets.SystemRandom().shuffle(opened)
    return opened, unreadable


def _texts(
    batch: SealedBatch, opened: list[Opened], unreadable: int, threshold: int
) -> tuple[tuple[Released, ...], Counts]:
    """The texts to be written; keeps what became of each, and the envelopes around names."""
    modes = [one.mode for one in opened]
    nameless = modes.count(Mode.NAMELESS)
    fates = [fate_of(one.mode, one.below, nameless=nameless, threshold=threshold) for one in opened]
    receipts = [
        SealedReceipt(id=random_id(), batch=batch, answer=one.answer, fate=fate)
        for one, fate in zip(opened, fates, strict=True)
    ]
    _make_unique(receipts)
    SealedReceipt.objects.bulk_create(receipts, batch_size=_AT_ONCE)
    names = {
        receipt.pk: KeptName(id=random_id(), receipt=receipt, envelope=one.envelope, state=NameState.SEALED)
        for one, receipt in zip(opened, receipts, strict=True)
        if one.mode is Mode.KEPT
    }
    KeptName.objects.bulk_create(names.values(), batch_size=_AT_ONCE)
    texts = tuple(
        Released(
            mode=one.mode,
            content=one.content,
            author=one.author,
            answer=receipt.answer,
            kept_name=names[receipt.pk].key if receipt.pk in names else None,
        )
        for one, receipt in zip(opened, receipts, strict=True)
        if receipt.fate == Fate.RELEASED
    )
    return texts, Counts(
        sent=len(opened) + unreadable,
        named=modes.count(Mode.NAMED),
        kept=modes.count(Mode.KEPT),
        nameless=nameless,
        nothing=modes.count(Mode.NOTHING),
        destroyed=fates.count(Fate.DESTROYED),
        unreadable=unreadable,
    )


def _make_unique(receipts: list[SealedReceipt]) -> None:
    """Give a sign of its own to whatever came under a receipt that has been used: it must not hold up the others."""
    wanted = [receipt.answer for receipt in receipts]
    used: set[str] = set()
    for at in range(0, len(wanted), _AT_ONCE):
        found = SealedReceipt.objects.filter(answer__in=wanted[at : at + _AT_ONCE])
        used |= set(found.values_list("answer", flat=True))
    for receipt in receipts:
        if receipt.answer in used:
            receipt.answer = secrets.token_hex(32)
        used.add(receipt.answer)
