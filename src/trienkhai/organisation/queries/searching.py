"""Finding units and people by what somebody types, with or without marks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import and_
from uuid import UUID

from django.db.models import Q, QuerySet

from trienkhai.organisation.models import Person, Unit, UnitState, held_on
from trienkhai.organisation.queries.people import counting_units
from trienkhai.organisation.rules import UnitKind
from trienkhai.text import fold, rank, spans

LIMIT = 50
_LOOK_AT = 500


@dataclass(frozen=True)
class FoundUnit:
    """A unit whose name, now or once, has all the words. ``is_former``: it is not called so on the day."""

    key: UUID
    name: str
    pieces: tuple[tuple[str, bool], ...]
    kind: UnitKind
    is_former: bool


@dataclass(frozen=True)
class FoundPerson:
    """A person whose name has all the words, and where they count."""

    key: UUID
    name: str
    pieces: tuple[tuple[str, bool], ...]
    birth_year: int | None
    unit: str


@dataclass(frozen=True)
class Found:
    """What was found; ``has_more``: there are more than are listed."""

    units: tuple[FoundUnit, ...] = ()
    people: tuple[FoundPerson, ...] = ()
    has_more: bool = False


def search(query: str, *, units: QuerySet[Unit], people: QuerySet[Person], day: date) -> Found:
    """Units and people whose names have every word of the query, best first: marks as typed before others.

    A word is found where a word of the name begins with it: "an" is An and Ánh, not Văn. Whoever types the name of a
    committee ("Đảng uỷ phường Hoà Lạc") finds the organisation it leads.
    """
    words = fold(query).split()
    if not words:
        return Found()
    found_units = _units(query, words, units, day)
    led = _led(words)
    if led != words:
        known = {found.key for found in found_units}
        found_units += [found for found in _units(" ".join(led), led, units, day) if found.key not in known]
    found_people = _people(query, words, people, day)
    has_more = len(found_units) > LIMIT or len(found_people) > LIMIT
    return Found(tuple(found_units[:LIMIT]), tuple(found_people[:LIMIT]), has_more)


_LED = {("dang", "ui"): ("dang", "bo"), ("chi", "ui"): ("chi", "bo")}
"""What a committee is called, folded, and what the organisation it leads is called."""


def _led(words: list[str]) -> list[str]:
    """The words with committees' names replaced by those of the organisations they lead."""
    result = list(words)
    for at in range(len(words) - 1):
        result[at : at + 2] = _LED.get((result[at], result[at + 1]), result[at : at + 2])
    return result


def _words_in(words: Sequence[str]) -> Q:
    return reduce(and_, (Q(folded__startswith=word) | Q(folded__contains=f" {word}") for word in words))


def _units(query: str, words: Sequence[str], units: QuerySet[Unit], day: date) -> list[FoundUnit]:
    states = UnitState.objects.current().filter(_words_in(words), unit__in=units).select_related("unit")
    best: dict[int, tuple[tuple[int, bool, str], FoundUnit]] = {}
    held = set(
        UnitState.objects.current().filter(held_on(day), _words_in(words), unit__in=units).values_list("pk", flat=True)
    )
    for state in states.order_by("sort_key", "pk")[:_LOOK_AT]:
        text = state.name if rank(query, state.name) is not None else f"{state.name} ({state.short_name})"
        is_former = state.pk not in held
        place = (_rank(query, text), is_former, state.sort_key)
        if state.unit_id not in best or place < best[state.unit_id][0]:
            found = FoundUnit(state.unit.key, state.name, pieces(query, text), UnitKind(state.kind), is_former)
            best[state.unit_id] = (place, found)
    return [found for _place, found in sorted(best.values(), key=lambda item: item[0])]


def _people(query: str, words: Sequence[str], people: QuerySet[Person], day: date) -> list[FoundPerson]:
    rows = list(people.filter(_words_in(words)).order_by("sort_key", "pk")[:_LOOK_AT])
    rows.sort(key=lambda person: (_rank(query, person.full_name), person.sort_key, person.pk))
    listed = rows[: LIMIT + 1]
    homes = counting_units(Person.objects.filter(pk__in=[person.pk for person in listed]), day)
    return [
        FoundPerson(
            person.key,
            person.full_name,
            pieces(query, person.full_name),
            person.birth_year,
            homes.get(person.pk, (0, ""))[1],
        )
        for person in listed
    ]


def _rank(query: str, text: str) -> int:
    found = rank(query, text)
    return 9 if found is None else int(found)


def pieces(query: str, text: str) -> tuple[tuple[str, bool], ...]:
    """The text in pieces, and whether each is a hit."""
    result: list[tuple[str, bool]] = []
    at = 0
    for start, end in spans(query, text):
        result.extend([(text[at:start], False), (text[start:end], True)])
        at = end
    result.append((text[at:], False))
    return tuple(piece for piece in result if piece[0])
