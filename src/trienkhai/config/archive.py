"""The backup archive: one .tar with database, files, rules and a manifest of their digests. Knows no Django."""

import hashlib
import io
import json
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from trienkhai.config.faults import CannotRun

MANIFEST = "manifest.json"
FORMAT = 1
FOLDERS = ("files", "rules")
"""What a backup holds beside the database. Never ``secrets`` nor ``calls``: a call's key must be in no copy."""
DATABASES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
CHUNK = 1024 * 1024


@dataclass(frozen=True)
class Manifest:
    """What an archive holds. ``digests``: SHA-256 by member name."""

    version: str
    vendor: str
    digests: dict[str, str]

    def to_json(self) -> bytes:
        """As kept in the archive."""
        content = {"format": FORMAT, "version": self.version, "database": self.vendor, "sha256": self.digests}
        return json.dumps(content, indent=1, sort_keys=True).encode()

    @classmethod
    def from_json(cls, raw: bytes) -> "Manifest":
        """Read it back.

        Raises:
            CannotRun: it is not one of ours.
        """
        try:
            content = json.loads(raw)
            manifest = cls(str(content["version"]), str(content["database"]), dict(content["sha256"]))
            known = content["format"] == FORMAT and manifest.vendor in DATABASES
        except (ValueError, KeyError, TypeError) as fault:
            msg = "The archive's manifest is damaged. Nothing was restored."
            raise CannotRun(msg) from fault
        if not known:
            msg = "The archive was made by a newer version of trienkhai. Install that version."
            raise CannotRun(msg)
        return manifest


class _Digesting(io.RawIOBase):
    """Passes bytes on and digests them."""

    def __init__(self, source: BinaryIO) -> None:
        self.source = source
        self.digest = hashlib.sha256()

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        block = self.source.read(size)
        self.digest.update(block)
        return block


def write(target: BinaryIO, *, version: str, vendor: str, database: Path, root: Path) -> Manifest:
    """Write an archive of the database's copy and the data folder's files and rules; never its secrets."""
    digests: dict[str, str] = {}
    with tarfile.open(fileobj=target, mode="w") as archive:
        for name, path in [(DATABASES[vendor], database), *_members(root)]:
            with path.open("rb") as source:
                digesting = _Digesting(source)
                about = archive.gettarinfo(arcname=name, fileobj=source)
                about.uid = about.gid = 0
                about.uname = about.gname = ""
                about.mode = 0o600
                archive.addfile(about, digesting)
                digests[name] = digesting.digest.hexdigest()
        manifest = Manifest(version, vendor, digests)
        about = tarfile.TarInfo(MANIFEST)
        about.size, about.mode = len(manifest.to_json()), 0o600
        archive.addfile(about, io.BytesIO(manifest.to_json()))
    return manifest


def _members(root: Path) -> Iterator[tuple[str, Path]]:
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and not path.is_symlink():
                yield path.relative_to(root).as_posix(), path


def unpack(source: Path, target: Path) -> Manifest:
    """Unpack an archive into an empty folder, checking every member.

    Raises:
        CannotRun: it is not one of ours, or a member is missing, altered, or wants to lie elsewhere.
    """
    try:
        with tarfile.open(source, mode="r:") as archive:
            digests = dict(_unpacked(archive, target))
    except tarfile.TarError as fault:
        msg = f"{source} is not a backup, or it is cut short."
        raise CannotRun(msg) from fault
    if digests.pop(MANIFEST, None) is None:
        msg = f"{source} is not a backup, or it is cut short: its manifest is missing."
        raise CannotRun(msg)
    manifest = Manifest.from_json((target / MANIFEST).read_bytes())
    wrong = sorted(
        name for name in digests.keys() | manifest.digests.keys() if digests.get(name) != manifest.digests.get(name)
    )
    if wrong or DATABASES[manifest.vendor] not in digests:
        msg = f"The archive is damaged: {', '.join(wrong[:5]) or DATABASES[manifest.vendor]}. Nothing was restored."
        raise CannotRun(msg)
    return manifest


def _unpacked(archive: tarfile.TarFile, target: Path) -> Iterator[tuple[str, str]]:
    """Write out each member; its name and digest."""
    for member in archive:
        source = archive.extractfile(member) if member.isreg() else None
        if source is None or not belongs(member.name):
            msg = f"The archive holds something that is no part of a backup: {member.name}. Nothing was restored."
            raise CannotRun(msg)
        path = target / member.name
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        digest = hashlib.sha256()
        with path.open("wb") as written:
            while block := source.read(CHUNK):
                digest.update(block)
                written.write(block)
        yield member.name, digest.hexdigest()


def belongs(name: str) -> bool:
    """Whether a member's name is one a backup has, and stays below the folder it is unpacked into."""
    parts = PurePosixPath(name).parts
    if not parts or "\\" in name or ":" in name or any(part in {"..", "/", "."} for part in parts):
        return False
    return name == MANIFEST or name in DATABASES.values() or (parts[0] in FOLDERS and len(parts) > 1)
