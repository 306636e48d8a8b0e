"""A plan as it reads: one version, two beside each other, one measure, the plans below; as a Word file."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from trienkhai.core import pages
from trienkhai.core.pages import Text
from trienkhai.documents import PARTY, load_profile, write_docx
from trienkhai.files.rules import MEDIA_TYPES, FileKind, clean_name
from trienkhai.ledger.clock import now, today
from trienkhai.organisation.policies import visible_units
from trienkhai.organisation.queries import name_of
from trienkhai.organisation.requests import ActorRequest, signed_in
from trienkhai.plans import policies, queries
from trienkhai.plans.models import Measure, PlanVersion
from trienkhai.plans.policies.tasks import visible_terms
from trienkhai.plans.queries import ComparedRow, MeasureRow, PanelPage, PanelSubject, Stage, TakenUp, tasks
from trienkhai.plans.rules import Change, Taking, Treatment, VersionState
from trienkhai.plans.texts import Fact, facts_changed, facts_of
from trienkhai.plans.views.loading import about, found_in, version_in, visible
from trienkhai.plans.views.tasks import Listed, listed

PER_PAGE = 50
LONG_PAGE = 100
MOST_TASKS = 20
TAKEN_UP: dict[str, tuple[Text, Callable[[TakenUp], bool]]] = {
    "all": (pgettext_lazy("measures", "All"), lambda _row: True),
    "nobody": (_("Taken up by nobody yet"), lambda row: row.owed > 0 and row.taken == 0),
    "waiting": (_("Not answered by all"), lambda row: row.waiting > 0),
    "left_out": (_("Left out by some"), lambda row: row.left_out > 0),
}
"""Measures by what became of them below."""


@signed_in
def one(request: ActorRequest, key: UUID) -> HttpResponse:
    """A unit's plan as it is now: the version in force; before the first, the draft."""
    plan = visible(request, key)
    shown = queries.in_force(plan, today()) or queries.last_adopted(plan) or queries.draft_of(plan)
    if shown is None:
        raise Http404
    return _shown(request, shown)


@signed_in
def version(request: ActorRequest, key: UUID, number: int) -> HttpResponse:
    """One version of a plan: in force, replaced, or a draft."""
    return _shown(request, version_in(request, key, number))


def _shown(request: ActorRequest, shown: PlanVersion) -> HttpResponse:
    """One version: its facts and measures; for who may act for the unit also what it lacks."""
    day, plan = today(), shown.plan
    may_act = bool(policies.can_plan_for(request.actor, plan.rollout, plan.unit_id, at=day))
    is_draft = shown.adopted_on is None
    versions = queries.version_rows(plan, on=day, with_draft=may_act)
    row = next((row for row in versions if row.number == shown.number), None)
    found = queries.effective(shown)
    page = pages.paginate(request, queries.urgent_first(found), per_page=LONG_PAGE)
    left_out = [(0, one) for one in found if one.taking == Taking.LEFT_OUT]
    first = queries.plan_deadline(plan.rollout) if shown.number == 1 else None
    is_current = is_draft or (row is not None and row.state == VersionState.IN_FORCE)
    newer = _newer(shown) if may_act and is_current else None
    subject = PanelPage(shown, tuple(one.line.measure for _number, one in page if one.line.measure))
    context = {
        **about(shown),
        "adoption": queries.adoption_of(shown),
        "listed": page,
        "measures": _with_tasks(request, queries.shown_rows(shown, list(page), on=day)),
        "left_out": queries.shown_rows(shown, left_out, on=day),
        "base_unit": name_of(shown.base.plan.unit_id, day) if shown.base else "",
        "findings": found_in(shown, found) if may_act else [],
        "waiting": queries.waiting(shown, on=day) if may_act and is_current and newer is None else [],
        "newer": newer,
        "can_apply": may_act and is_draft and shown.base_id is None and _upper(shown) is not None,
        "newer_unit": name_of(newer.plan.unit_id, day) if newer else "",
        "compares": newer is not None
        and shown.base is not None
        and newer.plan_id == shown.base.plan_id
        and newer.number > shown.base.number,
        "deadline": first,
        "is_late": first is not None and first < day,
        "today": day,
        "versions": versions,
        "row": row,
        "draft": next((row for row in versions if row.adopted_on is None and row.number != shown.number), None),
        "before": next((row for row in versions if row.number < shown.number), None),
        "has_below": bool(policies.can_see_below(request.actor, plan, at=day)) and queries.has_below(shown, on=day),
        "can_edit": is_draft and may_act,
        "can_revise": bool(policies.can_revise(request.actor, plan, at=day)),
        "can_correct": bool(policies.can_correct(request.actor, shown, at=day)),
        "can_withdraw": bool(policies.can_withdraw(request.actor, shown, at=day)),
        "can_discard": is_draft and bool(policies.can_discard(request.actor, plan, at=day)),
        "panels": pages.panels("plans.plan", request, subject),
    }
    return render(request, "plans/one.html", context)


