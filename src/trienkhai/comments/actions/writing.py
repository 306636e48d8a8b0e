"""Commenting in a call: openly with a name, or into the sealed box. Entering for those who have no screen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from trienkhai.comments import policies
from trienkhai.comments.actions.calls import locked_call
from trienkhai.comments.actions.storing import next_number, write
from trienkhai.comments.models import Asked, Call, Submission
from trienkhai.comments.queries.subjects import subject_of
from trienkhai.comments.rules import (
    AuthorKind,
    Channel,
    CommentError,
    Promise,
    Said,
    Subject,
    faults_of_points,
    in_words,
)
from trienkhai.core.decisions import Invalid, Refused
from trienkhai.ledger.actions import record
from trienkhai.ledger.clock import local_day
from trienkhai.organisation.rules import Actor
from trienkhai.sealed import actions as sealed
from trienkhai.sealed.queries import is_in_the_box, receipt
from trienkhai.sealed.rules import Below, Json, Mode, further_receipt, new_receipt, normalised, shown
from trienkhai.sealed.rules import Submission as Sending


@dataclass(frozen=True)
class Told:
    """How somebody's words reached whoever types them."""

    channel: Channel = Channel.SCREEN
    told_by: str = ""


ON_SCREEN = Told()


@sensitive_variables("points")
@transaction.atomic
def write_openly(
    *,
    call: Call,
    person: int,
    points: Sequence[Said],
    actor: Actor,
    at: datetime,
    told: Told = ON_SCREEN,
) -> Submission:
    """Say something with one's name in a call that is read as it comes; no points: "no comment" is a submission too.

    The very same again on one day is one submission: a button was pressed twice.

    Raises:
        Refused: not asked, not open, sealed, not allowed to enter for this person.
        Invalid: too long, too many points.
    """
    day = local_day(at)
    if call.is_sealed:
        raise Refused(CommentError.IS_SEALED)
    call = locked_call(call)
    _require(actor, call, person, day=at)
    faults_of_points(points, call.numbers).raise_first()
    asked = _place_of(call, person)
    typed_by = None if actor.person_id == person else actor.key
    if (same := _said_today(asked, points, typed_by, day=day)) is not None:
        return same
    submission = Submission(
        call=call,
        book_id=call.unit_id,
        year=day.year,
        number=next_number(call.unit_id, day.year),
        channel=told.channel,
        promise=Promise.NAMED,
        author_kind=AuthorKind.MEMBER if asked.is_member else AuthorKind.OTHER,
        person_id=asked.person_id,
        unit_id=asked.unit_id,
        received_on=day,
        told_by=told.told_by,
        typed_by=typed_by,
    )
    said = {"call": str(call.key), "channel": told.channel, "points": len(points)}
    entry = record(actor=actor.key, action="comments.write", subject=submission.key, detail=said)
    write([(submission, points)], entry=entry)
    return submission


def _place_of(call: Call, person: int) -> Asked:
    """Where the person counts among those asked; under the entry that has spoken already, where there are two."""
    found = policies.asked_as(call, person)
    rows = Submission.objects.current().filter(call=call, person__in=[one.person_id for one in found])
    spoken = set(rows.values_list("person", flat=True))
    return next((one for one in found if one.person_id in spoken), found[0])


def _said_today(asked: Asked, points: Sequence[Said], typed_by: UUID | None, *, day: date) -> Submission | None:
    """What was sent last, when it is the same words of the same author from the same hand."""
    rows = Submission.objects.current().filter(call=asked.call_id, person=asked.person_id, received_on=day)
    last = rows.prefetch_related("points").order_by("-pk").first()
    if last is None or last.typed_by != typed_by:
        return None
    found = [(subject_of(point), point.text) for point in sorted(last.points.all(), key=lambda one: one.position)]
    return last if found == [(point.subject, point.text) for point in points] else None


def _require(actor: Actor, call: Call, person: int, *, day: datetime, promise: Promise | None = None) -> None:
    on = local_day(day)
    if actor.person_id == person:
        policies.can_write(actor, call, at=on, promise=promise).require()
    else:
        policies.can_enter_for(actor, call, person, at=on).require()


@dataclass(frozen=True, repr=False)
class Letter:
    """What goes into the box: how it is said, the points, and what is to become of it among too few. Never shown.

    ``promise`` empty: no comment. ``keys``: the opaque key of each subject. ``receipt``: one the form carried: a second
    try after a broken line gets the same answer. ``signed``: the name and place a resident writes.
    """

    promise: Promise | None
    points: Sequence[Said] = ()
    keys: Mapping[Subject, str] | None = None
    below: Below = Below.DESTROY
    told: Told = ON_SCREEN
    receipt: str = ""
    signed: str = field(default="", repr=False)


