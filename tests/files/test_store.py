import errno
import io
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from tests.files.test_rules import PDF
from trienkhai.core.decisions import Invalid, Refused
from trienkhai.files import actions
from trienkhai.files.models import StoredFile
from trienkhai.files.queries import check_files, open_file, path_of, read_file, response_parts
from trienkhai.files.rules import FileFault, FileKind, Limits
from trienkhai.files.views import download

NOW = datetime(2012, 3, 1, 8, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: object, tmp_path: Path) -> Path:
    path = tmp_path / "files"
    settings.TRIENKHAI_FILES = path  # type: ignore[attr-defined]
    return path


def stored(content: bytes = PDF, name: str = "12-NQ-TW.pdf") -> StoredFile:
    return actions.store(content=content, name=name, actor_key=None, at=NOW)


def everything_in(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*") if path.is_file()}


def age(path: Path) -> None:
    long_ago = (datetime.now(tz=UTC) - timedelta(days=3)).timestamp()  # noqa: TID251 - the disk's clock
    os.utime(path, (long_ago, long_ago))


def test_what_is_stored_comes_back_under_its_digest(folder: Path) -> None:
    who = uuid4()
    row = actions.store(content=io.BytesIO(PDF), name="a/nghị quyết.PDF", actor_key=who, at=NOW)
    assert (row.name, row.media_type, row.size) == ("nghị quyết.pdf", "application/pdf", len(PDF))
    assert (row.uploaded_by, row.uploaded_at) == (who, NOW)
    assert read_file(row) == PDF
    assert everything_in(folder) == {row.sha256}
    assert path_of(row.sha256).relative_to(folder).parts == (row.sha256[:2], row.sha256[2:4], row.sha256)


def test_an_upload_is_taken_piece_by_piece() -> None:
    upload = SimpleUploadedFile("list.csv", b"a;b\n" * 100_000, "application/x-evil")
    row = actions.store(content=upload, name=upload.name or "", actor_key=None, at=NOW)
    assert (row.size, row.media_type) == (400_000, "text/csv")


def test_equal_bytes_are_kept_once_under_both_names(folder: Path) -> None:
    first, second = stored(name="a.pdf"), stored(name="b.pdf")
    assert first.sha256 == second.sha256
    assert first.key != second.key
    assert everything_in(folder) == {first.sha256}


@pytest.mark.parametrize(
    ("content", "name", "limits", "fault"),
    [
        (b"", "a.pdf", Limits(), FileFault.EMPTY),
        (PDF * 100, "a.pdf", Limits(largest=1000), FileFault.TOO_LARGE),
        (b"MZ", "a.pdf", Limits(), FileFault.WRONG_KIND),
        (PDF, "a.pdf", Limits(kinds=frozenset({FileKind.XLSX})), FileFault.WRONG_KIND),
    ],
)
def test_what_is_refused_leaves_nothing(folder: Path, content: bytes, name: str, limits: Limits, fault: str) -> None:
    with pytest.raises(Invalid) as caught:
        actions.store(content=content, name=name, actor_key=None, at=NOW, limits=limits)
    assert (caught.value.code, caught.value.on) == (fault, "file")
    assert not StoredFile.objects.exists()
    assert everything_in(folder) == set()


def test_a_full_disk_is_said_and_changes_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Refused, match=FileFault.NOT_SAVED):
        stored()
    assert not StoredFile.objects.exists()
    assert everything_in(folder) == set()


def test_a_line_that_drops_leaves_nothing(folder: Path) -> None:
    class Dropping:
        def chunks(self, _chunk_size: int | None = None, /) -> Iterator[bytes]:
            yield PDF
            raise ConnectionResetError

    with pytest.raises(Refused):
        actions.store(content=Dropping(), name="a.pdf", actor_key=None, at=NOW)
    assert everything_in(folder) == set()


def test_windows_may_hold_the_equal_file_open(monkeypatch: pytest.MonkeyPatch) -> None:
    row = stored()
    age(path_of(row.sha256))
    original = Path.replace

    def held(path: Path, target: Path) -> Path:
        if target == path_of(row.sha256):
            raise PermissionError
        return original(path, target)

    monkeypatch.setattr(Path, "replace", held)
    stored()
    assert datetime.fromtimestamp(path_of(row.sha256).stat().st_mtime, tz=UTC).year > 2020


def test_changed_and_missing_bytes_are_never_given_out() -> None:
    good, altered, missing = stored(), stored(PDF + b"1"), stored(PDF + b"2")
    path_of(altered.sha256).write_bytes(PDF + b"X")
    path_of(missing.sha256).unlink()
    with pytest.raises(Refused, match=FileFault.ALTERED):
        open_file(altered)
    with pytest.raises(Refused, match=FileFault.MISSING):
        open_file(missing)
    assert read_file(good) == PDF
    assert {(bad.code, bad.at) for bad in check_files()} == {
        (FileFault.ALTERED, altered.sha256),
        (FileFault.MISSING, missing.sha256),
    }


def test_a_download_is_saved_and_never_shown() -> None:
    response = download(stored(name="Nghị quyết 12.pdf"))
    assert b"".join(response) == PDF
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''Ngh%E1%BB%8B%20quy%E1%BA%BFt%2012.pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["Content-Type"] == "application/pdf"
    response.close()


def test_the_parts_of_a_response_hold_the_bytes() -> None:
    parts = response_parts(stored())
    with parts.content:
        assert parts.content.read() == PDF
    assert parts.name == "12-NQ-TW.pdf"


def test_only_what_is_old_and_unused_is_collected(folder: Path, django_capture_on_commit_callbacks: object) -> None:
    old, young = stored(PDF + b"old"), stored(PDF + b"young")
    StoredFile.objects.filter(pk=young.pk).update(uploaded_at=NOW + timedelta(days=5))
    left_behind = folder / "incoming" / "half"
    left_behind.write_bytes(b"half")
    unnamed = path_of("ab" * 32)
    unnamed.parent.mkdir(parents=True)
    unnamed.write_bytes(b"of a transaction that was rolled back")
    fresh = path_of("cd" * 32)
    fresh.parent.mkdir(parents=True)
    fresh.write_bytes(b"of a transaction under way")
    for path in (left_behind, unnamed, path_of(old.sha256)):
        age(path)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        gone = actions.collect_orphans(at=NOW + timedelta(days=5, hours=1))
    assert gone == 1
    assert everything_in(folder) == {young.sha256, fresh.name}
    assert list(StoredFile.objects.all()) == [young]


def test_bytes_renewed_while_they_are_collected_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    row = stored()
    path = path_of(row.sha256)
    age(path)
    original = Path.replace

    def renewed_first(moved: Path, target: Path) -> Path:
        if moved == path:
            os.utime(path)
        return original(moved, target)

    monkeypatch.setattr(Path, "replace", renewed_first)
    actions._remove_unless_renewed(path)
    assert path.read_bytes() == PDF


def test_collecting_twice_at_once_is_harmless() -> None:
    assert not actions._is_old(path_of("ef" * 32))


def test_a_transaction_rolled_back_leaves_bytes_for_the_collector(folder: Path) -> None:
    with transaction.atomic():
        row = stored()
        transaction.set_rollback(True)
    assert not StoredFile.objects.exists()
    assert everything_in(folder) == {row.sha256}
