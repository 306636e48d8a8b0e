"""Pages of papers: ticking them for a unit, writing one's own, reading and answering."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from trienkhai.core import pages
from trienkhai.core.decisions import DomainError, Refused
from trienkhai.files.actions import store
from trienkhai.files.views import download as attachment
from trienkhai.ledger.clock import now, today
from trienkhai.organisation.models import Unit
from trienkhai.organisation.policies import named_units, runnable_units
from trienkhai.organisation.queries import unit_rows
from trienkhai.organisation.requests import ActorRequest, signed_in
from trienkhai.papers import actions, policies
from trienkhai.papers.forms import FileForm, HandInForm, NoteForm, OnDayForm, WritingForm, today_or
from trienkhai.papers.models import Paper, PaperEvent
from trienkhai.papers.queries import PaperRow, paper_for, paper_rows, standing_of, units_with_papers
from trienkhai.papers.rules import PaperError, PaperEventKind, PaperState
from trienkhai.papers.texts import FORM_NAMES, STATE_NAMES
from trienkhai.rollouts.models import Obligation, Rollout
from trienkhai.rollouts.policies import visible_rollouts
from trienkhai.rollouts.queries import steps_of
from trienkhai.rollouts.rules import PaperForm, StepKind


def _rollout(request: ActorRequest, key: UUID) -> Rollout:
    return get_object_or_404(visible_rollouts(request.actor, at=today()), key=key)


def _unit(request: ActorRequest, key: UUID) -> Unit:
    """A unit the actor may act for and whose names they may see."""
    day = today()
    allowed = runnable_units(request.actor, at=day) & named_units(request.actor, at=day)
    return get_object_or_404(allowed, key=key)


@signed_in
def index(request: ActorRequest, key: UUID) -> HttpResponse:
    """The units whose papers the reader may tick, with what is there and what is missing."""
    rollout = _rollout(request, key)
    day = today()
    allowed = runnable_units(request.actor, at=day) & named_units(request.actor, at=day)
    rows = units_with_papers(rollout=rollout, units=allowed.values_list("pk", flat=True), day=day)
    mine = _own_obligation(request, rollout)
    if len(rows) == 1 and mine is None:
        return redirect("papers:of_unit", key=key, unit=rows[0].key)
    step = steps_of(rollout).get(StepKind.PAPER)
    deadline = step.deadline_on if step else None
    context = {
        "rollout": rollout,
        "rows": rows,
        "mine": mine,
        "deadline": deadline,
        "today": day,
        "is_complete": bool(rows) and all(row.submitted >= row.owed for row in rows),
    }
    return render(request, "papers/index.html", context)


def _rows(rollout: Rollout, unit: Unit) -> Sequence[PaperRow]:
    return paper_rows(rollout=rollout, units=[unit.pk], day=today(), today=today())


@signed_in
def of_unit(request: ActorRequest, key: UUID, unit: UUID) -> HttpResponse:
    """Who of the unit has handed in, and three things to do about it: tick, note acceptance, take back."""
    rollout, row = _rollout(request, key), _unit(request, unit)
    return _unit_page(request, rollout, row, _untouched(rollout))


def _untouched(rollout: Rollout) -> HandInForm:
    return HandInForm(None, allowed=rollout.paper_forms, initial=_first(rollout))


def _first(rollout: Rollout) -> dict[str, object]:
    return {"on": today_or(today(), steps_of(rollout)[StepKind.PAPER].deadline_on)}


def _unit_page(
    request: ActorRequest, rollout: Rollout, unit: Unit, form: HandInForm, day_form: OnDayForm | None = None
) -> HttpResponse:
    """The page; a form that comes back keeps the ticks it was sent with."""
    rows, ticked = _rows(rollout, unit), set(request.POST.getlist("person"))
    open_rows = [row for row in rows if row.state in {PaperState.OWED, PaperState.DRAFT, PaperState.RETURNED}]
    done_rows = [row for row in rows if row not in open_rows]
    handed_in = sum(1 for row in rows if row.submitted_on)
    readable = set(policies.visible_papers(request.actor, at=today()).values_list("key", flat=True))
    name = unit_rows([unit.pk], today()).get(unit.pk)
    context = {
        "rollout": rollout,
        "unit": unit,
        "unit_name": name.name if name else "",
        "deadline": steps_of(rollout)[StepKind.PAPER].deadline_on,
        "today": today(),
        "open_rows": [
            (row, STATE_NAMES[row.state], not form.is_bound or row.person_key in ticked) for row in open_rows
        ],
        "done_rows": [
            (row, STATE_NAMES[row.state], _form_name(row), _is_in(row, readable), row.person_key in ticked)
            for row in done_rows
        ],
        "handed_in": handed_in,
        "total": len(rows),
        "accepted": sum(1 for row in rows if row.accepted_on),
        "form": form,
        "day_form": day_form or OnDayForm(initial={"on": today()}, prefix="accepted"),
        "has_forms": bool(form.fields["form"].initial) or form.is_bound,
    }
    is_back = bool(form.errors or (day_form and day_form.errors))
    return render(request, "papers/of_unit.html", context, status=422 if is_back else 200)


def _form_name(row: PaperRow) -> object:
    return FORM_NAMES[PaperForm(row.form)] if row.form else ""


def _is_in(row: PaperRow, readable: set[UUID]) -> bool:
    return bool(row.paper_key) and UUID(row.paper_key) in readable


@require_POST
@signed_in
def hand_in(request: ActorRequest, key: UUID, unit: UUID) -> HttpResponse:
    """Tick papers as handed in on paper, or spoken."""
    rollout, row = _rollout(request, key), _unit(request, unit)
    form = HandInForm(request.POST, allowed=rollout.paper_forms)
    ticked = _ticked(request, _rows(rollout, row))
    if not ticked:
        form.add_error(None, _("Tick at least one person."))
    if form.is_valid():
        on = form.cleaned_data["on"]
        try:
            entry = actions.hand_in(
                rollout=rollout,
                papers=dict.fromkeys(ticked, on),
                form=PaperForm(form.cleaned_data["form"]),
                told_by=form.cleaned_data["told_by"],
                actor=request.actor,
                at=today(),
            )
        except DomainError as error:
            pages.form_error(form, error)
        else:
            count = entry.count if entry else 0
            said = ngettext("%d paper has been noted.", "%d papers have been noted.", count) % count
            messages.success(request, said if entry else _("Nothing was new: all of these had been handed in."))
            return redirect("papers:of_unit", key=key, unit=unit)
    return _unit_page(request, rollout, row, form)


@require_POST
@signed_in
def note_accepted(request: ActorRequest, key: UUID, unit: UUID) -> HttpResponse:
    """Tick papers on paper as accepted."""
    rollout, row = _rollout(request, key), _unit(request, unit)
    form = OnDayForm(request.POST, prefix="accepted")
    ticked = _ticked(request, _rows(rollout, row))
    if not ticked:
        form.add_error(None, _("Tick at least one person."))
    if form.is_valid():
        try:
            actions.note_accepted(
                rollout=rollout,
                papers=dict.fromkeys(ticked, form.cleaned_data["on"]),
                actor=request.actor,
                at=today(),
            )
        except DomainError as error:
            pages.form_error(form, error)
        else:
            messages.success(request, _("Noted as accepted."))
            return redirect("papers:of_unit", key=key, unit=unit)
    return _unit_page(request, rollout, row, _untouched(rollout), form)


@require_POST
@signed_in
def take_back(request: ActorRequest, key: UUID, unit: UUID) -> HttpResponse:
    """Take back what was last entered of the papers ticked."""
    rollout, row = _rollout(request, key), _unit(request, unit)
    ticked = _ticked(request, _rows(rollout, row))
    ids = list(Paper.objects.filter(obligation__in=ticked).values_list("pk", flat=True))
    if not ids:
        messages.error(request, _("Nothing was saved: tick at least one person."))
        return redirect("papers:of_unit", key=key, unit=unit)
    actions.take_back(papers=ids, actor=request.actor, at=today())
    messages.success(request, _("Taken back. What was entered stays in the history."))
    return redirect("papers:of_unit", key=key, unit=unit)


def _ticked(request: ActorRequest, rows: Sequence[PaperRow]) -> list[int]:
    """Obligations of the persons ticked; only those of the page's own list count."""
    chosen = set(request.POST.getlist("person"))
    return [row.obligation_id for row in rows if row.person_key in chosen]


