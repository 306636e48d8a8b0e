"""What is due from whoever looks."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.urls import reverse

from trienkhai.comments.queries.due import DueKind, due_of, unasked_at
from trienkhai.figures.queries import keys_under, totals_by_unit
from trienkhai.organisation.models import Unit
from trienkhai.organisation.queries import UnitRow, home_unit, unit_rows
from trienkhai.organisation.rules import Actor, Role
from trienkhai.papers.queries import paper_for, standing_of
from trienkhai.papers.rules import PaperState
from trienkhai.plans.policies.tasks import visible_terms
from trienkhai.plans.queries import outstanding
from trienkhai.plans.queries.tasks import given_by, late_among, open_tasks_of
from trienkhai.rollouts.models import Obligation, Rollout, Step
from trienkhai.rollouts.policies import visible_rollouts
from trienkhai.rollouts.rules import FIGURE_BY_CODE, FIGURES, Figure, StepKind
from trienkhai.web.rules import ToDo, Urgency, in_order, urgency

DUE = tuple(figure for figure in FIGURES if figure.code != "papers_on_time")
"""Figures that name something to do; being on time cannot be made up for."""

MOST_TASKS = 20
"""Tasks told one by one; the others stand on the page of tasks."""


def to_do(actor: Actor, *, today: date) -> Sequence[ToDo]:
    """What is due from the actor's own units and from themselves, late first; empty when all is done."""
    rollouts = list(visible_rollouts(actor, at=today).filter(closed_on__isnull=True).prefetch_related("steps"))
    units = unit_rows(_own_units(actor, today), today)
    things: list[ToDo] = []
    for rollout in rollouts:
        under = keys_under(rollout.lead_id, today)
        things.extend(_of_units(rollout, {pk: unit for pk, unit in units.items() if pk in under}, today))
    things.extend(_plans_above(rollouts, units, today))
    things.extend(_own_papers(actor, rollouts, today))
    things.extend(_tasks(actor, units, today))
    things.extend(_comments(actor, units, today))
    return in_order(things)


def _own_units(actor: Actor, today: date) -> set[int]:
    """Units the actor answers for: offices and secretaries; for the installer the installation's own."""
    units = set(actor.units(Role.OFFICE, Role.SECRETARY))
    if actor.is_installer and (home := home_unit(actor, today)):
        units.add(home.id)
    return units


def _of_units(rollout: Rollout, units: Mapping[int, UnitRow], today: date) -> Sequence[ToDo]:
    codes = [code for figure in DUE for code in (figure.numerator, figure.denominator)]
    counted = totals_by_unit(scope=rollout.scope, codes=codes, units=list(units), as_of=today)
    steps = {StepKind(step.kind): step for step in rollout.steps.all()}
    things = []
    for pk, unit in units.items():
        for figure in DUE:
            owed, done = counted[pk][_waiting(figure)], counted[pk][figure.numerator]
            if figure.step in steps and done < owed:
                things.append(_thing(rollout, unit, figure, steps[figure.step], counted=(done, owed), today=today))
    return things


def _waiting(figure: Figure) -> str:
    """The series of those of whom the thing can be asked: a paper is accepted only after it was handed in."""
    return FIGURE_BY_CODE["papers_submitted"].numerator if figure.code == "papers_accepted" else figure.denominator


def _thing(
    rollout: Rollout, unit: UnitRow, figure: Figure, step: Step, *, counted: tuple[int, int], today: date
) -> ToDo:
    deadline = None if figure.code == "papers_accepted" else step.deadline_on  # it is the day papers are handed in by
    return ToDo(
        figure=figure.code,
        rollout=rollout.title,
        unit=unit.name,
        done=counted[0],
        owed=counted[1],
        deadline=deadline,
        url=_url(rollout, figure),
        urgency=urgency(opens_on=rollout.opens_on, deadline=deadline, today=today),
    )


def _url(rollout: Rollout, figure: Figure) -> str:
    """Where the thing is done: the step's own page."""
    match figure.step:
        case StepKind.RECEIVE:
            return reverse("rollouts:receipts", args=[rollout.key])
        case StepKind.STUDY:
            return reverse("meetings:of_rollout", args=[rollout.key])
        case StepKind.PAPER:
            return reverse("papers:index", args=[rollout.key])
        case StepKind.PLAN:
            return reverse("plans:index", args=[rollout.key])


