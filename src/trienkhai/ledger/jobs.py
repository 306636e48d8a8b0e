"""What the worker does about the ledger, again and again."""

from trienkhai.ledger.actions import seal
from trienkhai.ledger.clock import now


def keep_sealed() -> None:
    """Chain what has been recorded since the last seal."""
    seal(at=now())
