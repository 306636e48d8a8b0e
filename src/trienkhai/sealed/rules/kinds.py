"""Modes, fates, states, faults; what is sent and what comes out. Imports no Django."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

type Json = str | int | float | bool | list[Json] | dict[str, Json] | None

THRESHOLD = 5
"""Fewer texts without a name than this are handled as each author chose."""
FEWEST = 10
"""A round for fewer people takes nothing without a name."""
BOX_BYTES = 8192
NAME_KEEPERS = range(3, 6)
RELEASERS = range(2, 6)
WAIT_DAYS = 7
"""How long the author of a kept name has to answer before two holders may open it."""
LONGEST_AUTHOR = 200
SHORTEST_PASSPHRASE = 12
WRONG_TRIES = 10
"""So many wrong passphrases of one holder within an hour, and the holder's key stays shut until the hour is over."""
TRY_HOURS = 1
BATCHES_OF = 2
"""A batch may be released before the end once it holds so many times the threshold."""


class Mode(StrEnum):
    """How something is said."""

    NAMED = "named"
    KEPT = "name_kept"
    NAMELESS = "without_name"
    NOTHING = "no_comment"


class Below(StrEnum):
    """What the author of a text without a name wants when too few such texts came."""

    RELEASE = "release"
    DESTROY = "destroy"


class Custody(StrEnum):
    """Who can release: the promise above the box says it."""

    TWO_HOLDERS = "two_holders"
    KEY_FILE = "key_file"


class Purpose(StrEnum):
    """What a holder is needed for."""

    RELEASE = "release"
    NAMES = "names"


class Outcome(StrEnum):
    """How a round has ended."""

    RELEASED = "released"
    DISCARDED = "discarded"


class KeyState(StrEnum):
    """Where a round's key is."""

    PRESENT = "present"
    LOST = "lost"  # the round is open, the key is gone: people are asked to send again
    DESTROYED = "destroyed"
    LEFT = "left"  # the round has ended, the key is still there: it will be destroyed


class Fate(StrEnum):
    """What became of something sent."""

    WAITING = "waiting"
    RELEASED = "released"
    DESTROYED = "destroyed"
    NO_COMMENT = "no_comment"


class NameState(StrEnum):
    """Where a kept name stands."""

    SEALED = "sealed"
    ASKED = "asked"
    CONSENTED = "consented"
    WITHDRAWN = "withdrawn"
    OPENED = "opened"


NAME_STEPS: Mapping[NameState, frozenset[NameState]] = {
    NameState.SEALED: frozenset({NameState.ASKED, NameState.WITHDRAWN}),
    NameState.ASKED: frozenset({NameState.CONSENTED, NameState.WITHDRAWN, NameState.OPENED}),
    NameState.CONSENTED: frozenset({NameState.WITHDRAWN, NameState.OPENED}),
    NameState.WITHDRAWN: frozenset(),
    NameState.OPENED: frozenset(),
}


class SealedError(StrEnum):
    """Why something is not done with a box, a key or a name."""

    ALREADY_SENT = "already_sent"
    NOT_IN_ELECTORATE = "not_in_electorate"
    ROUND_CLOSED = "round_closed"
    KEY_LOST = "round_key_lost"
    KEY_THERE = "round_key_there"
    NAMELESS_NOT_ALLOWED = "nameless_not_allowed"
    NAMES_NOT_KEPT = "names_not_kept"
    TOO_LONG = "submission_too_long"
    UNREADABLE = "submission_unreadable"
    NO_AUTHOR = "submission_without_author"
    AUTHOR_GIVEN = "submission_with_author"
    RECEIPT_MALFORMED = "receipt_malformed"
    RECEIPT_UNKNOWN = "receipt_unknown"
    TOO_FEW_PEOPLE = "too_few_people_for_nameless"
    NUMBER_OF_RELEASERS = "number_of_releasers"
    NUMBER_OF_KEEPERS = "number_of_keepers"
    NOT_ENROLLED = "holder_not_enrolled"
    ONE_KEY_FILE = "one_key_file"
    NOT_A_HOLDER = "not_a_holder"
    TWO_NEEDED = "two_holders_needed"
    PASSPHRASE_WRONG = "passphrase_wrong"  # noqa: S105 - a code
    PASSPHRASE_SHORT = "passphrase_short"  # noqa: S105 - a code
    TOO_MANY_TRIES = "too_many_passphrases"
    BATCH_CHANGED = "batch_changed"
    BATCH_SMALL = "batch_small"
    KEY_NOT_SAVED = "round_key_not_saved"
    NAME_NOT_ASKED = "name_not_asked"
    NAME_ENDED = "name_ended"
    NAME_DAMAGED = "name_damaged"
    NAME_TOO_EARLY = "name_too_early"
    HOLDER_FORBIDDEN = "holder_forbidden"
    TOO_FEW_KEEPERS = "too_few_keepers_left"


@dataclass(frozen=True)
class RoundPlan:
    """How a round is to be opened.

    ``owner``: opaque key of what it is for. ``releasers``: owners of enrolled pairs, two to five, any two of whom
    release; one of two may be a key file. ``name_keepers``: likewise, three to five, any two of whom open a kept name;
    none: no name is kept. ``electorate``: who may send; ``None``: the app above lets people in, and ``expected`` is how
    many they are. ``nameless``: whether texts without a name are taken. ``until``: when sending ends by itself.
    ``threshold``: fewer texts without a name are handled as each author chose. ``box_bytes``: the size of each box.
    """

    owner: UUID
    releasers: Sequence[UUID]
    name_keepers: Sequence[UUID] = ()
    electorate: Collection[UUID] | None = None
    expected: int = 0
    nameless: bool = True
    until: datetime | None = None
    threshold: int = THRESHOLD
    box_bytes: int = BOX_BYTES

    @property
    def size(self) -> int:
        """How many may send."""
        return self.expected if self.electorate is None else len(set(self.electorate))


@dataclass(frozen=True, repr=False)
class Submission:
    """What one person sends. ``author`` for a named or kept text alone. Never shown: its ``repr`` says nothing."""

    mode: Mode
    content: dict[str, Json] = field(default_factory=dict)
    author: str = ""
    below: Below = Below.DESTROY


@dataclass(frozen=True, repr=False)
class Unlock:
    """A holder's passphrase. ``holder`` is the owner's opaque key. Never shown."""

    holder: UUID
    passphrase: str


@dataclass(frozen=True)
class Released:
    """One text as released: nothing of its box, its time or its size is left.

    ``author``: for a named text. ``answer``: what its receipt leads to (64 hex digits). ``kept_name``: the key of the
    envelope around its author's name.
    """

    mode: Mode
    content: dict[str, Json]
    author: str
    answer: str
    kept_name: UUID | None = None


@dataclass(frozen=True)
class Counts:
    """How many boxes there were and what was in them. ``unreadable``: damaged, or not made by this program."""

    sent: int = 0
    named: int = 0
    kept: int = 0
    nameless: int = 0
    nothing: int = 0
    destroyed: int = 0
    unreadable: int = 0


def fate_of(mode: Mode, below: Below, *, nameless: int, threshold: int) -> Fate:
    """What becomes of one box's content.

    Args:
        mode: how it was said.
        below: what its author chose.
        nameless: how many texts without a name came in the same batch, this one included.
        threshold: how many it takes for one to be lost among them.
    """
    if mode is Mode.NOTHING:
        return Fate.NO_COMMENT
    if mode is Mode.NAMELESS and nameless < threshold and below is Below.DESTROY:
        return Fate.DESTROYED
    return Fate.RELEASED
