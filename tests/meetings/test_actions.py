from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.factories.meetings import DAY, NOW, OPENS, World, acting, make_ward, marks, person, tie
from trienkhai.core.decisions import DomainError, Invalid, Refused
from trienkhai.ledger.models import Entry
from trienkhai.meetings import actions
from trienkhai.meetings.actions import BatchMeeting, MeetingFacts
from trienkhai.meetings.models import Attendance, Holding, Meeting, RosterEntry, Seat, Sending
from trienkhai.meetings.rules import Mark, MeetingFault, MeetingReason, MeetingState, Presence, RosterGroup, Source
from trienkhai.organisation.rules import SYSTEM, MemberKind, Role, Standing
from trienkhai.rollouts.models import Milestone
from trienkhai.rollouts.rules import ATTENDANCES, MEETINGS_HELD, OTHERS_STUDIED, CellStudyRule

pytestmark = pytest.mark.django_db
PERSONS = "study.person.studied"
UNITS = "study.unit.studied"
ALL = (PERSONS, UNITS, OTHERS_STUDIED, ATTENDANCES, MEETINGS_HELD)


@pytest.fixture
def world() -> World:
    return make_ward()


def call(meeting: Meeting, **values: Any) -> actions.RollResult:
    values.setdefault("marks", marks(meeting))
    return actions.call_roll(meeting=meeting, actor=SYSTEM, at=NOW, **values)


def listed(meeting: Meeting) -> list[tuple[str, str]]:
    rows = RosterEntry.objects.current().filter(meeting=meeting).select_related("person").order_by("pk")
    return [(row.person.full_name if row.person else row.guest_name, row.group) for row in rows]


def code_of(caught: pytest.ExceptionInfo[DomainError]) -> str:
    return str(caught.value.code)


# --- planning and rosters


def test_a_planned_meeting_lists_those_who_owe_study_and_counts_nothing(world: World) -> None:
    meeting = world.meet()
    assert len(listed(meeting)) == 4
    assert {group for _name, group in listed(meeting)} == {RosterGroup.MEMBER}
    assert world.figures(codes=ALL) == [0, 0, 0, 0, 0]


def test_seats_bring_members_and_people_who_are_not_members_apart(world: World) -> None:
    meeting = world.meet(world.ward, seats=[world.cells[0].pk, world.agency.pk])
    groups = [group for _name, group in listed(meeting)]
    assert groups.count("member") == 4
    assert groups.count("other") == 2
    assert set(Seat.objects.filter(meeting=meeting).values_list("unit", flat=True)) == {
        world.ward.pk,
        world.cells[0].pk,
        world.agency.pk,
    }


def test_somebody_exempt_is_not_listed_and_can_be_added(world: World) -> None:
    exempt = person(0, "Vũ Thị Yến")
    tie(exempt, world.cells[0], standing=Standing.EXEMPT)
    meeting = world.meet()
    assert "Vũ Thị Yến" not in dict(listed(meeting))
    actions.add_person(meeting=meeting, person=exempt, actor=SYSTEM, at=NOW)
    assert dict(listed(meeting))["Vũ Thị Yến"] == RosterGroup.MEMBER
    with pytest.raises(Invalid) as caught:
        actions.add_person(meeting=meeting, person=exempt, actor=SYSTEM, at=NOW)
    assert code_of(caught) == MeetingFault.ALREADY_LISTED
    call(meeting)
    assert world.figures(codes=ALL) == [4, 1, 0, 5, 1]  # was there, owes nothing


