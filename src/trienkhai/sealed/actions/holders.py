"""Key pairs of holders: made once, opened by a passphrase apart from sign-in."""

import secrets
from base64 import b32encode
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from trienkhai.core.decisions import Invalid, Refused
from trienkhai.ledger.actions import record
from trienkhai.ledger.models import Entry
from trienkhai.sealed.models import SealedHolder
from trienkhai.sealed.rules import (
    LEAST,
    MODERATE,
    SHORTEST_PASSPHRASE,
    TRY_HOURS,
    WRONG_TRIES,
    CannotOpen,
    Cost,
    SealedError,
    Unlock,
    new_pair,
    plain_passphrase,
    unwrap,
    wrap,
)

_FILE_BYTES = 35
"""Of randomness in a key file: 56 signs."""
_WRONG = "sealed.passphrase_wrong"


@sensitive_variables()
def enrol(
    *,
    owner: UUID,
    passphrase: str,
    actor: UUID | None,
    at: datetime,  # noqa: ARG001 - house shape
    elsewhere: bool = False,
) -> SealedHolder:
    """Make a key pair for somebody. A new pair takes the place of an older one; what that was for, it still opens.

    ``elsewhere``: it is typed at the sign-in of somebody else.

    Raises:
        Invalid: the passphrase is too short.
    """
    return _enrolled(owner, passphrase, actor, elsewhere=elsewhere)


@sensitive_variables()
def enrol_key_file(*, owner: UUID, actor: UUID | None, at: datetime) -> str:  # noqa: ARG001 - likewise
    """Make a key pair whose passphrase is the content of a file, returned once: for an office of one person.

    Args:
        owner: a fresh key that stands for the file.
        actor: who does it.
        at: when.
    """
    content = b32encode(secrets.token_bytes(_FILE_BYTES)).decode()
    _enrolled(owner, content, actor, is_file=True)
    return content


@sensitive_variables()
def change_passphrase(*, owner: UUID, old: str, new: str, actor: UUID | None, at: datetime) -> None:
    """Wrap somebody's private key anew. Backups made before can still be opened with the old passphrase.

    Raises:
        Refused: too many wrong ones have been tried.
        Invalid: the old one is wrong, or the new one too short.
    """
    _check(new)
    held = SealedHolder.objects.filter(owner=owner, ended_on__isnull=True)
    private = open_pairs([Unlock(owner, old)], among=held, actor=actor, at=at)
    with transaction.atomic():
        for key, secret in private.items():
            SealedHolder.objects.filter(key=key).update(wrapped=wrap(secret, new, passphrase_cost()))
        record(actor=actor, action="sealed.passphrase_changed", subject=owner)


@sensitive_variables()
def open_pairs(
    unlocks: Sequence[Unlock], *, among: Collection[SealedHolder], actor: UUID | None, at: datetime
) -> dict[UUID, bytes]:
    """The private keys of these holders, by the pair's key. Slow: trying a passphrase is meant to be.

    A wrong one is recorded at once, whatever becomes of the caller: so tries are seen, and can be counted.

    Args:
        unlocks: who they are, with their passphrases.
        among: the pairs that count.
        actor: at whose sign-in it is tried.
        at: now.

    Raises:
        Refused: somebody holds none of those pairs; too many wrong ones have been tried.
        Invalid: a passphrase is wrong; ``holder`` says whose.
    """
    found = {}
    for unlock in unlocks:
        held = [holder for holder in among if holder.owner == unlock.holder]
        if not held:
            raise Refused(SealedError.NOT_A_HOLDER)
        _check_tries(unlock.holder, at=at)
        for holder in held:
            try:
                found[holder.key] = unwrap(bytes(holder.wrapped), unlock.passphrase)
            except CannotOpen:
                with transaction.atomic():
                    record(actor=actor, action=_WRONG, subject=unlock.holder)
                raise Invalid(SealedError.PASSPHRASE_WRONG, on="passphrase", holder=unlock.holder) from None
    return found


def _check_tries(owner: UUID, *, at: datetime) -> None:
    since = at - timedelta(hours=TRY_HOURS)
    tried = Entry.objects.filter(subject=owner, action=_WRONG, recorded_at__gte=since)
    if tried.count() >= WRONG_TRIES:
        raise Refused(SealedError.TOO_MANY_TRIES)


def passphrase_cost() -> Cost:
    """What trying a passphrase costs in this installation."""
    return LEAST if settings.TRIENKHAI_QUICK_PASSPHRASES else MODERATE


@sensitive_variables()
@transaction.atomic
def _enrolled(
    owner: UUID, passphrase: str, actor: UUID | None, *, is_file: bool = False, elsewhere: bool = False
) -> SealedHolder:
    _check(passphrase)
    private, public = new_pair()
    wrapped = wrap(private, passphrase, passphrase_cost())
    entry = record(
        actor=actor, action="sealed.holder_enrolled", subject=owner, detail={"is_file": is_file, "elsewhere": elsewhere}
    )
    SealedHolder.objects.filter(owner=owner, ended_on__isnull=True).update(ended_on=entry.recorded_on)
    return SealedHolder.objects.create(
        owner=owner,
        is_file=is_file,
        typed_elsewhere=elsewhere,
        public_key=public,
        wrapped=wrapped,
        enrolled_on=entry.recorded_on,
    )


def _check(passphrase: str) -> None:
    if len(plain_passphrase(passphrase)) < SHORTEST_PASSPHRASE:
        raise Invalid(SealedError.PASSPHRASE_SHORT, on="passphrase", at_least=SHORTEST_PASSPHRASE)
