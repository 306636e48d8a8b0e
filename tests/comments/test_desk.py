from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.factories.comments import make_body, make_call, make_sealed, make_submission
from tests.factories.organisation import DAY, acting_as, make_person, make_user, make_ward, office_of
from tests.factories.plans import AT, World, make_plan, make_world, version_of
from trienkhai.comments import actions
from trienkhai.comments.actions import answering, grouping
from trienkhai.comments.models import Call, Disposition, Group, Point
from trienkhai.comments.queries.answers import answers_of
from trienkhai.comments.queries.desk import After, Filters, desk_page, numbers_of, steps_of
from trienkhai.comments.queries.figures import Code, own_figures
from trienkhai.comments.queries.outcomes import outcomes_at
from trienkhai.comments.queries.places import Desk, desk_called, desk_of
from trienkhai.comments.queries.recount import check_figures, disagreements, recount
from trienkhai.comments.queries.table import consolidation
from trienkhai.comments.queries.trace import behind
from trienkhai.comments.rules import About, AuthorKind, DispositionKind, Promise, Subject
from trienkhai.comments.rules.grouping import DeskError, Reply
from trienkhai.core.decisions import Invalid, Refused
from trienkhai.figures.queries import totals
from trienkhai.ledger import clock
from trienkhai.organisation.models import Unit
from trienkhai.organisation.rules import SYSTEM
from trienkhai.plans import actions as plans
from trienkhai.plans.models import Measure, Plan
from trienkhai.plans.rules import Adopted, Coordinator, Line, PlanError

pytestmark = pytest.mark.django_db
LAMPS = "Đề nghị lắp đèn chiếu sáng ở ngõ Đình"
EXPLAINED = Reply(DispositionKind.EXPLAINED, "Đã có trong kế hoạch năm.", DAY, summary="Về chiếu sáng")


@pytest.fixture
def world() -> World:
    return make_world()


def group_of(text: str) -> Group:
    return Point.objects.get(text=text).group


def desk_with(call: Call) -> Desk:
    return desk_of(Call.objects.select_related("scope").get(pk=call.pk))


def figures(call: Call, day: date = DAY) -> dict[str, int]:
    return totals(scope=call.scope, codes=list(Code), unit=call.unit_id, as_of=day)


def test_the_list_goes_on_where_it_stopped(world: World) -> None:
    call = make_call(world.ward)
    for number in range(7):
        make_submission(world.ward.unit, f"Ý kiến số {number}", call=call)
    desk = desk_with(call)
    grouping.merge(
        desk=desk, groups=[group_of("Ý kiến số 5").pk], into=group_of("Ý kiến số 4").pk, actor=SYSTEM, at=DAY
    )
    seen, after = [], None
    while True:
        page = desk_page(desk, Filters(), after=after, on=DAY, most=2)
        seen += [row.words for row in page.rows]
        if (after := page.after) is None:
            break
    assert seen == ["Ý kiến số 4", *(f"Ý kiến số {n}" for n in (0, 1, 2, 3, 6))]
    assert desk_page(desk, Filters(), after=After(0, 0), on=DAY).rows == ()


def test_filters(world: World) -> None:
    call = make_call(world.ward)
    body = make_body(world.ward.unit)
    make_submission(world.ward.unit, LAMPS, call=call)
    make_submission(world.ward.unit, "Sinh hoạt còn hình thức", call=call, subject=Subject(About.BODY, body=body.pk))
    desk = desk_with(call)
    answering.answer(desk=desk, groups=[group_of(LAMPS).pk], reply=EXPLAINED, actor=SYSTEM, at=DAY)

    def words(filters: Filters) -> list[str]:
        return [row.words for row in desk_page(desk, filters, on=DAY).rows]

    assert words(Filters(is_answered=True)) == [LAMPS]
    assert words(Filters(is_answered=False)) == ["Sinh hoạt còn hình thức"]
    assert words(Filters(kind=DispositionKind.EXPLAINED)) == [LAMPS]
    assert words(Filters(kind=DispositionKind.ACCEPTED)) == []
    assert words(Filters(about=About.BODY)) == ["Sinh hoạt còn hình thức"]
    assert words(Filters(words="HINH thuc")) == ["Sinh hoạt còn hình thức"]


def test_the_desk_never_sees_comments_on_persons(world: World) -> None:
    call = make_call(world.ward)
    body = make_body(world.ward.unit)
    on_person = Subject(About.PERSON, person=world.ward.everybody[0], reviewed_by=body.pk)
    make_submission(world.ward.unit, "Đồng chí nóng tính", call=call, subject=on_person)
    desk = desk_with(call)
    assert desk_page(desk, Filters(), on=DAY).rows == ()
    assert [n for _body, n in numbers_of(desk, on=DAY).on_persons] == [1]
    with pytest.raises(Invalid, match=DeskError.MOVED_SINCE):
        grouping.merge(desk=desk, groups=[Group.objects.get().pk], into=Group.objects.get().pk, actor=SYSTEM, at=DAY)


