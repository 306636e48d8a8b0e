"""What became of a submission, for its author: answers and changed words, never the author's own."""

from dataclasses import dataclass
from datetime import date

from trienkhai.comments.models import Disposition, Point, Submission
from trienkhai.comments.queries.subjects import title_of
from trienkhai.comments.rules import About, DispositionKind
from trienkhai.plans.models import PlanVersion, Wording
from trienkhai.plans.queries import before


@dataclass(frozen=True)
class AnswerRow:
    """What became of one point. ``kind`` empty: not answered yet.

    ``old`` and ``new``: the clause before and after, once the version that changes it is in force; ``version`` its
    title. A clause that was not there before has no ``old``, one that was taken out has no ``new``.
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


def answers_of(submission: Submission, *, on: date) -> list[AnswerRow]:
    """What became of each point, in their order."""
    points = Point.objects.filter(submission=submission).select_related("version", "measure", "body", "person")
    found = list(points.order_by("position", "pk"))
    rows = Disposition.objects.current().filter(group__in=[point.group_id for point in found])
    said = {row.group_id: row for row in rows.select_related("version__plan")}
    return [_answer(point, said.get(point.group_id), on) for point in found]


def _answer(point: Point, said: Disposition | None, on: date) -> AnswerRow:
    title, about = title_of(point, on=on), About(point.about)
    if said is None:
        return AnswerRow(title, about)
    version = said.version
    is_in_force = version is not None and version.adopted_on is not None and version.adopted_on <= on
    old, new = _words(version, said.measure_id) if is_in_force and version is not None else ("", "")
    return AnswerRow(
        title=title,
        about=about,
        kind=DispositionKind(said.kind),
        answer=said.answer,
        answered_on=said.answered_on,
        passed_to=said.passed_to,
        version=version.title if version is not None and is_in_force else "",
        in_force_on=version.adopted_on if version is not None and is_in_force else None,
        old=old,
        new=new,
    )


def _words(version: PlanVersion, measure: int | None) -> tuple[str, str]:
    """The clause's words before and in the version."""
    earlier = before(version)
    texts = dict(
        Wording.objects.filter(measure=measure or 0, version__in=[one for one in (earlier, version) if one is not None])
        .order_by("version", "pk")
        .values_list("version", "text")
    )
    return texts.get(earlier.pk, "") if earlier is not None else "", texts.get(version.pk, "")
