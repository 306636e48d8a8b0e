"""Who may send, release, ask for a name and open it. The app above asks its own rules first."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from trienkhai.core.decisions import ALLOW, Decision
from trienkhai.sealed.models import KeptName, SealedHolder, SealedRound
from trienkhai.sealed.rules import BATCHES_OF, NAME_STEPS, Mode, NameState, SealedError, holders_of, pairs_part


def can_send(sealed_round: SealedRound, participant: UUID, *, at: datetime, mode: Mode | None = None) -> Decision:
    """Whether this participant may send now, in this mode when it is given."""
    is_taken = takes(sealed_round, mode, at=at)
    if not is_taken:
        return is_taken
    if sealed_round.has_electorate and not sealed_round.electors.filter(participant=participant).exists():
        return Decision(SealedError.NOT_IN_ELECTORATE)
    if sealed_round.participations.filter(participant=participant).exists():
        return Decision(SealedError.ALREADY_SENT)
    return ALLOW


def takes(sealed_round: SealedRound, mode: Mode | None, *, at: datetime) -> Decision:
    """Whether anything is taken now, in this mode when it is given."""
    batch = sealed_round.open_batch
    if batch is None or (sealed_round.until is not None and at >= sealed_round.until):
        return Decision(SealedError.ROUND_CLOSED)
    if mode is Mode.NAMELESS and not sealed_round.takes_nameless:
        return Decision(SealedError.NAMELESS_NOT_ALLOWED)
    if mode is Mode.KEPT and not sealed_round.keeps_names:
        return Decision(SealedError.NAMES_NOT_KEPT)
    return ALLOW if batch.has_key else Decision(SealedError.KEY_LOST)


def can_release(sealed_round: SealedRound, *, closes: bool = True) -> Decision:
    """Whether the boxes may be opened now; as a batch (``closes=False``) only when there are enough of them."""
    batch = sealed_round.open_batch
    if batch is None:
        return Decision(SealedError.ROUND_CLOSED)
    if not batch.has_key:
        return Decision(SealedError.KEY_LOST)
    if not closes and batch.boxes.count() < BATCHES_OF * sealed_round.threshold:
        return Decision(SealedError.BATCH_SMALL)
    return ALLOW


def can_renew_key(sealed_round: SealedRound) -> Decision:
    """Whether what was sent is to be given up: only when its key is lost."""
    if sealed_round.open_batch is None:
        return Decision(SealedError.ROUND_CLOSED)
    return Decision(SealedError.KEY_THERE) if sealed_round.open_batch.has_key else ALLOW


def can_ask_to_open(name: KeptName, *, forbidden: Collection[UUID]) -> Decision:
    """Whether opening a kept name may be asked for: two keepers must be left who are not forbidden."""
    if NameState.ASKED not in NAME_STEPS[NameState(name.state)]:
        return Decision(SealedError.NAME_ENDED)
    keepers = SealedHolder.objects.filter(key__in=holders_of(pairs_part(bytes(name.envelope))))
    if len(set(keepers.values_list("owner", flat=True)) - set(forbidden)) < 2:  # noqa: PLR2004 - any two
        return Decision(SealedError.TOO_FEW_KEEPERS)
    return ALLOW


def can_open_name(name: KeptName, *, on: date) -> Decision:
    """Whether a kept name may be opened: its author consents, or was asked and has let the days pass."""
    state = NameState(name.state)
    if NameState.OPENED not in NAME_STEPS[state]:
        return Decision(SealedError.NAME_NOT_ASKED if state is NameState.SEALED else SealedError.NAME_ENDED)
    if state is NameState.ASKED and (name.opens_on is None or on < name.opens_on):
        return Decision(SealedError.NAME_TOO_EARLY)
    return ALLOW
