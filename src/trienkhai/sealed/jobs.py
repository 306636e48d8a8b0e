"""What the worker does about call keys, every minute."""

from trienkhai.sealed.actions import destroy_leftovers


def keep_keys_destroyed() -> int:
    """Destroy the keys a crash has left; returns how many."""
    return destroy_leftovers()
