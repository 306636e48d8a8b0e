"""The call for comments in summer, what came into its box and by letter, the desk's work, comments nobody asked for.

Who wrote a comment without a name or with the name kept stands in no file: it is drawn here from those asked, and
kept nowhere else than any other such comment is.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from random import Random, SystemRandom
from uuid import UUID

from trienkhai.comments import actions
from trienkhai.comments.actions import Letter, Told, answering, grouping
from trienkhai.comments.jobs import find_alike
from trienkhai.comments.models import Asked, Call, Group, Submission
from trienkhai.comments.queries.places import desk_called, desk_of
from trienkhai.comments.queries.subjects import Choice, choices_of
from trienkhai.comments.rules import (
    About,
    AuthorKind,
    CallPlan,
    Channel,
    DispositionKind,
    Intake,
    Promise,
    Said,
    Subject,
)
from trienkhai.comments.rules.grouping import Reply
from trienkhai.ledger.clock import local_day
from trienkhai.organisation.models import Body, Person, Post
from trienkhai.organisation.rules import Actor
from trienkhai.plans.queries import draft_of
from trienkhai.sealed.rules import Unlock
from trienkhai.simulation.hoalac.planning import plan_of
from trienkhai.simulation.hoalac.reading import birth, day, register
from trienkhai.simulation.hoalac.ward import WARD, Event, Ward, moment

BODY, PLAN = "Ban Thường vụ Đảng uỷ", "kế hoạch"
PASSPHRASE = "sông Ka Long mùa nước lên"  # noqa: S105 - of a sample installation, told to whoever tries it
"""What every holder of the sample remembers."""
PROMISES = {"ký tên": Promise.NAMED, "giữ kín tên": Promise.NAME_KEPT, "không ghi tên": Promise.WITHOUT_A_NAME}
CHANNELS = {"thư": Channel.LETTER, "điện thoại": Channel.TELEPHONE, "hòm thư": Channel.BOX}
KINDS = {
    "tiếp thu": DispositionKind.ACCEPTED,
    "giải trình": DispositionKind.EXPLAINED,
    "chuyển": DispositionKind.PASSED_ON,
    "ngoài phạm vi": DispositionKind.OUTSIDE,
}
SLIPS_GIVEN, SLIPS_ENTERED = 5, 27
"""Days after the call opened."""

type Row = dict[str, str]


@dataclass
class Calling:
    """The call while it is carried out: what is to be sent, and who says what nobody signs."""

    said: Mapping[str, Sequence[str]]
    sent: Sequence[Sequence[Row]]
    call: Call | None = None
    choices: dict[str, Choice] = field(default_factory=dict)
    """What can be commented on, as the files call it."""
    authors: dict[int, int] = field(default_factory=dict)
    """By place in ``sent``; those with a slip are not among them."""

    @property
    def opened(self) -> Call:
        """The call, once it is open."""
        if self.call is None:
            raise LookupError("call")
        return self.call

    def first(self, what: str) -> date:
        """A day the call's file names."""
        return day(self.said[what][0])


# --- the call ---------------------------------------------------------------------------------------------------------


def summer(ward: Ward) -> Iterator[Event]:
    """The whole call: asked, sent, opened, grouped, answered, finished."""
    calling = _read()
    yield from _call(ward, calling)
    yield from _desk_work(ward, calling)


