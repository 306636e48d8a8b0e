"""What stands behind a figure: who or which unit, and the fact of each, with when and by whom it was recorded."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import overload

from django.db.models import CharField, Count, Exists, F, OuterRef, QuerySet, Subquery

from trienkhai.accounts.models import User
from trienkhai.figures.models import Path
from trienkhai.figures.queries import keys_under
from trienkhai.ledger.models import Entry
from trienkhai.meetings.models import Attendance, Holding, Seat
from trienkhai.meetings.rules import ATTENDED, RosterGroup
from trienkhai.organisation.models import UnitState, held_on
from trienkhai.organisation.queries import UnitRow, unit_rows
from trienkhai.papers.models import PaperEvent
from trienkhai.plans.models import PlanVersion
from trienkhai.progress.rules.figures import Part
from trienkhai.rollouts.models import Declaration, Milestone, ObligationPlace, Receipt, Rollout
from trienkhai.rollouts.rules import Figure, MilestoneCode, Subject


class FactKind(StrEnum):
    """What a fact is; names the page it opens to."""

    MEETING = "meeting"
    PAPER = "paper"
    PLAN = "plan"
    RECEIPT = "receipt"


@dataclass(frozen=True)
class Asked:
    """Which figure is opened: of which roll-out and unit, on which day, as known when."""

    rollout: Rollout
    unit_id: int
    as_of: date
    known_at: date | None

    @property
    def under(self) -> QuerySet[Path, int]:
        """The unit and all below it on that day."""
        return keys_under(self.unit_id, self.as_of, known_at=self.known_at)


@dataclass(frozen=True)
class Fact:
    """One fact: the paper, meeting, plan or receipt, its day, and when and by whom it was recorded.

    ``detail`` is a code (how somebody was there, how a paper was given), ``words`` what was noted. ``entered_by`` is
    empty when the installation did it by itself. ``is_inherited``: the unit came after others that all had.
    """

    kind: FactKind
    key: str
    title: str
    valid_on: date
    recorded_on: date
    recorded_seq: int
    detail: str = ""
    words: str = ""
    entered_by: str = ""
    is_inherited: bool = False


@dataclass(frozen=True)
class Row:
    """One of those behind a figure. ``person_key`` is empty where a unit is meant."""

    name: str
    person_key: str
    unit: UnitRow | None
    is_leader: bool
    fact: Fact | None

    def without_names(self) -> "Row":
        """The same, without who entered it and what was noted."""
        return replace(self, fact=self.fact and replace(self.fact, entered_by="", words=""))


def places(asked: Asked, figure: Figure, part: Part, *, leaders: bool = False) -> QuerySet[ObligationPlace]:
    """Where those lie that the figure counts (done) or still misses, in the order of units and of given names.

    ``leaders``: those alone who hold a leading post there.
    """
    rows: QuerySet[ObligationPlace] = ObligationPlace.objects.known_at(asked.known_at).filter(
        held_on(asked.as_of),
        obligation__step__rollout=asked.rollout,
        obligation__step__kind=figure.step,
        obligation__person__isnull=figure.subject is Subject.UNIT,
        unit__in=asked.under,
    )
    reached = _milestones(asked, figure).filter(obligation=OuterRef("obligation")).order_by()
    rows = rows.filter(Exists(reached) if part is Part.DONE else ~Exists(reached))
    if leaders:
        rows = rows.filter(is_leader=True)
    states = _states_then(asked).filter(unit=OuterRef("unit"))
    rows = rows.annotate(unit_order=Subquery(states.values("sort_key")[:1], output_field=CharField()))
    by_unit = F("unit_order").asc(nulls_last=True)
    return rows.select_related("obligation__person").order_by(by_unit, "obligation__person__sort_key", "pk")


def _milestones(asked: Asked, figure: Figure) -> QuerySet[Milestone]:
    return Milestone.objects.known_at(asked.known_at).filter(held_on(asked.as_of), code=figure.milestone)


def counts_by_unit(found: QuerySet[ObligationPlace]) -> dict[int, int]:
    """How many of them lie in each unit."""
    return dict(found.order_by("unit").values("unit").annotate(n=Count("pk")).values_list("unit", "n"))


@dataclass(frozen=True)
class Shelves(Sequence[ObligationPlace]):
    """The same :func:`places`, of some units: a slice reads those of the units it falls into, not all to sort them.

    ``counts`` says of each unit how many of ``found`` lie in it.
    """

    asked: Asked
    found: QuerySet[ObligationPlace]
    counts: Mapping[int, int]

    def __len__(self) -> int:
        return sum(self.counts.values())

    @overload
    def __getitem__(self, which: int) -> ObligationPlace: ...
    @overload
    def __getitem__(self, which: slice) -> Sequence[ObligationPlace]: ...
    def __getitem__(self, which: int | slice) -> ObligationPlace | Sequence[ObligationPlace]:
        if isinstance(which, int):
            return self[which : which + 1][0]
        first, last, _step = which.indices(len(self))
        units, skipped, passed = [], 0, 0
        for shelf in self._in_order():
            held = sum(self.counts[unit] for unit in shelf)
            if passed + held <= first:
                skipped += held
            elif passed < last:
                units.extend(shelf)
            passed += held
        return list(self.found.filter(unit__in=units)[first - skipped : last - skipped]) if units else []

    def _in_order(self) -> list[list[int]]:
        """The units in the order of their names; those of one name together, since their people are mixed."""
        states = _states_then(self.asked).filter(unit__in=self.asked.under).order_by("sort_key", "unit")
        shelves: dict[str, list[int]] = {}
        for unit, key in states.values_list("unit", "sort_key"):
            if unit in self.counts:
                shelves.setdefault(key, []).append(unit)
        known = {unit for shelf in shelves.values() for unit in shelf}
        rest = [unit for unit in self.counts if unit not in known]
        return [*shelves.values(), rest]


def _states_then(asked: Asked) -> QuerySet[UnitState]:
    return UnitState.objects.known_at(asked.known_at).filter(held_on(asked.as_of))


def rows_of(asked: Asked, figure: Figure, part: Part, page: Sequence[ObligationPlace]) -> list[Row]:
    """One page of :func:`places`, each with its fact. As many statements for one row as for fifty."""
    units = unit_rows({place.unit_id for place in page}, asked.as_of, known_at=asked.known_at)
    facts = with_names(_facts(asked, figure, part, page))
    rows = []
    for place in page:
        unit, person = units.get(place.unit_id), place.obligation.person
        name = person.full_name if person else unit.name if unit else ""
        key = str(person.key) if person else ""
        rows.append(Row(name, key, unit, place.is_leader, facts.get(place.obligation_id)))
    return rows


def _facts(asked: Asked, figure: Figure, part: Part, page: Sequence[ObligationPlace]) -> dict[int, Fact]:
    """``{obligation: fact}``; of those missing, what is known of them all the same (an absence, a paper returned)."""
    if figure.subject is Subject.PERSON:
        people = {place.obligation_id: place.obligation.person_id or 0 for place in page}
        if figure.milestone is MilestoneCode.STUDIED:
            marks = _marks(asked, people.values(), attended=part is Part.DONE)
            return {pk: marks[person] for pk, person in people.items() if person in marks}
        return _paper_facts(asked, figure, part, people)
    if part is Part.MISSING:
        return {}
    units = {place.obligation_id: place.obligation.unit_id or 0 for place in page}
    reached = _milestones(asked, figure).filter(obligation__in=units)
    targets = _targets(asked, figure, units.values())
    return {
        row.obligation_id: _unit_fact(row, figure, targets.get(units[row.obligation_id], _Target())) for row in reached
    }


@dataclass(frozen=True)
class _Target:
    key: str = ""
    title: str = ""
    words: str = ""


_KINDS = {
    MilestoneCode.RECEIVED: FactKind.RECEIPT,
    MilestoneCode.PLANNED: FactKind.PLAN,
    MilestoneCode.STUDIED: FactKind.MEETING,
}


def _unit_fact(row: Milestone, figure: Figure, target: _Target) -> Fact:
    return Fact(
        kind=_KINDS[figure.milestone],
        key=target.key,
        title=target.title,
        valid_on=row.starts_on,
        recorded_on=row.recorded_on,
        recorded_seq=row.recorded_seq,
        words=target.words,
        is_inherited=row.is_inherited,
    )


def _targets(asked: Asked, figure: Figure, units: Iterable[int]) -> dict[int, _Target]:
    """What each unit's fact opens to."""
    ids = list(units)
    match figure.milestone:
        case MilestoneCode.RECEIVED:
            receipts = Receipt.objects.known_at(asked.known_at).filter(rollout=asked.rollout, unit__in=ids)
            return {row.unit_id: _Target(words=row.note) for row in receipts}
        case MilestoneCode.PLANNED:
            first = PlanVersion.objects.filter(plan__rollout=asked.rollout, plan__unit__in=ids, number=1)
            return {one.plan.unit_id: _Target(str(one.plan.key), one.title) for one in first.select_related("plan")}
        case _:
            return _first_sittings(asked, ids)


