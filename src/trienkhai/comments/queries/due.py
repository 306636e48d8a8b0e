"""What is due about comments: to say something, to open a box, to answer, to look with one's receipt."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from django.db.models import Count, QuerySet

from trienkhai.comments import policies
from trienkhai.comments.models import Call, Group
from trienkhai.comments.rules import About, CallState
from trienkhai.organisation.rules import Actor
from trienkhai.sealed.models import KeptName, Participation, RoundHolder
from trienkhai.sealed.rules import NameState, Purpose


class DueKind(StrEnum):
    """What is due."""

    COMMENT = "comment_asked"
    RELEASE = "comment_release"
    ANSWER = "comment_answer"
    NAME_ASKED = "comment_name_asked"
    UNASKED = "comment_unasked"


@dataclass(frozen=True)
class Due:
    """One thing due, in one call. ``waiting``: groups without an answer."""

    kind: DueKind
    call: Call
    deadline: date | None
    waiting: int = 1


@dataclass(frozen=True)
class Unasked:
    """What came unasked to a unit and waits at its desk: groups without an answer."""

    unit: int
    waiting: int


def unasked_at(units: Collection[int]) -> list[Unasked]:
    """The desks of ``units`` where something waits that came unasked."""
    rows = _unanswered().filter(call=None, book__in=units).values_list("book").annotate(n=Count("pk"))
    return [Unasked(unit, n) for unit, n in rows.order_by("book")]


def due_of(actor: Actor, units: Collection[int], *, today: date) -> list[Due]:
    """What is due from the actor, and from the desks of ``units``."""
    found = [*_of_desks(units, today)]
    if actor.person_id is not None:
        keys = list(policies.selves(actor).values_list("key", flat=True))
        found += [*_asked(actor, today), *_to_open(keys, today, seen={due.call.pk for due in found}), *_names(keys)]
    return found


def _of_desks(units: Collection[int], today: date) -> list[Due]:
    found = []
    for call in Call.objects.filter(unit__in=units, finished_seq=None, opens_on__lte=today).order_by("pk"):
        state = policies.state_on(call, today)
        if state is CallState.CLOSED:
            found.append(Due(DueKind.RELEASE, call, None))
        if state is CallState.ANSWERING and (waiting := _waiting(call)):
            found.append(Due(DueKind.ANSWER, call, call.answer_by, waiting))
    return found


def _waiting(call: Call) -> int:
    return _unanswered().filter(call=call).count()


def _unanswered() -> QuerySet[Group]:
    groups = Group.objects.filter(is_answered=False, size__gt=0, merged_into=None)
    return groups.exclude(about=About.PERSON)


def _asked(actor: Actor, today: date) -> list[Due]:
    calls = Call.objects.filter(policies.asks(actor), opens_on__lte=today, closes_on__gte=today)
    open_calls = [call for call in calls.order_by("pk") if policies.can_write(actor, call, at=today)]
    said = set(policies.own_submissions(actor).values_list("call", flat=True))
    return [Due(DueKind.COMMENT, call, call.closes_on) for call in open_calls if call.pk not in said]


def _to_open(keys: Collection[UUID], today: date, *, seen: Collection[int]) -> list[Due]:
    held = RoundHolder.objects.filter(holder__owner__in=keys, purpose=Purpose.RELEASE).values("sealed_round__key")
    calls = Call.objects.filter(round_key__in=held, released_seq=None, opens_on__lte=today).exclude(pk__in=seen)
    return [
        Due(DueKind.RELEASE, call, None)
        for call in calls.order_by("pk")
        if policies.state_on(call, today) is CallState.CLOSED
    ]


def _names(keys: Collection[UUID]) -> list[Due]:
    """Calls in which somebody's kept name has been asked for: everybody who took part is told, nobody knows whose."""
    sent = Participation.objects.filter(participant__in=keys).values("sealed_round")
    names = KeptName.objects.filter(receipt__batch__sealed_round__in=sent, state=NameState.ASKED)
    first: dict[UUID, date | None] = {}
    for round_key, opens_on in names.order_by("opens_on", "id").values_list(
        "receipt__batch__sealed_round__key", "opens_on"
    ):
        first.setdefault(round_key, opens_on)
    calls = Call.objects.filter(round_key__in=list(first)).order_by("pk")
    return [Due(DueKind.NAME_ASKED, call, first[call.round_key]) for call in calls if call.round_key is not None]
