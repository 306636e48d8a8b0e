"""Plans above and below one another: what is in effect, who took up what, what still waits for an answer."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import batched

from trienkhai.directives.models import Provision
from trienkhai.figures.queries import keys_above, keys_under, paths_on
from trienkhai.organisation.queries import name_of, unit_rows
from trienkhai.plans.models import Measure, Plan, PlanVersion, Wording
from trienkhai.plans.queries.reading import MeasureRow, lines_of, references, rows_from
from trienkhai.plans.queries.versions import versions_in_force
from trienkhai.plans.rules import (
    InEffect,
    Line,
    Stance,
    Stances,
    Taking,
    Treatment,
    VersionKind,
    Words,
    in_effect,
    uncovered,
)
from trienkhai.rollouts.models import Rollout
from trienkhai.rollouts.queries import owing_on
from trienkhai.rollouts.rules import StepKind, Subject

_AT_ONCE = 900


@dataclass(frozen=True)
class UnitStance:
    """One unit's answer to one measure: its words there, where it has words of its own or a reason."""

    unit_id: int
    unit: str
    plan_key: str
    words: str = ""
    reason: str = ""


@dataclass(frozen=True)
class TakenUp:
    """One measure of a plan from above: how many units below took it up, left it out, have not answered."""

    number: int
    line: Line
    taken: int
    left_out: int
    waiting: int

    @property
    def owed(self) -> int:
        """Of how many."""
        return self.taken + self.left_out + self.waiting


@dataclass(frozen=True)
class Answers:
    """The units below by their answer to one measure, by name."""

    taken: tuple[UnitStance, ...]
    left_out: tuple[UnitStance, ...]
    waiting: tuple[UnitStance, ...]

    @property
    def has_words(self) -> bool:
        """Whether any unit has words or a reason of its own."""
        return any(one.words or one.reason for one in (*self.taken, *self.left_out))


@dataclass(frozen=True)
class Part:
    """A provision that no measure carries out."""

    key: str
    directive_key: str
    name: str
    text: str


def effective(version: PlanVersion) -> list[InEffect]:
    """What the version says in the end, through every plan it applies."""
    chain = [version]
    while (base := chain[-1].base) is not None and base not in chain:
        chain.append(base)
    found: list[InEffect] = []
    for each in reversed(chain):
        base_lines = [one.line for one in found if one.taking != Taking.LEFT_OUT]
        found = in_effect(lines_of(each), base_lines if each.kind == VersionKind.APPLIES else None)
    return found


def lines_in_effect(version: PlanVersion) -> list[Line]:
    """The measures in force for the unit, in words; those left out are left out."""
    return [one.line for one in effective(version) if one.taking != Taking.LEFT_OUT]


def measure_rows(version: PlanVersion, *, on: date) -> list[MeasureRow]:
    """The measures in effect as they are shown, urgent ones first; units by their names on ``on``."""
    return shown_rows(version, urgent_first(effective(version)), on=on)


def urgent_first(found: Sequence[InEffect]) -> list[tuple[int, InEffect]]:
    """The measures in effect with their numbers, urgent ones first; those left out are left out."""
    kept = [one for one in found if one.taking != Taking.LEFT_OUT]
    return sorted(enumerate(kept, start=1), key=lambda one: not one[1].line.is_urgent)


def shown_rows(version: PlanVersion, numbered: Sequence[tuple[int, InEffect]], *, on: date) -> list[MeasureRow]:
    """Some measures as they are shown, under their numbers."""
    rows = rows_from([one.line for _number, one in numbered], version.plan.rollout, on=on)
    return [
        replace(
            row,
            number=number,
            taking=one.taking,
            reason=one.reason,
            upper_text=one.upper.text if one.upper else "",
        )
        for (number, one), row in zip(numbered, rows, strict=True)
    ]


def answerable(version: PlanVersion, *, on: date) -> set[int]:
    """Measures that one of this version may answer: adopted ones of plans of units above; those its base has."""
    if version.base is not None:
        return {line.measure for line in lines_in_effect(version.base) if line.measure is not None}
    plan = version.plan
    above = [unit for unit in keys_above(plan.unit_id, on) if unit != plan.unit_id]
    found = Measure.objects.filter(
        plan__rollout=plan.rollout_id, plan__unit__in=above, wordings__version__adopted_on__isnull=False
    )
    return set(found.values_list("pk", flat=True))


def upper_version(rollout: Rollout, unit: int, *, on: date) -> PlanVersion | None:
    """The version in force of the nearest unit above that has one in this roll-out."""
    above = {path.ancestor: path.depth for path in paths_on(on).filter(descendant=unit).exclude(ancestor=unit)}
    plans = Plan.objects.filter(rollout=rollout, unit__in=above)
    found = versions_in_force(plans, on).select_related("plan__rollout", "base")
    return min(found, key=lambda version: above[version.plan.unit_id], default=None)


def waiting(version: PlanVersion, *, on: date) -> list[tuple[int, Line]]:
    """Measures of the plan above, by their number there, that this version does not answer.

    One that applies the version in force above has an answer to each.
    """
    upper = upper_version(version.plan.rollout, version.plan.unit_id, on=on)
    if upper is None or upper.pk == version.base_id:
        return []
    answered = stances_of(version.plan.rollout, [version]).of(version.pk).answered
    lines = enumerate(lines_in_effect(upper), start=1)
    return [(number, line) for number, line in lines if line.measure not in answered]


