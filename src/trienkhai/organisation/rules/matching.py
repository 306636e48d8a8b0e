"""Whether somebody on a list is somebody who is there already."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

_WHOLE_DAY = len("1968-05-12")


class Verdict(StrEnum):
    """What comparing says."""

    NEW = "new"
    SAME = "same"
    MOVED = "moved"
    ASK = "ask"


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody who is there: name and birth as lists keep them ("1968-05-12", "1968", ""), the unit they count in."""

    id: int
    birth: str
    unit: int | None
    card: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """Somebody of the same name on a list. ``unit`` is ``None`` where the list's unit is not there yet."""

    birth: str
    unit: int | None
    card: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """The verdict, and whom it is about: one for SAME and MOVED, all who may be meant for ASK."""

    verdict: Verdict
    people: tuple[int, ...] = ()


def compare(listed: Listed, namesakes: Sequence[Known]) -> Finding:
    """Who on record the listed person is, among people of exactly that name.

    The same name and whole birth date, or card number, is the same person; so is the same year (or none) within one
    unit. The same person in another unit has moved; one who has left, or died, is asked about. Everything else that
    may be the same person is asked. A different birth in another unit is somebody else.
    """
    same = [known for known in namesakes if _is_same(listed, known)]
    if any(known.unit is None for known in same):
        return Finding(Verdict.ASK, tuple(known.id for known in same))
    if len(same) == 1 or (same and all(known.unit == listed.unit for known in same)):
        found = same[0]
        moved = found.unit != listed.unit
        return Finding(Verdict.MOVED if moved else Verdict.SAME, (found.id,))
    here = [known for known in same if known.unit == listed.unit]
    if len(here) == 1:
        return Finding(Verdict.SAME, (here[0].id,))
    unclear = same or [known for known in namesakes if _may_be_same(listed, known)]
    return Finding(Verdict.ASK, tuple(known.id for known in unclear)) if unclear else Finding(Verdict.NEW)


def _is_same(listed: Listed, known: Known) -> bool:
    if listed.card and known.card:
        return listed.card == known.card
    if listed.birth != known.birth:
        return False
    return len(listed.birth) == _WHOLE_DAY or (listed.unit is not None and listed.unit == known.unit)


def _may_be_same(listed: Listed, known: Known) -> bool:
    if listed.card and known.card and listed.card != known.card:
        return False
    if listed.birth.startswith(known.birth) or known.birth.startswith(listed.birth):
        return True
    return listed.unit is not None and listed.unit == known.unit
