"""A messy list becomes an organisation: dropped, columns, units, namesakes, what is good and what is to mend."""

from collections.abc import Iterable, Mapping
from io import BytesIO
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from trienkhai.core import pages
from trienkhai.core.decisions import DomainError, Invalid, Refused
from trienkhai.imports import actions as imports
from trienkhai.imports import texts
from trienkhai.imports.forms import AnswerForm, DropForm, column_choices, meanings
from trienkhai.imports.models import ImportBatch, ImportRow, ImportUnit
from trienkhai.imports.queries import (
    answered,
    counts_of,
    default_day,
    faulty_rows,
    is_long,
    open_questions,
    remarked_rows,
    unfinished,
    units_named,
)
from trienkhai.imports.rules.days import shown_day
from trienkhai.imports.rules.fields import ListKind
from trienkhai.imports.rules.states import BatchState, Decision, ImportFault, Step, UnitDecision
from trienkhai.imports.rules.unit_names import unit_key
from trienkhai.imports.texts import KINDS, row_faults
from trienkhai.ledger.clock import local_day, now, today
from trienkhai.organisation.actions import importing
from trienkhai.organisation.models import Person
from trienkhai.organisation.policies import kept_units
from trienkhai.organisation.queries import home_unit, states_on
from trienkhai.organisation.queries.importing import candidates_of, importable_units
from trienkhai.organisation.requests import ActorRequest, signed_in
from trienkhai.organisation.rules import UnitKind
from trienkhai.web import jobs
from trienkhai.web.policies import visible_lists

MOST_UNITS = 300
"""So many units are shown one by one; of longer lists the ones to look at, the rest as found."""
_SHOWN_FAULTS = 100
_PAGES = {
    BatchState.SURVEYED: "web:import_columns",
    BatchState.READ: "web:import_units",
    BatchState.MATCHED: "web:import_people",
    BatchState.DONE: "web:import_check",
}


@signed_in
def drop(request: ActorRequest) -> HttpResponse:
    """Drop the list as it is."""
    day = today()
    units = importable_units(request.actor, day)
    if not units:
        raise Refused("not_visible")
    home = home_unit(request.actor, day)
    initial = {"holds_from": default_day(day), "unit": home.key if home and home.key in dict(units) else units[0][0]}
    form = DropForm(request.POST or None, request.FILES or None, units=units, latest=day, initial=initial)
    if form.is_valid():
        values = form.cleaned_data
        try:
            batch = imports.take_in(
                content=values["file"],
                name=values["file"].name,
                unit=UUID(values["unit"]),
                holds_from=values["holds_from"],
                actor_key=request.actor.key,
                at=now(),
                kind=ListKind(values["kind"]) if values["kind"] else None,
            )
        except DomainError as error:
            pages.form_error(form, error)
        else:
            return redirect("web:import_columns", key=batch.key)
    waiting = unfinished(visible_lists(request.actor, at=day))
    return pages.render_form(request, "imports/drop.html", {"waiting": waiting[:10]}, form)


@signed_in
def one(request: ActorRequest, key: UUID) -> HttpResponse:
    """Where the list has come to."""
    batch = _batch(request, key)
    if waiting := _waiting(batch):
        return waiting
    return redirect("web:import") if _is_over(batch) else redirect(_PAGES[BatchState(batch.state)], key=key)


@signed_in
def columns(request: ActorRequest, key: UUID) -> HttpResponse:
    """What is this column?"""
    batch = _batch(request, key)
    if waiting := _waiting(batch):
        return waiting
    if _is_over(batch):
        return redirect("web:import_one", key=key)
    kind = _kind(request.GET.get("kind") or request.POST.get("kind"), batch)
    problem = ""
    if request.method == "POST":
        try:
            layouts = imports.survey_of(batch).layouts
            imports.choose_columns(key=key, kind=kind, choices=column_choices(request.POST, layouts, kind))
            return _go_on(request, batch, Step.READ, "web:import_units")
        except Invalid as error:
            problem = pages.explain(error)
    kinds = [(f"?kind={each.value}", text, each is kind) for each, text in KINDS.items()]
    context = {"batch": batch, "kind": kind, "kinds": kinds, "problem": problem, "meanings": meanings(kind)}
    context |= {"layouts": _layouts(batch, request, kind), "survey": imports.survey_of(batch)}
    return render(request, "imports/columns.html", context, status=422 if problem else 200)