def _first_sittings(asked: Asked, units: list[int]) -> dict[int, _Target]:
    seats = Seat.objects.known_at(asked.known_at).filter(unit__in=units, meeting__rollout=asked.rollout)
    by_meeting: dict[int, list[int]] = {}
    for meeting, unit in seats.values_list("meeting", "unit"):
        by_meeting.setdefault(meeting, []).append(unit)
    held = Holding.objects.known_at(asked.known_at).filter(meeting__in=by_meeting, valid_on__lte=asked.as_of)
    found: dict[int, _Target] = {}
    for holding in held.select_related("meeting").order_by("-valid_on", "-pk"):
        for unit in by_meeting[holding.meeting_id]:
            found[unit] = _Target(str(holding.meeting.key), holding.meeting.title)
    return found


def _marks(asked: Asked, people: Iterable[int], *, attended: bool) -> dict[int, Fact]:
    """Each person's first attendance; or, of those who have none, the last time they were marked away."""
    rows = Attendance.objects.known_at(asked.known_at).filter(
        entry__person__in=list(people), entry__meeting__rollout=asked.rollout, valid_on__lte=asked.as_of
    )
    rows = rows.filter(presence__in=ATTENDED) if attended else rows.exclude(presence__in=ATTENDED)
    order = ("-valid_on", "-pk") if attended else ("valid_on", "pk")
    return {
        row.entry.person_id or 0: _attendance_fact(row)
        for row in rows.select_related("entry__meeting").only(*_OF_A_MARK).order_by(*order)
    }


