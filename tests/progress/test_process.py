from datetime import date, timedelta
from http import HTTPStatus
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.comments import CLOSES, make_call, make_submission
from tests.factories.organisation import Ward, make_user, make_ward
from tests.factories.rollouts import NOW, PAPERS_BY, TODAY, make_rollout, obligation_of
from trienkhai.comments import actions as comments
from trienkhai.comments.actions import answering
from trienkhai.comments.models import Call, Group
from trienkhai.comments.queries.places import desk_of
from trienkhai.comments.rules import DispositionKind
from trienkhai.comments.rules.grouping import Reply
from trienkhai.core.decisions import Invalid
from trienkhai.organisation.models import Unit
from trienkhai.organisation.rules import SYSTEM
from trienkhai.papers.actions import hand_in
from trienkhai.plans import actions as plans
from trienkhai.plans.models import Plan
from trienkhai.plans.rules import Adopted, Head
from trienkhai.progress.queries import process as queries
from trienkhai.progress.rules.process import SHIPPED, Checked, Found, Item, Rule, RuleSet, Verdict, check, read_rules
from trienkhai.rollouts.actions import record_receipt
from trienkhai.rollouts.models import Rollout
from trienkhai.rollouts.rules import PaperForm

DAY = date(2012, 6, 1)
RULES = RuleSet("1", (Rule(Item.STUDIED, (Item.PLAN,)), Rule(Item.COMMENTS_ASKED, is_required=False)))


# --- The rule ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        (Found(0, 0), Verdict.NOTHING_ASKED),
        (Found(3, 3), Verdict.THERE),
        (Found(4, 3), Verdict.THERE),
        (Found(3, 3, early={Item.PLAN: 1}), Verdict.OUT_OF_ORDER),
        (Found(3, 3, early={Item.RECEIVED: 1}), Verdict.THERE),
        (Found(1, 3), Verdict.UNDER_WAY),
        (Found(1, 3, due_on=DAY), Verdict.UNDER_WAY),
        (Found(1, 3, due_on=DAY - timedelta(1)), Verdict.MISSING),
        (Found(0, 3, due_on=DAY), Verdict.NOT_DUE),
        (Found(0, 3), Verdict.MISSING),
    ],
)
def test_verdicts(found: Found, verdict: Verdict) -> None:
    assert check(RULES, {Item.STUDIED: found}, day=DAY)[0].verdict is verdict


def test_what_is_asked_by_custom_alone_is_not_missing() -> None:
    assert check(RULES, {Item.COMMENTS_ASKED: Found(0, 1)}, day=DAY)[1].verdict is Verdict.NOT_DONE


@given(st.integers(0, 5), st.integers(0, 5), st.none() | st.dates(DAY - timedelta(5), DAY + timedelta(5)))
def test_nothing_is_called_missing_before_it_is_due(done: int, owed: int, due: date | None) -> None:
    (checked, _other) = check(RULES, {Item.STUDIED: Found(done, owed, due_on=due)}, day=DAY)
    if checked.verdict is Verdict.MISSING:
        assert done < owed
        assert due is None or due < DAY
    assert (checked.verdict is Verdict.THERE) == (done >= owed and done + owed > 0)


def test_the_shipped_rules_ask_for_everything_in_an_order_that_holds() -> None:
    rules = read_rules()
    assert {rule.item for rule in rules.rules} == set(Item)
    seen: set[str] = {"last_deadline"}
    for rule in rules.rules:
        assert set(rule.after) <= seen
        seen.add(rule.item)


@pytest.mark.parametrize(
    "text",
    [
        "not toml at all [",
        "asked = []",
        'version = "1"',
        'version = "1"\nasked = ["directive"]',
        'version = "1"\n[[asked]]\nitem = "dance"\nrequired = true',
        'version = "1"\n[[asked]]\nitem = "plan"\nrequired = "yes"',
        'version = "1"\n[[asked]]\nitem = "plan"\nrequired = true\nafter = ["moon"]',
        'version = "1"\n[[asked]]\nitem = "plan"\nrequired = true\nwhy = "x"',
        'version = "1"\n[[asked]]\nitem = "plan"\nrequired = true\n[[asked]]\nitem = "plan"\nrequired = true',
    ],
)
def test_files_without_meaning(tmp_path: Path, text: str) -> None:
    own = tmp_path / SHIPPED.name
    own.write_text(text, encoding="utf-8")
    with pytest.raises(Invalid):
        read_rules(own)


