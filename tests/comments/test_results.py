"""Who reads the answers of a finished call, a unit's own letters, and the words behind a kept name."""

from http import HTTPStatus

import pytest
from django.test import Client

from tests.comments.test_desk import accepted, second_adopted
from tests.comments.test_views import as_office, as_person
from tests.factories.comments import (
    AT,
    EVERY,
    FREE,
    SealedCall,
    give_post,
    make_body,
    make_call,
    make_sealed,
    make_submission,
    plan_of_call,
)
from tests.factories.organisation import DAY, acting_as, make_unit, make_ward, office_of
from tests.factories.plans import make_world
from trienkhai.comments import actions, policies
from trienkhai.comments.actions import answering
from trienkhai.comments.models import Group, Submission
from trienkhai.comments.queries.answers import answered_groups, results_of
from trienkhai.comments.queries.places import Desk, desk_of
from trienkhai.comments.rules import About, Addressed, AuthorKind, DispositionKind, Promise, Said, Subject
from trienkhai.comments.rules.grouping import Reply
from trienkhai.organisation.rules import SYSTEM, Actor, BodyKind, PostKind, UnitKind
from trienkhai.plans import actions as plans
from trienkhai.plans.rules import Line

pytestmark = pytest.mark.django_db
OWN_WORDS, ON_PERSON, SUMMARY, ANSWER = (
    "Ngõ nhà tôi tối om từ Tết",
    "Đồng chí ấy hay đến muộn",
    "Đề nghị lắp đèn ở các ngõ",
    "Đã đưa vào kế hoạch quý tới.",
)


class Finished:
    """A call of a ward under a city to two of its three cells, on something and a person: answered and finished."""

    def __init__(self) -> None:
        self.city = make_unit("Đảng bộ thành phố", kind=UnitKind.UPPER)
        self.ward = make_ward(cells=3, members=4, parent=self.city)
        self.sibling = make_ward(cells=1, name="Đảng bộ phường bên cạnh", parent=self.city)
        body = make_body(self.ward.unit, name="Uỷ ban kiểm tra Đảng uỷ", kind=BodyKind.INSPECTION)
        self.person = Subject(About.PERSON, person=self.ward.members[0][2], reviewed_by=body.pk)
        units = list(self.ward.cells[:2])
        asked = {"addressed": Addressed.CHOSEN_UNITS, "units": units, "subjects": [FREE, self.person]}
        self.call = make_call(self.ward, **asked)
        author = self.ward.members[0][1]
        points = [Said(FREE, OWN_WORDS), Said(self.person, ON_PERSON)]
        actions.write_openly(call=self.call, person=author, points=points, actor=acting_as(author), at=AT)
        actions.close_call(call=self.call, reason="Đủ", actor=SYSTEM, at=DAY)
        self.call.refresh_from_db()
        reply = Reply(DispositionKind.EXPLAINED, ANSWER, DAY, summary=SUMMARY)
        group = desk_of(self.call).groups().get()
        answering.answer(desk=desk_of(self.call), groups=[group.pk], reply=reply, actor=SYSTEM, at=DAY)

    def finish(self) -> None:
        answering.finish_call(call=self.call, actor=SYSTEM, at=DAY)
        self.call.refresh_from_db()


@pytest.fixture
def world() -> Finished:
    return Finished()


def readers(world: Finished) -> dict[str, Actor]:
    return {
        "author": acting_as(world.ward.members[0][1]),
        "member asked": acting_as(world.ward.members[1][3]),
        "secretary of a cell asked": acting_as(world.ward.members[1][0]),
        "office of a cell asked": office_of(world.ward.cells[1]),
        "desk": office_of(world.ward.unit),
        "member not asked": acting_as(world.ward.members[2][2]),
        "office of a cell not asked": office_of(world.ward.cells[2]),
        "sibling": office_of(world.sibling.unit),
        "upper office": office_of(world.city),
    }


def test_those_asked_read_the_answers_and_nobody_else(world: Finished) -> None:
    for actor in readers(world).values():
        assert not policies.answered_calls(actor, at=DAY).exists()
    world.finish()
    reads = {who for who, actor in readers(world).items() if policies.answered_calls(actor, at=DAY).exists()}
    assert reads == {
        "author",
        "member asked",
        "secretary of a cell asked",
        "office of a cell asked",
        "desk",
    }


def test_the_office_between_reads_what_its_cells_were_asked() -> None:
    city = make_unit("Đảng bộ thành phố", kind=UnitKind.UPPER)
    ward = make_ward(cells=2, members=3, parent=city)
    call = actions.open_call(unit=city, plan=plan_of_call(), actor=SYSTEM, at=AT)
    actions.close_call(call=call, reason="Đủ", actor=SYSTEM, at=DAY)
    call.refresh_from_db()
    answering.finish_call(call=call, actor=SYSTEM, at=DAY)
    office = office_of(ward.unit)
    assert list(policies.visible_calls(office, at=DAY)) == list(policies.answered_calls(office, at=DAY)) == [call]


def test_whoever_only_holds_a_key_reads_no_answers() -> None:
    ward = make_ward(cells=4, members=4)
    asked = {"addressed": Addressed.CHOSEN_UNITS, "units": [ward.cells[0], ward.cells[2], ward.cells[3]]}
    sealed = make_sealed(ward, promises=frozenset({Promise.NAMED, Promise.WITHOUT_A_NAME}), **asked)
    sealed.release()
    day = sealed.call.released_on or DAY
    answering.finish_call(call=sealed.call, actor=SYSTEM, at=day)
    holder = acting_as(ward.members[1][1])
    assert policies.visible_calls(holder, at=day).exists()
    assert not policies.answered_calls(holder, at=day).exists()


