"""A small party organisation and a roll-out played on a simulated clock: histories are made of random moves."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from django.db import transaction

from tests.factories import organisation as made
from tests.factories.directives import make_directive
from trienkhai.core.decisions import DomainError
from trienkhai.figures.actions import rebuild, roll_up
from trienkhai.ledger import clock
from trienkhai.ledger.models import Entry
from trienkhai.meetings import actions as meetings
from trienkhai.meetings.actions import MeetingFacts
from trienkhai.meetings.models import Meeting, RosterEntry
from trienkhai.meetings.rules import Mark, MeetingState, Presence
from trienkhai.organisation.actions import NewPerson, NewPost, NewTie, NewUnit, Part, Particulars
from trienkhai.organisation.models import Membership, Person, Post, Unit, UnitState, held_on
from trienkhai.organisation.queries import states_on
from trienkhai.organisation.rules import (
    SYSTEM,
    Actor,
    EndReason,
    Grant,
    MemberKind,
    PostKind,
    Role,
    Standing,
    Tie,
    UnitKind,
)
from trienkhai.papers import actions as papers
from trienkhai.papers.models import Paper
from trienkhai.plans import actions as plans
from trienkhai.plans.models import PlanVersion
from trienkhai.plans.rules import Adopted
from trienkhai.rollouts import actions as rollouts
from trienkhai.rollouts.actions import organisation
from trienkhai.rollouts.models import Obligation, Rollout
from trienkhai.rollouts.rules import FIGURES, CellStudyRule, PaperForm, RolloutPlan, StepKind, default_steps
from trienkhai.web.actions import merge_duplicate, undo

OPENS = date(2012, 2, 20)
BEGINS = datetime(2012, 2, 24, 2, tzinfo=UTC)
"""When the clock stands at the beginning of every history: a few days before a month's end."""
DEADLINE = date(2012, 3, 20)


@dataclass
class Play:
    """An organisation with a roll-out, and a clock that only goes forward."""

    ward: int
    rollout: Rollout
    moment: datetime = BEGINS
    done: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    @property
    def today(self) -> date:
        """The day it is."""
        return clock.local_day(self.moment)

    def units(self, *kinds: UnitKind) -> list[int]:
        """Units open now, in a stable order."""
        states = states_on(self.today).filter(kind__in=kinds) if kinds else states_on(self.today)
        return sorted(states.values_list("unit", flat=True))

    def every_unit(self) -> list[int]:
        """Units that ever were."""
        return sorted(Unit.objects.values_list("pk", flat=True))

    def people(self) -> list[int]:
        """People, in a stable order."""
        return sorted(Person.objects.filter(merged_into__isnull=True).values_list("pk", flat=True))

    def play(self, move: "Move") -> None:
        """Carry out one move; what the domain refuses has not happened."""
        self.moment += timedelta(days=move.wait, minutes=1)
        with clock.simulated(self.moment), suppress(DomainError):
            try:
                with transaction.atomic():
                    MOVES[move.name](self, move)
                self.done.append(move.name)
            except DomainError as error:
                self.refused.append(f"{move.name}: {error.code}")
                raise


@dataclass(frozen=True)
class Move:
    """One thing done: ``wait`` days after the last, about a day ``back`` days ago; a, b, c choose whom."""

    name: str
    wait: int = 0
    back: int = 0
    a: int = 0
    b: int = 0
    c: int = 0

    def on(self, play: Play) -> date:
        """The day it is about."""
        return play.today - timedelta(days=self.back)


def one[T](among: list[T], choice: int) -> T:
    """One of them.

    Raises:
        DomainError: there is none.
    """
    if not among:
        raise DomainError("nothing_to_choose")
    return among[choice % len(among)]


