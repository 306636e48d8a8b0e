"""Pages of plans: where each unit stands, one plan, its draft, its adoption, and adoptions entered for many."""

from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from trienkhai.core import pages
from trienkhai.core.decisions import DomainError, Invalid
from trienkhai.documents import PARTY, load_profile, write_docx
from trienkhai.files.rules import MEDIA_TYPES, FileKind, clean_name
from trienkhai.files.views import download
from trienkhai.ledger.clock import now, today
from trienkhai.organisation.models import Unit
from trienkhai.organisation.policies import runnable_units, visible_units
from trienkhai.organisation.queries import name_of
from trienkhai.organisation.requests import ActorRequest, signed_in
from trienkhai.plans import actions, policies, queries
from trienkhai.plans.actions.adopting import Scan
from trienkhai.plans.forms import (
    AdoptForm,
    HeadForm,
    ManyForm,
    MeasureFormSet,
    WithdrawForm,
    rearranged,
    typed_lines,
    typed_rows,
)
from trienkhai.plans.models import Plan, PlanVersion
from trienkhai.plans.queries import UnitPlanRow
from trienkhai.plans.rules import Line
from trienkhai.plans.texts import REMARKS
from trienkhai.rollouts.models import Rollout
from trienkhai.rollouts.policies import visible_rollouts


def _visible(request: ActorRequest, key: UUID) -> Plan:
    return get_object_or_404(policies.visible_plans(request.actor, at=today()), key=key)


def _draft(request: ActorRequest, key: UUID) -> PlanVersion:
    """The draft of a plan the actor may change now; a refusal for others who see the plan."""
    plan = _visible(request, key)
    policies.can_edit(request.actor, plan, at=today()).require()
    draft = queries.draft_of(plan)
    if draft is None:
        raise Http404
    return draft


def _version(request: ActorRequest, key: UUID, number: int) -> PlanVersion:
    visible = policies.visible_versions(request.actor, at=today())
    return get_object_or_404(visible, plan__key=key, number=number)


def _rollout(request: ActorRequest, key: UUID) -> Rollout:
    return get_object_or_404(visible_rollouts(request.actor, at=today()), key=key)


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
    rollout = _rollout(request, key)
    rows = _rows(request, rollout)
    context = {
        "rollout": rollout,
        "rows": sorted(rows, key=lambda row: (row.adopted_on is not None, not row.is_late)),
        "deadline": queries.plan_deadline(rollout),
        "can_enter": bool(policies.can_enter_many(request.actor, rollout, at=today())),
    }
    return render(request, "plans/index.html", context)


@signed_in
def enter(request: ActorRequest, key: UUID) -> HttpResponse:
    """Enter when many units adopted the plans they keep on paper."""
    rollout = _rollout(request, key)
    policies.can_enter_many(request.actor, rollout, at=today()).require()
    rows = _rows(request, rollout)
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
            return redirect("plans:index", key=key)
    fields = [(row, form[f"on-{row.unit_key}"], form[f"number-{row.unit_key}"]) for row in rows]
    return pages.render_form(request, "plans/enter.html", {"rollout": rollout, "rows": fields}, form)


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
    rollout = _rollout(request, key)
    owner = get_object_or_404(visible_units(request.actor, at=today()), key=unit)
    plan = queries.plan_of(rollout, owner.pk)
    if plan is not None and policies.can_see(request.actor, plan, at=today()):
        return redirect("plans:one", key=plan.key)
    decision = policies.can_plan_for(request.actor, rollout, owner.pk, at=today())
    if plan is not None or not decision:
        context = {"rollout": rollout, "unit": name_of(owner, today())}
        return render(request, "plans/none.html", context)
    form = HeadForm(request.POST or None, initial={"title": _("Plan: %s") % rollout.title})
    if form.is_valid():
        made = _begun(request, rollout, owner, form)
        if made is not None:
            return redirect("plans:measures", key=made.key)
    context = {"rollout": rollout, "unit": name_of(owner, today()), "unit_key": owner.key}
    return pages.render_form(request, "plans/begin.html", context, form)


def _begun(request: ActorRequest, rollout: Rollout, unit: Unit, form: HeadForm) -> Plan | None:
    try:
        return actions.draft_plan(rollout=rollout, unit=unit, head=form.head(), actor=request.actor, at=now())
    except DomainError as error:
        pages.form_error(form, error)
        return None


@signed_in
def one(request: ActorRequest, key: UUID) -> HttpResponse:
    """A unit's plan as it is now: the version in force; before the first, the draft."""
    plan = _visible(request, key)
    shown = queries.in_force(plan, today()) or queries.last_adopted(plan) or queries.draft_of(plan)
    if shown is None:
        raise Http404
    return _shown(request, shown)


