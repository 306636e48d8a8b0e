"""People, memberships and posts through both times."""

from datetime import UTC, date, datetime

import pytest

from tests.factories.organisation import (
    AT,
    DAY,
    START,
    acting_as,
    key_of_person,
    make_person,
    make_unit,
    make_user,
    make_ward,
    office_of,
)
from tests.organisation.test_actions_units import MAY, members, on_the_day
from trienkhai.accounts.models import User
from trienkhai.core.decisions import Invalid, Refused
from trienkhai.ledger.actions import record
from trienkhai.ledger.models import Detail, Entry
from trienkhai.organisation import actions
from trienkhai.organisation.actions import Ending, Move, NewPerson, NewPost, NewTie, Particulars
from trienkhai.organisation.models import Membership, Person, Post, SignIn, UnitState
from trienkhai.organisation.queries import actor_for, name_of
from trienkhai.organisation.rules import (
    SYSTEM,
    BodyKind,
    EndReason,
    Fault,
    MemberKind,
    PostKind,
    Role,
    Standing,
    Tie,
    UnitKind,
)

pytestmark = pytest.mark.django_db


def rows_of(person: int) -> list[tuple[object, ...]]:
    rows = Membership.objects.current().filter(person=person).order_by("starts_on", "pk")
    return list(rows.values_list("unit", "kind", "standing", "starts_on", "ends_on", "end_reason"))


def test_people_come_with_ties_and_posts_in_one_entry() -> None:
    cell = make_unit()
    people = [
        NewPerson(
            Particulars(full_name=name, birth_year=1950),
            ties=(NewTie(unit=cell, on=START),),
            posts=(NewPost(unit=cell, kind=PostKind.SECRETARY, on=START),) if name.endswith("An") else (),
        )
        for name in ("Nguyễn Văn An", "Đặng Thị Ánh")
    ]
    change = actions.add_people(people=people, actor=SYSTEM, at=AT)
    assert change.entry.count == 2
    assert members(cell, START) == set(change.made)
    assert Person.objects.get(pk=change.made[1]).folded == "dang thi anh"
    assert Post.objects.get().person_id == change.made[0]


@pytest.mark.parametrize(
    ("particulars", "code"),
    [
        (Particulars(full_name=" "), Fault.NAME_MISSING),
        (Particulars(full_name="x" * 121), Fault.NAME_TOO_LONG),
        (Particulars(full_name="A", phone="1" * 31), Fault.NAME_TOO_LONG),
        (Particulars(full_name="A", birth_year=1850), Fault.BIRTH_IMPOSSIBLE),
        (Particulars(full_name="A", birth_year=2013), Fault.BIRTH_IMPOSSIBLE),
        (Particulars(full_name="A", birth_year=1950, birth_month=2, birth_day=30), Fault.BIRTH_IMPOSSIBLE),
        (Particulars(full_name="A", birth_year=1950, birth_day=3), Fault.BIRTH_IMPOSSIBLE),
        (Particulars(full_name="A", birth_month=2), Fault.BIRTH_IMPOSSIBLE),
    ],
)
def test_impossible_particulars_are_refused(particulars: Particulars, code: Fault) -> None:
    with pytest.raises(Invalid) as caught:
        actions.add_person(person=NewPerson(particulars), actor=SYSTEM, at=AT)
    assert caught.value.code == code
    assert not Person.objects.exists()


def test_somebody_who_belongs_nowhere_is_added_by_the_installer_only() -> None:
    office = office_of(make_unit())
    with pytest.raises(Refused):
        actions.add_person(person=NewPerson(Particulars(full_name="Lê An")), actor=office, at=AT)


