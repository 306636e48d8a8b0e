import filecmp
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Count, Sum

from trienkhai.accounts.models import User
from trienkhai.comments.models import Call, Disposition, Group, Point, Submission
from trienkhai.comments.policies import points_on_me, points_to_review
from trienkhai.comments.queries.figures import Code
from trienkhai.comments.queries.recount import disagreements as call_disagreements
from trienkhai.comments.queries.trace import behind
from trienkhai.comments.rules import About, Channel, Promise
from trienkhai.core.decisions import Refused
from trienkhai.core.pages import explain
from trienkhai.figures.queries import totals
from trienkhai.ledger.models import Entry, Origin
from trienkhai.ledger.queries import check_ledger
from trienkhai.meetings.models import Attendance, Meeting
from trienkhai.meetings.rules import Presence
from trienkhai.organisation.models import Membership, Person, Post, Unit, UnitState
from trienkhai.organisation.policies import visible_people, visible_units
from trienkhai.organisation.queries import actor_for
from trienkhai.organisation.rules import MemberKind, Standing
from trienkhai.papers.models import Paper, PaperEvent
from trienkhai.papers.policies import visible_papers
from trienkhai.plans.models import PlanVersion, TaskTerms, Wording
from trienkhai.plans.queries import lines_of, taken_up
from trienkhai.plans.queries.tasks import state_counts, terms_on
from trienkhai.plans.rules import VersionKind
from trienkhai.plans.rules.tasks import TaskState
from trienkhai.programmes.models import Programme
from trienkhai.progress.models import FrozenFigure, Report
from trienkhai.progress.queries import figures
from trienkhai.progress.queries.process import process_of
from trienkhai.progress.queries.recount import disagreements
from trienkhai.progress.queries.reports import corrections_since
from trienkhai.progress.rules.figures import CODES
from trienkhai.progress.rules.process import Verdict
from trienkhai.rollouts.models import Rollout
from trienkhai.simulation.hoalac import SIGN_INS, load
from trienkhai.simulation.hoalac.commenting import PASSPHRASE
from trienkhai.simulation.hoalac.reading import documents, folder, register, sign_in_sheets
from trienkhai.simulation.hoalac.ward import CITY, WARD

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("case")]

ROOT = Path(__file__).parents[2]
JUNE, OCTOBER = date(2012, 6, 30), date(2012, 10, 31)
FREEZING = date(2012, 11, 5)
TODAY = date(2026, 3, 2)
N = 183
"""Who owed a paper on 31-10-2012, as known on 05-11-2012: one of them twice."""


@pytest.fixture(scope="module")
def case(request: pytest.FixtureRequest, django_db_blocker: Any) -> Iterator[float]:
    """The case, loaded once for this module's tests, which only read; how many seconds of computing that took."""
    request.getfixturevalue("django_db_setup")
    with django_db_blocker.unblock(), transaction.atomic():
        begun = time.process_time()
        load()
        yield time.process_time() - begun
        transaction.set_rollback(True)


def unit(name: str) -> Unit:
    return Unit.objects.get(states__name=name)


def shares(as_of: date, known_at: date | None = None, of: str = WARD) -> dict[str, tuple[int, int | None]]:
    values = figures(rollout=Rollout.objects.get(), unit=unit(of), as_of=as_of, known_at=known_at)
    return {value.code: (value.numerator, value.denominator) for value in values}


def test_it_loads_in_seconds(case: float) -> None:
    assert case < 20


def test_by_the_end_of_october_all_ten_cells_and_everybody_had_studied() -> None:
    found = shares(OCTOBER)
    assert found["units_studied"] == (10, 10)
    assert found["persons_studied"] == (N - 1, N - 1)
    assert found["units_received"] == found["units_planned"] == (11, 11)


def test_papers_were_complete_only_when_the_late_lists_had_come() -> None:
    at_the_end, denominator = shares(OCTOBER, OCTOBER)["papers_submitted"]
    assert denominator == N + 1
    assert 0.8 * denominator < at_the_end < 0.95 * denominator
    assert shares(OCTOBER, FREEZING)["papers_submitted"] == (N, N)
    assert shares(OCTOBER, FREEZING)["papers_on_time"] == (N, N)
    assert shares(OCTOBER, date(2012, 11, 19))["papers_submitted"] == (N, N)
    assert shares(OCTOBER)["papers_submitted"] == (N - 1, N - 1)


