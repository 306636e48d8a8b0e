"""Codes for residents: drawn for a sheet that is shown once, and used once each."""

from datetime import datetime

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from trienkhai.comments import policies
from trienkhai.comments.actions.calls import locked_call
from trienkhai.comments.actions.writing import Letter, sealed_letter
from trienkhai.comments.models import Call, DrawnCode
from trienkhai.comments.queries.codes import code_counts, code_of, digest
from trienkhai.comments.rules import CommentError, Promise, new_code
from trienkhai.core.decisions import Invalid, Refused
from trienkhai.ledger.actions import record
from trienkhai.ledger.clock import local_day
from trienkhai.organisation.rules import Actor
from trienkhai.sealed import actions as sealed
from trienkhai.sealed.queries import participants

RESIDENT = "resident"
"""Who signs, to the box: the name the resident wrote is among the words."""
_AT_ONCE = 500


@sensitive_variables()
@transaction.atomic
def draw_codes(*, call: Call, sheet: int, actor: Actor, at: datetime) -> list[str]:
    """Make codes for everybody who has not sent yet; returned once, to be printed: a digest of each is kept.

    Codes of earlier sheets that have not been used hold no longer.

    Args:
        call: of residents.
        sheet: the number of the newest sheet the actor knows of: a page loaded again makes no other codes.
        actor: who draws.
        at: now.

    Raises:
        Refused: not the desk, over, drawn meanwhile, all used.
    """
    call = locked_call(call)
    policies.can_draw_codes(actor, call, at=local_day(at)).require()
    newest = code_counts(call).sheet
    if newest != sheet:
        raise Refused(CommentError.CODES_DRAWN)
    used = participants(call.round_key) if call.round_key is not None else set()
    rows = [row for row in DrawnCode.objects.filter(call=call).order_by("pk") if row.key not in used]
    if not rows:
        raise Refused(CommentError.CODES_USED_UP)
    codes = [new_code() for _row in rows]
    for row, code in zip(rows, codes, strict=True):
        row.digest, row.sheet = digest(code), newest + 1
    DrawnCode.objects.bulk_update(rows, ["digest", "sheet"], batch_size=_AT_ONCE)
    record(
        actor=actor.key,
        action="comments.draw_codes",
        subject=call.key,
        detail={"sheet": newest + 1},
        count=len(codes),
    )
    return codes


@sensitive_variables()
def send_by_code(*, code: str, letter: Letter, at: datetime) -> str:
    """Put a resident's submission into the box of the call the code is for; the receipt, shown once.

    Raises:
        Refused: a code that is not known or has been used; not open; a promise that is not offered.
        Invalid: nothing said, too long, signed without a name.
    """
    place = code_of(code)
    if place is None or place.call.round_key is None:
        raise Refused(CommentError.CODE_UNKNOWN)
    decision = policies.can_use_code(place, at=local_day(at), promise=letter.promise)
    if not decision and not (letter.receipt and decision.reason == CommentError.CODE_USED):
        decision.require()
    if letter.promise is Promise.NAMED and not letter.signed.strip():
        raise Invalid(CommentError.NO_SIGNATURE, on="signed")
    sending = sealed_letter(place.call, letter, author=RESIDENT)
    return sealed.send(
        round_key=place.call.round_key, participant=place.key, submission=sending, at=at, receipt=letter.receipt
    )
