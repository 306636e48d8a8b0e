"""A desk: where the comments of one call, or those that came unasked to one unit, are grouped and answered."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from trienkhai.comments import policies
from trienkhai.comments.models import Call, Group, Point, Theme
from trienkhai.comments.rules import About
from trienkhai.organisation.rules import Actor


@dataclass(frozen=True)
class Desk:
    """``book``: the unit; ``call``: empty for what came unasked. ``key``: its address."""

    book: int
    call: Call | None
    key: UUID

    def groups(self) -> QuerySet[Group]:
        """Its groups that hold something, but those on persons."""
        rows = Group.objects.filter(book=self.book, call=self.call, size__gt=0)
        return rows.exclude(about=About.PERSON)

    def points(self) -> QuerySet[Point]:
        """Its points that count, but those on persons."""
        rows = Point.objects.filter(group__book=self.book, group__call=self.call)
        return rows.filter(submission__superseded_seq__isnull=True).exclude(about=About.PERSON)

    def themes(self) -> QuerySet[Theme]:
        """Its themes."""
        return Theme.objects.filter(book=self.book, call=self.call)


def desk_of(call: Call) -> Desk:
    """The desk of a call."""
    return Desk(call.unit_id, call, call.key)


def desk_called(actor: Actor, key: UUID, *, at: date) -> Desk | None:
    """The desk of a call or of a unit's unasked comments, if the actor works there."""
    call = policies.managed_calls(actor, at=at).filter(key=key).first()
    if call is not None:
        return desk_of(call)
    unit = policies.desk_units(actor, at=at).filter(key=key).first()
    return Desk(unit.pk, None, unit.key) if unit is not None else None
