from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories.meetings import DAY, NOW, World, make_ward, marks, person, secretary_user, tie
from trienkhai.accounts.models import User
from trienkhai.ledger.models import Entry
from trienkhai.meetings import actions
from trienkhai.meetings.models import Attendance, Material, Meeting, RosterEntry
from trienkhai.meetings.rules import Mark, MeetingState, Presence, RosterGroup
from trienkhai.organisation.models import Delegation
from trienkhai.organisation.rules import SYSTEM, MemberKind, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_ward()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    client.cookies["django_language"] = "en"
    return client


def office_user(world: World) -> User:
    user = User.objects.create_user("office")
    Delegation.objects.create(user=user, unit=world.ward, role=Role.OFFICE, starts_on=date(2012, 1, 1))
    return user


@pytest.fixture
def office(world: World) -> Client:
    return signed_in(office_user(world))


def url(name: str, meeting: Meeting, *more: object) -> str:
    return reverse(f"meetings:{name}", args=[meeting.key, *more])


def roll_data(
    meeting: Meeting, *, away: dict[str, tuple[str, str]] | None = None, **values: object
) -> dict[str, object]:
    """What the roll's form sends; ``away``: by given name, (what, why)."""
    meeting.refresh_from_db()
    rows = RosterEntry.objects.current().filter(meeting=meeting).select_related("person").order_by("pk")
    data: dict[str, object] = {
        "place": [str(row.key) for row in rows],
        "source": "roll_call",
        "told_by": "",
        "seen": meeting.roll_seq,
        "sending": str(uuid4()),
    }
    for row in rows:
        given = row.person.full_name.split()[-1] if row.person else row.guest_name
        if away and given in away:
            data[f"what-{row.key}"], data[f"why-{row.key}"] = away[given]
        else:
            data[f"here-{row.key}"] = "on"
    return data | values


def said(meeting: Meeting) -> dict[str, str]:
    rows = Attendance.objects.current().filter(entry__meeting=meeting).select_related("entry__person")
    return {row.entry.person.full_name.split()[-1]: row.presence for row in rows if row.entry.person}


# --- planning


def test_plan_a_meeting_with_seats_and_see_its_roster(world: World, office: Client) -> None:
    page = office.get(reverse("meetings:plan", args=[world.rollout.key]))
    assert page.status_code == 200
    data = {
        "key": str(uuid4()),
        "host": str(world.ward.key),
        "title": "Học tập nghị quyết",
        "held_on": "12/05/2012",
        "begins_at": "7h30",
        "minutes": "120",
        "form": "in_person",
        "venue": "Nhà văn hoá",
        "seats": [str(world.cells[0].key), str(world.agency.key)],
    }
    office.post(reverse("meetings:plan", args=[world.rollout.key]), data)
    answer = office.post(reverse("meetings:plan", args=[world.rollout.key]), data)
    meeting = Meeting.objects.get()
    assert answer.headers["Location"] == url("one", meeting)
    assert (meeting.held_on, meeting.minutes, meeting.venue) == (DAY, 120, "Nhà văn hoá")
    page = office.get(url("one", meeting))
    assert "4 on the roster" in page.content.decode()
    assert all(one.full_name in page.content.decode() for one in world.members[world.cells[0].pk])


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"held_on": "31/02/2012"}, "held_on"), ({"title": " "}, "title"), ({"held_on": "01/01/2012"}, "held_on")],
)
def test_a_faulty_plan_comes_back(world: World, office: Client, wrong: dict[str, str], field: str) -> None:
    data = {"host": str(world.ward.key), "title": "x", "held_on": "12/05/2012", "form": "online", **wrong}
    page = office.post(reverse("meetings:plan", args=[world.rollout.key]), data)
    assert page.status_code == 422
    assert page.context["form"].errors.keys() == {field}
    assert not Meeting.objects.exists()


