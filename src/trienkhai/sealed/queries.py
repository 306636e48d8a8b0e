"""Reading rounds, receipts and kept names: never a box's content."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models import Count

from trienkhai.core.decisions import Refused
from trienkhai.sealed.models import (
    KeptName,
    Participation,
    RoundHolder,
    SealedBatch,
    SealedBox,
    SealedHolder,
    SealedReceipt,
    SealedRound,
)
from trienkhai.sealed.rules import (
    Counts,
    Custody,
    Fate,
    KeyState,
    NameState,
    Purpose,
    SealedError,
    answer_of,
    normalised,
    proof_of,
)


@dataclass(frozen=True)
class RoundStatus:
    """What may be known of a round: what people read above the box, and how many have sent.

    ``typed_elsewhere``: holders whose passphrase was typed at somebody else's sign-in.
    """

    key: UUID
    owner: UUID
    is_open: bool
    key_state: KeyState
    custody: Custody
    threshold: int
    takes_nameless: bool
    keeps_names: bool
    eligible: int
    participants: int
    boxes: int
    releasers: tuple[UUID, ...]
    name_keepers: tuple[UUID, ...]
    typed_elsewhere: frozenset[UUID]
    counts: Counts


@dataclass(frozen=True)
class ReceiptState:
    """What a receipt shows. ``answer``: by which the app above finds what was answered; empty while waiting."""

    round_key: UUID
    fate: Fate
    answer: str
    kept_name: UUID | None = None
    name_state: NameState | None = None
    name_opens_on: date | None = None


@dataclass(frozen=True)
class AskedName:
    """A kept name somebody has asked for; its author can find it by receipt alone."""

    kept_name: UUID
    opens_on: date


@dataclass(frozen=True)
class SealedFault:
    """Something ``check`` found wrong. ``code`` is stable; ``at`` says where."""

    code: str
    at: str


def round_by_key(key: UUID) -> SealedRound:
    """The round of that key.

    Raises:
        SealedRound.DoesNotExist: there is none.
    """
    return SealedRound.objects.get(key=key)


def round_of(owner: UUID) -> SealedRound | None:
    """The newest round of an owner."""
    return SealedRound.objects.filter(owner=owner).order_by("-id").first()


def open_batch(sealed_round: SealedRound) -> SealedBatch:
    """The batch boxes go into now.

    Raises:
        Refused: the round has ended.
    """
    if sealed_round.open_batch is None:
        raise Refused(SealedError.ROUND_CLOSED)
    return sealed_round.open_batch


def key_state(sealed_round: SealedRound) -> KeyState:
    """Where the round's key is."""
    if sealed_round.closed_at is None:
        return KeyState.PRESENT if open_batch(sealed_round).has_key else KeyState.LOST
    left = any(batch.has_key for batch in sealed_round.batches.order_by("number"))
    return KeyState.LEFT if left else KeyState.DESTROYED


def status(round_key: UUID) -> RoundStatus:
    """What may be known of a round."""
    sealed_round = round_by_key(round_key)
    owners = list(
        RoundHolder.objects.filter(sealed_round=sealed_round)
        .order_by("holder__enrolled_on", "holder_id")
        .values_list("purpose", "holder__owner", "holder__typed_elsewhere")
    )
    return RoundStatus(
        key=sealed_round.key,
        owner=sealed_round.owner,
        is_open=sealed_round.closed_at is None,
        key_state=key_state(sealed_round),
        custody=Custody(sealed_round.custody),
        threshold=sealed_round.threshold,
        takes_nameless=sealed_round.takes_nameless,
        keeps_names=sealed_round.keeps_names,
        eligible=sealed_round.eligible,
        participants=sealed_round.participations.count(),
        boxes=SealedBox.objects.filter(batch__sealed_round=sealed_round).count(),
        releasers=tuple(owner for purpose, owner, _where in owners if purpose == Purpose.RELEASE),
        name_keepers=tuple(owner for purpose, owner, _where in owners if purpose == Purpose.NAMES),
        typed_elsewhere=frozenset(owner for _purpose, owner, elsewhere in owners if elsewhere),
        counts=counts(sealed_round),
    )


