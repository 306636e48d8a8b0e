from datetime import date
from http import HTTPStatus

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories.meetings import DAY, NOW, World, make_ward
from tests.factories.organisation import make_user
from tests.factories.programmes import make_programme
from trienkhai.core.decisions import Invalid, Refused
from trienkhai.meetings import actions
from trienkhai.meetings.actions import MeetingFacts, plan_make_up
from trienkhai.meetings.models import Meeting, MeetingProgramme
from trienkhai.meetings.rules import MeetingFault
from trienkhai.organisation.rules import SYSTEM
from trienkhai.programmes import actions as programmes
from trienkhai.programmes.models import Programme
from trienkhai.programmes.rules import Fault

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_ward()


def tied(meeting: Meeting) -> set[str]:
    return set(meeting.ties.values_list("programme__name", flat=True))


def facts(*ties: Programme, on: date = DAY) -> MeetingFacts:
    return MeetingFacts(title="Học tập", held_on=on, programmes=[programme.pk for programme in ties])


def test_a_meeting_is_tied_to_programmes_of_its_unit_and_above(world: World) -> None:
    ward, cell = make_programme(world.ward.pk, "Của phường"), make_programme(world.cells[0].pk, "Của chi bộ")
    meeting = world.meet(programmes=[ward.pk, cell.pk])
    assert tied(meeting) == {"Của phường", "Của chi bộ"}
    actions.change_meeting(meeting=meeting, facts=facts(cell), actor=SYSTEM, at=NOW)
    assert tied(meeting) == {"Của chi bộ"}
    untold = MeetingFacts(title="Học tập", held_on=DAY)
    actions.change_meeting(meeting=meeting, facts=untold, actor=SYSTEM, at=NOW)
    assert tied(meeting) == {"Của chi bộ"}
    again = plan_make_up(meeting=meeting, held_on=date(2012, 6, 1), title="Học bù", actor=SYSTEM, at=NOW)
    assert tied(again) == {"Của chi bộ"}


def test_not_to_others_nor_to_those_that_are_over(world: World) -> None:
    other = make_programme(world.cells[1].pk, "Của chi bộ khác")
    over = make_programme(world.ward.pk, "Đã xong", ends_on=DAY)
    for programme in (other, over):
        with pytest.raises(Invalid) as invalid:
            world.meet(programmes=[programme.pk])
        assert invalid.value.code == MeetingFault.NOT_A_PROGRAMME
    assert not Meeting.objects.exists()


def test_what_was_tied_stays_tied_when_the_programme_ends_and_cannot_be_removed(world: World) -> None:
    programme = make_programme(world.ward.pk)
    meeting = world.meet(programmes=[programme.pk])
    programmes.end_programme(programme=programme, ends_on=date(2012, 3, 1), actor=SYSTEM, at=NOW)
    actions.change_meeting(meeting=meeting, facts=facts(programme), actor=SYSTEM, at=NOW)
    assert tied(meeting) == {programme.name}
    with pytest.raises(Refused) as refused:
        programmes.remove_programme(programme=programme, actor=SYSTEM, at=NOW)
    assert refused.value.code == Fault.IN_USE
    assert MeetingProgramme.objects.count() == 1


def office() -> Client:
    client = Client()
    client.force_login(make_user(is_installer=True), backend="django.contrib.auth.backends.ModelBackend")
    client.cookies["django_language"] = "en"
    return client


def test_ticked_in_the_form_and_shown_on_both_pages(world: World) -> None:
    programme, client = make_programme(world.ward.pk), office()
    address = reverse("meetings:plan", args=[world.rollout.key])
    assert programme.name in client.get(address).content.decode()
    typed = {
        "host": str(world.cells[0].key),
        "title": "Sinh hoạt chuyên đề",
        "held_on": "12/5/2012",
        "form": "in_person",
        "programmes": [str(programme.key)],
    }
    assert client.post(address, typed).status_code == HTTPStatus.FOUND
    meeting = Meeting.objects.get()
    page = client.get(reverse("meetings:one", args=[meeting.key])).content.decode()
    assert reverse("programmes:one", args=[programme.key]) in page
    gathered = client.get(reverse("programmes:one", args=[programme.key])).content.decode()
    assert "Sinh hoạt chuyên đề" in gathered
    change = reverse("meetings:change", args=[meeting.key])
    assert "checked" in client.get(change).content.decode()
    assert client.post(change, typed | {"programmes": []}).status_code == HTTPStatus.FOUND
    assert not meeting.ties.exists()


def test_the_programmes_page_asks_as_often_for_three_meetings_as_for_one(world: World) -> None:
    programme, client = make_programme(world.ward.pk), office()
    address = reverse("programmes:one", args=[programme.key])
    asked = []
    for count in (1, 2):
        for number in range(count):
            world.meet(host=world.cells[number], programmes=[programme.pk])
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        asked.append(len(queries))
    assert asked[0] == asked[1]