def test_change_cancel_and_restore(world: World, office: Client) -> None:
    meeting = world.meet()
    assert office.get(url("change", meeting)).status_code == 200
    data = {"host": str(world.cells[0].key), "title": "Mới", "held_on": "20/05/2012", "form": "mixed"}
    assert office.post(url("change", meeting), data).status_code == 302
    meeting.refresh_from_db()
    assert (meeting.title, meeting.held_on) == ("Mới", date(2012, 5, 20))
    assert office.post(url("cancel", meeting), {"because": ""}).status_code == 422
    office.post(url("cancel", meeting), {"because": "bão"})
    assert "bão" in office.get(url("one", meeting)).content.decode()
    assert office.get(url("roll", meeting)).status_code == 403
    office.post(url("restore", meeting))
    meeting.refresh_from_db()
    assert meeting.state == MeetingState.PLANNED


# --- roll call


def test_everybody_is_preset_present_and_the_absent_are_changed(world: World, office: Client) -> None:
    meeting = world.meet(world.ward, seats=[world.cells[0].pk, world.agency.pk])
    page = office.get(url("roll", meeting)).content.decode()
    assert page.count("data-member") == 4
    assert page.count("checked data-member") == 4
    others = {f"here-{row.key}" for row in RosterEntry.objects.filter(meeting=meeting, group=RosterGroup.OTHER)}
    data = roll_data(meeting, away={"An": ("absent", ""), "Ánh": ("absent", "ốm"), "Bình": ("late", "")})
    data = {name: value for name, value in data.items() if name not in sorted(others)[:1]}
    answer = office.post(url("roll", meeting), data)
    assert answer.headers["Location"] == url("one", meeting)
    found = said(meeting)
    assert [found[name] for name in ("An", "Ánh", "Bình", "Chi")] == ["absent", "absent_excused", "late", "present"]
    assert len(found) == 5  # one of those who are not members is simply not spoken of
    page = office.get(url("one", meeting)).content.decode()
    assert "4 on the roster: 2 there (1 came late), 1 away with a reason, 1 away, no reason given" in page
    assert "1 of 2 took part" in page


def test_the_form_sent_twice_is_entered_once_and_says_so(world: World, office: Client) -> None:
    meeting = world.meet()
    data = roll_data(meeting)
    office.post(url("roll", meeting), data)
    entries = Entry.objects.count()
    page = office.post(url("roll", meeting), data, follow=True)
    assert "arrived already" in page.content.decode()
    assert Entry.objects.count() == entries


def test_a_script_gets_the_address_as_json_and_the_message_waits(world: World, office: Client) -> None:
    meeting = world.meet()
    answer = office.post(url("roll", meeting), roll_data(meeting), headers={"X-Roll": "1"})
    assert answer.json() == {"address": url("one", meeting)}
    assert "The roll is saved: 4 marks." in office.get(url("one", meeting)).content.decode()


def test_two_browsers_at_once_lose_nothing_and_name_the_other_writer(world: World, office: Client) -> None:
    meeting = world.meet()
    mine = roll_data(meeting, away={"An": ("absent", ""), "Bình": ("left_early", "")})
    secretary = signed_in(secretary_user(world.cells[0], world.members[world.cells[0].pk][3]))
    theirs = roll_data(meeting, away={"An": ("absent", "đi viện")})
    assert secretary.post(url("roll", meeting), theirs).status_code == 302
    page = office.post(url("roll", meeting), mine)
    assert page.status_code == 409
    text = page.content.decode()
    assert "Phạm Thị Minh Chi entered meanwhile" in text
    assert "đi viện" in text
    assert [item["row"].name.split()[-1] for item in page.context["asked"]] == ["An", "Bình"]
    assert said(meeting)["An"] == "absent_excused"
    form = page.context["form"]
    again = {**mine, "seen": form["seen"].value(), "sending": str(form["sending"].value())}
    assert office.post(url("roll", meeting), again).status_code == 302
    assert (said(meeting)["An"], said(meeting)["Bình"]) == ("absent", "left_early")


def test_a_roster_that_changed_meanwhile_keeps_what_was_marked(world: World, office: Client) -> None:
    meeting = world.meet()
    data = roll_data(meeting, away={"Bình": ("late", "kẹt xe")})
    gone = RosterEntry.objects.filter(meeting=meeting, person__full_name__endswith="An").get()
    actions.remove_from_roster(meeting=meeting, place=gone.key, actor=SYSTEM, at=NOW)
    page = office.post(url("roll", meeting), data)
    assert page.status_code == 422
    assert "The roster has changed" in page.content.decode()
    assert 'value="kẹt xe"' in page.content.decode()
    assert not Attendance.objects.exists()