def test_the_page_shows_summary_and_answer_never_the_words(world: Finished) -> None:
    member = as_person(world.ward.members[1][3])
    url = f"/comments/{world.call.key}/"
    assert ANSWER not in member.get(url).content.decode()
    world.finish()
    page = member.get(url).content.decode()
    assert SUMMARY in page
    assert ANSWER in page
    for hidden in (OWN_WORDS, ON_PERSON, "Đồng chí ấy"):
        assert hidden not in page


def test_a_summary_that_repeats_what_came_later_is_left_out(world: Finished) -> None:
    Group.objects.filter(is_answered=True).update(summary=OWN_WORDS.upper())
    (result,) = results_of(list(answered_groups(world.call)), on=DAY)
    assert (result.summary, result.answer.answer) == ("", ANSWER)


def test_a_changed_clause_leads_to_what_was_changed() -> None:
    world = make_world()
    plan, lamps, call = accepted(world)
    edited = Line(text="Lắp đèn, cả ngõ Đình", key=lamps.key)
    plans.edit_measure(plan=plan, line=edited, actor=SYSTEM, at=AT)
    second_adopted(plan)
    actions.close_call(call=call, reason="Đủ", actor=SYSTEM, at=DAY)
    call.refresh_from_db()
    answering.finish_call(call=call, actor=SYSTEM, at=DAY)
    page = as_person(world.ward.members[0][1]).get(f"/comments/{call.key}/").content.decode()
    assert f'href="/plans/{plan.key}/2/changes/"' in page
    assert "Lắp đèn, cả ngõ Đình" in page


def letters() -> tuple[Finished, Submission, Submission]:
    """A letter of a cell, mixed; another of the same cell on a person alone."""
    world = Finished()
    rows = [
        make_submission(
            world.ward.unit, text, subject=subject, author_kind=AuthorKind.UNIT, unit=world.ward.cells[1], author=""
        )
        for text, subject in (("Chi bộ đề nghị sửa sân", FREE), (ON_PERSON, world.person))
    ]
    return world, rows[0], rows[1]


def test_a_unit_reads_its_own_letters_and_nobody_elses() -> None:
    world, mixed, _alone = letters()
    allowed = {who for who, actor in readers(world).items() if list(policies.unit_submissions(actor)) == [mixed]}
    assert allowed == {"secretary of a cell asked", "office of a cell asked"}
    others = set(readers(world)) - allowed
    assert not [who for who in others if policies.unit_submissions(readers(world)[who]).exists()]


def test_the_secretary_finds_the_answer_to_the_letter() -> None:
    world, _mixed, _alone = letters()
    group = Group.objects.get(call=None, about=About.FREE)
    desk = Desk(world.ward.unit, None, group.key)
    reply = Reply(DispositionKind.EXPLAINED, "Sân sửa trong tháng.", DAY, summary="Sửa sân")
    answering.answer(desk=desk, groups=[group.pk], reply=reply, actor=SYSTEM, at=DAY)
    for client in (as_person(world.ward.members[1][0]), as_office(world.ward.cells[1])):
        page = client.get("/comments/mine/").content.decode()
        assert "Chi bộ đề nghị sửa sân" in page
        assert "Sân sửa trong tháng." in page
        assert ON_PERSON not in page
    member = as_person(world.ward.members[1][3]).get("/comments/mine/").content.decode()
    assert "Chi bộ đề nghị sửa sân" not in member
    assert as_office(world.sibling.unit).get("/comments/mine/").status_code == HTTPStatus.NOT_FOUND


@pytest.fixture
def kept() -> SealedCall:
    """Two kept names: one behind words on nothing in particular, one behind words on a person."""
    ward = make_ward(cells=3, members=4)
    body = make_body(ward.unit)
    give_post(ward.members[1][3], body, PostKind.STANDING_MEMBER)
    person = Subject(About.PERSON, person=ward.members[0][3], reviewed_by=body.pk)
    sealed = make_sealed(ward, promises=EVERY, subjects=[FREE, person])
    sealed.send(ward.members[0][1], OWN_WORDS, Promise.NAME_KEPT)
    sealed.send(ward.members[0][2], ON_PERSON, Promise.NAME_KEPT, choice=sealed.choice(About.PERSON))
    sealed.release()
    return sealed


def pages_of_names(client: Client, sealed: SealedCall) -> tuple[str, list[str]]:
    url = f"/comments/{sealed.call.key}/names/"
    rows = Submission.objects.order_by("pk")
    found = [client.get(f"/comments/submissions/{row.key}/name/") for row in rows]
    return client.get(url).content.decode(), [one.content.decode() for one in found if one.status_code == HTTPStatus.OK]


def test_who_may_read_the_words_sees_them_beside_the_envelope(kept: SealedCall) -> None:
    listed, single = pages_of_names(as_office(kept.ward.unit), kept)
    assert OWN_WORDS in listed
    assert len(single) == 1
    assert OWN_WORDS in single[0]
    assert ON_PERSON not in listed + single[0]
    reviewer = as_person(kept.ward.members[1][3])
    listed, single = pages_of_names(reviewer, kept)
    assert ON_PERSON in listed
    assert [ON_PERSON in page for page in single] == [True]
    assert OWN_WORDS not in listed + single[0]


def test_a_keeper_sees_envelopes_without_words(kept: SealedCall) -> None:
    keeper = as_person(kept.ward.members[2][1])
    listed, single = pages_of_names(keeper, kept)
    assert len(single) == 2
    assert not [page for page in (listed, *single) if OWN_WORDS in page or ON_PERSON in page]
