"""Calling the roll: one batch, one ledger entry; nothing twice, and nobody's writing lost."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from trienkhai.core.decisions import Invalid, refuse
from trienkhai.ledger.actions import record
from trienkhai.ledger.clock import local_day
from trienkhai.ledger.models import Entry
from trienkhai.meetings import policies
from trienkhai.meetings.actions.counting import Count, counts_by_roll
from trienkhai.meetings.actions.planning import mark_held
from trienkhai.meetings.actions.rosters import lock, with_cells
from trienkhai.meetings.models import Attendance, Meeting, RosterEntry, Sending
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
    """Somebody's place on the roster; a page has dozens, a hall thousands, so no models are made of them."""

    pk: int
    key: UUID
    group: str
    person: int | None
    unit: int | None


def _roster(meeting: Meeting) -> list[_Place]:
    rows = RosterEntry.objects.current().filter(meeting=meeting)
    return [_Place(*row) for row in rows.values_list("pk", "key", "group", "person", "unit")]


def _places(roster: Iterable[_Place], marks: Mapping[UUID, Mark], hands: policies.Hands) -> dict[int, _Place]:
    found = {row.pk: row for row in roster if row.key in marks}
    if len(found) < len(marks):
        raise Invalid(MeetingFault.STRANGER)
    if not all(hands.may_mark(row.unit) for row in found.values()):
        refuse(MeetingReason.NOT_YOUR_PEOPLE)
    return found


def _judge(meeting: Meeting, places: Mapping[int, _Place], marks: Mapping[UUID, Mark], seen: int | None) -> _Judged:
    said = Attendance.objects.filter(entry__meeting=meeting)
    now = _said(said.current())
    shown = now
    if seen is not None and seen != meeting.roll_seq:
        shown = _said(said.filter(Q(superseded_seq__isnull=True) | Q(superseded_seq__gt=seen), recorded_seq__lte=seen))
    result = _Judged()
    for pk, place in places.items():
        mine, (theirs, since) = marks[place.key], now.get(pk, (None, meeting.roll_seq))
        match judge(mine=mine, seen=shown.get(pk, (None, 0))[0], now=theirs):
            case Verdict.WRITE:
                result.write[pk] = mine
                result.corrected += theirs is not None
            case Verdict.KEEP:
                result.kept += 1
            case Verdict.CONFLICT:
                result.conflicts.append(Conflict(place.key, mine, theirs, since))
            case Verdict.SAME:
                pass
    return result


def _said(rows: QuerySet[Attendance]) -> dict[int, tuple[Mark | None, int]]:
    """``{place: (mark, since which entry)}``."""
    found = rows.values_list("entry", "presence", "reason", "recorded_seq")
    return {entry: (Mark(Presence(presence), reason), seq) for entry, presence, reason, seq in found}


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
    Attendance.objects.bulk_create(
        [
            Attendance(
                entry_id=pk,
                valid_on=meeting.held_on,
                presence=mark.presence,
                reason=mark.reason,
                source=source,
                told_by=told_by,
                recorded_seq=entry.seq,
                recorded_on=entry.recorded_on,
            )
            for pk, mark in judged.write.items()
        ],
        batch_size=1_000,
    )
    meeting.roll_seq = entry.seq
    if is_first:
        mark_held(meeting, entry)
    else:
        meeting.save(update_fields=["roll_seq"])
    visits = [_visit(meeting, places[pk]) for pk, mark in judged.write.items() if mark.attended and places[pk].person]
    before.settle_roll(entry, meeting=meeting, visits=visits, is_first=is_first)
    return entry


def _visit(meeting: Meeting, place: _Place) -> Visit:
    return Visit(place.person or 0, place.unit or 0, RosterGroup(place.group), meeting.held_on, meeting.pk)
