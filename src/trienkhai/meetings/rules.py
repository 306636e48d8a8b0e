"""Meetings and attendance: what counts as having studied."""

from enum import StrEnum


class MeetingState(StrEnum):
    """Where a meeting stands."""

    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"


class MeetingForm(StrEnum):
    """How people meet."""

    IN_PERSON = "in_person"
    ONLINE = "online"
    MIXED = "mixed"


class RosterGroup(StrEnum):
    """Why somebody is on the roster; counted apart."""

    MEMBER = "member"
    OTHER = "other"  # not a member: civil servant, public employee …
    GUEST = "guest"  # khách mời


class Presence(StrEnum):
    """What the roll call found."""

    PRESENT = "present"
    LATE = "late"
    LEFT_EARLY = "left_early"
    ABSENT_EXCUSED = "absent_excused"
    ABSENT = "absent"


class Source(StrEnum):
    """How it was entered."""

    ROLL_CALL = "roll_call"
    SHEET = "sheet"
    TELEPHONE = "telephone"
    IMPORT = "import"


ATTENDED = frozenset({Presence.PRESENT, Presence.LATE, Presence.LEFT_EARLY})