def test_a_stranger_is_added_as_a_guest_and_is_in_no_figure(world: World) -> None:
    meeting = world.meet()
    with pytest.raises(Invalid) as caught:
        actions.add_person(meeting=meeting, person=person(1), actor=SYSTEM, at=NOW)
    assert code_of(caught) == MeetingFault.NO_UNIT_THAT_DAY
    key = uuid4()
    for _twice in range(2):
        actions.add_guest(meeting=meeting, name="  Đỗ  Văn Khách ", actor=SYSTEM, at=NOW, key=key)
    assert listed(meeting)[-1] == ("Đỗ Văn Khách", "guest")
    assert len(listed(meeting)) == 5
    call(meeting)
    assert world.figures(codes=ALL) == [4, 1, 0, 4, 1]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"title": "  "}, MeetingFault.TITLE_MISSING),
        ({"held_on": OPENS - timedelta(days=1)}, MeetingFault.BEFORE_OPENING),
        ({"minutes": 0}, MeetingFault.MINUTES),
        ({"minutes": 100_000}, MeetingFault.MINUTES),
        ({"seats": [10_000_000]}, MeetingFault.UNIT_OUTSIDE),
    ],
)
def test_what_cannot_be_true_of_a_meeting(world: World, values: dict[str, Any], code: str) -> None:
    facts = MeetingFacts(**{"title": "Học tập", "held_on": DAY, **values})
    with pytest.raises(Invalid) as caught:
        actions.plan_meeting(rollout=world.rollout, host=world.cells[0], facts=facts, actor=SYSTEM, at=NOW)
    assert code_of(caught) == code
    assert not Meeting.objects.exists()


def test_a_cell_secretary_gives_no_seats_to_another_cell(world: World) -> None:
    secretary = acting(Role.SECRETARY, world.cells[0])
    facts = MeetingFacts(title="Học tập", held_on=DAY, seats=[world.cells[1].pk])
    with pytest.raises(Refused) as caught:
        actions.plan_meeting(rollout=world.rollout, host=world.cells[0], facts=facts, actor=secretary, at=NOW)
    assert code_of(caught) == MeetingReason.SEAT_NOT_YOURS


def test_a_planning_form_sent_twice_makes_one_meeting(world: World) -> None:
    key = uuid4()
    facts = MeetingFacts(title="Học tập", held_on=DAY)
    for _twice in range(2):
        actions.plan_meeting(rollout=world.rollout, host=world.cells[0], facts=facts, actor=SYSTEM, at=NOW, key=key)
    assert Meeting.objects.count() == 1


def test_drawing_again_follows_memberships_and_keeps_hands_and_marks(world: World) -> None:
    meeting = world.meet()
    actions.call_roll(meeting=meeting, marks=dict(list(marks(meeting).items())[:1]), actor=SYSTEM, at=NOW)
    assert actions.draw_roster(meeting=meeting, actor=SYSTEM, at=NOW) is None
    newcomer = person(3, "Đinh Văn Mới")
    tie(newcomer, world.agency, MemberKind.OTHER)
    actions.change_meeting(
        meeting=meeting,
        facts=MeetingFacts(title="Học tập", held_on=DAY, seats=[world.agency.pk]),
        actor=SYSTEM,
        at=NOW,
    )
    assert len(listed(meeting)) == 4 + 3
    actions.change_meeting(meeting=meeting, facts=MeetingFacts(title="Học tập", held_on=DAY), actor=SYSTEM, at=NOW)
    assert len(listed(meeting)) == 4
    assert RosterEntry.objects.filter(meeting=meeting, superseded_seq__isnull=False).count() == 3


# --- roll calls


def test_a_roll_call_is_one_entry_holds_the_meeting_and_counts(world: World) -> None:
    meeting = world.meet(world.ward, seats=[world.cells[0].pk, world.agency.pk])
    entries = Entry.objects.count()
    said = marks(meeting, An=Mark(Presence.ABSENT_EXCUSED, "ốm"), Bình=Mark(Presence.LATE))
    result = actions.call_roll(meeting=meeting, marks=said, actor=SYSTEM, at=NOW)
    assert Entry.objects.count() == entries + 1
    assert result.entry is not None
    assert result.entry.count == result.written == 6
    meeting.refresh_from_db()
    assert meeting.state == MeetingState.HELD
    assert Holding.objects.get().valid_on == DAY
    assert world.figures(codes=ALL) == [3, 1, 2, 5, 1]
    assert world.figures(as_of=DAY - timedelta(days=1), codes=ALL) == [0, 0, 0, 0, 0]
    assert world.figures(world.agency, codes=ALL) == [0, 0, 2, 2, 0]
    assert world.figures(world.cells[1], codes=ALL) == [0, 0, 0, 0, 0]


