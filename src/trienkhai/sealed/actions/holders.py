"""Key pairs of holders: made once, opened by a passphrase apart from sign-in."""

import secrets
from base64 import b32encode
from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from trienkhai.core.decisions import Invalid, Refused
from trienkhai.ledger.actions import record
from trienkhai.sealed.models import SealedHolder
from trienkhai.sealed.rules import (
    LEAST,
    MODERATE,
    SHORTEST_PASSPHRASE,
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


@sensitive_variables()
def enrol(*, owner: UUID, passphrase: str, actor: UUID | None, at: datetime) -> SealedHolder:  # noqa: ARG001 - house shape
    """Make a key pair for somebody. A new pair takes the place of an older one; what that was for, it still opens.

    Raises:
        Invalid: the passphrase is too short.
    """
    return _enrolled(owner, passphrase, actor, is_file=False)


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
def change_passphrase(*, owner: UUID, old: str, new: str, actor: UUID | None, at: datetime) -> None:  # noqa: ARG001
    """Wrap somebody's private key anew. Backups made before can still be opened with the old passphrase.

    Raises:
        Invalid: the old one is wrong, or the new one too short.
    """
    _check(new)
    private = open_pairs([Unlock(owner, old)], among=SealedHolder.objects.filter(owner=owner, ended_on__isnull=True))
    with transaction.atomic():
        for key, secret in private.items():
            SealedHolder.objects.filter(key=key).update(wrapped=wrap(secret, new, passphrase_cost()))
        record(actor=actor, action="sealed.passphrase_changed", subject=owner)


@sensitive_variables()
def open_pairs(unlocks: Sequence[Unlock], *, among: Collection[SealedHolder]) -> dict[UUID, bytes]:
    """The private keys of these holders, by the pair's key. Slow: trying a passphrase is meant to be.

    Args:
        unlocks: who they are, with their passphrases.
        among: the pairs that count.

    Raises:
        Refused: somebody holds none of those pairs.
        Invalid: a passphrase is wrong; ``holder`` says whose.
    """
    found = {}
    for unlock in unlocks:
        held = [holder for holder in among if holder.owner == unlock.holder]
        if not held:
            raise Refused(SealedError.NOT_A_HOLDER)
        for holder in held:
            try:
                found[holder.key] = unwrap(bytes(holder.wrapped), unlock.passphrase)
            except CannotOpen:
                raise Invalid(SealedError.PASSPHRASE_WRONG, on="passphrase", holder=unlock.holder) from None
    return found


def passphrase_cost() -> Cost:
    """What trying a passphrase costs in this installation."""
    return LEAST if settings.TRIENKHAI_QUICK_PASSPHRASES else MODERATE


@sensitive_variables()
@transaction.atomic
def _enrolled(owner: UUID, passphrase: str, actor: UUID | None, *, is_file: bool) -> SealedHolder:
    _check(passphrase)
    private, public = new_pair()
    wrapped = wrap(private, passphrase, passphrase_cost())
    entry = record(actor=actor, action="sealed.holder_enrolled", subject=owner, detail={"is_file": is_file})
    SealedHolder.objects.filter(owner=owner, ended_on__isnull=True).update(ended_on=entry.recorded_on)
    return SealedHolder.objects.create(
        owner=owner, is_file=is_file, public_key=public, wrapped=wrapped, enrolled_on=entry.recorded_on
    )


def _check(passphrase: str) -> None:
    if len(plain_passphrase(passphrase)) < SHORTEST_PASSPHRASE:
        raise Invalid(SealedError.PASSPHRASE_SHORT, on="passphrase", at_least=SHORTEST_PASSPHRASE)
