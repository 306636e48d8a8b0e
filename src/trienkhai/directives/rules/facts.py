"""What is known of a directive before its provisions, and what of it cannot be true."""

from dataclasses import dataclass, replace
from datetime import date

from trienkhai.core.decisions import Problems
from trienkhai.directives.rules.kinds import DirectiveKind, Fault
from trienkhai.text import clean_line

LONGEST = {"number": 60, "issuer": 200, "title": 500}


@dataclass(frozen=True)
class Facts:
    """What stands at the head of a directive. ``received_on``: when the owner received it, if known."""

    kind: DirectiveKind
    number: str
    issuer: str
    issued_on: date
    title: str
    received_on: date | None = None

    def checked(self, *, today: date) -> "Facts":
        """The same facts with clean lines.

        Raises:
            Invalid: something is missing, too long, or dated in the future or in the wrong order.
        """
        facts = replace(
            self, number=clean_line(self.number), issuer=clean_line(self.issuer), title=clean_line(self.title)
        )
        problems = Problems()
        for name, empty in (
            ("number", Fault.NUMBER_EMPTY),
            ("issuer", Fault.ISSUER_EMPTY),
            ("title", Fault.TITLE_EMPTY),
        ):
            value = str(getattr(facts, name))
            if not value:
                problems.add(empty, on=name)
            elif len(value) > LONGEST[name]:
                problems.add(Fault.TOO_LONG, on=name, limit=LONGEST[name])
        if facts.issued_on > today:
            problems.add(Fault.ISSUED_IN_FUTURE, on="issued_on")
        if facts.received_on is not None:
            if facts.received_on > today:
                problems.add(Fault.RECEIVED_IN_FUTURE, on="received_on")
            if facts.received_on < facts.issued_on:
                problems.add(Fault.RECEIVED_BEFORE_ISSUED, on="received_on")
        problems.raise_first()
        return facts

    def as_detail(self) -> dict[str, str]:
        """As the ledger keeps it."""
        return {
            "kind": self.kind.value,
            "number": self.number,
            "issuer": self.issuer,
            "issued_on": self.issued_on.isoformat(),
            "title": self.title,
            "received_on": self.received_on.isoformat() if self.received_on else "",
        }