def test_in_june_there_was_visibly_less() -> None:
    found = shares(JUNE)
    assert found["units_studied"] == (6, 10)
    assert found["persons_studied"][0] < 0.6 * (found["persons_studied"][1] or 0)
    assert found["papers_submitted"][0] < 0.5 * (found["papers_submitted"][1] or 0)


def test_denominators_moved_with_deaths_moves_and_exemptions() -> None:
    days = (date(2012, 3, 1), date(2012, 5, 2), date(2012, 5, 31), date(2012, 7, 31), OCTOBER)
    assert [shares(day)["persons_studied"][1] for day in days] == [185, 186, 185, 183, 182]
    assert shares(date(2012, 7, 31), of="Chi bộ Khu 5")["papers_submitted"][1] == 22
    assert shares(date(2012, 8, 1), of="Chi bộ Khu 5")["papers_submitted"][1] == 23


def test_figures_are_what_the_facts_say() -> None:
    names = [WARD, CITY, "Chi bộ Khu 2", "Chi bộ Khu 5", "Chi bộ Khu 6", "Cơ quan Uỷ ban nhân dân phường"]
    units = [unit(name) for name in names]
    for as_of in (date(2012, 2, 20), date(2012, 5, 20), JUNE, date(2012, 8, 1), OCTOBER, date(2012, 12, 1)):
        for known_at in (None, date(2012, 6, 1), OCTOBER, FREEZING, date(2012, 11, 20)):
            assert not disagreements(rollout=Rollout.objects.get(), units=units, as_of=as_of, known_at=known_at)


def test_the_frozen_report_keeps_its_figures_and_tells_what_was_corrected_since() -> None:
    report = Report.objects.get()
    assert (report.as_of, report.frozen_seq is not None, len(report.ledger_head)) == (OCTOBER, True, 64)
    assert "Việc chưa làm được" in report.body
    assert "(" not in report.body.split("# II.")[1]
    frozen = FrozenFigure.objects.get(report=report, unit=unit(WARD), code="papers_submitted")
    assert (frozen.numerator, frozen.denominator) == (N, N)
    assert FrozenFigure.objects.filter(report=report).count() % len(CODES) == 0
    since = {correction.action: correction.changes for correction in corrections_since(report)}
    assert since["organisation.merge_duplicate"]["papers_submitted"] == (-1, -1)


def test_people_who_are_not_members_took_part_and_are_counted_apart() -> None:
    agencies = UnitState.objects.filter(kind="agency").values("unit")
    there = Attendance.objects.current().filter(entry__unit__in=agencies, presence=Presence.PRESENT).count()
    assert Membership.objects.filter(kind=MemberKind.OTHER).count() == 15
    assert 0 < there < 15
    assert shares(OCTOBER)["others_studied"] == (there, None)


def test_there_were_two_make_up_sessions_and_seats_for_several_cells() -> None:
    assert list(Meeting.objects.filter(makes_up_for__isnull=False).values_list("held_on", flat=True)) == [
        date(2012, 8, 25),
        date(2012, 10, 30),
    ]
    first = Meeting.objects.order_by("held_on").first()
    assert first is not None
    assert first.seats.count() == 6
    assert Meeting.objects.exclude(notes="").count() == 3
    assert set(Attendance.objects.values_list("presence", flat=True)) >= {"present", "late", "absent_excused", "absent"}


def test_meetings_are_tied_to_the_movements_they_spoke_of() -> None:
    tied = Programme.objects.annotate(n=Count("meeting_ties")).values_list("n", flat=True)
    assert sorted(tied) == [2, 3]


def test_papers_came_in_all_forms_and_some_were_returned() -> None:
    assert set(PaperEvent.objects.exclude(form="").values_list("form", flat=True)) == {
        "handwritten",
        "spoken",
        "typed",
        "file",
    }
    returned = PaperEvent.objects.filter(kind="returned").values("paper")
    assert Paper.objects.filter(pk__in=returned).count() == 3
    assert PaperEvent.objects.filter(paper__in=returned, kind="accepted").count() == 3
    late = PaperEvent.objects.filter(recorded_on__range=(date(2012, 11, 1), date(2012, 11, 4)), kind="submitted")
    assert late.count() > 10
    assert all(event.valid_on <= OCTOBER for event in late)


