"""Pages of tasks: what a plan has given, what is to be done by whom, one task, and a report that fits a telephone."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from trienkhai.core import pages
from trienkhai.core.decisions import DomainError
from trienkhai.core.pages import Text
from trienkhai.files.views import download
from trienkhai.ledger.clock import now, today
from trienkhai.organisation.models import Person, Unit
from trienkhai.organisation.policies import visible_people, visible_units
from trienkhai.organisation.queries import children_of, name_of, people_in
from trienkhai.organisation.queries.users import unit_choices
from trienkhai.organisation.requests import ActorRequest, signed_in
from trienkhai.organisation.rules import Actor, Role
from trienkhai.plans.actions import tasks as actions
from trienkhai.plans.forms.tasks import ChangeTaskForm, GiveForm, ReasonForm, ReportForm, WithdrawTaskForm
from trienkhai.plans.models import Measure, Plan, Task, TaskEvidence, TaskReport, TaskTerms
from trienkhai.plans.policies import tasks as policies
from trienkhai.plans.policies import visible_plans
from trienkhai.plans.queries import last_adopted
from trienkhai.plans.queries import tasks as queries
from trienkhai.plans.queries.tasks import Stood, TaskRow
from trienkhai.plans.rules.tasks import DONE_STATES, OPEN_STATES, TaskState
from trienkhai.plans.texts import TASK_STATES
from trienkhai.plans.views.loading import asked_of

SHOWN: dict[str, tuple[TaskState, ...]] = {
    "open": OPEN_STATES,
    "late": (TaskState.LATE,),
    "done": DONE_STATES,
    "all": tuple(TaskState),
}
SHOWN_NAMES: dict[str, Text] = {
    "open": pgettext_lazy("tasks", "To be done"),
    "late": pgettext_lazy("tasks", "Late"),
    "done": pgettext_lazy("tasks", "Done"),
    "all": pgettext_lazy("tasks", "All"),
}

WHOSE: dict[str, Text] = {
    "own": gettext_lazy("Only mine and those of my unit"),
    "given": gettext_lazy("Those given to others"),
    "all": gettext_lazy("All tasks I can see"),
}


@dataclass(frozen=True)
class Listed:
    """A row of a list with its state as it is drawn."""

    task: TaskRow
    sign: str
    word: Text


def listed(rows: list[TaskRow]) -> list[Listed]:
    """Rows with their states as they are drawn."""
    return [Listed(row, *TASK_STATES[row.state]) for row in rows]


@signed_in
def index(request: ActorRequest) -> HttpResponse:
    """What is, or was, to be done: by a unit, by a person, or by the reader and the units they answer for."""
    day, actor = today(), request.actor
    terms = policies.visible_terms(actor, at=day)
    heading, who, whose = _("Tasks"), {}, request.GET.get("whose", "own")
    whose = whose if whose in WHOSE else "own"
    if unit := _chosen(visible_units(actor, at=day), request.GET.get("unit", "")):
        terms, heading, who = terms.filter(unit=unit), name_of(unit, day), {"unit": unit.key}
    elif person := _chosen(visible_people(actor, at=day), request.GET.get("person", "")):
        terms, heading, who = terms.filter(person=person), person.full_name, {"person": person.key}
    elif whose == "given":
        heading = _("Tasks given to others")
        terms = queries.given_by(terms, actor.units(Role.OFFICE, Role.SECRETARY), person=actor.person_id)
    elif whose == "own":
        terms = terms.filter(_own(actor))
    others = [(label, _with(request, whose=name)) for name, label in WHOSE.items() if name != whose]
    context = {**_list(request, terms), "heading": heading, "who": who, "others": others}
    return render(request, "plans/tasks.html", context)


def _chosen[M: (Unit, Person)](among: QuerySet[M], key: str) -> M | None:
    try:
        return among.filter(key=UUID(key)).first()
    except ValueError:
        return None


def _own(actor: Actor) -> Q:
    return Q(unit__in=actor.units(Role.OFFICE, Role.SECRETARY)) | Q(person=actor.person_id or 0)


@signed_in
def of_plan(request: ActorRequest, key: UUID) -> HttpResponse:
    """What the plan has given to whom."""
    plan = _plan(request, key)
    terms = policies.visible_terms(request.actor, at=today()).filter(task__plan=plan)
    decision = policies.can_give(request.actor, plan, at=today())
    context = {**_list(request, terms), **_about(plan), "can_give": bool(decision), "why_not": pages.explain(decision)}
    return render(request, "plans/plan_tasks.html", context)


def _list(request: ActorRequest, terms: QuerySet[TaskTerms]) -> dict[str, Any]:
    asked = asked_of(request)
    day = asked["as_of"]
    stood = queries.terms_on(terms, day, known_at=asked["known_at"])
    counts = queries.state_counts(stood)
    state = request.GET.get("state", "open")
    state = state if state in SHOWN else "open"
    page = pages.paginate(request, queries.late_first(queries.in_state(stood, SHOWN[state])), counted=False)
    numbers = {name: sum(counts[one] for one in states) for name, states in SHOWN.items()}
    choices = [(label, _with(request, state=name), name == state, numbers[name]) for name, label in SHOWN_NAMES.items()]
    return {
        **asked,
        "page": page,
        "rows": listed(queries.task_rows(page.items, day=day)),
        "choices": choices,
        "is_empty": not numbers["all"],
        "today": day,
    }


def _with(request: ActorRequest, **more: str) -> str:
    """This page's address with something else asked for, from its first row."""
    kept = request.GET.copy()
    kept.pop("page", None)
    for name, value in more.items():
        kept[name] = value
    return f"?{kept.urlencode()}"


