"""Giving stored bytes back, checked, and finding what is wrong in the folder."""

import hashlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from trienkhai.core.decisions import Refused
from trienkhai.files.models import StoredFile
from trienkhai.files.rules import MEGABYTE, FileFault


@dataclass(frozen=True)
class BadFile:
    """Something ``check`` found wrong. ``code`` is a :class:`FileFault`, ``at`` the digest of the file."""

    code: str
    at: str


@dataclass(frozen=True)
class ResponseParts:
    """What a download answers with: the bytes, the name to save them under, the headers that keep them harmless."""

    content: BinaryIO
    name: str
    media_type: str
    headers: dict[str, str]


def folder() -> Path:
    """The folder that holds the bytes."""
    return Path(settings.TRIENKHAI_FILES)


def path_of(sha256: str) -> Path:
    """Where the bytes with this digest lie: two levels of folders, so that none grows large."""
    return folder() / sha256[:2] / sha256[2:4] / sha256


def open_file(stored: StoredFile) -> BinaryIO:
    """The stored bytes, open for reading from their beginning; the caller closes them.

    Raises:
        Refused: the file is not there, or its bytes are not those that were stored.
    """
    try:
        content = path_of(stored.sha256).open("rb")
    except OSError as error:
        raise Refused(FileFault.MISSING, name=stored.name) from error
    if _digest_of(content) != stored.sha256:
        content.close()
        raise Refused(FileFault.ALTERED, name=stored.name)
    content.seek(0)
    return content


def read_file(stored: StoredFile) -> bytes:
    """All the stored bytes, checked."""
    with closing(open_file(stored)) as content:
        return content.read()


def response_parts(stored: StoredFile) -> ResponseParts:
    """What to answer a download with. Who may download is the business of the app that owns the file.

    A browser saves it, never shows it: no guessing of its kind, and a sandbox should it be shown after all.
    """
    return ResponseParts(
        content=open_file(stored),
        name=stored.name,
        media_type=stored.media_type,
        headers={
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cache-Control": "private, no-store",
        },
    )


def check_files() -> list[BadFile]:
    """Every stored file that is missing from the folder or whose bytes have changed; reads all of them once."""
    return list(_bad_files())


def _bad_files() -> Iterator[BadFile]:
    digests = StoredFile.objects.order_by("sha256").values_list("sha256", flat=True).distinct()
    for sha256 in digests.iterator(chunk_size=2_000):
        try:
            with path_of(sha256).open("rb") as content:
                if _digest_of(content) != sha256:
                    yield BadFile(FileFault.ALTERED, sha256)
        except OSError:
            yield BadFile(FileFault.MISSING, sha256)


def _digest_of(content: BinaryIO) -> str:
    digest = hashlib.sha256()
    while piece := content.read(MEGABYTE):
        digest.update(piece)
    return digest.hexdigest()
