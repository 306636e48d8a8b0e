from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories.organisation import AT, DAY, acting_as, make_unit, make_user, make_ward, office_of
from tests.factories.plans import make_world
from tests.factories.rollouts import NOW, TODAY, make_rollout, obligation_of
from tests.factories.tasks import asked, make_adopted_plan, make_task
from trienkhai.accounts.models import User
from trienkhai.organisation.rules import SYSTEM, Actor, UnitKind
from trienkhai.papers.actions import hand_in, return_paper, submit_typed
from trienkhai.plans.actions.tasks import report_task
from trienkhai.plans.rules.tasks import Done
from trienkhai.rollouts.rules import PaperForm
from trienkhai.web.queries import MOST_TASKS, to_do
from trienkhai.web.rules import Urgency

pytestmark = pytest.mark.django_db


def test_the_office_sees_what_is_missing_late_first() -> None:
    ward = make_ward(cells=2, members=3)
    rollout = make_rollout(ward)
    papers = {obligation_of(rollout, person).pk: date(2012, 10, 1) for person in ward.members[0]}
    hand_in(rollout=rollout, papers=papers, form=PaperForm.HANDWRITTEN, actor=SYSTEM, at=TODAY)
    things = to_do(office_of(ward.unit, on=TODAY), today=TODAY)
    missing = {thing.figure: (thing.missing, thing.owed) for thing in things}
    assert missing["papers_submitted"] == (3, 6)
    assert missing["units_received"] == (3, 3)
    assert things[0].urgency is Urgency.LATE
    assert things[-1].urgency is Urgency.RUNNING


def test_an_accepted_paper_is_asked_for_only_once_it_was_handed_in() -> None:
    ward = make_ward(cells=1, members=3)
    rollout = make_rollout(ward)
    office = office_of(ward.unit, on=TODAY)
    assert "papers_accepted" not in {thing.figure for thing in to_do(office, today=TODAY)}
    papers = {obligation_of(rollout, person).pk: date(2012, 10, 1) for person in ward.members[0][:2]}
    hand_in(rollout=rollout, papers=papers, form=PaperForm.HANDWRITTEN, actor=SYSTEM, at=TODAY)
    due = {thing.figure: (thing.missing, thing.owed) for thing in to_do(office, today=TODAY)}
    assert due["papers_accepted"] == (2, 2)
    waiting = next(thing for thing in to_do(office, today=TODAY) if thing.figure == "papers_accepted")
    assert (waiting.deadline, waiting.urgency) == (None, Urgency.RUNNING), "the deadline is for handing in"


def test_an_office_above_the_lead_unit_has_nothing_to_do_in_its_roll_out() -> None:
    city = make_unit("Đảng bộ thành phố", kind=UnitKind.UPPER)
    ward = make_ward(cells=1, members=3, parent=city)
    make_rollout(ward)
    assert to_do(office_of(city, on=TODAY), today=TODAY) == []
    assert to_do(office_of(ward.unit, on=TODAY), today=TODAY) != []


def test_whoever_runs_the_installation_sees_what_is_due_from_its_own_unit() -> None:
    ward = make_ward(cells=1, members=3, parent=make_unit("Đảng bộ thành phố", kind=UnitKind.UPPER))
    make_rollout(ward)
    installer = Actor(key=None, person_id=None, grants=(), is_installer=True)
    assert {thing.unit for thing in to_do(installer, today=TODAY)} == {"Đảng bộ phường Hoà Lạc"}


def test_a_secretary_sees_the_own_cell_alone() -> None:
    ward = make_ward(cells=3, members=3)
    make_rollout(ward)
    things = to_do(acting_as(ward.members[1][0], on=TODAY), today=TODAY)
    assert {thing.unit for thing in things if thing.unit} == {"Chi bộ khu 2"}
    assert {thing.owed for thing in things if thing.figure == "papers_submitted"} == {3}


