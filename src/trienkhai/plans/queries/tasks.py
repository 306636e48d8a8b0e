"""Tasks with their states, and what indicators showed; as of a day, as known now or then."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, TypedDict

from django.db.models import (
    Case,
    Count,
    DateField,
    Exists,
    F,
    FilteredRelation,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)

from trienkhai.figures.queries import keys_under
from trienkhai.organisation.models import Person
from trienkhai.organisation.queries import unit_rows
from trienkhai.organisation.queries.people import counting_units
from trienkhai.plans.models import (
    IndicatorValue,
    Measure,
    PlanVersion,
    Summable,
    Task,
    TaskReport,
    TaskTerms,
    Wording,
)
from trienkhai.plans.rules.tasks import DONE_STATES, OPEN_STATES, TaskDays, TaskState, total

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class Standing(TypedDict):
    """What :func:`terms_on` adds to each row."""

    reported_on: date | None
    withdrawn_on: date | None
    place: int


type Stood = WithAnnotations[TaskTerms, Standing]


@dataclass(frozen=True)
class TaskRow:
    """A task as it is listed."""

    key: str
    text: str
    measure: str
    measure_number: int | None
    plan_key: str
    plan: str
    unit: str
    person: str
    is_to_person: bool
    starts_on: date
    deadline_on: date | None
    product: str
    is_urgent: bool
    state: TaskState
    done_on: date | None
    withdrawn_on: date | None

    @property
    def given_to(self) -> str:
        """Whom it was given to; a person with their unit."""
        return f"{self.person} ({self.unit})" if self.person and self.unit else self.person or self.unit


def terms_on(terms: QuerySet[TaskTerms], day: date, *, known_at: date | None = None) -> QuerySet[Stood]:
    """One row a task: what it asks on ``day``, what it last asked when it was withdrawn, or will ask first.

    Annotated with ``reported_on`` (the day it was done, if by then), ``withdrawn_on`` and ``place``: the number of its
    state among :class:`TaskState`. :meth:`TaskDays.state` says the same of one task.
    """
    known = TaskTerms.objects.known_at(known_at)
    later = known.filter(task=OuterRef("task"), starts_on__gte=OuterRef("ends_on"))
    earlier = known.filter(task=OuterRef("task"), starts_on__lt=OuterRef("starts_on"))
    holds = Q(starts_on__lte=day) & (Q(ends_on__isnull=True) | Q(ends_on__gt=day))
    is_over = Q(ends_on__lte=day) & ~Exists(later)
    is_ahead = Q(starts_on__gt=day) & ~Exists(earlier)
    found = terms.filter(_known(known_at)).filter(holds | is_over | is_ahead)
    done_by_then = _known(known_at, "task__reports__") & Q(task__reports__done_on__lte=day)
    return found.annotate(
        report=FilteredRelation("task__reports", condition=done_by_then),
        reported_on=F("report__done_on"),
        withdrawn_on=Case(When(ends_on__lte=day, then=F("ends_on")), default=None, output_field=DateField()),
    ).annotate(place=_place(day))


def _known(day: date | None, way: str = "") -> Q:
    """As :meth:`RecordedQuerySet.known_at`, of rows to which ``way`` leads."""
    if day is None:
        return Q(**{f"{way}superseded_seq__isnull": True})
    not_yet = Q(**{f"{way}superseded_on__isnull": True}) | Q(**{f"{way}superseded_on__gt": day})
    return Q(**{f"{way}recorded_on__lte": day}) & not_yet


def _place(day: date) -> Case:
    states = list(TaskState)
    done = Q(reported_on__isnull=False)
    in_time = Q(deadline_on__isnull=True) | Q(reported_on__lte=F("deadline_on"))
    cases = (
        (done & in_time, TaskState.DONE),
        (done, TaskState.DONE_LATE),
        (Q(withdrawn_on__isnull=False), TaskState.WITHDRAWN),
        (Q(starts_on__gt=day), TaskState.NOT_DUE),
        (Q(deadline_on__lt=day), TaskState.LATE),
    )
    return Case(
        *(When(condition, then=Value(states.index(state))) for condition, state in cases),
        default=Value(states.index(TaskState.RUNNING)),
        output_field=IntegerField(),
    )


def in_state(terms: QuerySet[Stood], states: Iterable[TaskState]) -> QuerySet[Stood]:
    """Those of :func:`terms_on` in one of the states."""
    every = list(TaskState)
    return terms.filter(place__in=[every.index(state) for state in states])


def late_first(terms: QuerySet[Stood]) -> QuerySet[Stood]:
    """Those of :func:`terms_on` in the order of lists: late, under way, the rest; urgent first, then by deadline."""
    return terms.order_by("place", "-is_urgent", F("deadline_on").asc(nulls_last=True), "starts_on", "pk")


def state_counts(terms: QuerySet[Stood]) -> dict[TaskState, int]:
    """How many of :func:`terms_on` are in each state."""
    numbers = dict(terms.order_by().values_list("place").annotate(number=Count("pk")))
    return {state: numbers.get(place, 0) for place, state in enumerate(TaskState)}


def task_rows(terms: Sequence[Stood], *, day: date) -> list[TaskRow]:
    """Terms of :func:`terms_on` as they are listed, in the order given."""
    people = {row.person_id for row in terms if row.person_id is not None}
    persons = dict(Person.objects.filter(pk__in=people).values_list("pk", "full_name"))
    homes = counting_units(Person.objects.filter(pk__in=people), day) if people else {}
    names = {pk: row.name for pk, row in unit_rows({row.unit_id for row in terms if row.unit_id}, day).items()}
    titles = _titles({row.task.plan_id for row in terms}, day)
    words = words_of({row.task.measure_id for row in terms if row.task.measure_id}, day)
    return [_row(row, persons, homes, names, titles, words) for row in terms]


def _row(  # noqa: PLR0917 - everything a row needs was read at once
    row: Stood,
    persons: Mapping[int, str],
    homes: Mapping[int, tuple[int, str]],
    names: Mapping[int, str],
    titles: Mapping[int, str],
    words: Mapping[int, Wording],
) -> TaskRow:
    wording = words.get(row.task.measure_id or 0)
    person = row.person_id or 0
    home = homes.get(person)
    return TaskRow(
        key=str(row.task.key),
        text=row.text,
        measure=wording.text if wording else "",
        measure_number=wording.position + 1 if wording else None,
        plan_key=str(row.task.plan.key),
        plan=titles.get(row.task.plan_id, ""),
        unit=(home[1] if home else "") if person else names.get(row.unit_id or 0, ""),
        person=persons.get(person, ""),
        is_to_person=bool(person),
        starts_on=row.given_on,
        deadline_on=row.deadline_on,
        product=row.product,
        is_urgent=row.is_urgent,
        state=list(TaskState)[row.place],
        done_on=row.reported_on,
        withdrawn_on=row.withdrawn_on,
    )


def _titles(plans: Iterable[int], day: date) -> dict[int, str]:
    """What each plan is called in the version in force on the day, else in its newest adopted one."""
    versions = PlanVersion.objects.filter(plan__in=set(plans), adopted_on__isnull=False)
    return dict(_newest_last(versions, day).values_list("plan", "title"))


def words_of(measures: Iterable[int], day: date) -> dict[int, Wording]:
    """What the version in force on the day says of each measure, else the newest adopted one that words it."""
    wordings = Wording.objects.filter(measure__in=set(measures), version__adopted_on__isnull=False)
    in_order = wordings.order_by(
        Case(When(version__adopted_on__lte=day, then=Value(1)), default=Value(0)), "version__number", "pk"
    )
    return {wording.measure_id: wording for wording in in_order}


def _newest_last(versions: QuerySet[PlanVersion], day: date) -> QuerySet[PlanVersion]:
    return versions.order_by(Case(When(adopted_on__lte=day, then=Value(1)), default=Value(0)), "number", "pk")


def terms_of(task: Task, day: date) -> Stood | None:
    """What the task asks on the day, with its state; ``None`` for one entered by mistake."""
    terms = TaskTerms.objects.filter(task=task).select_related("task__plan__rollout", "task__measure")
    return terms_on(terms, day).first()


def history_of_terms(task: Task) -> list[TaskTerms]:
    """What it asked through time, as known now, the newest first."""
    return list(TaskTerms.objects.current().filter(task=task).order_by("-starts_on", "-pk"))


def report_of(task: Task) -> TaskReport | None:
    """How it was done, as known now."""
    return TaskReport.objects.current().filter(task=task).prefetch_related("evidence__file").first()


def days_of(terms: Stood) -> TaskDays:
    """What the state of one row of :func:`terms_on` follows from."""
    return TaskDays(terms.given_on, terms.deadline_on, terms.reported_on, terms.withdrawn_on)


def open_tasks_of(terms: QuerySet[TaskTerms], *, units: Iterable[int], person: int | None, day: date) -> list[TaskRow]:
    """What is still to be done by these units and this person, late and urgent first."""
    mine = terms.filter(Q(unit__in=list(units)) | Q(person=person or 0))
    return task_rows(list(late_first(in_state(terms_on(mine, day), OPEN_STATES))), day=day)


def given_by(terms: QuerySet[TaskTerms], units: Iterable[int], *, person: int | None) -> QuerySet[TaskTerms]:
    """What plans of these units have given to others than themselves and this person."""
    own = list(units)
    return terms.filter(task__plan__unit__in=own).exclude(Q(unit__in=own) | Q(person=person or 0, person__isnull=False))


def late_among(terms: QuerySet[TaskTerms], day: date) -> int:
    """How many of them are late."""
    return in_state(terms_on(terms, day), (TaskState.LATE,)).count()


@dataclass(frozen=True)
class MeasureTasks:
    """How many tasks of a measure there are on a day, and how many of them are done and late."""

    given: int = 0
    done: int = 0
    late: int = 0


def tasks_by_measure(terms: QuerySet[TaskTerms], day: date) -> dict[int, MeasureTasks]:
    """For each measure with tasks not withdrawn, how they stand."""
    states = list(TaskState)
    counts: dict[int, list[TaskState]] = {}
    for row in terms_on(terms.filter(task__measure__isnull=False), day).order_by().values("task__measure", "place"):
        if states[row["place"]] is not TaskState.WITHDRAWN:
            counts.setdefault(row["task__measure"], []).append(states[row["place"]])
    return {
        measure: MeasureTasks(len(found), sum(s in DONE_STATES for s in found), found.count(TaskState.LATE))
        for measure, found in counts.items()
    }


# --- Indicators ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ValueRow:
    """What the indicator last showed in one unit by a day; nothing yet: ``value`` is ``None``."""

    unit_id: int
    unit_key: str
    unit: str
    value: Decimal | None
    valid_on: date | None
    note: str
    value_key: str


@dataclass(frozen=True)
class Indicator:
    """The indicator of a measure as of a day. ``total``: only where it was said that the values of units add up."""

    as_of: date
    rows: Sequence[ValueRow]
    is_summable: bool
    total: Decimal | None


def values_on(measure: Measure, as_of: date, *, known_at: date | None = None) -> dict[int, IndicatorValue]:
    """The latest value of each unit by ``as_of``."""
    known = IndicatorValue.objects.known_at(known_at).filter(measure=measure, valid_on__lte=as_of)
    return {value.unit_id: value for value in known.order_by("valid_on", "pk")}


def indicator_on(measure: Measure, units: Iterable[int], as_of: date, *, known_at: date | None = None) -> Indicator:
    """What the indicator showed in the plan's unit and those below it, of which ``units`` are listed.

    The total is over all of them, listed or not.
    """
    everywhere = set(keys_under(measure.plan.unit_id, as_of))
    values = {unit: value for unit, value in values_on(measure, as_of, known_at=known_at).items() if unit in everywhere}
    is_summable = Summable.objects.known_at(known_at).filter(measure=measure).exists()
    rows = [
        ValueRow(
            unit_id=unit,
            unit_key=row.key,
            unit=row.name,
            value=values[unit].value.normalize() if unit in values else None,
            valid_on=values[unit].valid_on if unit in values else None,
            note=values[unit].note if unit in values else "",
            value_key=str(values[unit].key) if unit in values else "",
        )
        for unit, row in unit_rows(everywhere & set(units), as_of).items()
    ]
    summed = total(value.value for value in values.values()) if is_summable else None
    return Indicator(as_of, rows, is_summable, summed.normalize() if summed is not None else None)
