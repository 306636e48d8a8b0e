"""Automatic checks of a version against the roll-out and the plan above."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Max

from trienkhai.plans.models import PlanVersion, TaskTerms
from trienkhai.plans.queries.cascade import effective, lines_in_effect, upper_version
from trienkhai.plans.queries.reading import references
from trienkhai.plans.queries.tasks import tasks_by_measure
from trienkhai.plans.rules import Against, Finding, InEffect, Taking, findings


def version_findings(version: PlanVersion, *, on: date, found: Sequence[InEffect] | None = None) -> list[Finding]:
    """What the version lacks; measures by their number among those in effect. Past deadlines only once it is adopted.

    Measures taken from above as they are are looked at there; those whose tasks are all done are not overdue.
    ``found``: what is in effect, where it is known already.
    """
    rollout = version.plan.rollout
    in_effect = effective(version) if found is None else found
    shown = [one for one in in_effect if one.taking != Taking.LEFT_OUT]
    upper = version.base or upper_version(rollout, version.plan.unit_id, on=on)
    if version.base is not None:
        lines = [one.upper for one in in_effect if one.upper is not None]
    else:
        lines = lines_in_effect(upper) if upper else []
    above = {line.measure: line.deadline_on for line in lines}
    against = Against(
        opens_on=rollout.opens_on,
        last_deadline=rollout.steps.aggregate(last=Max("deadline_on"))["last"],
        upper={measure: deadline for measure, deadline in above.items() if measure is not None},
        is_told=upper is not None or bool(references(rollout)),
        as_they_are=frozenset(number for number, one in enumerate(shown, start=1) if one.taking == Taking.AS_IT_IS),
        overdue_on=on if version.adopted_on is not None else None,
        done=_done(version, on=on),
    )
    return findings([one.line for one in shown], against)


def _done(version: PlanVersion, *, on: date) -> frozenset[int]:
    """Measures of its plan that were given as tasks, all of them done."""
    if version.adopted_on is None:
        return frozenset()
    tasks = tasks_by_measure(TaskTerms.objects.filter(task__plan=version.plan_id), on)
    return frozenset(measure for measure, told in tasks.items() if told.given and told.done == told.given)
