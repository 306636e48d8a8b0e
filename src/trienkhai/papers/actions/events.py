"""Writing, handing in, returning and accepting papers."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime

from django.db import transaction

from trienkhai.core.decisions import Invalid, Refused
from trienkhai.files.models import StoredFile
from trienkhai.ledger.actions import record
from trienkhai.ledger.clock import local_day
from trienkhai.ledger.models import Entry
from trienkhai.organisation.rules import Actor
from trienkhai.papers import policies
from trienkhai.papers.models import Paper, PaperEvent
from trienkhai.papers.queries import events_of
from trienkhai.papers.rules import (
    LONGEST_ANSWER,
    Event,
    PaperError,
    PaperEventKind,
    PaperState,
    fault_of,
    is_empty,
    standing,
)
from trienkhai.rollouts.actions import set_milestones
from trienkhai.rollouts.models import Obligation, ObligationPlace, Rollout
from trienkhai.rollouts.rules import MilestoneCode, PaperForm, StepKind


@transaction.atomic
def save_draft(*, obligation: Obligation, answers: Sequence[str], version: int, actor: Actor, at: datetime) -> Paper:
    """Keep what the author has typed so far. No ledger entry: a draft is nobody's business.

    Args:
        obligation: whose paper.
        answers: one text a question.
        version: the version the author's window began with.
        actor: the author.
        at: now.

    Raises:
        Refused: not the author, or the paper has been handed in and not been returned.
        Invalid: too long, or changed in another window meanwhile.
    """
    policies.can_write(actor, obligation).require()
    if any(len(answer) > LONGEST_ANSWER for answer in answers):
        raise Invalid(PaperError.TOO_LONG)
    paper = _locked_paper(obligation)
    if paper.version != version and list(answers) != paper.answers:
        raise Invalid(PaperError.CHANGED_MEANWHILE)
    if _state(paper) in {PaperState.SUBMITTED, PaperState.ACCEPTED}:
        raise Refused(PaperError.ALREADY_SUBMITTED)
    if list(answers) != paper.answers:
        paper.answers = list(answers)
        paper.version += 1
        paper.saved_at = at
        paper.save(update_fields=["answers", "version", "saved_at"])
    return paper


@transaction.atomic
def submit_typed(*, obligation: Obligation, answers: Sequence[str], version: int, actor: Actor, at: datetime) -> Paper:
    """The author hands in what was typed.

    Raises:
        Refused: not the author, handed in already, or typed papers are not taken.
        Invalid: nothing written, too long, or changed in another window meanwhile.
    """
    if is_empty(answers):
        raise Invalid(PaperError.EMPTY)
    paper = save_draft(obligation=obligation, answers=answers, version=version, actor=actor, at=at)
    _submit_own(paper, PaperForm.TYPED, actor=actor, at=at)
    return paper


@transaction.atomic
def submit_file(*, obligation: Obligation, file: StoredFile, actor: Actor, at: datetime) -> Paper:
    """The author hands in a file.

    Raises:
        Refused: not the author, handed in already, or files are not taken.
    """
    policies.can_write(actor, obligation).require()
    paper = _locked_paper(obligation)
    paper.file = file
    paper.version += 1
    paper.saved_at = at
    paper.save(update_fields=["file", "version", "saved_at"])
    _submit_own(paper, PaperForm.FILE, actor=actor, at=at)
    return paper


def _submit_own(paper: Paper, form: PaperForm, *, actor: Actor, at: datetime) -> Entry:
    rollout = paper.obligation.step.rollout
    _check_form(rollout, form)
    entry = record(actor=actor.key, action="papers.submit", subject=paper.key, detail={"form": form})
    _add_events([paper], PaperEventKind.SUBMITTED, on=local_day(at), form=form, entry=entry)
    return entry


@transaction.atomic
def hand_in(
    *,
    rollout: Rollout,
    papers: Mapping[int, date],
    form: PaperForm,
    actor: Actor,
    at: date,
    told_by: str = "",
) -> Entry | None:
    """Note that people handed in papers on paper, or spoke in the cell: ``{obligation id: day}``, one entry.

    Those handed in already are left as they are, so that a second click changes nothing.

    Returns:
        The entry; ``None`` when nothing was new.

    Raises:
        Refused: the actor may not act for one of the units, or papers of that form are not taken.
        Invalid: a day in the future or before the roll-out.
    """
    _check_form(rollout, form)
    for day in set(papers.values()):
        if day > at:
            raise Invalid(PaperError.IN_THE_FUTURE, on="on")
        if day < rollout.opens_on:
            raise Invalid(PaperError.BEFORE_OPENING, on="on")
    found = _obligations(rollout, papers)
    _require_entering(found, actor=actor, at=at)
    rows = locked_papers(found)
    happened = events_of([paper.pk for paper in rows])
    open_states = {PaperState.OWED, PaperState.RETURNED}
    fresh = [paper for paper in rows if standing(happened.get(paper.pk, [])).state in open_states]
    if not fresh:
        return None
    said = {"form": form, "papers": {str(p.key): papers[p.obligation_id].isoformat() for p in fresh}, "by": told_by}
    entry = record(actor=actor.key, action="papers.hand_in", subject=rollout.key, detail=said, count=len(fresh))
    days = {paper.pk: papers[paper.obligation_id] for paper in fresh}
    _add_events(fresh, PaperEventKind.SUBMITTED, on=days, form=form, entry=entry, entered_for=True, told_by=told_by)
    return entry


@transaction.atomic
def return_paper(*, paper: Paper, note: str, actor: Actor, at: date) -> Entry:
    """The reader gives the paper back, saying what is to be mended.

    Raises:
        Refused: not the reader, or not handed in.
        Invalid: no note.
    """
    if not note.strip():
        raise Invalid(PaperError.NO_NOTE, on="note")
    paper = _locked_paper(paper.obligation)
    policies.can_answer(actor, paper.obligation, at=at).require()
    entry = record(actor=actor.key, action="papers.return", subject=paper.key)
    _add_events([paper], PaperEventKind.RETURNED, on=at, entry=entry, note=note)
    return entry


@transaction.atomic
def accept_papers(*, papers: Collection[int], on: date, actor: Actor, at: date) -> Entry | None:
    """The reader accepts papers (ids); those accepted already are left as they are. One entry.

    Raises:
        Refused: not the reader of one of them, or one is not handed in.
        Invalid: a day in the future, or before the paper was handed in.
    """
    if on > at:
        raise Invalid(PaperError.IN_THE_FUTURE, on="on")
    ids = Paper.objects.filter(pk__in=papers).values_list("obligation", flat=True)
    rows = locked_papers(_by_id(Obligation.objects.filter(pk__in=ids).select_related("step__rollout__scope")))
    for paper in rows:
        policies.can_answer(actor, paper.obligation, at=at).require()
    happened = events_of([paper.pk for paper in rows])
    fresh = [p for p in rows if standing(happened.get(p.pk, [])).state is not PaperState.ACCEPTED]
    if not fresh:
        return None
    keys = [str(paper.key) for paper in fresh]
    entry = record(actor=actor.key, action="papers.accept", detail={"papers": keys}, count=len(fresh))
    _add_events(fresh, PaperEventKind.ACCEPTED, on=on, entry=entry)
    return entry


@transaction.atomic
def note_accepted(*, rollout: Rollout, papers: Mapping[int, date], actor: Actor, at: date) -> Entry | None:
    """Note from a sheet that papers on paper were accepted: ``{obligation id: day}``, one entry.

    Raises:
        Refused: the actor may not act for one of the units, or a paper is not handed in.
        Invalid: a day in the future, or before the paper was handed in.
    """
    if any(day > at for day in papers.values()):
        raise Invalid(PaperError.IN_THE_FUTURE, on="on")
    found = _obligations(rollout, papers)
    _require_entering(found, actor=actor, at=at)
    rows = locked_papers(found)
    happened = events_of([paper.pk for paper in rows])
    fresh = [p for p in rows if standing(happened.get(p.pk, [])).state is not PaperState.ACCEPTED]
    if not fresh:
        return None
    said = {"papers": {str(p.key): papers[p.obligation_id].isoformat() for p in fresh}}
    entry = record(actor=actor.key, action="papers.note_accepted", subject=rollout.key, detail=said, count=len(fresh))
    days = {paper.pk: papers[paper.obligation_id] for paper in fresh}
    _add_events(fresh, PaperEventKind.ACCEPTED, on=days, entry=entry, entered_for=True)
    return entry


@transaction.atomic
def take_back(*, papers: Collection[int], actor: Actor, at: date) -> Entry | None:
    """Take back what was last entered of these papers (ids): a slip, or a duplicate person's tick. One entry.

    Raises:
        Refused: the actor may not act for one of the units.
    """
    ids = Paper.objects.filter(pk__in=papers).values_list("obligation", flat=True)
    found = _by_id(Obligation.objects.filter(pk__in=ids).select_related("step__rollout__scope"))
    _require_entering(found, actor=actor, at=at)
    rows = locked_papers(found)
    last = {
        event.paper_id: event.pk
        for event in PaperEvent.objects.current().filter(paper__in=rows).order_by("valid_on", "recorded_seq", "pk")
    }
    if not last:
        return None
    keys = [str(paper.key) for paper in rows if paper.pk in last]
    entry = record(actor=actor.key, action="papers.take_back", detail={"papers": keys}, count=len(keys))
    PaperEvent.objects.filter(pk__in=last.values()).supersede(entry)
    follow(rows, entry)
    return entry


def _add_events(
    papers: Sequence[Paper],
    kind: PaperEventKind,
    *,
    on: date | Mapping[int, date],
    entry: Entry,
    form: str = "",
    note: str = "",
    entered_for: bool = False,
    told_by: str = "",
) -> None:
    happened = events_of([paper.pk for paper in papers])
    rows = []
    for paper in papers:
        day = on if isinstance(on, date) else on[paper.pk]
        fault = fault_of(Event(kind, day), happened.get(paper.pk, []))
        if fault is PaperError.BEFORE_LAST_EVENT:
            raise Invalid(fault, on="on")
        if fault:
            raise Refused(fault)
        rows.append(
            PaperEvent(
                paper=paper,
                kind=kind,
                valid_on=day,
                form=form,
                note=note,
                entered_for=entered_for,
                told_by=told_by,
                recorded_seq=entry.seq,
                recorded_on=entry.recorded_on,
            )
        )
    PaperEvent.objects.bulk_create(rows, batch_size=2_000)
    follow(papers, entry)


def follow(papers: Iterable[Paper], entry: Entry) -> None:
    """Bring the obligations' milestones in line with what happened to the papers."""
    obligations = {paper.pk: paper.obligation_id for paper in papers}
    happened = events_of(obligations.keys())
    wanted: dict[int, Mapping[MilestoneCode, date | None]] = {}
    for paper, obligation in obligations.items():
        stands = standing(happened.get(paper, []))
        wanted[obligation] = {
            MilestoneCode.SUBMITTED: stands.submitted_on,
            MilestoneCode.ACCEPTED: stands.accepted_on,
        }
    set_milestones(wanted=wanted, entry=entry)


