"""Pages of roll-outs: the list, opening one, its settings, receipts, declarations. Progress has the page itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from trienkhai.core import pages
from trienkhai.core.decisions import DomainError
from trienkhai.directives.policies import visible_directives
from trienkhai.ledger.clock import today
from trienkhai.organisation.models import Unit
from trienkhai.organisation.policies import runnable_units, visible_units
from trienkhai.organisation.queries import home_unit, unit_rows
from trienkhai.organisation.requests import ActorRequest, signed_in
from trienkhai.rollouts import actions, policies
from trienkhai.rollouts.forms import (
    CloseForm,
    DeadlineForm,
    DeclareForm,
    OpenRolloutForm,
    ReceiptForm,
    proposed_deadlines,
)
from trienkhai.rollouts.models import Receipt, Rollout
from trienkhai.rollouts.queries import declarations_of, owing_on, steps_of, who_would_owe
from trienkhai.rollouts.rules import FIGURES, PaperForm, StepKind, Subject
from trienkhai.rollouts.texts import FIGURE_NAMES, PAPER_FORM_NAMES, STEP_NAMES, owed_by


def _visible(request: ActorRequest, key: UUID) -> Rollout:
    return get_object_or_404(policies.visible_rollouts(request.actor, at=today()), key=key)


@signed_in
def index(request: ActorRequest) -> HttpResponse:
    """Every roll-out the reader can see, newest first."""
    day = today()
    rollouts = policies.visible_rollouts(request.actor, at=day).order_by("-opens_on", "-pk")
    page = pages.paginate(request, rollouts)
    names = unit_rows([rollout.lead_id for rollout in page], day)
    rows = [(rollout, names[rollout.lead_id].name if rollout.lead_id in names else "") for rollout in page]
    can_open = runnable_units(request.actor, at=day).exists()
    return render(request, "rollouts/index.html", {"rows": rows, "page": page, "can_open": can_open})


@signed_in
def open_one(request: ActorRequest) -> HttpResponse:
    """Open a roll-out: accept the dates, see who would owe what, confirm."""
    day = today()
    leads = runnable_units(request.actor, at=day)
    if not leads.exists():
        raise Http404
    form = _opening_form(request, leads, day)
    preview = None
    if form.is_valid():
        plan, values = form.plan(), form.cleaned_data
        preview = who_would_owe(plan, values["lead"].pk)
        if "confirm" in request.POST:
            try:
                rollout = actions.open_rollout(
                    plan=plan,
                    lead=values["lead"],
                    directives=list(values["directives"]),
                    guiding=list(values.get("guiding", ())),
                    actor=request.actor,
                    at=day,
                )
            except DomainError as error:
                pages.form_error(form, error)
            else:
                messages.success(request, _("The roll-out is open."))
                return redirect("progress:rollout", key=rollout.key)
    context = {
        "title": _("Open a roll-out"),
        "preview": preview,
        "has_directives": visible_directives(request.actor, at=day).exists(),
    }
    return pages.render_form(request, "rollouts/open.html", context, form)


def _opening_form(request: ActorRequest, leads: QuerySet[Unit], day: date) -> OpenRolloutForm:
    directives = visible_directives(request.actor, at=day).order_by("-issued_on", "pk")
    names = {unit: row.name for unit, row in unit_rows(leads.values_list("pk", flat=True), day).items()}
    initial: dict[str, object] = {"opens_on": day, **proposed_deadlines(day)}
    chosen = directives.filter(key=request.GET["directive"]).first() if _is_key(request.GET.get("directive")) else None
    if chosen:
        initial |= {"directives": [str(chosen.key)], "title": _("Carrying out %s") % chosen.number}
    home = home_unit(request.actor, day)
    initial["lead"] = home.key if home and home.id in names else None
    return OpenRolloutForm(request.POST or None, initial=initial, directives=directives, leads=leads, names=names)


def _is_key(text: str | None) -> bool:
    try:
        UUID(text or "")
    except ValueError:
        return False
    return True


@signed_in
def settings(request: ActorRequest, key: UUID) -> HttpResponse:
    """What the roll-out was opened with, and what may still be changed."""
    rollout = _visible(request, key)
    day = today()
    context = {
        "rollout": rollout,
        "lead": unit_rows([rollout.lead_id], day).get(rollout.lead_id),
        "steps": [(STEP_NAMES[kind], step, owed_by(kind, step.owing)) for kind, step in steps_of(rollout).items()],
        "paper_forms": [PAPER_FORM_NAMES[PaperForm(form)] for form in rollout.paper_forms],
        "links": rollout.directive_links.select_related("directive").order_by("is_guiding", "position"),
        "can_change": bool(policies.can_change(request.actor, rollout, at=day)),
        "why_not": pages.explain(policies.can_change(request.actor, rollout, at=day)),
        "can_manage": bool(policies.can_manage(request.actor, rollout, at=day)),
    }
    return render(request, "rollouts/settings.html", context)


@signed_in
def deadline(request: ActorRequest, key: UUID, step: str) -> HttpResponse:
    """Change one step's deadline."""
    rollout = _managed(request, key)
    steps = steps_of(rollout)
    if step not in steps:
        raise Http404
    kind = StepKind(step)
    form = DeadlineForm(request.POST or None, initial={"deadline_on": steps[kind].deadline_on})
    if form.is_valid():
        try:
            actions.change_deadline(
                rollout=rollout,
                step=kind,
                deadline_on=form.cleaned_data["deadline_on"],
                actor=request.actor,
                at=today(),
            )
        except DomainError as error:
            pages.form_error(form, error)
        else:
            messages.success(request, _("The deadline has been changed."))
            return redirect("rollouts:settings", key=key)
    context = {"title": _("Deadline: %s") % STEP_NAMES[kind], "rollout": rollout}
    return pages.render_form(request, "rollouts/one_form.html", context, form)


