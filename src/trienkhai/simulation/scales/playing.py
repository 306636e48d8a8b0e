"""Playing an organisation and a year of its roll-out through batch actions, on a simulated clock."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import batched
from random import Random
from uuid import UUID

from trienkhai.core.decisions import Refused
from trienkhai.directives.actions import register_directive
from trienkhai.directives.rules import DirectiveKind
from trienkhai.directives.rules.facts import Facts
from trienkhai.figures.jobs import keep_rolled_up
from trienkhai.ledger import clock
from trienkhai.ledger.models import Entry
from trienkhai.meetings.actions import BatchMeeting, MeetingFacts, record_meetings
from trienkhai.meetings.rules import Mark, Presence
from trienkhai.organisation.actions import Ending, Move, NewUnit, add_people, open_units
from trienkhai.organisation.models import Unit
from trienkhai.organisation.rules import SYSTEM, EndReason, PostKind, UnitKind
from trienkhai.papers.actions import hand_in
from trienkhai.plans.actions.adopting import record_adoptions
from trienkhai.plans.rules import Adopted
from trienkhai.rollouts.actions import open_rollout, organisation, record_receipts
from trienkhai.rollouts.models import Rollout
from trienkhai.rollouts.queries import owing_on
from trienkhai.rollouts.rules import PaperForm, RolloutPlan, StepKind, default_steps
from trienkhai.simulation.rules import SimulationError
from trienkhai.simulation.scales.inventing import person
from trienkhai.simulation.scales.sizes import Size

FOUNDED, OPENS = date(2025, 1, 1), date(2025, 2, 1)
RECEIVED_BY, PLANNED_BY = date(2025, 3, 15), date(2025, 5, 31)
STUDIED_BY, PAPERS_BY, ENDS = date(2025, 10, 31), date(2025, 10, 31), date(2025, 11, 20)
WEEKS = [date(2025, 5, 2) + timedelta(weeks=n) for n in range(27)]
"""Fridays from May to the end of October: what happened in a week is recorded on it, or late."""
PEOPLE_AT_ONCE, UNITS_AT_ONCE, MEETINGS_AT_ONCE, PAPERS_AT_ONCE = 20_000, 5_000, 500, 10_000
ABSENT_SHARE, MADE_UP_SHARE, PAPER_SHARE = 0.04, 0.7, 0.96
MOVES_SHARE, DEATHS_SHARE = 0.004, 0.002
MERGED_PAIRS = 4


@dataclass
class Told:
    """What was played, in numbers."""

    units: int = 0
    people: int = 0
    meetings: int = 0
    attendances: int = 0
    papers: int = 0
    moves: int = 0
    rollout: Rollout | None = None
    steps: dict[str, float] = field(default_factory=dict)


@dataclass
class _Stage:
    """What the scenes share."""

    random: Random
    told: Told
    say: Callable[[str], None]
    root: int = 0
    cells: tuple[int, ...] = ()
    members: dict[int, list[int]] = field(default_factory=dict)

    @property
    def rollout(self) -> Rollout:
        """The roll-out, once opened."""
        if self.told.rollout is None:
            msg = "the roll-out has not been opened"
            raise AssertionError(msg)
        return self.told.rollout


def play(*, size: Size, seed: int, say: Callable[[str], None]) -> Told:
    """Make the organisation and carry its roll-out through; deterministic for a seed.

    Args:
        size: how large.
        seed: another seed, other people and days.
        say: told what is going on.

    Raises:
        Refused: something has been entered already: simulations begin on nothing.
    """
    if Entry.objects.exists() or Unit.objects.exists():
        raise Refused(SimulationError.NOT_EMPTY)
    stage = _Stage(Random(seed), Told(), say)  # noqa: S311 - plausible, not secret
    for scene in (_found, _people, _open, _receive_and_plan, _months, _late_and_lost):
        say(scene.__doc__ or "")
        scene(stage, size)
        keep_rolled_up()
    return stage.told


@contextmanager
def _on(day: date) -> Iterator[datetime]:
    """Play that it is the day, at nine in the morning."""
    moment = datetime(day.year, day.month, day.day, 2, tzinfo=UTC)
    with clock.simulated(moment):
        yield moment


def _found(stage: _Stage, size: Size) -> None:
    """Founding the units."""
    kinds = [UnitKind.UPPER] * len(size.branching) + [UnitKind.BASE]
    with _on(FOUNDED) as at:
        root = NewUnit(name="Đảng bộ mô phỏng", kind=kinds[0], on=FOUNDED, place="Mô Phỏng")
        stage.root = open_units(units=[root], actor=SYSTEM, at=at).made[0]
        above, total = [stage.root], 1
        for level, breadth in enumerate(size.branching, start=1):
            total *= breadth
            names = [f"Đảng bộ {level}.{number + 1} (mô phỏng)" for number in range(total)]
            above = _below(stage, names, kinds[level], above, at)
        names = [f"Chi bộ số {number + 1} (mô phỏng)" for number in range(size.cells)]
        stage.cells = tuple(_below(stage, names, UnitKind.CELL, above, at))


def _below(stage: _Stage, names: Sequence[str], kind: UnitKind, above: Sequence[int], at: datetime) -> list[int]:
    """Units spread evenly below ``above``."""
    made: list[int] = []
    planned = [
        NewUnit(name=name, kind=kind, on=FOUNDED, parent=above[number * len(above) // len(names)])
        for number, name in enumerate(names)
    ]
    for chunk in batched(planned, UNITS_AT_ONCE):
        made.extend(open_units(units=chunk, actor=SYSTEM, at=at).made)
    stage.told.units += len(made)
    return made


def _people(stage: _Stage, size: Size) -> None:
    """Admitting the members."""
    places = [stage.cells[number * len(stage.cells) // size.members] for number in range(size.members)]
    seen: dict[int, int] = {}
    with _on(FOUNDED) as at:
        for chunk in batched(places, PEOPLE_AT_ONCE):
            people = []
            for cell in chunk:
                rank = seen[cell] = seen.get(cell, 0) + 1
                post = {1: PostKind.SECRETARY, 2: PostKind.DEPUTY}.get(rank)
                people.append(person(stage.random, unit=cell, on=FOUNDED, post=post))
            made = add_people(people=people, actor=SYSTEM, at=at).made
            for cell, pk in zip(chunk, made, strict=True):
                stage.members.setdefault(cell, []).append(pk)
            stage.told.people += len(made)
            stage.say(f"  {stage.told.people:,} people")


def _open(stage: _Stage, _size: Size) -> None:
    """Opening the roll-out."""
    with _on(OPENS) as at:
        facts = Facts(
            kind=DirectiveKind.RESOLUTION,
            number="01-NQ/MP",
            issuer="Ban Chấp hành (mô phỏng)",
            issued_on=date(2025, 1, 20),
            title="Nghị quyết mô phỏng",
        )
        root = Unit.objects.get(pk=stage.root)
        directive = register_directive(owner=root, facts=facts, actor=SYSTEM, at=at)
        deadlines = {
            StepKind.RECEIVE: RECEIVED_BY,
            StepKind.PLAN: PLANNED_BY,
            StepKind.STUDY: STUDIED_BY,
            StepKind.PAPER: PAPERS_BY,
        }
        plan = RolloutPlan(title="Triển khai Nghị quyết mô phỏng", opens_on=OPENS, steps=default_steps(deadlines))
        stage.told.rollout = open_rollout(plan=plan, lead=root, directives=[directive], actor=SYSTEM, at=OPENS)


def _receive_and_plan(stage: _Stage, _size: Size) -> None:
    """Receiving and planning."""
    for first, record in ((date(2025, 2, 10), _receive), (date(2025, 4, 1), _plan)):
        for chunk in batched(stage.cells, UNITS_AT_ONCE):
            days = {cell: first + timedelta(days=stage.random.randint(0, 25)) for cell in chunk}
            record(stage, days, first + timedelta(days=26))


def _receive(stage: _Stage, days: dict[int, date], recorded_on: date) -> None:
    with _on(recorded_on):
        record_receipts(rollout=stage.rollout, days=days, actor=SYSTEM, at=recorded_on)


def _plan(stage: _Stage, days: dict[int, date], recorded_on: date) -> None:
    adopted = {unit: Adopted(on=day, number="01-KH/CB", signer="") for unit, day in days.items()}
    with _on(recorded_on) as at:
        record_adoptions(rollout=stage.rollout, adopted=adopted, title="Kế hoạch", actor=SYSTEM, at=at)


def _week_of(random: Random) -> int:
    """A week, the later the likelier: work surges before the deadline."""
    return min(len(WEEKS) - 1, int(len(WEEKS) * random.betavariate(3, 1.4)))


def _months(stage: _Stage, _size: Size) -> None:
    """Studying, handing in papers and moving, week by week."""
    cells = list(stage.cells)
    stage.random.shuffle(cells)
    study: dict[int, list[int]] = {}
    papers: dict[int, list[int]] = {}
    for cell in cells:
        week = _week_of(stage.random)
        study.setdefault(week, []).append(cell)
        papers.setdefault(min(len(WEEKS) - 1, week + stage.random.randint(0, 4)), []).append(cell)
    everybody = [pk for cell in stage.cells for pk in stage.members[cell]]
    for week, friday in enumerate(WEEKS):
        with _on(friday) as at:
            _meet(stage, study.get(week, []), friday, at)
            _hand_in(stage, papers.get(week, []), friday)
            _move_and_die(stage, everybody, friday, at)
        keep_rolled_up()
        stage.say(f"  {friday:%d/%m/%Y}: {stage.told.attendances:,} attendances, {stage.told.papers:,} papers")


def _meet(stage: _Stage, cells: Sequence[int], friday: date, at: datetime) -> None:
    """Meetings of the week's cells, and make-up sessions for those who were away."""
    for chunk in batched(cells, MEETINGS_AT_ONCE):
        owing = owing_on(rollout=stage.rollout, step=StepKind.STUDY, day=friday - timedelta(days=6), units=chunk)
        rolls: dict[int, list[int]] = {}
        for cell, pk in owing.values_list("unit", "obligation__person"):
            rolls.setdefault(cell, []).append(pk or 0)
        batch: list[BatchMeeting] = []
        for cell in chunk:
            away = [pk for pk in rolls.get(cell, []) if stage.random.random() < ABSENT_SHARE]
            day = friday - timedelta(days=stage.random.randint(2, 6))
            held = _meeting(cell, day, {pk: Mark(Presence.ABSENT_EXCUSED, "Đi công tác") for pk in away})
            batch.append(held)
            if away and stage.random.random() < MADE_UP_SHARE:
                marks = {pk: Mark(Presence.PRESENT) for pk in away}
                batch.append(_meeting(cell, friday, marks, makes_up_for=held.key))
        record_meetings(rollout=stage.rollout, batch=batch, actor=SYSTEM, at=at)
        stage.told.meetings += len(batch)
        stage.told.attendances += sum(len(roll) for roll in rolls.values())


