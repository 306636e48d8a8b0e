"""What became of a submission, for its author: answers and changed words, never the author's own."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from trienkhai.comments.models import Disposition, Point, Submission
from trienkhai.comments.queries.outcomes import Clause, outcomes_of
from trienkhai.comments.queries.subjects import Titles
from trienkhai.comments.rules import About, DispositionKind
from trienkhai.comments.rules.grouping import Outcome
from trienkhai.plans.models import Wording
from trienkhai.plans.queries import before


@dataclass(frozen=True)
class AnswerRow:
    """What became of one point. ``kind`` empty: not answered yet.

    ``old`` and ``new``: the clause before and after, once the version that changes it is in force; ``version`` its
    title. A clause that was not there before has no ``old``, one that was taken out has no ``new``. ``is_changed``: the
    version does say something else of it.
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


def answers_of(submission: Submission, *, on: date) -> list[AnswerRow]:
    """What became of each point, in their order."""
    return answers_to([submission], on=on).get(submission.pk, [])


def answers_to(submissions: Sequence[Submission], *, on: date) -> Mapping[int, list[AnswerRow]]:
    """By submission: what became of each point, in their order."""
    points = Point.objects.filter(submission__in=[row.pk for row in submissions])
    found = list(points.select_related("version", "measure", "body", "person").order_by("position", "pk"))
    rows = Disposition.objects.current().filter(group__in=[point.group_id for point in found])
    said = {row.group_id: row for row in rows.select_related("version__plan")}
    titles, words = Titles(on), _words(said.values(), on)
    became = outcomes_of(words)
    answers: dict[int, list[AnswerRow]] = {}
    for point in found:
        row = _answer(point, titles.of(point), said.get(point.group_id), words, became)
        answers.setdefault(point.submission_id, []).append(row)
    return answers


def _answer(
    point: Point,
    title: str,
    said: Disposition | None,
    words: Mapping[Clause, tuple[str, str]],
    became: Mapping[Clause, Outcome],
) -> AnswerRow:
    about = About(point.about)
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