def test_merging_what_has_an_answer_is_refused_but_into_it_is_not(world: World) -> None:
    call = make_call(world.ward)
    make_submission(world.ward.unit, f"{LAMPS}|Sửa cống ngõ Đình", call=call)
    desk, lamps, drains = desk_with(call), group_of(LAMPS), group_of("Sửa cống ngõ Đình")
    answering.answer(desk=desk, groups=[lamps.pk], reply=EXPLAINED, actor=SYSTEM, at=DAY)
    with pytest.raises(Refused, match=DeskError.ANSWERED):
        grouping.merge(desk=desk, groups=[lamps.pk], into=drains.pk, actor=SYSTEM, at=DAY)
    grouping.merge(desk=desk, groups=[drains.pk], into=lamps.pk, actor=SYSTEM, at=DAY)
    assert figures(call)[Code.ANSWERED] == 2


@pytest.mark.parametrize("whose", ["cell", "stranger"])
def test_only_the_desk_works_at_it(world: World, whose: str) -> None:
    call = make_call(world.ward)
    make_submission(world.ward.unit, f"{LAMPS}|Sửa cống", call=call)
    desk = desk_with(call)
    actor = office_of(world.ward.cells[1]) if whose == "cell" else acting_as(make_person("Lê Thị Lạ"))
    assert desk_called(actor, call.key, at=DAY) is None
    groups = [group.pk for group in Group.objects.all()]
    with pytest.raises(Refused):
        grouping.merge(desk=desk, groups=groups, into=groups[0], actor=actor, at=DAY)
    with pytest.raises(Refused):
        answering.answer(desk=desk, groups=groups, reply=EXPLAINED, actor=actor, at=DAY)
    client = Client()
    client.force_login(make_user(office_of=world.ward.cells[1]))
    assert client.get(reverse("comments:desk", args=[call.key])).status_code == 404
    assert client.get(reverse("comments:table_docx", args=[call.key])).status_code == 404


def test_what_was_answered_in_time_and_late_is_found(world: World) -> None:
    call = make_call(world.ward)
    make_submission(world.ward.unit, f"{LAMPS}|Sửa cống|Trồng cây", call=call)
    late = date(2012, 7, 20)
    for text, day in ((LAMPS, DAY), ("Sửa cống", late)):
        reply = replace(EXPLAINED, on=day)
        answering.answer(desk=desk_with(call), groups=[group_of(text).pk], reply=reply, actor=SYSTEM, at=late)
    assert figures(call, late)[Code.ON_TIME] == 1
    for is_timely, text in ((True, LAMPS), (False, "Sửa cống")):
        page = desk_page(desk_with(call), Filters(is_timely=is_timely), on=late)
        assert [row.words for row in page.rows] == [text]


def revised(world: World) -> tuple[Plan, Measure, Measure]:
    """The ward's plan: version 1 adopted with two measures, version 2 a draft."""
    plan = make_plan(world, None, Line(text="Học tập nghị quyết"), Line(text="Lắp đèn"))
    adopted = Adopted(on=date(2012, 3, 1), number="05-KH/ĐU")
    plans.adopt_plan(plan=plan, adopted=adopted, actor=SYSTEM, at=AT)
    plan.refresh_from_db()
    plans.revise_plan(plan=plan, actor=SYSTEM, at=AT)
    first, second = Measure.objects.filter(plan=plan).order_by("pk")
    return plan, first, second


def call_on_plan(world: World, plan: Plan) -> Call:
    subject = Subject(About.PLAN, version=version_of(plan, 1).pk)
    return make_call(world.ward, subjects=[subject], rollout=world.rollout.pk)


