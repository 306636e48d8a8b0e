"""Kept names: who may not open them, where each stands."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from trienkhai.comments.models import Submission
from trienkhai.comments.rules import About
from trienkhai.organisation.models import Membership, Person, Post
from trienkhai.organisation.rules import SECRETARIES, PostKind
from trienkhai.sealed.queries import name_state
from trienkhai.sealed.rules import NameState

HEADS = SECRETARIES | {PostKind.HEAD, PostKind.DEPUTY_HEAD, PostKind.GROUP_HEAD}
"""Posts whose holders have the unit's people under them."""


def forbidden_keepers(submission: Submission, *, on: date) -> set[UUID]:
    """Persons who may not open the name: those commented on by name and whoever works under them; a body's members.

    Under a person: everybody who has a tie or a post in a unit that person heads. Who was any of it on any day since
    the call was opened is; and so is every other entry of the same person.
    """
    since = submission.call.opens_on if submission.call else on
    held_then = Q(starts_on__lte=on) & (Q(ends_on__isnull=True) | Q(ends_on__gt=since))
    points = submission.points.all()
    named = _entries(_ids(points.filter(about=About.PERSON).values_list("person", flat=True)))
    bodies = points.filter(about=About.BODY).values("body")
    held = Post.objects.current().filter(held_then)
    members = _ids(held.filter(body__in=bodies).values_list("person", flat=True))
    units = list(held.filter(person__in=named, kind__in=HEADS).values_list("unit", flat=True))
    ties = Membership.objects.current().filter(held_then, unit__in=units)
    below = _ids(ties.values_list("person", flat=True)) | _ids(
        held.filter(unit__in=units).values_list("person", flat=True)
    )
    people = named | _entries(members | below)
    return set(Person.objects.filter(pk__in=people).values_list("key", flat=True))


def _entries(people: Iterable[int]) -> set[int]:
    """These persons under all their entries."""
    wholes = Person.objects.filter(pk__in=list(people)).values_list("pk", "merged_into")
    same = {entry for pair in wholes for entry in pair if entry is not None}
    return same | set(Person.objects.filter(merged_into__in=same).values_list("pk", flat=True))


def _ids(found: Iterable[int | None]) -> set[int]:
    return {pk for pk in found if pk is not None}


@dataclass(frozen=True)
class KeptRow:
    """A kept name and where it stands."""

    submission: Submission
    state: NameState
    opens_on: date | None


def kept_rows(submissions: QuerySet[Submission]) -> list[KeptRow]:
    """The kept names among submissions."""
    rows = submissions.filter(kept_name__isnull=False).order_by("pk")
    found = []
    for row in rows:
        if row.kept_name is not None:
            state, opens_on = name_state(row.kept_name)
            found.append(KeptRow(row, state, opens_on))
    return found