# --- Read from facts --------------------------------------------------------------------------------------------------


@pytest.fixture
def ward(settings: object, tmp_path: Path) -> Ward:
    settings.TRIENKHAI_RULES = tmp_path  # type: ignore[attr-defined]
    return make_ward(cells=2, members=2)


def found_in(rollout: Rollout, day: date = TODAY) -> dict[Item, Checked]:
    return {checked.rule.item: checked for checked in queries.process_of(rollout, day=day)}


def adopt(rollout: Rollout, unit: int, on: date) -> None:
    place = Unit.objects.get(pk=unit)
    plan = plans.draft_plan(rollout=rollout, unit=place, head=Head("Kế hoạch"), actor=SYSTEM, at=NOW)
    plans.adopt_plan(plan=plan, adopted=Adopted(on=on), actor=SYSTEM, at=NOW)


@pytest.mark.django_db
def test_a_roll_out_just_opened(ward: Ward) -> None:
    found = found_in(make_rollout(ward), PAPERS_BY)
    assert found[Item.DIRECTIVE].verdict is Verdict.THERE
    assert found[Item.GUIDANCE].verdict is Verdict.NOT_DONE
    assert found[Item.RECEIVED].verdict is Verdict.MISSING
    assert (found[Item.RECEIVED].found.done, found[Item.RECEIVED].found.owed) == (0, 3)
    assert found[Item.PAPERS].verdict is Verdict.NOT_DUE
    assert found[Item.COMMENTS_ANSWERED].verdict is Verdict.NOTHING_ASKED
    assert found[Item.PLAN_REVISED].verdict is Verdict.NOTHING_ASKED
    assert found[Item.REPORTED].verdict is Verdict.NOT_DUE


@pytest.mark.django_db
def test_plans_before_the_documents_and_before_the_plan_above(ward: Ward) -> None:
    rollout = make_rollout(ward)
    record_receipt(rollout=rollout, unit=Unit.objects.get(pk=ward.unit), on=date(2012, 3, 1), actor=SYSTEM, at=TODAY)
    adopt(rollout, ward.unit, date(2012, 3, 20))
    adopt(rollout, ward.cells[0], date(2012, 3, 10))
    adopt(rollout, ward.cells[1], date(2012, 4, 1))
    found = found_in(rollout)
    assert found[Item.PLAN].verdict is Verdict.THERE
    assert found[Item.PLANS_BELOW].verdict is Verdict.OUT_OF_ORDER
    assert found[Item.PLANS_BELOW].early == {Item.PLAN: 1}
    assert (found[Item.PLANS_BELOW].found.done, found[Item.PLANS_BELOW].found.owed) == (2, 2)
    early = make_rollout(make_ward(cells=1, members=1, name="Phường khác"))
    adopt(early, early.lead_id, date(2012, 3, 20))
    assert found_in(early)[Item.PLAN].early == {Item.RECEIVED: 1}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answered_on", "opens_on", "early"),
    [
        (date(2012, 7, 1), DAY, {}),
        (date(2012, 7, 20), DAY, {}),
        (date(2012, 7, 21), DAY, {Item.COMMENTS_ANSWERED: 1}),
        (None, DAY, {Item.COMMENTS_ANSWERED: 1}),
        (None, date(2012, 7, 21), {}),
    ],
)
def test_a_version_is_held_against_the_calls_before_it(
    ward: Ward, answered_on: date | None, opens_on: date, early: dict[str, int]
) -> None:
    rollout = make_rollout(ward)
    adopt(rollout, ward.unit, date(2012, 3, 20))
    plan = Plan.objects.get()
    days = {"opens_on": opens_on, "closes_on": opens_on + timedelta(14), "answer_by": opens_on + timedelta(44)}
    call = make_call(ward, rollout=rollout.pk, **days)
    make_submission(ward.unit, call=call, on=opens_on)
    if answered_on is not None:
        reply = Reply(DispositionKind.EXPLAINED, "Đã rõ.", answered_on, summary="Lịch tiếp dân")
        desk = desk_of(Call.objects.select_related("scope").get(pk=call.pk))
        answering.answer(desk=desk, groups=[Group.objects.get().pk], reply=reply, actor=SYSTEM, at=TODAY)
    plans.revise_plan(plan=plan, actor=SYSTEM, at=NOW)
    plans.adopt_plan(plan=plan, adopted=Adopted(on=date(2012, 7, 20)), actor=SYSTEM, at=NOW)
    assert found_in(rollout)[Item.PLAN_REVISED].early == early


