"""The one page of a unit that applies the plan above, with its changes and additions: made for a phone."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from trienkhai.core import pages
from trienkhai.core.decisions import DomainError
from trienkhai.ledger.clock import now, today
from trienkhai.organisation.queries import name_of
from trienkhai.organisation.requests import ActorRequest, signed_in
from trienkhai.plans import actions, queries
from trienkhai.plans.forms import ChangedForm, LeftOutForm, initial_of
from trienkhai.plans.models import PlanVersion
from trienkhai.plans.rules import InEffect, Line, Taking, Treatment, VersionKind
from trienkhai.plans.views.loading import about, draft_in, found_in, offered_for, visible

PER_PAGE = 50


@signed_in
def apply(request: ActorRequest, key: UUID) -> HttpResponse:
    """Every measure of the plan above with how this unit takes it; then its own."""
    draft = draft_in(request, key)
    upper = queries.upper_version(draft.plan.rollout, draft.plan.unit_id, on=today())
    if draft.base is None:
        return _propose(request, draft, upper)
    found = queries.effective(draft)
    from_above = [(number, one) for number, one in enumerate(found, start=1) if one.upper is not None]
    context = {
        **about(draft),
        "base": draft.base,
        "base_unit": name_of(draft.base.plan.unit_id, today()),
        "newer_unit": name_of(upper.plan.unit_id, today()) if upper else "",
        "base_adoption": queries.adoption_of(draft.base),
        "newer": upper if upper is not None and upper.pk != draft.base.pk else None,
        "compares": upper is not None and upper.plan_id == draft.base.plan_id and upper.number > draft.base.number,
        "from_above": pages.paginate(request, from_above, per_page=PER_PAGE),
        "own": [one.line for one in found if one.taking == Taking.OWN],
        "changed": sum(one.taking == Taking.CHANGED for one in found),
        "left_out": sum(one.taking == Taking.LEFT_OUT for one in found),
        "findings": found_in(draft, found),
    }
    return render(request, "plans/apply.html", context)


def _propose(request: ActorRequest, draft: PlanVersion, upper: PlanVersion | None) -> HttpResponse:
    """A full draft can turn to applying the plan above, where there is one."""
    if upper is None:
        raise Http404
    lines = queries.lines_in_effect(upper)
    context = {**about(draft), "upper": upper, "upper_unit": name_of(upper.plan.unit_id, today()), "count": len(lines)}
    return render(request, "plans/propose.html", context)


@require_POST
@signed_in
def apply_upper(request: ActorRequest, key: UUID) -> HttpResponse:
    """Apply the plan above as it is in force now: for the first time, or its newer version in the next of this one."""
    plan = visible(request, key)
    upper = queries.upper_version(plan.rollout, plan.unit_id, on=today())
    if upper is None:
        raise Http404
    try:
        actions.apply_newer(plan=plan, base=upper, actor=request.actor, at=now())
    except DomainError as error:
        messages.error(request, pages.explain(error))
        return redirect("plans:one", key=key)
    messages.success(request, _("The plan above is applied. Now say what is different here."))
    return redirect("plans:apply", key=key)


@require_POST
@signed_in
def in_full(request: ActorRequest, key: UUID) -> HttpResponse:
    """Turn the draft into a full plan of its own."""
    draft = draft_in(request, key)
    actions.write_in_full(plan=draft.plan, actor=request.actor, at=now())
    messages.success(request, _("The plan is written in full now. What was taken from above can be changed freely."))
    return redirect("plans:version", key=key, number=draft.number)


def _one(draft: PlanVersion, measure: UUID) -> InEffect:
    """One measure of the plan above, as the draft has it."""
    if draft.kind == VersionKind.APPLIES:
        for one in queries.effective(draft):
            if one.upper is not None and one.upper.key == measure:
                return one
    raise Http404


@signed_in
def change(request: ActorRequest, key: UUID, measure: UUID) -> HttpResponse:
    """Word a measure of the plan above anew."""
    draft = draft_in(request, key)
    one = _one(draft, measure)
    words = one.line
    offered = offered_for(draft, [words])
    initial = initial_of(words, offered, offered.leads) | {
        "key": None,
        "reason": one.reason if one.taking == Taking.CHANGED else "",
        "seen": draft.plan.changed_seq,
    }
    form = ChangedForm(request.POST or None, offered=offered, initial=initial)
    if form.is_valid():
        line = form.line(treatment=Treatment.CHANGED, reason=form.cleaned_data["reason"])
        if _treated(request, draft, one, line, form):
            return redirect("plans:apply", key=key)
    context = {**about(draft), "one": one, "offered": offered}
    return pages.render_form(request, "plans/change.html", context, form)


@signed_in
def leave_out(request: ActorRequest, key: UUID, measure: UUID) -> HttpResponse:
    """Leave a measure of the plan above out, and say why."""
    draft = draft_in(request, key)
    one = _one(draft, measure)
    initial = {"reason": one.reason if one.taking == Taking.LEFT_OUT else "", "seen": draft.plan.changed_seq}
    form = LeftOutForm(request.POST or None, initial=initial)
    if form.is_valid():
        line = Line("", treatment=Treatment.LEFT_OUT, reason=form.cleaned_data["reason"])
        if _treated(request, draft, one, line, form):
            return redirect("plans:apply", key=key)
    return pages.render_form(request, "plans/leave_out.html", {**about(draft), "one": one}, form)


@require_POST
@signed_in
def as_it_is(request: ActorRequest, key: UUID, measure: UUID) -> HttpResponse:
    """Take a measure of the plan above as it is after all."""
    draft = draft_in(request, key)
    upper = _one(draft, measure).upper
    if upper is None or upper.measure is None:
        raise Http404
    actions.treat_measure(plan=draft.plan, upper=upper.measure, line=None, actor=request.actor, at=now())
    messages.success(request, _("The measure is taken as it is."))
    return redirect("plans:apply", key=key)


def _treated(
    request: ActorRequest, draft: PlanVersion, one: InEffect, line: Line, form: ChangedForm | LeftOutForm
) -> bool:
    if one.upper is None or one.upper.measure is None:
        raise Http404
    try:
        taking = actions.treat_measure(
            plan=draft.plan,
            upper=one.upper.measure,
            line=line,
            actor=request.actor,
            at=now(),
            seen=form.cleaned_data["seen"],
        )
    except DomainError as error:
        pages.form_error(form, error)
        return False
    if taking == Taking.AS_IT_IS:
        messages.success(request, _("Nothing differs from the plan above: the measure is taken as it is."))
    else:
        messages.success(request, _("Saved."))
    return True
