"""Kept names: somebody asks, the author answers or lets the days pass, two keepers open."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from trienkhai.core.decisions import Refused
from trienkhai.ledger.actions import record
from trienkhai.ledger.clock import local_day
from trienkhai.sealed import policies
from trienkhai.sealed.actions.holders import open_pairs
from trienkhai.sealed.models import KeptName, SealedHolder
from trienkhai.sealed.rules import (
    NAME_STEPS,
    WAIT_DAYS,
    CannotOpen,
    NameState,
    SealedError,
    Unlock,
    answer_of,
    holders_of,
    normalised,
    open_envelope,
    pairs_part,
)

_PAIR = 2


@transaction.atomic
def ask_to_open(
    *,
    kept_name: UUID,
    forbidden: Collection[UUID],
    actor: UUID | None,
    at: datetime,
    reason: str = "",
    wait_days: int = WAIT_DAYS,
) -> date:
    """Ask for a kept name; returns the first day on which it may be opened without its author's answer.

    Nobody knows who the author is: every participant of the round is told that a name has been asked for, and whoever
    looks with the receipt sees that it is theirs.

    Args:
        kept_name: the envelope.
        forbidden: owners who may not open it: the person criticised and their subordinates.
        actor: who asks.
        at: now.
        reason: kept in the ledger.
        wait_days: how long the author has, seven at least.

    Raises:
        Refused: asked for, withdrawn or opened already; fewer than two keepers are left.
    """
    name = KeptName.objects.select_for_update().get(key=kept_name)
    policies.can_ask_to_open(name, forbidden=forbidden).require()
    opens_on = local_day(at) + timedelta(days=max(wait_days, WAIT_DAYS))
    record(
        actor=actor,
        action="sealed.name_asked",
        subject=name.key,
        detail={"opens_on": opens_on.isoformat(), "reason": reason},
    )
    _move(name, NameState.ASKED, opens_on=opens_on)
    return opens_on


@sensitive_variables("receipt")
@transaction.atomic
def answer_asking(*, receipt: str, consents: bool, at: datetime) -> NameState:  # noqa: ARG001 - house shape
    """The author answers, shown to be the author by the receipt: consents, or withdraws for good.

    Raises:
        Invalid: no receipt.
        Refused: of no kept name, or nobody has asked.
    """
    name = _by_receipt(receipt)
    if name.state != NameState.ASKED:
        raise Refused(SealedError.NAME_NOT_ASKED)
    _answer(name, NameState.CONSENTED if consents else NameState.WITHDRAWN)
    return NameState(name.state)


@sensitive_variables("receipt")
@transaction.atomic
def withdraw(*, receipt: str, at: datetime) -> None:  # noqa: ARG001 - house shape
    """The author withdraws, asked or not, as long as the name has not been opened: the envelope is destroyed.

    Raises:
        Invalid: no receipt.
        Refused: of no kept name, or it has been opened or withdrawn.
    """
    _answer(_by_receipt(receipt), NameState.WITHDRAWN)


@sensitive_variables()
def open_name(
    *, kept_name: UUID, unlocks: Sequence[Unlock], forbidden: Collection[UUID], actor: UUID | None, at: datetime
) -> str:
    """The author's name, as it was given on sending; kept nowhere here. Two keepers unlock.

    Args:
        kept_name: the envelope.
        unlocks: two different keepers.
        forbidden: owners who may not open it, see :func:`ask_to_open`.
        actor: who opens.
        at: now.

    Raises:
        Refused: not asked for, too early, withdrawn, opened before; not two keepers who may; damaged.
        Invalid: a passphrase is wrong.
    """
    owners = {unlock.holder for unlock in unlocks}
    if len(owners) != _PAIR:
        raise Refused(SealedError.TWO_NEEDED)
    if owners & set(forbidden):
        raise Refused(SealedError.HOLDER_FORBIDDEN)
    name = KeptName.objects.get(key=kept_name)
    policies.can_open_name(name, on=local_day(at)).require()
    keepers = SealedHolder.objects.filter(key__in=holders_of(pairs_part(bytes(name.envelope))))
    pairs = open_pairs(unlocks, among=list(keepers.order_by("id")), actor=actor, at=at)
    with transaction.atomic():
        name = KeptName.objects.select_for_update().get(key=kept_name)
        policies.can_open_name(name, on=local_day(at)).require()
        try:
            author = open_envelope(bytes(name.envelope), pairs)
        except CannotOpen:
            raise Refused(SealedError.NAME_DAMAGED) from None
        record(
            actor=actor,
            action="sealed.name_opened",
            subject=name.key,
            detail={"holders": sorted(str(owner) for owner in owners)},
        )
        _move(name, NameState.OPENED)
    return author


def _by_receipt(receipt: str) -> KeptName:
    answer = answer_of(normalised(receipt))
    name = KeptName.objects.select_for_update(of=("self",)).filter(receipt__answer=answer).first()
    if name is None:
        raise Refused(SealedError.RECEIPT_UNKNOWN)
    return name


def _answer(name: KeptName, state: NameState) -> None:
    if state not in NAME_STEPS[NameState(name.state)]:
        raise Refused(SealedError.NAME_ENDED)
    record(actor=None, action=f"sealed.name_{state}", subject=name.key)
    _move(name, state)


def _move(name: KeptName, state: NameState, *, opens_on: date | None = None) -> None:
    name.state = state
    name.opens_on = opens_on or name.opens_on
    if state in {NameState.WITHDRAWN, NameState.OPENED}:
        name.envelope = b""
    name.save(update_fields=["state", "opens_on", "envelope"])
