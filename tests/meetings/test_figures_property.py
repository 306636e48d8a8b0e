"""Random changes to meetings; figures must equal a plain recount that shares nothing with the rules."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.examples import examples
from tests.factories.meetings import DAY, NOW, World, make_ward
from trienkhai.core.decisions import DomainError
from trienkhai.figures.actions import roll_up_all
from trienkhai.ledger.queries import check_ledger
from trienkhai.meetings import actions
from trienkhai.meetings.actions import BatchMeeting, MeetingFacts
from trienkhai.meetings.models import Attendance, Holding, Meeting, RosterEntry, Seat
from trienkhai.meetings.rules import Mark, Presence
from trienkhai.organisation.rules import SYSTEM
from trienkhai.rollouts.rules import ATTENDANCES, MEETINGS_HELD, OTHERS_STUDIED, CellStudyRule

CODES = ("study.person.studied", "study.unit.studied", OTHERS_STUDIED, ATTENDANCES, MEETINGS_HELD)
THERE = {"present", "late", "left_early"}
days = st.integers(0, 6).map(lambda n: DAY + timedelta(days=n))
steps = st.lists(
    st.tuples(
        st.sampled_from(["plan", "batch", "roll", "roll", "roll", "move", "cancel", "restore", "off", "make_up"]),
        st.integers(0, 30),
        days,
        st.lists(st.sampled_from(Presence), min_size=8, max_size=8),
    ),
    min_size=1,
    max_size=9,
)


def recount(world: World, as_of: date) -> list[int]:
    held = {h.meeting_id: h.valid_on for h in Holding.objects.filter(superseded_seq=None) if h.valid_on <= as_of}
    entries = {e.pk: e for e in RosterEntry.objects.filter(superseded_seq=None)}
    there = [
        entries[a.entry_id]
        for a in Attendance.objects.filter(superseded_seq=None)
        if a.presence in THERE and a.entry_id in entries and entries[a.entry_id].meeting_id in held
    ]
    owing = {person.pk for cell in world.cells for person in world.members[cell.pk]}
    seats = {(s.unit_id, s.meeting_id) for s in Seat.objects.filter(superseded_seq=None)}
    quorum = world.rollout.quorum_percent
    studied = set()
    for cell in world.cells:
        for meeting in Meeting.objects.filter(makes_up_for=None):
            if (cell.pk, meeting.pk) not in seats or meeting.pk not in held:
                continue
            roster = {e.person_id for e in entries.values() if (e.meeting_id, e.unit_id) == (meeting.pk, cell.pk)}
            course = {meeting.pk, *Meeting.objects.filter(makes_up_for=meeting).values_list("pk", flat=True)}
            seated = {pk for pk in course if (cell.pk, pk) in seats}
            came = {e.person_id for e in there if e.meeting_id in seated} & roster
            if roster and len(came) / len(roster) >= quorum / 100:
                studied.add(cell.pk)
    return [
        len({e.person_id for e in there} & owing),
        len(studied),
        len({e.person_id for e in there if e.group == "other"}),
        sum(e.person_id is not None for e in there),
        len(held),
    ]


def act(world: World, step: tuple[str, int, date, list[Presence]]) -> None:
    kind, n, day, presences = step
    known = list(Meeting.objects.order_by("pk"))
    hosts = [*world.cells, world.ward]
    host = hosts[n % len(hosts)]
    seats = [world.cells[n % 2].pk, world.agency.pk] if host == world.ward else []
    if kind == "plan" or not known:
        world.meet(host, on=day, seats=seats)
        return
    if kind == "batch":
        facts = MeetingFacts(title="Học tập", held_on=day, seats=seats)
        said = {p.pk: Mark(presences[0]) for p in world.others[:1]} if seats else {}
        one = BatchMeeting(host=host.pk, facts=facts, marks=said)
        actions.record_meetings(rollout=world.rollout, batch=[one], actor=SYSTEM, at=NOW)
        return
    meeting = known[n % len(known)]
    common: dict[str, Any] = {"meeting": meeting, "actor": SYSTEM, "at": NOW}
    places = list(RosterEntry.objects.filter(meeting=meeting, superseded_seq=None).order_by("pk"))
    if kind == "roll":
        roll = {place.key: Mark(presences[i % 8]) for i, place in enumerate(places) if (i + n) % 3}
        actions.call_roll(marks=roll, **common)
    elif kind == "move":
        actions.change_meeting(facts=MeetingFacts(title="Học tập", held_on=day, seats=seats if n % 2 else ()), **common)
    elif kind == "cancel":
        actions.cancel_meeting(because="", **common)
    elif kind == "restore":
        actions.restore_meeting(**common)
    elif kind == "off" and places:
        actions.remove_from_roster(place=places[n % len(places)].key, **common)
    elif kind == "make_up":
        actions.plan_make_up(held_on=day, title="Học bù", **common)


@pytest.mark.django_db
@settings(max_examples=examples(12, thorough=500), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps, quorum=st.sampled_from([0, 50, 100]))
def test_figures_equal_a_plain_recount_after_any_changes(
    steps: list[tuple[str, int, date, list[Presence]]], quorum: int
) -> None:
    from django.db import transaction  # noqa: PLC0415 - each example is undone

    with transaction.atomic():
        world = make_ward(members=3, rule=CellStudyRule.QUORUM, quorum=quorum)
        for n, step in enumerate(steps):
            try:
                with transaction.atomic():
                    act(world, step)
            except DomainError:
                continue
            if n % 3 == 2:
                roll_up_all()
            for as_of in (DAY, DAY + timedelta(days=3), NOW.date()):
                assert world.figures(as_of=as_of, codes=CODES) == recount(world, as_of)
        assert check_ledger() == []
        transaction.set_rollback(True)
