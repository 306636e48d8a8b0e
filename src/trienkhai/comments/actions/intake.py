"""The intake book: what comes by letter, box, telephone or in a meeting, asked or unasked."""

from datetime import datetime

from django.db import transaction

from trienkhai.comments import policies
from trienkhai.comments.actions import counting
from trienkhai.comments.actions.storing import next_number, write
from trienkhai.comments.models import Asked, Call, Submission
from trienkhai.comments.queries.numbers import numbers
from trienkhai.comments.rules import CallState, CommentError, Intake, Promise, faults_of_intake
from trienkhai.core.decisions import Invalid, Refused
from trienkhai.ledger.actions import record
from trienkhai.ledger.clock import local_day
from trienkhai.ledger.models import Entry
from trienkhai.organisation.rules import Actor


@transaction.atomic
def enter(*, book: int, intake: Intake, actor: Actor, at: datetime, call: Call | None = None) -> Submission:
    """Enter a comment into the unit's book, under the year's next number; always with its author as far as known.

    Raises:
        Refused: not the desk; the call is over; its people are asked by a sealed box that is still closed.
        Invalid: nothing said, too long, no author, a day in the future or before the call.
    """
    day = local_day(at)
    policies.can_desk(actor, book, at=day).require()
    limits = call.numbers if call else numbers()
    faults_of_intake(intake, limits, at=day).raise_first()
    if call is not None:
        _check_call(call, intake, book=book, at=at)
    year = intake.received_on.year
    submission = Submission(
        call=call,
        book_id=book,
        year=year,
        number=next_number(book, year),
        channel=intake.channel,
        promise=Promise.NAMED,
        author_kind=intake.author_kind,
        person_id=intake.person,
        unit_id=intake.unit,
        author=intake.author,
        people_behind=intake.people_behind,
        received_on=intake.received_on,
        told_by=intake.told_by,
        typed_by=actor.key,
    )
    said = {"number": f"{submission.number}/{year}", "channel": intake.channel, "points": len(intake.points)}
    entry = record(actor=actor.key, action="comments.enter", subject=submission.key, detail=said)
    write([(submission, intake.points)], entry=entry)
    return submission


def _check_call(call: Call, intake: Intake, *, book: int, at: datetime) -> None:
    if call.unit_id != book:
        raise Refused(CommentError.NOT_THE_DESK)
    state = policies.state_on(call, local_day(at))
    if state in {CallState.COMING, CallState.FINISHED}:
        raise Refused(CommentError.NOT_OPEN)
    if intake.received_on < call.opens_on:
        raise Invalid(CommentError.BEFORE_OPENING, on="received_on")
    is_waiting = call.is_sealed and call.released_seq is None
    if is_waiting and Asked.objects.filter(call=call, person=intake.person or 0).exists():
        raise Refused(CommentError.ASKED_BY_BOX)


@transaction.atomic
def strike(*, submission: Submission, reason: str, actor: Actor, at: datetime) -> Entry:
    """Take back an entry of the book made by mistake: its number stays, with the reason.

    Raises:
        Refused: not the desk, taken back already, or sent by the author.
        Invalid: no reason.
    """
    submission = Submission.objects.select_for_update(of=("self",)).select_related("call").get(pk=submission.pk)
    policies.can_strike(actor, submission, at=local_day(at)).require()
    if not reason.strip():
        raise Invalid(CommentError.NO_REASON, on="reason")
    entry = record(actor=actor.key, action="comments.strike", subject=submission.key, detail={"reason": reason})
    Submission.objects.filter(pk=submission.pk).supersede(entry)
    counting.withdrawn(submissions=[submission], entry=entry)
    return entry
