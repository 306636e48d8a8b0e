"""Opening, closing and changing roll-outs."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction

from trienkhai.core.decisions import Invalid, Refused
from trienkhai.directives.models import Directive
from trienkhai.figures.actions import open_scope
from trienkhai.ledger.actions import record
from trienkhai.ledger.models import Entry
from trienkhai.organisation.models import Unit, UnitState, held_on
from trienkhai.organisation.rules import Actor
from trienkhai.rollouts import policies
from trienkhai.rollouts.actions.milestones import set_milestones
from trienkhai.rollouts.actions.reconciling import reconcile
from trienkhai.rollouts.models import Milestone, ObligationPlace, Rollout, RolloutDirective, Step
from trienkhai.rollouts.queries import days_under
from trienkhai.rollouts.rules import MilestoneCode, RolloutError, RolloutPlan, StepKind, StepPlan

FARTHEST = timedelta(days=3 * 366)


@transaction.atomic
def open_rollout(
    *,
    plan: RolloutPlan,
    lead: Unit,
    directives: Sequence[Directive],
    guiding: Sequence[Directive] = (),
    actor: Actor,
    at: date,
) -> Rollout:
    """Open a roll-out: its steps, and what everybody under ``lead`` owes in them.

    Raises:
        Refused: the actor may not open roll-outs for that unit.
        Invalid: no directive, no title, dates out of order, the unit not open on the first day.
    """
    policies.can_open(actor, lead.pk, at=at).require()
    if fault := plan.fault():
        raise Invalid(fault)
    if not directives:
        raise Invalid(RolloutError.NO_DIRECTIVE, on="directives")
    if plan.opens_on > at + FARTHEST:
        raise Invalid(RolloutError.TOO_FAR_AHEAD, on="opens_on")
    if not UnitState.objects.current().filter(held_on(plan.opens_on), unit=lead).exists():
        raise Invalid(RolloutError.LEAD_NOT_OPEN, on="opens_on")
    rollout = Rollout(
        title=plan.title.strip(),
        lead=lead,
        scope=open_scope(),
        opens_on=plan.opens_on,
        cell_study_rule=plan.cell_study_rule,
        quorum_percent=plan.quorum_percent,
        paper_questions=list(plan.paper_questions),
        paper_forms=[form.value for form in plan.paper_forms],
    )
    entry = _noted(rollout, "rollouts.open", actor, {"title": rollout.title, "opens_on": plan.opens_on.isoformat()})
    rollout.opened_seq = entry.seq
    rollout.save()
    Step.objects.bulk_create([_step(rollout, step) for step in plan.steps])
    links = [(directive, False) for directive in directives] + [(directive, True) for directive in guiding]
    RolloutDirective.objects.bulk_create(
        RolloutDirective(rollout=rollout, directive=directive, is_guiding=is_guiding, position=position)
        for position, (directive, is_guiding) in enumerate(dict(reversed(links)).items())
    )
    _bring_in_line(rollout, entry)
    return rollout


@transaction.atomic
def change_deadline(*, rollout: Rollout, step: StepKind, deadline_on: date | None, actor: Actor, at: date) -> Entry:
    """Set or take away a step's deadline; who still comes to owe, and who is on time, follow.

    Raises:
        Refused: the actor may not, or the roll-out is closed.
        Invalid: a deadline before the roll-out opens.
    """
    rollout = _locked(rollout)
    policies.can_change(actor, rollout, at=at).require()
    if deadline_on and deadline_on < rollout.opens_on:
        raise Invalid(RolloutError.DEADLINE_BEFORE_OPENING, on="deadline_on")
    row = rollout.steps.get(kind=step)
    said = {"step": step, "from": _iso(row.deadline_on), "to": _iso(deadline_on)}
    entry = _noted(rollout, "rollouts.change_deadline", actor, said)
    row.deadline_on = deadline_on
    row.save(update_fields=["deadline_on"])
    submitted = Milestone.objects.current().filter(obligation__step=row, code=MilestoneCode.SUBMITTED)
    days = dict(submitted.values_list("obligation", "starts_on"))
    set_milestones(wanted={pk: {MilestoneCode.SUBMITTED: day} for pk, day in days.items()}, entry=entry)
    _bring_in_line(rollout, entry)
    return entry


@transaction.atomic
def close_rollout(*, rollout: Rollout, on: date, actor: Actor, at: date) -> Entry:
    """Close: nobody new comes to owe anything after ``on``. Corrections stay possible.

    Raises:
        Refused: the actor may not, or it is closed already.
        Invalid: a day before the roll-out opened.
    """
    rollout = _locked(rollout)
    policies.can_change(actor, rollout, at=at).require()
    if on < rollout.opens_on:
        raise Invalid(RolloutError.CLOSING_BEFORE_OPENING, on="on")
    entry = _noted(rollout, "rollouts.close", actor, {"on": on.isoformat()})
    rollout.closed_on = on
    rollout.save(update_fields=["closed_on"])
    _bring_in_line(rollout, entry)
    return entry


@transaction.atomic
def reopen_rollout(*, rollout: Rollout, actor: Actor, at: date) -> Entry:
    """Undo a closing.

    Raises:
        Refused: the actor may not, or it is not closed.
    """
    rollout = _locked(rollout)
    policies.can_manage(actor, rollout, at=at).require()
    if rollout.closed_on is None:
        raise Refused(RolloutError.NOT_CLOSED)
    entry = _noted(rollout, "rollouts.reopen", actor, None)
    rollout.closed_on = None
    rollout.save(update_fields=["closed_on"])
    _bring_in_line(rollout, entry)
    return entry


def _locked(rollout: Rollout) -> Rollout:
    return Rollout.objects.select_for_update(of=("self",)).select_related("scope", "lead").get(pk=rollout.pk)


def _noted(rollout: Rollout, action: str, actor: Actor, detail: object) -> Entry:
    return record(actor=actor.key, action=action, subject=rollout.key, detail=detail)


def _bring_in_line(rollout: Rollout, entry: Entry) -> None:
    """Look at everybody who is under the lead on some day, or owed something before."""
    owed = ObligationPlace.objects.current().filter(obligation__step__rollout=rollout)
    people = owed.filter(obligation__person__isnull=False).values_list("obligation__person", flat=True).distinct()
    reconcile(entry=entry, people=people, units=days_under(rollout.lead_id), rollouts=[rollout])


def _step(rollout: Rollout, step: StepPlan) -> Step:
    owing = step.owing
    return Step(
        rollout=rollout,
        kind=step.kind,
        deadline_on=step.deadline_on,
        owed_by_probationary=owing.probationary,
        owed_by_exempt=owing.exempt,
        owed_by_suspended=owing.suspended,
        owed_by_away=owing.away,
        owed_by_temporary=owing.temporary,
        owed_by_residence=owing.residence,
        owed_by_others=owing.others,
        owed_by_unit_kinds=sorted(owing.unit_kinds),
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
