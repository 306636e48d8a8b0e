import io
from datetime import UTC, datetime

import openpyxl
import pytest
from django.db.models import Sum
from django.test import Client

from tests.factories.comments import make_body, make_call, make_submission
from tests.factories.organisation import DAY, Ward, make_user, make_ward
from trienkhai.comments import jobs
from trienkhai.comments.actions import answering, grouping
from trienkhai.comments.models import Call, Group, GroupingRun, Point, Theme
from trienkhai.comments.queries.desk import LONGEST_SILENCE, is_running, theme_rows
from trienkhai.comments.queries.document import table_document, table_sheet
from trienkhai.comments.queries.places import Desk, desk_of
from trienkhai.comments.queries.table import consolidation
from trienkhai.comments.rules import About, DispositionKind, Subject
from trienkhai.comments.rules.grouping import DeskError, Reply
from trienkhai.documents import Paragraph, Table, write_xlsx
from trienkhai.ledger.clock import now
from trienkhai.organisation.models import Person
from trienkhai.organisation.rules import SYSTEM

pytestmark = pytest.mark.django_db
AT = datetime(2012, 6, 20, 3, tzinfo=UTC)
LAMPS = "Đề nghị lắp đèn chiếu sáng ở ngõ Đình"
SAME = ("de nghi lap den chieu sang o ngo Dinh", "Lắp đèn chiếu sáng ở ngõ Đình!", "Cần lắp đèn chiếu sáng ở ngõ Đình")


@pytest.fixture
def ward() -> Ward:
    return make_ward(cells=3, members=2)


@pytest.fixture
def call(ward: Ward) -> Call:
    return make_call(ward)


def enter(call: Call, *texts: str, subject: Subject | None = None) -> list[Point]:
    for text in texts:
        make_submission(call.unit_id, text, call=call, subject=subject or Subject(About.FREE))
    return [Point.objects.get(text=text) for text in texts]


def find(call: Call) -> tuple[int, int]:
    return jobs.find_alike(desk_of(call), actor=SYSTEM, at=DAY)


def test_those_that_say_the_same_are_put_together_once(call: Call) -> None:
    enter(call, LAMPS, *SAME, "Không lắp đèn chiếu sáng ở ngõ Đình")
    assert find(call) == (5, 3)
    assert sorted(Group.objects.filter(size__gt=0).values_list("size", flat=True)) == [1, 4]
    assert find(call) == (5, 0), "the same again changes nothing"


def test_the_same_words_on_different_things_stay_apart(call: Call, ward: Ward) -> None:
    body = make_body(ward.unit)
    enter(call, LAMPS)
    enter(call, SAME[0], subject=Subject(About.BODY, body=body.pk))
    assert find(call) == (2, 0)


def test_late_ones_join_and_what_people_placed_stays(call: Call) -> None:
    first, second = enter(call, LAMPS, SAME[0])
    find(call)
    grouping.split(desk=desk_of(call), points=[Point.objects.get(pk=second.pk).pk], actor=SYSTEM, at=DAY)
    apart = Point.objects.get(pk=second.pk).group_id
    (late,) = enter(call, SAME[1])
    find(call)
    first.refresh_from_db()
    late.refresh_from_db()
    assert Point.objects.get(pk=second.pk).group_id == apart, "split off by hand: not joined again"
    assert late.group_id in {first.group_id, apart}


def test_points_on_persons_are_never_looked_through(call: Call, ward: Ward) -> None:
    body = make_body(ward.unit)
    on = Subject(About.PERSON, person=ward.everybody[0], reviewed_by=body.pk)
    enter(call, LAMPS, SAME[0], subject=on)
    assert find(call) == (0, 0)


def test_what_was_answered_meanwhile_is_left(call: Call) -> None:
    one, two = enter(call, LAMPS, SAME[0])
    reply = Reply(DispositionKind.EXPLAINED, "Đã có.", DAY, summary="Về chiếu sáng")
    for point in (one, two):
        answering.answer(desk=desk_of(call), groups=[point.group_id], reply=reply, actor=SYSTEM, at=DAY)
    assert find(call)[1] == 0