@signed_in
def units(request: ActorRequest, key: UUID) -> HttpResponse:
    """The cells: which are there, which are new."""
    batch = _batch(request, key)
    if waiting := _waiting(batch):
        return waiting
    if batch.state not in {BatchState.READ, BatchState.MATCHED}:
        return redirect("web:import_one", key=key)
    named = units_named(batch)
    faults: dict[int, str] = {}
    if request.method == "POST":
        try:
            importing.confirm_units(key=key, answers=_answers(request, named), actor=request.actor, at=now())
            return _go_on(request, batch, Step.COMPARE, "web:import_people")
        except Invalid as error:
            pk = error.on.removeprefix("unit-")
            faults[int(pk) if pk.isdecimal() else 0] = pages.explain(error)
    existing = _existing(request, batch)
    lead = states_on(batch.holds_from).filter(unit__key=batch.unit).first()
    context = {
        "batch": batch,
        "rows": [_unit_row(unit, existing, faults, request) for unit in named[:MOST_UNITS]],
        "hidden": max(0, len(named) - MOST_UNITS),
        "counts": counts_of(batch),
        "lead": lead.name if lead else "",
        "kinds": texts.UNIT_KINDS.items(),
        "problem": faults.get(0, "") or (texts.LOOK_BELOW if faults else ""),
    }
    return render(request, "imports/units.html", context, status=422 if faults else 200)


@signed_in
def people(request: ActorRequest, key: UUID) -> HttpResponse:
    """Namesakes, one by one."""
    batch = _batch(request, key)
    if waiting := _waiting(batch):
        return waiting
    if batch.state != BatchState.MATCHED:
        return redirect("web:import_one", key=key)
    row = open_questions(batch).first()
    if row is None:
        return redirect("web:import_check", key=key)
    if request.method == "POST" and request.POST.get("row") not in {None, str(row.pk)}:
        return redirect("web:import_people", key=key)  # answered in another window
    candidates = candidates_of([UUID(each) for each in row.candidates], batch.holds_from)
    form = AnswerForm(
        request.POST if request.method == "POST" else None,
        answers=_possible(row, candidates),
        latest=today(),
        initial={"moved_on": batch.holds_from},
    )
    if form.is_valid():
        try:
            importing.answer_row(
                key=key,
                row=row.pk,
                decision=form.decision,
                person=form.person,
                moved_on=form.cleaned_data.get("moved_on"),
                actor=request.actor,
                at=now(),
            )
            return redirect("web:import_people", key=key)
        except DomainError as error:
            pages.form_error(form, error)
    done, left = answered(batch).count(), open_questions(batch).count()
    context = {
        "batch": batch,
        "row": row,
        "many_sheets": _has_many_sheets(batch),
        "birth": shown_day(row.values.get("birth", "")),
        "remarks": row_faults(row.faults),
        "number": done + 1,
        "total": done + left,
        "left": left,
        "alike": len(importing.alike(batch)),
    }
    return pages.render_form(request, "imports/people.html", context, form)


@require_POST
@signed_in
def people_alike(request: ActorRequest, key: UUID) -> HttpResponse:
    """Of every open row that fits one person of the very unit alone: it is that person."""
    _batch(request, key)
    count = importing.answer_alike(key=key, actor=request.actor, at=now())
    messages.info(request, texts.taken_as_same(count))
    return redirect("web:import_people", key=key)


@require_POST
@signed_in
def people_later(request: ActorRequest, key: UUID) -> HttpResponse:
    """Leave the open ones for the file of rejected rows."""
    _batch(request, key)
    count = importing.reject_open(key=key, actor=request.actor, at=now())
    messages.info(request, texts.put_aside(count))
    return redirect("web:import_check", key=key)