def test_accepting_names_a_clause_of_the_draft_and_is_traced_both_ways(world: World) -> None:
    plan, _study, lamps = revised(world)
    call = call_on_plan(world, plan)
    on_lamps = Subject(About.MEASURE, version=version_of(plan, 1).pk, measure=lamps.pk)
    submission = make_submission(world.ward.unit, "Phải lắp đèn cả ngõ Đình", subject=on_lamps, call=call)
    desk, group = desk_with(call), Group.objects.get()
    reply = Reply(DispositionKind.ACCEPTED, "Tiếp thu.", DAY, summary="Thêm ngõ Đình")
    with pytest.raises(Invalid, match=DeskError.NO_CLAUSE):
        answering.answer(desk=desk, groups=[group.pk], reply=reply, actor=SYSTEM, at=DAY)
    stray = replace(reply, measure=0)
    with pytest.raises(Invalid, match=DeskError.OTHER_CLAUSE):
        answering.answer(desk=desk, groups=[group.pk], reply=stray, actor=SYSTEM, at=DAY)
    draft = version_of(plan)
    plans.edit_measure(
        plan=Plan.objects.get(pk=plan.pk),
        line=Line(text="Lắp đèn, cả ngõ Đình", key=lamps.key),
        actor=SYSTEM,
        at=AT,
    )
    answering.answer(desk=desk, groups=[group.pk], reply=replace(reply, measure=lamps.pk), actor=SYSTEM, at=DAY)
    assert figures(call)[Code.CLAUSES] == 0, "promised, and changed in a draft alone"
    (before,) = answers_of(submission, on=DAY)
    assert (before.answer, before.new) == ("Tiếp thu.", ""), "a draft is not shown before it is in force"
    plan.refresh_from_db()
    plans.adopt_plan(plan=plan, adopted=Adopted(on=date(2012, 5, 30), number="09-KH/ĐU"), actor=SYSTEM, at=AT)
    assert figures(call, date(2012, 5, 31))[Code.CLAUSES] == 0, "answered on the first of June, not before"
    assert figures(call)[Code.CLAUSES] == 1
    assert check_figures() == []
    (after,) = answers_of(submission, on=DAY)
    assert (after.old, after.new) == ("Lắp đèn", "Lắp đèn, cả ngõ Đình")
    (trace,) = behind(draft, [lamps.pk])[lamps.pk]
    assert (trace.summary, trace.submissions) == ("Thêm ngõ Đình", 1)
    client = Client()
    client.force_login(make_user(office_of=world.ward.unit))
    page = client.get(f"/plans/{plan.key}/2/changes/").content.decode()
    assert "Thêm ngõ Đình" in page
    assert "Phải lắp đèn cả ngõ Đình" not in page


def accepted(world: World) -> tuple[Plan, Measure, Call]:
    """A comment on the plan, accepted with the measure of the draft that it is to change."""
    plan, _study, lamps = revised(world)
    call = call_on_plan(world, plan)
    on_lamps = Subject(About.MEASURE, version=version_of(plan, 1).pk, measure=lamps.pk)
    make_submission(world.ward.unit, "Phải lắp đèn cả ngõ Đình", subject=on_lamps, call=call)
    reply = Reply(DispositionKind.ACCEPTED, "Tiếp thu.", DAY, summary="Thêm ngõ Đình", measure=lamps.pk)
    answering.answer(desk=desk_with(call), groups=[Group.objects.get().pk], reply=reply, actor=SYSTEM, at=DAY)
    return Plan.objects.get(pk=plan.pk), lamps, call


def second_adopted(plan: Plan) -> None:
    adopted = Adopted(on=date(2012, 5, 30), number="09-KH/ĐU")
    plans.adopt_plan(plan=Plan.objects.get(pk=plan.pk), adopted=adopted, actor=SYSTEM, at=AT)


def test_accepted_and_adopted_without_the_change_is_said_everywhere(world: World) -> None:
    plan, lamps, call = accepted(world)
    desk, submission = desk_with(call), Point.objects.get().submission
    assert outcomes_at(desk).not_yet == 1
    second_adopted(plan)
    found = outcomes_at(desk)
    assert (found.unchanged, [measure for _version, measure in found.stuck]) == (1, [lamps.pk])
    (told,) = answers_of(submission, on=DAY)
    assert not told.is_changed
    (row,) = consolidation(desk, on=DAY).rows
    assert row.clause == "", "nothing reads otherwise"
    client = Client()
    client.force_login(make_user(office_of=world.ward.unit))
    address = reverse("comments:desk", args=[call.key])
    for page in (address, f"{address}groups/{Group.objects.get().key}/", reverse("comments:one", args=[call.key])):
        assert "state-late" in (text := client.get(page).content.decode()) or "notice-late" in text, page
    assert client.get(f"{address}?stuck=1").content.decode().count('name="group"') == 1


def test_a_new_measure_taken_out_of_the_draft_again_is_said(world: World) -> None:
    plan, _lamps, call = accepted(world)
    new = plans.add_measure(plan=plan, line=Line(text="Lắp đèn ngõ Đình"), actor=SYSTEM, at=AT)
    reply = Reply(DispositionKind.ACCEPTED, "Tiếp thu.", DAY, summary="Thêm ngõ Đình", measure=new.pk)
    desk = desk_with(call)
    answering.answer(desk=desk, groups=[Group.objects.get().pk], reply=reply, actor=SYSTEM, at=DAY)
    assert outcomes_at(desk).drafted == 1
    plans.remove_measure(plan=plan, measure=new.key, actor=SYSTEM, at=AT)
    assert outcomes_at(desk).gone == 1
    second_adopted(plan)
    assert [measure for _version, measure in outcomes_at(desk).stuck] == [new.pk]
    (told,) = answers_of(Point.objects.get().submission, on=DAY)
    assert (told.is_changed, told.old, told.new) == (False, "", "")