def test_the_same_roll_again_writes_nothing(world: World) -> None:
    meeting = world.meet()
    call(meeting)
    entries = Entry.objects.count()
    for _again in range(3):
        assert call(meeting).entry is None
    assert Entry.objects.count() == entries
    assert Attendance.objects.count() == 4


def test_a_correction_supersedes_and_figures_follow(world: World) -> None:
    meeting = world.meet()
    call(meeting)
    said = marks(meeting, An=Mark(Presence.ABSENT))
    result = call(meeting, marks=said)
    assert (result.written, result.corrected) == (1, 1)
    assert world.figures(codes=ALL) == [3, 1, 0, 3, 1]
    assert Attendance.objects.count() == 5
    assert Attendance.objects.current().count() == 4
    call(meeting)
    assert world.figures(codes=ALL) == [4, 1, 0, 4, 1]


def test_two_meetings_count_a_person_once_and_attendances_twice(world: World) -> None:
    early, late = world.meet(on=DAY), world.meet(on=DAY + timedelta(days=30))
    call(late)
    call(early)
    assert world.figures(codes=ALL) == [4, 1, 0, 8, 2]
    assert world.figures(as_of=DAY, codes=ALL) == [4, 1, 0, 4, 1]
    actions.cancel_meeting(meeting=early, because="nhập nhầm", actor=SYSTEM, at=NOW)
    assert world.figures(as_of=DAY, codes=ALL) == [0, 0, 0, 0, 0]
    assert world.figures(codes=ALL) == [4, 1, 0, 4, 1]
    assert set(Milestone.objects.current().values_list("starts_on", flat=True)) == {DAY + timedelta(days=30)}


def test_people_who_are_not_members_count_once_on_their_first_day(world: World) -> None:
    seats = [world.agency.pk]
    later = world.meet(world.ward, on=DAY + timedelta(days=30), seats=seats)
    first = world.meet(world.ward, seats=seats)
    call(later)
    call(first)
    assert world.figures(codes=(OTHERS_STUDIED,)) == [2]
    assert world.figures(as_of=DAY, codes=(OTHERS_STUDIED,)) == [2]
    call(first, marks=marks(first, Presence.ABSENT))
    assert world.figures(as_of=DAY, codes=(OTHERS_STUDIED,)) == [0]
    assert world.figures(codes=(OTHERS_STUDIED,)) == [2]


def test_a_roll_from_a_telephone_call_says_who_told(world: World) -> None:
    meeting = world.meet()
    with pytest.raises(Invalid) as caught:
        call(meeting, source=Source.TELEPHONE, told_by=" ")
    assert code_of(caught) == MeetingFault.TOLD_BY_MISSING
    call(meeting, source=Source.TELEPHONE, told_by="đ/c Bí thư")
    row = Attendance.objects.current().first()
    assert row is not None
    assert (row.source, row.told_by) == (Source.TELEPHONE, "đ/c Bí thư")


def test_reasons_are_kept_for_those_away_with_one_alone(world: World) -> None:
    meeting = world.meet()
    said = marks(meeting, An=Mark(Presence.PRESENT, "x"), Ánh=Mark(Presence.ABSENT_EXCUSED, "  đi   viện "))
    call(meeting, marks=said)
    assert sorted(Attendance.objects.values_list("reason", flat=True)) == ["", "", "", "đi viện"]
    assert call(meeting, marks=said).entry is None


def test_no_roll_before_the_day_nor_of_a_cancelled_meeting(world: World) -> None:
    ahead = world.meet(on=date(2012, 12, 30))
    with pytest.raises(Refused) as caught:
        call(ahead)
    assert code_of(caught) == MeetingReason.NOT_YET
    meeting = world.meet()
    actions.cancel_meeting(meeting=meeting, because="bão", actor=SYSTEM, at=NOW)
    with pytest.raises(Refused) as caught:
        call(meeting)
    assert code_of(caught) == MeetingReason.CANCELLED
    actions.restore_meeting(meeting=meeting, actor=SYSTEM, at=NOW)
    assert call(meeting).written == 4


