"""Reading roll-outs, obligations and their histories."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import batched

from django.db.models import QuerySet

from trienkhai.core.periods import FOREVER, Period
from trienkhai.core.sql import as_day, fetched, listed
from trienkhai.figures.models import Path
from trienkhai.figures.queries import keys_under
from trienkhai.organisation.models import Membership, Post, UnitState, held_on
from trienkhai.organisation.rules import LEADERS, MemberKind, Standing, Tie
from trienkhai.rollouts.models import Declaration, Milestone, Obligation, ObligationPlace, Rollout, Step
from trienkhai.rollouts.rules import History, Place, RolloutPlan, StepKind, Subject

CHUNK = 5_000


def newest_rollout(rollouts: QuerySet[Rollout] | None = None) -> Rollout | None:
    """The roll-out opened last."""
    among = Rollout.objects.all() if rollouts is None else rollouts
    return among.select_related("lead", "scope").order_by("-opens_on", "-pk").first()


def steps_of(rollout: Rollout) -> Mapping[StepKind, Step]:
    """The roll-out's steps by kind, in their order."""
    found = {StepKind(step.kind): step for step in rollout.steps.all()}
    return {kind: found[kind] for kind in StepKind if kind in found}


def obligations(
    *,
    rollout: Rollout,
    step: StepKind,
    people: Collection[int] | None = None,
    units: Collection[int] | None = None,
) -> dict[int, Obligation]:
    """Obligations of one step by their subject's id: of people when ``people`` is given, else of units.

    Ended obligations are among them; see :func:`owing_on` for who owes on a day.
    """
    found = Obligation.objects.filter(step__rollout=rollout, step__kind=step).select_related("step")
    if people is not None:
        return {
            o.person_id: o for ids in _chunks(people) for o in found.filter(person__in=ids) if o.person_id is not None
        }
    if units is not None:
        return {o.unit_id: o for ids in _chunks(units) for o in found.filter(unit__in=ids) if o.unit_id}
    return {o.unit_id: o for o in found.filter(unit__isnull=False) if o.unit_id}


def owing_on(
    *,
    rollout: Rollout,
    step: StepKind,
    day: date,
    units: Collection[int] | None = None,
    subject: Subject = Subject.PERSON,
) -> QuerySet[ObligationPlace]:
    """Where obligations of the step belong on ``day``, as known now, among ``units`` (everywhere when ``None``)."""
    places = ObligationPlace.objects.current().filter(
        obligation__step__rollout=rollout,
        obligation__step__kind=step,
        obligation__person__isnull=subject is Subject.UNIT,
        starts_on__lte=day,
    )
    places = places.exclude(ends_on__lte=day)
    if units is not None:
        places = places.filter(unit__in=units)
    return places.select_related("obligation").order_by("pk")


def reached_by(*, rollout: Rollout, code: str, people: Iterable[int] | None = None) -> dict[int, date]:
    """``{person: day}`` of those who have reached a milestone, as known now."""
    rows = Milestone.objects.current().filter(obligation__step__rollout=rollout, code=code)
    rows = rows.filter(obligation__person__isnull=False)
    if people is not None:
        rows = rows.filter(obligation__person__in=list(people))
    return dict(rows.values_list("obligation__person", "starts_on"))


def histories(ids: Collection[int]) -> dict[int, History]:
    """What is known now of each obligation: places and milestones."""
    milestones: dict[int, dict[str, Period]] = {}
    about: dict[int, tuple[StepKind, Subject]] = {}
    for chunk in _chunks(ids):
        for pk, kind, person in Obligation.objects.filter(pk__in=chunk).values_list("pk", "step__kind", "person"):
            about[pk] = (StepKind(kind), Subject.PERSON if person else Subject.UNIT)
        reached = Milestone.objects.current().filter(obligation__in=chunk)
        for pk, code, start, end in reached.values_list("obligation", "code", "starts_on", "ends_on"):
            milestones.setdefault(pk, {})[code] = Period.of(start, end)
    places = places_of(ids)
    return {
        pk: History(step, subject, places.get(pk, ()), milestones.get(pk, {})) for pk, (step, subject) in about.items()
    }


def places_of(ids: Collection[int]) -> dict[int, tuple[Place, ...]]:
    """Where each obligation belongs, as known now, in the order of days."""
    places: dict[int, list[Place]] = {}
    for chunk in _chunks(ids):
        for pk, unit, start, end, leads in fetched(_PLACES.format(obligations=listed(chunk))):
            days = Period.of(as_day(start), as_day(end) if end else None)
            places.setdefault(pk, []).append(Place(unit, days, bool(leads)))
    return {pk: tuple(found) for pk, found in places.items()}


