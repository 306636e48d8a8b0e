"""Calls, comments and boxes of a ward, made through the actions a user uses."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from uuid import UUID

from tests.factories.organisation import DAY, START, Ward, acting_as, make_ward, office_of
from trienkhai.comments import actions
from trienkhai.comments.actions import Letter
from trienkhai.comments.models import Call, Submission
from trienkhai.comments.queries.subjects import GENERAL, Choice, choices_of
from trienkhai.comments.rules import (
    About,
    AuthorKind,
    CallPlan,
    Channel,
    Intake,
    Promise,
    Said,
    Subject,
)
from trienkhai.organisation import actions as organisation
from trienkhai.organisation.models import Body, Person
from trienkhai.organisation.rules import SYSTEM, BodyKind, PostKind
from trienkhai.sealed.actions import Release
from trienkhai.sealed.rules import Below, Unlock

AT = datetime(2012, 6, 1, 3, tzinfo=UTC)
CLOSES = date(2012, 6, 15)
AFTER = datetime(2012, 6, 16, 3, tzinfo=UTC)
"""A moment after the call has closed."""
ANSWER_BY = date(2012, 7, 15)
PASSPHRASE = "nắng sớm mưa chiều {}"
FREE = Subject(About.FREE)
OPENLY = frozenset({Promise.NAMED})
EVERY = frozenset(Promise)


def plan_of_call(**more: object) -> CallPlan:
    """A call with names about nothing in particular, from the first of June to the fifteenth."""
    plan = CallPlan(
        title="Lấy ý kiến về công tác xây dựng Đảng",
        asks="Góp ý thẳng thắn, cụ thể.",
        opens_on=DAY,
        closes_on=CLOSES,
        answer_by=ANSWER_BY,
        promises=OPENLY,
        subjects=[FREE],
    )
    return replace(plan, **more)  # type: ignore[arg-type]


def make_body(unit: int, *, name: str = "Ban Thường vụ Đảng uỷ", kind: BodyKind = BodyKind.STANDING_COMMITTEE) -> Body:
    """A body of a unit."""
    made = organisation.make_body(unit=unit, kind=kind, name=name, on=START, actor=SYSTEM, at=AT).made[0]
    return Body.objects.get(pk=made)


def give_post(person: int, body: Body, kind: PostKind = PostKind.STANDING_MEMBER) -> None:
    """A place in a body."""
    organisation.give_post(person=person, unit=body.unit_id, body=body.pk, kind=kind, on=START, actor=SYSTEM, at=AT)


def make_call(ward: Ward | None = None, **more: object) -> Call:
    """An open call of the ward, asked of all its members, read as it comes."""
    ward = ward or make_ward(cells=3, members=4)
    return actions.open_call(unit=ward.unit, plan=plan_of_call(**more), actor=SYSTEM, at=AT)


def key_of(person: int) -> UUID:
    """The person's key."""
    return Person.objects.values_list("key", flat=True).get(pk=person)


def enrol(*people: int) -> list[UUID]:
    """Holders with the passphrase of :func:`unlocks`; their keys."""
    for person in people:
        passphrase = PASSPHRASE.format(key_of(person))
        actions.choose_passphrase(person=person, passphrase=passphrase, actor=SYSTEM, at=AT)
    return [key_of(person) for person in people]


def unlocks(keys: Sequence[UUID]) -> list[Unlock]:
    """What these holders type."""
    return [Unlock(key, PASSPHRASE.format(key)) for key in keys]


@dataclass
class SealedCall:
    """A call with a box: its holders, its ward, and every receipt given."""

    call: Call
    ward: Ward
    releasers: list[UUID]
    keepers: list[UUID]
    receipts: list[str] = field(default_factory=list)

    def choice(self, about: About) -> Choice:
        """The first thing of that kind one can comment on."""
        return next(one for one in choices_of(self.call, on=DAY) if one.about is about)

    def send(
        self,
        person: int,
        text: str,
        promise: Promise | None = Promise.WITHOUT_A_NAME,
        *,
        choice: Choice | None = None,
        below: Below = Below.RELEASE,
    ) -> str:
        """One person's comment into the box; the receipt."""
        key, subject = (choice.key, choice.subject) if choice else (GENERAL, FREE)
        points = [Said(subject, text)] if promise else []
        letter = Letter(promise, points, {subject: key}, below)
        self.receipts.append(actions.send(call=self.call, person=person, letter=letter, actor=acting_as(person), at=AT))
        return self.receipts[-1]

    def release(self) -> Release:
        """Two holders open the box after the last day."""
        done = actions.release_call(
            call=self.call, unlocks=unlocks(self.releasers[:2]), actor=office_of(self.ward.unit), at=AFTER
        )
        self.call.refresh_from_db()
        return done


def make_sealed(ward: Ward | None = None, *, promises: frozenset[Promise] = EVERY, **more: object) -> SealedCall:
    """A call of twelve members with a sealed box; the second cell's people hold its keys."""
    ward = ward or make_ward(cells=3, members=4)
    releasers = enrol(*ward.members[1][:2])
    keepers = enrol(*ward.members[2][:3]) if Promise.NAME_KEPT in promises else []
    call = make_call(ward, promises=promises, releasers=releasers, name_keepers=keepers, **more)
    return SealedCall(call, ward, releasers, keepers)


def make_submission(
    book: int,
    text: str = "Cần niêm yết lịch tiếp dân.",
    *,
    subject: Subject = FREE,
    call: Call | None = None,
    on: date = DAY,
    **more: object,
) -> Submission:
    """A letter in the unit's intake book."""
    points = [Said(subject, one) for one in text.split("|")]
    intake = Intake(Channel.LETTER, AuthorKind.RESIDENT, points, on, author="Bà Trần Thị Lành, tổ 3")
    at = datetime(on.year, on.month, on.day, 3, tzinfo=UTC)
    return actions.enter(book=book, intake=replace(intake, **more), call=call, actor=SYSTEM, at=at)  # type: ignore[arg-type]