def _call(ward: Ward, calling: Calling) -> Iterator[Event]:
    """From the holders' passphrases to the opened box."""
    opens, closes, opened = (calling.first(what) for what in ("Từ ngày", "Đến ngày", "Mở hộp ngày"))
    yield Event(moment(opens - timedelta(days=4), 14), partial(_enrol, calling))
    yield Event(moment(opens, 8), partial(_open, ward, calling))
    days = (closes - opens).days
    for place, rows in enumerate(calling.sent):
        if rows[0]["Qua"] != "phiếu giấy":
            on = opens + timedelta(days=place * days // len(calling.sent))
            yield Event(moment(on, 20, place % 60), partial(_send, ward, calling, place))
    yield Event(moment(opens + timedelta(days=SLIPS_GIVEN), 16), partial(_hand_out_slips, ward, calling))
    yield Event(moment(opens + timedelta(days=SLIPS_ENTERED), 16), partial(_enter_slips, ward, calling))
    for rows in _together(register("y-kien/thu-cua-don-vi.csv"), "Thư"):
        yield Event(moment(day(rows[0]["Ngày"]), 9, 15), partial(_enter_letter, ward, calling, rows))
    yield Event(moment(opened, 8), partial(_release, ward, calling))


def _read() -> Calling:
    said = defaultdict(list)
    for row in register("y-kien/dot-lay-y-kien.csv"):
        said[row["Mục"]].append(row["Nội dung"])
    return Calling(said, _together(register("y-kien/gop-y.csv"), "Lượt"))


def _together(rows: Sequence[Row], number: str) -> list[list[Row]]:
    """Lines of one submission."""
    found = defaultdict(list)
    for row in rows:
        found[row[number]].append(row)
    return list(found.values())


def _keys(names: Sequence[str]) -> list[UUID]:
    return [Person.objects.get(full_name=name, merged_into__isnull=True).key for name in names]


def _enrol(calling: Calling, at: datetime) -> None:
    """Each types a passphrase with their own sign-in."""
    for key in _keys([*calling.said["Người mở hộp"], *calling.said["Người giữ tên"]]):
        person = Person.objects.get(key=key).pk
        own = Actor(key=None, person_id=person)
        actions.choose_passphrase(person=person, passphrase=PASSPHRASE, actor=own, at=at)


def _body() -> Body:
    return Body.objects.get(states__name=BODY, states__superseded_seq__isnull=True)


def _open(ward: Ward, calling: Calling, at: datetime) -> None:
    """On the body, everybody in it, and the plan in force; then who sends what is drawn."""
    body, plan = _body(), plan_of(ward, WARD)
    people = Post.objects.current().filter(body=body).order_by("pk").values_list("person", flat=True)
    planned = CallPlan(
        title=calling.said["Tên"][0],
        asks=calling.said["Hỏi gì"][0],
        opens_on=calling.first("Từ ngày"),
        closes_on=calling.first("Đến ngày"),
        answer_by=calling.first("Trả lời trước ngày"),
        promises=frozenset(Promise),
        subjects=[
            Subject(About.BODY, body=body.pk),
            *(Subject(About.PERSON, person=person, reviewed_by=body.pk) for person in people),
            Subject(About.PLAN, version=plan.versions.get(number=1).pk),
        ],
        rollout=ward.rollout.pk,
        releasers=_keys(calling.said["Người mở hộp"]),
        name_keepers=_keys(calling.said["Người giữ tên"]),
    )
    calling.call = actions.open_call(unit=ward.unit(WARD).pk, plan=planned, actor=ward.clerk(at), at=at)
    calling.choices = {_called(choice): choice for choice in choices_of(calling.call, on=local_day(at))}
    calling.authors = _drawn(ward, calling)


def _drawn(ward: Ward, calling: Calling) -> dict[int, int]:
    """Those who sign, by the file; who else takes part is the same each time, which of them says what is not."""
    signed = {place: _author(ward, rows[0]) for place, rows in enumerate(calling.sent) if rows[0]["Họ và tên"]}
    commented = {choice.subject.person for choice in calling.choices.values()}
    asked = Asked.objects.filter(call=calling.opened).exclude(person__in=[*signed.values(), *filter(None, commented)])
    others = list(asked.order_by("pk").values_list("person", flat=True))
    unsigned = [place for place in range(len(calling.sent)) if place not in signed]
    drawn = Random(len(others)).sample(others, len(unsigned))  # noqa: S311 - who of the invented takes part
    SystemRandom().shuffle(drawn)
    return signed | dict(zip(unsigned, drawn, strict=True))


def _author(ward: Ward, row: Row) -> int:
    return ward.person(row["Họ và tên"], birth(row["Ngày sinh"]), row["Đơn vị"])


def _letter(calling: Calling, rows: Sequence[Row], told: Told | None = None) -> Letter:
    points = [Said(calling.choices[row["Về"]].subject, row["Nội dung"]) for row in rows if row["Nội dung"]]
    keys = {choice.subject: choice.key for choice in calling.choices.values()}
    return Letter(PROMISES.get(rows[0]["Cách gửi"]), points, keys, told=told or Told())


def _called(choice: Choice) -> str:
    """How the files call what is commented on: a measure by its number."""
    match choice.about:
        case About.MEASURE:
            return choice.title.split(".", 1)[0]
        case About.PLAN:
            return PLAN
        case About.BODY:
            return BODY
        case _:
            return choice.title


def _send(ward: Ward, calling: Calling, place: int, at: datetime) -> None:
    """What somebody sends with their own sign-in, or tells the office by telephone."""
    rows, person = calling.sent[place], calling.authors[place]
    is_told = rows[0]["Qua"] == "điện thoại"
    actor = ward.clerk(at) if is_told else Actor(key=None, person_id=person)
    told = Told(Channel.TELEPHONE, rows[0]["Họ và tên"]) if is_told else None
    letter = _letter(calling, rows, told)
    actions.send(call=calling.opened, person=person, letter=letter, actor=actor, at=at)


def _slips(calling: Calling) -> list[int]:
    return [place for place, rows in enumerate(calling.sent) if rows[0]["Qua"] == "phiếu giấy"]


def _hand_out_slips(ward: Ward, calling: Calling, at: datetime) -> None:
    people = [calling.authors[place] for place in _slips(calling)]
    actions.hand_out_slips(call=calling.opened, people=people, given=True, actor=ward.clerk(at), at=local_day(at))


def _enter_slips(ward: Ward, calling: Calling, at: datetime) -> None:
    slips = [_letter(calling, calling.sent[place]) for place in _slips(calling)]
    actions.enter_slips(call=calling.opened, slips=slips, actor=ward.clerk(at), at=at)


def _enter_letter(ward: Ward, calling: Calling, rows: Sequence[Row], at: datetime) -> None:
    """What a cell or an agency says as one, with the number of people behind it."""
    letter = Intake(
        Channel.LETTER,
        AuthorKind.UNIT,
        [Said(calling.choices[row["Về"]].subject, row["Nội dung"]) for row in rows],
        received_on=local_day(at),
        unit=ward.unit(rows[0]["Đơn vị"]).pk,
        people_behind=int(rows[0]["Số người"]),
    )
    actions.enter(book=ward.unit(WARD).pk, intake=letter, call=calling.opened, actor=ward.clerk(at), at=at)


def _release(ward: Ward, calling: Calling, at: datetime) -> None:
    unlocks = [Unlock(key, PASSPHRASE) for key in _keys(calling.said["Người mở hộp"])]
    actions.release_call(call=calling.opened, unlocks=unlocks, actor=ward.clerk(at), at=at)


# --- the desk ---------------------------------------------------------------------------------------------------------


def _desk_work(ward: Ward, calling: Calling) -> Iterator[Event]:
    """What says the same is put together, each group answered with the clause of the draft it changes; the end."""
    opened = calling.first("Mở hộp ngày")
    yield Event(moment(opened + timedelta(days=1), 8), partial(_find_alike, ward, calling))
    together = _together(register("y-kien/gop-lai.csv"), "Số")
    for minute, rows in enumerate(together):
        yield Event(moment(opened + timedelta(days=2), 8, minute), partial(_merge, ward, calling, rows))
    for minute, row in enumerate(register("y-kien/tra-loi.csv")):
        sentence = next(rows[0] for rows in together if rows[0]["Số"] == row["Số"])
        yield Event(moment(day(row["Ngày"]), 14, minute), partial(_answer, ward, calling, row, sentence))
    answered = max(day(row["Ngày"]) for row in register("y-kien/tra-loi.csv"))
    yield Event(moment(answered + timedelta(days=1), 9), partial(_finish, ward, calling))


def _find_alike(ward: Ward, calling: Calling, at: datetime) -> None:
    find_alike(desk_of(calling.opened), actor=ward.clerk(at), at=local_day(at))


def _group(calling: Calling, row: Row) -> Group:
    """The group a sentence lies in; the same words may have been said of other things."""
    subject = calling.choices[row["Về"]].subject
    said = desk_of(calling.opened).points().filter(text=row["Câu tiêu biểu"])
    return said.filter(about=subject.about, measure=subject.measure).order_by("pk")[0].group


def _merge(ward: Ward, calling: Calling, rows: Sequence[Row], at: datetime) -> None:
    """What was said in other words than the search can see together."""
    groups = {_group(calling, row).pk: None for row in rows}
    if len(groups) > 1:
        first, *others = groups
        grouping.merge(desk=desk_of(calling.opened), groups=others, into=first, actor=ward.clerk(at), at=local_day(at))


def _answer(ward: Ward, calling: Calling, row: Row, sentence: Row, at: datetime) -> None:
    """One answer for everything in the group; accepted: with the measure of the draft that it changes."""
    draft = draft_of(plan_of(ward, WARD))
    number = row["Nhiệm vụ của kế hoạch"]
    clause = draft.wordings.order_by("position")[int(number) - 1].measure_id if draft and number else None
    reply = Reply(
        KINDS[row["Kết quả"]],
        row["Trả lời"],
        local_day(at),
        summary=row["Tóm tắt"],
        measure=clause,
        passed_to=row["Chuyển đến"],
    )
    answering.answer(
        desk=desk_of(calling.opened),
        groups=[_group(calling, sentence).pk],
        reply=reply,
        actor=ward.clerk(at),
        at=local_day(at),
    )


def _finish(ward: Ward, calling: Calling, at: datetime) -> None:
    answering.finish_call(call=calling.opened, actor=ward.clerk(at), at=local_day(at))


# --- unasked ----------------------------------------------------------------------------------------------------------


def unasked(ward: Ward) -> Iterator[Event]:
    """Letters and telephone calls of residents, each entered when it came and answered by the office."""
    for row in register("y-kien/so-gop-y.csv"):
        entered: list[Submission] = []
        yield Event(moment(day(row["Ngày"]), 9, 45), partial(_take_in, ward, row, entered))
        yield Event(moment(day(row["Ngày trả lời"]), 15, 30), partial(_answer_unasked, ward, row, entered))


def _take_in(ward: Ward, row: Row, entered: list[Submission], at: datetime) -> None:
    letter = Intake(
        CHANNELS[row["Qua"]],
        AuthorKind.RESIDENT if row["Người gửi"] else AuthorKind.NOT_SAID,
        [Said(Subject(About.FREE), row["Nội dung"])],
        received_on=local_day(at),
        author=row["Người gửi"],
        people_behind=int(row["Số người"]),
    )
    entered.append(actions.enter(book=ward.unit(WARD).pk, intake=letter, actor=ward.clerk(at), at=at))


def _answer_unasked(ward: Ward, row: Row, entered: Sequence[Submission], at: datetime) -> None:
    clerk = ward.clerk(at)
    desk = desk_called(clerk, ward.unit(WARD).key, at=local_day(at))
    if desk is None:
        raise LookupError("desk")
    reply = Reply(
        KINDS[row["Kết quả"]], row["Trả lời"], local_day(at), summary=row["Tóm tắt"], passed_to=row["Chuyển đến"]
    )
    groups = [entered[0].points.get().group_id]
    answering.answer(desk=desk, groups=groups, reply=reply, actor=clerk, at=local_day(at))
