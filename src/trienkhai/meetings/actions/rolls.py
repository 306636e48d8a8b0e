"""Calling the roll: one batch, one ledger entry; nothing twice, and nobody's writing lost."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import batched
from typing import NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q

from trienkhai.core.decisions import Invalid, refuse
from trienkhai.core.sql import as_key, fetched
from trienkhai.ledger.actions import record
from trienkhai.ledger.clock import local_day
from trienkhai.ledger.models import Entry
from trienkhai.meetings import policies
from trienkhai.meetings.actions.counting import Count, counts_by_roll
from trienkhai.meetings.actions.planning import mark_held
from trienkhai.meetings.actions.rosters import lock, with_cells
from trienkhai.meetings.models import Attendance, Meeting, Sending
from trienkhai.meetings.queries.rosters import seated_units
from trienkhai.meetings.rules import (
    TOLD,
    Mark,
    MeetingFault,
    MeetingReason,
    MeetingState,
    Presence,
    RosterGroup,
    Source,
    Verdict,
    Visit,
    judge,
)
from trienkhai.organisation.rules import Actor


@dataclass(frozen=True)
class Conflict:
    """One person marked here and, since the page was shown, differently by somebody else; theirs stands meanwhile."""

    place: UUID
    mine: Mark
    theirs: Mark | None
    theirs_seq: int


@dataclass(frozen=True)
class RollResult:
    """What became of a roll call.

    ``entry`` is ``None`` when nothing was new. ``written`` counts marks recorded, ``corrected`` those among them that
    replaced another; ``kept`` marks of somebody else left as they are; ``repeated``: this form had arrived before.
    """

    entry: Entry | None = None
    written: int = 0
    corrected: int = 0
    kept: int = 0
    conflicts: tuple[Conflict, ...] = ()
    repeated: bool = False


@dataclass
class _Judged:
    write: dict[int, Mark] = field(default_factory=dict)
    corrected: int = 0
    kept: int = 0
    conflicts: list[Conflict] = field(default_factory=list)


@transaction.atomic
def call_roll(
    *,
    meeting: Meeting,
    marks: Mapping[UUID, Mark],
    actor: Actor,
    at: datetime,
    source: Source = Source.ROLL_CALL,
    told_by: str = "",
    seen: int | None = None,
    sending: UUID | None = None,
) -> RollResult:
    """Record who was there. The first roll call also says that the meeting took place.

    Args:
        meeting: the meeting.
        marks: by key of the place on the roster; places left out stay as they are.
        actor: who enters it; may mark the people of :func:`policies.callable_entries`.
        at: when.
        source: called in the room, or entered afterwards from a sheet or a telephone call.
        told_by: who told (asked for after a telephone call).
        seen: the meeting's ``roll_seq`` when the page was made; ``None`` writes whatever others have written since.
        sending: the form's own key; when it arrives again nothing is done twice.

    Raises:
        Refused: cancelled, before its day, or people the actor may not mark.
        Invalid: somebody who is not on the roster, nobody named for a telephone call.
    """
    day = local_day(at)
    meeting = lock(meeting)
    if sending and Sending.objects.filter(key=sending, meeting=meeting).exists():
        return RollResult(repeated=True)
    roster = _roster(meeting)
    hands = policies.hands_of(actor, meeting.host_id, {row.unit for row in roster if row.unit}, at=day)
    policies.can_call_roll(actor, meeting, at=day, reach=hands).require()
    if source in TOLD and not told_by.strip():
        raise Invalid(MeetingFault.TOLD_BY_MISSING, on="told_by")
    places = _places(roster, marks, hands)
    judged = _judge(meeting, places, {key: _plain(mark) for key, mark in marks.items()}, seen)
    entry = None
    if judged.write or (meeting.state == MeetingState.PLANNED and not judged.conflicts):
        entry = _write(meeting, places, judged, source=source, told_by=told_by.strip()[:150], actor=actor)
        if sending and not judged.conflicts:
            Sending.objects.create(key=sending, meeting=meeting, seq=entry.seq)
    return RollResult(entry, len(judged.write), judged.corrected, judged.kept, tuple(judged.conflicts))


def _plain(mark: Mark) -> Mark:
    """A mark as it is kept: those simply present, or away without a reason, have none."""
    with_reason = mark.presence not in {Presence.PRESENT, Presence.ABSENT}
    return Mark(mark.presence, " ".join(mark.reason.split())[:200] if with_reason else "")


class _Place(NamedTuple):
    """Somebody's place on the roster, and what the roll says of them since which entry."""

    pk: int
    key: UUID
    group: str
    person: int | None
    unit: int | None
    mark: Mark | None
    since: int | None


_ROSTER = """
    SELECT place.id, place.key, place."group", place.person_id, place.unit_id,
           mark.presence, mark.reason, mark.recorded_seq
    FROM meetings_rosterentry place
    LEFT JOIN meetings_attendance mark ON mark.entry_id = place.id AND mark.superseded_seq IS NULL
    WHERE place.meeting_id = %s AND place.superseded_seq IS NULL
"""