@signed_in
def close(request: ActorRequest, key: UUID) -> HttpResponse:
    """Close the roll-out."""
    rollout = _managed(request, key)
    form = CloseForm(request.POST or None, initial={"on": today()})
    if form.is_valid():
        try:
            actions.close_rollout(rollout=rollout, on=form.cleaned_data["on"], actor=request.actor, at=today())
        except DomainError as error:
            pages.form_error(form, error)
        else:
            messages.success(request, _("The roll-out is closed. Corrections stay possible."))
            return redirect("rollouts:settings", key=key)
    context = {
        "title": _("Close the roll-out"),
        "rollout": rollout,
        "intro": _("Nobody new comes to owe anything after that day. Late entries and corrections stay possible."),
    }
    return pages.render_form(request, "rollouts/one_form.html", context, form)


@require_POST
@signed_in
def reopen(request: ActorRequest, key: UUID) -> HttpResponse:
    """Undo a closing."""
    rollout = _managed(request, key)
    actions.reopen_rollout(rollout=rollout, actor=request.actor, at=today())
    messages.success(request, _("The roll-out is open again."))
    return redirect("rollouts:settings", key=key)


@dataclass(frozen=True)
class _ReceiptRow:
    key: str
    name: str
    received_on: date | None


UNITS_AT_ONCE = 200
"""So many units are entered on one page."""


