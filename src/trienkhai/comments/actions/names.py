"""Kept names: asked for, answered by the author with the receipt, withdrawn, opened by two."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction
from django.views.decorators.debug import sensitive_variables

from trienkhai.comments import policies
from trienkhai.comments.actions import counting
from trienkhai.comments.models import Point, Submission
from trienkhai.comments.queries.names import forbidden_keepers
from trienkhai.comments.rules import CommentError
from trienkhai.core.decisions import Invalid, Refused
from trienkhai.ledger.actions import record
from trienkhai.ledger.clock import local_day
from trienkhai.organisation.models import Person
from trienkhai.organisation.rules import Actor
from trienkhai.sealed import actions as sealed
from trienkhai.sealed.queries import receipt as look_up
from trienkhai.sealed.rules import NameState, SealedError, Unlock


@transaction.atomic
def ask_for_name(*, submission: Submission, reason: str, actor: Actor, at: datetime) -> date:
    """Ask for the name kept with a submission; its author is told by the receipt page, and may withdraw.

    Returns:
        The first day on which two keepers may open it without the author's answer.

    Raises:
        Refused: not allowed; asked, withdrawn or opened already; fewer than two keepers may open it.
        Invalid: no reason.
    """
    key = _kept(submission)
    policies.can_ask_for_name(actor, submission, at=local_day(at)).require()
    if not reason.strip():
        raise Invalid(CommentError.NO_REASON, on="reason")
    wait = submission.call.numbers.wait_days if submission.call else 7
    return sealed.ask_to_open(
        kept_name=key,
        forbidden=forbidden_keepers(submission, on=local_day(at)),
        actor=actor.key,
        at=at,
        reason=reason,
        wait_days=wait,
    )


def _kept(submission: Submission) -> UUID:
    if submission.kept_name is None:
        raise Refused(CommentError.NOT_KEPT)
    return submission.kept_name


@sensitive_variables("receipt")
@transaction.atomic
def answer_asking(*, receipt: str, consents: bool, at: datetime) -> NameState:
    """The author answers; withdrawing takes the name and the words away for good.

    Raises:
        Invalid: no receipt.
        Refused: of no kept name, or nobody has asked.
    """
    state = sealed.answer_asking(receipt=receipt, consents=consents, at=at)
    if state is NameState.WITHDRAWN:
        _take_words_away(receipt)
    return state


@sensitive_variables("receipt")
@transaction.atomic
def withdraw(*, receipt: str, at: datetime) -> None:
    """The author of a kept name withdraws, asked or not: name and words go for good.

    Raises:
        Invalid: no receipt.
        Refused: of no kept name, or it has been opened or withdrawn.
    """
    sealed.withdraw(receipt=receipt, at=at)
    _take_words_away(receipt)


@sensitive_variables("receipt")
def _take_words_away(receipt: str) -> None:
    found = look_up(receipt)
    if found is None or found.kept_name is None:
        return
    rows = list(Submission.objects.current().filter(kept_name=found.kept_name).select_related("call", "book"))
    if not rows:
        return
    entry = record(actor=None, action="comments.withdraw", subject=rows[0].key)
    Submission.objects.filter(pk__in=[row.pk for row in rows]).supersede(entry)
    Point.objects.filter(submission__in=rows).update(text="", folded="")
    counting.withdrawn(submissions=rows, entry=entry)
    transaction.on_commit(_empty_the_log, robust=True)


def _empty_the_log() -> None:
    """On SQLite, what was overwritten also leaves the write-ahead log, unless somebody is reading in it right now."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@sensitive_variables()
def open_name(*, submission: Submission, unlocks: Sequence[Unlock], actor: Actor, at: datetime) -> Person | None:
    """Two keepers open the name; it is shown to them once and kept nowhere. ``None``: nobody of that name is left.

    Raises:
        Refused: not asked for, too early, withdrawn, opened before; a keeper who may not.
        Invalid: a passphrase is wrong.
    """
    key = _kept(submission)
    on = local_day(at)
    policies.can_see_kept_name(actor, submission, at=on).require()
    forbidden: Collection[UUID] = forbidden_keepers(submission, on=on)
    if policies.selves(actor).filter(key__in=forbidden).exists():
        raise Refused(SealedError.HOLDER_FORBIDDEN)
    found = sealed.open_name(kept_name=key, unlocks=unlocks, forbidden=forbidden, actor=actor.key, at=at)
    try:
        person = Person.objects.filter(key=UUID(found)).select_related("merged_into").first()
    except ValueError:
        return None
    return person.merged_into or person if person else None
