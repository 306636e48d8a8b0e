"""Answering groups, taking answers back, and finishing a call once everything is answered."""

from collections.abc import Collection, Sequence
from datetime import date

from django.db import transaction

from trienkhai.comments.actions import counting
from trienkhai.comments.actions.grouping import lock
from trienkhai.comments.models import Call, Disposition, Group, Point
from trienkhai.comments.policies import state_on
from trienkhai.comments.queries.clauses import draft_for, is_clause_of
from trienkhai.comments.queries.figures import Effects, clause_effects, point_effects
from trienkhai.comments.queries.places import Desk, desk_of
from trienkhai.comments.rules import About, CallState, DispositionKind
from trienkhai.comments.rules.grouping import MOST_AT_ONCE, DeskError, Reply, faults_of_reply, is_verbatim
from trienkhai.core.decisions import Invalid, Refused
from trienkhai.ledger.actions import record
from trienkhai.ledger.models import Entry
from trienkhai.organisation.rules import Actor
from trienkhai.plans.models import PlanVersion

ON_PLANS = frozenset({About.PLAN, About.MEASURE})


@transaction.atomic
def answer(*, desk: Desk, groups: Collection[int], reply: Reply, actor: Actor, at: date) -> Entry:
    """Give groups one answer; a former answer is superseded. Others read the summary, never the author's words.

    Raises:
        Refused: not the desk, finished.
        Invalid: nothing chosen, no answer, no summary or one that repeats an author's words; accepted without the
            clause of the draft that it changes; passed on to nobody.
    """
    desk = lock(desk, actor, at=at)
    chosen = _chosen(desk, groups)
    draft = draft_for(desk.call, chosen[0])
    _check(reply, chosen, draft, today=at)
    before = _effects(desk, chosen)
    detail = {"kind": reply.kind, "on": reply.on.isoformat()}
    entry = record(actor=actor.key, action="comments.answer", subject=chosen[0].key, detail=detail, count=len(chosen))
    Disposition.objects.filter(group__in=chosen).supersede(entry)
    clause = draft if reply.measure is not None else None
    Disposition.objects.bulk_create(
        Disposition(
            group=group,
            kind=reply.kind,
            answer=reply.answer,
            answered_on=reply.on,
            version=clause,
            measure_id=reply.measure,
            passed_to=reply.passed_to,
            recorded_seq=entry.seq,
            recorded_on=entry.recorded_on,
        )
        for group in chosen
    )
    own = Group.objects.filter(pk__in=[group.pk for group in chosen])
    if reply.summary.strip():
        own.filter(summary="").update(summary=reply.summary) if len(chosen) > 1 else own.update(summary=reply.summary)
    own.update(is_answered=True)
    counting.regrouped(call=desk.call, before=before, after=_effects(desk, chosen), entry=entry)
    return entry


def _check(reply: Reply, chosen: Sequence[Group], draft: PlanVersion | None, *, today: date) -> None:
    needs = any(About(group.about) in ON_PLANS for group in chosen)
    faults_of_reply(reply, needs_clause=needs, has_draft=draft is not None, today=today).raise_first()
    if reply.measure is not None and (
        reply.kind is not DispositionKind.ACCEPTED or draft is None or not is_clause_of(draft, reply.measure)
    ):
        raise Invalid(DeskError.OTHER_CLAUSE, on="measure")
    if not reply.summary.strip() and any(not group.summary for group in chosen):
        raise Invalid(DeskError.NO_SUMMARY, on="summary")
    texts = set(Point.objects.filter(group__in=chosen).values_list("text", flat=True))
    for name, written in (("summary", reply.summary), ("answer", reply.answer)):
        if is_verbatim(written, texts):
            raise Invalid(DeskError.VERBATIM, on=name)


@transaction.atomic
def take_back(*, desk: Desk, group: Group, actor: Actor, at: date) -> Entry:
    """Take a group's answer back: it waits for another.

    Raises:
        Refused: not the desk, finished, or not answered.
    """
    desk = lock(desk, actor, at=at)
    chosen = _chosen(desk, [group.pk])
    if not chosen[0].is_answered:
        raise Refused(DeskError.NOT_ANSWERED)
    before = _effects(desk, chosen)
    entry = record(actor=actor.key, action="comments.take_back_answer", subject=group.key)
    Disposition.objects.filter(group=group).supersede(entry)
    Group.objects.filter(pk=group.pk).update(is_answered=False)
    counting.regrouped(call=desk.call, before=before, after=_effects(desk, chosen), entry=entry)
    return entry


@transaction.atomic
def finish_call(*, call: Call, actor: Actor, at: date) -> Entry:
    """Everything is answered: the call ends, its groups and answers stay as they are.

    Raises:
        Refused: not the desk, finished already; still open or waiting for its box; something is not answered.
    """
    desk = lock(desk_of(call), actor, at=at)
    if desk.call is None or state_on(desk.call, at) is not CallState.ANSWERING:
        raise Refused(DeskError.STILL_OPEN)
    if desk.groups().filter(is_answered=False).exists():
        raise Refused(DeskError.UNANSWERED_LEFT)
    entry = record(actor=actor.key, action="comments.finish_call", subject=call.key)
    Call.objects.filter(pk=call.pk).update(finished_on=at, finished_seq=entry.seq)
    return entry


def _chosen(desk: Desk, groups: Collection[int]) -> list[Group]:
    if not groups:
        raise Invalid(DeskError.NOTHING_CHOSEN)
    if len(groups) > MOST_AT_ONCE:
        raise Invalid(DeskError.TOO_MANY, at_most=MOST_AT_ONCE)
    found = list(desk.groups().filter(pk__in=groups).order_by("pk"))
    if len(found) != len(set(groups)):
        raise Invalid(DeskError.MOVED_SINCE)
    return found


def _effects(desk: Desk, groups: Sequence[Group]) -> Effects:
    if desk.call is None:
        return Effects()
    points = Point.objects.filter(group__in=groups, submission__superseded_seq__isnull=True)
    found = Effects(point_effects(desk.call, points))
    found.update(clause_effects(desk.call))
    return found