def test_another_deadline_is_a_change_too(world: World) -> None:
    plan, lamps, call = accepted(world)
    line = Line(text="Lắp đèn", key=lamps.key, deadline_on=date(2012, 9, 30))
    plans.edit_measure(plan=plan, line=line, actor=SYSTEM, at=AT)
    assert outcomes_at(desk_with(call)).drafted == 1
    second_adopted(plan)
    assert (outcomes_at(desk_with(call)).changed, outcomes_at(desk_with(call)).stuck) == (1, ())


def test_a_draft_that_an_answer_names_is_not_thrown_away(world: World) -> None:
    plan, _lamps, _call = accepted(world)
    with pytest.raises(Refused, match=PlanError.IN_USE):
        plans.discard_draft(plan=plan, actor=SYSTEM, at=AT)
    client = Client()
    client.force_login(make_user(office_of=world.ward.unit))
    answered = client.post(reverse("plans:discard", args=[plan.key]), follow=True)
    assert answered.status_code in {200, 403}
    assert Disposition.objects.current().count() == 1


def test_of_very_many_measures_those_looked_for_are_in_the_list(world: World) -> None:
    lines = [Line(text=f"Nhiệm vụ, giải pháp thứ {n}") for n in range(1, 130)]
    plan = make_plan(world, None, *lines, Line(text="Trồng cây ven đường"))
    plans.adopt_plan(plan=plan, adopted=Adopted(on=date(2012, 3, 1), number="05-KH/ĐU"), actor=SYSTEM, at=AT)
    plan.refresh_from_db()
    plans.revise_plan(plan=plan, actor=SYSTEM, at=AT)
    call = call_on_plan(world, plan)
    make_submission(world.ward.unit, "Trồng thêm cây", call=call, subject=Subject(About.FREE))
    client = Client()
    client.force_login(make_user(office_of=world.ward.unit))
    answer = f"{reverse('comments:desk', args=[call.key])}answer/?group={Group.objects.get().key}"
    assert client.get(answer).content.decode().count("<option") == 1
    sent = {"kind": "accepted", "answer": "Sẽ trồng.", "on": "01/06/2012", "summary": "Về cây xanh", "measure": ""}
    found = client.post(answer, {**sent, "find": "trong cay", "do": "find"})
    page = found.content.decode()
    trees = Measure.objects.get(wordings__text="Trồng cây ven đường", wordings__version=version_of(plan, 2))
    assert (found.status_code, page.count("<option"), "Sẽ trồng." in page) == (200, 2, True)
    assert f'value="{trees.key}" selected' in page
    assert client.post(answer, {**sent, "measure": str(trees.key)}).status_code == 302
    assert Disposition.objects.get().measure_id == trees.pk


def test_points_go_to_a_group_found_by_its_words(world: World) -> None:
    call = make_call(world.ward)
    make_submission(world.ward.unit, f"{LAMPS}|Nạo vét cống|Niêm yết lịch tiếp dân", call=call)
    client = Client()
    client.force_login(make_user(office_of=world.ward.unit))
    lamps, drains = group_of(LAMPS), group_of("Nạo vét cống")
    point = Point.objects.get(text=LAMPS)
    address = f"{reverse('comments:desk', args=[call.key])}groups/{lamps.key}/"
    page = client.post(address, {"point": str(point.key), "do": "find", "find": "nao vet"}).content.decode()
    assert page.count("<option") == 1
    assert f'value="{point.key}" checked' in page
    client.post(address, {"point": str(point.key), "do": "move", "to": str(drains.key), "find": "nao vet"})
    point.refresh_from_db()
    assert point.group_id == drains.pk


def test_accepting_on_a_plan_without_a_draft_says_so(world: World) -> None:
    plan = make_plan(world, None, Line(text="Học tập nghị quyết"))
    plans.adopt_plan(plan=plan, adopted=Adopted(on=date(2012, 3, 1), number="05-KH/ĐU"), actor=SYSTEM, at=AT)
    call = call_on_plan(world, plan)
    make_submission(world.ward.unit, LAMPS, call=call, subject=Subject(About.PLAN, version=version_of(plan, 1).pk))
    reply = Reply(DispositionKind.ACCEPTED, "Tiếp thu.", DAY, summary="Chiếu sáng")
    with pytest.raises(Invalid, match=DeskError.NO_DRAFT):
        answering.answer(desk=desk_with(call), groups=[Group.objects.get().pk], reply=reply, actor=SYSTEM, at=DAY)


