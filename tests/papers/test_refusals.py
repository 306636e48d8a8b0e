"""What cannot be done with a paper; each leaves everything as it was."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest

from tests.factories.organisation import Ward, acting_as, make_ward
from tests.factories.rollouts import NOW, TODAY, make_rollout, obligation_of, share
from trienkhai.core.decisions import DomainError, Invalid, Refused
from trienkhai.ledger.models import Entry
from trienkhai.organisation.rules import SYSTEM, Actor
from trienkhai.papers import actions
from trienkhai.papers.models import Paper, PaperEvent
from trienkhai.papers.queries import units_with_papers
from trienkhai.papers.rules import LONGEST_ANSWER, PaperError
from trienkhai.rollouts.models import Rollout
from trienkhai.rollouts.queries import obligations
from trienkhai.rollouts.rules import PaperForm, StepKind

pytestmark = pytest.mark.django_db
OCTOBER = date(2012, 10, 20)
LATER = OCTOBER + timedelta(days=5)


@pytest.fixture
def ward() -> Ward:
    return make_ward(cells=2, members=3)


@pytest.fixture
def rollout(ward: Ward) -> Rollout:
    return make_rollout(ward)


@pytest.fixture
def paper(ward: Ward, rollout: Rollout) -> Paper:
    """Typed and handed in by a member."""
    author = ward.members[0][1]
    return actions.submit_typed(
        obligation=obligation_of(rollout, author),
        answers=["của tôi"],
        version=0,
        actor=acting_as(author, on=TODAY),
        at=NOW,
    )


@pytest.fixture
def reader(ward: Ward) -> Actor:
    """The cell's secretary."""
    return acting_as(ward.members[0][0], on=TODAY)


@contextmanager
def refused(kind: type[DomainError], code: PaperError) -> Iterator[None]:
    """It is refused with that code, and nothing has been written."""

    def kept() -> list[object]:
        return [*Paper.objects.order_by("pk").values_list(), *PaperEvent.objects.order_by("pk").values_list()]

    before, entries = kept(), Entry.objects.count()
    with pytest.raises(kind) as raised:
        yield
    assert raised.value.code == code
    assert (kept(), Entry.objects.count()) == (before, entries)


def test_an_answer_longer_than_any_real_one(ward: Ward, rollout: Rollout) -> None:
    author = ward.members[0][1]
    mine = obligation_of(rollout, author)
    actor = acting_as(author, on=TODAY)
    kept = actions.save_draft(obligation=mine, answers=["ă" * LONGEST_ANSWER], version=0, actor=actor, at=NOW)
    with refused(Invalid, PaperError.TOO_LONG):
        actions.save_draft(
            obligation=mine, answers=["ă" * (LONGEST_ANSWER + 1)], version=kept.version, actor=actor, at=NOW
        )


def test_what_was_handed_in_is_not_written_on(ward: Ward, rollout: Rollout, paper: Paper) -> None:
    author = acting_as(ward.members[0][1], on=TODAY)
    mine = obligation_of(rollout, ward.members[0][1])
    with refused(Refused, PaperError.ALREADY_SUBMITTED):
        actions.save_draft(obligation=mine, answers=["khác"], version=paper.version, actor=author, at=NOW)
    with refused(Refused, PaperError.ALREADY_SUBMITTED):
        actions.submit_typed(obligation=mine, answers=["của tôi"], version=paper.version, actor=author, at=NOW)


@pytest.mark.parametrize("note", ["", "  \n "])
def test_returning_needs_a_word(paper: Paper, reader: Actor, note: str) -> None:
    with refused(Invalid, PaperError.NO_NOTE):
        actions.return_paper(paper=paper, note=note, actor=reader, at=TODAY)


def test_nothing_is_accepted_on_a_day_to_come_or_before_it_was_handed_in(
    rollout: Rollout, paper: Paper, reader: Actor
) -> None:
    tomorrow, before = TODAY + timedelta(days=1), TODAY - timedelta(days=30)
    for on, code in ((tomorrow, PaperError.IN_THE_FUTURE), (before, PaperError.BEFORE_LAST_EVENT)):
        with refused(Invalid, code):
            actions.accept_papers(papers=[paper.pk], on=on, actor=reader, at=TODAY)
        with refused(Invalid, code):
            actions.note_accepted(rollout=rollout, papers={paper.obligation_id: on}, actor=SYSTEM, at=TODAY)


def test_accepting_twice_changes_nothing(ward: Ward, rollout: Rollout, paper: Paper, reader: Actor) -> None:
    assert actions.accept_papers(papers=[paper.pk], on=TODAY, actor=reader, at=TODAY)
    assert actions.accept_papers(papers=[paper.pk], on=TODAY, actor=reader, at=TODAY) is None
    assert actions.note_accepted(rollout=rollout, papers={paper.obligation_id: TODAY}, actor=SYSTEM, at=TODAY) is None
    assert PaperEvent.objects.filter(kind="accepted").count() == 1
    assert share(rollout, "papers_accepted", ward.unit) == (1, 6)


def test_an_obligation_of_another_step_is_no_paper(ward: Ward, rollout: Rollout) -> None:
    person = ward.members[0][1]
    study = obligations(rollout=rollout, step=StepKind.STUDY, people=[person])[person]
    for given in (study.pk, 10**9):
        with refused(Refused, PaperError.OWES_NONE):
            actions.hand_in(
                rollout=rollout, papers={given: OCTOBER}, form=PaperForm.HANDWRITTEN, actor=SYSTEM, at=TODAY
            )


def test_of_a_list_with_one_fault_nothing_is_written(ward: Ward, rollout: Rollout) -> None:
    one, two = (obligation_of(rollout, person).pk for person in ward.members[0][:2])
    actions.hand_in(rollout=rollout, papers={one: LATER}, form=PaperForm.SPOKEN, actor=SYSTEM, at=TODAY)
    with refused(Refused, PaperError.NOT_SUBMITTED):
        actions.note_accepted(rollout=rollout, papers={one: LATER, two: LATER}, actor=SYSTEM, at=TODAY)


def test_taking_back_what_was_never_entered(paper: Paper) -> None:
    assert actions.take_back(papers=[paper.pk], actor=SYSTEM, at=TODAY)
    assert actions.take_back(papers=[paper.pk], actor=SYSTEM, at=TODAY) is None


def test_units_with_their_papers_by_name(ward: Ward, rollout: Rollout, paper: Paper, reader: Actor) -> None:
    actions.accept_papers(papers=[paper.pk], on=TODAY, actor=reader, at=TODAY)
    other = obligation_of(rollout, ward.members[1][0]).pk
    actions.hand_in(rollout=rollout, papers={other: OCTOBER}, form=PaperForm.SPOKEN, actor=SYSTEM, at=TODAY)
    rows = units_with_papers(rollout=rollout, units=ward.cells, day=TODAY)
    assert [(row.owed, row.submitted, row.accepted) for row in rows] == [(3, 1, 1), (3, 1, 0)]
    assert [row.name for row in rows] == sorted(row.name for row in rows)
    assert units_with_papers(rollout=rollout, units=[ward.unit], day=TODAY) == []