def test_nobody_counts_twice_on_one_day() -> None:
    one, two = make_unit("Một"), make_unit("Hai")
    person = make_person(unit=one)
    with pytest.raises(Invalid, match="counts_already"):
        actions.add_membership(person=person, unit=two, on=MAY, actor=SYSTEM, at=AT)
    actions.add_membership(person=person, unit=two, on=MAY, tie=Tie.RESIDENCE, actor=SYSTEM, at=AT)
    with pytest.raises(Invalid, match="tie_already"):
        actions.add_membership(person=person, unit=two, on=MAY, tie=Tie.RESIDENCE, actor=SYSTEM, at=AT)
    twice = (NewTie(unit=one, on=START), NewTie(unit=two, on=START))
    with pytest.raises(Invalid, match="counts_already"):
        actions.add_person(person=NewPerson(Particulars(full_name="Lê An"), ties=twice), actor=SYSTEM, at=AT)


def test_nobody_is_in_a_unit_before_it_opened() -> None:
    cell = make_unit(on=MAY)
    with pytest.raises(Invalid, match="unit_not_open"):
        make_person(unit=cell, on=START)


def test_who_left_can_come_back() -> None:
    cell = make_unit()
    person = make_person(unit=cell)
    actions.end_membership(person=person, on=date(2012, 3, 1), reason=EndReason.MOVED_OUT, actor=SYSTEM, at=AT)
    actions.add_membership(person=person, unit=cell, on=MAY, actor=SYSTEM, at=AT)
    assert [row[3:5] for row in rows_of(person)] == [(START, date(2012, 3, 1)), (MAY, None)]


def test_who_moves_leaves_their_post_and_takes_their_standing_along() -> None:
    ward = make_ward(cells=2, members=1)
    person = ward.members[1][0]
    actions.change_membership(person=person, on=date(2012, 2, 1), standing=Standing.EXEMPT, actor=SYSTEM, at=AT)
    change = actions.move_person(person=person, to_unit=ward.cells[0], on=MAY, actor=office_of(ward.unit), at=AT)
    assert rows_of(person)[-2:] == [
        (ward.cells[1], "official", "exempt", date(2012, 2, 1), MAY, "moved"),
        (ward.cells[0], "official", "exempt", MAY, None, ""),
    ]
    assert Post.objects.current().get(person=person).ends_on == MAY
    assert change.people == {person}


def test_a_move_entered_late_was_not_known_before() -> None:
    with on_the_day(date(2012, 2, 1)):
        ward = make_ward(cells=2, members=1)
    person = ward.members[1][0]
    with on_the_day(date(2012, 6, 1)) as at:
        actions.move_person(person=person, to_unit=ward.cells[0], on=MAY, actor=SYSTEM, at=at)
    assert person in members(ward.cells[1], MAY, known_at=date(2012, 5, 31))
    assert person in members(ward.cells[0], MAY, known_at=date(2012, 6, 1))
    assert person in members(ward.cells[1], date(2012, 4, 30))


@pytest.mark.parametrize("right", ["from", "to"])
def test_a_move_needs_the_right_to_both_units(right: str) -> None:
    one, two = make_ward(name="Một", members=1), make_ward(name="Hai", members=1)
    office = office_of(one.unit if right == "from" else two.unit)
    with pytest.raises(Refused):
        actions.move_person(person=one.everybody[1], to_unit=two.cells[0], on=MAY, actor=office, at=AT)


def test_nobody_moves_to_where_they_are_or_when_they_are_nowhere() -> None:
    cell = make_unit()
    person = make_person(unit=cell, on=MAY)
    with pytest.raises(Invalid, match="nothing_changes"):
        actions.move_person(person=person, to_unit=cell, on=DAY, actor=SYSTEM, at=AT)
    with pytest.raises(Invalid, match="not_a_member_then"):
        actions.move_person(person=person, to_unit=make_unit("Khác"), on=START, actor=SYSTEM, at=AT)