def test_a_summary_is_needed_and_is_not_the_authors(world: World) -> None:
    call = make_call(world.ward)
    make_submission(world.ward.unit, LAMPS, call=call)
    desk, group = desk_with(call), Group.objects.get()
    for summary, code in (("", DeskError.NO_SUMMARY), ("de nghi lap den CHIEU SANG o ngo Dinh!", DeskError.VERBATIM)):
        reply = Reply(DispositionKind.EXPLAINED, "Đã rõ.", DAY, summary=summary)
        with pytest.raises(Invalid, match=code):
            answering.answer(desk=desk, groups=[group.pk], reply=reply, actor=SYSTEM, at=DAY)
    assert not Disposition.objects.exists()


def test_a_call_is_finished_when_everything_is_answered(world: World) -> None:
    call = make_call(world.ward)
    make_submission(world.ward.unit, f"{LAMPS}|Sửa cống", call=call)
    after = date(2012, 6, 20)
    with pytest.raises(Refused, match=DeskError.STILL_OPEN):
        answering.finish_call(call=call, actor=SYSTEM, at=DAY)
    answering.answer(desk=desk_with(call), groups=[group_of(LAMPS).pk], reply=EXPLAINED, actor=SYSTEM, at=after)
    with pytest.raises(Refused, match=DeskError.UNANSWERED_LEFT):
        answering.finish_call(call=call, actor=SYSTEM, at=after)
    answering.answer(desk=desk_with(call), groups=[group_of("Sửa cống").pk], reply=EXPLAINED, actor=SYSTEM, at=after)
    answering.finish_call(call=call, actor=SYSTEM, at=after)
    with pytest.raises(Refused, match=DeskError.FINISHED):
        answering.take_back(desk=desk_with(call), group=group_of(LAMPS), actor=SYSTEM, at=after)


def test_figures_of_a_sealed_call_come_with_its_release_and_agree_with_the_facts() -> None:
    sealed = make_sealed(make_ward(cells=3, members=4))
    people = sealed.ward.everybody
    for number, person in enumerate(people[:6]):
        sealed.send(person, f"Ý kiến {number}")
    sealed.send(people[6], "Ký tên", Promise.NAMED)
    sealed.send(people[7], "", None)
    assert figures(sealed.call)[Code.TAKEN_PART] == 0
    sealed.release()
    found = figures(sealed.call, date(2026, 12, 1))
    assert (found[Code.ASKED], found[Code.TAKEN_PART], found[Code.SUBMISSIONS], found[Code.POINTS]) == (12, 8, 7, 7)
    cell = totals(scope=sealed.call.scope, codes=list(Code), unit=sealed.ward.cells[1], as_of=date(2026, 12, 1))
    assert (cell[Code.ASKED], cell[Code.TAKEN_PART], cell[Code.SUBMISSIONS]) == (4, 1, 1), "the signed one alone"
    for unit in (sealed.ward.unit, *sealed.ward.cells):
        assert disagreements(call=sealed.call, unit=unit, as_of=date(2026, 12, 1)) == []
    assert check_figures() == []


def test_the_recount_notices_a_figure_that_is_wrong(world: World) -> None:
    call = make_call(world.ward)
    make_submission(world.ward.unit, LAMPS, call=call)
    assert check_figures() == []
    Point.objects.update(about=About.PERSON, person=world.ward.everybody[0])
    assert {fault.code for fault in check_figures()} == {"figure_differs"}


def test_people_and_submissions_are_counted_apart(world: World) -> None:
    call = make_call(world.ward)
    person, unit = world.ward.everybody[0], world.ward.cells[0]
    for text in ("Lắp đèn ngõ Đình", "Lắp đèn ở ngõ Đình"):
        make_submission(
            world.ward.unit, text, call=call, author_kind=AuthorKind.MEMBER, person=person, unit=unit, author=""
        )
    make_submission(
        world.ward.unit,
        "Cần đèn ngõ Đình",
        call=call,
        author_kind=AuthorKind.UNIT,
        unit=unit,
        author="",
        people_behind=12,
    )
    desk = desk_with(call)
    groups = [group.pk for group in Group.objects.order_by("pk")]
    grouping.merge(desk=desk, groups=groups, into=groups[0], actor=SYSTEM, at=DAY)
    answering.answer(desk=desk, groups=[groups[0]], reply=EXPLAINED, actor=SYSTEM, at=DAY)
    table = consolidation(desk, on=DAY)
    (row,) = table.rows
    assert (row.sources.direct, row.sources.behind, row.sources.times, table.points) == (1, 12, 3, 3)
    assert (table.direct, table.units, table.behind, table.submissions) == (1, 1, 12, 3), (
        "twelve are never added to one"
    )
    assert figures(call)[Code.TAKEN_PART] == 1


