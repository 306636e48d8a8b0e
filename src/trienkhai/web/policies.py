"""Who may see and go on with a list that is being taken in."""

from datetime import date

from django.db.models import QuerySet

from trienkhai.imports.models import ImportBatch
from trienkhai.organisation.policies import kept_units
from trienkhai.organisation.rules import Actor


def visible_lists(actor: Actor, *, at: date) -> QuerySet[ImportBatch]:
    """Lists of units whose organisation the actor keeps."""
    return ImportBatch.objects.filter(unit__in=kept_units(actor, at=at).values("key"))
