import os
import stat
import threading
from pathlib import Path

import pytest

from trienkhai.config.data_folder import DataFolder


def test_a_secret_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    data = DataFolder(tmp_path)
    secret = data.secret("key")
    assert len(secret) > 60
    assert data.secret("key") == secret
    assert data.secret("other") != secret
    if os.name != "nt":
        assert stat.S_IMODE((tmp_path / "secrets" / "key").stat().st_mode) == 0o600
        assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o700


def test_processes_that_start_together_agree_on_a_secret(tmp_path: Path) -> None:
    start, seen = threading.Barrier(8), set()

    def read() -> None:
        start.wait()
        seen.add(DataFolder(tmp_path).secret("key"))

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 1
    assert [path.name for path in (tmp_path / "secrets").iterdir()] == ["key"]


def test_the_folder_is_named_by_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIENKHAI_DATA", str(tmp_path / "đảng bộ" / "dữ liệu"))
    data = DataFolder.from_environment()
    assert data.root == tmp_path / "đảng bộ" / "dữ liệu"
    assert data.root.is_dir()
