"""Meetings and attendance: what a roll says, what counts as having studied, what both add to figures."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from trienkhai.rollouts.rules import ATTENDANCES, MEETINGS_HELD, OTHERS_STUDIED, CellStudyRule, Effects

LONGEST_MINUTES = 24 * 60
MOST_ON_A_ROSTER = 5_000


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


class MaterialKind(StrEnum):
    """What a file of the meeting is."""

    DOCUMENT = "document"
    PICTURE = "picture"


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


class MeetingReason(StrEnum):
    """Why something may not be done to a meeting."""

    CANCELLED = "meeting_cancelled"
    NOT_CANCELLED = "meeting_not_cancelled"
    SEAT_NOT_YOURS = "meeting_seat_not_yours"
    NOT_YET = "meeting_not_yet"
    NOT_YOUR_PEOPLE = "meeting_not_your_people"
    ROLLOUT_CLOSED = "meeting_rollout_closed"


class MeetingFault(StrEnum):
    """What cannot be true of a meeting or its roll."""

    TITLE_MISSING = "meeting_title_missing"
    BEFORE_OPENING = "meeting_before_opening"
    UNIT_OUTSIDE = "meeting_unit_outside"
    MINUTES = "meeting_minutes"
    MAKE_UP_OF_ANOTHER = "meeting_make_up_of_another"
    MAKE_UP_TOO_EARLY = "meeting_make_up_too_early"
    MADE_UP_BEFORE = "meeting_made_up_before"
    STRANGER = "meeting_stranger"
    TOLD_BY_MISSING = "meeting_told_by_missing"
    ALREADY_LISTED = "meeting_already_listed"
    GUEST_NAME_MISSING = "meeting_guest_name_missing"
    NO_UNIT_THAT_DAY = "meeting_no_unit_that_day"
    TOO_MANY = "meeting_too_many"
    NOTES_CHANGED = "meeting_notes_changed"
    TWICE_IN_BATCH = "meeting_twice_in_batch"
    NOT_A_PROGRAMME = "meeting_not_a_programme"


ATTENDED = frozenset({Presence.PRESENT, Presence.LATE, Presence.LEFT_EARLY})
TOLD = frozenset({Source.TELEPHONE})
"""Sources for which somebody told; who it was is asked for."""


@dataclass(frozen=True)
class Mark:
    """What a roll says of one person. ``reason`` is kept only for those away with one, or late."""

    presence: Presence
    reason: str = ""

    @property
    def attended(self) -> bool:
        """Whether this counts as having been there."""
        return self.presence in ATTENDED


# --- two browsers at once -------------------------------------------------------------------------------------------


class Verdict(StrEnum):
    """What becomes of one submitted mark."""

    SAME = "same"  # already so: a double scan, a repeated form
    WRITE = "write"
    KEEP = "keep"  # not touched here, changed by somebody else in between: theirs stays
    CONFLICT = "conflict"  # changed here and there, differently: nobody's is lost, a person decides


def judge(*, mine: Mark, seen: Mark | None, now: Mark | None) -> Verdict:
    """What to do with ``mine``, typed on a page that showed ``seen``, when the roll by now says ``now``."""
    if mine == now:
        return Verdict.SAME
    if now == seen:
        return Verdict.WRITE
    if mine == seen:
        return Verdict.KEEP
    return Verdict.CONFLICT


# --- shares ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tally:
    """A roll, or part of one, counted. Its denominator is ``listed``: the people on this roster, nobody else."""

    listed: int = 0
    present: int = 0
    late: int = 0
    left_early: int = 0
    excused: int = 0
    absent: int = 0

    @property
    def attended(self) -> int:
        """How many were there at all: in time, late, or gone early."""
        return self.present + self.late + self.left_early

    @property
    def away(self) -> int:
        """How many were away, with a reason or without."""
        return self.excused + self.absent

    @property
    def unmarked(self) -> int:
        """How many nobody has said anything of."""
        return self.listed - self.attended - self.away

    @property
    def share(self) -> Fraction | None:
        """Attended of listed, 0–1; ``None`` for an empty roster."""
        return Fraction(self.attended, self.listed) if self.listed else None

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.listed + other.listed,
            self.present + other.present,
            self.late + other.late,
            self.left_early + other.left_early,
            self.excused + other.excused,
            self.absent + other.absent,
        )


def tally(marks: Iterable[Presence | None]) -> Tally:
    """Count a roll; ``None`` stands for somebody listed and not marked."""
    counts = Counter(marks)
    return Tally(
        listed=counts.total(),
        present=counts[Presence.PRESENT],
        late=counts[Presence.LATE],
        left_early=counts[Presence.LEFT_EARLY],
        excused=counts[Presence.ABSENT_EXCUSED],
        absent=counts[Presence.ABSENT],
    )


# --- who is on a roster ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, order=True)
class Listed:
    """Somebody who belongs on a roster: the person, their unit on the day, and the group they are counted in."""

    person: int
    unit: int
    group: RosterGroup


@dataclass(frozen=True)
class Redraw:
    """What drawing a roster again changes: who comes to it, whose unit or group changed, who leaves it."""

    comes: frozenset[Listed]
    leaves: frozenset[int]

    def __bool__(self) -> bool:
        return bool(self.comes or self.leaves)


def redraw(*, wanted: Iterable[Listed], drawn: Mapping[int, Listed], kept: Iterable[int]) -> Redraw:
    """The difference between who belongs on the roster and who is on it.

    Args:
        wanted: everybody who belongs on it.
        drawn: who is on it now, by person.
        kept: persons who stay as they are: added by hand, or already marked.

    Persons whose unit or group is no longer right leave and come again.
    """
    stay = set(kept)
    right = {listed.person: listed for listed in wanted}
    wrong = {person for person, listed in drawn.items() if right.get(person) != listed} - stay
    comes = {listed for person, listed in right.items() if person not in drawn or person in wrong}
    return Redraw(frozenset(comes), frozenset(wrong))


# --- from facts to milestones and figures ---------------------------------------------------------------------------


def studied_on(attended: Iterable[date]) -> date | None:
    """The day a person had studied: the first of the days they were at a study meeting of the roll-out that was held.

    Late and left early count: they were there, and the roll says how.
    """
    return min(attended, default=None)


@dataclass(frozen=True)
class Sitting:
    """What one held meeting was for one unit.

    ``course``: the meeting this one makes up for, or itself; sessions of one course are one study for the quorum.
    ``listed`` and ``attended``: the unit's own members on this roster, by person.
    """

    day: date
    is_own: bool
    course: int
    is_make_up: bool = False
    listed: frozenset[int] = frozenset()
    attended: frozenset[int] = frozenset()


def unit_studied_on(rule: CellStudyRule, quorum_percent: int, sittings: Iterable[Sitting]) -> date | None:
    """The day a unit counts as having studied, under the roll-out's rule.

    ``OWN_OR_SEATS``: the first held meeting of its own or with seats for it. ``OWN_ONLY``: the first of its own.
    ``QUORUM``: the first day by which at least ``quorum_percent`` of its members on a meeting's roster had been at that
    meeting or at a session making up for it; a make-up session's short roster is never a denominator by itself, and a
    roster without any of the unit's members proves nothing.
    """
    found = sorted(sittings, key=lambda sitting: (sitting.day, sitting.is_make_up, sitting.course))
    if rule is CellStudyRule.OWN_ONLY:
        return min((sitting.day for sitting in found if sitting.is_own), default=None)
    if rule is CellStudyRule.OWN_OR_SEATS:
        return min((sitting.day for sitting in found), default=None)
    rosters = {sitting.course: sitting.listed for sitting in found if not sitting.is_make_up}
    came: dict[int, set[int]] = {}
    for sitting in found:
        roster = rosters.get(sitting.course, frozenset())
        there = came.setdefault(sitting.course, set())
        there |= sitting.attended & roster
        if roster and 100 * len(there) >= quorum_percent * len(roster):
            return sitting.day
    return None


@dataclass(frozen=True)
class Visit:
    """One attended place on the roster of a held meeting: who, counted in which unit, on which day."""

    person: int
    unit: int
    group: RosterGroup
    day: date
    meeting: int = 0


def attendance_effects(visits: Iterable[Visit]) -> Effects:
    """Attendances (lượt), each in the person's unit on its day; guests are not counted."""
    return Counter((ATTENDANCES, visit.unit, visit.day) for visit in visits if visit.group is not RosterGroup.GUEST)


def other_effects(visits: Iterable[Visit]) -> Effects:
    """People who are not members and took part: each once a roll-out, on their first day, in their unit of that day."""
    first: dict[int, Visit] = {}
    for visit in visits:
        if visit.group is not RosterGroup.OTHER:
            continue
        before = first.get(visit.person)
        if before is None or (visit.day, visit.meeting) < (before.day, before.meeting):
            first[visit.person] = visit
    return Counter((OTHERS_STUDIED, visit.unit, visit.day) for visit in first.values())


def holding_effects(host: int, held_on: date | None) -> Effects:
    """A held meeting counts once, for its host."""
    return Counter({(MEETINGS_HELD, host, held_on): 1}) if held_on else Counter()