def test_a_member_sees_the_own_paper_until_it_is_handed_in() -> None:
    ward = make_ward(cells=1, members=3)
    rollout = make_rollout(ward)
    author = ward.members[0][1]
    actor, obligation = acting_as(author, on=TODAY), obligation_of(rollout, author)
    assert [thing.figure for thing in to_do(actor, today=TODAY)] == ["own_paper"]
    paper = submit_typed(obligation=obligation, answers=["…"], version=0, actor=actor, at=NOW)
    assert to_do(actor, today=TODAY) == []
    return_paper(paper=paper, note="Bổ sung", actor=acting_as(ward.members[0][0], on=TODAY), at=TODAY)
    assert [thing.figure for thing in to_do(actor, today=TODAY)] == ["own_paper_returned"]


def test_the_page_asks_as_often_for_three_cells_as_for_one(client: Client) -> None:
    counts = []
    for cells in (1, 3):
        ward = make_ward(cells=cells, members=2, name=f"Đảng bộ phường {cells}")
        make_rollout(ward)
        client.force_login(make_user(office_of=ward.unit))
        client.get("/")
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/").status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_tasks_of_plans_late_and_urgent_first() -> None:
    world = make_world()
    plan, (cell, other, _third) = make_adopted_plan(world), world.ward.cells
    member = world.ward.members[0][1]
    due = {"Sau": date(2012, 8, 1), "Trễ": date(2012, 5, 1), "Trễ và gấp": date(2012, 5, 20), "Nơi khác": None}
    for text, deadline in due.items():
        where = other if text == "Nơi khác" else cell
        make_task(plan, asked(text, unit=where, deadline_on=deadline, is_urgent=text == "Trễ và gấp"))
    make_task(plan, asked("Việc riêng", person=member, deadline_on=None))
    done = make_task(plan, asked("Xong", unit=cell))
    report_task(task=done, done=Done(date(2012, 5, 1), "Báo cáo"), actor=SYSTEM, at=AT)
    secretary = to_do(acting_as(world.ward.members[0][0]), today=DAY)
    tasks = [thing for thing in secretary if thing.text]
    assert [thing.text for thing in tasks] == ["Trễ và gấp", "Trễ", "Sau"]
    assert tasks[0].urgency is Urgency.LATE
    assert tasks[0].unit == "Chi bộ khu 1"
    own = [thing for thing in to_do(acting_as(member), today=DAY) if thing.text]
    assert [(thing.text, thing.unit) for thing in own] == [("Việc riêng", "")]


def test_who_gave_tasks_is_told_how_many_are_overdue() -> None:
    world = make_world()
    plan, cells = make_adopted_plan(world), world.ward.cells
    office = office_of(world.ward.unit)
    for cell in cells[:2]:
        make_task(plan, asked("Trễ", unit=cell, deadline_on=date(2012, 5, 1)))
    make_task(plan, asked("Sau", unit=cells[2], deadline_on=date(2012, 8, 1)))
    make_task(plan, asked("Của văn phòng", unit=world.ward.unit, deadline_on=date(2012, 5, 1)))
    (line,) = [thing for thing in to_do(office, today=DAY) if thing.figure == "given_late"]
    assert (line.owed, line.urgency) == (2, Urgency.LATE)
    client = Client()
    client.force_login(make_user(office_of=world.ward.unit))
    client.cookies["django_language"] = "en"
    assert "given tasks are overdue" in client.get("/").content.decode()
    page = client.get(line.url).content.decode()
    assert page.count("Trễ</a>") == 2
    assert "Của văn phòng" not in page
    secretary = to_do(acting_as(world.ward.members[1][0]), today=DAY)
    assert not [thing for thing in secretary if thing.figure == "given_late"]


def test_very_many_tasks_are_told_as_a_number() -> None:
    world = make_world()
    plan, cell = make_adopted_plan(world), world.ward.cells[0]
    for number in range(MOST_TASKS + 3):
        make_task(plan, asked(f"Việc {number}", unit=cell))
    things = to_do(acting_as(world.ward.members[0][0]), today=DAY)
    assert len([thing for thing in things if thing.text]) == MOST_TASKS
    assert [thing.owed for thing in things if thing.figure == "more_tasks"] == [3]
    client = Client()
    client.force_login(User.objects.get(sign_in__person=world.ward.members[0][0]))
    client.cookies["django_language"] = "en"
    assert "3 more tasks are to be done" in client.get("/").content.decode()
