"""Pages of versions, of plans that apply another, and of one measure."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import mark_safe
from pytest_django import DjangoAssertNumQueries

from tests.factories.comments import make_call, make_submission
from tests.factories.organisation import DAY, make_unit, make_user
from tests.factories.plans import AT, World, make_plan, make_world, version_of
from trienkhai.comments.actions import answering
from trienkhai.comments.models import Call, Disposition, Group
from trienkhai.comments.queries.places import desk_of
from trienkhai.comments.rules import About, DispositionKind, Subject
from trienkhai.comments.rules.grouping import Reply
from trienkhai.core import pages
from trienkhai.ledger.queries import history_of
from trienkhai.organisation.queries import name_of
from trienkhai.organisation.rules import SYSTEM, UnitKind
from trienkhai.plans import actions
from trienkhai.plans.models import Plan, PlanVersion
from trienkhai.plans.queries import PanelSubject, effective, lines_of
from trienkhai.plans.rules import Adopted, Head, Line, Taking, Treatment, VersionKind

pytestmark = pytest.mark.django_db
ON = date(2012, 2, 20)


@pytest.fixture(autouse=True)
def _english(settings: object) -> None:
    settings.LANGUAGE_CODE = "en"  # type: ignore[attr-defined]
    translation.activate("en")


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def above(world: World) -> Plan:
    """The ward's plan in force."""
    plan = make_plan(world, None, Line("Học tập hai buổi", product="Biên bản"), Line("Kiểm điểm"), Line("Báo cáo"))
    actions.adopt_plan(plan=plan, adopted=Adopted(ON, "05-KH/ĐU"), actor=SYSTEM, at=AT)
    plan.refresh_from_db()
    return plan


@pytest.fixture
def clerk(world: World) -> Client:
    return signed_in(office_of=world.ward.unit)


@pytest.fixture
def secretary(world: World) -> Client:
    """The secretary of the second cell, who is nothing else."""
    return signed_in(person=world.ward.members[1][0])


@pytest.fixture
def cell_plan(world: World, above: Plan) -> Plan:
    """The second cell's draft that applies the ward's plan."""
    return actions.draft_applying(
        rollout=world.rollout,
        unit=world.cell(1),
        base=version_of(above),
        head=Head("Kế hoạch của chi bộ"),
        actor=SYSTEM,
        at=AT,
    )


def signed_in(**who: int) -> Client:
    client = Client()
    client.force_login(make_user(**who))  # type: ignore[arg-type]
    return client


def at(name: str, *keys: object) -> str:
    return reverse(f"plans:{name}", args=list(keys))


def text(client: Client, url: str, **query: str) -> str:
    response = client.get(url, query)
    assert response.status_code == 200
    return response.content.decode()


def revised(plan: Plan) -> PlanVersion:
    """A draft of the second version: the first measure reworded, the second gone, a fourth added."""
    actions.revise_plan(plan=plan, actor=SYSTEM, at=AT)
    one, _two, three = lines_of(version_of(plan))
    lines = [Line("Học tập ba buổi", product="Sổ ghi", key=one.key), three, Line("Thăm hỏi")]
    actions.set_measures(plan=plan, lines=lines, actor=SYSTEM, at=AT)
    plan.refresh_from_db()
    return version_of(plan)


def test_the_next_version_is_drafted_and_replaces_the_first(above: Plan, clerk: Client) -> None:
    response = clerk.post(at("revise", above.key))
    assert response["Location"] == at("version", above.key, 2)
    page = text(clerk, at("one", above.key))
    assert "The next version is being drafted" in page
    assert clerk.post(at("revise", above.key)).status_code == 403
    above.refresh_from_db()
    clerk.post(at("adopt", above.key), {"on": "1/3/2012", "number": "19-KH/ĐU", "seen": str(above.changed_seq)})
    page = text(clerk, at("one", above.key))
    assert "amended and supplemented, 1" in page
    page = text(clerk, at("index", above.rollout.key))
    assert "amended and supplemented, 1" in page
    assert at("cascade", above.key) in page
    page = text(clerk, at("one", above.key))
    assert "19-KH/ĐU" in page
    assert "A later version is in force" in text(clerk, at("version", above.key, 1))


def test_a_draft_beside_the_version_in_force_is_seen_by_whom_it_concerns(
    above: Plan, clerk: Client, secretary: Client
) -> None:
    revised(above)
    assert "Thăm hỏi" in text(clerk, at("version", above.key, 2))
    page = text(secretary, at("one", above.key))
    assert "Học tập hai buổi" in page
    assert "The next version is being drafted" not in page
    for name in ("version", "changes", "document"):
        assert secretary.get(at(name, above.key, 2)).status_code == 404
    new = lines_of(version_of(above))[2].key
    assert secretary.get(at("measure", above.key, new)).status_code == 404
    assert secretary.post(at("revise", above.key)).status_code == 403