def _with_tasks(request: ActorRequest, rows: list[MeasureRow]) -> list[MeasureRow]:
    """With how many tasks each was given that the reader may see, and how they stand."""
    measures = [row.measure for row in rows if row.measure is not None]
    terms = visible_terms(request.actor, at=today()).filter(task__measure__in=measures)
    told = tasks.tasks_by_measure(terms, today())
    return [
        replace(row, given=of_it.given, done=of_it.done, late=of_it.late)
        if (of_it := told.get(row.measure or 0))
        else row
        for row in rows
    ]


def _newer(shown: PlanVersion) -> PlanVersion | None:
    """The version above in force, where this one applies another."""
    upper = _upper(shown) if shown.base_id is not None else None
    return upper if upper is not None and upper.pk != shown.base_id else None


def _upper(shown: PlanVersion) -> PlanVersion | None:
    return queries.upper_version(shown.plan.rollout, shown.plan.unit_id, on=today())


@signed_in
def changes(request: ActorRequest, key: UUID, number: int) -> HttpResponse:
    """What a version changed, old and new in two columns; against the one before, or another by ``?with=``."""
    new = version_in(request, key, number)
    wanted = pages.whole_number(request.GET.get("with", ""), number - 1)
    if not 0 < wanted < number:
        raise Http404
    old = version_in(request, key, wanted)
    shows_all = "all" in request.GET
    compared = queries.compare(old, new)
    page = pages.paginate(request, compared.found if shows_all else compared.differing, per_page=PER_PAGE)
    rows = queries.compared_rows(compared, list(page), on=today())
    subject = PanelPage(new, tuple(row.measure for row in rows))
    context = {
        **about(new),
        "old": old,
        "head": compared.head,
        "listed": page,
        "panelled": [
            (
                row,
                _facts(row, row.old),
                _facts(row, row.new),
                pages.panels("plans.change", request, PanelSubject(subject, row.measure)),
            )
            for row in rows
        ],
        "added": compared.count(Change.ADDED),
        "removed": compared.count(Change.REMOVED),
        "changed": compared.count(Change.CHANGED),
        "moved": compared.moved,
        "same": len(compared.found) - len(compared.differing),
        "shows_all": shows_all,
    }
    return render(request, "plans/changes.html", context)


def _is_in_draft(stages: list[Stage]) -> bool:
    """Whether the draft words the measure itself."""
    return any(
        stage.adopted_on is None and stage.row is not None and stage.row.treatment == Treatment.OWN for stage in stages
    )


def _facts(row: ComparedRow, side: MeasureRow | None) -> list[Fact]:
    """Facts that differ; of a measure that came or went all of them."""
    if side is None:
        return []
    return facts_of(side) if row.change in {Change.ADDED, Change.REMOVED} else facts_changed(side, row.facts)


