"""Decisions without prose: whether something may be done, and by a stable code why not."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Never


@dataclass(frozen=True)
class Decision:
    """Whether something may be done. True when allowed; else ``reason`` is a stable code.

    Texts for the codes live in templates and translations.
    """

    reason: StrEnum | None = None

    def __bool__(self) -> bool:
        return self.reason is None

    def require(self) -> None:
        """Pass silently when allowed.

        Raises:
            Refused: with the decision's reason.
        """
        if self.reason is not None:
            raise Refused(self.reason)


ALLOW = Decision()


class DomainError(Exception):
    """Something the domain will not do. ``code`` is stable; ``params`` are named values for the text shown."""

    def __init__(self, code: StrEnum | str, **params: object) -> None:
        super().__init__(str(code))
        self.code = str(code)
        self.params: dict[str, object] = params


class Refused(DomainError):
    """The actor may not do this, or not now."""


class Invalid(DomainError):
    """The values given cannot be true (dates out of order, an empty name …). ``field`` names the input at fault."""

    def __init__(self, code: StrEnum | str, *, on: str = "", **params: object) -> None:
        super().__init__(code, **params)
        self.on = on


@dataclass
class Problems:
    """Collects several faults so that a form can show all of them at once."""

    found: list[Invalid] = field(default_factory=list)

    def add(self, code: StrEnum | str, *, on: str = "", **params: object) -> None:
        """Note one fault."""
        self.found.append(Invalid(code, on=on, **params))

    def raise_first(self) -> None:
        """Raise the first fault noted, if any."""
        if self.found:
            raise self.found[0]


def refuse(reason: StrEnum) -> Never:
    """Refuse with a stable code.

    Raises:
        Refused: always.
    """
    raise Refused(reason)