def start_play(rule: CellStudyRule = CellStudyRule.OWN_OR_SEATS, quorum: int = 0) -> Play:
    """A ward with a section and five cells; eleven members, some leaders; an agency with others; a roll-out."""
    with clock.simulated(BEGINS - timedelta(days=3)):
        ward = made.make_unit("Đảng bộ phường Bến Mới", kind=UnitKind.BASE)
        section = made.make_unit("Đảng bộ bộ phận trường học", kind=UnitKind.SECTION, parent=ward)
        cells = [made.make_unit(f"Chi bộ khu {n}", parent=ward) for n in (1, 2, 3)]
        cells += [made.make_unit(f"Chi bộ trường {n}", parent=section) for n in (1, 2)]
        agency = made.make_unit("Uỷ ban nhân dân phường", kind=UnitKind.AGENCY, parent=ward)
        for n in range(11):
            post = PostKind.SECRETARY if n < len(cells) else None
            made.make_person(made.invented_name(n), unit=cells[n % len(cells)], post=post)
        for n in (11, 12):
            made.make_person(made.invented_name(n), unit=agency, kind=MemberKind.OTHER)
        directive = make_directive(ward)
        plan = RolloutPlan(
            title="Triển khai Nghị quyết 12",
            opens_on=OPENS,
            steps=default_steps({StepKind.PAPER: DEADLINE, StepKind.STUDY: DEADLINE}),
            cell_study_rule=rule,
            quorum_percent=quorum,
        )
        lead = Unit.objects.get(pk=ward)
        rollout = rollouts.open_rollout(plan=plan, lead=lead, directives=[directive], actor=SYSTEM, at=OPENS)
    return Play(ward, rollout)


# --- The organisation changes -----------------------------------------------------------------------------------------


def move_person(play: Play, move: Move) -> None:
    person, unit = one(play.people(), move.a), one(play.units(UnitKind.CELL), move.b)
    organisation.move_person(person=person, to_unit=unit, on=move.on(play), actor=SYSTEM, at=play.moment)


def end_membership(play: Play, move: Move) -> None:
    reason = (EndReason.DIED, EndReason.MOVED_OUT, EndReason.EXPELLED)[move.b % 3]
    organisation.end_membership(
        person=one(play.people(), move.a), on=move.on(play), reason=reason, actor=SYSTEM, at=play.moment
    )


def change_standing(play: Play, move: Move) -> None:
    organisation.change_membership(
        person=one(play.people(), move.a),
        on=move.on(play),
        standing=list(Standing)[move.b % len(Standing)],
        kind=list(MemberKind)[move.c % 3],
        actor=SYSTEM,
        at=play.moment,
    )


def add_person(play: Play, move: Move) -> None:
    tie = NewTie(
        unit=one(play.units(UnitKind.CELL), move.a),
        on=move.on(play),
        kind=list(MemberKind)[move.b % 2],
        tie=Tie.COUNTING,
    )
    person = NewPerson(Particulars(full_name=made.invented_name(20 + move.c)), ties=(tie,))
    organisation.add_person(person=person, actor=SYSTEM, at=play.moment)


def join_again(play: Play, move: Move) -> None:
    organisation.add_membership(
        person=one(play.people(), move.a),
        unit=one(play.units(UnitKind.CELL), move.b),
        on=move.on(play),
        actor=SYSTEM,
        at=play.moment,
    )


def give_post(play: Play, move: Move) -> None:
    person = one(play.people(), move.a)
    ties = Membership.objects.current().filter(held_on(move.on(play)), person=person)
    unit = one(sorted(ties.values_list("unit", flat=True)), 0)
    kind = (PostKind.DEPUTY, PostKind.CELL_COMMITTEE_MEMBER, PostKind.OTHER)[move.b % 3]
    organisation.give_post(person=person, unit=unit, kind=kind, on=move.on(play), actor=SYSTEM, at=play.moment)


def end_post(play: Play, move: Move) -> None:
    post = one(sorted(Post.objects.current().filter(ends_on__isnull=True).values_list("pk", flat=True)), move.a)
    if move.b % 3 == 0:
        organisation.withdraw_post(post=post, actor=SYSTEM, at=play.moment)
    else:
        organisation.end_post(post=post, on=move.on(play), actor=SYSTEM, at=play.moment)


