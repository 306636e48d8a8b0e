"""What journeys start from: installations made once, kept as files, and put back before each journey.

A world is a SQLite file, and beside it the folders of uploads and of the keys of boxes that are open. The first process
that needs one makes it, the others wait and copy it; so the suite pays for each world once, however many processes it
runs in.
"""

import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import connections

from tests.surroundings import FOLDER

PATIENCE_SECONDS = 300


class Worlds:
    """Puts worlds into this process's database and folder of uploads."""

    def __init__(self, makers: dict[str, Callable[[], None]]) -> None:
        self.makers = makers
        self.shared = Path(os.environ[FOLDER], "worlds")
        self.shared.mkdir(exist_ok=True)
        self.empty = Path(settings.DATA.root, "world-empty")
        if not self.empty.exists():
            self._keep(self.empty)

    def enter(self, name: str) -> None:
        """Make this process's installation the named world; ``empty`` is a database without a row."""
        self._put(self.empty if name == "empty" else self._made(name))

    def _made(self, name: str) -> Path:
        folder = self.shared / name
        with _alone(self.shared / f"{name}.lock"):
            if not folder.exists():
                if (fault := self.shared / f"{name}.failed").exists():
                    pytest.fail(f"the world {name!r} could not be made: {fault.read_text()}")
                self._put(self.empty)
                try:
                    self.makers[name]()
                except Exception as error:
                    fault.write_text(repr(error))
                    raise
                fresh = self.shared / f"{name}.new"
                self._keep(fresh)
                fresh.rename(folder)
        return folder

    def _keep(self, folder: Path) -> None:
        folder.mkdir()
        _close()
        _copy(_database(), folder / "database")
        for name, place in _folders().items():
            if place.exists():
                shutil.copytree(place, folder / name)

    def _put(self, folder: Path) -> None:
        _close()
        _copy(folder / "database", _database())
        for name, place in _folders().items():
            shutil.rmtree(place, ignore_errors=True)
            if (folder / name).exists():
                shutil.copytree(folder / name, place)
        ContentType.objects.clear_cache()
        cache.clear()


def _database() -> Path:
    return Path(connections["default"].settings_dict["NAME"])


def _folders() -> dict[str, Path]:
    """What a world has beside the database: uploads, and the keys of boxes that are open."""
    return {"files": Path(settings.TRIENKHAI_FILES), "calls": Path(settings.TRIENKHAI_CALLS)}


def _close() -> None:
    connections["default"].close()


def _copy(source: Path, target: Path) -> None:
    """Copy through SQLite, so that what still stands in a journal beside the file comes along."""
    with sqlite3.connect(source) as old, sqlite3.connect(target, timeout=30) as new:
        old.backup(new)
    old.close()
    new.close()


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """One process at a time."""
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            lock.touch(exist_ok=False)
            break
        except FileExistsError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
    try:
        yield
    finally:
        lock.unlink()