@pytest.mark.django_db
def test_a_call_closed_by_hand_was_open_until_that_day(ward: Ward) -> None:
    rollout = make_rollout(ward)
    adopt(rollout, ward.unit, date(2012, 3, 20))
    call = make_call(ward, rollout=rollout.pk)
    assert found_in(rollout)[Item.COMMENTS_ASKED].found.last_on == CLOSES
    comments.close_call(call=call, reason="Đã đủ ý kiến", actor=SYSTEM, at=date(2012, 6, 9))
    assert found_in(rollout)[Item.COMMENTS_ASKED].found.last_on == date(2012, 6, 9)


@pytest.mark.django_db
def test_a_version_before_the_call_closed_came_too_early(ward: Ward) -> None:
    rollout = make_rollout(ward)
    adopt(rollout, ward.unit, date(2012, 3, 20))
    make_call(ward, rollout=rollout.pk)
    plan = Plan.objects.get()
    plans.revise_plan(plan=plan, actor=SYSTEM, at=NOW)
    plans.adopt_plan(plan=plan, adopted=Adopted(on=CLOSES - timedelta(1)), actor=SYSTEM, at=NOW)
    assert found_in(rollout)[Item.PLAN_REVISED].early[Item.COMMENTS_ASKED] == 1


def test_no_source_is_shown_where_none_was_read() -> None:
    assert all(not rule.source for rule in read_rules().rules)


@pytest.mark.django_db
def test_papers_count_of_those_who_owe_them_by_the_day(ward: Ward) -> None:
    rollout = make_rollout(ward)
    papers = {obligation_of(rollout, person).pk: date(2012, 10, 1) for person in ward.members[0]}
    hand_in(rollout=rollout, papers=papers, form=PaperForm.HANDWRITTEN, actor=SYSTEM, at=TODAY)
    late = found_in(rollout)[Item.PAPERS]
    assert late.verdict is Verdict.MISSING
    assert (late.found.done, late.found.owed, late.found.first_on) == (2, 4, date(2012, 10, 1))
    assert found_in(rollout, date(2012, 9, 30))[Item.PAPERS].verdict is Verdict.NOT_DUE


@pytest.mark.django_db
def test_an_installation_asks_for_less(ward: Ward, tmp_path: Path) -> None:
    (tmp_path / SHIPPED.name).write_text('version = "x"\n[[asked]]\nitem = "plan"\nrequired = false\n', "utf-8")
    assert list(found_in(make_rollout(ward))) == [Item.PLAN]
    assert queries.check_rule_file() == []
    (tmp_path / SHIPPED.name).write_text("version = 1", "utf-8")
    assert [fault.code for fault in queries.check_rule_file()] == ["process_rules_without_meaning"]


@pytest.mark.django_db
def test_the_page_is_for_whoever_runs_the_roll_out(ward: Ward) -> None:
    rollout = make_rollout(ward)
    address = reverse("progress:process", args=[rollout.key])
    clerk, member = Client(), Client()
    clerk.force_login(make_user(office_of=ward.unit))
    clerk.cookies["django_language"] = "en"
    member.force_login(make_user(person=ward.members[1][1]))
    page = clerk.get(address).content.decode()
    assert "The leading unit has adopted its plan" in page
    assert member.get(address).status_code == HTTPStatus.FORBIDDEN
    assert address in clerk.get(reverse("progress:rollout", args=[rollout.key])).content.decode()
    assert address not in member.get(reverse("progress:rollout", args=[rollout.key])).content.decode()


@pytest.mark.django_db
@pytest.mark.usefixtures("ward")
def test_as_many_queries_for_three_cells_as_for_one() -> None:
    asked = []
    for cells in (1, 3):
        rollout = make_rollout(make_ward(cells=cells, members=2, name=f"Phường {cells}"))
        with CaptureQueriesContext(connection) as queried:
            queries.process_of(rollout, day=TODAY)
        asked.append(len(queried))
    assert asked[0] == asked[1]