def test_the_lists_became_an_organisation() -> None:
    cells = UnitState.objects.current().filter(kind="cell", parent=unit(WARD))
    assert cells.count() == 10
    on_list = Membership.objects.filter(starts_on=date(2012, 1, 1)).exclude(kind=MemberKind.OTHER)
    assert 190 <= on_list.values("person").distinct().count() <= 220
    assert on_list.filter(standing=Standing.EXEMPT).count() > 10
    assert on_list.filter(kind=MemberKind.PROBATIONARY).count() > 2
    assert Person.objects.filter(full_name="Nguyễn Văn Hùng").count() == 4
    assert Person.objects.filter(birth_month__isnull=True).count() > 10
    bodies = Post.objects.current().filter(unit=unit(WARD)).values_list("body__kind", flat=True)
    assert set(bodies) == {"standing_committee", "committee"}
    assert Wording.objects.filter(is_urgent=True, provision__isnull=False).count() >= 4


def test_everything_is_marked_as_played_and_checks_out() -> None:
    assert Origin.objects.get().is_simulated
    assert check_ledger() == []
    days = list(Entry.objects.order_by("seq").values_list("recorded_on", flat=True))
    assert days == sorted(days)
    assert (days[0], days[-1]) == (date(2012, 2, 6), date(2012, 11, 20))


def test_a_second_loading_is_refused() -> None:
    with pytest.raises(Refused, match="simulation_not_empty") as refused:
        load()
    assert "empty data folder" in explain(refused.value) or "còn trống" in explain(refused.value)


def test_each_sign_in_sees_what_it_should() -> None:
    clerk, secretary, member, _keeper, reviewer, city = (
        actor_for(User.objects.get(username=username), on=TODAY) for username, _password, _who in SIGN_INS
    )
    assert visible_people(city, at=TODAY).count() == 0
    assert visible_units(city, at=TODAY).filter(pk=unit("Chi bộ Khu 1").pk).exists()
    assert visible_people(clerk, at=TODAY).count() > 200
    assert 20 < visible_people(secretary, at=TODAY).count() < 30
    assert list(visible_people(member, at=TODAY)) == [Person.objects.get(full_name="Ngô Thị Minh Nguyệt")]
    assert not visible_papers(clerk, at=TODAY).exists()
    assert 0 < points_on_me(reviewer).count() < points_to_review(reviewer, at=TODAY).count()
    assert not points_to_review(clerk, at=TODAY).exists()
    typed = visible_papers(member, at=TODAY).get()
    assert len(typed.answers) == 3
    assert visible_papers(secretary, at=TODAY).filter(pk=typed.pk).exists()
    assert all(User.objects.get(username=name).check_password(word) for name, word, _who in SIGN_INS)


def test_every_file_says_that_its_people_are_invented() -> None:
    tables = [path for path in folder().rglob("*.csv") if "ke-hoach/nhiem-vu" not in path.as_posix()]
    assert len(tables) > 12
    for path in tables:
        assert "mô phỏng" in path.read_text("utf-8-sig").splitlines()[0], path
    for name in ("README.md", "README.vi.md"):
        assert "12-NQ/TW" in (folder() / name).read_text("utf-8")


def test_files_can_be_read_without_a_database() -> None:
    assert [sheet.number for sheet in sign_in_sheets()] == list(range(1, 11))
    assert next(document.facts.number for document in documents()) == "12-NQ/TW"
    assert len(register("ke-hoach/so-ke-hoach.csv")) == 11


def test_the_script_writes_the_same_files_again(tmp_path: Path) -> None:
    script = ROOT / "scripts" / "hoalac_files.py"
    subprocess.run([sys.executable, str(script), str(tmp_path)], check=True, capture_output=True)  # noqa: S603 - our own
    written = [path.relative_to(tmp_path) for path in tmp_path.rglob("*.*")]
    assert len(written) > 25
    different = filecmp.cmpfiles(tmp_path, folder(), [path.as_posix() for path in written], shallow=False)
    assert different[1:] == ([], [])


# --- the plan, and the comments that changed it -----------------------------------------------------------------------

SPOKE, SAID_NOTHING, LETTERS, POINTS, ON_PERSONS = 140, 9, 12, 284, 32


def summer() -> Call:
    return Call.objects.get()


def of_call(day: date, unit_name: str = WARD) -> dict[str, int]:
    call = summer()
    found = totals(scope=call.scope, codes=list(Code), unit=unit(unit_name).pk, as_of=day)
    return {code.name: found[code] for code in Code}


def test_everything_said_in_the_summer_was_answered_in_time() -> None:
    found = of_call(TODAY)
    assert found["ASKED"] == summer().asked_number > 200
    assert found["TAKEN_PART"] == SPOKE + SAID_NOTHING
    assert found["SUBMISSIONS"] == SPOKE + LETTERS
    assert found["POINTS"] == found["ANSWERED"] == found["ON_TIME"] == POINTS - ON_PERSONS
    assert found["CLAUSES"] == 9
    assert call_disagreements(call=summer(), unit=unit(WARD).pk, as_of=TODAY) == []


