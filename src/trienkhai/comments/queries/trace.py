"""From a changed clause to the comments behind it: what was said in the desk's words, never the author's."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, QuerySet

from trienkhai.comments.models import Disposition, Point
from trienkhai.comments.rules import DispositionKind
from trienkhai.plans.models import PlanVersion


@dataclass(frozen=True)
class Behind:
    """A group of comments that changed a clause. ``submissions``: how often it was said."""

    summary: str
    submissions: int
    call: str
    call_key: UUID | None
    answer: str
    version: int


def behind(version: PlanVersion, measures: Collection[int]) -> dict[int, list[Behind]]:
    """The comments behind each of these measures as this version has them."""
    return _by_measure(_accepted(measures).filter(version=version))


def behind_all(measure: int) -> list[Behind]:
    """The comments behind a measure, in every version that was adopted."""
    rows = _accepted([measure]).filter(version__adopted_on__isnull=False)
    return _by_measure(rows).get(measure, [])


def _accepted(measures: Collection[int]) -> QuerySet[Disposition]:
    rows = Disposition.objects.current().filter(kind=DispositionKind.ACCEPTED, measure__in=measures, group__size__gt=0)
    return rows.select_related("group__call", "version")


def _by_measure(rows: QuerySet[Disposition]) -> dict[int, list[Behind]]:
    found: dict[int, list[Behind]] = defaultdict(list)
    said = list(rows.order_by("pk"))
    points = Point.objects.filter(group__in=[one.group_id for one in said], submission__superseded_seq__isnull=True)
    counted = points.order_by().values_list("group").annotate(n=Count("submission", distinct=True))
    times = dict(counted)
    for one in sorted(said, key=lambda row: (-times.get(row.group_id, 0), row.pk)):
        if one.measure_id is None or one.version is None:
            continue
        call = one.group.call
        found[one.measure_id].append(
            Behind(
                summary=one.group.summary,
                submissions=times.get(one.group_id, 0),
                call=call.title if call else "",
                call_key=call.key if call else None,
                answer=one.answer,
                version=one.version.number,
            )
        )
    return found