def test_a_place_of_another_meeting_is_a_stranger(world: World) -> None:
    meeting, other = world.meet(), world.meet(world.cells[1])
    with pytest.raises(Invalid) as caught:
        call(meeting, marks=marks(other))
    assert code_of(caught) == MeetingFault.STRANGER
    assert not Attendance.objects.exists()


def test_a_seated_units_secretary_marks_their_own_people_only(world: World) -> None:
    meeting = world.meet(world.ward, seats=[cell.pk for cell in world.cells])
    secretary = acting(Role.SECRETARY, world.cells[0])
    own = {row.key: Mark(Presence.PRESENT) for row in RosterEntry.objects.filter(meeting=meeting, unit=world.cells[0])}
    assert actions.call_roll(meeting=meeting, marks=own, actor=secretary, at=NOW).written == 4
    with pytest.raises(Refused) as caught:
        actions.call_roll(meeting=meeting, marks=marks(meeting), actor=secretary, at=NOW)
    assert code_of(caught) == MeetingReason.NOT_YOUR_PEOPLE
    assert world.figures(codes=ALL) == [4, 2, 0, 4, 1]


# --- two browsers at once


def test_what_others_wrote_meanwhile_stays_and_only_real_conflicts_are_asked(world: World) -> None:
    meeting = world.meet()
    call(meeting)
    meeting.refresh_from_db()
    seen = meeting.roll_seq
    theirs = marks(meeting, An=Mark(Presence.ABSENT_EXCUSED, "ốm"), Ánh=Mark(Presence.LATE))
    call(meeting, marks=theirs, seen=seen)
    mine = marks(meeting, Ánh=Mark(Presence.ABSENT), Bình=Mark(Presence.LEFT_EARLY))
    result = call(meeting, marks=mine, seen=seen)
    assert (result.written, result.kept, len(result.conflicts)) == (1, 1, 1)
    conflict = result.conflicts[0]
    assert (conflict.mine, conflict.theirs) == (Mark(Presence.ABSENT), Mark(Presence.LATE))
    said = {
        row.entry.person.full_name.split()[-1]: row.presence
        for row in Attendance.objects.current().select_related("entry__person")
        if row.entry.person
    }
    assert said == {"An": "absent_excused", "Ánh": "late", "Bình": "left_early", "Chi": "present"}
    meeting.refresh_from_db()
    assert call(meeting, marks={conflict.place: conflict.mine}, seen=meeting.roll_seq).corrected == 1


def test_a_form_that_arrives_twice_does_nothing_twice(world: World) -> None:
    meeting = world.meet()
    sending = uuid4()
    first = call(meeting, sending=sending, seen=0)
    call(meeting, marks=marks(meeting, An=Mark(Presence.ABSENT)))
    again = call(meeting, sending=sending, seen=0)
    assert first.written == 4
    assert again.repeated
    assert world.figures(codes=(PERSONS,)) == [3]
    assert Sending.objects.count() == 1


# --- other days, make-ups, rules of when a cell has studied


def test_another_day_moves_what_was_held(world: World) -> None:
    meeting = world.meet()
    call(meeting)
    to = DAY + timedelta(days=10)
    actions.change_meeting(meeting=meeting, facts=MeetingFacts(title="Học tập", held_on=to), actor=SYSTEM, at=NOW)
    assert world.figures(as_of=to - timedelta(days=1), codes=ALL) == [0, 0, 0, 0, 0]
    assert world.figures(as_of=to, codes=ALL) == [4, 1, 0, 4, 1]
    assert list(Holding.objects.current().values_list("valid_on", flat=True)) == [to]
    with pytest.raises(Refused) as caught:
        actions.change_meeting(
            meeting=meeting, facts=MeetingFacts(title="Học tập", held_on=date(2013, 1, 1)), actor=SYSTEM, at=NOW
        )
    assert code_of(caught) == MeetingReason.NOT_YET


