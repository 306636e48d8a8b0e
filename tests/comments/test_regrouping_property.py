"""Whatever a desk does: every point stays in exactly one group, undoing restores, figures are what the facts say."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.factories.comments import CLOSES, FREE, make_call, make_submission
from tests.factories.organisation import DAY, Ward, make_ward
from trienkhai.comments import actions
from trienkhai.comments.actions import answering, grouping
from trienkhai.comments.jobs import find_alike
from trienkhai.comments.models import Call, Disposition, Group, Point, Regrouping, Submission
from trienkhai.comments.queries.places import Desk, desk_of
from trienkhai.comments.queries.recount import disagreements
from trienkhai.comments.rules import AuthorKind, DispositionKind
from trienkhai.comments.rules.grouping import Reply
from trienkhai.core.decisions import DomainError
from trienkhai.ledger import clock
from trienkhai.organisation.rules import SYSTEM

pytestmark = pytest.mark.django_db

TEXTS = (
    "Đề nghị lắp đèn chiếu sáng ở ngõ Đình",
    "de nghi lap den chieu sang o ngo Dinh",
    "Lắp đèn chiếu sáng ở ngõ Đình",
    "Không lắp đèn chiếu sáng ở ngõ Đình",
    "Cần niêm yết lịch tiếp dân",
    "Niêm yết lịch tiếp dân|Nạo vét cống ngõ Đình",
    "Cần niêm yết lịch tiếp dân tại trụ sở",
)
small = st.integers(0, 30)
NAMES = ("merge", "split", "move", "undo", "answer", "take_back", "find", "enter", "strike", "extend")
moves = st.lists(st.tuples(st.sampled_from(NAMES), small, small), min_size=3, max_size=14)


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@dataclass
class Played:
    """A ward's call and its desk."""

    ward: Ward
    call: Call

    @property
    def desk(self) -> Desk:
        return desk_of(Call.objects.select_related("scope").get(pk=self.call.pk))

    def groups(self) -> list[int]:
        return list(self.desk.groups().order_by("pk").values_list("pk", flat=True))

    def points(self) -> list[int]:
        return list(self.desk.points().order_by("pk").values_list("pk", flat=True))

    def do(self, name: str, a: int, b: int) -> None:
        getattr(self, name)(a, b)

    def merge(self, a: int, b: int) -> None:
        groups = self.groups()
        chosen = {groups[a % len(groups)], groups[b % len(groups)]}
        grouping.merge(desk=self.desk, groups=chosen, into=min(chosen), actor=SYSTEM, at=DAY)

    def split(self, a: int, b: int) -> None:
        points = list(self.desk.points().filter(group=self.groups()[a % len(self.groups())]).order_by("pk"))
        grouping.split(desk=self.desk, points=[points[b % len(points)].pk], actor=SYSTEM, at=DAY)

    def move(self, a: int, b: int) -> None:
        point, to = self.points()[a % len(self.points())], self.groups()[b % len(self.groups())]
        grouping.move(desk=self.desk, points=[point], to=to, actor=SYSTEM, at=DAY)

    def undo(self, a: int, _b: int) -> None:
        seqs = sorted(set(grouping.undoable(self.desk).values_list("seq", flat=True)))
        if seqs:
            grouping.undo(desk=self.desk, seq=seqs[-1 - a % len(seqs)], actor=SYSTEM, at=DAY)

    def answer(self, a: int, b: int) -> None:
        groups = self.groups()
        reply = Reply(DispositionKind.EXPLAINED, "Đã giải trình.", DAY + timedelta(days=b * 2), summary="Về đời sống")
        chosen = {groups[a % len(groups)], groups[b % len(groups)]}
        answering.answer(desk=self.desk, groups=chosen, reply=reply, actor=SYSTEM, at=DAY + timedelta(days=90))

    def take_back(self, a: int, _b: int) -> None:
        group = Group.objects.get(pk=self.groups()[a % len(self.groups())])
        answering.take_back(desk=self.desk, group=group, actor=SYSTEM, at=DAY)

    def find(self, _a: int, _b: int) -> None:
        find_alike(self.desk, actor=SYSTEM, at=DAY)

    def enter(self, a: int, b: int) -> None:
        person = self.ward.everybody[b % 6]
        make_submission(
            self.ward.unit,
            TEXTS[a % len(TEXTS)],
            subject=FREE,
            call=self.call,
            on=DAY + timedelta(days=b % 9),
            author_kind=AuthorKind.MEMBER,
            person=person,
            unit=self.ward.cells[b % 3],
            author="",
        )

    def strike(self, a: int, _b: int) -> None:
        rows = list(Submission.objects.current().filter(call=self.call).order_by("pk"))
        actions.strike(submission=rows[a % len(rows)], reason="Vào nhầm", actor=SYSTEM, at=_noon(DAY))

    def extend(self, a: int, _b: int) -> None:
        call = Call.objects.get(pk=self.call.pk)
        actions.extend_call(
            call=call, closes_on=call.closes_on + timedelta(days=a + 20), reason="Hẹn thêm", actor=SYSTEM, at=DAY
        )


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 5, tzinfo=UTC)