def _meeting(cell: int, day: date, marks: dict[int, Mark], *, makes_up_for: UUID | None = None) -> BatchMeeting:
    title = "Hội nghị học tập (mô phỏng)" if makes_up_for is None else "Buổi học bù (mô phỏng)"
    facts = MeetingFacts(title=title, held_on=day, venue="Nhà văn hoá")
    return BatchMeeting(host=cell, facts=facts, marks=marks, makes_up_for=makes_up_for)


def _hand_in(stage: _Stage, cells: Sequence[int], friday: date) -> None:
    owing = owing_on(rollout=stage.rollout, step=StepKind.PAPER, day=friday, units=cells) if cells else []
    chosen = [place.obligation_id for place in owing if stage.random.random() < PAPER_SHARE]
    for chunk in batched(chosen, PAPERS_AT_ONCE):
        days = {pk: friday - timedelta(days=stage.random.randint(0, 6)) for pk in chunk}
        hand_in(rollout=stage.rollout, papers=days, form=PaperForm.HANDWRITTEN, actor=SYSTEM, at=friday)
        stage.told.papers += len(days)


def _move_and_die(stage: _Stage, everybody: list[int], friday: date, at: datetime) -> None:
    moving = max(1, int(len(everybody) * MOVES_SHARE / len(WEEKS)))
    dying = max(1, int(len(everybody) * DEATHS_SHARE / len(WEEKS)))
    drawn = {everybody.pop(stage.random.randrange(len(everybody))) for _n in range(moving + dying)}
    movers, dead = sorted(drawn)[:moving], sorted(drawn)[moving:]
    on = friday - timedelta(days=3)
    home = stage.cells
    moves = [Move(person=pk, to_unit=stage.random.choice(home), on=on) for pk in movers]
    organisation.move_people(moves=_real(stage, moves), actor=SYSTEM, at=at)
    endings = [Ending(person=pk, on=on, reason=EndReason.DIED) for pk in dead]
    organisation.end_memberships(endings=endings, actor=SYSTEM, at=at)
    stage.told.moves += len(movers)


