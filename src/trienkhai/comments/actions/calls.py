"""Opening a call, giving it more time, closing it, handing out slips of paper."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q

from trienkhai.comments import policies
from trienkhai.comments.actions import counting
from trienkhai.comments.actions.storing import aimed
from trienkhai.comments.models import Asked, Call, CallSubject, DrawnCode, Extension
from trienkhai.comments.queries.calls import Elector, electorate
from trienkhai.comments.queries.numbers import numbers
from trienkhai.comments.rules import CallPlan, CallState, CommentError, Promise, faults_of
from trienkhai.core.decisions import Invalid, Refused
from trienkhai.figures.actions import open_scope
from trienkhai.figures.queries import keys_under
from trienkhai.ledger.actions import record
from trienkhai.ledger.clock import local_day
from trienkhai.ledger.models import Entry
from trienkhai.organisation.rules import Actor
from trienkhai.plans.models import PlanVersion
from trienkhai.sealed import actions as sealed
from trienkhai.sealed.queries import participants
from trienkhai.sealed.rules import RoundPlan

_AT_ONCE = 1_000


@transaction.atomic
def open_call(*, unit: int, plan: CallPlan, actor: Actor, at: datetime) -> Call:
    """Ask people for comments. Who is asked is frozen here; whatever promises more than names opens a sealed box.

    Raises:
        Refused: not the unit's desk.
        Invalid: nothing asked, nobody asked, days out of order, promises that cannot be held, holders not ready.
    """
    day = local_day(at)
    policies.can_desk(actor, unit, at=day).require()
    limits = numbers()
    asked = _asked(unit, plan, on=max(plan.opens_on, day))
    number = plan.codes if plan.by_codes else len(asked)
    faults_of(plan, asked=number, limits=limits, at=day).raise_first()
    codes = [uuid4() for _ in range(number)] if plan.by_codes else []
    _check_versions(plan)
    call = Call(
        rollout_id=plan.rollout,
        unit_id=unit,
        scope=open_scope(),
        title=plan.title,
        asks=plan.asks,
        opens_on=plan.opens_on,
        closes_on=plan.closes_on,
        answer_by=plan.answer_by,
        promises=[promise for promise in Promise if promise in plan.promises],
        addressed=plan.addressed,
        with_others=plan.with_others,
        asked_number=number,
        limits=limits.as_data(),
    )
    if plan.is_sealed:
        box = _box(call, plan, {*codes, *(one.key for one in asked)})
        call.round_key = sealed.open_round(plan=box, actor=actor.key, at=at).key
    entry = record(actor=actor.key, action="comments.open_call", subject=call.key, detail=_detail(plan, number))
    call.opened_seq = entry.seq
    call.save(force_insert=True)
    CallSubject.objects.bulk_create(
        CallSubject(call=call, position=n, **aimed(subject)) for n, subject in enumerate(plan.subjects)
    )
    rows = [Asked(call=call, person_id=one.person, unit_id=one.unit, is_member=one.is_member) for one in asked]
    Asked.objects.bulk_create(rows, batch_size=_AT_ONCE)
    DrawnCode.objects.bulk_create((DrawnCode(call=call, key=key) for key in codes), batch_size=_AT_ONCE)
    counting.opened(call=call, entry=entry)
    return call


def _asked(unit: int, plan: CallPlan, *, on: date) -> list[Elector]:
    """The people asked by name; of residents, none is."""
    if plan.by_codes:
        return []
    under = set(keys_under(unit, plan.opens_on))
    units = [one for one in plan.units if one in under]
    return electorate(unit, addressed=plan.addressed, units=units, with_others=plan.with_others, on=on)


def _box(call: Call, plan: CallPlan, participants: Collection[UUID]) -> RoundPlan:
    keeps = Promise.NAME_KEPT in plan.promises
    if keeps and not plan.name_keepers:
        raise Invalid(CommentError.NO_KEEPERS, on="name_keepers")
    return RoundPlan(
        owner=call.key,
        releasers=plan.releasers,
        name_keepers=plan.name_keepers if keeps else (),
        electorate=participants,
        nameless=Promise.WITHOUT_A_NAME in plan.promises,
        threshold=call.numbers.threshold,
        box_bytes=call.numbers.box_bytes,
    )


def _detail(plan: CallPlan, asked: int) -> dict[str, object]:
    return {
        "title": plan.title,
        "opens_on": plan.opens_on.isoformat(),
        "closes_on": plan.closes_on.isoformat(),
        "answer_by": plan.answer_by.isoformat(),
        "promises": sorted(plan.promises),
        "asked": asked,
    }


def _check_versions(plan: CallPlan) -> None:
    wanted = {subject.version for subject in plan.subjects if subject.version is not None}
    if PlanVersion.objects.filter(pk__in=wanted, adopted_on__isnull=False).count() != len(wanted):
        raise Invalid(CommentError.NOT_ADOPTED, on="subjects")


def locked_call(call: Call) -> Call:
    """The call, for us alone until the transaction ends."""
    return Call.objects.select_for_update(of=("self",)).select_related("unit", "scope").get(pk=call.pk)


@transaction.atomic
def extend_call(*, call: Call, closes_on: date, reason: str, actor: Actor, at: date) -> Entry:
    """Give people more time; answers are due as many days later when they would else be due before the end.

    Raises:
        Refused: not the desk, or closed by hand, released or finished.
        Invalid: not a later day, no reason.
    """
    call = locked_call(call)
    policies.can_extend(actor, call, at=at).require()
    if closes_on <= max(call.closes_on, at - timedelta(days=1)):
        raise Invalid(CommentError.NOT_LATER, on="closes_on", day=f"{call.closes_on:%d/%m/%Y}")
    if not reason.strip():
        raise Invalid(CommentError.NO_REASON, on="reason")
    said = {"from": call.closes_on.isoformat(), "to": closes_on.isoformat(), "reason": reason}
    entry = record(actor=actor.key, action="comments.extend_call", subject=call.key, detail=said)
    Extension.objects.create(
        call=call,
        from_day=call.closes_on,
        to_day=closes_on,
        answer_from=call.answer_by,
        reason=reason,
        recorded_seq=entry.seq,
        recorded_on=entry.recorded_on,
    )
    before = call.answer_by
    if call.answer_by < closes_on:
        call.answer_by += closes_on - call.closes_on
    call.closes_on = closes_on
    call.save(update_fields=["closes_on", "answer_by"])
    counting.extended(call=call, answer_by=before, entry=entry)
    return entry


@transaction.atomic
def close_call(*, call: Call, reason: str, actor: Actor, at: date) -> Entry:
    """Close a call before its last day.

    Raises:
        Refused: not the desk, or not open.
        Invalid: no reason.
    """
    call = locked_call(call)
    policies.can_close(actor, call, at=at).require()
    if not reason.strip():
        raise Invalid(CommentError.NO_REASON, on="reason")
    said = {"on": at.isoformat(), "reason": reason}
    entry = record(actor=actor.key, action="comments.close_call", subject=call.key, detail=said)
    call.closed_on, call.closed_seq = at, entry.seq
    call.save(update_fields=["closed_on", "closed_seq"])
    return entry


@transaction.atomic
def hand_out_slips(*, call: Call, people: Collection[int], given: bool, actor: Actor, at: date) -> Entry | None:
    """Note who was given a slip of paper (or that it was a mistake). Whoever has one does not send on screen.

    Raises:
        Refused: not the desk of the call or of the unit, not open, no comments without a name here, sent already.
    """
    call = locked_call(call)
    if Promise.WITHOUT_A_NAME not in call.offered:
        raise Refused(CommentError.PROMISE_NOT_OFFERED)
    if policies.state_on(call, at) is not CallState.OPEN:
        raise Refused(CommentError.NOT_OPEN)
    rows = Asked.objects.select_for_update(of=("self",)).filter(call=call, person__in=people, slip_on__isnull=given)
    found = list(rows.select_related("person").order_by("pk"))
    for unit in {row.unit_id for row in found}:
        policies.can_help(actor, call, unit, at=at).require()
    sent = participants(call.round_key) if call.round_key else set()
    wholes = {one.pk: one.person.merged_into_id or one.person_id for one in found}
    same = Q(person__in=wholes.values()) | Q(person__merged_into__in=wholes.values())
    places = list(Asked.objects.filter(same, call=call).select_related("person"))
    if any(place.person.key in sent for place in places):
        raise Refused(CommentError.ALREADY_SENT)
    if given and (any(place.slip_on for place in places) or len(set(wholes.values())) < len(wholes)):
        raise Refused(CommentError.HAS_A_SLIP)
    if not found:
        return None
    action = "comments.hand_out_slips" if given else "comments.take_back_slips"
    entry = record(actor=actor.key, action=action, subject=call.key, count=len(found))
    Asked.objects.filter(pk__in=[row.pk for row in found]).update(slip_on=at if given else None)
    return entry
