"""What became of submissions, for authors and for all who were asked: answers, changed words, never an author's own."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from trienkhai.comments.models import Aimed, Call, Disposition, Group, Point, Submission
from trienkhai.comments.queries.outcomes import Clause, outcomes_of
from trienkhai.comments.queries.places import desk_of
from trienkhai.comments.queries.subjects import Titles
from trienkhai.comments.rules import About, DispositionKind
from trienkhai.comments.rules.grouping import Outcome, is_verbatim
from trienkhai.plans.models import Wording
from trienkhai.plans.queries import before


@dataclass(frozen=True)
class AnswerRow:
    """What became of one point. ``kind`` empty: not answered yet.

    ``old`` and ``new``: the clause before and after, once the version that changes it is in force; ``version`` its
    title, ``plan`` and ``number`` its address. A clause that was not there before has no ``old``, one that was taken
    out has no ``new``. ``is_changed``: the version does say something else of it.
    """

    title: str
    about: About
    kind: DispositionKind | None = None
    answer: str = ""
    answered_on: date | None = None
    passed_to: str = ""
    version: str = ""
    in_force_on: date | None = None
    old: str = ""
    new: str = ""
    is_changed: bool = True
    plan: UUID | None = None
    number: int = 0


def answers_of(submission: Submission, *, on: date) -> list[AnswerRow]:
    """What became of each point, in their order."""
    return answers_to([submission], on=on).get(submission.pk, [])


def answers_to(
    submissions: Sequence[Submission], *, on: date, on_persons: bool = True
) -> Mapping[int, list[AnswerRow]]:
    """By submission: what became of each point, in their order; if wanted without those on persons."""
    points = Point.objects.filter(submission__in=[row.pk for row in submissions])
    if not on_persons:
        points = points.exclude(about=About.PERSON)
    found = list(points.select_related("version", "measure", "body", "person").order_by("position", "pk"))
    rows = _answers({point.group_id for point in found}, on=on)
    answers: dict[int, list[AnswerRow]] = {}
    for point in found:
        answers.setdefault(point.submission_id, []).append(rows(point, point.group_id))
    return answers


@dataclass(frozen=True)
class Result:
    """What all who were asked read of one group: what was said, in the desk’s words, and what became of it.

    ``summary`` is empty where it repeats what came into the group after it had been answered.
    """

    summary: str
    answer: AnswerRow


def answered_groups(call: Call) -> QuerySet[Group]:
    """What was answered in a call, those on persons aside; what the most said first."""
    rows = desk_of(call).groups().filter(is_answered=True)
    return rows.select_related("version", "measure", "body", "person").order_by("-size", "pk")


def results_of(groups: Sequence[Group], *, on: date) -> list[Result]:
    """Groups with what became of them."""
    rows = _answers({group.pk for group in groups}, on=on)
    said: dict[int, set[str]] = {}
    for group, folded in Point.objects.filter(group__in=groups).values_list("group", "folded"):
        said.setdefault(group, set()).add(folded)
    return [
        Result("" if is_verbatim(group.summary, said.get(group.pk, set())) else group.summary, rows(group, group.pk))
        for group in groups
    ]


def _answers(groups: Collection[int], *, on: date) -> Callable[[Aimed, int], AnswerRow]:
    """Finds what became of a row that is in one of the groups."""
    found = Disposition.objects.current().filter(group__in=groups)
    said = {row.group_id: row for row in found.select_related("version__plan")}
    titles, words = Titles(on), _words(said.values(), on)
    became = outcomes_of(words)
    return lambda row, group: _answer(row, titles.of(row), said.get(group), words, became)


def _answer(
    row: Aimed,
    title: str,
    said: Disposition | None,
    words: Mapping[Clause, tuple[str, str]],
    became: Mapping[Clause, Outcome],
) -> AnswerRow:
    about = About(row.about)
    if said is None:
        return AnswerRow(title, about)
    version = said.version
    clause = (version.pk if version is not None else 0, said.measure_id or 0)
    found = words.get(clause)
    old, new = found or ("", "")
    return AnswerRow(
        title=title,
        about=about,
        kind=DispositionKind(said.kind),
        answer=said.answer,
        answered_on=said.answered_on,
        passed_to=said.passed_to,
        version=version.title if version is not None and found else "",
        in_force_on=version.adopted_on if version is not None and found else None,
        old=old,
        new=new,
        is_changed=became.get(clause, Outcome.CHANGED) is Outcome.CHANGED,
        plan=version.plan.key if version is not None and found else None,
        number=version.number if version is not None and found else 0,
    )


def _words(said: Collection[Disposition], on: date) -> dict[Clause, tuple[str, str]]:
    """Of each clause changed by a version in force, by both: its words before and in the version."""
    versions = {row.version.pk: row.version for row in said if row.version is not None}
    in_force = {pk: one for pk, one in versions.items() if one.adopted_on is not None and one.adopted_on <= on}
    earlier = {pk: found.pk for pk, one in in_force.items() if (found := before(one)) is not None}
    measures = {row.measure_id for row in said}
    rows = Wording.objects.filter(measure__in=measures, version__in={*in_force, *earlier.values()})
    texts = {(version, measure): text for version, measure, text in rows.values_list("version", "measure", "text")}
    return {
        (version, measure): (texts.get((earlier.get(version, 0), measure), ""), texts.get((version, measure), ""))
        for version, measure in {(row.version_id, row.measure_id) for row in said}
        if version is not None and measure is not None and version in in_force
    }
