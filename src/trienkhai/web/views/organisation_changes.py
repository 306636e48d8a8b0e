"""How a change of the organisation is made: typed, shown with what it would do, confirmed; and taken back."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from trienkhai.core import pages
from trienkhai.core.decisions import DomainError
from trienkhai.core.forms import Form
from trienkhai.ledger.clock import now, today
from trienkhai.organisation.actions import Change
from trienkhai.organisation.requests import ActorRequest, signed_in
from trienkhai.rollouts.actions.previewing import previewed
from trienkhai.rollouts.models import Rollout
from trienkhai.rollouts.policies import visible_rollouts
from trienkhai.rollouts.texts import FIGURE_NAMES
from trienkhai.web.actions import undo as undo_entry

_MOST_ROLLOUTS = 10
TEMPLATE = "web/organisation_change.html"


def changing(
    request: ActorRequest,
    form: Form,
    run: Callable[[], Change],
    *,
    context: Mapping[str, Any],
    done: str,
    back: Callable[[Change], str] | str,
) -> HttpResponse:
    """The form; once it is right, what the change would do; once that is confirmed, the change.

    ``run`` reads ``form.cleaned_data``. ``back``: the address to go to afterwards.
    """
    extra: dict[str, Any] = {}
    if form.is_bound and "edit" not in request.POST and form.is_valid():
        try:
            if "confirm" in request.POST:
                change = run()
                messages.success(request, done)
                return redirect(back if isinstance(back, str) else back(change))
            effect = previewed(run, rollouts=_open_rollouts(request), day=max(today(), _day_of(form)))
            extra = {
                "effect": effect,
                "figures": [(FIGURE_NAMES[figure.code], figure) for figure in effect.figures],
                "typed": [
                    (name, value) for name, values in request.POST.lists() for value in values if name in form.fields
                ],
                "summary": _summary(form),
            }
        except DomainError as error:
            pages.form_error(form, error)
    cancel = back if isinstance(back, str) else str(context.get("cancel_url", ""))
    return pages.render_form(request, TEMPLATE, {"cancel_url": cancel, **context, **extra}, form)


def _open_rollouts(request: ActorRequest) -> list[Rollout]:
    day = today()
    running = visible_rollouts(request.actor, at=day).filter(Q(closed_on__isnull=True) | Q(closed_on__gt=day))
    return list(running.order_by("-opens_on", "-pk")[:_MOST_ROLLOUTS])


def _day_of(form: Form) -> date:
    for name in ("on", "opened_on"):
        value = form.cleaned_data.get(name)
        if isinstance(value, date):
            return value
    return date.min


def _summary(form: Form) -> list[tuple[str, str]]:
    """What was typed, for reading: labels and values of the fields that were filled."""
    rows: list[tuple[str, str]] = []
    for bound in form:
        value = form.cleaned_data.get(bound.name)
        if value in (None, "", []):
            continue
        choices = {str(key): str(label) for key, label in getattr(bound.field, "choices", ())}
        data = bound.data if isinstance(bound.data, list) else [bound.data]
        shown = ", ".join(choices.get(str(item), str(item)) for item in data)
        rows.append((str(bound.label), f"{value:%d/%m/%Y}" if isinstance(value, date) else shown))
    return rows


@require_POST
@signed_in
def undo(request: ActorRequest) -> HttpResponse:
    """Take back what was entered today."""
    try:
        undo_entry(entry=pages.whole_number(request.POST.get("entry", "")), actor=request.actor, at=now())
    except DomainError as error:
        messages.error(request, pages.explain(error))
    else:
        messages.success(request, _("It has been taken back. Everything is as it was before."))
    target = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return redirect(target if is_ours else "organisation:tree")