def test_old_and_new_stand_in_two_columns(above: Plan, clerk: Client) -> None:
    revised(above)
    page = text(clerk, at("changes", above.key, 2))
    for words in (
        "1 changed, 1 new, 1 taken out, 0 moved, 1 as before",
        "<del>hai</del>",
        "<ins>ba</ins>",
        "<del>Biên bản</del>",
        "<ins>Sổ ghi</ins>",
        "<del>Kiểm điểm</del>",
        "<ins>Thăm hỏi</ins>",
    ):
        assert words in page
    assert "Báo cáo" not in page
    assert "Báo cáo" in text(clerk, at("changes", above.key, 2), all="1")
    for url in (at("changes", above.key, 1), at("changes", above.key, 2) + "?with=2", at("changes", above.key, 3)):
        assert clerk.get(url).status_code == 404


def test_versions_that_say_the_same(above: Plan, clerk: Client) -> None:
    actions.revise_plan(plan=above, actor=SYSTEM, at=AT)
    assert "Nothing differs." in text(clerk, at("changes", above.key, 2))
    actions.edit_head(plan=above, head=Head("Kế hoạch khác"), actor=SYSTEM, at=AT)
    page = text(clerk, at("changes", above.key, 2))
    assert "only title or text" in page
    assert "<ins>khác</ins>" in page


@pytest.fixture
def _panels() -> Iterator[None]:
    asked: list[int] = []

    def panel(_request: HttpRequest, subject: PanelSubject) -> str:
        if "seen" not in subject.page.kept:
            asked.append(len(subject.page.measures))
            subject.page.kept["seen"] = True
        return mark_safe(f"<section>panel {subject.measure} of {asked}</section>")  # noqa: S308 - a test's own words

    for slot in ("plans.change", "plans.measure"):
        pages.register_panel(slot, "test", panel)
    yield
    for slot in ("plans.change", "plans.measure"):
        pages._panels[slot].pop("test")


@pytest.mark.usefixtures("_panels")
def test_apps_above_show_what_they_know_of_a_change(above: Plan, clerk: Client) -> None:
    draft = revised(above)
    page = text(clerk, at("changes", above.key, 2))
    changed = lines_of(draft)[0]
    assert page.count("panel ") == 3
    assert f"panel {changed.measure} of [3]" in page
    assert f"panel {changed.measure}" in text(clerk, at("measure", above.key, changed.key))


def test_a_measure_through_its_versions(above: Plan, clerk: Client, secretary: Client) -> None:
    draft = revised(above)
    one = lines_of(draft)[0].key
    page = text(clerk, at("measure", above.key, one))
    assert "Through the versions" in page
    assert "<del>hai</del>" in page
    assert "Taken up below" in page
    assert at("measure_edit", above.key, one) in page
    theirs = text(secretary, at("measure", above.key, one))
    assert "Through the versions" not in theirs
    assert "Taken up below" not in theirs
    gone = lines_of(version_of(above, 1))[1].key
    assert "Kiểm điểm" in text(clerk, at("measure", above.key, gone))
    assert clerk.get(at("measure", above.key, above.key)).status_code == 404