def _roster(meeting: Meeting) -> list[_Place]:
    return [
        _Place(pk, as_key(key), group, person, unit, Mark(Presence(presence), reason) if presence else None, since)
        for pk, key, group, person, unit, presence, reason, since in fetched(_ROSTER, [meeting.pk])
    ]


def _places(roster: Iterable[_Place], marks: Mapping[UUID, Mark], hands: policies.Hands) -> dict[int, _Place]:
    found = {row.pk: row for row in roster if row.key in marks}
    if len(found) < len(marks):
        raise Invalid(MeetingFault.STRANGER)
    if not all(hands.may_mark(row.unit) for row in found.values()):
        refuse(MeetingReason.NOT_YOUR_PEOPLE)
    return found


def _judge(meeting: Meeting, places: Mapping[int, _Place], marks: Mapping[UUID, Mark], seen: int | None) -> _Judged:
    shown = None if seen is None or seen == meeting.roll_seq else _shown(meeting, seen)
    result = _Judged()
    for pk, place in places.items():
        mine, theirs = marks[place.key], place.mark
        match judge(mine=mine, seen=theirs if shown is None else shown.get(pk), now=theirs):
            case Verdict.WRITE:
                result.write[pk] = mine
                result.corrected += theirs is not None
            case Verdict.KEEP:
                result.kept += 1
            case Verdict.CONFLICT:
                result.conflicts.append(Conflict(place.key, mine, theirs, place.since or meeting.roll_seq))
            case Verdict.SAME:
                pass
    return result


def _shown(meeting: Meeting, seen: int) -> dict[int, Mark]:
    """What the roll said when ``seen`` was its newest entry, by place."""
    then = Attendance.objects.filter(
        Q(superseded_seq__isnull=True) | Q(superseded_seq__gt=seen), entry__meeting=meeting, recorded_seq__lte=seen
    )
    rows = then.values_list("entry", "presence", "reason")
    return {entry: Mark(Presence(presence), reason) for entry, presence, reason in rows}


def _write(
    meeting: Meeting,
    places: Mapping[int, _Place],
    judged: _Judged,
    *,
    source: Source,
    told_by: str,
    actor: Actor,
) -> Entry:
    detail = {
        "day": meeting.held_on.isoformat(),
        "source": source,
        "told_by": told_by,
        "marks": {str(places[pk].key): [mark.presence, mark.reason] for pk, mark in judged.write.items()},
    }
    entry = record(
        actor=actor.key,
        action="meetings.call_roll",
        subject=meeting.key,
        detail=detail,
        count=max(1, len(judged.write)),
    )
    written = [places[pk] for pk in judged.write]
    is_first = meeting.state == MeetingState.PLANNED
    units: set[int] = set(seated_units(meeting)) if is_first else set()
    if counts_by_roll(meeting.rollout):
        units |= with_cells(row.unit for row in written if row.unit)
    before = Count.take(meeting.rollout, people=[row.person for row in written if row.person], units=units)
    if judged.corrected:
        Attendance.objects.current().filter(entry__in=list(judged.write)).supersede(entry)
    _enter(meeting, judged.write, source=source, told_by=told_by, entry=entry)
    meeting.roll_seq = entry.seq
    if is_first:
        mark_held(meeting, entry)
    else:
        meeting.save(update_fields=["roll_seq"])
    visits = [_visit(meeting, places[pk]) for pk, mark in judged.write.items() if mark.attended and places[pk].person]
    before.settle_roll(entry, meeting=meeting, visits=visits, is_first=is_first)
    return entry


_ENTER = """
    INSERT INTO "meetings_attendance"
        (entry_id, presence, reason, valid_on, source, told_by, recorded_seq, recorded_on)
    VALUES {rows}
"""


def _enter(meeting: Meeting, marks: Mapping[int, Mark], *, source: Source, told_by: str, entry: Entry) -> None:
    stamp: list[int | str] = [
        meeting.held_on.isoformat(),
        str(source),
        told_by,
        entry.seq,
        entry.recorded_on.isoformat(),
    ]
    for chunk in batched(marks.items(), _AT_ONCE):
        values: list[int | str] = []
        for pk, mark in chunk:
            values += (pk, str(mark.presence), mark.reason, *stamp)
        with connection.cursor() as cursor:
            cursor.execute(_ENTER.format(rows=", ".join([_MARKED] * len(chunk))).strip(), values)


_AT_ONCE = 1_000
_MARKED = "(%s, %s, %s, %s, %s, %s, %s, %s)"


def _visit(meeting: Meeting, place: _Place) -> Visit:
    return Visit(place.person or 0, place.unit or 0, RosterGroup(place.group), meeting.held_on, meeting.pk)