@signed_in
def version(request: ActorRequest, key: UUID, number: int) -> HttpResponse:
    """One version of a plan: in force, replaced, or a draft."""
    return _shown(request, _version(request, key, number))


def _shown(request: ActorRequest, shown: PlanVersion) -> HttpResponse:
    """One version: its facts and measures; on a draft also what it lacks."""
    day, plan = today(), shown.plan
    edit_decision = policies.can_edit(request.actor, plan, at=day)
    is_draft = shown.adopted_on is None
    found = queries.draft_findings(shown) if is_draft and edit_decision else []
    deadline = queries.plan_deadline(plan.rollout)
    rows = queries.version_rows(plan, on=day, with_draft=bool(edit_decision))
    context = {
        **_about(shown),
        "adoption": queries.adoption_of(shown),
        "measures": queries.measure_rows(shown, on=day),
        "findings": [(REMARKS[finding.remark], finding.measure) for finding in found],
        "deadline": deadline if shown.number == 1 else None,
        "is_late": shown.number == 1 and deadline is not None and deadline < day,
        "today": day,
        "versions": rows,
        "state": next((row.state for row in rows if row.number == shown.number), None),
        "draft_number": next((row.number for row in rows if row.adopted_on is None), None),
        "can_edit": is_draft and bool(edit_decision),
        "can_revise": bool(policies.can_revise(request.actor, plan, at=day)),
        "can_correct": bool(policies.can_correct(request.actor, shown, at=day)),
        "can_withdraw": bool(policies.can_withdraw(request.actor, shown, at=day)),
        "can_discard": is_draft and bool(policies.can_discard(request.actor, plan, at=day)),
    }
    return render(request, "plans/one.html", context)


@require_POST
@signed_in
def revise(request: ActorRequest, key: UUID) -> HttpResponse:
    """Begin the next version."""
    plan = _visible(request, key)
    draft = actions.revise_plan(plan=plan, actor=request.actor, at=now())
    messages.success(request, _("The next version is a draft now, with the words of the one in force."))
    return redirect("plans:version", key=key, number=draft.number)


@signed_in
def edit(request: ActorRequest, key: UUID) -> HttpResponse:
    """Change title and prose of a draft."""
    draft = _draft(request, key)
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
    return pages.render_form(request, "plans/edit.html", _about(draft), form)


def _about(shown: PlanVersion) -> dict[str, Any]:
    plan = shown.plan
    return {"plan": plan, "version": shown, "rollout": plan.rollout, "unit": name_of(plan.unit_id, today())}


@signed_in
def measures(request: ActorRequest, key: UUID) -> HttpResponse:
    """All measures of a draft on one page; rows are added, moved and taken out by buttons that post."""
    draft = _draft(request, key)
    plan = draft.plan
    given: dict[str, Any] = {
        "form_kwargs": {
            "leads": queries.possible_leads(plan, on=today()),
            "references": queries.references(plan.rollout),
        }
    }
    seen, fault = plan.changed_seq, ""
    if request.method != "POST":
        rows = MeasureFormSet(initial=_initial_rows(draft), **given)
    elif "save" not in request.POST:
        typed = rearranged(typed_rows(request.POST), request.POST.get("do", ""))
        rows, seen = MeasureFormSet(initial=typed, **given), _seen(request, seen)
    else:
        rows, seen = MeasureFormSet(request.POST, **given), _seen(request, seen)
        if rows.is_valid():
            fault = _saved_measures(request, plan, typed_lines(rows), seen)
            if not fault:
                messages.success(request, _("The measures have been saved."))
                return redirect("plans:version", key=key, number=draft.number)
    status = 422 if fault or (rows.is_bound and not rows.is_valid()) else 200
    context = {**_about(draft), "rows": rows, "seen": seen, "fault": fault, **given["form_kwargs"]}
    return render(request, "plans/measures.html", context, status=status)


def _seen(request: ActorRequest, default: int) -> int:
    return pages.whole_number(request.POST.get("seen", ""), default)


def _initial_rows(draft: PlanVersion) -> list[dict[str, Any]]:
    lines = queries.lines_of(draft)
    names = queries.lead_names([line.lead_unit for line in lines if line.lead_unit is not None], on=today())
    called = {reference.provision_id: name for name, reference in queries.references(draft.plan.rollout).items()}
    rows: list[dict[str, Any]] = [
        {
            "key": line.key,
            "text": line.text,
            "lead": names.get(line.lead_unit or 0, "") or line.lead,
            "deadline": line.deadline_on,
            "product": line.product,
            "provision": called.get(line.provision or 0, ""),
            "is_urgent": line.is_urgent,
        }
        for line in lines
    ]
    return rows or [{}]


