"""What is compared when points that say the same are looked for."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce

from trienkhai.comments.models import Point, Regrouping
from trienkhai.comments.queries.places import Desk


@dataclass(frozen=True, slots=True)
class Found:
    """A point with its words. ``subject``: what it is about, by ids; only points on the same are compared."""

    point: int
    group: int
    subject: tuple[object, ...]
    text: str
    is_placed: bool


def candidates(desk: Desk) -> list[Found]:
    """The desk's points; placed are those that share a group, have an answer, or were moved before."""
    placed = Q(group__size__gt=1) | Q(group__is_answered=True) | Exists(Regrouping.objects.filter(point=OuterRef("pk")))
    rows = desk.points().annotate(is_placed=placed).order_by("pk")
    wanted = ("pk", "group", "about", "version", "measure", "body", "text", "is_placed")
    return [
        Found(point, group, tuple(subject), text, is_placed)
        for point, group, *subject, text, is_placed in rows.values_list(*wanted).iterator(chunk_size=5_000)
    ]


def heads(desk: Desk) -> list[tuple[int, str, int]]:
    """The desk's groups that are in no named theme: id, the words that represent it, size."""
    free = desk.groups().filter(Q(theme__isnull=True) | Q(theme__title=""))
    first = Point.objects.filter(group=OuterRef("pk"), submission__superseded_seq__isnull=True).order_by("pk")
    rows = free.annotate(words=Coalesce("representative__text", first.values("text")[:1])).order_by("pk")
    return list(rows.values_list("pk", "words", "size"))