def _plan(request: ActorRequest, key: UUID) -> Plan:
    return get_object_or_404(visible_plans(request.actor, at=today()), key=key)


def _about(plan: Plan) -> dict[str, Any]:
    version = last_adopted(plan)
    title = version.title if version else ""
    return {"plan": plan, "rollout": plan.rollout, "unit": name_of(plan.unit_id, today()), "plan_title": title}


@signed_in
def give(request: ActorRequest, key: UUID) -> HttpResponse:
    """Give a measure, or part of one, to units; or to persons of one unit."""
    plan, day = _plan(request, key), today()
    policies.can_give(request.actor, plan, at=day).require()
    units = policies.units_to_ask(plan, at=day)
    place = _chosen(units, request.GET.get("unit", ""))
    measure = _measure(plan, request.GET.get("measure", ""))
    if place is None:
        choices = unit_choices(units, day)
        everyone = [UUID(row.key) for row in children_of(plan.unit_id, day)]
    else:
        people = people_in(place, day).filter(pk__in=policies.people_to_ask(request.actor, plan, at=day).values("pk"))
        choices = [(str(person.key), person.full_name) for person in people]
        everyone = [UUID(key) for key, _name in choices]
    form = GiveForm(
        request.POST or None,
        choices=choices,
        is_to_persons=place is not None,
        everyone=everyone,
        initial=_first_words(measure),
    )
    if form.is_valid():
        try:
            actions.give_tasks(plan=plan, measure=measure, asked=form.asked(), actor=request.actor, at=now())
        except DomainError as error:
            pages.form_error(form, error)
        else:
            messages.success(request, _("The task has been given."))
            return redirect("plans:tasks", key=key)
    context = {
        **_about(plan),
        "place": name_of(place, day) if place else "",
        "places": unit_choices(units, day),
        "measure": request.GET.get("measure", ""),
        "chosen": request.GET.get("unit", ""),
        "words": queries.words_of([measure.pk], day).get(measure.pk) if measure else None,
    }
    return pages.render_form(request, "plans/task_give.html", context, form)


def _measure(plan: Plan, key: str) -> Measure | None:
    try:
        return plan.measures.filter(key=UUID(key)).first()
    except ValueError:
        return None


def _first_words(measure: Measure | None) -> dict[str, Any]:
    """A task begins with what the plan says of its measure."""
    initial: dict[str, Any] = {"starts_on": today()}
    if measure and (words := queries.words_of([measure.pk], today()).get(measure.pk)):
        initial |= {
            "text": words.text,
            "product": words.product,
            "deadline_on": words.deadline_on,
            "is_urgent": words.is_urgent,
        }
    return initial


def _task(request: ActorRequest, key: UUID) -> tuple[Task, Stood]:
    task = get_object_or_404(policies.visible_tasks(request.actor, at=today()), key=key)
    terms = queries.terms_of(task, today())
    if terms is None:
        raise Http404
    return task, terms


def _of_task(task: Task, terms: Stood) -> dict[str, Any]:
    (row,) = listed(queries.task_rows([terms], day=today()))
    return {**_about(task.plan), "task": task, "row": row, "today": today()}


@signed_in
def one(request: ActorRequest, key: UUID) -> HttpResponse:
    """One task: what it asks and asked, and how it was done."""
    task, terms = _task(request, key)
    give_decision = policies.can_give(request.actor, task.plan, at=today())
    is_over = list(TaskState)[terms.place] is TaskState.WITHDRAWN
    report = queries.report_of(task)
    can_report = bool(policies.can_report(request.actor, terms, at=today())) and not is_over
    context = {
        **_of_task(task, terms),
        "terms": terms,
        "history": queries.history_of_terms(task),
        "report": report,
        "can_report": can_report,
        "can_change": bool(give_decision) and report is None and not is_over,
    }
    return render(request, "plans/task.html", context)


