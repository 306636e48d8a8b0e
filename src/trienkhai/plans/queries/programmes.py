"""Measures tied to a programme, with who carries them out, how far their tasks are and what their indicators showed."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet

from trienkhai.organisation.queries import unit_rows
from trienkhai.plans.models import IndicatorValue, Plan, PlanVersion, Summable, TaskTerms, Wording, WordingProgramme
from trienkhai.plans.queries.tasks import MeasureTasks, tasks_by_measure
from trienkhai.plans.queries.versions import versions_in_force
from trienkhai.plans.rules import Treatment
from trienkhai.plans.rules.tasks import total
from trienkhai.programmes.models import Programme


@dataclass(frozen=True)
class TiedMeasure:
    """A measure in effect that is tied to a programme.

    ``unit``: whose plan in force words it so; empty where that plan has gone on and only plans below still apply the
    version that did. ``applied_by``: units whose plans apply it as it is. ``value``: what its indicator last showed in
    the plan's unit, or together where values add up.
    """

    measure_id: int
    key: UUID
    plan_key: UUID
    unit: str
    text: str
    deadline_on: date | None
    product: str
    is_urgent: bool
    tasks: MeasureTasks
    applied_by: tuple[str, ...] = ()
    indicator: str = ""
    target: Decimal | None = None
    target_unit: str = ""
    value: Decimal | None = None
    valued_on: date | None = None


@dataclass(frozen=True)
class EarlierTie:
    """A measure that was tied to a programme in an adopted version, and is no longer."""

    key: UUID
    plan_key: UUID
    unit: str
    text: str
    version: int


@dataclass(frozen=True)
class _Applied:
    """Which units take measures of the versions their plans apply as they are.

    ``units``: by version applied, however far up; ``besides``: by version and measure, the units that treat it.
    """

    units: Mapping[int, frozenset[int]]
    besides: Mapping[tuple[int, int], frozenset[int]]

    @classmethod
    def by(cls, versions: Collection[PlanVersion]) -> "_Applied":
        """Follow what these versions apply, all the way up."""
        applying = [version for version in versions if version.base_id is not None]
        if not applying:
            return cls({}, {})
        known = PlanVersion.objects.filter(plan__rollout__in={one.plan.rollout_id for one in applying})
        bases = {pk: base for pk, base in known.values_list("pk", "base") if base is not None}
        changed = Wording.objects.filter(version__in=bases).exclude(treatment=Treatment.OWN)
        treated: dict[int, set[int]] = {}
        for worded_in, answers in changed.values_list("version", "measure__answers"):
            treated.setdefault(worded_in, set()).add(answers or 0)
        units: dict[int, set[int]] = {}
        besides: dict[tuple[int, int], set[int]] = {}
        for version in applying:
            gone: set[int] = set(treated.get(version.pk, ()))
            for base in _upwards(version.pk, bases):
                units.setdefault(base, set()).add(version.plan.unit_id)
                for measure in gone:
                    besides.setdefault((base, measure), set()).add(version.plan.unit_id)
                gone |= treated.get(base, set())
        return cls(
            {base: frozenset(of_it) for base, of_it in units.items()},
            {place: frozenset(of_it) for place, of_it in besides.items()},
        )

    def takers(self, version: int, measure: int) -> frozenset[int]:
        """Units that take the measure as that version words it."""
        return self.units.get(version, frozenset()) - self.besides.get((version, measure), frozenset())


def _upwards(version: int, bases: Mapping[int, int]) -> Iterator[int]:
    seen = {version}
    at = bases.get(version)
    while at is not None and at not in seen:
        seen.add(at)
        yield at
        at = bases.get(at)


def measures_tied(
    programme: Programme,
    plans: QuerySet[Plan],
    terms: QuerySet[TaskTerms],
    *,
    on: date,
    covered: Collection[int] | None = None,
    valued: int | None = None,
) -> list[TiedMeasure]:
    """Measures tied to it in effect in these plans on the day, urgent ones first, then by deadline.

    ``terms``: of the tasks the reader may see; ``covered``: units whose values they may see, all where not given;
    ``valued``: how many of the first measures come with what their indicators showed, all where not given.
    """
    versions = list(versions_in_force(plans, on))
    in_force = {version.pk for version in versions}
    applied = _Applied.by(versions)
    wordings = (
        Wording.objects.filter(version__in=in_force | applied.units.keys(), ties__programme=programme)
        .exclude(treatment=Treatment.LEFT_OUT)
        .order_by("-is_urgent", F("deadline_on").asc(nulls_last=True), "version__plan", "-version__number", "position")
        .values_list(
            *("measure", "measure__key", "version", "version__plan__key", "version__plan__unit"),
            *("text", "deadline_on", "product", "is_urgent", "indicator", "target", "target_unit"),
            named=True,
        )
    )
    found: dict[int, Any] = {}
    takers: dict[int, frozenset[int]] = {}
    for one in wordings:
        by = applied.takers(one.version, one.measure)
        if one.version in in_force or by:
            takers[one.measure] = takers.get(one.measure, frozenset()) | by
            if one.measure not in found or one.version in in_force:
                found[one.measure] = one
    tied = tasks_tied(programme, terms, on=on)
    return _as_shown(list(found.values()), takers, in_force, tied, on=on, covered=covered, valued=valued)


def _as_shown(
    rows: Collection[Any],
    takers: Mapping[int, frozenset[int]],
    in_force: Collection[int],
    terms: QuerySet[TaskTerms],
    *,
    on: date,
    covered: Collection[int] | None,
    valued: int | None,
) -> list[TiedMeasure]:
    tasks = tasks_by_measure(terms, on)
    owners = {one.measure: one.version__plan__unit for one in rows}
    shown = [one.measure for one in rows][:valued]
    values = _latest({one.measure for one in rows if one.indicator} & set(shown), owners, on=on, covered=covered)
    units = set(owners.values()).union(*takers.values())
    names = {unit: row.name for unit, row in unit_rows(units, on).items()}
    called = {by: tuple(name for unit, name in names.items() if unit in by) for by in set(takers.values())}
    none = MeasureTasks()
    return [
        TiedMeasure(
            measure_id=one.measure,
            key=one.measure__key,
            plan_key=one.version__plan__key,
            unit=names.get(one.version__plan__unit, "") if one.version in in_force else "",
            text=one.text,
            deadline_on=one.deadline_on,
            product=one.product,
            is_urgent=one.is_urgent,
            tasks=tasks.get(one.measure, none),
            applied_by=called[takers[one.measure]],
            indicator=one.indicator,
            target=one.target,
            target_unit=one.target_unit,
            value=values.get(one.measure, (None, None))[0],
            valued_on=values.get(one.measure, (None, None))[1],
        )
        for one in rows
    ]


def _latest(
    measures: Collection[int], owners: Mapping[int, int], *, on: date, covered: Collection[int] | None
) -> dict[int, tuple[Decimal, date]]:
    """By measure: the last value of the plan's own unit; of all its units together where they add up."""
    seen = [measure for measure in measures if covered is None or owners[measure] in covered]
    if not seen:
        return {}
    rows = IndicatorValue.objects.current().filter(measure__in=seen, valid_on__lte=on).order_by("valid_on", "pk")
    last: dict[int, dict[int, tuple[Decimal, date]]] = {}
    for measure, unit, value, day in rows.values_list("measure", "unit", "value", "valid_on"):
        last.setdefault(measure, {})[unit] = (value, day)
    adds_up = set(Summable.objects.current().filter(measure__in=seen).values_list("measure", flat=True))
    found = {}
    for measure, by_unit in last.items():
        own = by_unit.get(owners[measure])
        together = total(value for value, _day in by_unit.values())
        if measure in adds_up and together is not None:
            found[measure] = (together, max(day for _value, day in by_unit.values()))
        elif own is not None:
            found[measure] = own
    return found


