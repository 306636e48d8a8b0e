"""Storing bytes so that neither a power cut nor a second upload loses any, and collecting what is unused."""

import hashlib
import os
import secrets
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Protocol
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, ForeignObjectRel, OuterRef, QuerySet

from trienkhai.core.decisions import Invalid, Refused
from trienkhai.files.models import StoredFile
from trienkhai.files.queries import folder, path_of
from trienkhai.files.rules import MEDIA_TYPES, MEGABYTE, FileFault, FileKind, Limits, RejectedFile, clean_name, kind_of

UNUSED_AFTER = timedelta(days=1)
INCOMING = "incoming"


class Upload(Protocol):
    """What Django hands over for an uploaded file, as far as it is needed here."""

    def chunks(self, chunk_size: int | None = None, /) -> Iterator[bytes]:
        """The bytes, piece by piece."""


def store(
    *,
    content: bytes | BinaryIO | Upload,
    name: str,
    actor_key: UUID | None,
    at: datetime,
    limits: Limits | None = None,
) -> StoredFile:
    """Keep the bytes and return the row that names them. Its kind is told by the bytes, not by its name.

    The bytes are on disk, under their digest, before the caller's transaction can be committed. The ledger entry is the
    caller's, who knows what the file is for: give it ``file_digest=stored.sha256``.

    Raises:
        Invalid: with a :class:`FileFault` on the input ``file``: empty, too large, not a kind that is taken, dangerous.
        Refused: the disk would not take it.
    """
    taken = limits or Limits()
    try:
        incoming = _incoming()
        try:
            digest, size = _received(incoming, content, taken.largest)
            with incoming.open("rb") as received:
                kind = kind_of(received, name, taken)
            _put_in_place(incoming, path_of(digest))
        finally:
            incoming.unlink(missing_ok=True)
    except RejectedFile as rejected:
        raise Invalid(
            rejected.fault,
            on="file",
            megabytes=taken.largest // MEGABYTE,
            kinds=", ".join(kind for kind in FileKind if kind in taken.kinds),
        ) from rejected
    except OSError as error:
        raise Refused(FileFault.NOT_SAVED) from error
    return StoredFile.objects.create(
        sha256=digest,
        size=size,
        name=clean_name(name, kind),
        media_type=MEDIA_TYPES[kind],
        uploaded_by=actor_key,
        uploaded_at=at,
    )


@transaction.atomic
def collect_orphans(*, at: datetime) -> int:
    """Remove rows no other row refers to and bytes no row names, both at least a day old; returns how many.

    Bytes are older than a day by the clock of the disk: a file put in place now belongs to a transaction under way.
    """
    rows = _unused_rows(at - UNUSED_AFTER)
    gone = len(rows)
    StoredFile.objects.filter(pk__in=rows).delete()
    transaction.on_commit(_remove_unnamed)
    return gone


def _unused_rows(before: datetime) -> list[int]:
    unused: QuerySet[StoredFile] = StoredFile.objects.filter(uploaded_at__lt=before)
    for relation in StoredFile._meta.get_fields(include_hidden=True):  # noqa: SLF001 - Django's own name for it
        if isinstance(relation, ForeignObjectRel):
            referring = relation.related_model._default_manager.filter(  # noqa: SLF001
                **{relation.field.name: OuterRef("pk")}
            )
            unused = unused.exclude(Exists(referring))
    return list(unused.select_for_update(of=("self",)).values_list("pk", flat=True))


def _remove_unnamed() -> None:
    root = folder()
    for path in sorted(root.glob(f"{INCOMING}/*")):
        if _is_old(path):
            path.unlink(missing_ok=True)
    for path in sorted(root.glob("??/??/*")):
        if _is_old(path) and not StoredFile.objects.filter(sha256=path.name).exists():
            _remove_unless_renewed(path)


def _remove_unless_renewed(path: Path) -> None:
    """Move the bytes aside, look at their age again, and only then remove them.

    Whoever stores equal bytes in between replaces the file: either the new one was moved, and is young, and goes back,
    or it is in place already.
    """
    aside = _incoming()
    path.replace(aside)
    if _is_old(aside):
        aside.unlink()
    else:
        aside.replace(path)


def _is_old(path: Path) -> bool:
    """Whether the disk says that the file was put there more than a day ago."""
    try:
        written = datetime.fromtimestamp(path.stat().st_mtime, tz=UTC)
    except FileNotFoundError:
        return False
    return datetime.now(tz=UTC) - written > UNUSED_AFTER  # noqa: TID251 - compared with the disk's clock, not a rule


def _incoming() -> Path:
    incoming = folder() / INCOMING
    incoming.mkdir(parents=True, exist_ok=True, mode=0o700)
    return incoming / secrets.token_hex(16)


def _received(target: Path, content: bytes | BinaryIO | Upload, largest: int) -> tuple[str, int]:
    """Write the bytes to ``target`` and to the disk itself; returns their digest and size."""
    digest, size = hashlib.sha256(), 0
    with target.open("xb") as out:
        for piece in _pieces(content):
            size += len(piece)
            if size > largest:
                raise RejectedFile(FileFault.TOO_LARGE)
            digest.update(piece)
            out.write(piece)
        if not size:
            raise RejectedFile(FileFault.EMPTY)
        out.flush()
        os.fsync(out.fileno())
    return digest.hexdigest(), size


def _pieces(content: bytes | BinaryIO | Upload) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    chunks: Callable[[], Iterator[bytes]] | None = getattr(content, "chunks", None)
    if chunks is not None:
        yield from chunks()
        return
    while piece := content.read(MEGABYTE):  # type: ignore[union-attr]  # what has no chunks is a stream
        yield piece


def _put_in_place(incoming: Path, target: Path) -> None:
    """Move the bytes to their place, renewing what may be there: equal bytes, but maybe about to be collected."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        incoming.replace(target)
    except PermissionError:  # Windows, while somebody reads the equal bytes that are there
        os.utime(target)
    for place in (target.parent, target.parent.parent, target.parent.parent.parent):
        _flush_folder(place)


def _flush_folder(place: Path) -> None:
    """Write a folder's entries to the disk. Windows does so by itself and cannot be asked."""
    if os.name == "nt":
        return
    descriptor = os.open(place, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