def _real(stage: _Stage, moves: Sequence[Move]) -> list[Move]:
    """Nobody moves to where they are."""
    where = {pk: cell for cell, members in stage.members.items() for pk in members} if moves else {}
    other = {cell: stage.cells[(n + 1) % len(stage.cells)] for n, cell in enumerate(stage.cells)}
    return [
        move if where[move.person] != move.to_unit else Move(move.person, other[move.to_unit], move.on)
        for move in moves
    ]


def _late_and_lost(stage: _Stage, _size: Size) -> None:
    """Late entries, and a reorganisation."""
    with _on(date(2025, 11, 4)):
        owing = owing_on(rollout=stage.rollout, step=StepKind.PAPER, day=PAPERS_BY, units=stage.cells[-200:])
        missing = owing.exclude(obligation__milestones__code="submitted")
        days = {place.obligation_id: PAPERS_BY - timedelta(days=1) for place in missing}
        if days:
            hand_in(rollout=stage.rollout, papers=days, form=PaperForm.SPOKEN, actor=SYSTEM, at=date(2025, 11, 4))
            stage.told.papers += len(days)
    with _on(ENDS) as at:
        for pair in range(min(MERGED_PAIRS, len(stage.cells) // 20)):
            units = stage.cells[2 * pair : 2 * pair + 2]
            organisation.merge_units(units=units, into=units[0], on=date(2025, 10, 1), actor=SYSTEM, at=at)