def test_being_admitted_official_and_exempt_are_told_apart() -> None:
    cell = make_unit()
    person = make_person(unit=cell, kind=MemberKind.PROBATIONARY)
    actions.change_membership(person=person, on=MAY, kind=MemberKind.OFFICIAL, actor=SYSTEM, at=AT)
    actions.change_membership(person=person, on=date(2012, 3, 1), standing=Standing.AWAY, actor=SYSTEM, at=AT)
    assert [row[1:5] for row in rows_of(person)] == [
        ("probationary", "active", START, date(2012, 3, 1)),
        ("probationary", "away", date(2012, 3, 1), MAY),
        ("official", "away", MAY, None),
    ]
    with pytest.raises(Invalid, match="nothing_changes"):
        actions.change_membership(person=person, on=MAY, standing=Standing.AWAY, actor=SYSTEM, at=AT)
    with pytest.raises(Invalid, match="not_a_member_then"):
        actions.change_membership(person=person, on=date(2011, 1, 1), standing=Standing.AWAY, actor=SYSTEM, at=AT)


@pytest.mark.parametrize("reason", [EndReason.DIED, EndReason.MOVED_OUT, EndReason.STRUCK_OFF, EndReason.EXPELLED])
def test_leaving_ends_every_tie_and_post(reason: EndReason) -> None:
    ward = make_ward(cells=2, members=1)
    person = ward.secretary
    actions.add_membership(person=person, unit=ward.cells[1], on=START, tie=Tie.RESIDENCE, actor=SYSTEM, at=AT)
    actions.end_membership(person=person, on=MAY, reason=reason, actor=SYSTEM, at=AT)
    assert {row[4:] for row in rows_of(person)} == {(MAY, reason)}
    assert set(Post.objects.current().filter(person=person).values_list("ends_on", flat=True)) == {MAY}


def test_a_residence_tie_ends_alone() -> None:
    ward = make_ward(cells=2, members=1)
    person = ward.everybody[0]
    actions.add_membership(person=person, unit=ward.cells[1], on=START, tie=Tie.RESIDENCE, actor=SYSTEM, at=AT)
    actions.end_membership(
        person=person, unit=ward.cells[1], tie=Tie.RESIDENCE, on=MAY, reason=EndReason.MOVED, actor=SYSTEM, at=AT
    )
    assert person in members(ward.cells[0], MAY)
    assert person not in members(ward.cells[1], MAY)
    with pytest.raises(Invalid, match="not_a_member_then"):
        actions.end_membership(
            person=person, unit=ward.cells[1], tie=Tie.RESIDENCE, on=DAY, reason=EndReason.MOVED, actor=SYSTEM, at=AT
        )


def test_nothing_ends_before_it_began() -> None:
    person = make_person(unit=make_unit(), on=MAY)
    for day in (START, MAY):
        with pytest.raises(Invalid, match="not_a_member_then"):
            actions.end_membership(person=person, on=day, reason=EndReason.DIED, actor=SYSTEM, at=AT)


def test_many_moves_and_endings_are_one_entry_each() -> None:
    ward = make_ward()
    before = Entry.objects.count()
    moves = [Move(person, ward.cells[1], MAY) for person in ward.members[0]]
    actions.move_people(moves=moves, actor=SYSTEM, at=AT)
    endings = [Ending(person, DAY, EndReason.DIED) for person in ward.members[0]]
    entry = actions.end_memberships(endings=endings, actor=SYSTEM, at=AT).entry
    assert Entry.objects.count() == before + 2
    assert entry.count == 4
    assert members(ward.cells[1], MAY) == {*ward.members[0], *ward.members[1]}
    assert members(ward.cells[1], DAY) == set(ward.members[1])


def test_a_corrected_name_is_found_and_the_old_one_stays_in_the_ledger() -> None:
    ward = make_ward(members=1)
    person = ward.everybody[1]
    old = Person.objects.get(pk=person).full_name
    particulars = Particulars(full_name="Đỗ Thị Yến", birth_year=1958)
    entry = actions.correct_person(person=person, particulars=particulars, actor=office_of(ward.unit), at=AT).entry
    row = Person.objects.get(pk=person)
    assert (row.folded, row.birth_year) == ("do thi ien", 1958)
    assert Detail.objects.get(entry=entry).content["full_name"] == [old, "Đỗ Thị Yến"]
    with pytest.raises(Refused):
        actions.correct_person(
            person=person, particulars=Particulars(full_name="X"), actor=acting_as(ward.everybody[0]), at=AT
        )


