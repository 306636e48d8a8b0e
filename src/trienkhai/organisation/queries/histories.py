"""What the ledger says of a unit or a person."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from trienkhai.accounts.models import User
from trienkhai.ledger.models import Entry
from trienkhai.ledger.queries import history_of
from trienkhai.organisation.policies import can_undo
from trienkhai.organisation.rules import Actor

_NEWEST = 30


@dataclass(frozen=True)
class EntryRow:
    """One thing recorded. ``by``: who did it, as they sign in; empty for the system."""

    seq: int
    action: str
    recorded_at: datetime
    by: str
    may_undo: bool


def entries_about(subject: UUID, actor: Actor, day: date) -> tuple[EntryRow, ...]:
    """The newest entries about something, newest first, and whether the actor can still take each back."""
    entries = list(history_of(subject).filter(action__startswith="organisation.")[:_NEWEST])
    users = User.objects.filter(key__in={entry.actor for entry in entries if entry.actor})
    names = dict(users.values_list("key", "username"))
    undone = _undone(entries)
    return tuple(
        EntryRow(
            entry.seq,
            entry.action,
            entry.recorded_at,
            names.get(entry.actor, "") if entry.actor else "",
            may_undo=entry.seq not in undone and bool(can_undo(actor, entry, at=day)),
        )
        for entry in entries
    )


def _undone(entries: list[Entry]) -> set[int]:
    """Entries that have been taken back already."""
    undoing = [entry for entry in entries if entry.action == "organisation.undo"]
    return {entry.detail.content["entry"] for entry in undoing if hasattr(entry, "detail")}
