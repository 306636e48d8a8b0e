"""Reading papers and where they stand."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from trienkhai.figures.queries import totals_by_unit
from trienkhai.organisation.models import Person
from trienkhai.organisation.queries import unit_rows
from trienkhai.papers.models import Paper, PaperEvent
from trienkhai.papers.rules import Event, PaperEventKind, PaperStanding, PaperState, standing
from trienkhai.rollouts.models import Obligation, Rollout
from trienkhai.rollouts.queries import owing_on
from trienkhai.rollouts.rules import FIGURE_BY_CODE, StepKind


@dataclass(frozen=True)
class PaperRow:
    """One person's paper in a list: who, where it stands, never its words. ``form`` is how it was last handed in."""

    obligation_id: int
    person_id: int
    person_key: str
    name: str
    paper_key: str
    state: PaperState
    submitted_on: date | None
    accepted_on: date | None
    form: str
    is_late: bool


def events_of(papers: Collection[int]) -> dict[int, list[Event]]:
    """What happened to each paper, in order, as known now."""
    found: dict[int, list[Event]] = {}
    rows = PaperEvent.objects.current().filter(paper__in=papers).order_by("valid_on", "recorded_seq", "pk")
    for paper, kind, day in rows.values_list("paper", "kind", "valid_on"):
        found.setdefault(paper, []).append(Event(PaperEventKind(kind), day))
    return found


def standing_of(paper: Paper) -> PaperStanding:
    """Where one paper stands."""
    result = standing(events_of([paper.pk]).get(paper.pk, []))
    if result.state is PaperState.OWED and paper.saved_at is not None:
        return PaperStanding(PaperState.DRAFT)
    return result


def paper_rows(*, rollout: Rollout, units: Collection[int], day: date, today: date) -> Sequence[PaperRow]:
    """Papers owed by the people of ``units`` on ``day``, by given name."""
    owing = owing_on(rollout=rollout, step=StepKind.PAPER, day=day, units=units)
    ids = list(owing.values_list("obligation", flat=True))
    people = Person.objects.filter(obligations__in=ids).order_by("sort_key", "pk")
    papers = {p.obligation_id: p for p in Paper.objects.filter(obligation__in=ids)}
    happened = events_of([paper.pk for paper in papers.values()])
    forms = dict(
        PaperEvent.objects.current()
        .filter(paper__obligation__in=ids, kind=PaperEventKind.SUBMITTED)
        .order_by("valid_on", "recorded_seq", "pk")
        .values_list("paper__obligation", "form")
    )
    deadline = rollout.steps.filter(kind=StepKind.PAPER).values_list("deadline_on", flat=True).first()
    by_person = dict(Obligation.objects.filter(pk__in=ids).values_list("person", "pk"))
    rows = []
    for person in people:
        obligation = by_person[person.pk]
        paper = papers.get(obligation)
        stands = standing(happened.get(paper.pk, [])) if paper else PaperStanding()
        is_draft = bool(paper and paper.saved_at and stands.state is PaperState.OWED)
        done_on = stands.submitted_on or today
        rows.append(
            PaperRow(
                obligation_id=obligation,
                person_id=person.pk,
                person_key=str(person.key),
                name=person.full_name,
                paper_key=str(paper.key) if paper else "",
                state=PaperState.DRAFT if is_draft else stands.state,
                submitted_on=stands.submitted_on,
                accepted_on=stands.accepted_on,
                form=forms.get(obligation, ""),
                is_late=deadline is not None and done_on > deadline,
            )
        )
    return rows


def paper_for(obligation: Obligation) -> Paper:
    """The obligation's paper; a blank one, not yet stored, when nothing has been written."""
    return Paper.objects.filter(obligation=obligation).first() or Paper(obligation=obligation)


@dataclass(frozen=True)
class UnitPapers:
    """A unit's papers in numbers, as of a day."""

    key: str
    name: str
    owed: int
    submitted: int
    accepted: int


def units_with_papers(*, rollout: Rollout, units: Iterable[int], day: date) -> Sequence[UnitPapers]:
    """Units (among ``units``) whose people owe a paper on ``day``, by name."""
    owing = owing_on(rollout=rollout, step=StepKind.PAPER, day=day, units=list(units))
    owed = Counter(owing.values_list("unit", flat=True))
    found = unit_rows(owed, day)
    figure = {code: FIGURE_BY_CODE[code].numerator for code in ("papers_submitted", "papers_accepted")}
    counted = totals_by_unit(scope=rollout.scope, codes=list(figure.values()), units=list(found), as_of=day)
    return [
        UnitPapers(
            key=row.key,
            name=row.name,
            owed=owed[pk],
            submitted=counted[pk][figure["papers_submitted"]],
            accepted=counted[pk][figure["papers_accepted"]],
        )
        for pk, row in found.items()
    ]