@signed_in
def receipts(request: ActorRequest, key: UUID) -> HttpResponse:
    """When each unit received the documents; entered for many at once."""
    rollout = _visible(request, key)
    every, ids = _receipt_rows(request, rollout)
    if not every:
        raise Http404
    page = pages.paginate(request, every, per_page=UNITS_AT_ONCE)
    rows = page.items
    form = ReceiptForm(
        request.POST or None,
        units={row.key: row.name for row in rows},
        received={row.key: row.received_on for row in rows if row.received_on},
    )
    if form.is_valid():
        days = {ids[unit]: day for unit, day in form.days().items()}
        changed = {unit: day for unit, day in days.items() if (unit, day) not in _known(rollout)}
        try:
            if changed:
                actions.record_receipts(
                    rollout=rollout, days=changed, actor=request.actor, at=today(), note=form.cleaned_data["note"]
                )
        except DomainError as error:
            pages.form_error(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect(request.path + page.next_url) if page.has_next else redirect("progress:rollout", key=key)
    context = {"title": _("When was it received?"), "rollout": rollout, "rows": _with_fields(rows, form), "page": page}
    return pages.render_form(request, "rollouts/receipts.html", context, form)


def _known(rollout: Rollout) -> set[tuple[int, date]]:
    return set(Receipt.objects.current().filter(rollout=rollout).values_list("unit", "valid_on"))


def _with_fields(rows: Sequence[_ReceiptRow], form: ReceiptForm) -> list[tuple[_ReceiptRow, object, object]]:
    return [(row, form[f"on-{row.key}"], form[f"was-{row.key}"]) for row in rows]


def _receipt_rows(request: ActorRequest, rollout: Rollout) -> tuple[list[_ReceiptRow], dict[str, int]]:
    """Units that owe a receipt and that the actor may enter it for, in the order of the tree's names."""
    day = today()
    owing = owing_on(rollout=rollout, step=StepKind.RECEIVE, day=day, subject=Subject.UNIT)
    every = set(owing.values_list("unit", flat=True))
    own = set(runnable_units(request.actor, at=day).filter(pk__in=every).values_list("pk", flat=True))
    allowed = every if policies.can_manage(request.actor, rollout, at=day) else own
    received = dict(_known(rollout))
    found = unit_rows(allowed, day)
    ordered = sorted(found.values(), key=lambda row: row.id != rollout.lead_id)
    rows = [_ReceiptRow(row.key, row.name, received.get(row.id)) for row in ordered]
    return rows, {row.key: row.id for row in ordered}


@require_POST
@signed_in
def withdraw(request: ActorRequest, key: UUID, unit: UUID) -> HttpResponse:
    """Take back a receipt entered by mistake."""
    rollout = _visible(request, key)
    row = get_object_or_404(visible_units(request.actor, at=today()), key=unit)
    actions.withdraw_receipt(rollout=rollout, unit=row, actor=request.actor, at=today())
    messages.success(request, _("The receipt has been taken back."))
    return redirect("rollouts:receipts", key=key)


@signed_in
def declare(request: ActorRequest, key: UUID, unit: UUID) -> HttpResponse:
    """Enter what a unit on paper declares of itself."""
    rollout = _visible(request, key)
    row = get_object_or_404(visible_units(request.actor, at=today()), key=unit)
    decision = policies.can_act_for(request.actor, rollout, row.pk, at=today())
    if not decision:
        raise Http404
    form = DeclareForm(
        request.POST or None,
        initial={"on": today()},
        figures={figure.code: FIGURE_NAMES[figure.code] for figure in FIGURES},
    )
    if form.is_valid():
        try:
            actions.declare(
                rollout=rollout,
                unit=row,
                figures=form.declared(),
                on=form.cleaned_data["on"],
                told_by=form.cleaned_data["told_by"],
                actor=request.actor,
                at=today(),
            )
        except DomainError as error:
            pages.form_error(form, error)
        else:
            messages.success(request, _("The declared figures have been noted."))
            return redirect(f"{reverse('progress:rollout', args=[key])}?unit={unit}")
    names = unit_rows([row.pk], today())
    context = {
        "title": _("Figures declared by %s") % (names[row.pk].name if row.pk in names else ""),
        "rollout": rollout,
        "before": [(FIGURE_NAMES[d.code], d) for d in declarations_of(rollout, row.pk)],
    }
    return pages.render_form(request, "rollouts/declare.html", context, form)


def _managed(request: ActorRequest, key: UUID) -> Rollout:
    rollout = _visible(request, key)
    if not policies.can_manage(request.actor, rollout, at=today()):
        raise Http404
    return rollout
