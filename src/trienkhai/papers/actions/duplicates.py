"""Two entries were one person: the paper handed in under the name that goes was handed in by the one who stays."""

from collections.abc import Iterator

from django.db import transaction

from trienkhai.core.decisions import Refused
from trienkhai.ledger.models import Entry, RecordedQuerySet
from trienkhai.organisation.rules import Reason
from trienkhai.papers.actions.events import follow, locked_papers
from trienkhai.papers.models import Paper, PaperEvent
from trienkhai.papers.queries import events_of
from trienkhai.papers.rules import is_empty, is_further, standing
from trienkhai.rollouts.actions import ensure_obligations
from trienkhai.rollouts.models import Obligation
from trienkhai.rollouts.rules import StepKind


@transaction.atomic
def take_over(*, keep: int, drop: int, entry: Entry) -> None:
    """Carry the papers of ``drop`` over to ``keep``, under the entry that made one person of them.

    In each roll-out the paper that has come further counts: the one kept has its own or the other's, never both. Words
    and file go over where the one kept has none.
    """
    for mine, theirs in _pairs(keep, drop):
        happened = events_of([mine.pk, theirs.pk])
        gone = _events(theirs)
        if is_further(standing(happened.get(theirs.pk, [])), standing(happened.get(mine.pk, []))):
            fresh = list(gone)
            _events(mine).supersede(entry)
            _record_again(fresh, mine, entry)
        gone.supersede(entry)
        if _is_blank(mine) and not _is_blank(theirs):
            _write(mine, like=theirs)
        follow([mine, theirs], entry)


@transaction.atomic
def give_back(*, keep: int, drop: int, slip: int, entry: Entry) -> None:
    """Undo what :func:`take_over` did under the entry ``slip``: they are two persons after all.

    Raises:
        Refused: something has been entered of one of the papers since.
    """
    for mine, theirs in _pairs(keep, drop):
        both = PaperEvent.objects.filter(paper__in=[mine, theirs])
        carried = both.filter(recorded_seq=slip)
        if both.filter(recorded_seq__gt=slip).exists() or carried.filter(superseded_seq__isnull=False).exists():
            raise Refused(Reason.UNDO_OVERTAKEN)
        before = {paper: list(_in_order(both.filter(paper=paper, superseded_seq=slip))) for paper in (mine, theirs)}
        carried.supersede(entry)
        for paper, rows in before.items():
            _record_again(rows, paper, entry)
        if not _is_blank(mine) and _text_of(mine) == _text_of(theirs):
            _write(mine, like=None)
        follow([mine, theirs], entry)


def _pairs(keep: int, drop: int) -> Iterator[tuple[Paper, Paper]]:
    """The papers of both, locked: of each roll-out in which the one who goes has one."""
    owed = Obligation.objects.filter(step__kind=StepKind.PAPER, person=drop, paper__isnull=False).order_by("pk")
    for theirs in owed.select_related("step__rollout__scope"):
        made = ensure_obligations(rollout=theirs.step.rollout, step=StepKind.PAPER, people=[keep])
        mine = made[keep]
        papers = {paper.obligation_id: paper for paper in locked_papers({mine.pk: mine, theirs.pk: theirs})}
        yield papers[mine.pk], papers[theirs.pk]


def _events(paper: Paper) -> RecordedQuerySet:
    return _in_order(PaperEvent.objects.current().filter(paper=paper))


def _in_order(rows: RecordedQuerySet) -> RecordedQuerySet:
    return rows.order_by("valid_on", "recorded_seq", "pk")


def _record_again(rows: list[PaperEvent], paper: Paper, entry: Entry) -> None:
    for row in rows:
        row.pk, row.paper = None, paper
        row.recorded_seq, row.recorded_on = entry.seq, entry.recorded_on
        row.superseded_seq = row.superseded_on = None
    PaperEvent.objects.bulk_create(rows)


def _is_blank(paper: Paper) -> bool:
    return is_empty(paper.answers) and paper.file_id is None


def _text_of(paper: Paper) -> tuple[object, ...]:
    """Words, file and the moment they were kept: two papers share all three only when one was copied."""
    return paper.answers, paper.file_id, paper.saved_at


def _write(paper: Paper, *, like: Paper | None) -> None:
    paper.answers = like.answers if like else []
    paper.file_id = like.file_id if like else None
    paper.saved_at = like.saved_at if like else None
    paper.version += 1
    paper.save(update_fields=["answers", "file", "saved_at", "version"])