@signed_in
def check(request: ActorRequest, key: UUID) -> HttpResponse:
    """What is good and what is to mend; the import itself."""
    batch = _batch(request, key)
    if waiting := _waiting(batch):
        return waiting
    if batch.state not in {BatchState.MATCHED, BatchState.DONE}:
        return redirect("web:import_one", key=key)
    if batch.state == BatchState.MATCHED and open_questions(batch).exists():
        return redirect("web:import_people", key=key)
    if request.method == "POST":
        return _import(request, batch)
    counts = counts_of(batch)
    context = {
        "batch": batch,
        "counts": counts,
        "many_sheets": _has_many_sheets(batch),
        "done": batch.notes.get("done", {}),
        "is_done": batch.state == BatchState.DONE,
        "nothing": "" if counts.changing or counts.units_new else pages.explain(Refused(ImportFault.NOTHING_TO_IMPORT)),
        "faulty": _with_reasons(faulty_rows(batch)[:_SHOWN_FAULTS]),
        "remarked": _with_reasons(remarked_rows(batch)[:_SHOWN_FAULTS]),
        "more_faulty": max(0, counts.faulty - _SHOWN_FAULTS),
        "unread": batch.notes.get("lines", [])[:_SHOWN_FAULTS],
        "new_units": batch.units.filter(decision=UnitDecision.NEW.value).count(),
    }
    return render(request, "imports/check.html", context)


def _import(request: ActorRequest, batch: ImportBatch) -> HttpResponse:
    try:
        response = _go_on(request, batch, Step.IMPORT, "web:import_check")
    except DomainError as error:
        if error.code == ImportFault.CHANGED_SINCE:
            importing.compare_rows(key=batch.key, actor=request.actor, at=now())
        messages.error(request, pages.explain(error))
        return redirect("web:import_check", key=batch.key)
    if not is_long(batch):
        messages.success(request, str(texts.DONE))
    return response


def _go_on(request: ActorRequest, batch: ImportBatch, step: Step, page: str) -> HttpResponse:
    """Do the step now, or let the worker do it when the list is long."""
    if is_long(batch):
        imports.hand_over(key=batch.key, step=step)
        jobs.carry_on.enqueue(str(batch.key), step.value, request.user.pk)
        return redirect("web:import_wait", key=batch.key)
    jobs.carry_out(batch.key, step, actor=request.actor, at=now())
    return redirect(page, key=batch.key)


@signed_in
def wait(request: ActorRequest, key: UUID) -> HttpResponse:
    """The worker is at it: a page that looks again by itself."""
    batch = _batch(request, key)
    if not batch.busy:
        if batch.problem:
            code, params = batch.problem
            messages.error(request, pages.explain(Refused(code, **params)))
        return redirect("web:import_one", key=key)
    if request.method == "POST":  # the worker died under it
        jobs.carry_on.enqueue(str(batch.key), batch.busy, request.user.pk)
        return redirect("web:import_wait", key=key)
    response = render(request, "imports/wait.html", {"batch": batch, "is_import": batch.busy == Step.IMPORT})
    response["Refresh"] = "5"
    return response