@sensitive_variables()
def send(*, call: Call, person: int, letter: Letter, actor: Actor, at: datetime) -> str:
    """Put a submission into the call's box and return its receipt, shown once. No row, no log, no ledger entry of it.

    Raises:
        Refused: not asked, not open, sent before, a promise that is not offered; not allowed to enter for this person.
        Invalid: nothing said, too long, a person commented on without a name.
    """
    if call.round_key is None:
        raise Refused(CommentError.NOT_SEALED)
    _require_sending(actor, call, person, letter, at=at)
    is_own = actor.person_id == person
    if not is_own and letter.promise not in {None, Promise.NAMED}:
        raise Refused(CommentError.PROMISE_NOT_OFFERED)
    key = policies.asked_as(call, person)[0].person.key
    typed_by = "" if is_own or actor.key is None else str(actor.key)
    sending = sealed_letter(call, letter, author=str(key), typed_by=typed_by)
    return sealed.send(round_key=call.round_key, participant=key, submission=sending, at=at, receipt=letter.receipt)


@sensitive_variables()
def _require_sending(actor: Actor, call: Call, person: int, letter: Letter, *, at: datetime) -> None:
    """As for writing openly; a second try with the same receipt is left to the box, which knows whether it came."""
    try:
        _require(actor, call, person, day=at, promise=letter.promise)
    except Refused as refusal:
        if not letter.receipt or refusal.code != CommentError.ALREADY_SENT:
            raise


@sensitive_variables()
def sealed_letter(call: Call, letter: Letter, *, author: str, typed_by: str = "") -> Sending:
    """What goes into the box.

    Raises:
        Invalid: nothing said, too long, a person commented on without a name.
    """
    if letter.promise is None:
        return Sending(Mode.NOTHING)
    if not letter.points:
        raise Invalid(CommentError.NOTHING_SAID)
    faults_of_points(letter.points, call.numbers, promise=letter.promise).raise_first()
    rows: list[Json] = [dict(row) for row in in_words(letter.points, letter.keys or {})]
    content: dict[str, Json] = {"points": rows}
    if letter.signed and letter.promise is Promise.NAMED:
        content["signed"] = letter.signed
    if typed_by:
        content |= {"channel": letter.told.channel.value, "told_by": letter.told.told_by, "typed_by": typed_by}
    has_author = letter.promise is not Promise.WITHOUT_A_NAME
    return Sending(Mode(letter.promise.value), content, author if has_author else "", letter.below)


@sensitive_variables()
def enter_slips(*, call: Call, slips: Sequence[Letter], actor: Actor, at: datetime, sheet: str = "") -> int:
    """Enter the slips found in the paper box: each goes into the sealed box like what was sent on screen.

    Which of those who were given a slip is noted as having sent does not follow from any slip: they are drawn at
    random. So slips mix with the rest when the call is released.

    Args:
        call: the call.
        slips: what is on them; the receipt is the one its author tore off. Where there is none, one is made that
            nobody is shown.
        actor: who types.
        at: now.
        sheet: a receipt the form carried: the same form, sent twice, goes into the box once.

    Returns:
        How many were entered.

    Raises:
        Refused: not the desk, released already, fewer slips handed out than hide one; this form is in the box already.
        Invalid: more slips than were handed out; something on a slip cannot be taken, a receipt has been used: then
            none is entered.
    """
    if call.round_key is None:
        raise Refused(CommentError.NOT_SEALED)
    policies.can_enter_slips(actor, call, at=local_day(at)).require()
    waiting = policies.slips_waiting(call)
    if len(slips) > len(waiting):
        raise Invalid(CommentError.MORE_THAN_SLIPS, found=len(slips), given=len(waiting))
    sendings = [sealed_letter(call, slip, author="") for slip in slips]
    marks = _marks(slips, sheet)
    for sending, key, mark in zip(sendings, waiting, marks, strict=False):
        sealed.send(round_key=call.round_key, participant=key, submission=sending, at=at, receipt=mark)
    record(actor=actor.key, action="comments.enter_slips", subject=call.key, count=max(1, len(slips)))
    return len(slips)


@sensitive_variables()
def _marks(slips: Sequence[Letter], sheet: str) -> list[str]:
    """The receipt of each slip: the one on it, else one that follows from the form's; neither has been used before."""
    own = [normalised(slip.receipt) for slip in slips if slip.receipt]
    marks = [
        normalised(slip.receipt) if slip.receipt else (further_receipt(sheet, number) if sheet else new_receipt())
        for number, slip in enumerate(slips)
    ]
    if marks and all(is_in_the_box(mark) for mark in marks):
        raise Refused(CommentError.SLIPS_ENTERED)
    if sheet and any(is_in_the_box(mark) for mark in marks if mark not in own):
        raise Refused(CommentError.SLIPS_ENTERED)
    for place, mark in enumerate(own):
        if mark in own[:place] or receipt(mark) is not None:
            raise Invalid(CommentError.RECEIPT_USED, receipt=shown(mark))
    return marks
