"""What the worker does about files, once a day."""

from trienkhai.files.actions import collect_orphans
from trienkhai.ledger.clock import now


def keep_clean() -> int:
    """Remove what nothing refers to any more; returns how many."""
    return collect_orphans(at=now())
