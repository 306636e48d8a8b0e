"""Who may ask for comments, enter, send, read and answer them.

The desk of a unit: those who may act for it and see its people's names (its office, its secretary and deputies; for a
cell also the office of the base committee it lies under). Points on a person are not the desk's: that person and those
who hold a post in the body that reviews them read the words, and only the latter see who wrote.
"""

from collections.abc import Collection
from datetime import date
from random import SystemRandom
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from trienkhai.comments.models import Asked, Call, DrawnCode, Point, Submission
from trienkhai.comments.rules import About, AuthorKind, CallState, Channel, CommentError, Promise, state_of
from trienkhai.core.decisions import ALLOW, Decision
from trienkhai.organisation.models import Body, Person, Post, Unit, held_on
from trienkhai.organisation.policies import (
    can_keep_person,
    can_run,
    can_see_names,
    named_units,
    runnable_units,
)
from trienkhai.organisation.rules import Actor, Role
from trienkhai.sealed.models import RoundHolder
from trienkhai.sealed.queries import has_sent, participants, status


def can_desk(actor: Actor, unit_id: int, *, at: date) -> Decision:
    """Whether the actor works at the unit's desk: opens its calls, keeps its intake book, reads, groups, answers."""
    is_desk = can_run(actor, unit_id, at=at) and can_see_names(actor, unit_id, at=at)
    return ALLOW if is_desk else Decision(CommentError.NOT_THE_DESK)


def desk_units(actor: Actor, *, at: date) -> QuerySet[Unit]:
    """Units for which :func:`can_desk` holds."""
    return runnable_units(actor, at=at) & named_units(actor, at=at)


def state_on(call: Call, day: date) -> CallState:
    """Where the call stands on a day."""
    return state_of(
        opens_on=call.opens_on,
        closes_on=call.closes_on,
        today=day,
        is_sealed=call.is_sealed,
        closed_on=call.closed_on,
        released_on=call.released_on,
        finished_on=call.finished_on,
    )


def visible_calls(actor: Actor, *, at: date) -> QuerySet[Call]:
    """Calls of one’s desks, that ask oneself or people of units one works for, whose keys one holds."""
    found = _concerning(actor, at=at)
    if actor.person_id is not None:
        own = selves(actor).values("key")
        held_keys = RoundHolder.objects.filter(holder__owner__in=own).values("sealed_round__key")
        found |= Q(round_key__in=held_keys)
    return Call.objects.filter(found).select_related("unit", "rollout", "scope")


def answered_calls(actor: Actor, *, at: date) -> QuerySet[Call]:
    """Finished calls whose answers the actor reads: of one’s desks, that asked oneself or people of one’s units.

    Whoever only holds a key of the box does not.
    """
    return Call.objects.filter(_concerning(actor, at=at), finished_on__lte=at)


def _concerning(actor: Actor, *, at: date) -> Q:
    desks = desk_units(actor, at=at)
    helped = Q(unit__in=desks) | Q(unit__in=actor.units(Role.SECRETARY, Role.OFFICE))
    found = Q(unit__in=desks) | Q(Exists(Asked.objects.filter(helped, call=OuterRef("pk"))))
    return found | asks(actor) if actor.person_id is not None else found


def managed_calls(actor: Actor, *, at: date) -> QuerySet[Call]:
    """Calls of the desks one works at."""
    return Call.objects.filter(unit__in=desk_units(actor, at=at)).select_related("unit", "rollout", "scope")


def asks(actor: Actor) -> Q:
    """Calls that ask the actor, under whichever entry."""
    return Q(Exists(Asked.objects.filter(call=OuterRef("pk"), person__in=selves(actor))))


def asked_as(call: Call, person_id: int) -> list[Asked]:
    """The person's places among those asked: several where one of two entries was found to be the other since."""
    person = Person.objects.filter(pk=person_id).values_list("merged_into", flat=True).first() or person_id
    rows = Asked.objects.filter(Q(person=person) | Q(person__merged_into=person), call=call)
    return list(rows.select_related("person").order_by("pk"))


def can_write(actor: Actor, call: Call, *, at: date, promise: Promise | None = None) -> Decision:
    """Whether the actor may comment for themselves, once, while the call is open."""
    if actor.person_id is None:
        return Decision(CommentError.NOT_ASKED)
    return can_be_heard(call, actor.person_id, at=at, promise=promise)


def can_be_heard(call: Call, person_id: int, *, at: date, promise: Promise | None = None) -> Decision:
    """Whether this person's comment can still be taken in the call."""
    asked = asked_as(call, person_id)
    if not asked:
        return Decision(CommentError.NOT_ASKED)
    if state_on(call, at) is not CallState.OPEN:
        return Decision(CommentError.NOT_OPEN)
    if any(row.slip_on is not None for row in asked):
        return Decision(CommentError.HAS_A_SLIP)
    if call.round_key is not None and any(has_sent(call.round_key, row.person.key) for row in asked):
        return Decision(CommentError.ALREADY_SENT)
    if promise is not None and promise not in call.offered:
        return Decision(CommentError.PROMISE_NOT_OFFERED)
    return ALLOW