_OF_A_MARK = (
    *("valid_on", "recorded_on", "recorded_seq", "presence", "reason"),
    *("entry__person", "entry__meeting__key", "entry__meeting__title"),
)


def _attendance_fact(row: Attendance) -> Fact:
    return Fact(
        kind=FactKind.MEETING,
        key=str(row.entry.meeting.key),
        title=row.entry.meeting.title,
        valid_on=row.valid_on,
        recorded_on=row.recorded_on,
        recorded_seq=row.recorded_seq,
        detail=row.presence,
        words=row.reason,
    )


def _paper_facts(asked: Asked, figure: Figure, part: Part, people: Mapping[int, int]) -> dict[int, Fact]:
    """The event that counts; of those missing, the last that happened."""
    events = PaperEvent.objects.known_at(asked.known_at).filter(
        paper__obligation__in=list(people), valid_on__lte=asked.as_of
    )
    latest = part is Part.MISSING or figure.milestone is MilestoneCode.ACCEPTED
    if not latest:
        events = events.filter(kind="submitted")
    order = ("valid_on", "recorded_seq", "pk") if latest else ("-valid_on", "-recorded_seq", "-pk")
    return {
        event.paper.obligation_id: Fact(
            kind=FactKind.PAPER,
            key=str(event.paper.key),
            title="",
            valid_on=event.valid_on,
            recorded_on=event.recorded_on,
            recorded_seq=event.recorded_seq,
            detail=event.form or event.kind,
        )
        for event in events.select_related("paper").order_by(*order)
    }


# --- Counts that nobody owes ------------------------------------------------------------------------------------------


def visits(asked: Asked, code: str) -> QuerySet[Attendance]:
    """The attended places behind ``attendances``, or those of people who are not members."""
    rows = Attendance.objects.known_at(asked.known_at).filter(
        presence__in=ATTENDED,
        entry__meeting__rollout=asked.rollout,
        entry__unit__in=asked.under,
        valid_on__lte=asked.as_of,
    )
    if code == "others_studied":
        earlier = Attendance.objects.known_at(asked.known_at).filter(
            presence__in=ATTENDED,
            entry__group=RosterGroup.OTHER,
            entry__meeting__rollout=asked.rollout,
            entry__person=OuterRef("entry__person"),
        )
        first = earlier.order_by("valid_on", "entry__meeting", "pk").values("pk")[:1]
        rows = rows.filter(entry__group=RosterGroup.OTHER, pk=Subquery(first))
    else:
        rows = rows.exclude(entry__group=RosterGroup.GUEST)
    return rows.select_related("entry__meeting", "entry__person").order_by("valid_on", "entry__person__sort_key", "pk")