def _own_papers(actor: Actor, rollouts: Sequence[Rollout], today: date) -> Sequence[ToDo]:
    if actor.person_id is None:
        return []
    owed = Obligation.objects.filter(
        step__rollout__in=rollouts,
        step__kind=StepKind.PAPER,
        person=actor.person_id,
        places__superseded_seq__isnull=True,
        places__isnull=False,
    )
    things = []
    for obligation in owed.select_related("step__rollout").distinct():
        state = standing_of(paper_for(obligation)).state
        if state in {PaperState.SUBMITTED, PaperState.ACCEPTED}:
            continue
        rollout, deadline = obligation.step.rollout, obligation.step.deadline_on
        things.append(
            ToDo(
                figure="own_paper_returned" if state is PaperState.RETURNED else "own_paper",
                rollout=rollout.title,
                unit="",
                done=0,
                owed=1,
                deadline=deadline,
                url=reverse("papers:mine", args=[rollout.key]),
                urgency=urgency(opens_on=rollout.opens_on, deadline=deadline, today=today),
            )
        )
    return things


def _plans_above(rollouts: Sequence[Rollout], units: Mapping[int, UnitRow], today: date) -> Sequence[ToDo]:
    """Plans of the actor's own units that the plan above has gone past: done where its words are taken up."""
    things = []
    for one in outstanding(rollouts, list(units), on=today):
        plan, draft = one.version.plan, one.draft
        if draft is None:
            url = reverse("plans:one", args=[plan.key])
        elif draft.base_id is not None:
            url = reverse("plans:apply", args=[plan.key])
        else:
            url = reverse("plans:version", args=[plan.key, draft.number])
        things.append(
            ToDo(
                figure="plan_newer_above" if one.applies else "plan_new_above",
                rollout=plan.rollout.title,
                unit=units[plan.unit_id].name,
                done=0,
                owed=1,
                deadline=None,
                url=url,
                urgency=Urgency.RUNNING,
            )
        )
    return things


def _tasks(actor: Actor, units: Mapping[int, UnitRow], today: date) -> Sequence[ToDo]:
    """What plans have given to the actor's own units and to themselves; after the first ones a line for the rest.

    Last, how many tasks of their units' plans are overdue with others.
    """
    terms = visible_terms(actor, at=today)
    rows = open_tasks_of(terms, units=units, person=actor.person_id, day=today)
    things = [
        ToDo(
            figure="own_task" if row.is_to_person else "task",
            rollout=row.plan,
            unit="" if row.is_to_person else row.unit,
            done=0,
            owed=1,
            deadline=row.deadline_on,
            url=reverse("plans:task", args=[row.key]),
            urgency=Urgency(row.state.value),
            text=row.text,
            is_urgent=row.is_urgent,
        )
        for row in rows[:MOST_TASKS]
    ]
    if len(rows) > MOST_TASKS:
        more, url = len(rows) - MOST_TASKS, reverse("plans:all_tasks")
        things.append(ToDo("more_tasks", "", "", 0, more, None, url, Urgency.NOT_DUE))
    if late := late_among(given_by(terms, units, person=actor.person_id), today):
        url = reverse("plans:all_tasks") + "?whose=given&state=late"
        things.append(ToDo("given_late", "", "", 0, late, None, url, Urgency.LATE))
    return things


COMMENT_PAGES = {
    DueKind.COMMENT: "comments:write",
    DueKind.RELEASE: "comments:release",
    DueKind.ANSWER: "comments:one",
}
"""Where each is done; a name somebody has asked for is answered where receipts are typed."""


def _comments(actor: Actor, units: Mapping[int, UnitRow], today: date) -> Sequence[ToDo]:
    """Calls to comment in, boxes to open, comments to answer (unasked ones too), names somebody has asked for."""
    things = [
        ToDo(
            figure=due.kind,
            rollout=due.call.title,
            unit="",
            done=0,
            owed=due.waiting,
            deadline=due.deadline,
            url=(
                reverse(COMMENT_PAGES[due.kind], args=[due.call.key])
                if due.kind in COMMENT_PAGES
                else reverse("comments:receipts")
            ),
            urgency=urgency(opens_on=due.call.opens_on, deadline=due.deadline, today=today),
        )
        for due in due_of(actor, units, today=today)
    ]
    for row in unasked_at(units):
        url, unit = reverse("comments:desk", args=[units[row.unit].key]), units[row.unit].name
        things.append(ToDo(DueKind.UNASKED, unit, "", 0, row.waiting, None, url, Urgency.RUNNING))
    return things


def is_set_up() -> bool:
    """Whether there is an organisation yet."""
    return Unit.objects.exists()


def own_place(actor: Actor, *, day: date) -> str:
    """The name of the unit the actor works for."""
    home = home_unit(actor, day)
    return home.name if home else ""
