"""Reading plans, what they carry out, and where each unit stands."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Max, QuerySet

from trienkhai.directives.models import Provision
from trienkhai.figures.queries import keys_under
from trienkhai.organisation.models import Unit
from trienkhai.organisation.queries import unit_rows
from trienkhai.plans.models import Adoption, Plan, PlanVersion, Wording, WordingCoordinator, WordingProgramme
from trienkhai.plans.rules import Coordinator, Line, Taking, Treatment
from trienkhai.programmes.queries import programme_names
from trienkhai.rollouts.models import Rollout
from trienkhai.rollouts.queries import owing_on
from trienkhai.rollouts.rules import StepKind, Subject
from trienkhai.text import fold


@dataclass(frozen=True)
class MeasureRow:
    """A measure as it is shown. ``given``, ``done``, ``late``: its tasks, where the page tells of them."""

    key: str
    number: int
    text: str
    lead: str
    deadline_on: date | None
    product: str
    is_urgent: bool
    provision: str
    directive_key: str
    provision_key: str
    coordinators: tuple[str, ...] = ()
    indicator: str = ""
    target: Decimal | None = None
    target_unit: str = ""
    is_recurring: bool = False
    programmes: tuple[tuple[UUID, str], ...] = ()
    treatment: Treatment = Treatment.OWN
    reason: str = ""
    answers: int | None = None
    measure: int | None = None
    taking: Taking = Taking.OWN
    upper_text: str = ""
    given: int = 0
    done: int = 0
    late: int = 0


@dataclass(frozen=True)
class UnitPlanRow:
    """Where one unit stands. ``plan_key`` is empty while it has no plan; ``is_late``: none adopted by the deadline.

    ``version``: the number of the one in force, 0 before the first; ``adopted_on`` and ``number`` are of the first.
    ``applies_older``: it applies a plan above in a version that has been replaced since.
    """

    unit_id: int
    unit_key: str
    unit: str
    plan_key: str
    adopted_on: date | None
    number: str
    is_late: bool
    version: int = 0
    applies_older: bool = False


def wordings_of(version: PlanVersion) -> QuerySet[Wording]:
    """What the version says of each measure, in its order."""
    return version.wordings.order_by("position", "pk")


def lines_of(version: PlanVersion) -> list[Line]:
    """The measures as the version words them."""
    return lines_from(wordings_of(version))


def line_of(version: PlanVersion, measure: UUID) -> Line | None:
    """One measure as the version words it; ``None`` when it does not."""
    return next(iter(lines_from(wordings_of(version).filter(measure__key=measure))), None)


def lines_by_version(versions: Sequence[PlanVersion], measure: UUID) -> dict[int, Line]:
    """By version: the measure as it words it."""
    wordings = Wording.objects.filter(version__in=versions, measure__key=measure).order_by("version__number", "pk")
    return dict(zip(wordings.values_list("version", flat=True), lines_from(wordings), strict=True))


def lines_from(wordings: QuerySet[Wording]) -> list[Line]:
    """These wordings with who helps and what they are tied to, in three statements however many there are."""
    chosen = wordings.order_by()
    helpers, ties = _helpers_of(chosen), _ties_of(chosen)
    return [
        Line(
            text=row.text,
            lead_unit=row.lead_unit,
            lead=row.lead,
            deadline_on=row.deadline_on,
            product=row.product,
            is_urgent=row.is_urgent,
            provision=row.provision,
            key=row.measure__key,
            coordinators=tuple(helpers.get(row.pk, ())),
            indicator=row.indicator,
            target=row.target,
            target_unit=row.target_unit,
            is_recurring=row.is_recurring,
            programmes=tuple(ties.get(row.pk, ())),
            answers=row.measure__answers,
            treatment=Treatment(row.treatment),
            reason=row.reason,
            measure=row.measure,
        )
        for row in wordings.values_list(
            "pk",
            *("text", "lead_unit", "lead", "deadline_on", "product", "is_urgent", "provision", "indicator", "target"),
            *("target_unit", "is_recurring", "treatment", "reason", "measure", "measure__key", "measure__answers"),
            named=True,
        )
    ]


def _helpers_of(chosen: QuerySet[Wording]) -> dict[int, list[Coordinator]]:
    found: dict[int, list[Coordinator]] = {}
    rows = WordingCoordinator.objects.filter(wording__in=chosen).order_by("wording", "position", "pk")
    for wording, unit, name in rows.values_list("wording", "unit", "name"):
        found.setdefault(wording, []).append(Coordinator(unit, name))
    return found


def _ties_of(chosen: QuerySet[Wording]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    rows = WordingProgramme.objects.filter(wording__in=chosen).order_by("wording", "programme__sort_key", "pk")
    for wording, programme in rows.values_list("wording", "programme"):
        found.setdefault(wording, []).append(programme)
    return found


def rows_from(lines: Sequence[Line], rollout: Rollout, *, on: date) -> list[MeasureRow]:
    """Lines as they are shown, numbered from 1; units by their names on ``on``."""
    units = {line.lead_unit for line in lines} | {helper.unit for line in lines for helper in line.coordinators}
    names = lead_names([unit for unit in units if unit is not None], on=on)
    carried = {ref.provision_id: (name, ref) for name, ref in references(rollout).items()}
    ties = programme_names({programme for line in lines for programme in line.programmes})
    return [_row(number, line, names, carried, ties) for number, line in enumerate(lines, start=1)]


def lead_names(units: Collection[int], *, on: date) -> dict[int, str]:
    """Names of units that lead measures."""
    return {unit: row.name for unit, row in unit_rows(units, on).items()}


def possible_leads(plan: Plan, *, on: date, also: Collection[int] = ()) -> Mapping[int, str]:
    """Units that may lead a measure: the plan's own and those below it, by name; and those of ``also``."""
    return lead_names([*keys_under(plan.unit_id, on), *also], on=on)


