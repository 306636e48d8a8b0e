"""Two versions side by side, one measure through its versions, and what a panel of an app above is told."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from trienkhai.plans.models import Measure, PlanVersion
from trienkhai.plans.queries.cascade import effective
from trienkhai.plans.queries.reading import MeasureRow, lines_by_version, rows_from
from trienkhai.plans.queries.versions import versions_of
from trienkhai.plans.rules import Change, Difference, Line, Piece, Taking, differences, word_changes

HEAD = ("title", "purpose", "organising")


@dataclass(frozen=True)
class ComparedRow:
    """One measure in two versions. ``facts``: names of the facts that differ; ``measure``: its identity."""

    change: Change
    is_moved: bool
    old: MeasureRow | None
    new: MeasureRow | None
    words: tuple[Piece, ...]
    facts: frozenset[str]
    measure: int

    @property
    def is_same(self) -> bool:
        """Neither words nor place differ."""
        return self.change == Change.SAME and not self.is_moved


@dataclass(frozen=True)
class Comparison:
    """Two versions of a plan side by side. ``head``: what changed of title and prose, by word."""

    old: PlanVersion
    new: PlanVersion
    head: dict[str, tuple[Piece, ...]]
    found: tuple[Difference, ...]

    @property
    def differing(self) -> list[Difference]:
        """Measures whose words or place differ."""
        return [one for one in self.found if one.change != Change.SAME or one.is_moved]

    def count(self, change: Change) -> int:
        """How many measures came, went or read otherwise."""
        return sum(one.change == change for one in self.found)

    @property
    def moved(self) -> int:
        """How many only stand elsewhere."""
        return sum(one.is_moved and one.change == Change.SAME for one in self.found)


@dataclass(frozen=True)
class PanelPage:
    """One page with panels. ``kept``: what a panel looked up once for all measures of the page, by the panel's code."""

    version: PlanVersion
    measures: tuple[int, ...] = ()
    kept: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class PanelSubject:
    """What a panel in the slot ``plans.measure`` or ``plans.change`` is about: a measure (its id) in a version."""

    page: PanelPage
    measure: int


@dataclass(frozen=True)
class Stage:
    """One version's words of a measure, with what changed since the one before; ``row`` is empty where it has none."""

    number: int
    adopted_on: date | None
    row: MeasureRow | None
    words: tuple[Piece, ...]
    is_changed: bool


def compare(old: PlanVersion, new: PlanVersion) -> Comparison:
    """Every measure of both; of plans that apply another, with the words they take from there.

    A measure of the plan above that is changed stays the same measure, so that its words are compared.
    """
    head = {
        name: word_changes(getattr(old, name), getattr(new, name))
        for name in HEAD
        if getattr(old, name) != getattr(new, name)
    }
    return Comparison(old, new, head, differences(*_alike(compared_lines(old), compared_lines(new))))


def _alike(old: list[Line], new: list[Line]) -> tuple[list[Line], list[Line]]:
    """Measures that take one up in one version are that one where the other version applies it."""
    return _known_as(old, among=new), _known_as(new, among=old)


def _known_as(lines: list[Line], *, among: list[Line]) -> list[Line]:
    own = {line.key for line in lines}
    wanted = {line.answers for line in lines if line.answers is not None}
    keys = dict(Measure.objects.filter(pk__in=wanted).values_list("pk", "key")) if wanted else {}
    there, taken = {line.key for line in among}, set[UUID]()
    found = []
    for line in lines:
        key = keys.get(line.answers or 0)
        if key is not None and key in there - own - taken and line.key not in there:
            taken.add(key)
            found.append(replace(line, key=key, answers=None))
        else:
            found.append(line)
    return found


def compared_rows(comparison: Comparison, chosen: Sequence[Difference], *, on: date) -> list[ComparedRow]:
    """Some of its measures as they are shown; units by their names on ``on``."""
    sides = [line for one in chosen for line in (one.old, one.new) if line is not None]
    shown = iter(rows_from(sides, comparison.new.plan.rollout, on=on))
    rows = []
    for one in chosen:
        old = replace(next(shown), number=one.old_number or 0) if one.old else None
        new = replace(next(shown), number=one.new_number or 0) if one.new else None
        line = one.new or one.old
        measure = (line.measure if line else None) or 0
        rows.append(ComparedRow(one.change, one.is_moved, old, new, one.words, one.facts, measure))
    return rows


def compared_lines(version: PlanVersion) -> list[Line]:
    """The measures in effect, those of a plan above under its own key whether changed or not."""
    return [
        replace(one.line, key=one.upper.key, treatment=one.upper.treatment, answers=one.upper.answers, reason="")
        if one.upper
        else one.line
        for one in effective(version)
        if one.taking != Taking.LEFT_OUT
    ]


def stages(measure: Measure, *, with_draft: bool, on: date) -> list[Stage]:
    """The measure in every version of its plan from the first that words it, the newest first."""
    versions = [one for one in versions_of(measure.plan) if one.adopted_on is not None or with_draft]
    lines = _lines_through(measure.key, versions)
    shown = rows_from([line for line in lines if line is not None], measure.plan.rollout, on=on)
    rows = iter(shown)
    found: list[Stage] = []
    before: Line | None = None
    for version, line in zip(versions, lines, strict=True):
        row = next(rows) if line is not None else None
        if line is not None or before is not None:
            words = word_changes(before.text if before else "", line.text if line else "")
            found.append(Stage(version.number, version.adopted_on, row, words, before is not None and before != line))
        before = line
    return found[::-1]


def _lines_through(key: UUID, versions: Sequence[PlanVersion]) -> list[Line | None]:
    """The measure as each version words it, read in one go."""
    by_version = lines_by_version(versions, key)
    return [by_version.get(version.pk) for version in versions]