def test_a_secretary_applies_the_plan_above_on_one_page(world: World, above: Plan, secretary: Client) -> None:
    url = at("of_unit", world.rollout.key, world.cell(1).key)
    assert "The quickest way is to apply it" in text(secretary, url)
    response = secretary.post(url, {"title": "Kế hoạch của chi bộ", "apply": "1"})
    plan = Plan.objects.get(unit=world.cell(1))
    assert response["Location"] == at("apply", plan.key)
    one, two, three = (line.key for line in lines_of(version_of(above)))
    page = text(secretary, at("apply", plan.key))
    assert page.count("as it is") >= 3
    assert "Changed: 0. Left out: 0." in page
    form = text(secretary, at("change", plan.key, one))
    assert "Học tập hai buổi" in form
    assert "Biên bản" in form
    plan.refresh_from_db()
    seen = {"seen": str(plan.changed_seq)}
    assert secretary.post(at("change", plan.key, one), {"text": "", **seen}).status_code == 422
    said = {"text": "Học tập một buổi", "lead": name_of(world.cell(1), AT.date()), "reason": "Ít người", **seen}
    assert secretary.post(at("change", plan.key, one), said)["Location"] == at("apply", plan.key)
    stale = secretary.post(at("leave_out", plan.key, two), {"reason": "Không có", **seen})
    assert stale.status_code == 422
    assert "Somebody else has changed this plan" in stale.content.decode()
    plan.refresh_from_db()
    seen = {"seen": str(plan.changed_seq)}
    assert secretary.post(at("leave_out", plan.key, two), {"reason": "", **seen}).status_code == 422
    secretary.post(at("leave_out", plan.key, two), {"reason": "Không có trường học", **seen})
    plan.refresh_from_db()
    added = {"text": "Thăm hỏi", "seen": str(plan.changed_seq)}
    assert secretary.post(at("measure_new", plan.key), added)["Location"] == at("apply", plan.key)
    found = effective(version_of(plan))
    assert [one.taking for one in found] == [Taking.CHANGED, Taking.LEFT_OUT, Taking.AS_IT_IS, Taking.OWN]
    page = text(secretary, at("apply", plan.key))
    for words in ("Changed: 1. Left out: 1.", "Ít người", "Không có trường học", "Thăm hỏi"):
        assert words in page
    secretary.post(at("as_it_is", plan.key, one))
    assert effective(version_of(plan))[0].taking == Taking.AS_IT_IS
    plan.refresh_from_db()
    secretary.post(at("adopt", plan.key), {"on": "1/3/2012", "seen": str(plan.changed_seq)})
    page = text(secretary, at("one", plan.key))
    assert "Left out of the plan above" in page
    assert secretary.get(at("apply", plan.key)).status_code == 403
    assert secretary.get(at("change", plan.key, three)).status_code == 403


def test_own_measures_are_edited_and_taken_out_one_by_one(cell_plan: Plan, secretary: Client) -> None:
    actions.add_measure(plan=cell_plan, line=Line("Thăm hỏi"), actor=SYSTEM, at=AT)
    cell_plan.refresh_from_db()
    (line,) = lines_of(version_of(cell_plan))
    url = at("measure_edit", cell_plan.key, line.key)
    assert "Thăm hỏi" in text(secretary, url)
    bad = {"text": "Thăm", "target": "nhiều", "seen": str(cell_plan.changed_seq)}
    assert secretary.post(url, bad).status_code == 422
    assert secretary.post(url, {"text": "Thăm", "target": "5", "seen": str(cell_plan.changed_seq)}).status_code == 422
    good = {
        "text": "Thăm hỏi gia đình",
        "indicator": "gia đình",
        "target": "12.5",
        "coordinators": "Hội phụ nữ; Đoàn thanh niên",
        "is_recurring": "on",
        "seen": str(cell_plan.changed_seq),
    }
    assert secretary.post(url, good)["Location"] == at("apply", cell_plan.key)
    (line,) = lines_of(version_of(cell_plan))
    assert ([helper.name for helper in line.coordinators], line.is_recurring) == (
        ["Hội phụ nữ", "Đoàn thanh niên"],
        True,
    )
    assert secretary.get(at("measure_remove", cell_plan.key, line.key)).status_code == 405
    secretary.post(at("measure_remove", cell_plan.key, line.key))
    assert lines_of(version_of(cell_plan)) == []
    assert secretary.get(url).status_code == 404


def test_only_measures_of_the_applied_plan_are_treated(world: World, cell_plan: Plan, secretary: Client) -> None:
    stranger = make_plan(world, world.cell(2), Line("Của người khác"))
    theirs = lines_of(version_of(stranger))[0].key
    for name in ("change", "leave_out"):
        assert secretary.get(at(name, cell_plan.key, theirs)).status_code == 404
    assert secretary.post(at("as_it_is", cell_plan.key, theirs)).status_code == 404
    assert secretary.get(at("apply", stranger.key)).status_code == 404


def test_a_full_draft_turns_to_applying_and_back(world: World, above: Plan, secretary: Client) -> None:
    plan = make_plan(world, world.cell(1))
    assert "Apply that plan, with changes and additions" in text(secretary, at("one", plan.key))
    assert "Measures there: 3" in text(secretary, at("apply", plan.key))
    assert secretary.post(at("apply_upper", plan.key))["Location"] == at("apply", plan.key)
    assert version_of(plan).kind == VersionKind.APPLIES
    assert version_of(plan).base == version_of(above)
    assert secretary.post(at("in_full", plan.key))["Location"] == at("version", plan.key, 1)
    assert [line.answers for line in lines_of(version_of(plan))] == [
        line.measure for line in lines_of(version_of(above))
    ]
    assert "Apply the plan above instead" in text(secretary, at("version", plan.key, 1))
    again = secretary.post(at("apply_upper", plan.key), follow=True).content.decode()
    assert "Changed: 0." in again, "what was only copied is taken as it is again"


