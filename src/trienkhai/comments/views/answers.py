"""Answering groups, taking an answer back, finishing the call."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from trienkhai.comments import policies
from trienkhai.comments.actions import answering
from trienkhai.comments.forms.desk import AnswerForm
from trienkhai.comments.models import Group
from trienkhai.comments.queries import desk as queries
from trienkhai.comments.queries.clauses import Clause, clauses_of, draft_for, plan_for
from trienkhai.comments.queries.outcomes import outcomes_at
from trienkhai.comments.queries.places import Desk, desk_of
from trienkhai.comments.rules import CallState
from trienkhai.comments.texts import ABOUT_NAMES
from trienkhai.comments.views.asking import managed_call
from trienkhai.comments.views.desk import about_desk, desk_in, done, group_at, keys_of
from trienkhai.core import pages
from trienkhai.core.decisions import DomainError
from trienkhai.ledger.clock import today
from trienkhai.organisation.requests import ActorRequest, signed_in


@signed_in
def answer(request: ActorRequest, key: UUID) -> HttpResponse:
    """One answer for the groups chosen (``?group=``)."""
    desk = desk_in(request, key)
    groups = list(
        desk.groups().filter(pk__in=queries.ids_of(desk, keys_of(request.GET.getlist("group")))).order_by("pk")
    )
    if not groups:
        raise Http404
    head = group_at(desk, groups[0].key)
    draft = draft_for(desk.call, head)
    clauses = clauses_of(draft) if draft is not None else []
    form = AnswerForm(request.POST or None, clauses=clauses, initial=_first(groups, clauses))
    if form.is_looking:
        form.is_valid()
        form.errors.clear()
    elif form.is_valid():
        try:
            answering.answer(
                desk=desk,
                groups=[group.pk for group in groups],
                reply=form.reply(),
                actor=request.actor,
                at=today(),
            )
        except DomainError as error:
            pages.form_error(form, error)
        else:
            messages.success(request, ngettext("Answered.", "All of them are answered.", len(groups)))
            return redirect("comments:desk", key=desk.key)
    rows = queries.rows_of(groups[: queries.PER_PAGE], on=today())
    context = {
        **about_desk(desk),
        "rows": [(row, ABOUT_NAMES[row.about]) for row in rows],
        "number": len(groups),
        "points": sum(group.size for group in groups),
        "draft": draft,
        "plan": plan_for(desk.call, head),
    }
    if form.is_looking:
        return render(request, "comments/answer.html", {**context, "form": form})
    return pages.render_form(request, "comments/answer.html", context, form)


def _first(groups: list[Group], clauses: list[Clause]) -> dict[str, object]:
    """What the form shows at first: a former answer of a single group, to be changed."""
    found: dict[str, object] = {"on": today()}
    keys = {clause.measure: str(clause.key) for clause in clauses}
    measures = {group.measure_id for group in groups}
    if len(measures) == 1:
        found["measure"] = keys.get(measures.pop() or 0, "")
    if len(groups) == 1:
        found["summary"] = groups[0].summary
        said = groups[0].dispositions.current().first()
        if said is not None:
            found |= {"kind": said.kind, "answer": said.answer, "on": said.answered_on, "passed_to": said.passed_to}
            found["measure"] = keys.get(said.measure_id or 0, "")
    return found


@signed_in
@require_POST
def take_back(request: ActorRequest, key: UUID, group: UUID) -> HttpResponse:
    """Take a group's answer back."""
    desk = desk_in(request, key)
    row = group_at(desk, group)

    def act() -> None:
        answering.take_back(desk=desk, group=row, actor=request.actor, at=today())

    return done(request, act, _("The answer was taken back."), _address(desk, row))


def _address(desk: Desk, group: Group) -> str:
    return f"/comments/desk/{desk.key}/groups/{group.key}/"


@signed_in
def finish(request: ActorRequest, key: UUID) -> HttpResponse:
    """Everything is answered: finish the call, once it has been read what cannot be changed afterwards."""
    call = managed_call(request, key)
    if request.method != "POST":
        desk = desk_of(call)
        waiting = desk.groups().filter(is_answered=False).exists()
        state = policies.state_on(call, today())
        context = {
            **about_desk(desk),
            "outcomes": outcomes_at(desk),
            "can_finish": state is CallState.ANSWERING and not waiting,
            "is_finished": state is CallState.FINISHED,
            "waiting": waiting,
        }
        return render(request, "comments/finish.html", context)

    def act() -> None:
        answering.finish_call(call=call, actor=request.actor, at=today())

    return done(request, act, _("The call is finished. Everything has been answered."), f"/comments/{call.key}/")