@signed_in
def measure(request: ActorRequest, key: UUID, measure: UUID) -> HttpResponse:
    """One measure through the versions of its plan, who took it up below, and what apps above know of it."""
    plan = visible(request, key)
    found = get_object_or_404(Measure.objects.select_related("plan__rollout", "answers__plan"), plan=plan, key=measure)
    day = today()
    may_act = bool(policies.can_plan_for(request.actor, plan.rollout, plan.unit_id, at=day))
    stages = queries.stages(found, with_draft=may_act, on=day)
    shown = queries.in_force(plan, day) or queries.last_adopted(plan) or queries.draft_of(plan)
    if shown is None or not (stages or (may_act and not found.wordings.exists())):
        raise Http404
    by_number = {stage.number: stage.row for stage in stages if stage.row is not None}
    current = by_number.get(shown.number) or next(iter(by_number.values()), None)
    below = None
    if policies.can_see_below(request.actor, plan, at=day) and queries.has_below(shown, on=day):
        units = visible_units(request.actor, at=day)
        below = queries.answers_to(shown, found.pk, on=day, among=set(units.values_list("pk", flat=True)))
    given = _tasks_of(request, found)
    context = {
        **about(shown),
        "measure": found,
        "tasks": given[:MOST_TASKS],
        "has_more_tasks": len(given) > MOST_TASKS,
        "today": day,
        "row": current,
        "facts": facts_of(current) if current else [],
        "is_in_it": shown.number in by_number,
        "is_drafted": any(number > shown.number for number in by_number),
        "stages": stages,
        "below": below,
        "above": queries.words_above(found, on=day),
        "can_edit_own": may_act and _is_in_draft(stages),
        "can_give": may_act and plan.adopted_on is not None,
        "panels": pages.panels("plans.measure", request, PanelSubject(PanelPage(shown, (found.pk,)), found.pk)),
    }
    return render(request, "plans/measure.html", context)


def _tasks_of(request: ActorRequest, measure: Measure) -> list[Listed]:
    """The first of its tasks that the reader may see, late and urgent ones first; one more than are shown."""
    terms = visible_terms(request.actor, at=today()).filter(task__measure=measure)
    stood = tasks.late_first(tasks.terms_on(terms, today()))
    return listed(tasks.task_rows(list(stood[: MOST_TASKS + 1]), day=today()))


@signed_in
def cascade(request: ActorRequest, key: UUID) -> HttpResponse:
    """From above: which measures the units below took up, and which provisions have no measure."""
    plan = visible(request, key)
    policies.can_see_below(request.actor, plan, at=today()).require()
    shown = queries.in_force(plan, today())
    if shown is None:
        return redirect("plans:one", key=key)
    rows = queries.taken_up(shown, on=today())
    parts = {name: [row for row in rows if is_in(row)] for name, (_label, is_in) in TAKEN_UP.items()}
    chosen = request.GET.get("show", "")
    chosen = chosen if chosen in parts else "all"
    context = {
        **about(shown),
        "rows": pages.paginate(request, parts[chosen], per_page=PER_PAGE),
        "choices": [
            (label, f"?show={name}", name == chosen, len(parts[name])) for name, (label, _is_in) in TAKEN_UP.items()
        ],
        "has_measures": bool(rows),
        "units": rows[0].owed if rows else 0,
        "parts": queries.uncovered_provisions(shown),
    }
    return render(request, "plans/cascade.html", context)


@signed_in
def document(request: ActorRequest, key: UUID, number: int) -> HttpResponse:
    """The version as a Word file."""
    shown = version_in(request, key, number)
    made = queries.plan_document(shown, on=shown.adopted_on or today(), created=now())
    name = clean_name(f"{shown.title}.docx", FileKind.DOCX)
    return HttpResponse(
        write_docx(made, load_profile(PARTY, Path(settings.TRIENKHAI_RULES) / f"{PARTY}.toml")),
        content_type=MEDIA_TYPES[FileKind.DOCX],
        headers={"Content-Disposition": content_disposition_header(True, name) or "attachment"},
    )