def visit_rows(asked: Asked, page: Sequence[Attendance]) -> list[Row]:
    """One page of :func:`visits`."""
    units = unit_rows({row.entry.unit_id or 0 for row in page}, asked.as_of, known_at=asked.known_at)
    facts = with_names({row.pk: _attendance_fact(row) for row in page})
    return [
        Row(
            name=row.entry.person.full_name if row.entry.person else row.entry.guest_name,
            person_key=str(row.entry.person.key) if row.entry.person else "",
            unit=units.get(row.entry.unit_id or 0),
            is_leader=False,
            fact=facts[row.pk],
        )
        for row in page
    ]


def holdings(asked: Asked) -> QuerySet[Holding]:
    """The meetings behind ``meetings_held``, in the order of their days."""
    return (
        Holding.objects.known_at(asked.known_at)
        .filter(meeting__rollout=asked.rollout, meeting__host__in=asked.under, valid_on__lte=asked.as_of)
        .select_related("meeting")
        .order_by("valid_on", "pk")
    )


def holding_rows(asked: Asked, page: Sequence[Holding]) -> list[Row]:
    """One page of :func:`holdings`: the host, and the meeting as its fact."""
    units = unit_rows({row.meeting.host_id for row in page}, asked.as_of, known_at=asked.known_at)
    facts = with_names(
        {
            row.pk: Fact(
                kind=FactKind.MEETING,
                key=str(row.meeting.key),
                title=row.meeting.title,
                valid_on=row.valid_on,
                recorded_on=row.recorded_on,
                recorded_seq=row.recorded_seq,
            )
            for row in page
        }
    )
    return [
        Row(
            name=units[row.meeting.host_id].name if row.meeting.host_id in units else "",
            person_key="",
            unit=units.get(row.meeting.host_id),
            is_leader=False,
            fact=facts[row.pk],
        )
        for row in page
    ]


# --- Declared figures -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Declared:
    """What one unit declares of one figure, in force on the day."""

    unit: UnitRow | None
    numerator: int
    denominator: int
    valid_on: date
    recorded_on: date
    told_by: str

    def without_names(self) -> "Declared":
        """The same, without who told."""
        return replace(self, told_by="")


def declarations(asked: Asked, code: str) -> list[Declared]:
    """What units declare of a figure: the last declaration of each, by unit."""
    rows = Declaration.objects.known_at(asked.known_at).filter(
        rollout=asked.rollout, code=code, unit__in=asked.under, valid_on__lte=asked.as_of
    )
    last = {row.unit_id: row for row in rows.order_by("valid_on", "pk")}
    units = unit_rows(last, asked.as_of, known_at=asked.known_at)
    order = {unit: place for place, unit in enumerate(units)}
    return [
        Declared(units.get(row.unit_id), row.numerator, row.denominator, row.valid_on, row.recorded_on, row.told_by)
        for row in sorted(last.values(), key=lambda row: order.get(row.unit_id, len(order)))
    ]


# --- Who entered ------------------------------------------------------------------------------------------------------


def with_names[K](facts: Mapping[K, Fact]) -> dict[K, Fact]:
    """The same facts with who entered each."""
    names = entered_by({fact.recorded_seq for fact in facts.values()})
    return {key: replace(fact, entered_by=names.get(fact.recorded_seq, "")) for key, fact in facts.items()}


def entered_by(seqs: Iterable[int]) -> dict[int, str]:
    """Who made each ledger entry: the person signed in, else the sign-in; none for the installation itself."""
    actors = {
        seq: actor
        for seq, actor in Entry.objects.filter(seq__in=list(seqs)).values_list("seq", "actor")
        if actor is not None
    }
    users = User.objects.filter(key__in=set(actors.values()))
    names = {
        key: full_name or username
        for key, username, full_name in users.values_list("key", "username", "sign_in__person__full_name")
    }
    return {seq: names.get(actor, "") for seq, actor in actors.items()}
