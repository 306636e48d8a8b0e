"""Who acts, and in which role."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """What a sign-in may do for a unit."""

    OFFICE = "office"  # delegated clerk: the unit and everything below
    SECRETARY = "secretary"  # by post
    MEMBER = "member"  # by membership


@dataclass(frozen=True)
class Grant:
    """A role for one unit on the day the actor was made."""

    role: Role
    unit_id: int


@dataclass(frozen=True)
class Actor:
    """Who acts: an opaque key for the ledger, the person behind it, and what they may do for which units.

    ``is_installer`` is the person who runs the installation: the office of every unit.
    """

    key: UUID | None
    person_id: int | None = None
    grants: tuple[Grant, ...] = ()
    is_installer: bool = False

    def units(self, *roles: Role) -> frozenset[int]:
        """Units this actor holds one of ``roles`` for."""
        return frozenset(grant.unit_id for grant in self.grants if grant.role in roles)


ANONYMOUS = Actor(key=None)
SYSTEM = Actor(key=None, is_installer=True)
"""Jobs and commands run by whoever has the machine."""