def test_the_desk_page_asks_the_database_as_often_for_three_as_for_one(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    call = make_call(world.ward)
    client = Client()
    client.force_login(make_user(office_of=world.ward.unit))
    address = reverse("comments:desk", args=[call.key])
    make_submission(world.ward.unit, "Ý kiến A", call=call)
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as one:
        client.get(address)
    for text in ("Ý kiến B", "Ý kiến C"):
        make_submission(world.ward.unit, text, call=call)
    with django_assert_num_queries(len(one)):
        page = client.get(address).content.decode()
    assert page.count('name="group"') == 3


def test_a_clerk_groups_splits_undoes_answers_and_takes_the_table(world: World) -> None:
    call = make_call(world.ward)
    make_submission(world.ward.unit, f"{LAMPS}|Niêm yết lịch tiếp dân", call=call)
    make_submission(world.ward.unit, "lap den chieu sang o ngo Dinh", call=call)
    client = Client()
    client.force_login(make_user(office_of=world.ward.unit))
    desk = reverse("comments:desk", args=[call.key])
    client.post(f"{desk}look/")
    lamps = group_of(LAMPS)
    assert lamps.size == 2
    page = client.get(f"{desk}groups/{lamps.key}/").content.decode()
    assert "Trần Thị Lành" in page
    second = Point.objects.get(text="lap den chieu sang o ngo Dinh")
    client.post(f"{desk}groups/{lamps.key}/", {"point": str(second.key), "do": "split"})
    second.refresh_from_db()
    assert second.group_id != lamps.pk
    seq = grouping.undoable(desk_with(call)).order_by("-seq").values_list("seq", flat=True).first()
    client.post(f"{desk}steps/", {"seq": str(seq)})
    second.refresh_from_db()
    assert second.group_id == lamps.pk
    answer = f"{desk}answer/?group={lamps.key}"
    assert client.post(answer, {"kind": "explained", "answer": "", "on": "01/06/2012"}).status_code == 422
    sent = {"kind": "explained", "answer": "Đã có kế hoạch.", "on": "01/06/2012", "summary": "Về chiếu sáng"}
    assert client.post(answer, sent).status_code == 302
    table = client.get(reverse("comments:table", args=[call.key])).content.decode()
    assert "Về chiếu sáng" in table
    assert LAMPS not in table
    assert client.get(reverse("comments:table_docx", args=[call.key])).content[:2] == b"PK"
    assert client.get(reverse("comments:table_xlsx", args=[call.key])).content[:2] == b"PK"
    unasked = client.get(reverse("comments:desk", args=[Unit.objects.get(pk=world.ward.unit).key]))
    assert unasked.status_code == 200


def test_a_rollout_shows_its_calls_to_those_who_may_see_them(world: World) -> None:
    call = make_call(world.ward, rollout=world.rollout.pk)
    make_submission(world.ward.unit, LAMPS, call=call)
    address = reverse("progress:rollout", args=[world.rollout.key])
    client = Client()
    client.force_login(make_user(office_of=world.ward.unit))
    page = client.get(address).content.decode()
    assert reverse("comments:one", args=[call.key]) in page
    own = client.get(reverse("comments:figures", args=[call.key]))
    assert own.status_code == 200
    stranger = Client()
    stranger.force_login(make_user(person=make_person("Lê Thị Lạ")))
    assert reverse("comments:one", args=[call.key]) not in stranger.get(address).content.decode()


def test_figures_by_unit_add_up(world: World) -> None:
    call = make_call(world.ward)
    for number, unit in enumerate(world.ward.cells):
        person = world.ward.members[number][0]
        make_submission(
            world.ward.unit,
            f"Ý {number}",
            call=call,
            author_kind=AuthorKind.MEMBER,
            person=person,
            unit=unit,
            author="",
        )
    make_submission(world.ward.unit, "Một người dân", call=call)
    rows = own_figures(call, on=DAY)
    whole = figures(call)
    for code in Code:
        assert sum(n[code.name.lower()] for _name, n in rows) == whole[code]
    assert rows[0][1]["submissions"] == 1, "what has no unit stands with the unit that asked"


def test_more_time_makes_more_answers_timely(world: World) -> None:
    call = make_call(world.ward)
    make_submission(world.ward.unit, LAMPS, call=call)
    late = date(2012, 7, 20)
    reply = replace(EXPLAINED, on=late)
    answering.answer(desk=desk_with(call), groups=[group_of(LAMPS).pk], reply=reply, actor=SYSTEM, at=late)
    assert (figures(call, late)[Code.ANSWERED], figures(call, late)[Code.ON_TIME]) == (1, 0)
    actions.extend_call(call=call, closes_on=date(2012, 8, 1), reason="Nhiều người đi vắng", actor=SYSTEM, at=late)
    assert figures(call, late)[Code.ON_TIME] == 1
    assert check_figures() == []


def test_what_was_timely_is_recounted_as_it_was_known() -> None:
    """An answer five days late becomes timely when people are given more time; before that it was late."""

    def noon(day: date) -> datetime:
        return datetime(day.year, day.month, day.day, 5, tzinfo=UTC)

    answered, longer = date(2012, 7, 20), date(2012, 7, 25)
    with clock.simulated(noon(DAY)):
        ward = make_ward(cells=2, members=6)
        call = make_call(ward)
        make_submission(ward.unit, LAMPS, call=call)
    with clock.simulated(noon(answered)):
        reply = replace(EXPLAINED, on=answered)
        answering.answer(desk=desk_with(call), groups=[group_of(LAMPS).pk], reply=reply, actor=SYSTEM, at=answered)
    with clock.simulated(noon(longer)):
        actions.extend_call(call=call, closes_on=date(2012, 8, 1), reason="Mùa bão", actor=SYSTEM, at=longer)
    call = Call.objects.select_related("scope").get(pk=call.pk)
    for known_at, timely in ((DAY, 0), (answered, 0), (longer, 1), (None, 1)):
        assert recount(call=call, unit=ward.unit, as_of=longer, known_at=known_at)[Code.ON_TIME] == timely
        assert disagreements(call=call, unit=ward.unit, as_of=longer, known_at=known_at) == []
    with clock.simulated(noon(longer)):
        assert check_figures() == []


def test_finishing_is_asked_once_more_and_says_what_did_not_change(world: World) -> None:
    plan, _lamps, call = accepted(world)
    second_adopted(plan)
    client = Client()
    client.force_login(make_user(office_of=world.ward.unit))
    address = reverse("comments:finish", args=[call.key])
    page = client.get(address).content.decode()
    assert "notice-late" in page
    assert f'href="{reverse("comments:desk", args=[call.key])}?stuck=1"' in page
    assert Call.objects.get(pk=call.pk).finished_seq is None, "reading it finishes nothing"
    client.post(address)
    assert Call.objects.get(pk=call.pk).finished_seq is not None
    again = client.get(address).content.decode()
    assert 'method="post"' not in again.split("<main")[1]


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("summary", "Đề nghị lắp đèn chiếu sáng ở ngõ Đình"),
        ("summary", "Có người nói: đề nghị lắp đèn chiếu sáng ở ngõ Đình, rất gấp"),
        ("summary", "Lắp đèn chiếu sáng ở ngõ Đình ạ"),
        ("answer", "Ý kiến “Đề nghị lắp đèn chiếu sáng ở ngõ Đình” đã được tiếp nhận."),
    ],
    ids=["the same", "in it", "but for small words", "in the answer"],
)
def test_nothing_others_read_repeats_an_author(world: World, name: str, written: str) -> None:
    call = make_call(world.ward)
    make_submission(world.ward.unit, LAMPS, call=call)
    said = {"summary": "Về chiếu sáng", "answer": "Đã có trong kế hoạch lắp đèn năm nay.", name: written}
    reply = Reply(DispositionKind.EXPLAINED, said["answer"], DAY, summary=said["summary"])
    with pytest.raises(Invalid, match=DeskError.VERBATIM) as refused:
        answering.answer(desk=desk_with(call), groups=[Group.objects.get().pk], reply=reply, actor=SYSTEM, at=DAY)
    assert refused.value.on == name


