import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trienkhai.config import archive
from trienkhai.config.faults import CannotRun


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    """An archive with a database, one file, one rule; beside secrets and a call key, which stay out."""
    root = tmp_path / "data"
    for name, content in {
        "files/ab/cd/abcd": "ảnh",
        "rules/x.toml": "a = 1",
        "secrets/secret-key": "bí mật",
        "calls/x.key": "bí mật",
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content)
    (tmp_path / "copy").write_bytes(b"rows")
    with (tmp_path / "backup.tar").open("wb") as target:
        archive.write(target, version="1", vendor="sqlite", database=tmp_path / "copy", root=root)
    return tmp_path / "backup.tar"


def changed(source: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """The archive with its members changed."""
    with tarfile.open(source) as old:
        members = {member.name: content.read() for member in old if (content := old.extractfile(member))}
    change(members)
    target = source.with_name("changed.tar")
    with tarfile.open(target, "w") as new:
        for name, altered in members.items():
            about = tarfile.TarInfo(name)
            about.size = len(altered)
            new.addfile(about, io.BytesIO(altered))
    return target


def test_what_goes_in_comes_out_and_secrets_do_not_go_in(whole: Path, tmp_path: Path) -> None:
    manifest = archive.unpack(whole, tmp_path / "out")
    assert manifest.vendor == "sqlite"
    assert (tmp_path / "out" / "files/ab/cd/abcd").read_text() == "ảnh"
    assert (tmp_path / "out" / "database.sqlite3").read_bytes() == b"rows"
    assert sorted(manifest.digests) == ["database.sqlite3", "files/ab/cd/abcd", "rules/x.toml"]
    assert "bí mật".encode() not in whole.read_bytes()


def alter(members: dict[str, bytes]) -> None:
    members["files/ab/cd/abcd"] = b"other"


def lose(members: dict[str, bytes]) -> None:
    del members["rules/x.toml"]


def add(members: dict[str, bytes]) -> None:
    members["files/zz/zz/zzzz"] = b"smuggled"


def climb(members: dict[str, bytes]) -> None:
    members["files/../../secrets/secret-key"] = b"mine now"


def unlabel(members: dict[str, bytes]) -> None:
    del members[archive.MANIFEST]


def garble(members: dict[str, bytes]) -> None:
    members[archive.MANIFEST] = b"{"


def age(members: dict[str, bytes]) -> None:
    members[archive.MANIFEST] = json.dumps(json.loads(members[archive.MANIFEST]) | {"format": 99}).encode()


@pytest.mark.parametrize("change", [alter, lose, add, climb, unlabel, garble, age])
def test_an_archive_that_is_not_whole_is_refused(
    whole: Path, tmp_path: Path, change: Callable[[dict[str, bytes]], None]
) -> None:
    with pytest.raises(CannotRun):
        archive.unpack(changed(whole, change), tmp_path / "out")
    assert not (tmp_path / "secrets").exists()


def test_an_archive_cut_short_is_refused(whole: Path, tmp_path: Path) -> None:
    whole.write_bytes(whole.read_bytes()[:1500])
    with pytest.raises(CannotRun, match="cut short"):
        archive.unpack(whole, tmp_path / "out")


@given(st.text())
def test_no_name_leads_out_of_the_folder(name: str) -> None:
    if archive.belongs(name):
        assert ".." not in Path(name).parts
        assert not Path(name).is_absolute()
        assert name.startswith(("files/", "rules/", "manifest.json", "database."))