def test_a_duplicate_never_was_but_stays_known_as_of_then() -> None:
    with on_the_day(date(2012, 2, 1)):
        cell = make_unit()
        keep, drop = make_person(unit=cell), make_person(unit=cell, post=PostKind.SECRETARY)
        user = make_user(person=drop)
    with on_the_day(date(2012, 11, 20)) as at:
        change = actions.merge_duplicate(keep=keep, drop=drop, actor=SYSTEM, at=at)
    assert members(cell, MAY) == {keep}
    assert members(cell, MAY, known_at=date(2012, 11, 19)) == {keep, drop}
    assert Person.objects.get(pk=drop).merged_into_id == keep
    assert not Post.objects.current().exists()
    assert SignIn.objects.get(user=user).person_id == keep
    assert change.people == {keep, drop}
    with pytest.raises(Invalid, match="same_person"):
        actions.merge_duplicate(keep=keep, drop=keep, actor=SYSTEM, at=AT)
    with pytest.raises(Invalid, match="person_unknown"):
        actions.merge_duplicate(keep=keep, drop=drop, actor=SYSTEM, at=AT)


def test_of_two_sign_ins_the_kept_one_stays() -> None:
    cell = make_unit()
    keep, drop = make_person(unit=cell), make_person(unit=cell)
    user, other = make_user(person=keep), make_user(person=drop)
    actions.merge_duplicate(keep=keep, drop=drop, actor=SYSTEM, at=AT)
    assert list(SignIn.objects.values_list("user", "person")) == [(user.pk, keep)]
    assert actor_for(other, on=DAY).person_id is None


def test_a_post_is_given_once_and_ended_with_its_key_kept() -> None:
    ward = make_ward(cells=1, members=2)
    person = ward.everybody[1]
    given = actions.give_post(
        person=person, unit=ward.cells[0], kind=PostKind.DEPUTY, on=START, actor=office_of(ward.unit), at=AT
    )
    key = Post.objects.get(pk=given.made[0]).key
    with pytest.raises(Invalid, match="post_already"):
        actions.give_post(person=person, unit=ward.cells[0], kind=PostKind.DEPUTY, on=MAY, actor=SYSTEM, at=AT)
    with pytest.raises(Invalid, match="ends_before_start"):
        actions.end_post(post=given.made[0], on=START, actor=SYSTEM, at=AT)
    actions.end_post(post=given.made[0], on=MAY, actor=SYSTEM, at=AT)
    row = Post.objects.current().get(key=key)
    assert (row.starts_on, row.ends_on) == (START, MAY)
    actions.withdraw_post(post=row.pk, actor=SYSTEM, at=AT)
    assert not Post.objects.current().filter(key=key).exists()
    with pytest.raises(Invalid, match="post_unknown"):
        actions.withdraw_post(post=row.pk, actor=SYSTEM, at=AT)


def test_a_secretary_by_post_runs_the_unit_until_the_post_ends() -> None:
    ward = make_ward()
    user = make_user(person=ward.members[1][0])
    actions.end_post(post=Post.objects.current().get(person=ward.members[1][0]).pk, on=MAY, actor=SYSTEM, at=AT)
    roles = {grant.role for grant in actor_for(user, on=date(2012, 4, 30)).grants}
    assert roles == {"secretary", "member"}
    assert {grant.role for grant in actor_for(user, on=MAY).grants} == {"member"}


def test_a_body_exists_once_and_takes_its_posts_along() -> None:
    ward = make_ward()
    body = actions.make_body(
        unit=ward.unit, kind=BodyKind.STANDING_COMMITTEE, name="Ban Thường vụ", on=START, actor=SYSTEM, at=AT
    ).made[0]
    with pytest.raises(Invalid, match="body_already"):
        actions.make_body(unit=ward.unit, kind=BodyKind.STANDING_COMMITTEE, name="Khác", on=MAY, actor=SYSTEM, at=AT)
    with pytest.raises(Invalid, match="body_unknown"):
        actions.give_post(
            person=ward.secretary,
            unit=ward.cells[0],
            kind=PostKind.STANDING_MEMBER,
            body=body,
            on=START,
            actor=SYSTEM,
            at=AT,
        )
    actions.give_post(
        person=ward.secretary, unit=ward.unit, kind=PostKind.STANDING_MEMBER, body=body, on=START, actor=SYSTEM, at=AT
    )
    assert actions.end_body(body=body, on=MAY, actor=SYSTEM, at=AT).people == {ward.secretary}
    with pytest.raises(Invalid, match="body_unknown"):
        actions.end_body(body=body, on=MAY, actor=SYSTEM, at=AT)


