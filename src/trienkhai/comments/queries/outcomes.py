"""What became of clauses that accepted comments were to change: whether the version named reads otherwise.

An acceptance names a measure of a draft. The draft may be adopted without touching it, or the measure be taken out of
it again: then something was accepted and nothing changed, and whoever answers for it is to see that.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from trienkhai.comments.models import Disposition
from trienkhai.comments.queries.places import Desk
from trienkhai.comments.rules.grouping import Outcome, outcome_of
from trienkhai.plans.models import PlanVersion, Wording, WordingCoordinator
from trienkhai.plans.queries import before

_FACTS = (
    "treatment",
    "text",
    "provision",
    "lead_unit",
    "lead",
    "deadline_on",
    "product",
    "indicator",
    "target",
    "target_unit",
    "is_urgent",
    "is_recurring",
    "reason",
)

type Clause = tuple[int, int]
"""A version and the measure it was to change."""


@dataclass(frozen=True)
class Outcomes:
    """How many clauses accepted comments name, by what became of them; ``stuck``: those that did not change."""

    changed: int
    drafted: int
    not_yet: int
    unchanged: int
    gone: int
    stuck: tuple[Clause, ...]


def accepted_at(desk: Desk) -> QuerySet[Disposition]:
    """The desk's acceptances that hold and name a clause: few, while groups are many.

    They have an index of their own. ``Coalesce`` keeps the database from going through all groups of the desk instead.
    """
    rows = Disposition.objects.current().filter(measure__isnull=False, group__size__gt=0)
    here = rows.alias(at_book=Coalesce("group__book", 0), at_call=Coalesce("group__call", 0))
    found: QuerySet[Disposition] = here.filter(at_book=desk.book, at_call=desk.call.pk if desk.call is not None else 0)
    return found


def outcomes_at(desk: Desk) -> Outcomes:
    """What became of the clauses named at a desk, each once."""
    rows = accepted_at(desk).order_by().values_list("version", "measure").distinct()
    clauses = sorted(rows)
    found = outcomes_of(clauses)
    stuck = tuple(one for one in clauses if found[one] in {Outcome.UNCHANGED, Outcome.GONE})
    counted = Counter(found.values())
    return Outcomes(
        changed=counted[Outcome.CHANGED],
        drafted=counted[Outcome.DRAFTED],
        not_yet=counted[Outcome.NOT_YET],
        unchanged=counted[Outcome.UNCHANGED],
        gone=counted[Outcome.GONE],
        stuck=stuck,
    )


def stuck_at(desk: Desk) -> list[int]:
    """The desk's groups that were accepted and whose measure did not change."""
    stuck = set(outcomes_at(desk).stuck)
    rows = accepted_at(desk).order_by("group").values_list("group", "version", "measure")
    return [group for group, *clause in rows if tuple(clause) in stuck]


def outcomes_of(clauses: Collection[Clause]) -> Mapping[Clause, Outcome]:
    """What became of each clause; the same number of statements for any number of clauses of one plan."""
    if not clauses:
        return {}
    versions = PlanVersion.objects.filter(pk__in={version for version, _m in clauses}).select_related("plan")
    now = {version.pk: version for version in versions}
    earlier = {pk: found.pk for pk, one in now.items() if (found := before(one)) is not None}
    facts = _facts({*now, *earlier.values()}, {measure for _v, measure in clauses})
    return {
        (version, measure): outcome_of(
            facts.get((earlier.get(version, 0), measure)),
            facts.get((version, measure)),
            is_adopted=now[version].adopted_on is not None,
        )
        for version, measure in clauses
    }


def _facts(versions: Collection[int], measures: Collection[int]) -> dict[Clause, tuple[object, ...]]:
    """Everything that versions say of measures, to be compared; their numbers aside."""
    wordings = Wording.objects.filter(version__in=versions, measure__in=measures)
    helpers: dict[int, list[tuple[int | None, str]]] = defaultdict(list)
    rows = WordingCoordinator.objects.filter(wording__in=wordings).order_by("position", "pk")
    for wording, unit, name in rows.values_list("wording", "unit", "name"):
        helpers[wording].append((unit, name))
    return {
        (version, measure): (*facts, *helpers[pk])
        for pk, version, measure, *facts in wordings.values_list("pk", "version", "measure", *_FACTS)
    }