def start() -> Played:
    ward = make_ward(cells=3, members=2)
    call = make_call(ward, closes_on=CLOSES)
    played = Played(ward, call)
    for place in range(len(TEXTS)):
        played.enter(place, place)
    return played


def placed(call: Call) -> dict[int, int]:
    return dict(Point.objects.filter(submission__call=call).values_list("pk", "group"))


def check(played: Played, before: set[int]) -> None:
    now = placed(played.call)
    assert before <= set(now), "a point was lost"
    for group in Group.objects.filter(call=played.call):
        counting = group.points.filter(submission__superseded_seq__isnull=True)
        assert group.size == counting.count()
        assert group.is_answered == Disposition.objects.current().filter(group=group).exists()
        assert group.merged_into is None or not group.points.exists()
        if group.size > 1:
            assert group.representative is not None
            assert group.representative.group_id == group.pk
    last: dict[int, int] = {}
    for point, of, to in Regrouping.objects.order_by("seq", "pk").values_list("point", "from_group", "to_group"):
        assert last.get(point, of) == of, "a step of a point's way is missing"
        last[point] = to
    assert all(now[point] == group for point, group in last.items())
    for unit in (played.ward.unit, *played.ward.cells):
        for day in (DAY, DAY + timedelta(days=20), DAY + timedelta(days=100)):
            assert disagreements(call=played.call, unit=unit, as_of=day) == []


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(moves)
@example([("merge", 0, 1), ("merge", 0, 30), ("merge", 1, 17), ("strike", 6, 0), ("find", 0, 0)])
def test_whatever_the_desk_does(history: list[tuple[str, int, int]]) -> None:
    with undone():
        played = start()
        for name, a, b in history:
            before = placed(played.call)
            try:
                with transaction.atomic():
                    played.do(name, a, b)
            except DomainError:
                assert placed(played.call) == before
            check(played, set(before))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(moves, st.lists(st.integers(0, 12), min_size=14, max_size=14), st.lists(small, min_size=3, max_size=3))
def test_figures_as_known_on_any_day_are_what_the_facts_said_then(
    history: list[tuple[str, int, int]], waits: list[int], days: list[int]
) -> None:
    with undone():
        moment = _noon(DAY)
        with clock.simulated(moment):
            played = start()
        for (name, a, b), wait in zip(history, waits, strict=False):
            moment += timedelta(days=wait)
            with clock.simulated(moment), suppress(DomainError), transaction.atomic():
                played.do(name, a, b)
        known = [DAY - timedelta(days=1), clock.local_day(moment), *(DAY + timedelta(days=3 * day) for day in days)]
        call = Call.objects.select_related("scope").get(pk=played.call.pk)
        for known_at in known:
            for unit in (played.ward.unit, played.ward.cells[0]):
                for day in (DAY + timedelta(days=5), DAY + timedelta(days=40), DAY + timedelta(days=100)):
                    assert disagreements(call=call, unit=unit, as_of=day, known_at=known_at) == []


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(moves)
def test_undoing_from_the_last_restores(history: list[tuple[str, int, int]]) -> None:
    with undone():
        played = start()
        states = []
        for name, a, b in history:
            if name not in {"merge", "split", "move", "find"}:
                continue
            before = placed(played.call)
            try:
                with transaction.atomic():
                    played.do(name, a, b)
            except DomainError:
                continue
            if placed(played.call) != before:
                states.append(before)
        while states:
            played.undo(0, 0)
            assert placed(played.call) == states.pop()
            check(played, set())
        assert not grouping.undoable(played.desk).exists()
