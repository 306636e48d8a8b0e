from datetime import date

import pytest

from tests.factories.organisation import Ward, acting_as, make_ward, office_of
from tests.factories.rollouts import NOW, TODAY, make_rollout, obligation_of, share
from trienkhai.core.decisions import DomainError, Invalid, Refused
from trienkhai.files.actions import store
from trienkhai.organisation.rules import SYSTEM
from trienkhai.papers import actions, policies
from trienkhai.papers.models import Paper, PaperEvent
from trienkhai.papers.queries import paper_for, paper_rows, standing_of
from trienkhai.papers.rules import PaperError, PaperState
from trienkhai.rollouts.models import Rollout
from trienkhai.rollouts.rules import PaperForm

pytestmark = pytest.mark.django_db
OCTOBER = date(2012, 10, 20)
WORDS = ["Tôi liên hệ với công việc của mình …"]


@pytest.fixture
def ward() -> Ward:
    return make_ward(cells=2, members=3)


@pytest.fixture
def rollout(ward: Ward) -> Rollout:
    return make_rollout(ward)


def submitted_paper(ward: Ward, rollout: Rollout) -> Paper:
    author = ward.members[0][1]
    return actions.submit_typed(
        obligation=obligation_of(rollout, author),
        answers=WORDS,
        version=0,
        actor=acting_as(author, on=TODAY),
        at=NOW,
    )


def test_ticking_a_cell_counts_each_paper_once_and_on_the_day_it_was_handed_in(ward: Ward, rollout: Rollout) -> None:
    ticked = {obligation_of(rollout, person).pk: OCTOBER for person in ward.members[0]}
    office = office_of(ward.unit)
    first = actions.hand_in(rollout=rollout, papers=ticked, form=PaperForm.HANDWRITTEN, actor=office, at=TODAY)
    again = actions.hand_in(rollout=rollout, papers=ticked, form=PaperForm.HANDWRITTEN, actor=office, at=TODAY)
    assert first is not None
    assert first.count == 3
    assert again is None
    assert share(rollout, "papers_submitted", ward.unit, date(2012, 10, 19)) == (0, 6)
    assert share(rollout, "papers_submitted", ward.unit, OCTOBER) == (3, 6)
    assert share(rollout, "papers_on_time", ward.unit) == (3, 6)


def test_a_late_paper_is_handed_in_but_not_on_time(ward: Ward, rollout: Rollout) -> None:
    late = {obligation_of(rollout, ward.members[0][0]).pk: date(2012, 11, 3)}
    actions.hand_in(rollout=rollout, papers=late, form=PaperForm.SPOKEN, actor=SYSTEM, at=TODAY)
    assert share(rollout, "papers_submitted", ward.unit) == (1, 6)
    assert share(rollout, "papers_on_time", ward.unit) == (0, 6)


def test_nobody_ticks_for_another_cell(ward: Ward, rollout: Rollout) -> None:
    secretary = acting_as(ward.members[1][0], on=TODAY)
    own = {obligation_of(rollout, ward.members[1][1]).pk: OCTOBER}
    other = {obligation_of(rollout, ward.members[0][1]).pk: OCTOBER}
    assert actions.hand_in(rollout=rollout, papers=own, form=PaperForm.HANDWRITTEN, actor=secretary, at=TODAY)
    with pytest.raises(Refused):
        actions.hand_in(rollout=rollout, papers=other, form=PaperForm.HANDWRITTEN, actor=secretary, at=TODAY)
    assert PaperEvent.objects.count() == 1


@pytest.mark.parametrize(
    ("day", "fault"), [(date(2012, 12, 1), PaperError.IN_THE_FUTURE), (date(2012, 1, 1), PaperError.BEFORE_OPENING)]
)
def test_impossible_days_are_refused_and_nothing_is_written(
    ward: Ward, rollout: Rollout, day: date, fault: PaperError
) -> None:
    papers = {obligation_of(rollout, ward.members[0][1]).pk: day}
    with pytest.raises(Invalid, match=fault):
        actions.hand_in(rollout=rollout, papers=papers, form=PaperForm.HANDWRITTEN, actor=SYSTEM, at=TODAY)
    assert not PaperEvent.objects.exists()


def test_a_draft_is_kept_word_for_word_and_two_windows_notice_each_other(ward: Ward, rollout: Rollout) -> None:
    author = ward.members[0][1]
    actor, obligation = acting_as(author, on=TODAY), obligation_of(rollout, author)
    text = "Dòng một\n\n  Dòng hai: hoà, hòa, thuỷ"
    saved = actions.save_draft(obligation=obligation, answers=[text], version=0, actor=actor, at=NOW)
    assert Paper.objects.get().answers == [text]
    assert standing_of(saved).state is PaperState.DRAFT
    with pytest.raises(Invalid, match=PaperError.CHANGED_MEANWHILE):
        actions.save_draft(obligation=obligation, answers=["khác"], version=0, actor=actor, at=NOW)
    assert Paper.objects.get().answers == [text]
    assert actions.save_draft(obligation=obligation, answers=[text], version=0, actor=actor, at=NOW).version == 1


def test_only_the_author_writes(ward: Ward, rollout: Rollout) -> None:
    obligation = obligation_of(rollout, ward.members[0][1])
    for actor in (acting_as(ward.members[0][0], on=TODAY), office_of(ward.unit), SYSTEM):
        with pytest.raises(Refused, match=PaperError.NOT_THE_AUTHOR):
            actions.save_draft(obligation=obligation, answers=WORDS, version=0, actor=actor, at=NOW)


