"""Sending: sealed in memory, then one transaction that says who, and holds what nobody can read."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.views.decorators.debug import sensitive_variables

from trienkhai.core.decisions import Refused
from trienkhai.sealed import policies
from trienkhai.sealed.actions.rounds import keys_for, share_lock
from trienkhai.sealed.models import Participation, SealedBatch, SealedBox, SealedRound, random_id
from trienkhai.sealed.queries import open_batch, round_by_key
from trienkhai.sealed.rules import Purpose, SealedError, Submission, answer_of, new_receipt, normalised, proof_of, seal

_TRIES = 3
"""A batch may be released between sealing and storing: then it is sealed again for the next one."""


@sensitive_variables()
def send(*, round_key: UUID, participant: UUID, submission: Submission, at: datetime, receipt: str = "") -> str:
    """Put something into the box and return its receipt, which nobody can show a second time.

    What is sent is readable in memory alone: it is sealed before anything is written, and is in no statement, log,
    session or report. There is no ledger entry.

    Args:
        round_key: the round.
        participant: who sends.
        submission: what.
        at: now.
        receipt: one from :func:`new_receipt` that the form carried, so that whoever never saw the answer to a first
            try can send again and gets it; else one is made.

    Raises:
        Refused: closed, not for this participant, sent before, not in this mode, or the key is lost.
        Invalid: too long, or not keepable.
    """
    is_given = bool(receipt)
    receipt = normalised(receipt) if is_given else new_receipt()
    for _try in range(_TRIES):
        sealed_round = round_by_key(round_key)
        policies.takes(sealed_round, submission.mode, at=at).require()
        if is_given and _is_there(sealed_round, participant, receipt):
            return receipt
        batch = open_batch(sealed_round)
        content = seal(
            submission,
            answer=answer_of(receipt),
            public_key=bytes(batch.public_key),
            box_bytes=sealed_round.box_bytes,
            keepers=keys_for(sealed_round, Purpose.NAMES) if sealed_round.keeps_names else {},
        )
        try:
            is_stored = _stored(batch, participant, SealedBox(proof=proof_of(receipt), content=content), at=at)
        except Refused:
            if is_given and _is_there(sealed_round, participant, receipt):  # pressed twice: the first was quicker
                return receipt
            raise
        if is_stored:
            return receipt
    raise Refused(SealedError.BATCH_CHANGED)


def _is_there(sealed_round: SealedRound, participant: UUID, receipt: str) -> bool:
    """Whether this is a second try of something that arrived: this participant has sent, and this box is waiting."""
    return (
        sealed_round.participations.filter(participant=participant).exists()
        and SealedBox.objects.filter(batch__sealed_round=sealed_round, proof=proof_of(receipt)).exists()
    )


def _stored(batch: SealedBatch, participant: UUID, box: SealedBox, *, at: datetime) -> bool:
    """Store who and what in one transaction; not when the batch has ended meanwhile."""
    sealed_round = batch.sealed_round
    try:
        with transaction.atomic():
            share_lock(sealed_round)
            now = SealedRound.objects.get(pk=sealed_round.pk)
            policies.can_send(now, participant, at=at).require()
            if open_batch(now).pk != batch.pk:
                return False
            Participation.objects.create(
                id=random_id(), sealed_round=sealed_round, batch=batch, participant=participant
            )
            box.id, box.batch = random_id(), batch
            box.save(force_insert=True)
    except IntegrityError as fault:  # the same participant, at the same moment
        raise Refused(SealedError.ALREADY_SENT) from fault
    return True