# --- Taking back ------------------------------------------------------------------------------------------------------


def test_a_slip_of_today_can_be_taken_back() -> None:
    with on_the_day(date(2012, 2, 1)):
        ward = make_ward(cells=2, members=2)
        office = office_of(ward.unit)
    person = ward.secretary
    before, posts = rows_of(person), Post.objects.current().filter(person=person).count()
    with on_the_day(MAY) as at:
        slip = actions.end_membership(person=person, on=MAY, reason=EndReason.DIED, actor=office, at=at).entry
        change = actions.undo(entry=slip.seq, actor=office, at=at)
    assert rows_of(person) == before
    assert Post.objects.current().filter(person=person, ends_on=None).count() == posts
    assert person in change.people
    assert person in members(ward.cells[0], MAY, known_at=MAY)


def test_a_merge_can_be_taken_back_tree_and_all() -> None:
    with on_the_day(date(2012, 2, 1)):
        ward = make_ward(cells=2, members=2)
    with on_the_day(MAY) as at:
        slip = actions.merge_units(units=ward.cells, into=ward.cells[0], on=MAY, actor=SYSTEM, at=at).entry
        actions.undo(entry=slip.seq, actor=SYSTEM, at=at)
    assert members(ward.cells[1], MAY) == set(ward.members[1])
    assert not UnitState.objects.current().filter(ends_on__isnull=False).exists()


def test_a_wrong_correction_and_a_wrong_duplicate_can_be_taken_back() -> None:
    cell = make_unit()
    keep, drop = make_person("Lê An", unit=cell), make_person("Lê An", unit=cell)
    now = datetime.now(tz=UTC)  # noqa: TID251 - entries of this test are recorded by the real clock
    for change in (
        actions.correct_person(person=keep, particulars=Particulars(full_name="Lê Ân"), actor=SYSTEM, at=AT),
        actions.merge_duplicate(keep=keep, drop=drop, actor=SYSTEM, at=AT),
    ):
        actions.undo(entry=change.entry.seq, actor=SYSTEM, at=now)
    assert Person.objects.get(pk=keep).folded == "le an"
    assert Person.objects.get(pk=drop).merged_into is None
    assert members(cell, MAY) == {keep, drop}


def test_what_others_did_or_what_was_built_upon_is_not_taken_back() -> None:
    with on_the_day(date(2012, 2, 1)):
        ward = make_ward(cells=2, members=2)
        office, other = office_of(ward.unit), office_of(ward.unit)
    person = ward.members[0][1]
    with on_the_day(MAY) as at:
        slip = actions.move_person(person=person, to_unit=ward.cells[1], on=MAY, actor=office, at=at).entry
        with pytest.raises(Refused, match="may_not_keep_organisation"):
            actions.undo(entry=slip.seq, actor=other, at=at)
        actions.change_membership(person=person, on=MAY, standing=Standing.EXEMPT, actor=office, at=at)
        with pytest.raises(Refused, match="undo_overtaken"):
            actions.undo(entry=slip.seq, actor=office, at=at)
    with on_the_day(date(2012, 5, 2)) as at, pytest.raises(Refused, match="undo_too_late"):
        actions.undo(entry=slip.seq, actor=office, at=at)
    with pytest.raises(Refused, match="undo_too_late"):
        actions.undo(entry=10**9, actor=SYSTEM, at=AT)