def taken_up(version: PlanVersion, *, on: date) -> list[TakenUp]:
    """From above: for each measure in effect, how many of the units below that owe a plan took it up."""
    by_unit = _stances_below(version, on=on)
    taken = Counter(measure for stance in by_unit.values() for measure in stance.taken)
    left_out = Counter(measure for stance in by_unit.values() for measure in stance.left_out)
    rows = []
    for number, line in enumerate(lines_in_effect(version), start=1):
        taking, leaving = taken[line.measure or 0], left_out[line.measure or 0]
        rows.append(TakenUp(number, line, taking, leaving, len(by_unit) - taking - leaving))
    return rows


def answers_to(version: PlanVersion, measure: int, *, on: date, among: Collection[int] | None = None) -> Answers:
    """The units below by their answer to one measure; only those of ``among`` where it is given."""
    by_unit = {
        unit: stance for unit, stance in _stances_below(version, on=on).items() if among is None or unit in among
    }
    plans = Plan.objects.filter(rollout=version.plan.rollout_id, unit__in=by_unit)
    keys = dict(plans.values_list("unit", "key"))
    said = _words_on(versions_in_force(plans, on), measure)

    def rows(units: Iterable[int]) -> tuple[UnitStance, ...]:
        chosen = set(units)
        return tuple(
            UnitStance(unit, row.name, str(keys.get(unit, "")), *said.get(unit, ("", "")))
            for unit, row in names.items()
            if unit in chosen
        )

    names = unit_rows(list(by_unit), on)
    return Answers(
        rows(unit for unit, stance in by_unit.items() if measure in stance.taken),
        rows(unit for unit, stance in by_unit.items() if measure in stance.left_out),
        rows(unit for unit, stance in by_unit.items() if measure not in stance.answered),
    )


@dataclass(frozen=True)
class Above:
    """A measure of a plan above, in the words it was last adopted in."""

    plan_key: str
    measure_key: str
    unit: str
    text: str


def words_above(measure: Measure, *, on: date) -> Above | None:
    """What the measure takes up, if anything."""
    upper = measure.answers
    if upper is None:
        return None
    text = last_words([upper.pk]).get(upper.pk, "")
    return Above(str(upper.plan.key), str(upper.key), name_of(upper.plan.unit_id, on), text)


def last_words(measures: Collection[int]) -> dict[int, str]:
    """The measures in the words they were last adopted in."""
    adopted = Wording.objects.filter(measure__in=measures, version__adopted_on__isnull=False)
    return dict(adopted.order_by("version__number", "pk").values_list("measure", "text"))


def has_below(version: PlanVersion, *, on: date) -> bool:
    """Whether the unit has units below it on the day."""
    unit = version.plan.unit_id
    return paths_on(on).filter(ancestor=unit).exclude(descendant=unit).exists()


def uncovered_provisions(version: PlanVersion) -> list[Part]:
    """Provisions of the directives carried out that no measure in effect carries out: the topmost of each branch."""
    rollout = version.plan.rollout
    named = {line.provision for line in lines_in_effect(version) if line.provision is not None}
    links = {"directive__rollout_links__rollout": rollout, "directive__rollout_links__is_guiding": False}
    order = ("directive__rollout_links__position", "directive", "position", "pk")
    parts = list(Provision.objects.filter(**links).select_related("directive").order_by(*order))
    called = {reference.provision_id: name for name, reference in references(rollout).items()}
    wanted = set(uncovered([(part.pk, part.parent_id) for part in parts], named))
    return [
        Part(
            key=str(part.key),
            directive_key=str(part.directive.key),
            name=called.get(part.pk, part.directive.number),
            text=part.text.split("\n")[0],
        )
        for part in parts
        if part.pk in wanted
    ]


def _stances_below(version: PlanVersion, *, on: date) -> dict[int, Stance]:
    """By unit below that owes a plan: what its version in force takes up; nothing where it has none."""
    plan = version.plan
    below = set(keys_under(plan.unit_id, on)) - {plan.unit_id}
    owing = owing_on(rollout=plan.rollout, step=StepKind.PLAN, day=on, subject=Subject.UNIT)
    units = {unit for unit in owing.values_list("unit", flat=True) if unit in below}
    versions = [
        each
        for each in versions_in_force(Plan.objects.filter(rollout=plan.rollout_id), on)
        if each.plan.unit_id in units
    ]
    stances = stances_of(plan.rollout, versions)
    found = {each.plan.unit_id: stances.of(each.pk) for each in versions}
    return {unit: found.get(unit, Stance()) for unit in sorted(units)}


def stances_of(rollout: Rollout, versions: Collection[PlanVersion]) -> Stances:
    """These versions and all they apply, in identities."""
    bases = dict(PlanVersion.objects.filter(plan__rollout=rollout).values_list("pk", "base"))
    wanted: set[int] = set()
    for version in versions:
        at: int | None = version.pk
        while at is not None and at not in wanted:
            wanted.add(at)
            at = bases.get(at)
    said: dict[int, list[tuple[int, Treatment]]] = {version: [] for version in wanted}
    for some in batched(sorted(wanted), _AT_ONCE):
        rows = Wording.objects.filter(version__in=some).values_list("version", "measure", "treatment")
        for version_id, measure, treatment in rows:
            said[version_id].append((measure, Treatment(treatment)))
    answers = dict(Measure.objects.filter(plan__rollout=rollout).values_list("pk", "answers"))
    words = {version: Words(bases.get(version), tuple(lines)) for version, lines in said.items()}
    return Stances(words, answers)


def _words_on(versions: Iterable[PlanVersion], measure: int) -> dict[int, tuple[str, str]]:
    """By unit: its own words on the measure, and its reason."""
    rows = Wording.objects.filter(version__in=versions, measure__answers=measure)
    found = rows.values_list("version__plan__unit", "text", "reason").order_by("position", "pk")
    return {unit: (text, reason) for unit, text, reason in found}
