"""What a plan says, what of it cannot be true, and what a draft still lacks."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from uuid import UUID

from trienkhai.core.decisions import Invalid
from trienkhai.text import clean_line, clean_text

MOST_MEASURES = 200
LONGEST = {"title": 300, "number": 60, "signer": 120, "signer_post": 120, "note": 250, "lead": 200, "product": 250}
LONGEST_TEXT = 20_000


class PlanError(StrEnum):
    """Why something about a plan is not possible. Texts: texts.py."""

    ADOPTED = "plan_adopted"
    NOT_ADOPTED = "plan_not_adopted"
    WAS_ADOPTED = "plan_was_adopted"
    NOT_VISIBLE = "not_visible"
    CHANGED_MEANWHILE = "plan_changed_meanwhile"
    ALREADY_THERE = "plan_already_there"
    TITLE_EMPTY = "plan_title_empty"
    TOO_LONG = "plan_too_long"
    MEASURE_EMPTY = "plan_measure_empty"
    TOO_MANY_MEASURES = "plan_too_many_measures"
    NOT_ITS_PROVISION = "plan_not_its_provision"
    NOT_ITS_MEASURE = "plan_not_its_measure"
    IN_THE_FUTURE = "plan_in_the_future"
    BEFORE_ISSUED = "plan_before_issued"
    REASON_EMPTY = "plan_reason_empty"
    NOTHING_ENTERED = "plan_nothing_entered"


class Remark(StrEnum):
    """What a draft lacks, or what looks wrong in it. None of them hinders its adoption."""

    NO_MEASURE = "no_measure"
    NO_LEAD = "no_lead"
    NO_DEADLINE = "no_deadline"
    AFTER_LAST_STEP = "after_last_step"
    BEFORE_ROLLOUT = "before_rollout"


@dataclass(frozen=True)
class Head:
    """Title and prose of a plan."""

    title: str
    purpose: str = ""
    organising: str = ""

    def checked(self) -> "Head":
        """The same with clean text.

        Raises:
            Invalid: no title, or something too long.
        """
        head = Head(clean_line(self.title), clean_text(self.purpose), clean_text(self.organising))
        if not head.title:
            raise Invalid(PlanError.TITLE_EMPTY, on="title")
        _must_fit("title", head.title)
        for name in ("purpose", "organising"):
            if len(getattr(head, name)) > LONGEST_TEXT:
                raise Invalid(PlanError.TOO_LONG, on=name, limit=LONGEST_TEXT)
        return head


@dataclass(frozen=True)
class Line:
    """One measure as it is drafted. ``key``: of a measure that is there already; ``lead_unit`` outweighs ``lead``."""

    text: str
    lead_unit: int | None = None
    lead: str = ""
    deadline_on: date | None = None
    product: str = ""
    is_urgent: bool = False
    provision: int | None = None
    key: UUID | None = None

    def checked(self) -> "Line":
        """The same with clean text and one lead.

        Raises:
            Invalid: no text, or something too long.
        """
        lead = "" if self.lead_unit is not None else clean_line(self.lead)
        line = replace(self, text=clean_text(self.text), lead=lead, product=clean_line(self.product))
        if not line.text:
            raise Invalid(PlanError.MEASURE_EMPTY, on="text")
        if len(line.text) > LONGEST_TEXT:
            raise Invalid(PlanError.TOO_LONG, on="text", limit=LONGEST_TEXT)
        _must_fit("lead", line.lead)
        _must_fit("product", line.product)
        return line

    def as_detail(self) -> dict[str, object]:
        """As the ledger keeps it."""
        return {
            "text": self.text,
            "lead_unit": self.lead_unit,
            "lead": self.lead,
            "deadline_on": self.deadline_on.isoformat() if self.deadline_on else "",
            "product": self.product,
            "is_urgent": self.is_urgent,
            "provision": self.provision,
        }


@dataclass(frozen=True)
class Adopted:
    """How a plan was adopted. ``note``: how this is known, where it was not seen ("told by telephone")."""

    on: date
    number: str = ""
    signer: str = ""
    signer_post: str = ""
    note: str = ""

    def checked(self, *, today: date, earliest: date | None) -> "Adopted":
        """The same with clean lines.

        Args:
            today: adoptions do not lie ahead.
            earliest: the day the first directive carried out was issued; ``None`` when that is not known.

        Raises:
            Invalid: a day that cannot be, or something too long.
        """
        names = ("number", "signer", "signer_post", "note")
        values = {name: clean_line(getattr(self, name)) for name in names}
        if self.on > today:
            raise Invalid(PlanError.IN_THE_FUTURE, on="on")
        if earliest is not None and self.on < earliest:
            raise Invalid(PlanError.BEFORE_ISSUED, on="on", earliest=f"{earliest:%d/%m/%Y}")
        for name in names:
            _must_fit(name, values[name])
        return Adopted(self.on, **values)

    def as_detail(self) -> dict[str, str]:
        """As the ledger keeps it."""
        return {
            "on": self.on.isoformat(),
            "number": self.number,
            "signer": self.signer,
            "signer_post": self.signer_post,
            "note": self.note,
        }


@dataclass(frozen=True)
class Finding:
    """A remark on the whole draft or on one measure, counted from 1."""

    remark: Remark
    measure: int | None = None


def findings(lines: Sequence[Line], *, opens_on: date, last_deadline: date | None) -> list[Finding]:
    """What a draft lacks: measures, a lead or a deadline of one; deadlines outside the roll-out's own time.

    Args:
        lines: the measures in their order.
        opens_on: the roll-out's first day.
        last_deadline: the latest deadline among its steps, ``None`` when none has one.
    """
    if not lines:
        return [Finding(Remark.NO_MEASURE)]
    return list(_of_lines(lines, opens_on, last_deadline))


def _of_lines(lines: Iterable[Line], opens_on: date, last_deadline: date | None) -> Iterator[Finding]:
    for number, line in enumerate(lines, start=1):
        if line.lead_unit is None and not line.lead:
            yield Finding(Remark.NO_LEAD, number)
        if line.deadline_on is None:
            yield Finding(Remark.NO_DEADLINE, number)
        elif line.deadline_on < opens_on:
            yield Finding(Remark.BEFORE_ROLLOUT, number)
        elif last_deadline is not None and line.deadline_on > last_deadline:
            yield Finding(Remark.AFTER_LAST_STEP, number)


def _must_fit(name: str, value: str) -> None:
    if len(value) > LONGEST[name]:
        raise Invalid(PlanError.TOO_LONG, on=name, limit=LONGEST[name])