def test_an_empty_paper_is_not_handed_in(ward: Ward, rollout: Rollout) -> None:
    author = ward.members[0][1]
    with pytest.raises(Invalid, match=PaperError.EMPTY):
        actions.submit_typed(
            obligation=obligation_of(rollout, author),
            answers=["  \n"],
            version=0,
            actor=acting_as(author, on=TODAY),
            at=NOW,
        )


def test_returned_mended_accepted(ward: Ward, rollout: Rollout) -> None:
    paper = submitted_paper(ward, rollout)
    reader = acting_as(ward.members[0][0], on=TODAY)
    actions.return_paper(paper=paper, note="Liên hệ cụ thể hơn.", actor=reader, at=TODAY)
    assert share(rollout, "papers_submitted", ward.unit) == (1, 6)
    author = acting_as(ward.members[0][1], on=TODAY)
    paper.refresh_from_db()
    actions.submit_typed(
        obligation=paper.obligation, answers=["Cụ thể hơn."], version=paper.version, actor=author, at=NOW
    )
    actions.accept_papers(papers=[paper.pk], on=TODAY, actor=reader, at=TODAY)
    assert share(rollout, "papers_accepted", ward.unit) == (1, 6)
    actions.return_paper(paper=paper, note="Bổ sung một ý.", actor=reader, at=TODAY)
    assert share(rollout, "papers_accepted", ward.unit) == (0, 6)


def test_a_paper_is_seen_by_its_author_and_reader_alone(ward: Ward, rollout: Rollout) -> None:
    paper = submitted_paper(ward, rollout)
    author, reader = ward.members[0][1], ward.members[0][0]
    seers = {acting_as(author, on=TODAY): True, acting_as(reader, on=TODAY): True}
    seers |= {office_of(ward.unit): False, SYSTEM: False, acting_as(ward.members[0][2], on=TODAY): False}
    seers |= {acting_as(ward.members[1][0], on=TODAY): False}
    for actor, sees in seers.items():
        assert bool(policies.can_read(actor, paper, at=TODAY)) is sees
        assert policies.visible_papers(actor, at=TODAY).filter(pk=paper.pk).exists() is sees


def test_a_secretarys_own_paper_is_read_one_level_up(ward: Ward, rollout: Rollout) -> None:
    author = ward.members[1][0]
    paper = actions.submit_typed(
        obligation=obligation_of(rollout, author),
        answers=WORDS,
        version=0,
        actor=acting_as(author, on=TODAY),
        at=NOW,
    )
    assert policies.can_answer(acting_as(ward.secretary, on=TODAY), paper.obligation, at=TODAY)
    assert not policies.can_answer(acting_as(ward.members[1][1], on=TODAY), paper.obligation, at=TODAY)


def test_a_file_is_handed_in(ward: Ward, rollout: Rollout) -> None:
    author = ward.members[0][1]
    actor = acting_as(author, on=TODAY)
    stored = store(content=b"%PDF-1.4\n%thu hoach\n", name="thu hoạch.pdf", actor_key=actor.key, at=NOW)
    actions.submit_file(obligation=obligation_of(rollout, author), file=stored, actor=actor, at=NOW)
    paper = Paper.objects.get()
    assert paper.file == stored
    assert standing_of(paper).state is PaperState.SUBMITTED


def test_a_form_the_roll_out_does_not_take_is_refused(ward: Ward) -> None:
    strict = make_rollout(ward, paper_forms=(PaperForm.TYPED,))
    papers = {obligation_of(strict, ward.members[0][1]).pk: OCTOBER}
    with pytest.raises(Refused, match=PaperError.FORM_NOT_ALLOWED):
        actions.hand_in(rollout=strict, papers=papers, form=PaperForm.SPOKEN, actor=SYSTEM, at=TODAY)


def test_a_slip_is_taken_back_and_stays_in_the_history(ward: Ward, rollout: Rollout) -> None:
    obligation = obligation_of(rollout, ward.members[0][1])
    actions.hand_in(
        rollout=rollout, papers={obligation.pk: OCTOBER}, form=PaperForm.HANDWRITTEN, actor=SYSTEM, at=TODAY
    )
    actions.note_accepted(rollout=rollout, papers={obligation.pk: TODAY}, actor=SYSTEM, at=TODAY)
    assert share(rollout, "papers_accepted", ward.unit) == (1, 6)
    ids = [Paper.objects.get().pk]
    actions.take_back(papers=ids, actor=SYSTEM, at=TODAY)
    assert (share(rollout, "papers_accepted", ward.unit), share(rollout, "papers_submitted", ward.unit)) == (
        (0, 6),
        (1, 6),
    )
    actions.take_back(papers=ids, actor=SYSTEM, at=TODAY)
    assert share(rollout, "papers_submitted", ward.unit) == (0, 6)
    assert actions.take_back(papers=ids, actor=SYSTEM, at=TODAY) is None
    assert PaperEvent.objects.count() == 2


def test_accepting_before_handing_in_is_refused(ward: Ward, rollout: Rollout) -> None:
    obligation = obligation_of(rollout, ward.members[0][1])
    with pytest.raises(DomainError, match=PaperError.NOT_SUBMITTED):
        actions.note_accepted(rollout=rollout, papers={obligation.pk: TODAY}, actor=SYSTEM, at=TODAY)
    assert paper_for(obligation).pk is None


def test_the_list_names_everybody_who_owes_by_given_name(ward: Ward, rollout: Rollout) -> None:
    rows = paper_rows(rollout=rollout, units=[ward.cells[0]], day=TODAY, today=TODAY)
    assert len(rows) == 3
    assert all(row.state is PaperState.OWED and row.is_late for row in rows)