def test_a_make_up_session_lists_those_who_owe_and_were_not_there(world: World) -> None:
    meeting = world.meet()
    call(meeting, marks=marks(meeting, An=Mark(Presence.ABSENT), Chi=Mark(Presence.ABSENT_EXCUSED, "ốm")))
    again = actions.plan_make_up(meeting=meeting, held_on=DAY + timedelta(days=7), title="Học bù", actor=SYSTEM, at=NOW)
    assert sorted(name.split()[-1] for name, _group in listed(again)) == ["An", "Chi"]
    call(again)
    assert world.figures(codes=ALL) == [4, 1, 0, 4, 2]
    assert actions.draw_roster(meeting=again, actor=SYSTEM, at=NOW) is None
    third = actions.plan_make_up(meeting=again, held_on=DAY + timedelta(days=9), title="x", actor=SYSTEM, at=NOW)
    assert third.makes_up_for_id == meeting.pk
    assert listed(third) == []
    with pytest.raises(Invalid) as caught:
        actions.plan_make_up(meeting=meeting, held_on=DAY - timedelta(days=1), title="x", actor=SYSTEM, at=NOW)
    assert code_of(caught) == MeetingFault.MAKE_UP_TOO_EARLY
    with pytest.raises(Invalid) as caught:
        actions.change_meeting(
            meeting=meeting,
            facts=MeetingFacts(title="x", held_on=DAY + timedelta(days=8)),
            actor=SYSTEM,
            at=NOW,
        )
    assert code_of(caught) == MeetingFault.MADE_UP_BEFORE


@pytest.mark.parametrize(
    ("rule", "after_seats", "after_own"), [(CellStudyRule.OWN_OR_SEATS, 1, 1), (CellStudyRule.OWN_ONLY, 0, 1)]
)
def test_when_a_cell_has_studied(rule: CellStudyRule, after_seats: int, after_own: int) -> None:
    world = make_ward(rule=rule)
    cell = world.cells[0]
    meeting = world.meet(world.ward, seats=[cell.pk])
    actions.hold_meeting(meeting=meeting, actor=SYSTEM, at=NOW)
    assert actions.hold_meeting(meeting=meeting, actor=SYSTEM, at=NOW) is None
    assert world.figures(cell, codes=(UNITS,)) == [after_seats]
    call(world.meet(cell))
    assert world.figures(cell, codes=(UNITS,)) == [after_own]


def test_a_quorum_is_reached_together_with_make_up_sessions() -> None:
    world = make_ward(rule=CellStudyRule.QUORUM, quorum=75)
    meeting = world.meet()
    call(meeting, marks=marks(meeting, An=Mark(Presence.ABSENT), Chi=Mark(Presence.ABSENT)))
    assert world.figures(codes=(UNITS,)) == [0]
    again = actions.plan_make_up(meeting=meeting, held_on=DAY + timedelta(days=7), title="Học bù", actor=SYSTEM, at=NOW)
    call(again, marks=marks(again, An=Mark(Presence.ABSENT)))
    assert world.figures(as_of=DAY + timedelta(days=6), codes=(UNITS,)) == [0]
    assert world.figures(as_of=DAY + timedelta(days=7), codes=(UNITS,)) == [1]
    gone = RosterEntry.objects.current().filter(meeting=again, person__full_name__endswith="Chi").get()
    actions.remove_from_roster(meeting=again, place=gone.key, actor=SYSTEM, at=NOW)
    assert world.figures(codes=(UNITS,)) == [0]


def test_taking_somebody_off_takes_their_attendance_too(world: World) -> None:
    meeting = world.meet()
    call(meeting)
    place = RosterEntry.objects.filter(meeting=meeting).first()
    assert place is not None
    assert actions.remove_from_roster(meeting=meeting, place=place.key, actor=SYSTEM, at=NOW)
    assert actions.remove_from_roster(meeting=meeting, place=place.key, actor=SYSTEM, at=NOW) is None
    assert world.figures(codes=ALL) == [3, 1, 0, 3, 1]


def test_refresh_gives_a_new_obligation_what_its_person_had_studied(world: World) -> None:
    meeting = world.meet()
    call(meeting)
    entry = actions.hold_meeting(meeting=world.meet(world.cells[1]), actor=SYSTEM, at=NOW)
    assert entry is not None
    Milestone.objects.filter(code="studied").supersede(entry)
    people = [one.pk for one in world.members[world.cells[0].pk]]
    actions.refresh(rollout=world.rollout, entry=entry, people=people, units=[world.cells[0].pk])
    assert Milestone.objects.current().filter(obligation__person__in=people).count() == 4
    assert Milestone.objects.current().filter(obligation__unit=world.cells[0]).count() == 1