@signed_in
def rejected(request: ActorRequest, key: UUID) -> HttpResponse:
    """The rows to mend as .xlsx, in the layout they had, with the reason beside each."""
    batch = _batch(request, key)
    reasons = {(row.sheet, row.line): row_faults(row.faults) for row in faulty_rows(batch).iterator()}
    out = BytesIO()
    imports.write_rejected_file(batch=batch, reasons=reasons, heading=str(texts.REASON), out=out)
    response = HttpResponse(
        out.getvalue(), content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    response["Content-Disposition"] = f'attachment; filename="can-sua-{local_day(batch.uploaded_at):%Y-%m-%d}.xlsx"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_POST
@signed_in
def discard(request: ActorRequest, key: UUID) -> HttpResponse:
    """Drop a list that will not be imported, or what is left of one that was."""
    batch = _batch(request, key)
    if batch.state == BatchState.DONE:
        imports.forget(key=key)
        messages.info(request, texts.FORGOTTEN)
    else:
        imports.discard(key=key)
        messages.info(request, texts.REMOVED)
    return redirect("web:import")


def _batch(request: ActorRequest, key: UUID) -> ImportBatch:
    return get_object_or_404(visible_lists(request.actor, at=today()).select_related("file"), key=key)


def _waiting(batch: ImportBatch) -> HttpResponse | None:
    """To the page that waits for the worker, while it is at the list."""
    return redirect("web:import_wait", key=batch.key) if batch.busy else None


def _is_over(batch: ImportBatch) -> bool:
    return batch.state == BatchState.DISCARDED


def _kind(said: str | None, batch: ImportBatch) -> ListKind:
    return ListKind(said) if said in set(ListKind) else ListKind(batch.kind)


def _has_many_sheets(batch: ImportBatch) -> bool:
    return len(batch.survey.get("layouts", [])) > 1


def _layouts(batch: ImportBatch, request: ActorRequest, kind: ListKind) -> list[dict[str, object]]:
    """Each layout once, with its columns and what is chosen for them now."""
    allowed = {value for value, _text in meanings(kind)}
    seen: dict[str, dict[str, object]] = {}
    for layout in imports.survey_of(batch).layouts:
        if layout.key in seen:
            seen[layout.key]["sheets"] = [*seen[layout.key]["sheets"], layout.sheet]  # type: ignore[misc]
            continue
        shown = []
        for column in layout.columns:
            name = f"column-{layout.key}-{column.index}"
            guessed = column.field.value if column.is_read and column.field.value in allowed else ""
            can_be_on = column.field.value in allowed
            shown.append((column, name, request.POST.get(name, guessed), can_be_on))
        seen[layout.key] = {"sheets": [layout.sheet], "columns": shown}
    return list(seen.values())


def _answers(request: ActorRequest, named: list[ImportUnit]) -> Mapping[int, importing.UnitAnswer]:
    """What was posted of the units shown; those not shown stay as found."""
    answers: dict[int, importing.UnitAnswer] = {}
    for unit in named:
        said = request.POST.get(f"unit-{unit.pk}")
        if said is None:
            continue
        kind = request.POST.get(f"kind-{unit.pk}", unit.kind)
        if kind not in set(UnitKind):
            raise Invalid(ImportFault.NOT_NOW, on=f"unit-{unit.pk}")
        name = request.POST.get(f"name-{unit.pk}", unit.name)
        if said in {UnitDecision.NEW, UnitDecision.SKIP}:
            answers[unit.pk] = importing.UnitAnswer(UnitDecision(said), name=name, kind=UnitKind(kind))
            continue
        try:
            answers[unit.pk] = importing.UnitAnswer(UnitDecision.EXISTING, target=UUID(said))
        except ValueError as error:
            raise Invalid(ImportFault.NOT_NOW, on=f"unit-{unit.pk}") from error
    return answers


def _existing(request: ActorRequest, batch: ImportBatch) -> list[tuple[str, str]]:
    """Units a name may mean: those the actor keeps, as long as they can be read through; else those found."""
    kept = states_on(max(batch.holds_from, today())).filter(unit__in=kept_units(request.actor, at=today()))
    if kept.count() > MOST_UNITS:
        kept = kept.filter(unit__key__in=batch.units.filter(target__isnull=False).values("target"))
    return [(str(state.unit.key), state.name) for state in kept[: MOST_UNITS * 2]]


def _unit_row(
    unit: ImportUnit, existing: list[tuple[str, str]], faults: dict[int, str], request: ActorRequest
) -> dict[str, object]:
    said = str(unit.target) if unit.decision == UnitDecision.EXISTING else unit.decision
    return {
        "unit": unit,
        "chosen": request.POST.get(f"unit-{unit.pk}", said),
        "name": request.POST.get(f"name-{unit.pk}", unit.name),
        "kind": request.POST.get(f"kind-{unit.pk}", unit.kind),
        "existing": existing,
        "fault": faults.get(unit.pk, ""),
    }


def _possible(row: ImportRow, candidates: list[tuple[Person, str]]) -> dict[str, str]:
    """The answers there are, in words."""
    answers: dict[str, str] = {}
    cell = row.values.get("unit", "")
    for person, unit in candidates:
        born = shown_day(importing.born(person.birth_year, person.birth_month, person.birth_day))
        said = texts.answers_about(person.full_name, born=born, unit=unit, to=cell)
        answers |= {f"same-{person.key}": said.same}
        if unit_key(unit) != unit_key(cell):
            answers |= {f"moved-{person.key}": said.moved}
    return answers | {Decision.NEW.value: texts.somebody_else(cell), Decision.SKIP.value: texts.leave_out(row.faults)}


def _with_reasons(rows: Iterable[ImportRow]) -> list[tuple[ImportRow, str]]:
    return [(row, row_faults(row.faults)) for row in rows]