def test_entered_afterwards_by_telephone_says_who_told_and_on_which_day(world: World, office: Client) -> None:
    meeting = world.meet()
    page = office.get(url("roll", meeting), {"source": "telephone"})
    assert page.context["form"]["source"].value() == "telephone"
    nobody = office.post(url("roll", meeting), roll_data(meeting, source="telephone"))
    assert nobody.status_code == 422
    assert "told_by" in nobody.context["form"].errors
    data = roll_data(meeting, source="telephone", told_by="đ/c Bí thư", held_on="14/05/2012")
    assert office.post(url("roll", meeting), data).status_code == 302
    meeting.refresh_from_db()
    assert meeting.held_on == date(2012, 5, 14)
    assert "đ/c Bí thư" in office.get(url("one", meeting)).content.decode()


@pytest.mark.parametrize("wrong", [{"seen": "x"}, {"sending": "no"}, {"source": "import"}, {"held_on": "99/99/2012"}])
def test_a_damaged_roll_comes_back_and_writes_nothing(world: World, office: Client, wrong: dict[str, Any]) -> None:
    meeting = world.meet()
    page = office.post(url("roll", meeting), roll_data(meeting, **wrong))
    assert page.status_code == 422
    assert not Attendance.objects.exists()


def test_a_place_of_another_meeting_in_the_form_is_not_written(world: World, office: Client) -> None:
    meeting, other = world.meet(), world.meet(world.cells[1])
    data = roll_data(meeting)
    foreign = str(RosterEntry.objects.filter(meeting=other).values_list("key", flat=True)[0])
    data["place"] = [foreign, "nonsense"]
    assert office.post(url("roll", meeting), data).status_code == 422
    assert not Attendance.objects.exists()


def test_somebody_not_a_member_who_came_late_is_not_changed_by_saving_again(world: World, office: Client) -> None:
    meeting = world.meet(world.ward, seats=[world.agency.pk])
    actions.call_roll(meeting=meeting, marks=marks(meeting, Presence.LATE), actor=SYSTEM, at=NOW)
    office.post(url("roll", meeting), roll_data(meeting))
    assert set(said(meeting).values()) == {"late"}


# --- who sees what


def test_sibling_secretaries_see_their_own_part_only(world: World) -> None:
    meeting = world.meet(world.ward, seats=[cell.pk for cell in world.cells])
    own_meeting = world.meet(world.cells[1])
    actions.call_roll(meeting=meeting, marks=marks(meeting), actor=SYSTEM, at=NOW)
    unseen = person(9, "Tạ Hữu Ẩn")
    tie(unseen, world.cells[1])
    client = signed_in(secretary_user(world.cells[0], world.members[world.cells[0].pk][0]))
    page = client.get(url("one", meeting)).content.decode()
    assert "4 on the roster: 4 there" in page
    assert "You see the part of your own units" in page
    assert "Chi bộ khu phố 2" not in page
    assert client.get(url("one", own_meeting)).status_code == 404
    assert client.get(url("roll", own_meeting)).status_code == 404
    rows = client.get(url("roll", meeting)).context["rows"]
    assert {item["row"].unit for item in rows} == {world.cells[0].pk}
    assert client.get(url("change", meeting)).status_code == 403


def test_an_upper_office_sees_counts_and_no_names() -> None:
    world = make_ward(upper=True)
    user = User.objects.create_user("city")
    Delegation.objects.create(user=user, unit=world.rollout.lead, role=Role.OFFICE, starts_on=date(2012, 1, 1))
    meeting = world.meet(world.ward, seats=[cell.pk for cell in world.cells])
    actions.call_roll(meeting=meeting, marks=marks(meeting), actor=SYSTEM, at=NOW)
    actions.set_notes(meeting=meeting, text="Ghi chép kín", actor=SYSTEM, at=NOW)
    client = signed_in(user)
    page = client.get(url("one", meeting)).content.decode()
    assert "8 on the roster: 8 there" in page
    for name in {one.full_name for people in world.members.values() for one in people}:
        assert name not in page
    assert "Ghi chép kín" not in page
    for name in ("sheet", "docx", "xlsx"):
        body = client.get(url(name, meeting))
        assert "Nguyễn Văn An" not in body.content.decode(errors="ignore")
    missing = client.get(reverse("meetings:missing", args=[world.rollout.key]))
    assert missing.context["total"] == 0


