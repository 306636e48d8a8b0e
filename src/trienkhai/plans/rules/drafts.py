"""What a version says: title and prose, and its measures in words."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from trienkhai.core.decisions import Invalid
from trienkhai.plans.rules.codes import (
    LONGEST,
    LONGEST_TEXT,
    MOST_COORDINATORS,
    MOST_PROGRAMMES,
    PlanError,
    Treatment,
)
from trienkhai.text import clean_line, clean_text

TARGET_DIGITS, TARGET_PLACES = 18, 4


@dataclass(frozen=True)
class Head:
    """Title and prose of a version."""

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
class Coordinator:
    """Who helps the lead: a unit, or a name as typed."""

    unit: int | None = None
    name: str = ""

    def checked(self) -> "Coordinator":
        """The same with a clean name, which a unit does not need.

        Raises:
            Invalid: too long.
        """
        if self.unit is not None:
            return Coordinator(self.unit)
        name = clean_line(self.name)
        if len(name) > LONGEST["coordinator"]:
            raise Invalid(PlanError.TOO_LONG, on="coordinators", limit=LONGEST["coordinator"])
        return Coordinator(name=name)


@dataclass(frozen=True)
class Line:
    """One measure as it is worded. ``key``: of a measure that is there already; ``lead_unit`` outweighs ``lead``.

    ``answers``: the measure of a plan above that it takes up, changes or leaves out. ``programmes``: it is tied to.
    ``measure``: its identity, where the line was read from a version.
    """

    text: str
    lead_unit: int | None = None
    lead: str = ""
    deadline_on: date | None = None
    product: str = ""
    is_urgent: bool = False
    provision: int | None = None
    key: UUID | None = None
    coordinators: tuple[Coordinator, ...] = ()
    indicator: str = ""
    target: Decimal | None = None
    target_unit: str = ""
    is_recurring: bool = False
    programmes: tuple[int, ...] = ()
    answers: int | None = None
    treatment: Treatment = Treatment.OWN
    reason: str = ""
    measure: int | None = field(default=None, compare=False)

    def checked(self) -> "Line":
        """The same with clean text and one lead; what is left out says why and nothing else.

        Raises:
            Invalid: no text, no reason, or something too long.
        """
        reason = clean_text(self.reason)
        if len(reason) > LONGEST["reason"]:
            raise Invalid(PlanError.TOO_LONG, on="reason", limit=LONGEST["reason"])
        if self.treatment == Treatment.LEFT_OUT:
            if not reason:
                raise Invalid(PlanError.LEFT_OUT_WHY, on="reason")
            return Line("", key=self.key, answers=self.answers, treatment=self.treatment, reason=reason)
        lead = "" if self.lead_unit is not None else clean_line(self.lead)
        line = replace(
            self,
            text=clean_text(self.text),
            lead=lead,
            product=clean_line(self.product),
            coordinators=_once(self.coordinators),
            indicator=clean_line(self.indicator),
            target_unit=clean_line(self.target_unit),
            programmes=tuple(dict.fromkeys(self.programmes)),
            reason=reason,
        )
        _must_say_what(line)
        return line

    def says_the_same(self, other: "Line") -> bool:
        """Whether both say the same, whoever's measure it is and whatever it answers."""
        bare = {"key": None, "answers": None, "treatment": Treatment.OWN, "reason": ""}
        return replace(self, **bare) == replace(other, **bare)  # type: ignore[arg-type]

    def as_detail(self) -> dict[str, object]:
        """As the ledger keeps it; what is not said is left out."""
        said = {
            "treatment": self.treatment.value,
            "text": self.text,
            "lead_unit": self.lead_unit,
            "lead": self.lead,
            "coordinators": [coordinator.unit or coordinator.name for coordinator in self.coordinators],
            "deadline_on": self.deadline_on.isoformat() if self.deadline_on else "",
            "product": self.product,
            "indicator": self.indicator,
            "target": f"{self.target.normalize():f}" if self.target is not None else "",
            "target_unit": self.target_unit,
            "is_urgent": self.is_urgent,
            "is_recurring": self.is_recurring,
            "provision": self.provision,
            "programmes": list(self.programmes),
            "answers": self.answers,
            "reason": self.reason,
        }
        return {name: value for name, value in said.items() if value or name == "text"}


def _once(coordinators: Iterable[Coordinator]) -> tuple[Coordinator, ...]:
    """Each once, in their order; empty names left out.

    Raises:
        Invalid: too many, or one too long.
    """
    checked = dict.fromkeys(coordinator.checked() for coordinator in coordinators)
    found = tuple(one for one in checked if one.unit is not None or one.name)
    if len(found) > MOST_COORDINATORS:
        raise Invalid(PlanError.TOO_MANY_COORDINATORS, on="coordinators", limit=MOST_COORDINATORS)
    return found


def _must_say_what(line: Line) -> None:
    if not line.text:
        raise Invalid(PlanError.MEASURE_EMPTY, on="text")
    if len(line.text) > LONGEST_TEXT:
        raise Invalid(PlanError.TOO_LONG, on="text", limit=LONGEST_TEXT)
    for name in ("lead", "product", "indicator", "target_unit"):
        _must_fit(name, getattr(line, name))
    if len(line.programmes) > MOST_PROGRAMMES:
        raise Invalid(PlanError.TOO_MANY_PROGRAMMES, on="programmes", limit=MOST_PROGRAMMES)
    if (line.target is not None or line.target_unit) and not line.indicator:
        raise Invalid(PlanError.TARGET_WITHOUT_INDICATOR, on="indicator")
    if line.target is not None and not _storable(line.target):
        raise Invalid(PlanError.TARGET_TOO_LARGE, on="target", digits=TARGET_DIGITS - TARGET_PLACES)


def _storable(target: Decimal) -> bool:
    return (
        target.is_finite()
        and abs(target) < 10 ** (TARGET_DIGITS - TARGET_PLACES)
        and target == round(target, TARGET_PLACES)
    )


def _must_fit(name: str, value: str) -> None:
    if len(value) > LONGEST[name]:
        raise Invalid(PlanError.TOO_LONG, on=name, limit=LONGEST[name])
