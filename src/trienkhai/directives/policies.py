"""Who keeps a directive and who sees it."""

from datetime import date
from enum import StrEnum

from django.db.models import QuerySet

from trienkhai.core.decisions import ALLOW, Decision
from trienkhai.directives.models import Directive
from trienkhai.figures.queries import paths_on
from trienkhai.organisation.models import Unit
from trienkhai.organisation.queries import states_on
from trienkhai.organisation.rules import Actor, Role, UnitKind


class Reason(StrEnum):
    """Why an actor may not."""

    NOT_THE_OFFICE = "directives_not_the_office"
    NOT_VISIBLE = "not_visible"


OWNERS = (UnitKind.UPPER, UnitKind.BASE, UnitKind.SECTION)
"""Units with an office of their own; the installer, who is everybody's office, chooses among these."""


def can_keep_for(actor: Actor, unit_id: int, *, at: date) -> Decision:  # noqa: ARG001 - the grants are those of the day
    """Whether the actor may register and correct directives of this unit: its office, or the installer."""
    if actor.is_installer or unit_id in actor.units(Role.OFFICE):
        return ALLOW
    return Decision(Reason.NOT_THE_OFFICE)


def can_keep(actor: Actor, directive: Directive, *, at: date) -> Decision:
    """Whether the actor may correct this directive, its provisions, files and relations."""
    return can_keep_for(actor, directive.owner_id, at=at)


def can_see(actor: Actor, directive: Directive, *, at: date) -> Decision:
    """Whether the actor may see this directive."""
    found = visible_directives(actor, at=at).filter(pk=directive.pk).exists()
    return ALLOW if found else Decision(Reason.NOT_VISIBLE)


def visible_directives(actor: Actor, *, at: date) -> QuerySet[Directive]:
    """Directives of the actor's units and of all units these lie in; every one for the installer."""
    if actor.is_installer:
        return Directive.objects.all()
    above = paths_on(at).filter(descendant__in=actor.units(*Role)).values("ancestor")
    return Directive.objects.filter(owner__in=above)


def readable_directives(actor: Actor, *, at: date) -> QuerySet[Directive]:
    """Directives whose page the actor may open: those visible, and for an office those of units below.

    An upper office sees the roll-outs and plans of the units below and follows them to what they carry out; its own
    list stays its own.
    """
    below = paths_on(at).filter(ancestor__in=actor.units(Role.OFFICE)).values("descendant")
    return visible_directives(actor, at=at) | Directive.objects.filter(owner__in=below)


def owner_units(actor: Actor, *, at: date) -> QuerySet[Unit]:
    """Units the actor may register directives for."""
    if actor.is_installer:
        return Unit.objects.filter(pk__in=states_on(at).filter(kind__in=OWNERS).order_by().values("unit"))
    return Unit.objects.filter(pk__in=actor.units(Role.OFFICE))
