"""Programmes, made through the actions a user uses."""

from datetime import UTC, date, datetime

from trienkhai.organisation.models import Unit
from trienkhai.organisation.rules import SYSTEM
from trienkhai.programmes import actions
from trienkhai.programmes.models import Programme
from trienkhai.programmes.rules import Facts, ProgrammeKind

AT = datetime(2012, 6, 1, 3, tzinfo=UTC)


def facts(
    name: str = "Phong trào xây dựng xã, phường lành mạnh",
    *,
    kind: ProgrammeKind = ProgrammeKind.MOVEMENT,
    starts_on: date = date(2012, 1, 1),
    ends_on: date | None = None,
    note: str = "",
) -> Facts:
    """Facts of a programme."""
    return Facts(kind, name, starts_on, ends_on, note)


def make_programme(
    owner: int,
    name: str = "Phong trào xây dựng xã, phường lành mạnh",
    *,
    starts_on: date = date(2012, 1, 1),
    ends_on: date | None = None,
) -> Programme:
    """One programme led by a unit."""
    known = facts(name, starts_on=starts_on, ends_on=ends_on)
    return actions.add_programme(owner=Unit.objects.get(pk=owner), facts=known, actor=SYSTEM, at=AT)