def ties_before(programme: Programme, plans: QuerySet[Plan], *, on: date, without: Collection[int]) -> list[EarlierTie]:
    """Measures that adopted versions of these plans tied to it and that are not among those tied now."""
    rows = (
        Wording.objects.filter(version__plan__in=plans, version__adopted_on__lte=on, ties__programme=programme)
        .exclude(treatment=Treatment.LEFT_OUT)
        .exclude(version__in=[version.pk for version in versions_in_force(plans, on)])
        .order_by("version__plan", "version__number", "position", "pk")
        .values_list(
            *("measure", "measure__key", "version__plan__key", "version__plan__unit", "version__number", "text"),
            named=True,
        )
    )
    tied_now = set(without)
    last = {one.measure: one for one in rows if one.measure not in tied_now}
    names = unit_rows({one.version__plan__unit for one in last.values()}, on)
    return [
        EarlierTie(
            key=one.measure__key,
            plan_key=one.version__plan__key,
            unit=names[one.version__plan__unit].name if one.version__plan__unit in names else "",
            text=one.text,
            version=one.version__number,
        )
        for one in last.values()
    ]


def tasks_tied(programme: Programme, terms: QuerySet[TaskTerms], *, on: date) -> QuerySet[TaskTerms]:
    """Tasks of measures that a version adopted by the day ties, or tied, to it."""
    ties = WordingProgramme.objects.filter(programme=programme, wording__version__adopted_on__lte=on)
    return terms.filter(task__measure__in=ties.values("wording__measure"))
