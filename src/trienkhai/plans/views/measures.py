"""The measures of a draft: fifty on a page, or one on a page of its own."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from trienkhai.core import pages
from trienkhai.core.decisions import DomainError
from trienkhai.ledger.clock import now, today
from trienkhai.organisation.requests import ActorRequest, signed_in
from trienkhai.plans import actions, queries
from trienkhai.plans.forms import (
    MeasureFormSet,
    Offered,
    OneMeasureForm,
    initial_of,
    rearranged,
    typed_lines,
    typed_rows,
)
from trienkhai.plans.forms.measures import PER_PAGE
from trienkhai.plans.models import PlanVersion
from trienkhai.plans.rules import Line, Treatment
from trienkhai.plans.views.loading import about, draft_in, offered_for


@signed_in
def measures(request: ActorRequest, key: UUID) -> HttpResponse:
    """The own measures of a draft, fifty on a page; rows are added, moved and taken out by buttons that post."""
    draft = draft_in(request, key)
    lines = [line for line in queries.lines_of(draft) if line.treatment == Treatment.OWN]
    page = Paginator(lines, PER_PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    offered = offered_for(draft, lines)
    given: dict[str, Any] = {"form_kwargs": {"offered": offered}}
    seen, fault = draft.plan.changed_seq, ""
    if request.method != "POST":
        rows = MeasureFormSet(initial=[initial_of(line, offered, offered.leads) for line in shown] or [{}], **given)
    elif "save" not in request.POST:
        typed = rearranged(typed_rows(request.POST), request.POST.get("do", ""))
        rows, seen = MeasureFormSet(initial=typed, **given), _seen(request, seen)
    else:
        rows, seen = MeasureFormSet(request.POST, **given), _seen(request, seen)
        if rows.is_valid():
            first = page.start_index() - 1 if lines else 0
            fault = _saved(request, draft, slice(first, first + len(shown)), typed_lines(rows), seen)
            if not fault:
                messages.success(request, _("The measures have been saved."))
                return redirect("plans:version", key=key, number=draft.number)
    status = 422 if fault or (rows.is_bound and not rows.is_valid()) else 200
    context = {**about(draft), "rows": rows, "seen": seen, "fault": fault, "offered": offered, "page": page}
    context["listed"] = pages.paginate(request, lines, per_page=PER_PAGE)
    context["first"] = page.start_index() if lines else 1
    return render(request, "plans/measures.html", context, status=status)


def _seen(request: HttpRequest, default: int) -> int:
    return pages.whole_number(request.POST.get("seen", ""), default)


def _saved(request: ActorRequest, draft: PlanVersion, place: slice, lines: list[Line], seen: int) -> str:
    """Put the page's measures in place of those it showed, and save; what was wrong in words, or empty.

    Who had another draft in hand is told so by ``seen``, so that the places are those the page showed.
    """
    there = queries.lines_of(draft)
    treated = [line for line in there if line.treatment != Treatment.OWN]
    own = [line for line in there if line.treatment == Treatment.OWN]
    linked = {line.key: line.answers for line in own}
    if draft.base is not None:
        lines = [replace(line, answers=linked.get(line.key)) for line in lines]
    wanted = [*treated, *own[: place.start], *lines, *own[place.stop :]]
    try:
        actions.set_measures(plan=draft.plan, lines=wanted, actor=request.actor, at=now(), seen=seen)
    except DomainError as error:
        return pages.explain(error)
    return ""


@signed_in
def measure_new(request: ActorRequest, key: UUID) -> HttpResponse:
    """Add one measure to a draft; with ``?above=`` one that begins with the words of the one above it takes up."""
    draft = draft_in(request, key)
    return _one(request, draft, None, above=_above(draft, request.GET.get("above", "")))


def _above(draft: PlanVersion, key: str) -> Line | None:
    """A measure of the plan above, by its key."""
    upper = queries.upper_version(draft.plan.rollout, draft.plan.unit_id, on=today()) if key else None
    return next((line for line in queries.lines_in_effect(upper) if str(line.key) == key), None) if upper else None


@signed_in
def measure_edit(request: ActorRequest, key: UUID, measure: UUID) -> HttpResponse:
    """Change one own measure of a draft."""
    draft = draft_in(request, key)
    line = queries.line_of(draft, measure)
    if line is None or line.treatment != Treatment.OWN:
        raise Http404
    return _one(request, draft, line)


def _one(request: ActorRequest, draft: PlanVersion, line: Line | None, *, above: Line | None = None) -> HttpResponse:
    begun = line or (replace(above, key=None, answers=above.measure) if above else None)
    offered = offered_for(draft, [begun] if begun else [])
    initial = {"seen": draft.plan.changed_seq} | (initial_of(begun, offered, offered.leads) if begun else {})
    form = OneMeasureForm(request.POST or None, offered=offered, initial=initial)
    if form.is_valid():
        said = replace(form.line(), key=line.key if line else None)
        if draft.base is not None and line is not None:
            said = replace(said, answers=line.answers)
        given: dict[str, Any] = {
            "plan": draft.plan,
            "line": said,
            "actor": request.actor,
            "at": now(),
            "seen": form.cleaned_data["seen"],
        }
        try:
            if line is not None:
                actions.edit_measure(**given)
            else:
                actions.add_measure(**given)
        except DomainError as error:
            pages.form_error(form, error)
        else:
            messages.success(request, _("Saved."))
            return _back(draft)
    context = {**about(draft), "offered": offered, "line": line, "back": _back(draft)["Location"]}
    return pages.render_form(request, "plans/measure_form.html", context, form)


@require_POST
@signed_in
def measure_remove(request: ActorRequest, key: UUID, measure: UUID) -> HttpResponse:
    """Take one measure out of a draft."""
    draft = draft_in(request, key)
    actions.remove_measure(plan=draft.plan, measure=measure, actor=request.actor, at=now())
    messages.success(request, _("The measure has been taken out."))
    return _back(draft)


def _back(draft: PlanVersion) -> HttpResponse:
    """Where one measure is edited from: the one page of a plan that applies another, else the version."""
    if draft.base is not None:
        return redirect("plans:apply", key=draft.plan.key)
    return redirect("plans:version", key=draft.plan.key, number=draft.number)


__all__ = ["Offered", "measure_edit", "measure_new", "measure_remove", "measures"]
