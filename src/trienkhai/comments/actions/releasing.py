"""Opening the box: two holders, one transaction, and nothing left that says who wrote what."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from trienkhai.comments import policies
from trienkhai.comments.actions import counting
from trienkhai.comments.actions.calls import locked_call
from trienkhai.comments.actions.storing import write
from trienkhai.comments.models import Asked, Call, OfficeKeyFile, Submission
from trienkhai.comments.queries.subjects import choices_of
from trienkhai.comments.rules import AuthorKind, Channel, CommentError, Promise, Said, Subject, out_of_words
from trienkhai.core.decisions import Refused
from trienkhai.ledger.clock import local_day
from trienkhai.organisation.models import Person
from trienkhai.organisation.rules import Actor
from trienkhai.sealed import actions as sealed
from trienkhai.sealed.actions import Release
from trienkhai.sealed.rules import Mode, Released, Unlock


@sensitive_variables("unlocks")
def release_call(*, call: Call, unlocks: Sequence[Unlock], actor: Actor, at: datetime) -> Release:
    """Open the box of a closed call: texts become submissions and points, the boxes go, the key is destroyed.

    Raises:
        Refused: neither desk nor holder, still open, released already, not two of its holders.
        Invalid: a passphrase is wrong.
    """
    day = local_day(at)
    policies.can_release(actor, call, at=day).require()
    if call.round_key is None:
        raise Refused(CommentError.NOT_SEALED)
    unlocked = sealed.unlock(round_key=call.round_key, unlocks=unlocks, actor=actor.key, at=at)

    def store(release: Release) -> None:
        waiting = locked_call(call)
        policies.can_release(actor, waiting, at=day).require()
        subjects = {choice.key: choice.subject for choice in choices_of(waiting, on=day)}
        rows = [_row(waiting, text, subjects) for text in release.texts]
        waiting.released_on, waiting.released_seq = release.entry.recorded_on, release.entry.seq
        waiting.save(update_fields=["released_on", "released_seq"])
        write(rows, entry=release.entry)
        counting.released(call=waiting, entry=release.entry)

    return sealed.release(round_key=call.round_key, unlocked=unlocked, write=store, actor=actor.key, at=at)


@sensitive_variables("text")
def _row(call: Call, text: Released, subjects: Mapping[str, Subject]) -> tuple[Submission, list[Said]]:
    """A released text as a row: without a name there is nothing in it but the words."""
    points = out_of_words(text.content.get("points"), subjects)
    submission = Submission(
        call=call,
        book_id=call.unit_id,
        channel=Channel.SCREEN,
        promise=Promise(text.mode.value),
        author_kind=AuthorKind.NOT_SAID,
        kept_name=text.kept_name,
        answer=text.answer,
    )
    if text.mode is Mode.NAMED:
        _name(submission, text)
    return submission, points


def _name(submission: Submission, text: Released) -> None:
    """The author of a signed text, and who typed it for them; a resident, as they wrote themselves."""
    if submission.call is not None and submission.call.by_codes:
        submission.author_kind = AuthorKind.RESIDENT
        submission.author = str(text.content.get("signed", ""))[:200]
        return
    key = _uuid(text.author)
    asked = Asked.objects.filter(call=submission.call, person__key=key).first() if key else None
    if asked is None:
        return
    submission.person_id, submission.unit_id = asked.person_id, asked.unit_id
    submission.author_kind = AuthorKind.MEMBER if asked.is_member else AuthorKind.OTHER
    submission.told_by = str(text.content.get("told_by", ""))[:150]
    submission.typed_by = _uuid(str(text.content.get("typed_by", "")))
    channel = str(text.content.get("channel", ""))
    submission.channel = channel if channel in set(Channel) else Channel.SCREEN


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@transaction.atomic
def give_up_lost(*, call: Call, actor: Actor, at: datetime) -> None:
    """The key is lost (a restored backup): what was sent can be read by nobody; people are asked to send again.

    Raises:
        Refused: not the desk, or the key is there.
    """
    call = locked_call(call)
    policies.can_desk(actor, call.unit_id, at=local_day(at)).require()
    if call.round_key is None:
        raise Refused(CommentError.NOT_SEALED)
    sealed.renew_key(round_key=call.round_key, actor=actor.key, at=at)


@sensitive_variables("passphrase")
def choose_passphrase(*, person: int, passphrase: str, actor: Actor, at: datetime) -> None:
    """Become a holder: one's own passphrase, apart from sign-in; typed by the person, on whatever machine.

    Where it is typed at somebody else's sign-in, the promise above the box says so.

    Raises:
        Refused: neither oneself nor somebody whose particulars the actor keeps.
        Invalid: too short.
    """
    policies.can_enrol(actor, person, at=local_day(at)).require()
    key = Person.objects.values_list("key", flat=True).get(pk=person)
    elsewhere = actor.person_id != person
    sealed.enrol(owner=key, passphrase=passphrase, actor=actor.key, at=at, elsewhere=elsewhere)


@sensitive_variables("old", "new")
def change_passphrase(*, person: int, old: str, new: str, actor: Actor, at: datetime) -> None:
    """Another passphrase for the same key.

    Raises:
        Refused: not allowed for this person.
        Invalid: the old one is wrong, the new one too short.
    """
    policies.can_enrol(actor, person, at=local_day(at)).require()
    key = Person.objects.values_list("key", flat=True).get(pk=person)
    sealed.change_passphrase(owner=key, old=old, new=new, actor=actor.key, at=at)


@transaction.atomic
def make_key_file(*, unit: int, actor: Actor, at: datetime) -> str:
    """A file that stands for the second holder in an office of one person; returned once, kept nowhere here.

    Raises:
        Refused: not the desk.
    """
    policies.can_desk(actor, unit, at=local_day(at)).require()
    owner = uuid4()
    OfficeKeyFile.objects.create(unit_id=unit, owner=owner, made_on=local_day(at))
    return sealed.enrol_key_file(owner=owner, actor=actor.key, at=at)