def _own_obligation(request: ActorRequest, rollout: Rollout) -> Obligation | None:
    if request.actor.person_id is None:
        return None
    found = Obligation.objects.filter(step__rollout=rollout, step__kind=StepKind.PAPER, person=request.actor.person_id)
    return found.select_related("step__rollout").first()


@signed_in
def mine(request: ActorRequest, key: UUID) -> HttpResponse:
    """The author's own paper: write, keep, hand in; or see where it stands."""
    rollout = _rollout(request, key)
    obligation = _own_obligation(request, rollout)
    if obligation is None:
        raise Http404
    paper = paper_for(obligation)
    form = _writing_form(request, rollout, paper)
    if request.method == "POST" and form.is_valid():
        submitting = "submit" in request.POST
        act = actions.submit_typed if submitting else actions.save_draft
        try:
            act(
                obligation=obligation,
                answers=form.answers(),
                version=form.cleaned_data["version"],
                actor=request.actor,
                at=now(),
            )
        except DomainError as error:
            pages.form_error(form, error)
        else:
            messages.success(request, _("Your paper has been handed in.") if submitting else _("Kept."))
            return redirect("papers:mine", key=key)
    return pages.render_form(request, "papers/mine.html", _author_context(rollout, obligation, paper), form)


def _author_context(rollout: Rollout, obligation: Obligation, paper: Paper) -> dict[str, object]:
    stands = standing_of(paper)
    note = ""
    if stands.state is PaperState.RETURNED:
        returned = PaperEvent.objects.current().filter(paper=paper, kind=PaperEventKind.RETURNED)
        note = returned.order_by("-recorded_seq").values_list("note", flat=True).first() or ""
    return {
        "rollout": rollout,
        "paper": paper,
        "stands": stands,
        "state_name": STATE_NAMES[stands.state],
        "note": note,
        "deadline": obligation.step.deadline_on,
        "today": today(),
        "answers": list(zip(_questions(rollout), paper.answers, strict=False)),
        "can_type": PaperForm.TYPED in rollout.paper_forms,
        "can_file": PaperForm.FILE in rollout.paper_forms,
        "is_open": stands.state in {PaperState.OWED, PaperState.DRAFT, PaperState.RETURNED},
        "file_form": FileForm(),
    }