def test_a_member_sees_their_own_place_and_the_count(world: World) -> None:
    meeting = world.meet()
    actions.call_roll(meeting=meeting, marks=marks(meeting), actor=SYSTEM, at=NOW)
    actions.set_notes(meeting=meeting, text="Thảo luận ba ý", actor=SYSTEM, at=NOW)
    user = secretary_user(world.cells[0], world.members[world.cells[0].pk][0])
    user.sign_in.person.posts.all().delete()
    client = signed_in(user)
    page = client.get(url("one", meeting)).content.decode()
    assert "Nguyễn Văn An" in page
    assert "Trần Thị Ánh" not in page
    assert "Thảo luận ba ý" in page
    assert client.get(url("roll", meeting)).status_code == 403
    assert client.get(url("notes", meeting)).status_code == 403
    assert client.get(url("sheet", meeting)).status_code == 404


def test_strangers_are_sent_to_sign_in_and_get_nothing(world: World) -> None:
    meeting = world.meet()
    for name in ("one", "roll", "sheet", "notes"):
        assert Client().get(url(name, meeting)).status_code == 302
    client = signed_in(User.objects.create_user("nobody"))
    for name in ("one", "roll", "sheet", "docx", "notes", "add", "change"):
        assert client.get(url(name, meeting)).status_code == 404
    for name in ("draw", "guest", "restore", "hold", "make_up", "add_material"):
        assert client.post(url(name, meeting)).status_code == 404
    assert client.get(url("one", Meeting(key=uuid4()))).status_code == 404


# --- the rest of the page


def test_guests_and_added_people_and_drawing_again(world: World, office: Client) -> None:
    meeting = world.meet()
    data = {"key": str(uuid4()), "name": "Đỗ Văn Khách"}
    for _twice in range(2):
        office.post(url("guest", meeting), data)
    assert office.post(url("guest", meeting), {"key": str(uuid4()), "name": ""}).status_code == 422
    exempt = person(4, "Vũ Thị Yến")
    tie(exempt, world.cells[1], MemberKind.OTHER)
    found = office.get(url("add", meeting), {"q": "yen"}).context["people"]
    assert found == [exempt]
    assert office.post(url("add", meeting), {"person": str(exempt.key)}).status_code == 302
    page = office.get(url("one", meeting)).content.decode()
    assert "Vũ Thị Yến" in page
    assert page.count("Đỗ Văn Khách") == 2  # its row, and the label of the button that takes it off
    place = RosterEntry.objects.get(person=exempt)
    office.post(url("remove", meeting, place.key))
    assert "Vũ Thị Yến" not in office.get(url("one", meeting)).content.decode()
    assert office.post(url("draw", meeting)).status_code == 302


def test_a_make_up_session_from_those_missing(world: World, office: Client) -> None:
    meeting = world.meet()
    said_so = marks(meeting, An=Mark(Presence.ABSENT), Chi=Mark(Presence.ABSENT_EXCUSED, "ốm"))
    actions.call_roll(meeting=meeting, marks=said_so, actor=SYSTEM, at=NOW)
    assert "2 people on this roster were not there" in office.get(url("one", meeting)).content.decode()
    wrong = office.post(url("make_up", meeting), {"key": str(uuid4()), "held_on": "01/05/2012"})
    assert wrong.status_code == 422
    answer = office.post(url("make_up", meeting), {"key": str(uuid4()), "held_on": "19/05/2012"})
    session = Meeting.objects.get(makes_up_for=meeting)
    assert answer.headers["Location"] == url("one", session)
    assert session.roster.count() == 2
    missing = office.get(reverse("meetings:missing", args=[world.rollout.key]))
    assert missing.context["total"] == 2 + 4


def test_notes_in_two_windows(world: World, office: Client) -> None:
    meeting = world.meet()
    assert office.post(url("notes", meeting), {"notes": "Một\r\nhai", "seen": 0}).status_code == 302
    meeting.refresh_from_db()
    assert meeting.notes == "Một\nhai"
    page = office.post(url("notes", meeting), {"notes": "Khác", "seen": 0})
    assert page.status_code == 422
    assert "Một\nhai" in page.content.decode()
    assert "Khác" in page.content.decode()
    again = {"notes": "Khác và hai", "seen": page.context["form"]["seen"].value()}
    assert office.post(url("notes", meeting), again).status_code == 302