def test_without_a_plan_above_there_is_nothing_to_apply(above: Plan, clerk: Client) -> None:
    actions.revise_plan(plan=above, actor=SYSTEM, at=AT)
    assert clerk.get(at("apply", above.key)).status_code == 404
    assert clerk.post(at("apply_upper", above.key)).status_code == 404


def test_measures_by_what_became_of_them_below(world: World, above: Plan, cell_plan: Plan, clerk: Client) -> None:
    study, review, _report = (line.measure or 0 for line in lines_of(version_of(above)))
    out = Line("", treatment=Treatment.LEFT_OUT, reason="Không có")
    actions.treat_measure(plan=cell_plan, upper=review, line=out, actor=SYSTEM, at=AT)
    actions.adopt_plan(plan=cell_plan, adopted=Adopted(ON + timedelta(days=3)), actor=SYSTEM, at=AT)
    below = at("cascade", above.key)
    assert study in {row.line.measure for row in clerk.get(below).context["rows"]}
    shown = {
        name: [row.number for row in clerk.get(below, {"show": name}).context["rows"]]
        for name in ("all", "nobody", "waiting", "left_out", "nonsense")
    }
    assert shown == {
        "all": [1, 2, 3],
        "nobody": [2],
        "waiting": [1, 2, 3],
        "left_out": [2],
        "nonsense": [1, 2, 3],
    }
    assert world.rollout.pk == above.rollout_id


def test_a_newer_version_above_is_offered(above: Plan, cell_plan: Plan, secretary: Client) -> None:
    revised(above)
    actions.adopt_plan(plan=above, adopted=Adopted(ON + timedelta(days=9)), actor=SYSTEM, at=AT)
    assert "The plan above has a newer version" in text(secretary, at("apply", cell_plan.key))
    secretary.post(at("apply_upper", cell_plan.key))
    assert version_of(cell_plan).base == version_of(above, 2)


def test_measures_answer_those_above_by_their_number(world: World, above: Plan, secretary: Client) -> None:
    plan = make_plan(world, world.cell(1))
    page = text(secretary, at("measures", plan.key))
    assert '<option value="2. Kiểm điểm">' in page
    data = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "seen": str(plan.changed_seq), "save": "1"}
    wrong = secretary.post(at("measures", plan.key), data | {"form-0-text": "Kiểm", "form-0-answers": "9"})
    assert "no such measure in the plan above" in wrong.content.decode()
    secretary.post(at("measures", plan.key), data | {"form-0-text": "Kiểm", "form-0-answers": "2"})
    (line,) = lines_of(version_of(plan))
    assert line.answers == lines_of(version_of(above))[1].measure
    assert 'value="2. Kiểm điểm"' in text(secretary, at("measures", plan.key))
    assert "Not answered yet, of the plan above" in text(secretary, at("one", plan.key))


def test_what_units_below_took_up_is_for_those_above(
    world: World, above: Plan, cell_plan: Plan, clerk: Client, secretary: Client
) -> None:
    actions.adopt_plan(plan=cell_plan, adopted=Adopted(ON), actor=SYSTEM, at=AT)
    page = text(clerk, at("cascade", above.key))
    assert "Units below that owe a plan: 3." in page
    assert "12-NQ/TW, II" in page
    measure = lines_of(version_of(above))[0].key
    assert name_of(world.cell(1), AT.date()) in text(clerk, at("measure", above.key, measure))
    assert secretary.get(at("cascade", above.key)).status_code == 403
    assert at("cascade", above.key) not in text(secretary, at("one", above.key))
    stranger = signed_in(office_of=make_unit("Phường khác", kind=UnitKind.BASE))
    assert stranger.get(at("cascade", above.key)).status_code == 404
    draft = make_plan(world, world.cell(0))
    assert clerk.get(at("cascade", draft.key))["Location"] == at("one", draft.key)