def _saved_measures(request: ActorRequest, plan: Plan, lines: list[Line], seen: int) -> str:
    """Save; what was wrong in words, or empty."""
    try:
        actions.set_measures(plan=plan, lines=lines, actor=request.actor, at=now(), seen=seen)
    except DomainError as error:
        return pages.explain(error)
    return ""


@signed_in
def adopt(request: ActorRequest, key: UUID) -> HttpResponse:
    """Adopt the draft."""
    draft = _draft(request, key)
    form = AdoptForm(request.POST or None, request.FILES or None, initial={"seen": draft.plan.changed_seq})
    if form.is_valid():
        try:
            actions.adopt_plan(
                plan=draft.plan,
                adopted=form.adopted(),
                actor=request.actor,
                at=now(),
                scan=_scan(form),
                seen=form.cleaned_data["seen"],
            )
        except DomainError as error:
            pages.form_error(form, _at_scan(error))
        else:
            messages.success(request, _("The plan has been adopted and is frozen now."))
            return redirect("plans:one", key=key)
    found = queries.draft_findings(draft)
    context = {**_about(draft), "findings": [(REMARKS[finding.remark], finding.measure) for finding in found]}
    return pages.render_form(request, "plans/adopt.html", context, form)


@signed_in
def correct(request: ActorRequest, key: UUID, number: int) -> HttpResponse:
    """Correct an adoption."""
    adopted = _version(request, key, number)
    policies.can_correct(request.actor, adopted, at=today()).require()
    adoption = queries.adoption_of(adopted)
    if adoption is None:
        raise Http404
    initial = {
        "on": adoption.valid_on,
        "number": adoption.number,
        "signer": adoption.signer,
        "signer_post": adoption.signer_post,
        "seen": adopted.plan.changed_seq,
    }
    form = AdoptForm(request.POST or None, request.FILES or None, initial=initial)
    if form.is_valid():
        try:
            actions.correct_adoption(
                version=adopted,
                adopted=form.adopted(),
                actor=request.actor,
                at=now(),
                scan=_scan(form),
                seen=form.cleaned_data["seen"],
            )
        except DomainError as error:
            pages.form_error(form, _at_scan(error))
        else:
            messages.success(request, _("The adoption has been corrected."))
            return redirect("plans:version", key=key, number=number)
    return pages.render_form(request, "plans/correct.html", {**_about(adopted), "adoption": adoption}, form)


def _scan(form: AdoptForm) -> Scan | None:
    upload = form.cleaned_data["scan"]
    return (upload, upload.name) if upload else None


def _at_scan(error: DomainError) -> DomainError:
    """Faults of files name the input ``file``; here it is called ``scan``."""
    if isinstance(error, Invalid) and error.on == "file":
        return Invalid(error.code, on="scan", **error.params)
    return error


@signed_in
def withdraw(request: ActorRequest, key: UUID, number: int) -> HttpResponse:
    """Take back an adoption entered by mistake."""
    adopted = _version(request, key, number)
    policies.can_withdraw(request.actor, adopted, at=today()).require()
    form = WithdrawForm(request.POST or None)
    if form.is_valid():
        try:
            actions.withdraw_adoption(
                version=adopted, reason=form.cleaned_data["reason"], actor=request.actor, at=now()
            )
        except DomainError as error:
            pages.form_error(form, error)
        else:
            messages.success(request, _("The adoption has been taken back. The plan is a draft again."))
            return redirect("plans:version", key=key, number=number)
    return pages.render_form(request, "plans/withdraw.html", _about(adopted), form)


@require_POST
@signed_in
def discard(request: ActorRequest, key: UUID) -> HttpResponse:
    """Throw a draft away."""
    draft = _draft(request, key)
    actions.discard_draft(plan=draft.plan, actor=request.actor, at=now())
    messages.success(request, _("The draft has been thrown away."))
    if draft.number == 1:
        return redirect("plans:index", key=draft.plan.rollout.key)
    return redirect("plans:one", key=key)


@signed_in
def scan(request: ActorRequest, key: UUID, number: int) -> FileResponse:
    """The signed, sealed sheet."""
    adoption = queries.adoption_of(_version(request, key, number))
    if adoption is None or adoption.scan is None:
        raise Http404
    return download(adoption.scan)


@signed_in
def document(request: ActorRequest, key: UUID, number: int) -> HttpResponse:
    """The version as a Word file."""
    shown = _version(request, key, number)
    made = queries.plan_document(shown, on=shown.adopted_on or today(), created=now())
    name = clean_name(f"{shown.title}.docx", FileKind.DOCX)
    return HttpResponse(
        write_docx(made, load_profile(PARTY, Path(settings.TRIENKHAI_RULES) / f"{PARTY}.toml")),
        content_type=MEDIA_TYPES[FileKind.DOCX],
        headers={"Content-Disposition": content_disposition_header(True, name) or "attachment"},
    )