_PLACES = """
    SELECT obligation_id, unit_id, starts_on, ends_on, is_leader FROM rollouts_obligationplace
    WHERE obligation_id IN ({obligations}) AND superseded_seq IS NULL ORDER BY starts_on
"""


type MembershipRow = tuple[int, Period, MemberKind, Standing, Tie]


def memberships_of(people: Collection[int]) -> dict[int, list[MembershipRow]]:
    """Each person's memberships as known now: (unit, days, kind, standing, tie)."""
    found: dict[int, list[MembershipRow]] = {}
    for chunk in _chunks(people):
        rows = Membership.objects.current().filter(person__in=chunk).order_by("starts_on", "pk")
        for person, unit, start, end, kind, standing, tie in rows.values_list(
            "person", "unit", "starts_on", "ends_on", "kind", "standing", "tie"
        ):
            row = (unit, Period.of(start, end), MemberKind(kind), Standing(standing), Tie(tie))
            found.setdefault(person, []).append(row)
    return found


def leading_periods(people: Collection[int]) -> dict[int, list[Period]]:
    """The days each person held a leading post, as known now."""
    found: dict[int, list[Period]] = {}
    for chunk in _chunks(people):
        rows = Post.objects.current().filter(person__in=chunk, kind__in=LEADERS)
        for person, start, end in rows.values_list("person", "starts_on", "ends_on"):
            found.setdefault(person, []).append(Period.of(start, end))
    return found


def days_under(lead: int) -> dict[int, list[Period]]:
    """The days each unit lay in or under ``lead``, as known now."""
    found: dict[int, list[Period]] = {}
    paths = Path.objects.filter(ancestor=lead, superseded_seq__isnull=True)
    for unit, start, end in paths.values_list("descendant", "starts_on", "ends_on"):
        found.setdefault(unit, []).append(Period(start, min(end, FOREVER)))
    return found


def unit_kinds(units: Collection[int]) -> dict[int, list[tuple[str, Period]]]:
    """What kind each unit was, when, as known now."""
    found: dict[int, list[tuple[str, Period]]] = {}
    for chunk in _chunks(units):
        states = UnitState.objects.current().filter(unit__in=chunk)
        for unit, kind, start, end in states.values_list("unit", "kind", "starts_on", "ends_on"):
            found.setdefault(unit, []).append((kind, Period.of(start, end)))
    return found


def _chunks(ids: Iterable[int]) -> Iterator[Sequence[int]]:
    return batched(sorted(ids), CHUNK)


@dataclass(frozen=True)
class WouldOwe:
    """How many would owe what if a roll-out were opened: people by sort of membership, and units by step.

    ``people``: (kind, standing, tie, how many, owes study, owes paper), most first. ``units``: {step: how many}.
    """

    people: tuple[tuple[str, str, str, int, bool, bool], ...]
    study: int
    paper: int
    units: Mapping[StepKind, int]

    @property
    def everybody(self) -> int:
        """How many ties there are, owing or not."""
        return sum(row[3] for row in self.people)

    @property
    def free_of_study(self) -> int:
        """Those who do not owe study."""
        return self.everybody - self.study

    @property
    def free_of_paper(self) -> int:
        """Those who do not owe a paper."""
        return self.everybody - self.paper


def who_would_owe(plan: RolloutPlan, lead: int) -> WouldOwe:
    """Who would owe what on the first day of a roll-out led by ``lead``."""
    under = keys_under(lead, plan.opens_on)
    ties = Membership.objects.current().filter(held_on(plan.opens_on), unit__in=under)
    counts = Counter(ties.values_list("kind", "standing", "tie"))
    owing = {step.kind: step.owing for step in plan.steps}
    people = tuple(
        (
            kind,
            standing,
            tie,
            n,
            owing[StepKind.STUDY].includes(MemberKind(kind), Standing(standing), Tie(tie)),
            owing[StepKind.PAPER].includes(MemberKind(kind), Standing(standing), Tie(tie)),
        )
        for (kind, standing, tie), n in counts.most_common()
    )
    kinds = Counter(
        UnitState.objects.current().filter(held_on(plan.opens_on), unit__in=under).values_list("kind", flat=True)
    )
    units = {
        step.kind: sum(n for kind, n in kinds.items() if kind in step.owing.unit_kinds)
        for step in plan.steps
        if step.owing.unit_kinds
    }
    return WouldOwe(people, sum(row[3] for row in people if row[4]), sum(row[3] for row in people if row[5]), units)


def declarations_of(rollout: Rollout, unit: int) -> QuerySet[Declaration]:
    """What a unit has declared, newest first, as known now."""
    rows = Declaration.objects.current().filter(rollout=rollout, unit=unit)
    return rows.order_by("-valid_on", "code", "pk")
