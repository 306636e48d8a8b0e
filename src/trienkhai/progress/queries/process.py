"""What is there of everything a roll-out is asked for, read from its facts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db.models import F, Max, Min, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from trienkhai.comments.models import Call, Group
from trienkhai.comments.rules import About
from trienkhai.core.decisions import Invalid
from trienkhai.plans.models import Plan, PlanVersion
from trienkhai.progress.models import Report
from trienkhai.progress.rules.process import SHIPPED, Before, Checked, Found, Item, RuleSet, check, read_rules
from trienkhai.rollouts.models import Milestone, Rollout
from trienkhai.rollouts.queries import owing_on
from trienkhai.rollouts.rules import MilestoneCode, StepKind, Subject


@dataclass(frozen=True)
class RuleFault:
    """Something wrong with the installation's own rule file."""

    code: str
    at: str


def own_file() -> Path:
    """Where an installation says what it asks for."""
    return Path(settings.TRIENKHAI_RULES) / SHIPPED.name


def rules() -> RuleSet:
    """What is asked in this installation.

    Raises:
        Invalid: its own file cannot be read, or says something without meaning.
    """
    return read_rules(own_file())


def check_rule_file() -> list[RuleFault]:
    """What is wrong with the installation's own file."""
    try:
        rules()
    except Invalid as fault:
        return [RuleFault(fault.code, f"{own_file().name}: {fault.params}")]
    return []


def process_of(rollout: Rollout, *, day: date) -> list[Checked]:
    """How the roll-out stands with everything asked of it, on the day, as known now."""
    asked = rules()
    found = {rule.item: _FINDERS[rule.item](rollout, day) for rule in asked.rules}
    return check(asked, found, day=day)


def _directive(rollout: Rollout, _day: date) -> Found:
    days = rollout.directive_links.filter(is_guiding=False).aggregate(
        first=Min("directive__issued_on"), last=Max("directive__issued_on")
    )
    number = rollout.directive_links.filter(is_guiding=False).count()
    return Found(number, max(number, 1), days["first"], days["last"])


def _guidance(rollout: Rollout, _day: date) -> Found:
    guiding = rollout.directive_links.filter(is_guiding=True)
    days = guiding.aggregate(first=Min("directive__issued_on"), last=Max("directive__issued_on"))
    number, issued = guiding.count(), _directive(rollout, _day).first_on
    early = guiding.filter(directive__issued_on__lt=issued).count() if issued else 0
    return Found(number, max(number, 1), days["first"], days["last"], early={Item.DIRECTIVE: early})


def _received(rollout: Rollout, day: date) -> Found:
    reached = _units(rollout, StepKind.RECEIVE, MilestoneCode.RECEIVED, day)
    issued = _directive(rollout, day).first_on
    early = reached.filter(starts_on__lt=issued).count() if issued else 0
    return _found(rollout, StepKind.RECEIVE, reached, day, subject=Subject.UNIT, early={Item.DIRECTIVE: early})


def _plan(rollout: Rollout, day: date) -> Found:
    plan = Plan.objects.filter(rollout=rollout, unit=rollout.lead_id, adopted_on__lte=day).first()
    received = _units(rollout, StepKind.RECEIVE, MilestoneCode.RECEIVED, day).filter(obligation__unit=rollout.lead_id)
    first = received.aggregate(first=Min("starts_on"))["first"]
    adopted = plan.adopted_on if plan else None
    is_early = adopted is not None and (first is None or adopted < first)
    return Found(
        done=int(adopted is not None),
        owed=1,
        first_on=adopted,
        last_on=adopted,
        due_on=_deadline(rollout, StepKind.PLAN),
        early={Item.RECEIVED: int(is_early)},
    )


def _plans_below(rollout: Rollout, day: date) -> Found:
    reached = _units(rollout, StepKind.PLAN, MilestoneCode.PLANNED, day).exclude(obligation__unit=rollout.lead_id)
    lead = _plan(rollout, day).first_on
    early = reached.filter(starts_on__lt=lead).count() if lead else reached.count()
    return _found(
        rollout,
        StepKind.PLAN,
        reached,
        day,
        subject=Subject.UNIT,
        early={Item.PLAN: early},
        without=rollout.lead_id,
    )


def _studied(rollout: Rollout, day: date) -> Found:
    reached = _persons(rollout, StepKind.STUDY, MilestoneCode.STUDIED, day)
    lead = _plan(rollout, day).first_on
    early = reached.filter(starts_on__lt=lead).count() if lead else reached.count()
    return _found(rollout, StepKind.STUDY, reached, day, subject=Subject.PERSON, early={Item.PLAN: early})


def _papers(rollout: Rollout, day: date) -> Found:
    reached = _persons(rollout, StepKind.PAPER, MilestoneCode.SUBMITTED, day)
    studied = _persons(rollout, StepKind.STUDY, MilestoneCode.STUDIED, day)
    of_person = studied.filter(obligation__person=OuterRef("obligation__person")).values("starts_on")[:1]
    early = reached.annotate(studied_on=Subquery(of_person)).filter(studied_on__gt=F("starts_on")).count()
    return _found(rollout, StepKind.PAPER, reached, day, subject=Subject.PERSON, early={Item.STUDIED: early})


def _comments_asked(rollout: Rollout, day: date) -> Found:
    calls = Call.objects.filter(rollout=rollout, opens_on__lte=day)
    lead = _plan(rollout, day).first_on
    early = calls.filter(opens_on__lt=lead).count() if lead else 0
    days = calls.aggregate(first=Min("opens_on"), last=Max(Coalesce("closed_on", "closes_on")))
    number = calls.count()
    return Found(number, max(number, 1), days["first"], days["last"], early={Item.PLAN: early})


