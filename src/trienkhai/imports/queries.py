"""Reading staged lists for pages, commands and the file of rejected rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet

from trienkhai.imports.models import ImportBatch, ImportRow, ImportUnit
from trienkhai.imports.rules.states import BatchState, Decision, UnitDecision


@dataclass(frozen=True)
class Counts:
    """How many rows of a list there are of each sort."""

    total: int
    by_decision: Mapping[str, int]
    units_new: int
    units_existing: int
    units_left_out: int

    @property
    def good(self) -> int:
        """Rows that will be imported, or are there already."""
        wanted = (Decision.NEW, Decision.ADD, Decision.MOVED, Decision.SAME)
        return sum(self.by_decision.get(each, 0) for each in wanted)

    @property
    def changing(self) -> int:
        """Rows that will change the organisation."""
        return sum(self.by_decision.get(each, 0) for each in (Decision.NEW, Decision.ADD, Decision.MOVED))

    @property
    def faulty(self) -> int:
        """Rows to mend."""
        return self.by_decision.get(Decision.FAULTY, 0)

    @property
    def asked(self) -> int:
        """Rows of which somebody has to say who they are."""
        return self.by_decision.get(Decision.ASK, 0)

    @property
    def same(self) -> int:
        """Rows that are there already."""
        return self.by_decision.get(Decision.SAME, 0)

    @property
    def left_out(self) -> int:
        """Rows left out: somebody said so, or their unit is."""
        return self.by_decision.get(Decision.SKIP, 0)


def counts_of(batch: ImportBatch) -> Counts:
    """How many rows and units of each sort the batch has now."""
    rows = dict(batch.rows.values_list("decision").annotate(n=Count("pk")).order_by("decision"))
    units = dict(batch.units.values_list("decision").annotate(n=Count("pk")).order_by("decision"))
    return Counts(
        total=batch.row_count,
        by_decision=rows,
        units_new=units.get(UnitDecision.NEW, 0),
        units_existing=units.get(UnitDecision.EXISTING, 0),
        units_left_out=units.get(UnitDecision.SKIP, 0),
    )


def unfinished(lists: QuerySet[ImportBatch]) -> QuerySet[ImportBatch]:
    """Those of the lists that wait for somebody, newest first."""
    states = [BatchState.SURVEYED.value, BatchState.READ.value, BatchState.MATCHED.value]
    return lists.filter(state__in=states).order_by("-uploaded_at", "-pk")


def units_named(batch: ImportBatch) -> list[ImportUnit]:
    """The units a list names, in the list's order; those to look at first."""
    return list(batch.units.order_by("is_sure", "position", "pk"))


def faulty_rows(batch: ImportBatch) -> QuerySet[ImportRow]:
    """Rows to mend, in the list's order."""
    return batch.rows.filter(decision=Decision.FAULTY.value).order_by("pk")


def remarked_rows(batch: ImportBatch) -> QuerySet[ImportRow]:
    """Rows that will be imported although something about them is worth a look."""
    return batch.rows.exclude(decision=Decision.FAULTY.value).exclude(faults=[]).order_by("pk")


def open_questions(batch: ImportBatch) -> QuerySet[ImportRow]:
    """Rows of which somebody has to say who they are, in the list's order."""
    return batch.rows.filter(decision=Decision.ASK.value).order_by("pk")


def answered(batch: ImportBatch) -> QuerySet[ImportRow]:
    """Rows about which somebody has said who they are."""
    return batch.rows.filter(is_decided=True).order_by("pk")


def default_day(today: date) -> date:
    """The day from which a list is taken to hold unless somebody says another: the first of the year."""
    return today.replace(month=1, day=1)


LONG_FILE = 400_000
LONG_LIST = 5_000


def is_long(batch: ImportBatch) -> bool:
    """Whether the list is too long to be worked on while somebody waits for the page."""
    size = batch.file.size if batch.file else 0
    return size > LONG_FILE or batch.row_count > LONG_LIST
