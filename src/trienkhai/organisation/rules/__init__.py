"""What units, memberships, posts, roles and their timelines are."""

from trienkhai.organisation.rules.actors import ANONYMOUS, SYSTEM, Actor, Grant, Role
from trienkhai.organisation.rules.faults import Fault, Reason
from trienkhai.organisation.rules.kinds import (
    LEADERS,
    LEAVING,
    PARTY_KINDS,
    SECRETARIES,
    BodyKind,
    EndReason,
    MemberKind,
    PostKind,
    Standing,
    SuccessionKind,
    Tie,
    UnitKind,
    may_hang_under,
)

__all__ = [
    "ANONYMOUS",
    "LEADERS",
    "LEAVING",
    "PARTY_KINDS",
    "SECRETARIES",
    "SYSTEM",
    "Actor",
    "BodyKind",
    "EndReason",
    "Fault",
    "Grant",
    "MemberKind",
    "PostKind",
    "Reason",
    "Role",
    "Standing",
    "SuccessionKind",
    "Tie",
    "UnitKind",
    "may_hang_under",
]