def can_enter_for(actor: Actor, call: Call, person_id: int, *, at: date) -> Decision:
    """Whether the actor may type in, with their name, what somebody asked has said: desk, and their own secretary."""
    asked = asked_as(call, person_id)
    if not asked:
        return Decision(CommentError.NOT_ASKED)
    if not any(can_help(actor, call, row.unit_id, at=at) for row in asked):
        return Decision(CommentError.NOT_THE_DESK)
    return can_be_heard(call, person_id, at=at, promise=Promise.NAMED)


def can_help(actor: Actor, call: Call, unit_id: int, *, at: date) -> Decision:
    """Whether the actor may enter for people of this unit: the desk of the call, or the desk of the unit."""
    return can_desk(actor, call.unit_id, at=at) or can_desk(actor, unit_id, at=at)


def can_release(actor: Actor, call: Call, *, at: date) -> Decision:
    """Whether the box may be opened now, by the desk and two holders."""
    if not call.is_sealed:
        return Decision(CommentError.NOT_SEALED)
    if call.released_seq is not None:
        return Decision(CommentError.ALREADY_RELEASED)
    if state_on(call, at) is not CallState.CLOSED:
        return Decision(CommentError.NOT_CLOSED)
    return can_unlock(actor, call, at=at)


def can_extend(actor: Actor, call: Call, *, at: date) -> Decision:
    """Whether the call may be given more time: nobody has read what lies in its box, it was not closed by hand."""
    is_over = call.closed_seq is not None or call.released_seq is not None or call.finished_seq is not None
    return Decision(CommentError.ALREADY_CLOSED) if is_over else can_desk(actor, call.unit_id, at=at)


def can_close(actor: Actor, call: Call, *, at: date) -> Decision:
    """Whether the call may be closed before its last day."""
    if state_on(call, at) is not CallState.OPEN:
        return Decision(CommentError.NOT_OPEN)
    return can_desk(actor, call.unit_id, at=at)


def can_draw_codes(actor: Actor, call: Call, *, at: date) -> Decision:
    """Whether codes for residents may be drawn and printed: at the desk, until the last day."""
    if not call.by_codes or state_on(call, at) not in {CallState.COMING, CallState.OPEN}:
        return Decision(CommentError.NOT_OPEN)
    return can_desk(actor, call.unit_id, at=at)


def can_use_code(code: DrawnCode, *, at: date, promise: Promise | None = None) -> Decision:
    """Whether whoever holds this code may send, once, while the call is open."""
    call = code.call
    if state_on(call, at) is not CallState.OPEN:
        return Decision(CommentError.NOT_OPEN)
    if call.round_key is None or has_sent(call.round_key, code.key):
        return Decision(CommentError.CODE_USED)
    if promise is not None and promise not in call.offered:
        return Decision(CommentError.PROMISE_NOT_OFFERED)
    return ALLOW


def can_enter_slips(actor: Actor, call: Call, *, at: date) -> Decision:
    """Whether slips of paper may be entered: until the box is opened."""
    if call.released_seq is not None:
        return Decision(CommentError.ALREADY_RELEASED)
    if state_on(call, at) not in {CallState.OPEN, CallState.CLOSED}:
        return Decision(CommentError.NOT_OPEN)
    if Asked.objects.filter(call=call, slip_on__isnull=False).count() < call.numbers.threshold:
        return Decision(CommentError.TOO_FEW_SLIPS)
    return can_desk(actor, call.unit_id, at=at)


def can_print_slips(actor: Actor, call: Call, unit_id: int, *, at: date) -> Decision:
    """Whether slips may be printed, for people of this unit and others: until the last day they are handed out on."""
    if not call.takes_slips or state_on(call, at) not in {CallState.COMING, CallState.OPEN}:
        return Decision(CommentError.NOT_OPEN)
    return can_help(actor, call, unit_id, at=at)


def slips_waiting(call: Call) -> list[UUID]:
    """Those who were given a slip and are not yet noted as having sent, in an order that tells nothing."""
    if call.round_key is None:
        return []
    given = Asked.objects.filter(call=call, slip_on__isnull=False).values_list("person__key", flat=True)
    found = list(set(given) - participants(call.round_key))
    SystemRandom().shuffle(found)
    return found


def can_unlock(actor: Actor, call: Call, *, at: date) -> Decision:
    """Whether the actor may bring two holders to the machine: the desk, and each holder."""
    return can_desk(actor, call.unit_id, at=at) or _holds(actor, call)


def _holds(actor: Actor, call: Call) -> Decision:
    if actor.person_id is None or call.round_key is None:
        return Decision(CommentError.NOT_THE_DESK)
    found = status(call.round_key)
    keys = set(selves(actor).values_list("key", flat=True))
    return ALLOW if keys & {*found.releasers, *found.name_keepers} else Decision(CommentError.NOT_THE_DESK)


def selves(actor: Actor) -> QuerySet[Person]:
    """The person who acts, also under entries found to be the same person."""
    own = actor.person_id or 0
    return Person.objects.filter(Q(pk=own) | Q(merged_into=own))


