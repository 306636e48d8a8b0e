"""Calls in every state, a box opened with a kept name and a point on a person in it, a letter in the book."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from trienkhai.comments import actions
from trienkhai.comments.actions import Letter, answering
from trienkhai.comments.jobs import find_alike
from trienkhai.comments.models import Call, Group, Submission
from trienkhai.comments.queries.places import desk_of
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
from trienkhai.organisation.models import BodyState, Membership, Person, Post, Unit
from trienkhai.organisation.rules import Actor
from trienkhai.plans.models import PlanVersion
from trienkhai.sealed.rules import Below, Unlock

OPEN, SEALED, SHUT, DONE = (
    "Góp ý cho chi bộ trước hội nghị",
    "Lấy ý kiến về tập thể và kế hoạch",
    "Lấy ý kiến về nếp sinh hoạt",
    "Lấy ý kiến mùa hè",
)
WORDS = "mùa xuân là tết trồng cây {}"
"""What each holder remembers."""


def make(ward: Unit, member: Person, actor: Actor, at: datetime) -> None:
    """Everything, through the actions people use."""
    people = _people(ward, member)
    holders = [_holder(person, actor, at) for person in people[5:10]]
    body = BodyState.objects.current().filter(body__unit=ward).order_by("pk")[0].body
    version = PlanVersion.objects.filter(plan__unit=ward, adopted_on__isnull=False).order_by("pk")[0]
    criticised = Post.objects.current().filter(unit=ward, body=body).order_by("pk")[0].person_id
    subjects = [
        Subject(About.PLAN, version=version.pk),
        Subject(About.BODY, body=body.pk),
        Subject(About.PERSON, person=criticised, reviewed_by=body.pk),
        Subject(About.FREE),
    ]
    day = local_day(at)
    plan = CallPlan(
        title=OPEN,
        asks="Đồng chí thấy việc học tập ở phường đã thiết thực chưa? Điều gì nên làm khác đi?",
        opens_on=day,
        closes_on=day + timedelta(days=14),
        answer_by=day + timedelta(days=44),
        promises=frozenset({Promise.NAMED}),
        subjects=subjects,
    )
    said = [Said(Subject(About.FREE), "Nên gửi tài liệu trước ba ngày.")]
    opened = actions.open_call(unit=ward.pk, plan=plan, actor=actor, at=at)
    told = actions.Told(Channel.TELEPHONE, "con gái đồng chí")
    actions.write_openly(call=opened, person=member.pk, points=said, actor=actor, at=at, told=told)
    sealed = replace(plan, promises=frozenset(Promise), releasers=holders[:2], name_keepers=holders[2:])
    actions.open_call(unit=ward.pk, plan=replace(sealed, title=SEALED), actor=actor, at=at)
    for title in (SHUT, DONE):
        call = actions.open_call(unit=ward.pk, plan=replace(sealed, title=title), actor=actor, at=at)
        _send(call, people, at)
        actions.close_call(call=call, reason="Đã đủ ý kiến", actor=actor, at=day)
    unlocks = [Unlock(key, WORDS.format(key)) for key in holders[:2]]
    actions.release_call(call=Call.objects.get(title=DONE), unlocks=unlocks, actor=actor, at=at)
    _work_at_the_desk(Call.objects.get(title=DONE), actor, day)
    letter = Intake(Channel.LETTER, AuthorKind.RESIDENT, said, day, author="Bà Lành, tổ 3", people_behind=4)
    actions.enter(book=ward.pk, intake=letter, actor=actor, at=at)


def _work_at_the_desk(call: Call, actor: Actor, day: date) -> None:
    """Those that say the same are together, one group is answered."""
    desk = desk_of(call)
    find_alike(desk, actor=actor, at=day)
    reply = Reply(DispositionKind.EXPLAINED, "Từ tháng sau chi bộ họp đúng giờ.", day, summary="Về giờ họp chi bộ")
    group = desk.groups().order_by("-size", "pk")[0]
    answering.answer(desk=desk, groups=[group.pk], reply=reply, actor=actor, at=day)


def _people(ward: Unit, member: Person) -> list[Person]:
    ties = Membership.objects.current().filter(ends_on__isnull=True).exclude(person=member)
    rows = Person.objects.filter(pk__in=ties.values("person"), merged_into__isnull=True).order_by("pk")
    return [person for person in rows if not Post.objects.current().filter(person=person, unit=ward).exists()][:20]


def _holder(person: Person, actor: Actor, at: datetime) -> UUID:
    actions.choose_passphrase(person=person.pk, passphrase=WORDS.format(person.key), actor=actor, at=at)
    return person.key


def _send(call: Call, people: list[Person], at: datetime) -> None:
    choices = choices_of(call, on=local_day(at))
    body, person, free = (_first(choices, about) for about in (About.BODY, About.PERSON, About.FREE))
    sent = [
        (Promise.WITHOUT_A_NAME, free, "Họp chi bộ nên đúng giờ."),
        (Promise.WITHOUT_A_NAME, free, "họp chi bộ nên đúng giờ"),
        (Promise.WITHOUT_A_NAME, body, "Tập thể cần xuống cơ sở nhiều hơn."),
        (Promise.NAME_KEPT, body, "Kết luận sau kiểm tra nên công khai."),
        (Promise.NAME_KEPT, person, "Đồng chí cần lắng nghe hơn."),
        (Promise.NAMED, person, "Đồng chí làm việc nền nếp."),
    ]
    for author, (promise, choice, text) in zip(people, sent, strict=False):
        letter = Letter(promise, [Said(choice.subject, text)], {choice.subject: choice.key}, Below.RELEASE)
        own = Actor(key=None, person_id=author.pk)
        actions.send(call=call, person=author.pk, letter=letter, actor=own, at=at)


def _first(choices: list[Choice], about: About) -> Choice:
    return next(choice for choice in choices if choice.about is about)


def call_named(title: str) -> UUID:
    """One of the calls."""
    return UUID(str(Call.objects.get(title=title).key))


def kept() -> UUID:
    """A released submission whose name is kept, about no person."""
    rows = Submission.objects.filter(call__title=DONE, kept_name__isnull=False).exclude(points__about=About.PERSON)
    return UUID(str(rows.order_by("pk")[0].key))


def letter() -> UUID:
    """The one in the book."""
    return UUID(str(Submission.objects.filter(channel=Channel.LETTER).latest("pk").key))


def group(*, is_answered: bool) -> UUID:
    """A group at the desk of the call whose box was opened."""
    rows = Group.objects.filter(call__title=DONE, size__gt=0, is_answered=is_answered).exclude(about=About.PERSON)
    return UUID(str(rows.order_by("pk")[0].key))
