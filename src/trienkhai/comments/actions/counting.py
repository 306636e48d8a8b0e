"""What calls and submissions add to figures."""

from collections.abc import Callable, Collection, Sequence
from datetime import date

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from trienkhai.comments.models import Call, Disposition, Group, Point, Submission
from trienkhai.comments.queries.figures import (
    Effects,
    asked_effects,
    clause_effects,
    people_effects,
    point_effects,
    released_effects,
    submission_effects,
)
from trienkhai.comments.rules.grouping import difference
from trienkhai.figures.actions import post
from trienkhai.ledger.models import Entry
from trienkhai.plans.models import PlanVersion

_AT_ONCE = 500


def opened(*, call: Call, entry: Entry) -> None:
    """People are asked: the call's electorate is there."""
    _post(call, asked_effects(call), entry)


def submitted(*, submissions: Sequence[Submission], entry: Entry) -> None:
    """Submissions and their points have been written; those of one call, or all unasked."""
    if not submissions or (call := submissions[0].call) is None:
        return
    own = [submission.pk for submission in submissions]
    people = {submission.person_id for submission in submissions if submission.person_id is not None}
    added = submission_effects(call, submissions) + point_effects(call, _points(own))
    spoken = difference(people_effects(call, people, without=own), people_effects(call, people))
    _post(call, _sum(added, spoken), entry)


def released(*, call: Call, entry: Entry) -> None:
    """The box has been opened: those who sent something have taken part."""
    _post(call, released_effects(call), entry)


def withdrawn(*, submissions: Sequence[Submission], entry: Entry) -> None:
    """Submissions have been superseded: entered by mistake, or withdrawn by their authors."""
    own = [submission.pk for submission in submissions]
    call = submissions[0].call if submissions else None
    clauses = clause_effects(call) if call else None
    resize(set(_points(own).values_list("group", flat=True)))
    if call is None or clauses is None:
        return
    people = {submission.person_id for submission in submissions if submission.person_id is not None}
    gone = submission_effects(call, submissions) + point_effects(call, _points(own))
    spoken = difference(people_effects(call, people, besides=own), people_effects(call, people))
    _post(call, _sum(difference(gone, Effects()), spoken, difference(clauses, clause_effects(call))), entry)


def extended(*, call: Call, answer_by: date, entry: Entry) -> None:
    """Answers are due on another day than ``answer_by``: more may be on time."""
    if call.answer_by == answer_by:
        return
    points = Point.objects.filter(submission__call=call, submission__superseded_seq__isnull=True)
    after = point_effects(call, points)
    before_call = Call(pk=call.pk, unit_id=call.unit_id, released_on=call.released_on, closes_on=call.closes_on)
    before_call.answer_by = answer_by
    _post(call, difference(point_effects(before_call, points), after), entry)


def adopting(versions: Sequence[PlanVersion]) -> Callable[[Entry], None]:
    """Versions of plans are about to be adopted or taken back: what that changes of clauses is posted afterwards."""
    named = Disposition.objects.current().filter(version__in=versions, measure__isnull=False, group__call__isnull=False)
    calls = list(Call.objects.filter(pk__in=named.values("group__call")).select_related("scope").order_by("pk"))
    before = [clause_effects(call) for call in calls]

    def done(entry: Entry) -> None:
        for call, effects in zip(calls, before, strict=True):
            _post(call, difference(effects, clause_effects(call)), entry)

    return done


def regrouped(*, call: Call | None, before: Effects, after: Effects, entry: Entry) -> None:
    """Points changed their group, or groups their answers."""
    if call is not None:
        _post(call, difference(before, after), entry)


def resize(groups: Collection[int]) -> None:
    """Set the size of each group to the points that count, and give those a representative that have lost theirs."""
    keys = sorted(groups)
    counting = Point.objects.filter(group=OuterRef("pk"), submission__superseded_seq__isnull=True).order_by()
    size = Subquery(counting.values("group").annotate(n=Count("pk")).values("n"))
    first = Subquery(counting.order_by("pk").values("pk")[:1])
    for start in range(0, len(keys), _AT_ONCE):
        some = Group.objects.filter(pk__in=keys[start : start + _AT_ONCE])
        some.update(size=Coalesce(size, 0))
        lasting = Q(representative__group=F("pk"), representative__submission__superseded_seq__isnull=True)
        losing = some.filter(size__gt=1).exclude(lasting)
        losing |= some.filter(size=1, representative__isnull=False).exclude(lasting)
        Group.objects.filter(pk__in=list(losing.values_list("pk", flat=True))).update(representative=first)


def _points(submissions: Sequence[int]) -> QuerySet[Point]:
    return Point.objects.filter(submission__in=submissions)


def _sum(*parts: Effects) -> Effects:
    found: Effects = Effects()
    for part in parts:
        found.update(part)
    return found


def _post(call: Call, change: Effects, entry: Entry) -> None:
    post(scope=call.scope, change=change, entry=entry)
