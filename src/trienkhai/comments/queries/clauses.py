"""The clauses an accepted comment may change: those of the draft of the plan the comment is on."""

from dataclasses import dataclass
from uuid import UUID

from trienkhai.comments.models import Call, Group
from trienkhai.plans.models import Plan, PlanVersion, Wording
from trienkhai.plans.queries import before, draft_of, plan_of


@dataclass(frozen=True)
class Clause:
    """A measure of the draft, or one it takes out."""

    measure: int
    key: UUID
    text: str
    is_removed: bool


def plan_for(call: Call | None, group: Group) -> Plan | None:
    """The plan a group is about; for what is about no plan, the unit's own in the call's roll-out."""
    if group.version is not None:
        return group.version.plan
    if call is None:
        return None
    named = call.subjects.filter(version__isnull=False).select_related("version__plan").order_by("position").first()
    if named is not None and named.version is not None:
        return named.version.plan
    return plan_of(call.rollout, call.unit_id) if call.rollout is not None else None


def draft_for(call: Call | None, group: Group) -> PlanVersion | None:
    """The draft of that plan; none when no next version is being written."""
    plan = plan_for(call, group)
    return draft_of(plan) if plan is not None else None


def clauses_of(draft: PlanVersion) -> list[Clause]:
    """The draft's measures, then those of the version before that it no longer has."""
    own = Wording.objects.filter(version=draft).order_by("position", "pk")
    found = [Clause(*row, is_removed=False) for row in own.values_list("measure", "measure__key", "text")]
    if (old := before(draft)) is None:
        return found
    kept = {clause.measure for clause in found}
    gone = Wording.objects.filter(version=old).exclude(measure__in=kept).order_by("position", "pk")
    return found + [Clause(*row, is_removed=True) for row in gone.values_list("measure", "measure__key", "text")]


def is_clause_of(draft: PlanVersion, measure: int) -> bool:
    """Whether the draft words the measure, or has taken it out."""
    return any(clause.measure == measure for clause in clauses_of(draft))