def test_what_represents_merged_groups_is_written_best(world: World) -> None:
    call = make_call(world.ward)
    make_submission(world.ward.unit, "lap den chieu sang ngo Dinh|Lắp đèn ngõ Đình cho sáng", call=call)
    bare, marked = group_of("lap den chieu sang ngo Dinh"), group_of("Lắp đèn ngõ Đình cho sáng")
    grouping.merge(desk=desk_with(call), groups=[bare.pk, marked.pk], into=bare.pk, actor=SYSTEM, at=DAY)
    bare.refresh_from_db()
    assert bare.representative is not None
    assert bare.representative.text == "Lắp đèn ngõ Đình cho sáng"
    seq = grouping.undoable(desk_with(call)).values_list("seq", flat=True)[0]
    grouping.undo(desk=desk_with(call), seq=seq, actor=SYSTEM, at=DAY)
    restored = Group.objects.get(pk=bare.pk)
    assert restored.representative_id in {None, Point.objects.get(group=restored).pk}


def test_what_most_have_written_represents_merged_groups(world: World) -> None:
    call = make_call(world.ward)
    many, one = "Lắp đèn chiếu sáng ngõ Đình", "Ngõ Đình tối lắm, mong các đồng chí cho đèn"
    for _ in range(3):
        make_submission(world.ward.unit, many, call=call)
    make_submission(world.ward.unit, one, call=call)
    groups = list(Group.objects.order_by("pk").values_list("pk", flat=True))
    desk = desk_with(call)
    grouping.merge(desk=desk, groups=groups[:3], into=groups[0], actor=SYSTEM, at=DAY)
    grouping.merge(desk=desk, groups=[groups[0], groups[3]], into=groups[3], actor=SYSTEM, at=DAY)
    merged = Group.objects.select_related("representative").get(pk=groups[3])
    assert merged.representative is not None
    assert merged.representative.text == many


