"""Rounds, holders and people who send: everything through the actions."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID, uuid4

from trienkhai.sealed import actions
from trienkhai.sealed.actions import Release
from trienkhai.sealed.models import SealedRound
from trienkhai.sealed.rules import Mode, RoundPlan, Submission, Unlock

AT = datetime(2026, 11, 23, 3, tzinfo=UTC)
PASSPHRASE = "mưa dầm thấm lâu {}"
SMALL_BOX = 1024


@dataclass(frozen=True)
class Holder:
    """Somebody who holds a key pair, with what they remember."""

    owner: UUID
    passphrase: str

    @property
    def unlock(self) -> Unlock:
        """What they type."""
        return Unlock(self.owner, self.passphrase)


def holders(count: int = 2) -> list[Holder]:
    """Holders with a passphrase each."""
    made = [Holder(uuid4(), PASSPHRASE.format(number)) for number in range(count)]
    for holder in made:
        actions.enrol(owner=holder.owner, passphrase=holder.passphrase, actor=None, at=AT)
    return made


@dataclass
class OpenRound:
    """A round under way, with everybody it takes."""

    sealed_round: SealedRound
    releasers: Sequence[Holder]
    people: Sequence[UUID]
    keepers: Sequence[Holder] = ()
    releases: list[Release] = field(default_factory=list)

    @property
    def key(self) -> UUID:
        """The round's."""
        return self.sealed_round.key

    def send(self, person: UUID, text: str = "", mode: Mode = Mode.NAMELESS, **more: object) -> str:
        """One submission; the receipt."""
        author = str(person) if mode in {Mode.NAMED, Mode.KEPT} else ""
        submission = Submission(mode, {"text": text} if text else {}, author, **more)  # type: ignore[arg-type]
        return actions.send(round_key=self.key, participant=person, submission=submission, at=AT)

    def release(self, *, closes: bool = True) -> Release:
        """Both holders unlock."""
        unlocked = actions.unlock(
            round_key=self.key, unlocks=[holder.unlock for holder in self.releasers[:2]], actor=None, at=AT
        )
        return actions.release(
            round_key=self.key, unlocked=unlocked, write=self.releases.append, actor=None, at=AT, closes=closes
        )


def open_round(
    people: int = 12,
    *,
    releasers: Sequence[Holder] = (),
    keepers: int = 0,
    listed: bool = True,
    **more: object,
) -> OpenRound:
    """A round with its holders and so many people."""
    asked = [uuid4() for _ in range(people)]
    releasing = list(releasers) or holders()
    keeping = holders(keepers)
    plan = RoundPlan(
        owner=uuid4(),
        releasers=[holder.owner for holder in releasing],
        name_keepers=[holder.owner for holder in keeping],
        electorate=asked if listed else None,
        expected=0 if listed else people,
        box_bytes=more.pop("box_bytes", SMALL_BOX if not keepers else 4096),  # type: ignore[arg-type]
        **more,  # type: ignore[arg-type]
    )
    return OpenRound(actions.open_round(plan=plan, actor=None, at=AT), releasing, asked, keeping)