# --- notes and batches


def test_notes_keep_their_versions_and_do_not_overwrite(world: World) -> None:
    meeting = world.meet()
    actions.set_notes(meeting=meeting, text="Lần 1", actor=SYSTEM, at=NOW, seen=0)
    assert actions.set_notes(meeting=meeting, text="Lần 1", actor=SYSTEM, at=NOW, seen=0) is None
    with pytest.raises(Invalid) as caught:
        actions.set_notes(meeting=meeting, text="Lần khác", actor=SYSTEM, at=NOW, seen=0)
    assert code_of(caught) == MeetingFault.NOTES_CHANGED
    meeting.refresh_from_db()
    actions.set_notes(meeting=meeting, text="Lần 2", actor=SYSTEM, at=NOW, seen=meeting.notes_seq)
    versions = Entry.objects.filter(action="meetings.set_notes").order_by("seq")
    assert [entry.detail.content["notes"] for entry in versions] == ["Lần 1", "Lần 2"]


def test_a_batch_counts_as_the_same_meetings_one_by_one() -> None:
    one, many = make_ward(), make_ward()
    batch = []
    for world in (one, many):
        away = world.members[world.cells[0].pk][0]
        others = world.others[0]
        hosts = [(world.cells[0], []), (world.ward, [world.cells[1].pk, world.agency.pk])]
        for n, (host, seats) in enumerate(hosts):
            day = DAY + timedelta(days=n)
            said = {away.pk: Mark(Presence.ABSENT)} if n == 0 else {others.pk: Mark(Presence.LATE)}
            if world is many:
                facts = MeetingFacts(title="Học tập", held_on=day, seats=seats)
                batch.append(BatchMeeting(host=host.pk, facts=facts, marks=said))
                continue
            meeting = world.meet(host, on=day, seats=seats)
            rows = RosterEntry.objects.filter(meeting=meeting)
            call(
                meeting,
                marks={
                    row.key: said.get(row.person_id, Mark(Presence.PRESENT))
                    for row in rows
                    if row.group == RosterGroup.MEMBER or row.person_id in said
                },
            )
    make_up = BatchMeeting(
        host=many.cells[0].pk,
        facts=MeetingFacts(title="Học bù", held_on=DAY + timedelta(days=9)),
        marks={many.members[many.cells[0].pk][0].pk: Mark(Presence.PRESENT)},
        makes_up_for=batch[0].key,
    )
    entries = Entry.objects.count()
    assert actions.record_meetings(rollout=many.rollout, batch=batch, actor=SYSTEM, at=NOW)
    assert Entry.objects.count() == entries + 1
    assert many.figures(codes=ALL) == one.figures(codes=ALL) == [7, 2, 1, 8, 2]
    assert actions.record_meetings(rollout=many.rollout, batch=[*batch, make_up], actor=SYSTEM, at=NOW)
    assert many.figures(codes=ALL) == [8, 2, 1, 9, 3]
    assert actions.record_meetings(rollout=many.rollout, batch=batch, actor=SYSTEM, at=NOW) is None


def test_a_batch_with_a_stranger_writes_nothing(world: World) -> None:
    facts = MeetingFacts(title="Học tập", held_on=DAY)
    batch = [BatchMeeting(host=world.cells[0].pk, facts=facts, marks={world.others[0].pk: Mark(Presence.PRESENT)})]
    with pytest.raises(Invalid) as caught:
        actions.record_meetings(rollout=world.rollout, batch=batch, actor=SYSTEM, at=NOW)
    assert code_of(caught) == MeetingFault.STRANGER
    with pytest.raises(Invalid) as caught:
        actions.record_meetings(rollout=world.rollout, batch=[batch[0], batch[0]], actor=SYSTEM, at=NOW)
    assert code_of(caught) == MeetingFault.TWICE_IN_BATCH
    assert not Meeting.objects.exists()
