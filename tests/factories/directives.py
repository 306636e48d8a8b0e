"""Directives, made through the actions a user uses."""

from datetime import UTC, date, datetime
from itertools import count

from trienkhai.directives import actions
from trienkhai.directives.models import Directive
from trienkhai.directives.rules import DirectiveKind, Facts
from trienkhai.organisation.models import Unit
from trienkhai.organisation.rules import SYSTEM

AT = datetime(2012, 6, 1, 3, tzinfo=UTC)
_numbers = count(1)


def facts(
    number: str = "12-NQ/TW",
    title: str = "Một số vấn đề cấp bách về xây dựng Đảng hiện nay",
    *,
    kind: DirectiveKind = DirectiveKind.RESOLUTION,
    issuer: str = "Ban Chấp hành Trung ương",
    issued_on: date = date(2012, 1, 16),
    received_on: date | None = None,
) -> Facts:
    """Facts of a directive."""
    return Facts(kind, number, issuer, issued_on, title, received_on)


def make_directive(
    owner: int,
    title: str = "Một số vấn đề cấp bách về xây dựng Đảng hiện nay",
    *,
    number: str = "",
    provisions: str = "",
    kind: DirectiveKind = DirectiveKind.RESOLUTION,
    issuer: str = "Ban Chấp hành Trung ương",
    issued_on: date = date(2012, 1, 16),
) -> Directive:
    """One directive of a unit; without a number it gets one of its own."""
    head = facts(number or f"{next(_numbers)}-NQ/TEST", title, kind=kind, issuer=issuer, issued_on=issued_on)
    unit = Unit.objects.get(pk=owner)
    directive = actions.register_directive(owner=unit, facts=head, actor=SYSTEM, at=AT)
    if provisions:
        actions.set_provisions(directive=directive, text=provisions, actor=SYSTEM, at=AT)
    return directive
