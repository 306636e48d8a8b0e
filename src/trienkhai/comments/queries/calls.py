"""Calls: who is asked, where they stand, how many have spoken."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, QuerySet, Sum

from trienkhai.comments.models import Asked, Call, Group, Submission
from trienkhai.comments.policies import state_on
from trienkhai.comments.rules import Addressed, CallState
from trienkhai.figures.queries import keys_under
from trienkhai.organisation.models import Membership, held_on
from trienkhai.organisation.queries import unit_rows
from trienkhai.organisation.rules import MemberKind, Tie
from trienkhai.sealed.models import Participation
from trienkhai.sealed.queries import RoundStatus, status


@dataclass(frozen=True)
class Elector:
    """Somebody to be asked, with their unit."""

    person: int
    key: UUID
    unit: int
    is_member: bool


def electorate(unit: int, *, addressed: Addressed, units: Sequence[int], with_others: bool, on: date) -> list[Elector]:
    """The people in and below the unit (or the chosen ones of those units) on a day, each once, in their own unit."""
    under = keys_under(unit, on)
    ties = Membership.objects.current().filter(held_on(on), unit__in=under, tie=Tie.COUNTING)
    if addressed is Addressed.CHOSEN_UNITS:
        chosen = {key for one in units for key in keys_under(one, on)}
        ties = ties.filter(unit__in=chosen)
    if not with_others:
        ties = ties.exclude(kind=MemberKind.OTHER)
    rows = ties.filter(person__merged_into__isnull=True).order_by("starts_on", "pk")
    found: dict[int, Elector] = {}
    for person, key, at, kind in rows.values_list("person", "person__key", "unit", "kind"):
        found.setdefault(person, Elector(person, key, at, kind != MemberKind.OTHER))
    return list(found.values())


@dataclass(frozen=True)
class CallRow:
    """A call in a list."""

    call: Call
    unit: str
    state: CallState
    taken_part: int | None


def call_rows(calls: QuerySet[Call], *, on: date, counted: bool = True) -> list[CallRow]:
    """Calls, newest first, with where each stands and how many have sent something."""
    found = list(calls.order_by("-opens_on", "-pk"))
    names = unit_rows({call.unit_id for call in found}, on)
    people = _taken_part_in(found) if counted else {}
    return [
        CallRow(
            call=call,
            unit=names[call.unit_id].name if call.unit_id in names else "",
            state=state_on(call, on),
            taken_part=people.get(call.pk, 0) if counted else None,
        )
        for call in found
    ]


def _taken_part_in(calls: Sequence[Call]) -> dict[int, int]:
    """By call: how many people have sent something."""
    rounds = {call.round_key: call.pk for call in calls if call.round_key is not None}
    sent = Participation.objects.filter(sealed_round__key__in=list(rounds)).values_list("sealed_round__key")
    named = Submission.objects.current().filter(call__in=calls, call__round_key=None, person__isnull=False)
    found = dict(named.values_list("call").annotate(n=Count("person", distinct=True)).order_by())
    return found | {rounds[key]: n for key, n in sent.annotate(n=Count("pk")).order_by()}


def taken_part(call: Call) -> int:
    """How many people have sent something (people, not submissions)."""
    if call.round_key is not None:
        return status(call.round_key).participants
    return named_people(call)


def named_people(call: Call) -> int:
    """How many of the people asked have spoken with their name."""
    rows = Submission.objects.current().filter(call=call, person__isnull=False)
    return rows.values("person").distinct().count()


@dataclass(frozen=True)
class Progress:
    """What may be known of a call while it goes on and afterwards: numbers, never who.

    ``on_persons``: points kept apart, by the body that reviews them. Of a sealed call alone: ``taken_part`` and
    ``box`` (what was in it: nothing before release); an open one's figures say it.
    """

    asked: int
    taken_part: int | None
    on_persons: tuple[tuple[int, int], ...]
    slips: int
    box: RoundStatus | None


def progress_of(call: Call) -> Progress:
    """How far a call is."""
    box = status(call.round_key) if call.round_key is not None else None
    return Progress(
        asked=call.asked_number,
        taken_part=taken_part(call) if box is not None else None,
        on_persons=points_on_persons(call.unit_id, call),
        slips=Asked.objects.filter(call=call, slip_on__isnull=False).count(),
        box=box,
    )


def points_on_persons(book: int, call: Call | None) -> tuple[tuple[int, int], ...]:
    """How many points on persons there are, by the body that reviews them; read from an index of theirs alone."""
    groups = Group.objects.filter(book=book, call=call, reviewed_by__isnull=False)
    rows = groups.values_list("reviewed_by").annotate(n=Sum("size")).order_by("reviewed_by")
    return tuple((body, n) for body, n in rows if body is not None and n)


@dataclass(frozen=True)
class AskedUnit:
    """A unit some of whose people are asked."""

    id: int
    key: UUID
    name: str
    asked: int
    slips: int


def asked_units(call: Call, *, on: date) -> list[AskedUnit]:
    """The units whose people are asked, by name."""
    rows = Asked.objects.filter(call=call).values_list("unit", "unit__key").annotate(n=Count("pk"), s=Count("slip_on"))
    counted = list(rows.order_by("unit"))
    names = unit_rows([row[0] for row in counted], on)
    found = [
        AskedUnit(unit, key, names[unit].name if unit in names else "", n, slips) for unit, key, n, slips in counted
    ]
    return sorted(found, key=lambda one: (one.name, one.id))


def asked_rows(call: Call, unit: int) -> list[Asked]:
    """The people of a unit who are asked, by name; each once, where an entry was found to be another's since."""
    rows = Asked.objects.filter(call=call, unit=unit).select_related("person").order_by("person__sort_key", "pk")
    twice = Asked.objects.filter(call=call, person__merged_into__isnull=False).order_by("pk")
    first: dict[int, int] = {}
    for pk, whole in twice.values_list("pk", "person__merged_into"):
        first.setdefault(whole or 0, pk)
    own = Asked.objects.filter(call=call, person__in=first).values_list("person", "pk")
    first |= dict(own)
    return [row for row in rows if first.get(row.person.merged_into_id or row.person_id, row.pk) == row.pk]