PIXEL = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\rIDATx\x9cc\xf8\xff\xff?\x00\x05\xfe\x02\xfe\xa75\x81\x84\x00\x00\x00\x00IEND\xaeB`\x82"
)


def test_pictures_are_attached_shown_and_taken_off(world: World, office: Client) -> None:

    meeting = world.meet()
    picture = SimpleUploadedFile("anh.png", PIXEL, "image/png")
    assert office.post(url("add_material", meeting), {"file": picture, "caption": "Thảo luận"}).status_code == 302
    row = Material.objects.get()
    assert f'src="{url("material", meeting, row.key)}"' in office.get(url("one", meeting)).content.decode()
    assert office.get(url("material", meeting, row.key)).getvalue() == PIXEL
    bad = SimpleUploadedFile("virus.exe", b"MZ", "application/octet-stream")
    assert office.post(url("add_material", meeting), {"file": bad}).status_code == 422
    office.post(url("remove_material", meeting, row.key))
    assert office.get(url("material", meeting, row.key)).status_code == 404


def test_the_sheet_lists_everybody_in_order_as_page_word_and_excel(world: World, office: Client) -> None:
    meeting = world.meet(world.ward, seats=[world.cells[0].pk, world.agency.pk])
    page = office.get(url("sheet", meeting)).content.decode()
    names = [one.full_name for one in world.members[world.cells[0].pk]]
    assert sorted(names, key=page.index) == names
    for name, kind in (("docx", "wordprocessingml"), ("xlsx", "spreadsheetml")):
        answer = office.get(url(name, meeting))
        assert kind in answer.headers["Content-Type"]
        assert answer.content.startswith(b"PK")


# --- lists and query counts


def test_the_list_shows_what_is_to_come_and_what_was_held(world: World, office: Client) -> None:
    empty = office.get(reverse("meetings:of_rollout", args=[world.rollout.key]))
    assert "No meeting yet" in empty.content.decode()
    held, planned = world.meet(), world.meet(on=DAY + timedelta(days=1))
    actions.call_roll(meeting=held, marks=marks(held), actor=SYSTEM, at=NOW)
    page = office.get(reverse("meetings:of_rollout", args=[world.rollout.key]))
    assert [row.meeting for row, *_rest in page.context["past"]] == [held]
    assert [row.meeting for row, *_rest in page.context["coming"]] == [planned]


@pytest.mark.parametrize("name", ["of_rollout", "missing", "one", "roll", "sheet"])
def test_the_number_of_queries_does_not_grow_with_rows(name: str) -> None:

    counts = []
    for size in (1, 3):
        world = make_ward(cells=size, members=size, others=size)
        user = User.objects.create_user(f"office-{size}")
        Delegation.objects.create(user=user, unit=world.ward, role=Role.OFFICE, starts_on=date(2012, 1, 1))
        client = signed_in(user)
        seats = [cell.pk for cell in world.cells] + [world.agency.pk]
        for n in range(size):
            meeting = world.meet(world.ward, on=DAY + timedelta(days=n), seats=seats)
            if n:
                actions.call_roll(meeting=meeting, marks=marks(meeting), actor=SYSTEM, at=NOW)
        meeting = Meeting.objects.filter(rollout=world.rollout).order_by("pk")[0]
        key = world.rollout.key if name in {"of_rollout", "missing"} else meeting.key
        address = reverse(f"meetings:{name}", args=[key])
        client.get(address)
        with CaptureQueriesContext(connection) as caught:
            assert client.get(address).status_code == 200
        counts.append(len(caught))
    assert counts[1] <= counts[0]
    assert counts[1] <= 40


@pytest.mark.parametrize("person", ["", "x", "\x00", "00000000-0000-0000-0000-000000000000"])
def test_what_is_nobodys_key_puts_nobody_on_the_roster(world: World, office: Client, person: str) -> None:
    meeting = world.meet()
    before = meeting.roster.count()
    answer = office.post(url("add", meeting), {"person": person})
    assert answer.status_code == 404
    assert meeting.roster.count() == before