def _comments_answered(rollout: Rollout, day: date) -> Found:
    calls = Call.objects.filter(rollout=rollout, opens_on__lte=day)
    answered = calls.filter(finished_on__lte=day)
    days = answered.aggregate(first=Min("finished_on"), last=Max("finished_on"))
    due = calls.exclude(finished_on__lte=day).aggregate(due=Min("answer_by"))["due"]
    return Found(answered.count(), calls.count(), days["first"], days["last"], due)


def _plan_revised(rollout: Rollout, day: date) -> Found:
    """Later versions of the lead's plan; each is held against the calls that were open or over when it was adopted."""
    versions = PlanVersion.objects.filter(
        plan__rollout=rollout, plan__unit=rollout.lead_id, number__gt=1, adopted_on__lte=day
    )
    adopted = [on for on in versions.values_list("adopted_on", flat=True) if on is not None]
    calls = list(Call.objects.filter(rollout=rollout).order_by("pk"))
    answered = _all_answered_on(calls)
    early: dict[str, int] = {Item.COMMENTS_ASKED: 0, Item.COMMENTS_ANSWERED: 0}
    for on in adopted:
        before = [call for call in calls if call.opens_on <= on]
        early[Item.COMMENTS_ASKED] += any((call.closed_on or call.closes_on) > on for call in before)
        early[Item.COMMENTS_ANSWERED] += any((answered[call.pk] or date.max) > on for call in before)
    return Found(
        done=len(adopted),
        owed=max(len(adopted), int(bool(calls))),
        first_on=min(adopted, default=None),
        last_on=max(adopted, default=None),
        early=early,
    )


def _all_answered_on(calls: Sequence[Call]) -> dict[int, date | None]:
    """By call: the day on which its last group got its first answer; ``None`` while something waits for one.

    Points on persons go to those who review them. A call that was finished was answered by then.
    """
    found = {call.pk: call.finished_on for call in calls}
    groups = Group.objects.filter(call__in=calls, size__gt=0, merged_into=None).exclude(about=About.PERSON)
    of_call: dict[int | None, list[date | None]] = {}
    for call, first in groups.annotate(first=Min("dispositions__answered_on")).values_list("call", "first"):
        of_call.setdefault(call, []).append(first)
    for pk, days in of_call.items():
        known = [answered for answered in days if answered is not None]
        if pk is not None and len(known) == len(days):
            found[pk] = min(max(known), found[pk] or date.max)
    return found


def _reported(rollout: Rollout, day: date) -> Found:
    frozen = Report.objects.filter(rollout=rollout, unit=rollout.lead_id, frozen_at__isnull=False, as_of__lte=day)
    last = rollout.steps.aggregate(last=Max("deadline_on"))["last"]
    after = frozen.filter(as_of__gte=last) if last else frozen
    days = frozen.aggregate(first=Min("as_of"), last=Max("as_of"))
    early = frozen.count() if last and not after.exists() else 0
    return Found(
        done=int(after.exists()),
        owed=1,
        first_on=days["first"],
        last_on=days["last"],
        due_on=last,
        early={Before.LAST_DEADLINE: early},
    )


_FINDERS: Mapping[Item, Callable[[Rollout, date], Found]] = {
    Item.DIRECTIVE: _directive,
    Item.GUIDANCE: _guidance,
    Item.RECEIVED: _received,
    Item.PLAN: _plan,
    Item.PLANS_BELOW: _plans_below,
    Item.STUDIED: _studied,
    Item.PAPERS: _papers,
    Item.COMMENTS_ASKED: _comments_asked,
    Item.COMMENTS_ANSWERED: _comments_answered,
    Item.PLAN_REVISED: _plan_revised,
    Item.REPORTED: _reported,
}


def _units(rollout: Rollout, step: StepKind, code: MilestoneCode, day: date) -> QuerySet[Milestone]:
    return _reached(rollout, step, code, day).filter(obligation__person__isnull=True)


def _persons(rollout: Rollout, step: StepKind, code: MilestoneCode, day: date) -> QuerySet[Milestone]:
    return _reached(rollout, step, code, day).filter(obligation__person__isnull=False)


def _reached(rollout: Rollout, step: StepKind, code: MilestoneCode, day: date) -> QuerySet[Milestone]:
    reached: QuerySet[Milestone] = Milestone.objects.current().filter(
        obligation__step__rollout=rollout, obligation__step__kind=step, code=code, starts_on__lte=day
    )
    return reached


def _found(
    rollout: Rollout,
    step: StepKind,
    reached: QuerySet[Milestone],
    day: date,
    *,
    subject: Subject,
    early: Mapping[str, int],
    without: int = 0,
) -> Found:
    """Of those who owe the step on the day, how many have reached it."""
    owing = owing_on(rollout=rollout, step=step, day=day, subject=subject)
    if without:
        owing = owing.exclude(obligation__unit=without)
    days = reached.aggregate(first=Min("starts_on"), last=Max("starts_on"))
    return Found(
        done=reached.filter(obligation__in=owing.values("obligation")).count(),
        owed=owing.count(),
        first_on=days["first"],
        last_on=days["last"],
        due_on=_deadline(rollout, step),
        early=early,
    )


def _deadline(rollout: Rollout, step: StepKind) -> date | None:
    return rollout.steps.filter(kind=step).values_list("deadline_on", flat=True).first()