@signed_in
def report(request: ActorRequest, key: UUID) -> HttpResponse:
    """Say that it was done, with a file that shows it; or correct what was said."""
    task, terms = _task(request, key)
    policies.can_report(request.actor, terms, at=today()).require()
    before = queries.report_of(task)
    is_own = terms.person_id is not None and terms.person_id == request.actor.person_id
    form = ReportForm(
        request.POST or None,
        request.FILES or None,
        initial=_said(before) | {"seen": task.changed_seq},
        is_own=is_own,
        kept=[(str(row.key), row.file.name) for row in before.evidence.all()] if before else (),
    )
    if form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            actions.report_task(
                task=task,
                done=form.done(),
                actor=request.actor,
                at=now(),
                evidence=[(upload, upload.name)] if upload else (),
                without=form.taken_away(),
                seen=form.cleaned_data["seen"],
            )
        except DomainError as error:
            pages.form_error(form, error)
        else:
            messages.success(request, _("Thank you. The task is reported as done."))
            return redirect("plans:task", key=key)
    return pages.render_form(request, "plans/task_report.html", {**_of_task(task, terms), "is_again": before}, form)


def _said(report: TaskReport | None) -> dict[str, Any]:
    if report is None:
        return {"on": today()}
    return {"on": report.done_on, "product": report.product, "note": report.note, "told_by": report.told_by}


@signed_in
def change(request: ActorRequest, key: UUID) -> HttpResponse:
    """Ask something else from a day on, like a later deadline."""
    task, terms = _task(request, key)
    policies.can_give(request.actor, task.plan, at=today()).require()
    fields = ("text", "product", "deadline_on", "is_urgent")
    initial = {name: getattr(terms, name) for name in fields}
    form = ChangeTaskForm(
        request.POST or None,
        initial={**initial, "starts_on": max(today(), terms.given_on), "seen": task.changed_seq},
    )
    if form.is_valid():
        asked = form.asked(unit=terms.unit_id, person=terms.person_id)
        try:
            actions.change_task(task=task, asked=asked, actor=request.actor, at=now(), seen=form.cleaned_data["seen"])
        except DomainError as error:
            pages.form_error(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("plans:task", key=key)
    return pages.render_form(request, "plans/task_change.html", _of_task(task, terms), form)


@signed_in
def withdraw(request: ActorRequest, key: UUID) -> HttpResponse:
    """Say that it is no longer to be done."""
    task, terms = _task(request, key)
    policies.can_give(request.actor, task.plan, at=today()).require()
    form = WithdrawTaskForm(
        request.POST or None, initial={"on": max(today(), terms.given_on), "seen": task.changed_seq}
    )
    if form.is_valid():
        values = form.cleaned_data
        try:
            actions.withdraw_task(
                task=task,
                on=values["on"],
                reason=values["reason"],
                actor=request.actor,
                at=now(),
                seen=values["seen"],
            )
        except DomainError as error:
            pages.form_error(form, error)
        else:
            messages.success(request, _("The task has been withdrawn."))
            return redirect("plans:tasks", key=task.plan.key)
    return pages.render_form(request, "plans/task_withdraw.html", _of_task(task, terms), form)


@signed_in
def take_back(request: ActorRequest, key: UUID) -> HttpResponse:
    """Take a report entered by mistake back."""
    task, terms = _task(request, key)
    policies.can_report(request.actor, terms, at=today()).require()
    form = ReasonForm(request.POST or None, initial={"seen": task.changed_seq})
    if form.is_valid():
        values = form.cleaned_data
        try:
            actions.withdraw_report(
                task=task, reason=values["reason"], actor=request.actor, at=now(), seen=values["seen"]
            )
        except DomainError as error:
            pages.form_error(form, error)
        else:
            messages.success(request, _("The report has been taken back: the task is to be done again."))
            return redirect("plans:task", key=key)
    return pages.render_form(request, "plans/task_take_back.html", _of_task(task, terms), form)


@signed_in
def evidence(request: ActorRequest, key: UUID, file: UUID) -> FileResponse:
    """A file that shows that the task was done."""
    task, _terms = _task(request, key)
    shown = TaskEvidence.objects.filter(report__task=task, report__superseded_seq__isnull=True)
    return download(get_object_or_404(shown.select_related("file"), key=file).file)
