"""Scopes, deltas and their roll-up. Units are opaque keys: nothing here knows what they stand for."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import F, Q


class Scope(models.Model):
    """What figures are about: owned by a roll-out, a round or a call."""

    key = models.UUIDField(default=uuid4, unique=True, editable=False)


class Series(models.Model):
    """One code counted in one scope; deltas name it by a small number."""

    scope = models.ForeignKey(Scope, on_delete=models.PROTECT)
    code = models.CharField(max_length=80)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["scope", "code"], name="one_series_per_code")]


class Path(models.Model):
    """``descendant`` lies in or below ``ancestor`` on some days, as known on some days, both half-open.

    Open ends are ``date.max``, so that one indexed range answers "under U on day D, as known at K". Every unit has a
    path to itself for all days.
    """

    ancestor = models.BigIntegerField()
    descendant = models.BigIntegerField()
    depth = models.PositiveSmallIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    recorded_seq = models.BigIntegerField()
    recorded_on = models.DateField()
    superseded_seq = models.BigIntegerField(null=True)
    superseded_on = models.DateField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["ancestor", "ends_on", "starts_on", "descendant"], name="path_down"),
            models.Index(fields=["descendant", "ends_on", "starts_on", "ancestor"], name="path_up"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(starts_on__lt=F("ends_on")), name="path_has_days"),
        ]


class DeltaBase(models.Model):
    """From ``valid_on`` on, as known from ``recorded_on`` on, the series counts ``n`` more in the leaf ``unit``.

    The database does not check ``series``: it is looked up in the statement that inserts, series are never deleted, and
    a check would have everybody lock the same few rows.
    """

    series = models.ForeignKey(Series, on_delete=models.PROTECT, db_index=False, db_constraint=False)
    unit = models.BigIntegerField()
    valid_on = models.DateField()
    recorded_on = models.DateField()
    recorded_seq = models.BigIntegerField()
    n = models.IntegerField()

    class Meta:
        abstract = True


class PendingDelta(DeltaBase):
    """Posted, not yet rolled up. Readers add it through the paths; the worker moves it to :class:`Delta`."""


class Delta(DeltaBase):
    """Posted and rolled up: the lasting log of every change of every figure."""

    class Meta:
        indexes: ClassVar = [models.Index(fields=["series", "unit", "recorded_seq"], name="delta_of_unit")]


class Rollup(models.Model):
    """Sums by ancestor, for days and months of both times, so that any as-of and known-at reads few rows.

    ``grain``: of all below the unit, 0 day × day, 1 month × day, 2 day × month, 3 month × month (valid × recorded); a
    month stands under its first day. Of the unit itself, 4 day × day alone: there is little of it. Made from deltas
    alone and made again at will, so it has one index and no foreign key to check.
    """

    pk = models.CompositePrimaryKey("unit", "series_id", "grain", "valid_on", "recorded_on")
    series = models.ForeignKey(Series, on_delete=models.PROTECT, db_index=False, db_constraint=False)
    unit = models.BigIntegerField()
    grain = models.PositiveSmallIntegerField()
    valid_on = models.DateField()
    recorded_on = models.DateField()
    n = models.BigIntegerField()
