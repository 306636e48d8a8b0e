"""Setting an installation up; one of two entries of a person, with the facts of both."""

from datetime import date, datetime

from django.db import transaction

from trienkhai.accounts.models import Installation, User
from trienkhai.core.decisions import Refused
from trienkhai.ledger.actions import record
from trienkhai.ledger.models import Detail, Entry
from trienkhai.meetings import actions as meetings
from trienkhai.organisation.actions import Change
from trienkhai.organisation.models import Person, Unit
from trienkhai.organisation.rules import SYSTEM, Actor, UnitKind
from trienkhai.papers import actions as papers
from trienkhai.rollouts.actions import organisation
from trienkhai.rollouts.actions.organisation import open_unit
from trienkhai.web.rules import StartError, seat_of


@transaction.atomic
def set_up(
    *,
    unit: str,
    kind: UnitKind,
    upper: str,
    place: str,
    since: date,
    username: str,
    password: str,
    mode: str,
    at: datetime,
) -> tuple[User, Unit]:
    """Make the first unit, the one above it when named, and the sign-in of whoever runs the installation.

    Raises:
        Refused: it has been set up already.
        Invalid: a name or day that cannot be.
    """
    _made, is_first = Installation.objects.get_or_create(pk=1, defaults={"mode": mode, "made_at": at})
    if not is_first or Unit.objects.exists() or User.objects.exists():
        raise Refused(StartError.ALREADY_SET_UP)
    user = User.objects.create_superuser(username, password)
    record(actor=user.key, action="web.set_up", subject=user.key, detail={"mode": mode})
    parent = None
    if upper.strip():
        above = open_unit(name=upper, kind=UnitKind.UPPER, parent=None, on=since, actor=SYSTEM, at=at)
        parent = above.made[0]
    seat = place.strip() or seat_of(unit)
    made = open_unit(name=unit, kind=kind, parent=parent, on=since, place=seat, actor=SYSTEM, at=at)
    return user, Unit.objects.get(pk=made.made[0])


@transaction.atomic
def merge_duplicate(*, keep: int, drop: int, actor: Actor, at: datetime) -> Change:
    """Two entries were one person: who was there or handed in a paper under either name, did so under the one kept.

    Raises:
        Refused: the actor does not keep both.
        Invalid: they are one entry already.
    """
    meetings.lock_rolls(people=[keep, drop])
    change = organisation.merge_duplicate(keep=keep, drop=drop, actor=actor, at=at)
    meetings.take_over(keep=keep, drop=drop, entry=change.entry)
    papers.take_over(keep=keep, drop=drop, entry=change.entry)
    return change


@transaction.atomic
def undo(*, entry: int, actor: Actor, at: datetime) -> Change:
    """Take back what one entry of today did to the organisation; after a duplicate, to rolls and papers too.

    Raises:
        Refused: it is not the actor's own, not of today, or something has been built on it since.
        Invalid: somebody would count twice, or be left in a unit that is not open.
    """
    pair = _made_one_by(entry)
    if pair:
        meetings.lock_rolls(people=pair)
    change = organisation.undo(entry=entry, actor=actor, at=at)
    if pair:
        keep, drop = pair
        meetings.give_back(keep=keep, drop=drop, slip=entry, entry=change.entry)
        papers.give_back(keep=keep, drop=drop, slip=entry, entry=change.entry)
    return change


def _made_one_by(entry: int) -> tuple[int, int] | None:
    """The person kept and the one dropped, when the entry made one of two."""
    slip = Entry.objects.filter(pk=entry, action="organisation.merge_duplicate").first()
    if slip is None or slip.subject is None:
        return None
    keep = Detail.objects.get(entry=slip).content["keep"]
    return Person.objects.get(key=keep).pk, Person.objects.get(key=slip.subject).pk