def unit_called(name: str, leads: Mapping[int, str]) -> int | None:
    """The unit of that name, however its marks are typed; ``None`` when there is none, or more than one."""
    found = [unit for unit, called in leads.items() if called == name.strip()]
    found = found or [unit for unit, called in leads.items() if fold(called) == fold(name)]
    return found[0] if len(found) == 1 else None


@dataclass(frozen=True)
class Reference:
    """A provision of one of the roll-out's directives."""

    provision_id: int
    provision_key: str
    directive_key: str
    text: str


def references(rollout: Rollout) -> dict[str, Reference]:
    """Provisions a measure may carry out, by what they are called: ``{"12-NQ/TW, II.1.a": …}``, in reading order.

    Parts without a number of their own (dashes, lead paragraphs) are left out.
    """
    provisions = Provision.objects.filter(directive__rollout_links__rollout=rollout).order_by(
        "directive__rollout_links__position", "directive", "position"
    )
    rows = provisions.values_list("pk", "key", "parent", "label", "text", "directive__number", "directive__key")
    called: dict[int, str] = {}
    found: dict[str, Reference] = {}
    for pk, key, parent, label, text, number, directive in rows:
        own = label.strip(".):/–—-+*• ")
        above = called.get(parent, "") if parent else ""
        called[pk] = ".".join(filter(None, (above, own)))
        if own:
            name = f"{number}, {called[pk]}"
            found.setdefault(name, Reference(pk, str(key), str(directive), text.split("\n")[0]))
    return found


def plan_deadline(rollout: Rollout) -> date | None:
    """By when plans are to be adopted; ``None`` without a deadline or without the step."""
    return rollout.steps.filter(kind=StepKind.PLAN).values_list("deadline_on", flat=True).first()


def unit_plan_rows(
    rollout: Rollout, units: QuerySet[Unit], *, day: date, drafts_of: Collection[int]
) -> list[UnitPlanRow]:
    """Where those of ``units`` that owe a plan on ``day`` stand, or have one; the lead first, then by name.

    ``drafts_of``: units whose drafts may be known of.
    """
    owing = owing_on(rollout=rollout, step=StepKind.PLAN, day=day, subject=Subject.UNIT)
    wanted = set(owing.filter(unit__in=units).values_list("unit", flat=True))
    plans = {plan.unit_id: plan for plan in Plan.objects.filter(rollout=rollout, unit__in=units)}
    names = unit_rows(wanted | plans.keys(), day)
    of_first = Adoption.objects.current().filter(version__plan__rollout=rollout, version__number=1)
    numbers = dict(of_first.values_list("version__plan", "number"))
    adopted = PlanVersion.objects.filter(plan__rollout=rollout, adopted_on__lte=day)
    in_force = dict(adopted.values("plan").annotate(newest=Max("number")).values_list("plan", "newest"))
    applied = adopted.filter(base__isnull=False).values_list("plan", "number", "base__plan", "base__number")
    behind = {
        plan
        for plan, number, base, base_number in applied
        if number == in_force[plan] and in_force.get(base, 0) > base_number
    }
    deadline = plan_deadline(rollout)
    rows = []
    for unit, row in names.items():
        plan = plans.get(unit)
        is_known = plan is not None and (plan.adopted_on is not None or unit in drafts_of)
        adopted_on = plan.adopted_on if plan else None
        rows.append(
            UnitPlanRow(
                unit_id=unit,
                unit_key=row.key,
                unit=row.name,
                plan_key=str(plan.key) if plan and is_known else "",
                adopted_on=adopted_on,
                number=numbers.get(plan.pk, "") if plan else "",
                version=in_force.get(plan.pk, 0) if plan else 0,
                applies_older=plan is not None and plan.pk in behind,
                is_late=adopted_on is None and deadline is not None and deadline < day,
            )
        )
    return sorted(rows, key=lambda row: row.unit_id != rollout.lead_id)


def _row(
    number: int,
    line: Line,
    names: Mapping[int, str],
    carried: Mapping[int, tuple[str, Reference]],
    ties: Mapping[int, tuple[UUID, str]],
) -> MeasureRow:
    name, reference = carried.get(line.provision or 0, ("", None))
    return MeasureRow(
        key=str(line.key),
        number=number,
        text=line.text,
        lead=names.get(line.lead_unit or 0, "") or line.lead,
        deadline_on=line.deadline_on,
        product=line.product,
        is_urgent=line.is_urgent,
        provision=name,
        directive_key=reference.directive_key if reference else "",
        provision_key=reference.provision_key if reference else "",
        coordinators=tuple(names.get(helper.unit or 0, "") or helper.name for helper in line.coordinators),
        indicator=line.indicator,
        target=line.target,
        target_unit=line.target_unit,
        is_recurring=line.is_recurring,
        programmes=tuple(ties[programme] for programme in line.programmes if programme in ties),
        treatment=line.treatment,
        reason=line.reason,
        answers=line.answers,
        measure=line.measure,
    )
