"""The consolidation table: what was said in the desk's words, by how many, and what became of it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from trienkhai.comments.models import Disposition, Group, Point
from trienkhai.comments.queries.desk import subjects_named
from trienkhai.comments.queries.outcomes import Clause, outcomes_of
from trienkhai.comments.queries.places import Desk
from trienkhai.comments.rules import About, AuthorKind, DispositionKind, Promise
from trienkhai.comments.rules.grouping import Outcome
from trienkhai.organisation.queries import name_of
from trienkhai.plans.models import Wording

ORDER = (About.PLAN, About.FREE, About.BODY, About.MEASURE)
"""General remarks first, then those on bodies, then those on clauses."""
_AT_ONCE = 1_000


@dataclass
class Sources:
    """Who said it: people and submissions counted apart; units by name, persons never.

    ``units``: how many people each speaks for; ``behind_residents``: for how many residents' letters do. These may be
    the same people as those who spoke themselves: they are never added to them.
    """

    members: set[int] = field(default_factory=set)
    others: set[int] = field(default_factory=set)
    units: dict[str, int] = field(default_factory=dict)
    residents: int = 0
    behind_residents: int = 0
    kept: int = 0
    nameless: int = 0
    not_said: int = 0
    submissions: set[int] = field(default_factory=set)

    @property
    def direct(self) -> int:
        """Who spoke themselves: persons each once, whoever gave no name once a submission."""
        return len(self.members) + len(self.others) + self.residents + self.kept + self.nameless + self.not_said

    @property
    def behind(self) -> int:
        """For how many people units and residents' letters speak."""
        return sum(self.units.values()) + self.behind_residents

    @property
    def times(self) -> int:
        """Submissions."""
        return len(self.submissions)


@dataclass(frozen=True)
class TableRow:
    """One group: what it is about, who, what, and what became of it.

    ``clause``: the changed one's words; ``is_draft``: so far in the draft alone. Nothing when it did not change.
    """

    about: About
    subject: str
    place: int
    sources: Sources
    content: str
    kind: DispositionKind
    answer: str
    clause: str
    is_draft: bool
    passed_to: str


@dataclass(frozen=True)
class Consolidation:
    """The table of a desk on a day, and what it does not hold yet."""

    rows: tuple[TableRow, ...]
    direct: int
    units: int
    behind: int
    submissions: int
    points: int
    waiting: int
    on_persons: int

    def of(self, *abouts: About) -> list[TableRow]:
        """The rows about these kinds of things."""
        return [row for row in self.rows if row.about in abouts]

    def count(self, kind: DispositionKind) -> int:
        """How many rows were answered so."""
        return sum(row.kind is kind for row in self.rows)


def consolidation(desk: Desk, *, on: date) -> Consolidation:
    """All answered groups; those that wait are only counted, and so are points on persons."""
    groups = list(desk.groups().filter(is_answered=True).order_by("-size", "pk"))
    said = _said(groups)
    clauses, became = _clauses(said.values())
    sources, whole = _sources(desk, on=on)
    subjects = subjects_named(groups, on=on)
    places = _places(groups)
    rows = [
        TableRow(
            about=About(group.about),
            subject=subjects[group.pk],
            place=places.get((group.version_id, group.measure_id), 0),
            sources=sources[group.pk],
            content=group.summary,
            kind=DispositionKind(said[group.pk].kind),
            answer=said[group.pk].answer,
            clause=clauses.get(_clause_of(said[group.pk]), ""),
            is_draft=became.get(_clause_of(said[group.pk])) is Outcome.DRAFTED,
            passed_to=said[group.pk].passed_to,
        )
        for group in groups
        if group.pk in said
    ]
    persons = Point.objects.filter(about=About.PERSON, submission__book=desk.book, submission__call=desk.call)
    return Consolidation(
        rows=tuple(sorted(rows, key=lambda row: (ORDER.index(row.about), row.place, row.subject))),
        direct=whole.direct,
        units=len(whole.units),
        behind=whole.behind,
        submissions=whole.times,
        points=sum(group.size for group in groups),
        waiting=desk.groups().filter(is_answered=False).count(),
        on_persons=persons.filter(submission__superseded_seq__isnull=True).count(),
    )


def _said(groups: Sequence[Group]) -> dict[int, Disposition]:
    found: dict[int, Disposition] = {}
    for start in range(0, len(groups), _AT_ONCE):
        some = groups[start : start + _AT_ONCE]
        for said in Disposition.objects.current().filter(group__in=some):
            found[said.group_id] = said
    return found


type _Place = tuple[int | None, int | None]


def _clause_of(said: Disposition) -> Clause:
    return said.version_id or 0, said.measure_id or 0


def _clauses(answers: Iterable[Disposition]) -> tuple[dict[Clause, str], Mapping[Clause, Outcome]]:
    """The words of the clauses that changed, in the versions that change them; what became of all that were named."""
    wanted = {_clause_of(said) for said in answers if said.measure_id is not None}
    became = outcomes_of(wanted)
    rows = Wording.objects.filter(version__in={version for version, _m in wanted}, measure__in={m for _v, m in wanted})
    found = {(version, measure): text for version, measure, text in rows.values_list("version", "measure", "text")}
    changed = {clause for clause, outcome in became.items() if outcome in {Outcome.CHANGED, Outcome.DRAFTED}}
    return {clause: text for clause, text in found.items() if clause in changed}, became


def _places(groups: Iterable[Group]) -> dict[_Place, int]:
    versions = {group.version_id for group in groups if group.measure_id is not None}
    rows = Wording.objects.filter(version__in=versions).values_list("version", "measure", "position")
    return {(version, measure): position for version, measure, position in rows}


def _sources(desk: Desk, *, on: date) -> tuple[dict[int, Sources], Sources]:
    """Who said what was answered, by group and altogether: a submission in several groups is one there."""
    found: dict[int, Sources] = defaultdict(Sources)
    whole = Sources()
    names: dict[int, str] = {}
    rows = desk.points().filter(group__is_answered=True).order_by("pk")
    columns = (
        "group",
        "submission",
        "submission__promise",
        "submission__author_kind",
        "submission__person",
        "submission__unit",
        "submission__author",
        "submission__people_behind",
    )
    for group, submission, promise, kind, person, unit, author, behind in rows.values_list(*columns).iterator(5_000):
        if unit is not None and unit not in names:
            names[unit] = name_of(unit, on)
        speaker = _Speaker(Promise(promise), AuthorKind(kind), person, names.get(unit or 0, "") or author, behind)
        for sources in (found[group], whole):
            if submission not in sources.submissions:
                sources.submissions.add(submission)
                _count(sources, speaker)
    return found, whole


@dataclass(frozen=True)
class _Speaker:
    promise: Promise
    kind: AuthorKind
    person: int | None
    name: str
    behind: int


def _count(sources: Sources, speaker: _Speaker) -> None:
    match speaker.promise, speaker.kind:
        case Promise.NAME_KEPT, _:
            sources.kept += 1
        case Promise.WITHOUT_A_NAME, _:
            sources.nameless += 1
        case _, AuthorKind.MEMBER if speaker.person is not None:
            sources.members.add(speaker.person)
        case _, AuthorKind.OTHER if speaker.person is not None:
            sources.others.add(speaker.person)
        case _, AuthorKind.UNIT:
            sources.units[speaker.name] = max(sources.units.get(speaker.name, 0), speaker.behind)
        case _, AuthorKind.RESIDENT:
            sources.residents += 1
            sources.behind_residents += speaker.behind
        case _:
            sources.not_said += 1
