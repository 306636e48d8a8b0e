"""Who keeps a programme and who sees it."""

from datetime import date
from enum import StrEnum

from django.db.models import QuerySet

from trienkhai.core.decisions import ALLOW, Decision
from trienkhai.figures.queries import paths_on
from trienkhai.organisation.models import Unit
from trienkhai.organisation.queries import states_on
from trienkhai.organisation.rules import Actor, Role
from trienkhai.programmes.models import Programme


class Reason(StrEnum):
    """Why an actor may not."""

    NOT_THE_OFFICE = "programmes_not_the_office"
    NOT_VISIBLE = "not_visible"


def can_keep_for(actor: Actor, unit_id: int, *, at: date) -> Decision:  # noqa: ARG001 - the grants are those of the day
    """Whether the actor may add and change programmes of this unit: its office, its secretary, or the installer."""
    if actor.is_installer or unit_id in actor.units(Role.OFFICE, Role.SECRETARY):
        return ALLOW
    return Decision(Reason.NOT_THE_OFFICE)


def can_keep(actor: Actor, programme: Programme, *, at: date) -> Decision:
    """Whether the actor may change this programme."""
    return can_keep_for(actor, programme.owner_id, at=at)


def can_see(actor: Actor, programme: Programme, *, at: date) -> Decision:
    """Whether the actor may see this programme."""
    found = visible_programmes(actor, at=at).filter(pk=programme.pk).exists()
    return ALLOW if found else Decision(Reason.NOT_VISIBLE)


def visible_programmes(actor: Actor, *, at: date) -> QuerySet[Programme]:
    """Programmes of the actor's units, of all units these lie in, and for an office those of units below."""
    if actor.is_installer:
        return Programme.objects.all()
    above = paths_on(at).filter(descendant__in=actor.units(*Role)).values("ancestor")
    below = paths_on(at).filter(ancestor__in=actor.units(Role.OFFICE)).values("descendant")
    return Programme.objects.filter(owner__in=above) | Programme.objects.filter(owner__in=below)


def owner_units(actor: Actor, *, at: date) -> QuerySet[Unit]:
    """Units the actor may add programmes for."""
    if actor.is_installer:
        return Unit.objects.filter(pk__in=states_on(at).order_by().values("unit"))
    return Unit.objects.filter(pk__in=actor.units(Role.OFFICE, Role.SECRETARY))
