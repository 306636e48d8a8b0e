"""Adding programmes, changing and ending them."""

from dataclasses import replace
from datetime import date, datetime

from django.db import transaction
from django.db.models import ProtectedError

from trienkhai.core.decisions import Invalid, Refused
from trienkhai.ledger.actions import record
from trienkhai.ledger.clock import local_day
from trienkhai.organisation.models import Unit
from trienkhai.organisation.rules import Actor
from trienkhai.programmes import policies
from trienkhai.programmes.models import Programme
from trienkhai.programmes.rules import Facts, Fault, ProgrammeKind
from trienkhai.text import fold, sort_key


@transaction.atomic
def add_programme(*, owner: Unit, facts: Facts, actor: Actor, at: datetime) -> Programme:
    """Add a programme led by ``owner``; work of this unit and of everything below it can be tied to it.

    Raises:
        Refused: the actor may not act for the owner here.
        Invalid: a fact is missing or cannot be true; or the owner has it already (``params``: ``key``, ``name``).
    """
    Unit.objects.select_for_update().get(pk=owner.pk)
    policies.can_keep_for(actor, owner.pk, at=local_day(at)).require()
    checked = facts.checked()
    _must_be_new(owner.pk, checked)
    programme = Programme(owner=owner)
    _save(programme, checked, verb="add_programme", detail=checked.as_detail(), actor=actor)
    return programme


@transaction.atomic
def change_programme(
    *, programme: Programme, facts: Facts, actor: Actor, at: datetime, seen: int | None = None
) -> Programme:
    """Correct what is known of it, or say when it ends; the ledger keeps what it was.

    ``seen``: its ``changed_seq`` when the actor looked at it; ``None`` where overwriting is harmless.

    Raises:
        Refused: the actor may not, or the programme has been changed since it was ``seen``.
        Invalid: as for :func:`add_programme`.
    """
    held = _locked(programme, actor=actor, at=at, seen=seen)
    checked, before = facts.checked(), facts_of(held)
    if checked == before:
        return held
    _must_be_new(held.owner_id, checked, besides=held.pk)
    detail = {"before": before.as_detail(), "after": checked.as_detail()}
    _save(held, checked, verb="change_programme", detail=detail, actor=actor)
    return held


@transaction.atomic
def end_programme(*, programme: Programme, ends_on: date, actor: Actor, at: datetime) -> Programme:
    """Say that it no longer runs from ``ends_on`` on. What was tied to it stays tied."""
    held = _locked(programme, actor=actor, at=at)
    return change_programme(programme=held, facts=replace(facts_of(held), ends_on=ends_on), actor=actor, at=at)


@transaction.atomic
def remove_programme(*, programme: Programme, actor: Actor, at: datetime) -> None:
    """Remove a programme entered by mistake.

    Raises:
        Refused: something is tied to it.
    """
    held = _locked(programme, actor=actor, at=at)
    detail = facts_of(held).as_detail()
    record(actor=actor.key, action="programmes.remove_programme", subject=held.key, detail=detail)
    try:
        held.delete()
    except ProtectedError as error:
        raise Refused(Fault.IN_USE) from error


def facts_of(programme: Programme) -> Facts:
    """What is known of it now."""
    return Facts(ProgrammeKind(programme.kind), programme.name, programme.starts_on, programme.ends_on, programme.note)


def _locked(programme: Programme, *, actor: Actor, at: datetime, seen: int | None = None) -> Programme:
    held = Programme.objects.select_for_update().get(pk=programme.pk)
    policies.can_keep(actor, held, at=local_day(at)).require()
    if seen is not None and seen != held.changed_seq:
        raise Refused(Fault.CHANGED_MEANWHILE)
    return held


def _save(programme: Programme, facts: Facts, *, verb: str, detail: object, actor: Actor) -> None:
    programme.kind, programme.name, programme.note = facts.kind, facts.name, facts.note
    programme.sort_key = sort_key(facts.name)
    programme.starts_on, programme.ends_on = facts.starts_on, facts.ends_on
    entry = record(actor=actor.key, action=f"programmes.{verb}", subject=programme.key, detail=detail)
    programme.changed_seq = entry.seq
    programme.save()


def _must_be_new(owner: int, facts: Facts, *, besides: int = 0) -> None:
    """The same name, however it is spelt, while the other runs, is the same programme."""
    others = Programme.objects.filter(owner=owner).exclude(pk=besides).order_by("pk")
    for other in others.only("key", "name", "starts_on", "ends_on"):
        begins_after = other.ends_on is not None and other.ends_on <= facts.starts_on
        ends_before = facts.ends_on is not None and facts.ends_on <= other.starts_on
        if fold(other.name) == fold(facts.name) and not (begins_after or ends_before):
            raise Invalid(Fault.ALREADY_THERE, on="name", name=other.name, key=str(other.key))