def test_a_kept_name_is_asked_for_from_the_group_and_undone_steps_have_their_words() -> None:
    sealed = make_sealed(make_ward(cells=3, members=4), closes_on=date(2012, 6, 15))
    people = sealed.ward.everybody
    for number, person in enumerate(people[:5]):
        sealed.send(person, f"Nên sửa đường số {number}")
    sealed.send(people[5], "Nên trồng cây", Promise.NAME_KEPT)
    sealed.release()
    client = Client()
    client.force_login(make_user(office_of=sealed.ward.unit))
    kept, nameless = group_of("Nên trồng cây"), group_of("Nên sửa đường số 1")
    desk = reverse("comments:desk", args=[sealed.call.key])
    name = reverse("comments:name", args=[Point.objects.get(text="Nên trồng cây").submission.key])
    assert name in client.get(f"{desk}groups/{kept.key}/").content.decode()
    assert "/name/" not in client.get(f"{desk}groups/{nameless.key}/").content.decode()
    at = date(2012, 7, 1)
    grouping.merge(desk=desk_with(sealed.call), groups=[kept.pk, nameless.pk], into=kept.pk, actor=SYSTEM, at=at)
    point = Point.objects.get(text="Nên sửa đường số 1")
    grouping.split(desk=desk_with(sealed.call), points=[point.pk], actor=SYSTEM, at=at)
    seq = grouping.undoable(desk_with(sealed.call)).order_by("-seq").values_list("seq", flat=True)[0]
    grouping.undo(desk=desk_with(sealed.call), seq=seq, actor=SYSTEM, at=at)
    assert all(step.words for step in steps_of(desk_with(sealed.call)))


def test_who_said_it_is_in_the_readers_words(world: World) -> None:
    call = make_call(world.ward)
    make_submission(world.ward.unit, LAMPS, call=call)
    answering.answer(desk=desk_with(call), groups=[Group.objects.get().pk], reply=EXPLAINED, actor=SYSTEM, at=DAY)
    client = Client()
    client.force_login(make_user(office_of=world.ward.unit))
    client.cookies["django_language"] = "en"
    assert "1 resident" in client.get(reverse("comments:table", args=[call.key])).content.decode()


def test_clauses_count_when_they_have_changed_and_no_longer_when_the_version_is_taken_back(world: World) -> None:
    plan, lamps, call = accepted(world)
    helper = Coordinator(name="Đoàn Thanh niên")
    line = Line(text="Lắp đèn", key=lamps.key, coordinators=(helper,))
    plans.edit_measure(plan=plan, line=line, actor=SYSTEM, at=AT)
    later = date(2012, 6, 20)
    assert figures(call, later)[Code.CLAUSES] == 0
    second_adopted(plan)
    assert figures(call, later)[Code.CLAUSES] == 1, "somebody helps who did not before: that is a change"
    assert check_figures() == []
    version = version_of(Plan.objects.get(pk=plan.pk), 2)
    adopted = Adopted(on=date(2012, 6, 10), number="09-KH/ĐU")
    plans.correct_adoption(version=version, adopted=adopted, actor=SYSTEM, at=datetime(2012, 6, 11, 5, tzinfo=UTC))
    assert (figures(call, date(2012, 6, 9))[Code.CLAUSES], figures(call, later)[Code.CLAUSES]) == (0, 1)
    assert check_figures() == []
    plans.withdraw_adoption(version=version, reason="Vào nhầm", actor=SYSTEM, at=AT)
    assert figures(call, later)[Code.CLAUSES] == 0
    assert check_figures() == []


def test_a_clause_adopted_as_it_was_is_not_counted(world: World) -> None:
    plan, _lamps, call = accepted(world)
    second_adopted(plan)
    assert figures(call, date(2012, 6, 20))[Code.CLAUSES] == 0
    assert check_figures() == []