def test_themes_are_proposed_anew_but_named_ones_stay(call: Call) -> None:
    enter(call, "Nạo vét cống thoát nước ngõ Đình", "Cống thoát nước ngõ Đình tắc", "Bồi dưỡng cán bộ trẻ")
    find(call)
    desk = desk_of(call)
    (row,) = theme_rows(desk.themes())
    assert (row.groups, row.theme.title) == (2, "")
    grouping.name_theme(desk=desk, theme=row.theme, title="Thoát nước", actor=SYSTEM, at=DAY)
    find(call)
    assert [theme.title for theme in Theme.objects.all()] == ["Thoát nước"]
    assert Group.objects.filter(theme=row.theme).count() == 2
    grouping.drop_theme(desk=desk, theme=row.theme, actor=SYSTEM, at=DAY)
    find(call)
    assert [theme.title for theme in Theme.objects.all()] == [""]


def test_the_worker_tells_how_far_it_is_and_how_it_went(call: Call, ward: Ward) -> None:
    enter(call, LAMPS, *SAME)
    run = GroupingRun.objects.create(book_id=call.unit_id, call=call, asked_at=AT)
    jobs.look_for_alike.func(str(run.key), make_user(office_of=ward.unit).pk)
    run.refresh_from_db()
    assert (run.done, run.points, run.moved, run.error) == (1000, 4, 3, "")
    assert run.finished_at is not None
    jobs.look_for_alike.func(str(run.key), make_user(office_of=ward.unit).pk)
    assert GroupingRun.objects.get().moved == 3, "done once"


def test_a_search_that_may_not_says_so(call: Call, ward: Ward) -> None:
    enter(call, LAMPS, *SAME)
    run = GroupingRun.objects.create(book_id=call.unit_id, call=call, asked_at=AT)
    jobs.carry_out(run, actor=SYSTEM)
    reply = Reply(DispositionKind.EXPLAINED, "Đã có.", DAY, summary="Về chiếu sáng")
    group = Group.objects.get(size=4)
    answering.answer(desk=desk_of(call), groups=[group.pk], reply=reply, actor=SYSTEM, at=AT.date())
    answering.finish_call(call=call, actor=SYSTEM, at=AT.date())
    again = GroupingRun.objects.create(book_id=call.unit_id, call=call, asked_at=AT)
    jobs.look_for_alike.func(str(again.key), make_user(office_of=ward.unit).pk)
    again.refresh_from_db()
    assert again.error == DeskError.FINISHED
    assert again.finished_at is not None


def test_what_came_unasked_has_a_desk_of_its_own(ward: Ward, call: Call) -> None:
    enter(call, LAMPS)
    make_submission(ward.unit, SAME[0])
    make_submission(ward.unit, SAME[1])
    unit = Group.objects.filter(call__isnull=True)[0].book
    desk = Desk(unit.pk, None, unit.key)
    assert jobs.find_alike(desk, actor=SYSTEM, at=DAY) == (2, 1)
    assert Group.objects.filter(call=call).aggregate(n=Sum("size"))["n"] == 1


def test_the_table_as_a_document_and_as_a_sheet(call: Call, ward: Ward) -> None:
    body = make_body(ward.unit)
    enter(call, LAMPS, SAME[0])
    enter(call, "Tập thể cần xuống cơ sở", subject=Subject(About.BODY, body=body.pk))
    on = Subject(About.PERSON, person=ward.everybody[0], reviewed_by=body.pk)
    enter(call, "Đồng chí nóng tính", subject=on)
    find(call)
    desk = desk_of(call)
    general = Group.objects.get(size=2)
    reply = Reply(
        DispositionKind.PASSED_ON, "Đã chuyển.", DAY, summary="Về chiếu sáng", passed_to="Phòng Quản lý đô thị"
    )
    answering.answer(desk=desk, groups=[general.pk], reply=reply, actor=SYSTEM, at=DAY)
    table = consolidation(desk, on=DAY)
    assert (len(table.rows), table.waiting, table.on_persons) == (1, 1, 1)
    document = table_document(desk, table, on=DAY, created=AT)
    (shown,) = [block for block in document.blocks if isinstance(block, Table)]
    assert list(shown.rows[0])[1:4] == ["Góp ý chung", "2 người dân", "2"]
    assert "Phòng Quản lý đô thị" in shown.rows[0][6]
    words = " ".join(run.text for block in document.blocks if isinstance(block, Paragraph) for run in block.runs)
    assert "Còn 1 nội dung chưa trả lời" in words
    assert "1 ý kiến góp ý đối với cá nhân" in words
    assert (document.header.number, document.header.day) == ("     -BC/ĐU", None)
    (signature,) = document.signatures
    secretary = Person.objects.get(pk=ward.secretary).full_name
    assert (signature.authority, signature.post, signature.name) == ("T/M ĐẢNG UỶ", "BÍ THƯ", secretary)
    content = write_xlsx([table_sheet(desk, table, on=DAY)], created=AT)
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    cells = [row for row in sheet.values if row[0] == 1]
    assert cells[0][3:7] == ("2 người dân", 2, 0, 2), "two spoke themselves, for nobody else, in two submissions"
    for author in (LAMPS, SAME[0], "Đồng chí nóng tính"):
        assert author not in words
        assert all(author not in cell for row in shown.rows for cell in row)


