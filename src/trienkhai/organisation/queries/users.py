"""Sign-ins and what each may do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from trienkhai.accounts.models import User
from trienkhai.organisation.models import Delegation, Membership, Person, Post, SignIn, Unit, UnitState, held_on
from trienkhai.organisation.rules import SECRETARIES, Role


@dataclass(frozen=True)
class Right:
    """A role for a unit. ``delegation``: its id when it can be ended by hand."""

    role: Role
    unit: str
    starts_on: date
    ends_on: date | None
    delegation: int | None
    is_coming: bool


@dataclass(frozen=True)
class UserRow:
    """A sign-in. ``person``: empty when it is nobody's, or of somebody the reader may not see."""

    user: User
    person: str
    person_key: UUID | None
    rights: tuple[Right, ...]


def users_with_rights(users: Sequence[User], day: date, *, people: QuerySet[Person]) -> list[UserRow]:
    """Each user's person, if among ``people``, and rights, on ``day`` or later."""
    ids = [user.pk for user in users]
    rights: dict[int, list[Right]] = {pk: [] for pk in ids}
    signed = SignIn.objects.filter(user__in=ids).select_related("person")
    every = {sign_in.user_id: sign_in.person for sign_in in signed}
    by_person = {person.pk: pk for pk, person in every.items()}
    shown = set(people.filter(pk__in=by_person).values_list("pk", flat=True))
    named = {pk: person for pk, person in every.items() if person.pk in shown}
    lasting = _not_over(Delegation.objects.filter(user__in=ids), day)
    delegated = list(lasting.order_by("starts_on", "pk"))
    posts = list(
        Post.objects.current().filter(held_on(day), person__in=by_person, kind__in=SECRETARIES).order_by("unit", "pk")
    )
    ties = list(Membership.objects.current().filter(held_on(day), person__in=by_person).order_by("unit", "pk"))
    names = _names({row.unit_id for row in (*delegated, *posts, *ties)}, day)
    for row in delegated:
        rights[row.user_id].append(
            Right(Role(row.role), names.get(row.unit_id, ""), row.starts_on, row.ends_on, row.pk, row.starts_on > day)
        )
    for role, held in ((Role.SECRETARY, posts), (Role.MEMBER, ties)):
        for fact in held:
            right = Right(role, names.get(fact.unit_id, ""), fact.starts_on, fact.ends_on, None, is_coming=False)
            if right not in rights[by_person[fact.person_id]]:
                rights[by_person[fact.person_id]].append(right)
    return [
        UserRow(
            user,
            named[user.pk].full_name if user.pk in named else "",
            named[user.pk].key if user.pk in named else None,
            tuple(rights[user.pk]),
        )
        for user in users
    ]


def _not_over(rows: QuerySet[Delegation], day: date) -> QuerySet[Delegation]:
    return rows.exclude(ends_on__lte=day)


def _names(units: set[int], day: date) -> dict[int, str]:
    return dict(UnitState.objects.current().filter(held_on(day), unit__in=units).values_list("unit", "name"))


def unit_choices(units: QuerySet[Unit], day: date) -> list[tuple[str, str]]:
    """Keys and names of those of the units that are open on ``day``, by name, for a list to choose from."""
    states = UnitState.objects.current().filter(held_on(day), unit__in=units).order_by("sort_key", "pk")
    return [(str(key), name) for key, name in states.values_list("unit__key", "name")]