def test_what_came_in_the_box_is_not_counted_before_it_was_opened() -> None:
    before, after = of_call(date(2012, 7, 15)), of_call(date(2012, 7, 16))
    assert (before["TAKEN_PART"], before["SUBMISSIONS"]) == (0, LETTERS)
    assert after["TAKEN_PART"] == SPOKE + SAID_NOTHING


def test_who_does_not_sign_leaves_nothing_but_words() -> None:
    unsigned = Submission.objects.filter(promise__in=[Promise.WITHOUT_A_NAME, Promise.NAME_KEPT])
    assert unsigned.count() == 94
    kept = unsigned.exclude(kept_name=None)
    assert set(kept.values_list("promise", flat=True)) == {Promise.NAME_KEPT}
    assert unsigned.filter(told_by="", author="", channel=Channel.SCREEN).count() == 94
    for name in ("person", "unit", "number", "received_on", "typed_by"):
        assert not unsigned.exclude(**{f"{name}__isnull": True}).exists(), name
    assert not Point.objects.filter(about=About.PERSON, submission__promise=Promise.WITHOUT_A_NAME).exists()


def test_the_same_thing_said_in_many_ways_is_one_group() -> None:
    groups = Group.objects.filter(call=summer(), size__gt=0).exclude(about=About.PERSON)
    assert groups.count() == len(register("y-kien/tra-loi.csv")) == 30
    assert groups.aggregate(points=Sum("size"))["points"] == POINTS - ON_PERSONS
    ways = Point.objects.filter(group__in=groups).values("group").annotate(ways=Count("text", distinct=True))
    assert max(row["ways"] for row in ways) > 8


def test_each_changed_clause_has_the_comments_behind_it() -> None:
    old, new = PlanVersion.objects.filter(plan__unit=unit(WARD)).order_by("number")
    assert (old.adopted_on, new.adopted_on) == (date(2012, 3, 16), date(2012, 9, 20))
    changed = {row.measure for row in lines_of(new)} - {row.measure for row in lines_of(old)}
    words = {row.measure: row.text for row in lines_of(old)}
    changed |= {row.measure for row in lines_of(new) if words.get(row.measure, row.text) != row.text}
    found = behind(new, [measure for measure in changed if measure is not None])
    assert len(changed) == len(found) == 9
    assert all(found.values())
    said = {row["Nội dung"] for row in register("y-kien/gop-y.csv")}
    assert not any(behind_it.summary in said for behind_them in found.values() for behind_it in behind_them)


def test_a_cell_came_to_apply_the_wards_plan_and_the_others_answer_it() -> None:
    version = PlanVersion.objects.get(kind=VersionKind.APPLIES)
    assert (version.plan.unit, version.number) == (unit("Chi bộ Khu 6"), 2)
    wards = PlanVersion.objects.get(plan__unit=unit(WARD), number=2)
    assert version.base == wards
    taken = {row.number: row.taken for row in taken_up(wards, on=TODAY)}
    assert (taken[3], taken[4], taken[5]) == (10, 10, 0)
    assert 1 < taken[6] < 10


def test_tasks_were_done_in_time_late_or_not_at_all() -> None:
    def states(day: date) -> Counter[TaskState]:
        return Counter(state_counts(terms_on(TaskTerms.objects.all(), day)))

    assert states(date(2012, 9, 23))[TaskState.NOT_DUE] == 8
    assert states(date(2012, 10, 1))[TaskState.RUNNING] == 8
    november = states(date(2012, 11, 20))
    assert (november[TaskState.DONE], november[TaskState.DONE_LATE], november[TaskState.LATE]) == (6, 1, 1)


def test_the_process_was_kept_in_order() -> None:
    verdicts = {checked.rule.item: checked.verdict for checked in process_of(Rollout.objects.get(), day=TODAY)}
    assert set(verdicts.values()) == {Verdict.THERE}


def test_what_residents_wrote_unasked_was_answered_too() -> None:
    letters = Submission.objects.filter(call=None)
    assert letters.count() == 4
    assert Disposition.objects.current().filter(group__points__submission__in=letters).count() == 4


def test_the_holders_of_the_sample_know_their_passphrase() -> None:
    for name in ("README.md", "README.vi.md"):
        assert PASSPHRASE in (folder() / name).read_text("utf-8")
