"""A draft as a whole: begun, its title and prose, thrown away."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from trienkhai.core import pages
from trienkhai.core.decisions import DomainError, Refused
from trienkhai.ledger.clock import now
from trienkhai.organisation.requests import ActorRequest, signed_in
from trienkhai.plans import actions
from trienkhai.plans.forms import HeadForm
from trienkhai.plans.rules import PlanError
from trienkhai.plans.views.loading import about, draft_in, visible


@require_POST
@signed_in
def revise(request: ActorRequest, key: UUID) -> HttpResponse:
    """Begin the next version."""
    plan = visible(request, key)
    draft = actions.revise_plan(plan=plan, actor=request.actor, at=now())
    messages.success(request, _("The next version is a draft now, with the words of the one in force."))
    return redirect("plans:version", key=key, number=draft.number)


@signed_in
def edit(request: ActorRequest, key: UUID) -> HttpResponse:
    """Change title and prose of a draft."""
    draft = draft_in(request, key)
    initial = {
        "title": draft.title,
        "purpose": draft.purpose,
        "organising": draft.organising,
        "seen": draft.plan.changed_seq,
    }
    form = HeadForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            actions.edit_head(
                plan=draft.plan, head=form.head(), actor=request.actor, at=now(), seen=form.cleaned_data["seen"]
            )
        except DomainError as error:
            pages.form_error(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("plans:version", key=key, number=draft.number)
    return pages.render_form(request, "plans/edit.html", about(draft), form)


@require_POST
@signed_in
def discard(request: ActorRequest, key: UUID) -> HttpResponse:
    """Throw a draft away; one that an answer or a call refers to stays, and the reader is told."""
    draft = draft_in(request, key)
    try:
        actions.discard_draft(plan=draft.plan, actor=request.actor, at=now())
    except Refused as error:
        if error.code != PlanError.IN_USE:
            raise
        messages.error(request, pages.explain(error))
        return redirect("plans:version", key=key, number=draft.number)
    messages.success(request, _("The draft has been thrown away."))
    if draft.number == 1:
        return redirect("plans:index", key=draft.plan.rollout.key)
    return redirect("plans:one", key=key)
