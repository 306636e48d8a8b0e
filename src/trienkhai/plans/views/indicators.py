"""The page of a measure's indicator: what it showed in which unit, as of a day."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from trienkhai.core import pages
from trienkhai.core.decisions import DomainError
from trienkhai.figures.queries import keys_under
from trienkhai.ledger.clock import now, today
from trienkhai.organisation.models import Unit
from trienkhai.organisation.policies import covered_units, runnable_units
from trienkhai.organisation.queries import name_of
from trienkhai.organisation.queries.users import unit_choices
from trienkhai.organisation.requests import ActorRequest, signed_in
from trienkhai.plans.actions import tasks as actions
from trienkhai.plans.forms.tasks import ValueForm
from trienkhai.plans.models import IndicatorValue, Measure
from trienkhai.plans.policies import tasks as policies
from trienkhai.plans.policies import visible_plans
from trienkhai.plans.queries import tasks as queries
from trienkhai.plans.views.loading import asked_of


def _measure(request: ActorRequest, key: UUID) -> Measure:
    seen = Measure.objects.filter(plan__in=visible_plans(request.actor, at=today()))
    return get_object_or_404(seen.select_related("plan__rollout"), key=key)


@signed_in
def values(request: ActorRequest, key: UUID) -> HttpResponse:
    """What the indicator showed by a day in each unit the reader sees, with a total only where values add up."""
    measure, day = _measure(request, key), today()
    words = queries.words_of([measure.pk], day).get(measure.pk)
    units = _units(request, measure)
    form = ValueForm(
        request.POST or None,
        units=unit_choices(units, day),
        value_label=f"{words.indicator} ({words.target_unit})" if words and words.target_unit else "",
        initial={"on": day},
    )
    if form.is_valid():
        try:
            actions.record_value(
                measure=measure,
                unit=form.unit_chosen(),
                on=form.cleaned_data["on"],
                value=form.cleaned_data["value"],
                note=form.cleaned_data["note"],
                actor=request.actor,
                at=now(),
            )
        except DomainError as error:
            pages.form_error(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("plans:values", key=key)
    return pages.render_form(request, "plans/values.html", _shown(request, measure) | {"can_enter": units}, form)


def _units(request: ActorRequest, measure: Measure) -> Any:
    """Units of the plan for which the actor may enter values."""
    below = Unit.objects.filter(pk__in=keys_under(measure.plan.unit_id, today()))
    if policies.can_say_summable(request.actor, measure, at=today()):
        return below
    return below.filter(pk__in=runnable_units(request.actor, at=today()).values("pk"))


def _shown(request: ActorRequest, measure: Measure) -> dict[str, Any]:
    plan, asked = measure.plan, asked_of(request)
    seen = set(covered_units(request.actor, at=today()).values_list("pk", flat=True))
    shown = queries.indicator_on(measure, seen, asked["as_of"], known_at=asked["known_at"])
    may_see_all = policies.can_say_summable(request.actor, measure, at=today())
    return {
        **asked,
        "measure": measure,
        "words": queries.words_of([measure.pk], asked["as_of"]).get(measure.pk),
        "plan": plan,
        "rollout": plan.rollout,
        "unit": name_of(plan.unit_id, today()),
        "shown": shown,
        "entered": [row for row in shown.rows if row.value is not None],
        "empty": [row for row in shown.rows if row.value is None],
        "total": shown.total if may_see_all or plan.unit_id in seen else None,
        "can_say_summable": bool(may_see_all),
    }


@require_POST
@signed_in
def summable(request: ActorRequest, key: UUID) -> HttpResponse:
    """Say whether the values of units add up."""
    measure = _measure(request, key)
    actions.say_summable(
        measure=measure, is_summable=request.POST.get("is_summable") == "1", actor=request.actor, at=now()
    )
    return redirect("plans:values", key=key)


@require_POST
@signed_in
def withdraw(request: ActorRequest, key: UUID, value: UUID) -> HttpResponse:
    """Take back a value entered by mistake."""
    measure = _measure(request, key)
    there = IndicatorValue.objects.current().filter(measure=measure).select_related("measure__plan__rollout")
    actions.withdraw_value(value=get_object_or_404(there, key=value), actor=request.actor, at=now())
    messages.success(request, _("The value has been taken back."))
    return redirect(reverse("plans:values", args=[key]))