def _state(paper: Paper) -> PaperState:
    return standing(events_of([paper.pk]).get(paper.pk, [])).state


def _check_form(rollout: Rollout, form: PaperForm) -> None:
    if form not in rollout.paper_forms:
        raise Refused(PaperError.FORM_NOT_ALLOWED)


def _obligations(rollout: Rollout, ids: Collection[int]) -> dict[int, Obligation]:
    rows = Obligation.objects.filter(pk__in=ids, step__rollout=rollout, step__kind=StepKind.PAPER)
    found = _by_id(rows.select_related("step__rollout__scope"))
    if len(found) != len(set(ids)):
        raise Refused(PaperError.OWES_NONE)
    return found


def _by_id(rows: Iterable[Obligation]) -> dict[int, Obligation]:
    return {row.pk: row for row in rows}


def _require_entering(found: Collection[int], *, actor: Actor, at: date) -> None:
    places = ObligationPlace.objects.current().filter(obligation__in=found)
    for unit in places.values_list("unit", flat=True).distinct():
        policies.can_enter(actor, unit, at=at).require()


def _locked_paper(obligation: Obligation) -> Paper:
    return locked_papers({obligation.pk: obligation})[0]


def locked_papers(found: Mapping[int, Obligation]) -> list[Paper]:
    """The obligations' papers, made where missing, locked in order."""
    locked = Obligation.objects.select_for_update(of=("self",)).filter(pk__in=found).order_by("pk")
    ids = list(locked.values_list("pk", flat=True))
    existing = set(Paper.objects.filter(obligation__in=ids).values_list("obligation", flat=True))
    Paper.objects.bulk_create([Paper(obligation_id=pk) for pk in ids if pk not in existing], batch_size=2_000)
    rows = Paper.objects.filter(obligation__in=ids).order_by("obligation")
    return list(rows.select_related("obligation__step__rollout__scope"))
