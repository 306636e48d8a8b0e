"""Setting an installation up."""

from datetime import date, datetime

from django.db import transaction

from trienkhai.accounts.models import Installation, User
from trienkhai.core.decisions import Refused
from trienkhai.ledger.actions import record
from trienkhai.organisation.models import Unit
from trienkhai.organisation.rules import SYSTEM, UnitKind
from trienkhai.rollouts.actions.organisation import open_unit
from trienkhai.web.rules import StartError


@transaction.atomic
def set_up(
    *,
    unit: str,
    kind: UnitKind,
    upper: str,
    place: str,
    since: date,
    username: str,
    password: str,
    mode: str,
    at: datetime,
) -> tuple[User, Unit]:
    """Make the first unit, the one above it when named, and the sign-in of whoever runs the installation.

    Raises:
        Refused: it has been set up already.
        Invalid: a name or day that cannot be.
    """
    _made, is_first = Installation.objects.get_or_create(pk=1, defaults={"mode": mode, "made_at": at})
    if not is_first or Unit.objects.exists() or User.objects.exists():
        raise Refused(StartError.ALREADY_SET_UP)
    user = User.objects.create_superuser(username, password)
    record(actor=user.key, action="web.set_up", subject=user.key, detail={"mode": mode})
    parent = None
    if upper.strip():
        above = open_unit(name=upper, kind=UnitKind.UPPER, parent=None, on=since, actor=SYSTEM, at=at)
        parent = above.made[0]
    made = open_unit(name=unit, kind=kind, parent=parent, on=since, place=place, actor=SYSTEM, at=at)
    return user, Unit.objects.get(pk=made.made[0])
