"""How a version was adopted, and which is in force."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from trienkhai.core.decisions import Invalid
from trienkhai.plans.rules.codes import LONGEST, PlanError, VersionState
from trienkhai.text import clean_line


@dataclass(frozen=True)
class Between:
    """Days between which an adoption can lie: after the directive and the version before, not after the next one."""

    today: date
    earliest: date | None = None
    last_version: date | None = None
    next_version: date | None = None

    def require(self, on: date) -> None:
        """Refuse a day outside.

        Raises:
            Invalid: it lies ahead, before the directive, before the last version or after the next.
        """
        if on > self.today:
            raise Invalid(PlanError.IN_THE_FUTURE, on="on")
        if self.earliest is not None and on < self.earliest:
            raise Invalid(PlanError.BEFORE_ISSUED, on="on", earliest=f"{self.earliest:%d/%m/%Y}")
        if self.last_version is not None and on < self.last_version:
            raise Invalid(PlanError.BEFORE_LAST_VERSION, on="on", earliest=f"{self.last_version:%d/%m/%Y}")
        if self.next_version is not None and on > self.next_version:
            raise Invalid(PlanError.AFTER_NEXT_VERSION, on="on", latest=f"{self.next_version:%d/%m/%Y}")


@dataclass(frozen=True)
class Adopted:
    """How a version was adopted. ``note``: how this is known, where it was not seen ("told by telephone")."""

    on: date
    number: str = ""
    signer: str = ""
    signer_post: str = ""
    note: str = ""

    def checked(self, between: Between) -> "Adopted":
        """The same with clean lines.

        Raises:
            Invalid: a day that cannot be, or something too long.
        """
        names = ("number", "signer", "signer_post", "note")
        values = {name: clean_line(getattr(self, name)) for name in names}
        between.require(self.on)
        for name in names:
            if len(values[name]) > LONGEST[name]:
                raise Invalid(PlanError.TOO_LONG, on=name, limit=LONGEST[name])
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


def in_force_on(adopted: Iterable[tuple[int, date | None]], on: date) -> int | None:
    """The number of the version in force on the day: the largest adopted by then; ``None`` before the first.

    Args:
        adopted: number and day of adoption of each version; ``None`` for a draft.
        on: the day.
    """
    return max((number for number, day in adopted if day is not None and day <= on), default=None)


def state_of(number: int, adopted_on: date | None, *, in_force: int | None) -> VersionState:
    """Where a version stands on the day on which ``in_force`` is the version in force."""
    if adopted_on is None:
        return VersionState.DRAFT
    if in_force is None or number > in_force:
        return VersionState.AHEAD
    return VersionState.IN_FORCE if number == in_force else VersionState.SUPERSEDED
