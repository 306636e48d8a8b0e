"""Points on persons: read by that person and the body that reviews; by the former without who wrote."""

import pytest

from tests.factories.comments import AT, OPENLY, give_post, make_body, make_call, make_submission
from tests.factories.organisation import DAY, START, acting_as, make_person, make_unit, make_ward, office_of
from trienkhai.comments import actions, policies
from trienkhai.comments.models import Point, Submission
from trienkhai.comments.rules import About, AuthorKind, CommentError, Said, Subject
from trienkhai.core.decisions import Invalid
from trienkhai.organisation import actions as organisation
from trienkhai.organisation.rules import SYSTEM, Actor, BodyKind, PostKind, UnitKind

pytestmark = pytest.mark.django_db


class World:
    """A ward under a city, a call on a person and on nothing in particular, one comment on each by one author."""

    def __init__(self) -> None:
        city = make_unit("Đảng bộ thành phố", kind=UnitKind.UPPER)
        self.city = city
        self.ward = make_ward(cells=3, members=4, parent=city)
        self.criticised = self.ward.members[0][0]
        self.author = self.ward.members[1][1]
        self.reviewer = self.ward.members[2][1]
        self.body = make_body(self.ward.unit, name="Uỷ ban kiểm tra Đảng uỷ", kind=BodyKind.INSPECTION)
        give_post(self.reviewer, self.body, PostKind.INSPECTION_MEMBER)
        self.on_person = Subject(About.PERSON, person=self.criticised, reviewed_by=self.body.pk)
        self.call = make_call(self.ward, promises=OPENLY, subjects=[Subject(About.FREE), self.on_person])
        points = [Said(self.on_person, "Chưa gần dân"), Said(Subject(About.FREE), "Nên họp sớm hơn")]
        actor = acting_as(self.author)
        self.mixed = actions.write_openly(call=self.call, person=self.author, points=points, actor=actor, at=AT)
        self.alone = actions.write_openly(call=self.call, person=self.author, points=points[:1], actor=actor, at=AT)


@pytest.fixture
def world() -> World:
    return World()


def readers(world: World) -> dict[str, Actor]:
    sibling = make_ward(cells=1, name="Đảng bộ phường bên cạnh", parent=world.city)
    return {
        "desk": office_of(world.ward.unit),
        "upper office": office_of(world.city),
        "sibling": office_of(sibling.unit),
        "secretary of another cell": acting_as(world.ward.members[1][0]),
        "member": acting_as(world.ward.members[2][2]),
        "installer": SYSTEM,
    }


@pytest.mark.parametrize("who", ["desk", "upper office", "sibling", "secretary of another cell", "member", "installer"])
def test_nobody_else_reads_what_is_said_of_a_person(world: World, who: str) -> None:
    actor = readers(world)[who]
    for seen in (policies.desk_points(actor, at=DAY), policies.points_on_me(actor)):
        assert not seen.filter(about=About.PERSON).exists()
    assert not policies.points_to_review(actor, at=DAY).exists()
    assert world.alone not in policies.desk_submissions(actor, at=DAY)


def test_the_desk_reads_the_rest_of_the_same_submission(world: World) -> None:
    desk = office_of(world.ward.unit)
    assert [point.text for point in policies.desk_points(desk, at=DAY)] == ["Nên họp sớm hơn"]
    assert list(policies.desk_submissions(desk, at=DAY)) == [world.mixed]


def test_the_person_reads_the_words_not_the_author(world: World) -> None:
    actor = acting_as(world.criticised)
    found = policies.points_on_me(actor)
    assert {point.text for point in found} == {"Chưa gần dân"}
    # the person leads the ward: its desk; even so who wrote is not among what they may load
    assert world.alone not in policies.desk_submissions(actor, at=DAY)
    assert not policies.points_to_review(actor, at=DAY).exists()


def test_the_reviewing_body_reads_with_the_author(world: World) -> None:
    found = policies.points_to_review(acting_as(world.reviewer), at=DAY)
    assert {point.submission.person_id for point in found} == {world.author}


def test_a_reviewer_whose_post_has_ended_reads_nothing(world: World) -> None:
    post = world.body.posts.get()
    organisation.end_post(post=post.pk, on=DAY, actor=SYSTEM, at=AT)
    assert not policies.points_to_review(acting_as(world.reviewer), at=DAY).exists()


def test_a_reviewer_does_not_see_who_wrote_of_themselves(world: World) -> None:
    give_post(world.criticised, world.body, PostKind.INSPECTION_MEMBER)
    actor = acting_as(world.criticised)
    assert not policies.points_to_review(actor, at=DAY).exists()
    assert policies.points_on_me(actor).count() == 2


def test_the_author_keeps_seeing_their_own(world: World) -> None:
    own = policies.own_submissions(acting_as(world.author))
    assert set(own) == {world.mixed, world.alone}


def test_points_on_persons_stand_in_groups_of_that_person(world: World) -> None:
    for point in Point.objects.filter(about=About.PERSON).select_related("group"):
        assert (point.group.about, point.group.person_id) == (About.PERSON, world.criticised)


def test_an_unasked_letter_on_a_person_names_the_body_that_reviews(world: World) -> None:
    with pytest.raises(Invalid, match=CommentError.NO_REVIEWER):
        make_submission(world.ward.unit, subject=Subject(About.PERSON, person=world.criticised))
    row = make_submission(world.ward.unit, "Thư riêng", subject=world.on_person)
    assert Submission.objects.filter(pk=row.pk, author_kind=AuthorKind.RESIDENT).exists()
    assert row not in policies.desk_submissions(office_of(world.ward.unit), at=DAY)


def test_an_upper_office_reads_no_comments_of_a_ward(world: World) -> None:
    make_submission(world.ward.unit, "Thư ngỏ về đường sá")
    city = office_of(world.city)
    assert not policies.desk_points(city, at=DAY).exists()
    assert not policies.visible_calls(city, at=DAY).exists()
    assert START < DAY


def test_a_person_outside_reads_nothing() -> None:
    world = World()
    stranger = acting_as(make_person("Đỗ Văn Xa", unit=make_ward(cells=1, name="Đảng bộ phường xa").cells[0]))
    assert not policies.visible_calls(stranger, at=DAY).exists()
    assert not policies.desk_submissions(stranger, at=DAY).exists()
    assert world.call.pk


def test_a_person_entered_twice_is_one_person(world: World) -> None:
    other = make_person("Người nhập hai lần", unit=world.ward.cells[0])
    subject = Subject(About.PERSON, person=other, reviewed_by=world.body.pk)
    make_submission(world.ward.unit, "Nói về đồng chí ấy", subject=subject)
    organisation.merge_duplicate(keep=world.reviewer, drop=other, actor=SYSTEM, at=AT)
    actor = acting_as(world.reviewer)
    assert {point.text for point in policies.points_on_me(actor)} == {"Nói về đồng chí ấy"}
    assert not policies.points_to_review(actor, at=DAY).filter(text="Nói về đồng chí ấy").exists()
