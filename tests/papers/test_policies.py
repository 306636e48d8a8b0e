"""Whose papers are whose when their authors move, by the decision and by the list alike."""

from datetime import timedelta

import pytest

from tests.factories.organisation import AT, Ward, acting_as, make_ward
from tests.factories.rollouts import NOW, TODAY, make_rollout, obligation_of
from trienkhai.organisation.rules import SYSTEM
from trienkhai.papers import actions, policies
from trienkhai.papers.models import Paper
from trienkhai.rollouts.actions import organisation

pytestmark = pytest.mark.django_db
NEXT_WEEK = TODAY + timedelta(days=7)


@pytest.fixture
def ward() -> Ward:
    return make_ward(cells=2, members=3)


@pytest.fixture
def paper(ward: Ward) -> Paper:
    """Of a member of the first cell who moves to the second next week, which is known already."""
    author = ward.members[0][1]
    rollout = make_rollout(ward)
    organisation.move_person(person=author, to_unit=ward.cells[1], on=NEXT_WEEK, actor=SYSTEM, at=AT)
    return actions.submit_typed(
        obligation=obligation_of(rollout, author),
        answers=["của tôi"],
        version=0,
        actor=acting_as(author, on=TODAY),
        at=NOW,
    )


def test_a_paper_is_read_where_its_author_is_on_the_day(ward: Ward, paper: Paper) -> None:
    first, second = (members[0] for members in ward.members)
    for day, reader, other in ((TODAY, first, second), (NEXT_WEEK, second, first)):
        for person, may in ((reader, True), (other, False), (ward.members[0][2], False)):
            actor = acting_as(person, on=day)
            assert bool(policies.can_read(actor, paper, at=day)) is may, (day, person)
            assert policies.visible_papers(actor, at=day).filter(pk=paper.pk).exists() is may, (day, person)


def test_who_signs_in_as_nobody_sees_no_papers(paper: Paper) -> None:
    assert not policies.can_read(SYSTEM, paper, at=TODAY)
    assert not policies.visible_papers(SYSTEM, at=TODAY).exists()
