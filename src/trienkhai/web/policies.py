"""Who may see and go on with a list that is being taken in."""

from datetime import date

from django.db.models import Q, QuerySet

from trienkhai.imports.models import ImportBatch
from trienkhai.organisation.policies import kept_units, named_units
from trienkhai.organisation.rules import Actor


def visible_lists(actor: Actor, *, at: date) -> QuerySet[ImportBatch]:
    """Lists of units whose organisation the actor keeps, and whose names they see or have brought themselves."""
    kept, named = kept_units(actor, at=at).values("key"), named_units(actor, at=at).values("key")
    brought = Q(uploaded_by=actor.key, uploaded_by__isnull=False)
    return ImportBatch.objects.filter(brought | Q(unit__in=named), unit__in=kept)