def merge_people(play: Play, move: Move) -> None:
    merge_duplicate(keep=one(play.people(), move.a), drop=one(play.people(), move.b), actor=SYSTEM, at=play.moment)


def undo_merge(play: Play, move: Move) -> None:
    """Somebody who was found to be somebody else is not, after all."""
    merged = Entry.objects.filter(action="organisation.merge_duplicate", recorded_on=play.today).order_by("-pk")
    undo(entry=one(list(merged.values_list("pk", flat=True)), move.a % 2), actor=SYSTEM, at=play.moment)


def move_unit(play: Play, move: Move) -> None:
    above = one(play.units(UnitKind.BASE, UnitKind.SECTION), move.b)
    organisation.move_unit(
        unit=one(play.units(UnitKind.CELL), move.a), to_parent=above, on=move.on(play), actor=SYSTEM, at=play.moment
    )


def merge_units(play: Play, move: Move) -> None:
    first, second = one(play.units(UnitKind.CELL), move.a), one(play.units(UnitKind.CELL), move.b)
    into: int | NewUnit = first
    if move.c % 2:
        into = NewUnit(name="Chi bộ hợp nhất", kind=UnitKind.CELL, on=move.on(play), parent=play.ward)
    organisation.merge_units(units=[first, second], into=into, on=move.on(play), actor=SYSTEM, at=play.moment)