def own_submissions(actor: Actor) -> QuerySet[Submission]:
    """What the actor has said with their name; also what was entered for them."""
    if actor.person_id is None:
        return Submission.objects.none()
    return Submission.objects.current().filter(person__in=selves(actor)).select_related("call", "book")


def unit_submissions(actor: Actor) -> QuerySet[Submission]:
    """What units the actor works for have said as units, in anybody's book; not where it is on persons alone."""
    units = actor.units(Role.SECRETARY, Role.OFFICE)
    on_others = Point.objects.filter(submission=OuterRef("pk")).exclude(about=About.PERSON)
    found = Submission.objects.current().filter(Exists(on_others), author_kind=AuthorKind.UNIT, unit__in=units)
    return found.select_related("call", "book")


def desk_points(actor: Actor, *, at: date) -> QuerySet[Point]:
    """Points the desk reads and answers: of its own books, never on persons, not withdrawn."""
    points = Point.objects.filter(submission__superseded_seq__isnull=True).exclude(about=About.PERSON)
    return points.filter(submission__book__in=desk_units(actor, at=at))


def desk_submissions(actor: Actor, *, at: date) -> QuerySet[Submission]:
    """Submissions whose author and day the desk sees: those with a point the desk reads, or without any point.

    Who has spoken of persons alone is nobody's business but the reviewing body's.
    """
    points = Point.objects.filter(submission=OuterRef("pk"))
    readable = Exists(points.exclude(about=About.PERSON)) | ~Exists(points)
    found = Submission.objects.current().filter(readable, book__in=desk_units(actor, at=at))
    return found.select_related("call", "book", "person")


def reviewed_bodies(actor: Actor, *, at: date) -> QuerySet[Body]:
    """Bodies in which the actor holds a post on the day."""
    held = Post.objects.current().filter(held_on(at), person=actor.person_id or 0, body__isnull=False)
    return Body.objects.filter(pk__in=held.values("body"))


def points_on_me(actor: Actor) -> QuerySet[Point]:
    """Points on the actor as a person: the words, not the author."""
    if actor.person_id is None:
        return Point.objects.none()
    points = Point.objects.filter(about=About.PERSON, person__in=selves(actor))
    return points.filter(submission__superseded_seq__isnull=True)


def points_to_review(actor: Actor, *, at: date) -> QuerySet[Point]:
    """Points on persons whom a body of the actor's reviews, with who wrote; never on the actor."""
    if actor.person_id is None:
        return Point.objects.none()
    points = Point.objects.filter(about=About.PERSON, reviewed_by__in=reviewed_bodies(actor, at=at))
    return points.filter(submission__superseded_seq__isnull=True).exclude(person__in=selves(actor))


def can_strike(actor: Actor, submission: Submission, *, at: date) -> Decision:
    """Whether an entry of the book may be taken back: what was typed in for somebody, at the desk."""
    if submission.superseded_seq is not None:
        return Decision(CommentError.ALREADY_WITHDRAWN)
    is_own = submission.typed_by is None and submission.channel == Channel.SCREEN
    if is_own or submission.number is None:
        return Decision(CommentError.SENT_BY_AUTHOR)
    return can_desk(actor, submission.book_id, at=at)


def can_ask_for_name(actor: Actor, submission: Submission, *, at: date) -> Decision:
    """Whether the actor may ask for a kept name: whoever reads every point of it; never somebody it is about."""
    points = submission.points.all()
    if actor.person_id is not None and points.filter(about=About.PERSON, person__in=selves(actor)).exists():
        return Decision(CommentError.NOT_THE_DESK)
    unread = points.exclude(pk__in=desk_points(actor, at=at)).exclude(pk__in=points_to_review(actor, at=at))
    is_reader = points.exists() and not unread.exists()
    return ALLOW if is_reader else Decision(CommentError.NOT_THE_DESK)


def askable_names(actor: Actor, submissions: Collection[int], *, at: date) -> set[int]:
    """Of these submissions, those for which :func:`can_ask_for_name` holds and a name is kept."""
    points = Point.objects.filter(submission__in=submissions, submission__kept_name__isnull=False)
    found = set(points.values_list("submission", flat=True))
    if not found:
        return found
    unread = points.exclude(pk__in=desk_points(actor, at=at)).exclude(pk__in=points_to_review(actor, at=at))
    if actor.person_id is not None:
        unread |= points.filter(about=About.PERSON, person__in=selves(actor))
    return found - set(unread.values_list("submission", flat=True))


def can_see_kept_name(actor: Actor, submission: Submission, *, at: date) -> Decision:
    """Whether two keepers may open the name at this actor's sign-in: one who could ask for it, or a keeper."""
    if submission.call is not None and _holds(actor, submission.call):
        return ALLOW
    return can_ask_for_name(actor, submission, at=at)


def can_enrol(actor: Actor, person_id: int, *, at: date) -> Decision:
    """Whether this person's passphrase may be chosen here: their own sign-in, or the office that keeps them."""
    if actor.person_id == person_id:
        return ALLOW
    return can_keep_person(actor, person_id, at=at)
