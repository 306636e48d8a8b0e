"""Taking back a slip on the day it was made."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from trienkhai.core.decisions import Invalid, Refused
from trienkhai.ledger.actions import record
from trienkhai.ledger.clock import local_day
from trienkhai.ledger.models import Detail, Entry
from trienkhai.organisation.actions.changes import Change, locked_people, locked_units
from trienkhai.organisation.actions.people import Particulars
from trienkhai.organisation.actions.states import CHUNK_ROWS, settle
from trienkhai.organisation.actions.ties import check_inside, lines_of
from trienkhai.organisation.models import BodyState, Dated, Membership, Person, Post, Succession, UnitState
from trienkhai.organisation.policies import can_undo
from trienkhai.organisation.rules import Actor, Fault, Reason
from trienkhai.organisation.rules.timelines import overlaps

_MODELS: tuple[type[Dated] | type[Succession], ...] = (UnitState, BodyState, Membership, Post, Succession)


@transaction.atomic
def undo(*, entry: int, actor: Actor, at: datetime) -> Change:
    """Take back what one entry of today did: what it recorded is superseded, what it superseded is recorded again.

    Nothing is deleted: known at the end of the day, it never happened. Persons added stay, without ties.

    Raises:
        Refused: it is not the actor's own, not of today, of a sort that cannot be taken back, or something has been
            built on it since.
        Invalid: somebody would count twice, or be left in a unit that is not open.
    """
    slip = Entry.objects.select_for_update().filter(pk=entry).first()
    if slip is None:
        raise Refused(Reason.UNDO_TOO_LATE)
    can_undo(actor, slip, at=local_day(at)).require()
    people, units = _touched(slip)
    locked_units(units)
    locked_people(people - _dropped(slip))
    fresh = record(actor=actor.key, action="organisation.undo", subject=slip.subject, detail={"entry": slip.seq})
    if any(m.objects.filter(recorded_seq=slip.seq, superseded_seq__isnull=False).exists() for m in _MODELS):
        raise Refused(Reason.UNDO_OVERTAKEN)
    for model in _MODELS:
        _swap(model, slip, fresh)
    _restore_person(slip)
    affected = settle(units, entry=fresh) if units else frozenset()
    _check_ties(people)
    return Change(entry=fresh, people=frozenset(people), units=affected)


def _touched(slip: Entry) -> tuple[set[int], set[int]]:
    """Persons whose ties or posts, and units whose states, the entry wrote or superseded."""
    people: set[int] = set()
    for model in (Membership, Post):
        for field in ("recorded_seq", "superseded_seq"):
            people.update(model.objects.filter(**{field: slip.seq}).values_list("person", flat=True))
    people.update(_subject(slip).values_list("pk", flat=True))
    units: set[int] = set()
    for field in ("recorded_seq", "superseded_seq"):
        units.update(UnitState.objects.filter(**{field: slip.seq}).values_list("unit", flat=True))
    return people, units


def _swap(model: type[Dated] | type[Succession], slip: Entry, fresh: Entry) -> None:
    before = list(model.objects.filter(superseded_seq=slip.seq).order_by("pk"))
    model.objects.filter(recorded_seq=slip.seq).supersede(fresh)
    for row in before:
        row.pk = None
        row.recorded_seq, row.recorded_on = fresh.seq, fresh.recorded_on
        row.superseded_seq = row.superseded_on = None
    model.objects.bulk_create(before, batch_size=CHUNK_ROWS)


def _dropped(slip: Entry) -> set[int]:
    """The person an entry found to be somebody else."""
    if slip.action != "organisation.merge_duplicate":
        return set()
    return set(_subject(slip).values_list("pk", flat=True))


def _subject(slip: Entry) -> QuerySet[Person]:
    """The person an entry was about, if it was about one."""
    return Person.objects.filter(key=slip.subject) if slip.subject else Person.objects.none()


def _restore_person(slip: Entry) -> None:
    if slip.action == "organisation.merge_duplicate":
        _subject(slip).update(merged_into=None)
    if slip.action != "organisation.correct_person":
        return
    person = _subject(slip).select_for_update().get()
    before = {field: old for field, (old, _new) in Detail.objects.get(entry=slip).content.items()}
    for field, old in before.items():
        setattr(person, field, old)
    Particulars.of(person).put_into(person).save()


def _check_ties(people: Iterable[int]) -> None:
    lines = lines_of(people)
    if any(overlaps(line) for line in lines.values()):
        raise Invalid(Fault.COUNTS_ALREADY, on="person")
    check_inside((line, phase) for line, phases in lines.items() for phase in phases)
