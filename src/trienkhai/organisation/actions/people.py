"""Adding and correcting persons; two that were one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction

from trienkhai.core.decisions import Invalid, Refused
from trienkhai.ledger.actions import record
from trienkhai.ledger.clock import local_day
from trienkhai.organisation.actions.changes import Change, checked_day, checked_name, locked_people, locked_units
from trienkhai.organisation.actions.memberships import NewTie
from trienkhai.organisation.actions.posts import NewPost, check_posts, insert_posts
from trienkhai.organisation.actions.states import CHUNK_ROWS
from trienkhai.organisation.actions.ties import Line, TieValue, check_inside, insert_ties
from trienkhai.organisation.models import Membership, Person, Post, SignIn
from trienkhai.organisation.policies import (
    can_drop_person,
    can_keep_organisation,
    can_keep_person,
    can_speak_for_person,
)
from trienkhai.organisation.rules import Actor, EndReason, Fault, Reason
from trienkhai.organisation.rules.timelines import Phase, overlaps
from trienkhai.text import clean_line, fold, name_sort_key

LONGEST_NAME = 120
_OLDEST = 130
_LENGTHS = {"phone": 30, "card_number": 30, "note": 250}


@dataclass(frozen=True)
class Particulars:
    """What is known of a person besides ties and posts. Unknown parts of the birth date are ``None``."""

    full_name: str
    birth_year: int | None = None
    birth_month: int | None = None
    birth_day: int | None = None
    sex: str = ""
    phone: str = ""
    card_number: str = ""
    note: str = ""

    def checked(self, *, at: datetime) -> "Particulars":
        """The same, tidied.

        Raises:
            Invalid: no name, a text too long, or an impossible birth date.
        """
        texts = {field: clean_line(getattr(self, field)) for field in _LENGTHS}
        for field, text in texts.items():
            if len(text) > _LENGTHS[field]:
                raise Invalid(Fault.NAME_TOO_LONG, on=field, limit=_LENGTHS[field])
        self._check_birth(local_day(at))
        return replace(
            self,
            full_name=checked_name(self.full_name, longest=LONGEST_NAME, on="full_name"),
            sex=self.sex if self.sex in {"f", "m"} else "",
            phone=texts["phone"],
            card_number=texts["card_number"],
            note=texts["note"],
        )

    def _check_birth(self, today: date) -> None:
        year, month, day = self.birth_year, self.birth_month, self.birth_day
        try:
            if year is None:
                possible = month is None and day is None
            else:
                possible = (month is not None or day is None) and (
                    today.year - _OLDEST <= year and date(year, month or 1, day or 1) <= today
                )
        except ValueError:
            possible = False
        if not possible:
            raise Invalid(Fault.BIRTH_IMPOSSIBLE, on="birth")

    def put_into(self, person: Person) -> Person:
        """The row with these particulars and what is derived from them."""
        for field in _FIELDS:
            setattr(person, field, getattr(self, field))
        person.folded = fold(self.full_name)[:160]
        person.sort_key = name_sort_key(self.full_name)[:300]
        return person

    @classmethod
    def of(cls, person: Person) -> "Particulars":
        """What is known of the person now."""
        return cls(**{field: getattr(person, field) for field in _FIELDS})


_FIELDS = ("full_name", "birth_year", "birth_month", "birth_day", "sex", "phone", "card_number", "note")


@dataclass(frozen=True)
class NewPerson:
    """A person to add, with their ties and posts."""

    particulars: Particulars
    ties: tuple[NewTie, ...] = ()
    posts: tuple[NewPost, ...] = ()


@transaction.atomic
def add_person(*, person: NewPerson, actor: Actor, at: datetime) -> Change:
    """Add somebody. ``made``: their id.

    Raises:
        Refused: the actor does not keep the units.
        Invalid: particulars, ties or posts cannot be true.
    """
    return add_people(people=[person], actor=actor, at=at)


@transaction.atomic
def add_people(*, people: Sequence[NewPerson], actor: Actor, at: datetime, file_digest: str = "") -> Change:
    """Add many persons with their ties and posts and one entry. ``made``: their ids in the same order.

    Raises:
        Refused: the actor does not keep one of the units, or nobody is tied to any and the actor did not install.
        Invalid: as :func:`add_person`.
    """
    units = {tie.unit for new in people for tie in new.ties} | {post.unit for new in people for post in new.posts}
    if not actor.is_installer and any(not new.ties and not new.posts for new in people):
        raise Refused(Reason.MAY_NOT_KEEP)
    locked_units(units)
    for unit in sorted(units):
        can_keep_organisation(actor, unit, at=local_day(at)).require()
    for day in {tie.on for new in people for tie in new.ties} | {post.on for new in people for post in new.posts}:
        checked_day(day, at=at)
    checked = [new.particulars.checked(at=at) for new in people]
    rows = Person.objects.bulk_create([each.put_into(Person()) for each in checked], batch_size=CHUNK_ROWS)
    single = len(rows) == 1
    entry = record(
        actor=actor.key,
        action="organisation.add_person" if single else "organisation.add_people",
        subject=rows[0].key if single else None,
        detail={"name": checked[0].full_name} if single else {"people": len(rows)},
        count=len(rows),
        file_digest=file_digest,
    )
    ties = [(row.pk, new) for row, new in zip(rows, people, strict=True)]
    phases = _phases(ties)
    check_inside(phases)
    insert_ties(phases, reason=EndReason.CHANGED, entry=entry)
    posts = [replace(post, person=pk) for pk, new in ties for post in new.posts]
    check_posts(posts)
    insert_posts(posts, entry=entry)
    made = tuple(row.pk for row in rows)
    return Change(entry=entry, people=frozenset(made), made=made)


@transaction.atomic
def correct_person(*, person: int, particulars: Particulars, actor: Actor, at: datetime) -> Change:
    """Put right a name, a birth date or another particular; the ledger keeps what it was.

    Raises:
        Refused: the actor does not keep a unit the person is in.
        Invalid: particulars cannot be true, or nothing changes.
    """
    row = locked_people([person])[person]
    can_keep_person(actor, person, at=local_day(at)).require()
    before, after = Particulars.of(row), particulars.checked(at=at)
    changed = [field for field in _FIELDS if getattr(before, field) != getattr(after, field)]
    if not changed:
        raise Invalid(Fault.NOTHING_CHANGES)
    detail = {field: [getattr(before, field), getattr(after, field)] for field in changed}
    entry = record(actor=actor.key, action="organisation.correct_person", subject=row.key, detail=detail)
    after.put_into(row).save(update_fields=[*_FIELDS, "folded", "sort_key"])
    return Change(entry=entry, people=frozenset({person}))


@transaction.atomic
def merge_duplicate(*, keep: int, drop: int, actor: Actor, at: datetime) -> Change:
    """Two entries were one person: ties and posts of ``drop`` are superseded as if they had never been.

    What was known before stays known as of then. The dropped entry's address leads to the one kept; a sign-in goes
    over when the one kept has none.

    Raises:
        Refused: the actor does not keep the one kept, or not everything the one dropped ever was in; or a sign-in
            would go over to somebody who has rights elsewhere.
        Invalid: they are one entry already.
    """
    if keep == drop:
        raise Invalid(Fault.SAME_PERSON, on="keep")
    rows = locked_people([keep, drop])
    can_drop_person(actor, drop, at=local_day(at)).require()
    can_keep_person(actor, keep, at=local_day(at)).require()
    if SignIn.objects.filter(person=drop).exists():
        can_speak_for_person(actor, keep, at=local_day(at)).require()
    detail = {"keep": str(rows[keep].key), "name": rows[drop].full_name}
    entry = record(actor=actor.key, action="organisation.merge_duplicate", subject=rows[drop].key, detail=detail)
    Membership.objects.filter(person=drop).supersede(entry)
    Post.objects.filter(person=drop).supersede(entry)
    Person.objects.filter(merged_into=drop).update(merged_into=keep)
    Person.objects.filter(pk=drop).update(merged_into=keep)
    sign_in = SignIn.objects.filter(person=drop)
    if SignIn.objects.filter(person=keep).exists():
        sign_in.delete()
    else:
        sign_in.update(person=keep)
    return Change(entry=entry, people=frozenset({keep, drop}))


def _phases(people: Sequence[tuple[int, NewPerson]]) -> list[tuple[Line, Phase[TieValue]]]:
    """The ties of new persons.

    Raises:
        Invalid: a tie without days, or two of one sort on one day.
    """
    found: list[tuple[Line, Phase[TieValue]]] = []
    for pk, new in people:
        lines: dict[Line, list[Phase[TieValue]]] = {}
        for tie in new.ties:
            if not tie.phase.period:
                raise Invalid(Fault.ENDS_BEFORE_START, on="until", day=tie.on)
            lines.setdefault(Line.of(pk, tie.tie, tie.unit), []).append(tie.phase)
        if any(overlaps(tuple(phases)) for phases in lines.values()):
            raise Invalid(Fault.COUNTS_ALREADY, on="person")
        found.extend((line, phase) for line, phases in lines.items() for phase in phases)
    return found
