"""Where each unit stands with its plan, and how a plan is begun."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from trienkhai.core import pages
from trienkhai.core.decisions import DomainError, Invalid
from trienkhai.ledger.clock import now, today
from trienkhai.organisation.models import Unit
from trienkhai.organisation.policies import runnable_units, visible_units
from trienkhai.organisation.queries import name_of
from trienkhai.organisation.requests import ActorRequest, signed_in
from trienkhai.plans import actions, policies, queries
from trienkhai.plans.forms import HeadForm, ManyForm
from trienkhai.plans.models import Plan, PlanVersion
from trienkhai.plans.queries import UnitPlanRow
from trienkhai.plans.views.loading import rollout_in
from trienkhai.rollouts.models import Rollout

UNITS_AT_ONCE = 200
"""So many units stand on one page."""


def _rows(request: ActorRequest, rollout: Rollout) -> list[UnitPlanRow]:
    day = today()
    units = visible_units(request.actor, at=day)
    if policies.can_enter_many(request.actor, rollout, at=day):
        own = set(units.values_list("pk", flat=True))
    else:
        own = set(runnable_units(request.actor, at=day).values_list("pk", flat=True))
    return queries.unit_plan_rows(rollout, units, day=day, drafts_of=own)


@signed_in
def index(request: ActorRequest, key: UUID) -> HttpResponse:
    """Where each unit the reader may know of stands with its plan; missing and late ones first."""
    rollout = rollout_in(request, key)
    rows = _rows(request, rollout)
    may_enter = bool(policies.can_enter_many(request.actor, rollout, at=today()))
    lead_plan = next((row.plan_key for row in rows if row.unit_id == rollout.lead_id and row.adopted_on), "")
    context = {
        "rollout": rollout,
        "lead_plan": lead_plan if may_enter and len(rows) > 1 else "",
        "page": pages.paginate(
            request,
            sorted(rows, key=lambda row: (row.adopted_on is not None, not row.is_late)),
            per_page=UNITS_AT_ONCE,
        ),
        "deadline": queries.plan_deadline(rollout),
        "can_enter": may_enter,
    }
    return render(request, "plans/index.html", context)


@signed_in
def enter(request: ActorRequest, key: UUID) -> HttpResponse:
    """Enter when many units adopted the plans they keep on paper."""
    rollout = rollout_in(request, key)
    policies.can_enter_many(request.actor, rollout, at=today()).require()
    page = pages.paginate(request, _rows(request, rollout), per_page=UNITS_AT_ONCE)
    rows = page.items
    ids = {row.unit_key: row.unit_id for row in rows}
    form = ManyForm(
        request.POST or None,
        units={row.unit_key: row.unit for row in rows},
        known={row.unit_key: (row.adopted_on, row.number) for row in rows if row.adopted_on},
        initial={"title": _("Plan: %s") % rollout.title},
    )
    if form.is_valid():
        adopted = {ids[unit]: said for unit, said in form.entered().items()}
        try:
            actions.record_adoptions(
                rollout=rollout, adopted=adopted, title=form.cleaned_data["title"], actor=request.actor, at=now()
            )
        except DomainError as error:
            _show_at_unit(form, error, {unit: unit_key for unit_key, unit in ids.items()})
        else:
            messages.success(request, _("Saved."))
            return redirect(request.path + page.next_url) if page.has_next else redirect("plans:index", key=key)
    fields = [(row, form[f"on-{row.unit_key}"], form[f"number-{row.unit_key}"]) for row in rows]
    return pages.render_form(request, "plans/enter.html", {"rollout": rollout, "rows": fields, "page": page}, form)


def _show_at_unit(form: ManyForm, error: DomainError, keys: dict[int, str]) -> None:
    """Show a fault at the row of the unit it is about."""
    unit = error.params.get("unit")
    if isinstance(error, Invalid) and isinstance(unit, int) and unit in keys:
        form.add_error(f"on-{keys[unit]}", pages.explain(error))
    else:
        pages.form_error(form, error)


@signed_in
def of_unit(request: ActorRequest, key: UUID, unit: UUID) -> HttpResponse:
    """The unit's plan; where it has none, the place to begin one or to enter one kept on paper."""
    rollout = rollout_in(request, key)
    owner = get_object_or_404(visible_units(request.actor, at=today()), key=unit)
    plan = queries.plan_of(rollout, owner.pk)
    if plan is not None and policies.can_see(request.actor, plan, at=today()):
        return redirect("plans:one", key=plan.key)
    decision = policies.can_plan_for(request.actor, rollout, owner.pk, at=today())
    if plan is not None or not decision:
        context = {"rollout": rollout, "unit": name_of(owner, today())}
        return render(request, "plans/none.html", context)
    return _begin(request, rollout, owner)


def _begin(request: ActorRequest, rollout: Rollout, owner: Unit) -> HttpResponse:
    """Begin the unit's plan: in full, or applying the one above where there is one."""
    form = HeadForm(request.POST or None, initial={"title": _("Plan: %s") % rollout.title})
    upper = queries.upper_version(rollout, owner.pk, on=today())
    base = upper if upper is not None and "apply" in request.POST else None
    if form.is_valid():
        made = _begun(request, rollout, owner, form, base)
        if made is not None:
            return redirect("plans:apply" if base else "plans:measures", key=made.key)
    context = {
        "rollout": rollout,
        "unit": name_of(owner, today()),
        "unit_key": owner.key,
        "upper": upper,
        "upper_unit": name_of(upper.plan.unit_id, today()) if upper else "",
    }
    return pages.render_form(request, "plans/begin.html", context, form)


def _begun(
    request: ActorRequest, rollout: Rollout, unit: Unit, form: HeadForm, base: PlanVersion | None
) -> Plan | None:
    head, actor, at = form.head(), request.actor, now()
    try:
        if base is not None:
            return actions.draft_applying(rollout=rollout, unit=unit, base=base, head=head, actor=actor, at=at)
        return actions.draft_plan(rollout=rollout, unit=unit, head=head, actor=actor, at=at)
    except DomainError as error:
        pages.form_error(form, error)
        return None