def _questions(rollout: Rollout) -> list[str]:
    return list(rollout.paper_questions) or [_("Your paper")]


def _writing_form(request: ActorRequest, rollout: Rollout, paper: Paper) -> WritingForm:
    answers = {f"answer-{number}": text for number, text in enumerate(paper.answers)}
    initial = {"version": paper.version, **answers}
    return WritingForm(request.POST or None, questions=_questions(rollout), initial=initial)


@require_POST
@signed_in
def keep(request: ActorRequest, key: UUID) -> HttpResponse:
    """Autosave: ``{"version": n}`` when kept, 409 when another window wrote in between."""
    rollout = _rollout(request, key)
    obligation = _own_obligation(request, rollout)
    if obligation is None:
        raise Http404
    form = WritingForm(request.POST, questions=_questions(rollout))
    if not form.is_valid():
        return JsonResponse({}, status=422)
    try:
        paper = actions.save_draft(
            obligation=obligation,
            answers=form.answers(),
            version=form.cleaned_data["version"],
            actor=request.actor,
            at=now(),
        )
    except DomainError as error:
        is_conflict = isinstance(error, Refused) or error.code == PaperError.CHANGED_MEANWHILE
        return JsonResponse({}, status=409 if is_conflict else 422)
    return JsonResponse({"version": paper.version})