def counts(sealed_round: SealedRound) -> Counts:
    """What was found in the batches released so far."""
    fields = ("sent", "named", "kept", "nameless", "nothing", "destroyed", "unreadable")
    rows = list(sealed_round.batches.filter(closed_on__isnull=False).order_by("number").values_list(*fields))
    return Counts(*(sum(column) for column in zip(*rows, strict=True))) if rows else Counts()


def has_sent(round_key: UUID, participant: UUID) -> bool:
    """Whether this participant has sent something."""
    return Participation.objects.filter(sealed_round__key=round_key, participant=participant).exists()


def participants(round_key: UUID) -> set[UUID]:
    """Who has sent something."""
    rows = Participation.objects.filter(sealed_round__key=round_key)
    return set(rows.values_list("participant", flat=True))


def receipt(typed: str) -> ReceiptState | None:
    """What a receipt shows; ``None`` when it is of no box (or of one that was lost, or discarded unread).

    Raises:
        Invalid: it cannot be a receipt.
    """
    written = normalised(typed)
    box = SealedBox.objects.filter(proof=proof_of(written)).select_related("batch__sealed_round").first()
    if box is not None:
        return ReceiptState(box.batch.sealed_round.key, Fate.WAITING, "")
    found = (
        SealedReceipt.objects.filter(answer=answer_of(written))
        .select_related("batch__sealed_round", "kept_name")
        .first()
    )
    if found is None:
        return None
    name = KeptName.objects.filter(receipt=found).first()
    return ReceiptState(
        round_key=found.batch.sealed_round.key,
        fate=Fate(found.fate),
        answer=found.answer,
        kept_name=name.key if name else None,
        name_state=NameState(name.state) if name else None,
        name_opens_on=name.opens_on if name else None,
    )


def is_in_the_box(typed: str) -> bool:
    """Whether something waits in a box under this receipt.

    Raises:
        Invalid: it cannot be a receipt.
    """
    return SealedBox.objects.filter(proof=proof_of(normalised(typed))).exists()


def name_state(kept_name: UUID) -> tuple[NameState, date | None]:
    """Where a kept name stands, and the first day on which it may be opened without its author's answer.

    Raises:
        KeptName.DoesNotExist: there is none.
    """
    name = KeptName.objects.get(key=kept_name)
    return NameState(name.state), name.opens_on


def names_asked(round_key: UUID) -> list[AskedName]:
    """Kept names of a round somebody has asked for: every participant is told, and looks with their receipt."""
    rows = KeptName.objects.filter(
        receipt__batch__sealed_round__key=round_key, state=NameState.ASKED, opens_on__isnull=False
    )
    found = rows.order_by("opens_on", "id").values_list("key", "opens_on")
    return [AskedName(key, opens_on) for key, opens_on in found if opens_on is not None]


def is_enrolled(owner: UUID) -> bool:
    """Whether somebody holds a key pair now."""
    return SealedHolder.objects.filter(owner=owner, ended_on__isnull=True).exists()


def check_keys() -> list[SealedFault]:
    """Keys that should be there and are not, keys that should be gone and are not, boxes that outlived their batch."""
    missing = [
        SealedFault("call_key_missing", str(batch.sealed_round.key))
        for batch in SealedBatch.objects.filter(closed_on__isnull=True).select_related("sealed_round").order_by("id")
        if not batch.has_key
    ]
    closed = {str(key) for key in SealedBatch.objects.filter(closed_on__isnull=False).values_list("key", flat=True)}
    left = [SealedFault("call_key_left", path.name) for path in key_files() if path.stem in closed]
    outlived = (
        SealedBatch.objects.filter(closed_on__isnull=False)
        .annotate(found=Count("boxes"))
        .filter(found__gt=0)
        .order_by("id")
    )
    return [*missing, *left, *(SealedFault("boxes_left", str(batch.key)) for batch in outlived)]


def key_files() -> list[Path]:
    """Every call key there is."""
    return sorted(Path(settings.TRIENKHAI_CALLS).glob("*.key"))
