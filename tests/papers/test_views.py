import re
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories.organisation import Ward, key_of_person, key_of_unit, make_user, make_ward
from tests.factories.rollouts import make_rollout, share
from trienkhai.ledger.clock import today
from trienkhai.papers.models import Paper, PaperEvent
from trienkhai.rollouts.models import Rollout

pytestmark = pytest.mark.django_db


@pytest.fixture
def ward() -> Ward:
    return make_ward(cells=2, members=3)


@pytest.fixture
def rollout(ward: Ward) -> Rollout:
    return make_rollout(ward)


@pytest.fixture
def office(client: Client, ward: Ward) -> Client:
    client.force_login(make_user(office_of=ward.unit))
    return client


def test_everybody_handed_in_but_one(office: Client, ward: Ward, rollout: Rollout) -> None:
    cell = key_of_unit(ward.cells[0])
    page = office.get(f"/rollouts/{rollout.key}/papers/{cell}/")
    assert page.content.count(b'name="person"') == 3
    ticked = [key_of_person(person) for person in ward.members[0][1:]]
    answer = office.post(
        f"/rollouts/{rollout.key}/papers/{cell}/hand-in/",
        {"person": ticked, "on": "30/10/2012", "form": "handwritten", "told_by": ""},
    )
    assert answer.status_code == 302
    assert share(rollout, "papers_submitted", ward.unit, date(2012, 10, 31)) == (2, 6)


def test_a_bad_day_comes_back_with_everything_typed(office: Client, ward: Ward, rollout: Rollout) -> None:
    cell = key_of_unit(ward.cells[0])
    answer = office.post(
        f"/rollouts/{rollout.key}/papers/{cell}/hand-in/",
        {"person": [key_of_person(ward.members[0][1])], "on": "31/02/2012", "form": "spoken", "told_by": "đ/c Hoa"},
    )
    assert answer.status_code == 422
    assert "đ/c Hoa" in answer.content.decode()
    assert ticks(answer.content.decode()) == {key_of_person(ward.members[0][1])}
    assert not Paper.objects.exists()


def test_what_was_ticked_as_accepted_comes_back_ticked(office: Client, ward: Ward, rollout: Rollout) -> None:
    page = f"/rollouts/{rollout.key}/papers/{key_of_unit(ward.cells[0])}/"
    first, second, third = map(key_of_person, ward.members[0])
    office.post(f"{page}hand-in/", {"person": [first, second], "on": "30/10/2012", "form": "handwritten"})
    for typed in ({"accepted-on": "31/02/2012"}, {"accepted-on": "01/10/2012"}):
        answer = office.post(f"{page}accepted/", {"person": [first], **typed})
        assert answer.status_code == 422
        assert ticks(answer.content.decode()) == {first, third}  # the third is still to hand in, and ticked beforehand
    assert office.post(f"{page}accepted/", {"accepted-on": "30/10/2012"}).status_code == 422
    assert not PaperEvent.objects.filter(kind="accepted").exists()
    assert office.post(f"{page}accepted/", {"person": [first], "accepted-on": "30/10/2012"}).status_code == 302
    assert PaperEvent.objects.filter(kind="accepted").count() == 1


def ticks(page: str) -> set[str]:
    boxes = re.findall(r'name="person" value="([^"]+)"( checked)?', page)
    return {key for key, ticked in boxes if ticked}


def test_people_of_another_cell_cannot_be_ticked_through_this_page(
    office: Client, ward: Ward, rollout: Rollout
) -> None:
    answer = office.post(
        f"/rollouts/{rollout.key}/papers/{key_of_unit(ward.cells[0])}/hand-in/",
        {"person": [key_of_person(ward.members[1][1])], "on": "30/10/2012", "form": "spoken"},
    )
    assert answer.status_code == 422
    assert not Paper.objects.exists()


@pytest.mark.parametrize("path", ["papers/{cell}/", "my-paper/"])
def test_what_may_not_be_seen_is_not_found(client: Client, ward: Ward, rollout: Rollout, path: str) -> None:
    client.force_login(make_user(office_of=make_ward(name="Đảng bộ phường khác", cells=1).unit))
    url = f"/rollouts/{rollout.key}/" + path.format(cell=key_of_unit(ward.cells[0]))
    assert client.get(url).status_code == 404


def test_a_member_writes_keeps_and_hands_in(client: Client, ward: Ward, rollout: Rollout) -> None:
    author = ward.members[0][1]
    client.force_login(make_user(person=author))
    url = f"/rollouts/{rollout.key}/my-paper/"
    assert 'name="answer-0"' in client.get(url).content.decode()
    kept = client.post(url + "keep/", {"answer-0": "Nội dung thử", "version": "0"})
    assert kept.json() == {"version": 1}
    stale = client.post(url + "keep/", {"answer-0": "Cửa sổ khác", "version": "0"})
    assert stale.status_code == 409
    answer = client.post(url, {"answer-0": "Nội dung cuối", "version": "1", "submit": "1"})
    assert answer.status_code == 302
    assert Paper.objects.get().answers == ["Nội dung cuối"]
    assert share(rollout, "papers_submitted", ward.cells[0], today()) == (1, 3)


def test_the_reader_reads_returns_and_accepts_and_the_office_does_not(ward: Ward, rollout: Rollout) -> None:
    author, reader, office = Client(), Client(), Client()
    author.force_login(make_user(person=ward.members[0][1]))
    reader.force_login(make_user(person=ward.members[0][0]))
    office.force_login(make_user(office_of=ward.unit))
    author.post(f"/rollouts/{rollout.key}/my-paper/", {"answer-0": "Lời của tôi", "version": "0", "submit": "1"})
    url = f"/papers/{Paper.objects.get().key}/"
    assert "Lời của tôi" in reader.get(url).content.decode()
    assert office.get(url).status_code == 404
    assert reader.post(url + "return/", {"note": ""}).status_code == 422
    assert reader.post(url + "return/", {"note": "Thêm ví dụ"}).status_code == 302
    page = author.get(f"/rollouts/{rollout.key}/my-paper/").content.decode()
    assert "Thêm ví dụ" in page
    assert "Lời của tôi" not in reader.get(url).content.decode()


def test_the_list_asks_the_database_as_often_for_one_as_for_many(client: Client) -> None:
    counts = []
    for members in (1, 4):
        ward = make_ward(cells=1, members=members, name=f"Đảng bộ phường {members}")
        rollout = make_rollout(ward)
        client.force_login(make_user(office_of=ward.unit))
        url = f"/rollouts/{rollout.key}/papers/{key_of_unit(ward.cells[0])}/"
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            client.get(url)
        counts.append(len(captured))
    assert counts[0] == counts[1]
