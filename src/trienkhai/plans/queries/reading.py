"""Reading plans, what they carry out, and where each unit stands."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import FETCH_RAISE, Max, Min, QuerySet

from trienkhai.directives.models import Provision
from trienkhai.figures.queries import keys_under
from trienkhai.organisation.models import Unit
from trienkhai.organisation.queries import unit_rows
from trienkhai.plans.models import Adoption, Measure, Plan
from trienkhai.plans.rules import Finding, Line, findings
from trienkhai.rollouts.models import Rollout
from trienkhai.rollouts.queries import owing_on
from trienkhai.rollouts.rules import StepKind, Subject
from trienkhai.text import fold


@dataclass(frozen=True)
class MeasureRow:
    """A measure as it is shown."""

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


@dataclass(frozen=True)
class UnitPlanRow:
    """Where one unit stands. ``plan_key`` is empty while it has no plan; ``is_late``: none adopted by the deadline."""

    unit_id: int
    unit_key: str
    unit: str
    plan_key: str
    adopted_on: date | None
    number: str
    is_late: bool


def plan_of(rollout: Rollout, unit: int) -> Plan | None:
    """The unit's plan in the roll-out, if it has one."""
    return Plan.objects.select_related("rollout").filter(rollout=rollout, unit=unit).first()


def adoption_of(plan: Plan) -> Adoption | None:
    """How the plan was adopted, as known now; ``None`` for a draft."""
    return plan.adoptions.current().select_related("scan").first()


def measures_of(plan: Plan) -> QuerySet[Measure]:
    """The measures in their order."""
    return plan.measures.order_by("position", "pk")


def lines_of(plan: Plan) -> list[Line]:
    """The measures as they were drafted."""
    return [
        Line(
            text=measure.text,
            lead_unit=measure.lead_unit_id,
            lead=measure.lead,
            deadline_on=measure.deadline_on,
            product=measure.product,
            is_urgent=measure.is_urgent,
            provision=measure.provision_id,
            key=measure.key,
        )
        for measure in measures_of(plan).fetch_mode(FETCH_RAISE)
    ]


def measure_rows(plan: Plan, *, on: date) -> list[MeasureRow]:
    """The measures as they are shown, urgent ones first; units by their names on ``on``."""
    measures = list(measures_of(plan))
    leads = lead_names([m.lead_unit_id for m in measures if m.lead_unit_id], on=on)
    carried = {ref.provision_id: (name, ref) for name, ref in references(plan.rollout).items()}
    rows = [_row(number, measure, leads, carried) for number, measure in enumerate(measures, start=1)]
    return sorted(rows, key=lambda row: not row.is_urgent)


def lead_names(units: Collection[int], *, on: date) -> dict[int, str]:
    """Names of units that lead measures."""
    return {unit: row.name for unit, row in unit_rows(units, on).items()}


def possible_leads(plan: Plan, *, on: date) -> Mapping[int, str]:
    """Units that may lead a measure: the plan's own and those below it, by name."""
    return lead_names(list(keys_under(plan.unit_id, on)), on=on)


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


def draft_findings(plan: Plan) -> list[Finding]:
    """What the draft lacks."""
    last = plan.rollout.steps.aggregate(last=Max("deadline_on"))["last"]
    return findings(lines_of(plan), opens_on=plan.rollout.opens_on, last_deadline=last)


def plan_deadline(rollout: Rollout) -> date | None:
    """By when plans are to be adopted; ``None`` without a deadline or without the step."""
    return rollout.steps.filter(kind=StepKind.PLAN).values_list("deadline_on", flat=True).first()


def earliest_adoption(rollout: Rollout) -> date | None:
    """The day the first directive that is carried out was issued: no plan for it is older."""
    links = rollout.directive_links.filter(is_guiding=False)
    found: date | None = links.aggregate(first=Min("directive__issued_on"))["first"]
    return found


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
    numbers = dict(Adoption.objects.current().filter(plan__rollout=rollout).values_list("plan", "number"))
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
                is_late=adopted_on is None and deadline is not None and deadline < day,
            )
        )
    return sorted(rows, key=lambda row: row.unit_id != rollout.lead_id)


def _row(
    number: int, measure: Measure, leads: Mapping[int, str], carried: Mapping[int, tuple[str, Reference]]
) -> MeasureRow:
    name, reference = carried.get(measure.provision_id or 0, ("", None))
    return MeasureRow(
        key=str(measure.key),
        number=number,
        text=measure.text,
        lead=leads.get(measure.lead_unit_id or 0, "") or measure.lead,
        deadline_on=measure.deadline_on,
        product=measure.product,
        is_urgent=measure.is_urgent,
        provision=name,
        directive_key=reference.directive_key if reference else "",
        provision_key=reference.provision_key if reference else "",
    )
