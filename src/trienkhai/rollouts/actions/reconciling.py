"""Obligations follow memberships, posts and the tree."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import batched

from django.db import transaction
from django.db.models import QuerySet

from trienkhai.core.periods import Period
from trienkhai.ledger.models import Entry
from trienkhai.organisation.models import Membership, Succession
from trienkhai.rollouts.actions.milestones import pass_on_to, post_changes
from trienkhai.rollouts.models import Obligation, ObligationPlace, Rollout, Step
from trienkhai.rollouts.queries import CHUNK, days_under, histories, leading_periods, memberships_of, unit_kinds
from trienkhai.rollouts.rules import History, Place, Stay, StepKind, Subject, places_from

UNIT_STEPS = (StepKind.RECEIVE, StepKind.PLAN, StepKind.STUDY)
PERSON_STEPS = (StepKind.STUDY, StepKind.PAPER)


@transaction.atomic
def reconcile(
    *,
    entry: Entry,
    people: Iterable[int] = (),
    units: Iterable[int] = (),
    rollouts: Iterable[Rollout] | None = None,
) -> None:
    """Bring obligations and figures in line after organisation facts of these people and units have changed.

    Everybody who was ever in one of ``units`` is looked at too. Running it again changes nothing.

    Args:
        entry: the ledger entry of the change.
        people: ids of persons whose memberships or posts changed.
        units: ids of units whose states, or places in the tree, changed.
        rollouts: look at these alone; all when ``None``.
    """
    unit_ids = set(units)
    person_ids = set(people)
    for chunk in batched(sorted(unit_ids), CHUNK):
        person_ids.update(Membership.objects.filter(unit__in=chunk).values_list("person", flat=True).distinct())
    among = Rollout.objects.select_related("scope").order_by("pk") if rollouts is None else rollouts
    for rollout in among:
        grounds = _Grounds.of(rollout)
        if unit_ids:
            _reconcile_units(grounds, unit_ids, entry=entry)
        for chunk in batched(sorted(person_ids), CHUNK):
            _reconcile_people(grounds, chunk, entry=entry)


@dataclass(frozen=True)
class _Grounds:
    """What a roll-out's obligations rest on."""

    rollout: Rollout
    steps: Mapping[StepKind, Step]
    under: Mapping[int, Sequence[Period]]

    @classmethod
    def of(cls, rollout: Rollout) -> "_Grounds":
        steps = {StepKind(step.kind): step for step in rollout.steps.all()}
        return cls(rollout, steps, days_under(rollout.lead_id))

    def stays(self, unit: int, days: Period) -> Iterable[Stay]:
        """The days of a stay in ``unit`` on which it lay under the lead."""
        return (Stay(unit, days & under) for under in self.under.get(unit, ()) if days & under)

    def deadline(self, step: Step) -> date | None:
        """The last day on which somebody new still comes to owe the step."""
        days = [day for day in (step.deadline_on, self.rollout.closed_on) if day]
        return min(days) if days else None


def _reconcile_people(grounds: _Grounds, people: Sequence[int], *, entry: Entry) -> None:
    memberships = memberships_of(people)
    leading = leading_periods(people)
    for kind in PERSON_STEPS:
        if kind not in grounds.steps:
            continue
        step = grounds.steps[kind]
        wanted = {
            person: places_from(
                [
                    stay
                    for unit, days, member_kind, standing, tie in memberships.get(person, ())
                    if step.owing.includes(member_kind, standing, tie)
                    for stay in grounds.stays(unit, days)
                ],
                opens_on=grounds.rollout.opens_on,
                deadline=grounds.deadline(step),
                leading=leading.get(person, ()),
            )
            for person in people
        }
        existing = {o.person_id or 0: o for o in _existing(step).filter(person__in=people)}
        _make_so(step, wanted, existing, by="person_id", entry=entry)


def _reconcile_units(grounds: _Grounds, units: Iterable[int], *, entry: Entry) -> None:
    ids = sorted(units)
    kinds = unit_kinds(ids)
    came_after = set(Succession.objects.current().filter(successor__in=ids).values_list("successor", flat=True))
    for kind in UNIT_STEPS:
        if kind not in grounds.steps:
            continue
        step = grounds.steps[kind]
        owing = step.owing.unit_kinds
        wanted = {
            unit: places_from(
                [
                    stay
                    for unit_kind, days in kinds.get(unit, ())
                    if unit_kind in owing
                    for stay in grounds.stays(unit, days)
                ],
                opens_on=grounds.rollout.opens_on,
                deadline=None if unit in came_after else grounds.deadline(step),
            )
            for unit in ids
        }
        existing = {o.unit_id or 0: o for o in _existing(step).filter(unit__in=ids)}
        _make_so(step, wanted, existing, by="unit_id", entry=entry)
    pass_on_to(came_after, entry=entry)


def _existing(step: Step) -> QuerySet[Obligation]:
    return Obligation.objects.select_for_update(of=("self",)).filter(step=step).order_by("pk")


def _make_so(
    step: Step,
    wanted: Mapping[int, tuple[Place, ...]],
    existing: Mapping[int, Obligation],
    *,
    by: str,
    entry: Entry,
) -> None:
    """Make missing obligations, replace the places that differ, and post what that changes."""
    missing = [Obligation(step=step, **{by: s}) for s, places in wanted.items() if places and s not in existing]
    Obligation.objects.bulk_create(missing, batch_size=CHUNK)
    before = histories([row.pk for row in existing.values()])
    blank = History(StepKind(step.kind), Subject.UNIT if by == "unit_id" else Subject.PERSON)
    changed: dict[int, Obligation] = {}
    after: dict[int, History] = {}
    gone: set[tuple[int, date]] = set()
    fresh: list[ObligationPlace] = []
    for subject, obligation in {**existing, **{getattr(row, by): row for row in missing}}.items():
        history = before.get(obligation.pk, blank)
        known, places = set(history.places), set(wanted.get(subject, ()))
        if known == places:
            continue
        obligation.step = step
        changed[obligation.pk] = obligation
        after[obligation.pk] = replace(history, places=tuple(sorted(places, key=lambda place: place.period)))
        gone.update((obligation.pk, place.period.start) for place in known - places)
        fresh.extend(_place_row(obligation, place, entry) for place in sorted(places - known, key=lambda p: p.period))
    _supersede(gone, entry)
    ObligationPlace.objects.bulk_create(fresh, batch_size=CHUNK)
    post_changes(changed, before, after, entry=entry)


def _supersede(gone: Collection[tuple[int, date]], entry: Entry) -> None:
    """Supersede the current places of obligations that began on these days."""
    for chunk in batched(sorted({pk for pk, _start in gone}), CHUNK):
        rows = ObligationPlace.objects.current().filter(obligation__in=chunk)
        ended = [pk for pk, owner, start in rows.values_list("pk", "obligation", "starts_on") if (owner, start) in gone]
        ObligationPlace.objects.filter(pk__in=ended).supersede(entry)


def _place_row(obligation: Obligation, place: Place, entry: Entry) -> ObligationPlace:
    return ObligationPlace(
        obligation=obligation,
        unit_id=place.unit,
        is_leader=place.is_leader,
        starts_on=place.period.start,
        ends_on=place.period.end_or_none,
        recorded_seq=entry.seq,
        recorded_on=entry.recorded_on,
    )