def test_nobody_counts_twice_after_something_is_taken_back() -> None:
    with on_the_day(date(2012, 2, 1)):
        one, two = make_unit("Một"), make_unit("Hai")
        person = make_person(unit=one)
    with on_the_day(MAY) as at:
        slip = actions.end_membership(person=person, on=MAY, reason=EndReason.MOVED_OUT, actor=SYSTEM, at=at).entry
        actions.add_membership(person=person, unit=two, on=MAY, actor=SYSTEM, at=at)
        with pytest.raises(Invalid, match="counts_already"):
            actions.undo(entry=slip.seq, actor=SYSTEM, at=at)


def test_only_entries_of_the_organisation_are_taken_back() -> None:
    entry = record(actor=None, action="rollouts.open_rollout")
    now = datetime.now(tz=UTC)  # noqa: TID251 - recorded by the real clock
    with pytest.raises(Refused, match="undo_too_late"):
        actions.undo(entry=entry.seq, actor=SYSTEM, at=now)


# --- Sign-ins ---------------------------------------------------------------------------------------------------------


def test_an_office_makes_sign_ins_for_its_people_only() -> None:
    one, two = make_ward(name="Một"), make_ward(name="Hai")
    office = office_of(one.unit)
    ours, theirs = one.everybody[0], two.everybody[0]
    user = actions.open_sign_in(username="bithu1", password="mat-khau-dai", person=ours, actor=office, at=AT).made[0]
    assert SignIn.objects.get(user=user).person_id == ours
    for values in ({"person": theirs}, {"office_of": two.unit}, {}):
        with pytest.raises(Refused):
            actions.open_sign_in(username="khac", password="mat-khau-dai", actor=office, at=AT, **values)
    for username, code in (("BiThu1", "username_taken"), ("a b", "username_invalid"), ("", "username_invalid")):
        with pytest.raises(Invalid, match=code):
            actions.open_sign_in(username=username, password="mat-khau-dai", actor=SYSTEM, at=AT)
    with pytest.raises(Invalid, match="person_has_sign_in"):
        actions.open_sign_in(username="bithu2", password="mat-khau-dai", person=ours, actor=office, at=AT)


def test_delegation_gives_an_office_for_its_days() -> None:
    ward = make_ward()
    user = make_user(person=ward.everybody[1])
    office = office_of(ward.unit)
    given = actions.delegate(user=user.pk, unit=ward.unit, starts_on=MAY, actor=office, at=AT).made[0]
    assert actor_for(user, on=MAY).units(Role.OFFICE) == {ward.unit}
    with pytest.raises(Invalid, match="delegated_already"):
        actions.delegate(user=user.pk, unit=ward.unit, starts_on=DAY, actor=office, at=AT)
    actions.end_delegation(delegation=given, on=DAY, actor=office, at=AT)
    assert actor_for(user, on=DAY).units(Role.OFFICE) == frozenset()
    with pytest.raises(Invalid, match="nothing_changes"):
        actions.end_delegation(delegation=given, on=DAY, actor=office, at=AT)
    with pytest.raises(Refused):
        actions.delegate(user=user.pk, unit=ward.unit, starts_on=DAY, actor=acting_as(ward.secretary), at=AT)


def test_an_office_resets_passwords_only_within_its_reach() -> None:
    city = make_unit("Thành uỷ", kind=UnitKind.UPPER)
    ward = make_ward(parent=city)
    office = office_of(ward.unit)
    member, clerk = make_user(person=ward.everybody[1]), make_user(office_of=city)
    installer = make_user(is_installer=True)
    actions.reset_password(user=member.pk, password="mat-khau-khac", actor=office, at=AT)
    member.refresh_from_db()
    assert member.check_password("mat-khau-khac")
    for user in (clerk, installer):
        with pytest.raises(Refused, match="may_not_keep_user"):
            actions.reset_password(user=user.pk, password="mat-khau-khac", actor=office, at=AT)
    actions.delegate(user=member.pk, unit=city, starts_on=MAY, actor=SYSTEM, at=AT)
    with pytest.raises(Refused):
        actions.set_active(user=member.pk, is_active=False, actor=office, at=AT)


