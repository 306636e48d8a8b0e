"""The head of a directive."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import ProtectedError

from trienkhai.core.decisions import Invalid, Refused
from trienkhai.directives import policies
from trienkhai.directives.actions.locking import index, locked, noted
from trienkhai.directives.models import Directive
from trienkhai.directives.rules import DirectiveKind, Facts, Fault
from trienkhai.ledger.clock import local_day
from trienkhai.organisation.models import Unit
from trienkhai.organisation.rules import Actor
from trienkhai.text import fold


@transaction.atomic
def register_directive(*, owner: Unit, facts: Facts, actor: Actor, at: datetime) -> Directive:
    """Register a directive for ``owner`` and everything below it.

    Raises:
        Refused: the actor is not the owner's office.
        Invalid: a fact is missing or cannot be true; or the owner has it already (``params``: its ``key``, ``title``).
    """
    Unit.objects.select_for_update().get(pk=owner.pk)
    policies.can_keep_for(actor, owner.pk, at=local_day(at)).require()
    checked = facts.checked(today=local_day(at))
    _must_be_new(owner.pk, checked)
    directive = Directive(owner=owner)
    _fill(directive, checked)
    noted(directive, actor=actor, verb="register_directive", detail=checked.as_detail())
    index(directive)
    return directive


@transaction.atomic
def correct_directive(
    *, directive: Directive, facts: Facts, actor: Actor, at: datetime, seen: int | None = None
) -> Directive:
    """Correct what stands at the head; the ledger keeps what it was.

    Raises:
        Refused: the actor may not, or the directive has been changed since it was ``seen``.
        Invalid: as for :func:`register_directive`.
    """
    held = locked(directive, actor=actor, at=at, seen=seen)
    checked = facts.checked(today=local_day(at))
    before = facts_of(held)
    if checked == before:
        return held
    _must_be_new(held.owner_id, checked, besides=held)
    _fill(held, checked)
    detail = {"before": before.as_detail(), "after": checked.as_detail()}
    noted(held, actor=actor, verb="correct_directive", detail=detail)
    index(held)
    return held


@transaction.atomic
def record_received(*, directive: Directive, on: date, actor: Actor, at: datetime) -> Directive:
    """Note on which day the owner received it."""
    held = locked(directive, actor=actor, at=at)
    before = facts_of(held)
    facts = Facts(before.kind, before.number, before.issuer, before.issued_on, before.title, on)
    return correct_directive(directive=held, facts=facts, actor=actor, at=at)


@transaction.atomic
def remove_directive(*, directive: Directive, actor: Actor, at: datetime) -> None:
    """Remove a directive entered by mistake.

    Raises:
        Refused: it is part of a roll-out, or a plan carries out one of its provisions.
    """
    held = locked(directive, actor=actor, at=at)
    noted(held, actor=actor, verb="remove_directive", detail=facts_of(held).as_detail())
    try:
        held.delete()
    except ProtectedError as error:
        raise Refused(Fault.IN_USE) from error


def facts_of(directive: Directive) -> Facts:
    """What stands at its head now."""
    return Facts(
        DirectiveKind(directive.kind),
        directive.number,
        directive.issuer,
        directive.issued_on,
        directive.title,
        directive.received_on,
    )


def _fill(directive: Directive, facts: Facts) -> None:
    directive.kind = facts.kind
    directive.number, directive.issuer, directive.title = facts.number, facts.issuer, facts.title
    directive.issued_on, directive.received_on = facts.issued_on, facts.received_on


def _must_be_new(owner: int, facts: Facts, *, besides: Directive | None = None) -> None:
    """The same number, however it is spelt, of the same day is the same directive."""
    same_day = Directive.objects.filter(owner=owner, issued_on=facts.issued_on).order_by("pk")
    if besides is not None:
        same_day = same_day.exclude(pk=besides.pk)
    for other in same_day.only("key", "number", "title"):
        if fold(other.number) == fold(facts.number):
            raise Invalid(Fault.ALREADY_THERE, on="number", number=other.number, title=other.title, key=str(other.key))