def split_unit(play: Play, move: Move) -> None:
    unit = one(play.units(UnitKind.CELL), move.a)
    ties = Membership.objects.current().filter(held_on(move.on(play)), unit=unit)
    inside = sorted(ties.values_list("person", flat=True))
    parts = [Part(into="Chi bộ mới", people=tuple(inside[: len(inside) // 2]))]
    if move.b % 2:
        parts.append(Part(into="Chi bộ mới nữa", people=tuple(inside[len(inside) // 2 :])))
    organisation.split_unit(
        unit=unit, parts=parts, on=move.on(play), actor=SYSTEM, at=play.moment, closes=bool(move.b % 2)
    )


def change_kind(play: Play, move: Move) -> None:
    organisation.change_unit_kind(
        unit=one(play.units(UnitKind.CELL, UnitKind.GROUP), move.a),
        kind=(UnitKind.CELL, UnitKind.AGENCY)[move.b % 2],
        on=move.on(play),
        actor=SYSTEM,
        at=play.moment,
    )


# --- Facts come in ----------------------------------------------------------------------------------------------------


def meet(play: Play, move: Move) -> None:
    host = one(play.units(UnitKind.CELL, UnitKind.BASE, UnitKind.SECTION), move.a)
    seats = play.units(UnitKind.CELL, UnitKind.AGENCY)[: move.b % 4]
    facts = MeetingFacts(title="Học tập", held_on=move.on(play), seats=seats)
    meeting = meetings.plan_meeting(
        rollout=play.rollout, host=Unit.objects.get(pk=host), facts=facts, actor=SYSTEM, at=play.moment
    )
    _call(play, meeting, move.c)


def make_up(play: Play, move: Move) -> None:
    course = one(_meetings(play, MeetingState.HELD), move.a)
    meeting = meetings.plan_make_up(meeting=course, held_on=move.on(play), title="Học bù", actor=SYSTEM, at=play.moment)
    _call(play, meeting, move.c)


def call_again(play: Play, move: Move) -> None:
    _call(play, one(_meetings(play), move.a), move.b)


def hold(play: Play, move: Move) -> None:
    meetings.hold_meeting(meeting=one(_meetings(play), move.a), actor=SYSTEM, at=play.moment)


def cancel(play: Play, move: Move) -> None:
    meeting = one(_meetings(play), move.a)
    if meeting.state == MeetingState.CANCELLED:
        meetings.restore_meeting(meeting=meeting, actor=SYSTEM, at=play.moment)
    else:
        meetings.cancel_meeting(meeting=meeting, because="Mưa bão", actor=SYSTEM, at=play.moment)


def change_meeting(play: Play, move: Move) -> None:
    meeting = one(_meetings(play), move.a)
    seats = sorted(meeting.seats.current().values_list("unit", flat=True))
    facts = MeetingFacts(title=meeting.title, held_on=move.on(play), seats=seats[: len(seats) - move.b % 2])
    meetings.change_meeting(meeting=meeting, facts=facts, actor=SYSTEM, at=play.moment)


def redraw(play: Play, move: Move) -> None:
    meetings.draw_roster(meeting=one(_meetings(play), move.a), actor=SYSTEM, at=play.moment)


def put_on_roster(play: Play, move: Move) -> None:
    person = Person.objects.get(pk=one(play.people(), move.b))
    meeting = one(_meetings(play), move.a)
    meetings.add_person(meeting=meeting, person=person, actor=SYSTEM, at=play.moment)
    _call(play, meeting, 0)


def remove_from_roster(play: Play, move: Move) -> None:
    meeting = one(_meetings(play), move.a)
    place = one(list(RosterEntry.objects.current().filter(meeting=meeting).order_by("pk")), move.b)
    meetings.remove_from_roster(meeting=meeting, place=place.key, actor=SYSTEM, at=play.moment)


def hand_in(play: Play, move: Move) -> None:
    owed = one(_owed(play), move.a)
    papers.hand_in(
        rollout=play.rollout,
        papers={owed.pk: move.on(play)},
        form=PaperForm.HANDWRITTEN,
        actor=SYSTEM,
        at=play.today,
    )


def hand_in_many(play: Play, move: Move) -> None:
    owed = [o.pk for o in _owed(play)[:: move.a % 3 + 1]]
    papers.hand_in(
        rollout=play.rollout,
        papers=dict.fromkeys(owed, move.on(play)),
        form=PaperForm.SPOKEN,
        actor=SYSTEM,
        at=play.today,
    )


def return_paper(play: Play, move: Move) -> None:
    papers.return_paper(paper=one(_papers(play), move.a), note="Viết rõ hơn", actor=_reader(play), at=play.today)


def accept_papers(play: Play, move: Move) -> None:
    found = [paper.pk for paper in _papers(play)[move.a % 3 :: 2]]
    papers.accept_papers(papers=found, on=move.on(play), actor=_reader(play), at=play.today)


def note_accepted(play: Play, move: Move) -> None:
    found = {paper.obligation_id: move.on(play) for paper in _papers(play)[move.a % 2 :: 3]}
    papers.note_accepted(rollout=play.rollout, papers=found, actor=SYSTEM, at=play.today)


def take_back(play: Play, move: Move) -> None:
    papers.take_back(papers=[one(_papers(play), move.a).pk], actor=SYSTEM, at=play.today)


def receive(play: Play, move: Move) -> None:
    unit = Unit.objects.get(pk=one(play.every_unit(), move.a))
    rollouts.record_receipt(rollout=play.rollout, unit=unit, on=move.on(play), actor=SYSTEM, at=play.today)


def take_receipt_back(play: Play, move: Move) -> None:
    received = sorted(play.rollout.receipts.current().values_list("unit", flat=True))
    unit = Unit.objects.get(pk=one(received, move.a))
    rollouts.withdraw_receipt(rollout=play.rollout, unit=unit, actor=SYSTEM, at=play.today)


def adopt(play: Play, move: Move) -> None:
    found = [one(play.every_unit(), move.a + n) for n in range(move.b % 3 + 1)]
    adopted = {unit: Adopted(on=move.on(play)) for unit in found}
    plans.record_adoptions(
        rollout=play.rollout, adopted=adopted, title="Kế hoạch thực hiện", actor=SYSTEM, at=play.moment
    )


def take_adoption_back(play: Play, move: Move) -> None:
    adopted = one(list(PlanVersion.objects.filter(adopted_on__isnull=False).order_by("pk")), move.a)
    plans.withdraw_adoption(version=adopted, reason="Nhập nhầm", actor=SYSTEM, at=play.moment)


def close_rollout(play: Play, move: Move) -> None:
    play.rollout.refresh_from_db()
    if play.rollout.closed_on:
        rollouts.reopen_rollout(rollout=play.rollout, actor=SYSTEM, at=play.today)
    else:
        rollouts.close_rollout(rollout=play.rollout, on=move.on(play), actor=SYSTEM, at=play.today)


def declare(play: Play, move: Move) -> None:
    unit = Unit.objects.get(pk=one(play.units(UnitKind.CELL), move.a))
    code = FIGURES[move.b % len(FIGURES)].code
    figures = {code: (move.c % 5, 5 + move.a % 3)}
    rollouts.declare(rollout=play.rollout, unit=unit, figures=figures, on=move.on(play), actor=SYSTEM, at=play.today)


def change_deadline(play: Play, move: Move) -> None:
    step = (StepKind.PAPER, StepKind.STUDY)[move.a % 2]
    deadline = None if move.b % 4 == 0 else OPENS + timedelta(days=move.back + move.b)
    rollouts.change_deadline(rollout=play.rollout, step=step, deadline_on=deadline, actor=SYSTEM, at=play.today)


def roll_up_some(play: Play, move: Move) -> None:
    del play
    roll_up(limit=1 + move.a)


def count_again(play: Play, move: Move) -> None:
    del play, move
    rebuild()


def _meetings(play: Play, *states: MeetingState) -> list[Meeting]:
    found = Meeting.objects.filter(rollout=play.rollout).order_by("pk")
    return list(found.filter(state__in=states) if states else found)


def _reader(play: Play) -> Actor:
    """Somebody from elsewhere who is secretary of every unit: may return and accept any paper."""
    return Actor(key=None, person_id=-1, grants=tuple(Grant(Role.SECRETARY, unit) for unit in play.every_unit()))


def _owed(play: Play) -> list[Obligation]:
    return list(Obligation.objects.filter(step__rollout=play.rollout, step__kind=StepKind.PAPER).order_by("pk"))


def _papers(play: Play) -> list[Paper]:
    return list(Paper.objects.filter(obligation__step__rollout=play.rollout).order_by("pk"))


def _call(play: Play, meeting: Meeting, pattern: int) -> None:
    """Mark everybody; the pattern chooses who was away."""
    rows = RosterEntry.objects.current().filter(meeting=meeting).order_by("pk")
    presences = list(Presence)
    marks = {
        row.key: Mark(presences[(pattern + n) % len(presences)] if (pattern >> n % 8) & 1 else Presence.PRESENT)
        for n, row in enumerate(rows)
    }
    meetings.call_roll(meeting=meeting, marks=marks, actor=SYSTEM, at=play.moment)


MOVES: dict[str, Callable[[Play, Move], None]] = {
    action.__name__: action
    for action in (
        move_person,
        end_membership,
        change_standing,
        add_person,
        join_again,
        give_post,
        end_post,
        merge_people,
        undo_merge,
        move_unit,
        merge_units,
        split_unit,
        change_kind,
        meet,
        make_up,
        call_again,
        hold,
        cancel,
        change_meeting,
        redraw,
        put_on_roster,
        remove_from_roster,
        hand_in,
        hand_in_many,
        return_paper,
        accept_papers,
        note_accepted,
        take_back,
        receive,
        take_receipt_back,
        adopt,
        take_adoption_back,
        close_rollout,
        declare,
        change_deadline,
        roll_up_some,
        count_again,
    )
}

__all__ = ["BEGINS", "DEADLINE", "MOVES", "OPENS", "Move", "NewPost", "Play", "UnitState", "start_play"]
