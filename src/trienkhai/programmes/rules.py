"""What is known of a programme, and what of it cannot be true."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from trienkhai.core.decisions import Problems
from trienkhai.text import clean_line, clean_text

LONGEST = {"name": 300, "note": 5_000}


class ProgrammeKind(StrEnum):
    """What measures and meetings are tied to."""

    MOVEMENT = "movement"
    CAMPAIGN = "campaign"
    EXAMPLE = "example"
    SCHEME = "scheme"
    OTHER = "other"


class Fault(StrEnum):
    """Why something about a programme is not possible. Texts: texts.py."""

    NAME_EMPTY = "programme_name_empty"
    TOO_LONG = "programme_too_long"
    DAYS_OUT_OF_ORDER = "programme_days_out_of_order"
    ALREADY_THERE = "programme_already_there"
    CHANGED_MEANWHILE = "programme_changed_meanwhile"
    IN_USE = "programme_in_use"


@dataclass(frozen=True)
class Facts:
    """What is known of a programme. ``ends_on``: the first day on which it no longer runs; ``None``: it goes on."""

    kind: ProgrammeKind
    name: str
    starts_on: date
    ends_on: date | None = None
    note: str = ""

    def checked(self) -> "Facts":
        """The same facts with clean texts.

        Raises:
            Invalid: no name, something too long, or an end that is not after the beginning.
        """
        facts = replace(self, name=clean_line(self.name), note=clean_text(self.note))
        problems = Problems()
        if not facts.name:
            problems.add(Fault.NAME_EMPTY, on="name")
        for name, limit in LONGEST.items():
            if len(str(getattr(facts, name))) > limit:
                problems.add(Fault.TOO_LONG, on=name, limit=limit)
        if facts.ends_on is not None and facts.ends_on <= facts.starts_on:
            problems.add(Fault.DAYS_OUT_OF_ORDER, on="ends_on")
        problems.raise_first()
        return facts

    def as_detail(self) -> dict[str, str]:
        """As the ledger keeps it."""
        return {
            "kind": self.kind.value,
            "name": self.name,
            "starts_on": self.starts_on.isoformat(),
            "ends_on": self.ends_on.isoformat() if self.ends_on else "",
            "note": self.note,
        }
