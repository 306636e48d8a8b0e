"""What a change would do is said beforehand, and nothing of it stays."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.factories import organisation as made
from tests.factories.progress import Play, start_play
from trienkhai.core.decisions import DomainError
from trienkhai.figures.models import Path
from trienkhai.ledger import clock
from trienkhai.ledger.models import Entry
from trienkhai.organisation.actions import Change, NewUnit
from trienkhai.organisation.models import Membership, Person, Post, UnitState
from trienkhai.organisation.queries import name_of
from trienkhai.organisation.rules import SYSTEM, EndReason, MemberKind, PostKind, Standing, UnitKind
from trienkhai.progress.queries.values import figures
from trienkhai.rollouts.actions import organisation
from trienkhai.rollouts.actions.previewing import CountEffect, Effect, FigureEffect, PostEffect, previewed
from trienkhai.rollouts.models import ObligationPlace

pytestmark = pytest.mark.django_db


@pytest.fixture
def play() -> Play:
    """A roll-out nobody has done anything in."""
    return start_play()


def look(play: Play, run: Callable[[], Change], *, day_after: int = 0) -> Effect:
    """See what it would do; fail when anything of it stays."""
    before = _everything()
    with clock.simulated(play.moment):
        effect = previewed(run, rollouts=[play.rollout], day=play.today + timedelta(days=day_after))
    assert _everything() == before
    return effect


def _everything() -> list[object]:
    models = (Entry, UnitState, Membership, Post, ObligationPlace, Path)
    return [list(model.objects.order_by("pk").values_list()) for model in models]


def now_figures(play: Play) -> dict[str, tuple[int, int]]:
    found = figures(rollout=play.rollout, unit=play.ward, as_of=play.today)
    return {value.code: (value.numerator, value.denominator or 0) for value in found}


def secretary_of(unit: int) -> Person:
    return Person.objects.get(posts__unit=unit, posts__kind=PostKind.SECRETARY, posts__superseded_seq__isnull=True)


def test_a_death_takes_one_from_the_cell_its_post_and_what_is_owed(play: Play) -> None:
    cell = play.units(UnitKind.CELL)[0]
    person = secretary_of(cell)
    counted = Membership.objects.current().filter(unit=cell).count()
    owed = now_figures(play)

    def run() -> Change:
        return organisation.end_membership(
            person=person.pk, on=play.today, reason=EndReason.DIED, actor=SYSTEM, at=play.moment
        )

    effect = look(play, run)
    name = name_of(cell, play.today)
    assert effect.people == 1
    assert effect.counts == (CountEffect(name, counted, counted - 1),)
    assert effect.posts == (PostEffect(person.full_name, name, PostKind.SECRETARY, "", ends=True),)
    assert effect.closed == ()
    told = {figure.code: figure for figure in effect.figures}
    assert told.keys() == {"persons_studied", "papers_submitted", "papers_on_time", "papers_accepted"}
    for code, figure in told.items():
        have, of = owed[code]
        assert figure == FigureEffect(play.rollout.title, code, (have, of), (have, of - 1))
    with clock.simulated(play.moment):
        run()
    assert {code: now_figures(play)[code] for code in told} == {code: figure.after for code, figure in told.items()}


def test_a_move_counts_in_both_cells_and_changes_no_total(play: Play) -> None:
    one, two = play.units(UnitKind.CELL)[:2]
    member = Membership.objects.current().filter(unit=one).order_by("-pk")[0].person_id
    effect = look(
        play,
        lambda: organisation.move_person(person=member, to_unit=two, on=play.today, actor=SYSTEM, at=play.moment),
    )
    assert {(count.unit, count.after - count.before) for count in effect.counts} == {
        (name_of(one, play.today), -1),
        (name_of(two, play.today), 1),
    }
    assert effect.figures == ()


def test_a_merger_says_which_unit_closes_and_whose_posts_end(play: Play) -> None:
    one, two = play.units(UnitKind.CELL)[:2]
    into = NewUnit("Chi bộ hợp nhất", UnitKind.CELL, play.today, parent=play.ward)
    effect = look(
        play,
        lambda: organisation.merge_units(units=[one, two], into=into, on=play.today, actor=SYSTEM, at=play.moment),
    )
    gone = {name_of(unit, play.today) for unit in (one, two)}
    assert set(effect.closed) == gone
    assert list(effect.closed) == sorted(effect.closed)
    assert {(post.unit, post.ends) for post in effect.posts} == {(name, True) for name in gone}
    assert {count.unit: count.after for count in effect.counts if count.unit in gone} == dict.fromkeys(gone, 0)
    told = {figure.code: (figure.before[1], figure.after[1]) for figure in effect.figures}
    assert told["units_studied"] == (5, 4)
    assert "persons_studied" not in told


def test_a_post_that_begins_is_told_with_its_title(play: Play) -> None:
    cell = play.units(UnitKind.CELL)[0]
    with clock.simulated(play.moment):
        person = made.make_person("Đỗ Thị Mới", unit=cell)

    def run() -> Change:
        return organisation.give_post(
            person=person,
            unit=cell,
            kind=PostKind.OTHER,
            title="Tổ trưởng",
            on=play.today,
            actor=SYSTEM,
            at=play.moment,
        )

    effect = look(play, run)
    assert effect.posts == (
        PostEffect("Đỗ Thị Mới", name_of(cell, play.today), PostKind.OTHER, "Tổ trưởng", ends=False),
    )
    assert effect.counts == ()


def test_nobody_counts_who_is_no_member(play: Play) -> None:
    agency = play.units(UnitKind.AGENCY)[0]
    other = Membership.objects.current().filter(unit=agency, kind=MemberKind.OTHER)[0].person_id
    effect = look(
        play,
        lambda: organisation.end_membership(
            person=other, on=play.today, reason=EndReason.MOVED_OUT, actor=SYSTEM, at=play.moment
        ),
    )
    assert (effect.people, effect.counts, effect.figures) == (1, (), ())


def test_on_a_day_before_it_happens_nothing_differs(play: Play) -> None:
    cell = play.units(UnitKind.CELL)[0]
    person = secretary_of(cell).pk

    def run() -> Change:
        return organisation.change_membership(
            person=person, on=play.today, standing=Standing.EXEMPT, actor=SYSTEM, at=play.moment
        )

    assert look(play, run).figures
    before = look(play, run, day_after=-1)
    assert (before.counts, before.figures, before.closed, before.posts) == ((), (), (), ())


def test_what_the_change_refuses_is_refused_beforehand(play: Play) -> None:
    cell = play.units(UnitKind.CELL)[0]
    before = _everything()
    with pytest.raises(DomainError), clock.simulated(play.moment):
        previewed(
            lambda: organisation.close_unit(unit=cell, on=play.today, actor=SYSTEM, at=play.moment),
            rollouts=[play.rollout],
            day=play.today,
        )
    assert _everything() == before


def test_without_roll_outs_the_members_alone_are_told(play: Play) -> None:
    cell = play.units(UnitKind.CELL)[0]
    person = secretary_of(cell).pk
    with clock.simulated(play.moment):
        effect = previewed(
            lambda: organisation.end_membership(
                person=person, on=play.today, reason=EndReason.EXPELLED, actor=SYSTEM, at=play.moment
            ),
            rollouts=[],
            day=play.today,
        )
    assert effect.figures == ()
    assert len(effect.counts) == 1