def test_a_stopped_sign_in_is_nobody() -> None:
    ward = make_ward()
    user = make_user(person=ward.secretary)
    actions.set_active(user=user.pk, is_active=False, actor=office_of(ward.unit), at=AT)
    user.refresh_from_db()
    assert actor_for(user, on=DAY).key is None
    with pytest.raises(Invalid, match="nothing_changes"):
        actions.set_active(user=user.pk, is_active=False, actor=SYSTEM, at=AT)
    actions.set_active(user=user.pk, is_active=True, actor=SYSTEM, at=AT)
    own = make_user(office_of=ward.unit)
    with pytest.raises(Refused):
        actions.set_active(user=own.pk, is_active=False, actor=actor_for(own, on=DAY), at=AT)


def test_a_user_is_somebody_else_after_linking() -> None:
    ward = make_ward()
    user = make_user(person=ward.everybody[1])
    office = office_of(ward.unit)
    actions.link_sign_in(user=user.pk, person=ward.everybody[2], actor=office, at=AT)
    assert actor_for(user, on=DAY).person_id == ward.everybody[2]
    actions.link_sign_in(user=user.pk, person=None, actor=office, at=AT)
    assert not SignIn.objects.filter(user=user).exists()


def test_keys_stay() -> None:
    person = make_person(unit=make_unit())
    assert key_of_person(person) == str(Person.objects.get(pk=person).key)
    assert name_of(10**9, MAY) == ""


# --- What is asked for and cannot be ----------------------------------------------------------------------------------


def test_days_of_ties_and_posts_come_in_order() -> None:
    cell = make_unit()
    backwards = NewPerson(Particulars(full_name="Lê An"), ties=(NewTie(unit=cell, on=MAY, until=START),))
    with pytest.raises(Invalid, match="ends_before_start"):
        actions.add_person(person=backwards, actor=SYSTEM, at=AT)
    person = make_person(unit=cell)
    for values, code in (
        ({"on": MAY, "until": START}, "ends_before_start"),
        ({"on": date(2011, 1, 1)}, "unit_not_open"),
        ({"on": MAY, "title": "x" * 151}, "name_too_long"),
    ):
        with pytest.raises(Invalid, match=code):
            actions.give_post(person=person, unit=cell, kind=PostKind.OTHER, actor=SYSTEM, at=AT, **values)
    user = make_user(person=person)
    with pytest.raises(Invalid, match="ends_before_start"):
        actions.delegate(user=user.pk, unit=cell, starts_on=MAY, ends_on=MAY, actor=SYSTEM, at=AT)


def test_nothing_is_corrected_or_ended_that_is_not_there() -> None:
    cell = make_unit(on=MAY)
    person = make_person(unit=cell, on=MAY)
    same = Particulars.of(Person.objects.get(pk=person))
    with pytest.raises(Invalid, match="nothing_changes"):
        actions.correct_person(person=person, particulars=same, actor=SYSTEM, at=AT)
    with pytest.raises(Invalid, match="post_unknown"):
        actions.end_post(post=10**9, on=MAY, actor=SYSTEM, at=AT)
    with pytest.raises(Invalid, match="unit_not_open"):
        actions.make_body(unit=cell, kind=BodyKind.CELL_COMMITTEE, name="Chi uỷ", on=START, actor=SYSTEM, at=AT)


def test_a_clerk_gets_a_sign_in_for_an_office() -> None:
    ward = make_ward()
    office = office_of(ward.unit)
    user = actions.open_sign_in(
        username="vanthu", password="mat-khau-dai", office_of=ward.unit, actor=office, at=AT
    ).made[0]
    assert actor_for(User.objects.get(pk=user), on=DAY).units(Role.OFFICE) == {ward.unit}


def test_a_password_made_here_can_be_read_out() -> None:
    made = {actions.fresh_password() for _n in range(50)}
    assert len(made) == 50
    assert all(len(password) == 14 and not set(password) & set("0o1il") for password in made)
