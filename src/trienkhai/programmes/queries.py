"""Programmes, as pages and forms of other apps need them."""

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from django.db.models import Case, Q, QuerySet, Value, When

from trienkhai.figures.queries import keys_above
from trienkhai.programmes.models import Programme


def in_order(programmes: QuerySet[Programme]) -> QuerySet[Programme]:
    """By name."""
    return programmes.order_by("sort_key", "pk")


def running_first(programmes: QuerySet[Programme], day: date) -> QuerySet[Programme]:
    """Those that run on ``day``, then those to come and those that are over; each by name."""
    is_running = Case(When(_runs(day), then=Value(0)), default=Value(1))
    return programmes.annotate(place=is_running).order_by("place", "sort_key", "pk")


def running_on(programmes: QuerySet[Programme], day: date) -> QuerySet[Programme]:
    """Those that run on ``day``."""
    return programmes.filter(_runs(day))


def programmes_for(unit: int, day: date) -> QuerySet[Programme]:
    """What work of the unit can be tied to: programmes of the unit and of those it lies in that run on ``day``."""
    return in_order(running_on(Programme.objects.filter(owner__in=keys_above(unit, day)), day))


def programme_names(programmes: Iterable[int]) -> Mapping[int, tuple[UUID, str]]:
    """Key and name of each."""
    rows = Programme.objects.filter(pk__in=set(programmes)).order_by("sort_key", "pk")
    return {pk: (key, name) for pk, key, name in rows.values_list("pk", "key", "name")}


def _runs(day: date) -> Q:
    return Q(starts_on__lte=day) & (Q(ends_on__isnull=True) | Q(ends_on__gt=day))