@require_POST
@signed_in
def submit_file(request: ActorRequest, key: UUID) -> HttpResponse:
    """Hand in a file."""
    rollout = _rollout(request, key)
    obligation = _own_obligation(request, rollout)
    if obligation is None:
        raise Http404
    form = FileForm(request.POST, request.FILES)
    if form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            stored = store(content=upload, name=upload.name or "", actor_key=request.actor.key, at=now())
            actions.submit_file(obligation=obligation, file=stored, actor=request.actor, at=now())
        except DomainError as error:
            pages.form_error(form, error)
        else:
            messages.success(request, _("Your paper has been handed in."))
            return redirect("papers:mine", key=key)
    paper = paper_for(obligation)
    context = {**_author_context(rollout, obligation, paper), "file_form": form}
    context["form"] = WritingForm(None, questions=_questions(rollout), initial={"version": paper.version})
    return render(request, "papers/mine.html", context, status=422)


def _paper(request: ActorRequest, key: UUID) -> Paper:
    return get_object_or_404(policies.visible_papers(request.actor, at=today()), key=key)


@signed_in
def one(request: ActorRequest, key: UUID) -> HttpResponse:
    """A paper as its reader sees it; its author is sent to their own page."""
    paper = _paper(request, key)
    rollout = paper.obligation.step.rollout
    if policies.can_write(request.actor, paper.obligation):
        return redirect("papers:mine", key=rollout.key)
    return _reader_page(request, paper, NoteForm())


def _reader_page(request: ActorRequest, paper: Paper, form: NoteForm) -> HttpResponse:
    rollout = paper.obligation.step.rollout
    stands = standing_of(paper)
    place = policies.place_of(paper.obligation, at=today())
    context = {
        "rollout": rollout,
        "paper": paper,
        "author": paper.obligation.person,
        "unit": Unit.objects.filter(pk=place or 0).first(),
        "stands": stands,
        "state_name": STATE_NAMES[stands.state],
        "answers": list(zip(_questions(rollout), paper.answers, strict=False)) if _is_shown(stands.state) else [],
        "events": PaperEvent.objects.current().filter(paper=paper).order_by("valid_on", "recorded_seq", "pk"),
        "can_accept": stands.state is PaperState.SUBMITTED,
        "can_return": stands.state in {PaperState.SUBMITTED, PaperState.ACCEPTED},
    }
    return pages.render_form(request, "papers/one.html", context, form)


def _is_shown(state: PaperState) -> bool:
    """A draft is the author's alone until it is handed in."""
    return state in {PaperState.SUBMITTED, PaperState.ACCEPTED}


@signed_in
def download(request: ActorRequest, key: UUID) -> FileResponse:
    """The paper's file."""
    paper = _paper(request, key)
    is_author = bool(policies.can_write(request.actor, paper.obligation))
    if paper.file is None or not (is_author or _is_shown(standing_of(paper).state)):
        raise Http404
    return attachment(paper.file)


@require_POST
@signed_in
def return_one(request: ActorRequest, key: UUID) -> HttpResponse:
    """Give it back with a note."""
    paper = _paper(request, key)
    form = NoteForm(request.POST)
    if form.is_valid():
        try:
            actions.return_paper(paper=paper, note=form.cleaned_data["note"], actor=request.actor, at=today())
        except DomainError as error:
            pages.form_error(form, error)
        else:
            messages.success(request, _("The paper has been returned to its author."))
            return redirect("papers:one", key=key)
    return _reader_page(request, paper, form)


@require_POST
@signed_in
def accept_one(request: ActorRequest, key: UUID) -> HttpResponse:
    """Accept it."""
    paper = _paper(request, key)
    actions.accept_papers(papers=[paper.pk], on=today(), actor=request.actor, at=today())
    messages.success(request, _("The paper has been accepted."))
    return redirect("papers:one", key=key)
