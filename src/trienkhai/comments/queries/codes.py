"""Codes residents draw: by what is on paper, and how many have been used."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Max

from trienkhai.comments.models import Call, DrawnCode
from trienkhai.comments.rules import digest_of_code, normalised_code
from trienkhai.sealed.queries import status


@dataclass(frozen=True)
class CodeCounts:
    """How many codes a call gives out, how many have been used; the number of the newest sheet, none yet: 0."""

    number: int
    used: int
    sheet: int

    @property
    def left(self) -> int:
        """How many have not been used."""
        return self.number - self.used


def code_counts(call: Call) -> CodeCounts:
    """What may be known of a call's codes: numbers, never which."""
    used = status(call.round_key).participants if call.round_key is not None else 0
    newest = DrawnCode.objects.filter(call=call).aggregate(sheet=Max("sheet"))["sheet"]
    return CodeCounts(call.asked_number, used, newest or 0)


def digest(code: str) -> str:
    """What this installation keeps of a code."""
    return digest_of_code(code, settings.SECRET_KEY)


def code_of(typed: str) -> DrawnCode | None:
    """The place a code stands for; ``None`` when it is not known.

    Raises:
        Invalid: it cannot be one.
    """
    rows = DrawnCode.objects.filter(digest=digest(normalised_code(typed)))
    return rows.select_related("call__unit", "call__scope").first()
