"""Call keys: in the data folder alone, never in database or backup; written through, and destroyed."""

import contextlib
import logging
import os
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.db import transaction

from trienkhai.core.decisions import Refused
from trienkhai.sealed.models import SealedBatch
from trienkhai.sealed.queries import key_files
from trienkhai.sealed.rules import SealedError

log = logging.getLogger(__name__)
_O_BINARY: int = getattr(os, "O_BINARY", 0)  # Windows alone tells text from bytes
NEVER_USED_AFTER = timedelta(days=30)
"""A key no batch belongs to was made by a transaction that was rolled back: nothing was ever sealed with it."""


def write_key(batch: SealedBatch, wrapped: bytes) -> None:
    """Put a batch's wrapped private key onto the disk, before the batch is committed.

    Raises:
        Refused: the disk would not take it.
    """
    path = batch.key_path
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _O_BINARY, 0o600)
        with os.fdopen(descriptor, "wb") as target:
            target.write(wrapped)
            target.flush()
            os.fsync(target.fileno())
        _flush_folder(path.parent)
        _flush_folder(path.parent.parent)
    except OSError as fault:
        raise Refused(SealedError.KEY_NOT_SAVED) from fault


def destroy_key(path: Path) -> bool:
    """Overwrite a key, remove it, and write that through. Whether it was there.

    A disk may keep older copies of what is overwritten (flash memory, journals, snapshots): what it keeps is wrapped
    for two holders all the same.
    """
    try:
        descriptor = os.open(path, os.O_WRONLY | _O_BINARY)
    except FileNotFoundError:
        return False
    with os.fdopen(descriptor, "wb") as target:
        target.write(secrets.token_bytes(os.fstat(target.fileno()).st_size))
        target.flush()
        os.fsync(target.fileno())
    with contextlib.suppress(FileNotFoundError):  # somebody else was quicker
        path.unlink()
    _flush_folder(path.parent)
    return True


def destroy_leftovers() -> int:
    """Destroy keys of batches that have ended, and keys a month old that never belonged to any; returns how many.

    Never inside a transaction: an end that is undone must leave its key. A crash between committing a release and
    destroying its key leaves one behind: the worker, the next start, and the next opening or release come by here.
    A key the disk will not let go of now is tried again then.
    """
    found = key_files()
    if not found:
        return 0
    with transaction.atomic(durable=True):
        days = dict(SealedBatch.objects.order_by("id").values_list("key", "closed_on"))
    is_open = {str(key): closed_on is None for key, closed_on in days.items()}
    gone = [path for path in found if not is_open.get(path.stem, not _is_old(path))]
    return sum(_is_destroyed(path) for path in gone)


def destroy_when_committed() -> None:
    """Destroy what is left over once the transaction under way is on the disk; nothing when it is undone."""
    transaction.on_commit(destroy_leftovers, robust=True)


def _is_destroyed(path: Path) -> bool:
    try:
        return destroy_key(path)
    except OSError:
        log.exception("A call key could not be destroyed and will be tried again: %s", path.name)
        return False


def _is_old(path: Path) -> bool:
    try:
        written = datetime.fromtimestamp(path.stat().st_mtime, tz=UTC)
    except FileNotFoundError:
        return False
    return datetime.now(tz=UTC) - written > NEVER_USED_AFTER  # noqa: TID251 - compared with the disk's clock, not a rule


def _flush_folder(place: Path) -> None:
    """Write a folder's entries to the disk. Windows does so by itself and cannot be asked."""
    if os.name == "nt":
        return
    descriptor = os.open(place, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