def test_many_measures_are_edited_fifty_at_a_time(world: World, clerk: Client) -> None:
    plan = make_plan(world, None, *(Line(f"Việc {number}") for number in range(1, 121)))
    page = text(clerk, at("measures", plan.key), page="2")
    assert "Measure 51<" in page
    assert "Việc 100<" in page
    assert "Việc 101<" not in page
    lines = lines_of(version_of(plan))
    data = {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0", "seen": str(plan.changed_seq), "save": "1"}
    data |= {"form-0-key": str(lines[50].key), "form-0-text": "Việc 51, sửa", "form-1-text": "Mới"}
    clerk.post(at("measures", plan.key) + "?page=2", data)
    after = [line.text for line in lines_of(version_of(plan))]
    assert after[49:53] == ["Việc 50", "Việc 51, sửa", "Mới", "Việc 101"]
    assert len(after) == 72
    assert "Việc 119" not in text(clerk, at("version", plan.key, 1), page="9").partition("Versions")[2]


@pytest.mark.parametrize("page", ["version", "changes", "apply", "cascade", "measure"])
def test_pages_ask_as_much_for_many_measures_as_for_few(
    world: World,
    clerk: Client,
    page: str,
    django_assert_num_queries: DjangoAssertNumQueries,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    few, many = Line("Một", lead_unit=world.ward.cells[0]), [Line(f"Việc {number}") for number in range(3)]
    ward = make_plan(world, None, few)
    actions.adopt_plan(plan=ward, adopted=Adopted(ON), actor=SYSTEM, at=AT)
    cell = actions.draft_applying(
        rollout=world.rollout, unit=world.cell(0), base=version_of(ward), head=Head("K"), actor=SYSTEM, at=AT
    )
    actions.revise_plan(plan=ward, actor=SYSTEM, at=AT)
    said = Line("Một, sửa", key=lines_of(version_of(ward))[0].key)
    actions.set_measures(plan=ward, lines=[said], actor=SYSTEM, at=AT)
    url = {
        "version": at("version", ward.key, 2),
        "changes": at("changes", ward.key, 2),
        "apply": at("apply", cell.key),
        "cascade": at("cascade", ward.key),
        "measure": at("measure", ward.key, said.key),
    }[page]
    clerk.get(url)
    with django_assert_max_num_queries(99) as captured:
        assert clerk.get(url).status_code == 200
    actions.set_measures(plan=ward, lines=[said, *many], actor=SYSTEM, at=AT)
    for line in many:
        actions.add_measure(plan=cell, line=line, actor=SYSTEM, at=AT)
    treated = Line("", treatment=Treatment.LEFT_OUT, reason="Không")
    upper = lines_of(version_of(ward, 1))[0].measure or 0
    actions.treat_measure(plan=cell, upper=upper, line=treated, actor=SYSTEM, at=AT)
    with django_assert_num_queries(len(captured)):
        clerk.get(url)


def test_a_draft_that_an_answer_names_stays_and_the_reader_is_told(world: World, above: Plan, clerk: Client) -> None:
    draft = actions.revise_plan(plan=above, actor=SYSTEM, at=AT)
    new = actions.add_measure(plan=above, line=Line("Niêm yết lịch tiếp dân"), actor=SYSTEM, at=AT)
    on_plan = Subject(About.PLAN, version=version_of(above, 1).pk)
    call = make_call(world.ward, subjects=[on_plan], rollout=world.rollout.pk)
    make_submission(world.ward.unit, call=call, subject=on_plan)
    reply = Reply(DispositionKind.ACCEPTED, "Tiếp thu.", DAY, summary="Niêm yết lịch", measure=new.pk)
    desk = desk_of(Call.objects.select_related("scope").get(pk=call.pk))
    answering.answer(desk=desk, groups=[Group.objects.get().pk], reply=reply, actor=SYSTEM, at=DAY)
    entries, lines = history_of(above.key).count(), lines_of(draft)
    page = clerk.post(reverse("plans:discard", args=[above.key]), follow=True)
    assert page.redirect_chain[-1][0] == reverse("plans:version", args=[above.key, 2])
    assert "The draft was not thrown away" in page.content.decode()
    assert (history_of(above.key).count(), lines_of(version_of(above))) == (entries, lines), "nothing was lost"
    assert clerk.post(reverse("plans:measure_remove", args=[above.key, new.key])).status_code == 302
    assert [line.text for line in lines_of(version_of(above))] == [line.text for line in lines[:-1]]
    assert Disposition.objects.current().get().measure_id == new.pk, "the answer keeps what it speaks of"
    gone = clerk.get(reverse("plans:measure", args=[above.key, new.key])).content.decode()
    assert "Measure, no longer in the plan" in gone
    member = signed_in(person=world.ward.members[0][1])
    assert member.get(reverse("plans:measure", args=[above.key, new.key])).status_code == 404
    actions.adopt_plan(plan=above, adopted=Adopted(ON + timedelta(days=60)), actor=SYSTEM, at=AT)
    behind = clerk.get(reverse("plans:measure", args=[above.key, new.key])).content.decode()
    assert "Niêm yết lịch" in behind
    assert "&lt;section" not in behind, "what apps above show is markup"
