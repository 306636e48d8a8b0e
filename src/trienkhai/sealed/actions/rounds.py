"""Opening a round, giving it up, and giving it a new key when the old one is lost."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from trienkhai.core.decisions import Invalid
from trienkhai.ledger.actions import record
from trienkhai.sealed import policies
from trienkhai.sealed.actions.keys import destroy_when_committed, write_key
from trienkhai.sealed.models import Elector, RoundHolder, SealedBatch, SealedBox, SealedHolder, SealedRound, random_id
from trienkhai.sealed.queries import open_batch
from trienkhai.sealed.rules import (
    FEWEST,
    NAME_KEEPERS,
    RELEASERS,
    Custody,
    Outcome,
    Purpose,
    RoundPlan,
    SealedError,
    new_pair,
    wrap_for_pairs,
)

_AT_ONCE = 500


@transaction.atomic
def open_round(*, plan: RoundPlan, actor: UUID | None, at: datetime) -> SealedRound:
    """Open a box with a key of its own, which lies in the data folder, wrapped for any two of the releasers.

    Raises:
        Invalid: holders are too few, too many, or not enrolled; too few people for texts without a name.
        Refused: the disk would not take the key.
    """
    destroy_when_committed()
    release, custody = _releasers(plan.releasers)
    names = _keepers(plan.name_keepers)
    if plan.nameless and plan.size < FEWEST:
        raise Invalid(SealedError.TOO_FEW_PEOPLE, on="nameless", at_least=FEWEST)
    sealed_round = SealedRound.objects.create(
        owner=plan.owner,
        custody=custody,
        threshold=plan.threshold,
        box_bytes=plan.box_bytes,
        takes_nameless=plan.nameless,
        keeps_names=bool(names),
        has_electorate=plan.electorate is not None,
        eligible=plan.size,
        opened_at=at,
        until=plan.until,
    )
    RoundHolder.objects.bulk_create(
        RoundHolder(sealed_round=sealed_round, holder=holder, purpose=purpose)
        for purpose, holders in ((Purpose.RELEASE, release), (Purpose.NAMES, names))
        for holder in holders
    )
    Elector.objects.bulk_create(
        (Elector(id=random_id(), sealed_round=sealed_round, participant=one) for one in set(plan.electorate or ())),
        batch_size=_AT_ONCE,
    )
    new_batch(sealed_round, {holder.key: bytes(holder.public_key) for holder in release})
    record(
        actor=actor,
        action="sealed.opened",
        subject=sealed_round.key,
        detail={
            "owner": str(plan.owner),
            "custody": custody,
            "holders": sorted(str(holder.owner) for holder in release),
            "name_keepers": sorted(str(holder.owner) for holder in names),
            "eligible": plan.size,
            "threshold": plan.threshold,
        },
    )
    return sealed_round


@transaction.atomic
def discard(*, round_key: UUID, actor: UUID | None, at: datetime) -> None:
    """End a round unread: its boxes are deleted and its key is destroyed.

    Raises:
        Refused: it has ended.
    """
    destroy_when_committed()
    sealed_round = locked(round_key)
    batch = open_batch(sealed_round)
    entry = record(
        actor=actor, action="sealed.discarded", subject=sealed_round.key, detail={"boxes": batch.boxes.count()}
    )
    batch.boxes.all().delete()
    batch.closed_on = entry.recorded_on
    batch.save(update_fields=["closed_on"])
    end_round(sealed_round, Outcome.DISCARDED, at=at)


@transaction.atomic
def renew_key(*, round_key: UUID, actor: UUID | None, at: datetime) -> None:  # noqa: ARG001 - house shape
    """Give up boxes nobody can open any more, and let those who sent them send again, under a new key.

    For a database restored in the middle of a round: the key was in no backup.

    Raises:
        Refused: the round has ended, or its key is there.
    """
    sealed_round = locked(round_key)
    policies.can_renew_key(sealed_round).require()
    batch = open_batch(sealed_round)
    entry = record(
        actor=actor, action="sealed.key_renewed", subject=sealed_round.key, detail={"lost": batch.boxes.count()}
    )
    SealedBox.objects.filter(batch=batch).delete()
    batch.participations.all().delete()
    batch.closed_on = entry.recorded_on
    batch.save(update_fields=["closed_on"])
    new_batch(sealed_round, release_keys(sealed_round))


def new_batch(sealed_round: SealedRound, holders: Mapping[UUID, bytes]) -> SealedBatch:
    """The round's next batch, with a key of its own on the disk."""
    private, public = new_pair()
    number = sealed_round.batches.count() + 1
    batch = SealedBatch.objects.create(sealed_round=sealed_round, number=number, public_key=public)
    write_key(batch, wrap_for_pairs(private, holders))
    return batch


def end_round(sealed_round: SealedRound, outcome: Outcome, *, at: datetime) -> None:
    """Mark a round as ended."""
    sealed_round.closed_at = at
    sealed_round.outcome = outcome
    sealed_round.save(update_fields=["closed_at", "outcome"])


def release_keys(sealed_round: SealedRound) -> dict[UUID, bytes]:
    """The public keys of those who release, by the pair's key."""
    return keys_for(sealed_round, Purpose.RELEASE)


def keys_for(sealed_round: SealedRound, purpose: Purpose) -> dict[UUID, bytes]:
    """The public keys of a round's holders for one purpose, by the pair's key."""
    rows = RoundHolder.objects.filter(sealed_round=sealed_round, purpose=purpose).order_by("id")
    return {key: bytes(public) for key, public in rows.values_list("holder__key", "holder__public_key")}


def locked(round_key: UUID) -> SealedRound:
    """The round, for us alone until the transaction ends."""
    return SealedRound.objects.select_for_update().get(key=round_key)


def share_lock(sealed_round: SealedRound) -> None:
    """Keep the round from ending until the transaction does; those who send do not wait for one another."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM sealed_sealedround WHERE id = %s FOR SHARE", [sealed_round.pk])


def _releasers(owners: Sequence[UUID]) -> tuple[list[SealedHolder], Custody]:
    holders = _enrolled(owners)
    if len(holders) not in RELEASERS:
        raise Invalid(SealedError.NUMBER_OF_RELEASERS, on="releasers", at_least=RELEASERS[0], at_most=RELEASERS[-1])
    files = sum(holder.is_file for holder in holders)
    if files and (files, len(holders)) != (1, 2):
        raise Invalid(SealedError.ONE_KEY_FILE, on="releasers")
    return holders, Custody.KEY_FILE if files else Custody.TWO_HOLDERS


def _keepers(owners: Sequence[UUID]) -> list[SealedHolder]:
    holders = _enrolled(owners)
    if holders and (len(holders) not in NAME_KEEPERS or any(holder.is_file for holder in holders)):
        raise Invalid(
            SealedError.NUMBER_OF_KEEPERS, on="name_keepers", at_least=NAME_KEEPERS[0], at_most=NAME_KEEPERS[-1]
        )
    return holders


def _enrolled(owners: Sequence[UUID]) -> list[SealedHolder]:
    wanted = set(owners)
    holders = list(SealedHolder.objects.filter(owner__in=wanted, ended_on__isnull=True).order_by("id"))
    if len(holders) < len(wanted):
        missing = wanted - {holder.owner for holder in holders}
        raise Invalid(SealedError.NOT_ENROLLED, holders=sorted(missing, key=str))
    return holders