def test_a_search_that_breaks_does_not_hold_up_the_next(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    enter(call, LAMPS, *SAME)

    def broken(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("out of memory")

    run = GroupingRun.objects.create(book_id=call.unit_id, call=call, asked_at=AT)
    monkeypatch.setattr(jobs, "group_texts", broken)
    with pytest.raises(RuntimeError):
        jobs.carry_out(run, actor=SYSTEM)
    run.refresh_from_db()
    assert run.error == DeskError.SEARCH_FAILED
    assert not is_running(run, at=AT)


def test_a_search_whose_worker_died_is_given_up_and_can_be_begun_again(call: Call, ward: Ward) -> None:
    enter(call, LAMPS, *SAME)
    run = GroupingRun.objects.create(book_id=call.unit_id, call=call, asked_at=now())
    GroupingRun.objects.filter(pk=run.pk).update(done=400, told_at=now())
    client, desk = Client(), f"/comments/desk/{call.key}/"
    client.force_login(make_user(office_of=ward.unit))
    page = client.get(desk).content.decode()
    assert 'value="40"' in page
    assert "every 3s" in page
    client.post(f"{desk}look/")
    assert GroupingRun.objects.count() == 1, "one at a time"
    longer = now() - LONGEST_SILENCE
    GroupingRun.objects.filter(pk=run.pk).update(asked_at=longer, told_at=longer)
    page = client.get(desk).content.decode()
    assert "every 3s" not in page
    assert "dừng giữa chừng" in page
    client.post(f"{desk}look/")
    again = GroupingRun.objects.latest("pk")
    assert (again.moved, again.error) == (3, "")
    jobs.look_for_alike.func(str(run.key), make_user(office_of=ward.unit).pk)
    run.refresh_from_db()
    assert (run.finished_at is not None, run.moved) == (True, 0), "taken up by the next worker: nothing is left to do"


def test_the_progress_line_of_a_running_search_is_told_alone(call: Call, ward: Ward) -> None:
    enter(call, LAMPS)
    GroupingRun.objects.create(book_id=call.unit_id, call=call, asked_at=now())
    client = Client()
    client.force_login(make_user(office_of=ward.unit))
    asked = {"HX-Request": "true", "HX-Target": "run"}
    part = client.get(f"/comments/desk/{call.key}/", headers=asked).content.decode()
    assert "<table" not in part
    assert "chờ đến lượt" in part
    GroupingRun.objects.update(finished_at=now(), moved=3)
    part = client.get(f"/comments/desk/{call.key}/", headers=asked).content.decode()
    assert "every 3s" not in part
    assert f'href="/comments/desk/{call.key}/"' in part, "the list as it is now is one step away"


def test_a_search_tells_how_far_it_is(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    enter(call, LAMPS, *SAME)
    run = GroupingRun.objects.create(book_id=call.unit_id, call=call, asked_at=AT)
    seen: list[int] = []
    monkeypatch.setattr(jobs, "_TELL_EVERY", -1)

    def look(*_args: object, **_kwargs: object) -> tuple[()]:
        seen.append(GroupingRun.objects.get(pk=run.pk).done)
        return ()

    monkeypatch.setattr(jobs, "propose_themes", look)
    jobs.carry_out(run, actor=SYSTEM)
    run.refresh_from_db()
    assert seen == [800]
    assert run.told_at is not None
