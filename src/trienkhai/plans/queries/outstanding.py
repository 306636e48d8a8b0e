"""Plans in force that the plan above has gone past: an older version of it is applied, or new measures wait."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import F

from trienkhai.figures.queries import paths_on
from trienkhai.plans.models import Plan, PlanVersion
from trienkhai.plans.queries.cascade import stances_of
from trienkhai.plans.queries.versions import in_force, versions_in_force
from trienkhai.rollouts.models import Rollout


@dataclass(frozen=True)
class Outstanding:
    """What a unit's plan in force still owes the one in force above. ``draft``: its next version, if it is begun.

    ``unanswered``: of a plan of the unit's own, measures that came above after it was adopted and that it does not
    answer; a plan that applies the one above owes the newer version as a whole.
    """

    version: PlanVersion
    upper: PlanVersion
    draft: PlanVersion | None
    unanswered: frozenset[int] = frozenset()

    @property
    def applies(self) -> bool:
        """Whether the plan applies an older version."""
        return self.version.base_id is not None


def outstanding(rollouts: Collection[Rollout], units: Collection[int], *, on: date) -> list[Outstanding]:
    """What the plans of these units in force on the day owe those above; by unit and roll-out, none where nothing."""
    plans = Plan.objects.filter(rollout__in=rollouts, unit__in=units)
    own = list(versions_in_force(plans, on).select_related("plan__rollout"))
    uppers = _in_force_above(own, on=on) if own else {}
    past = [(one, uppers[one.pk]) for one in own if one.pk in uppers and uppers[one.pk].pk != one.base_id]
    drafts = {
        draft.plan_id: draft
        for draft in PlanVersion.objects.filter(plan__in=[one.plan_id for one, _upper in past], adopted_on=None)
    }
    found = []
    for version, upper in past:
        unanswered = frozenset[int]() if version.base_id else _new_above(version, upper)
        if version.base_id or unanswered:
            found.append(Outstanding(version, upper, drafts.get(version.plan_id), unanswered))
    return found


def _in_force_above(versions: Collection[PlanVersion], *, on: date) -> Mapping[int, PlanVersion]:
    """By version: the one in force of the nearest unit above that has one in the same roll-out."""
    units = {version.plan.unit_id for version in versions}
    paths = paths_on(on).filter(descendant__in=units).exclude(ancestor=F("descendant"))
    depths: dict[int, dict[int, int]] = {}
    for path in paths:
        depths.setdefault(path.descendant, {})[path.ancestor] = path.depth
    above = {unit for found in depths.values() for unit in found}
    rollouts = {version.plan.rollout_id for version in versions}
    uppers = list(
        versions_in_force(Plan.objects.filter(rollout__in=rollouts, unit__in=above), on).select_related("plan__rollout")
    )
    found = {}
    for version in versions:
        of_unit = depths.get(version.plan.unit_id, {})
        known = [
            upper
            for upper in uppers
            if upper.plan.rollout_id == version.plan.rollout_id and upper.plan.unit_id in of_unit
        ]
        if known:
            found[version.pk] = min(known, key=lambda upper: of_unit[upper.plan.unit_id])
    return found


def _new_above(version: PlanVersion, upper: PlanVersion) -> frozenset[int]:
    """Measures above that came after the version was adopted, and that it does not answer."""
    if version.adopted_on is None or upper.adopted_on is None or upper.adopted_on <= version.adopted_on:
        return frozenset()
    then = in_force(upper.plan, version.adopted_on)
    stances = stances_of(version.plan.rollout, [one for one in (version, upper, then) if one is not None])
    known = stances.present(then.pk) if then is not None else frozenset[int]()
    return stances.present(upper.pk) - known - stances.of(version.pk).answered
