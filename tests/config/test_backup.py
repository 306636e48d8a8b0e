import sqlite3
from pathlib import Path

import psycopg
import pytest

from tests.config.conftest import Trienkhai
from tests.surroundings import database_url


def users(database: Path) -> list[str]:
    with sqlite3.connect(database) as connection:
        rows = connection.execute("SELECT username FROM accounts_user").fetchall()
    connection.close()
    return [row[0] for row in rows]


def test_a_backup_is_restored_elsewhere_whole(trienkhai: Trienkhai, installation: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    archive = tmp_path / "backup.tar"
    assert trienkhai("--data", str(installation), "backup", str(archive)).returncode == 0
    done = trienkhai("--data", "elsewhere", "restore", str(archive))
    assert done.returncode == 0, done.stderr
    assert "record: whole" in done.stdout
    assert users(tmp_path / "elsewhere" / "trienkhai.sqlite3") == ["van-thu"]
    secret = (installation / "secrets" / "secret-key").read_text()
    assert (tmp_path / "elsewhere" / "secrets" / "secret-key").read_text() != secret
    assert secret.encode() not in archive.read_bytes()


def test_a_backup_while_someone_writes_is_consistent(trienkhai: Trienkhai, installation: Path, tmp_path: Path) -> None:
    with sqlite3.connect(installation / "trienkhai.sqlite3", isolation_level=None) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("UPDATE accounts_user SET username = 'nửa chừng'")
        done = trienkhai("--data", str(installation), "backup", "backup.tar")
        writer.execute("ROLLBACK")
    writer.close()
    assert done.returncode == 0, done.stderr
    assert trienkhai("restore", "backup.tar").returncode == 0
    assert users(tmp_path / "data" / "trienkhai.sqlite3") == ["van-thu"]


def test_nothing_is_overwritten(trienkhai: Trienkhai, installation: Path, tmp_path: Path) -> None:
    assert trienkhai("--data", str(installation), "backup", "backup.tar").returncode == 0
    before = (tmp_path / "backup.tar").read_bytes()
    again = trienkhai("--data", str(installation), "backup", "backup.tar")
    over = trienkhai("--data", str(installation), "restore", "backup.tar")
    assert (again.returncode, over.returncode) == (1, 1)
    assert "not empty" in over.stderr
    assert (tmp_path / "backup.tar").read_bytes() == before
    assert users(installation / "trienkhai.sqlite3") == ["van-thu"]


def test_a_damaged_backup_leaves_the_folder_empty(trienkhai: Trienkhai, installation: Path, tmp_path: Path) -> None:
    assert trienkhai("--data", str(installation), "backup", "backup.tar").returncode == 0
    whole = (tmp_path / "backup.tar").read_bytes()
    (tmp_path / "backup.tar").write_bytes(whole[:5000] + b"\xff" * 100 + whole[5100:])
    done = trienkhai("restore", "backup.tar")
    assert done.returncode == 1
    assert "damaged" in done.stderr
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["secrets"]


def test_no_archive_and_no_folder(trienkhai: Trienkhai, installation: Path) -> None:
    assert "no archive" in trienkhai("restore", "absent.tar").stderr
    assert "no folder" in trienkhai("--data", str(installation), "backup", "absent/backup.tar").stderr


@pytest.mark.postgresql
def test_a_backup_of_postgresql(trienkhai: Trienkhai, tmp_path: Path) -> None:
    server = database_url().rpartition("/")[0]
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        for name in ("backed_up", "restored"):
            connection.execute(f"DROP DATABASE IF EXISTS {name}")
            connection.execute(f"CREATE DATABASE {name}")
    source, target = f"{server}/backed_up", f"{server}/restored"
    assert trienkhai("migrate", database=source).returncode == 0
    trienkhai("user", "add", "van-thu", "--password-stdin", database=source, given="nước chảy đá mòn\n")
    assert trienkhai("backup", "backup.tar", database=source).returncode == 0
    done = trienkhai("--data", "elsewhere", "restore", "backup.tar", database=target)
    assert done.returncode == 0, done.stderr
    with psycopg.connect(target) as connection:
        assert connection.execute("SELECT username FROM accounts_user").fetchall() == [("van-thu",)]
    again = trienkhai("--data", str(tmp_path / "third"), "restore", "backup.tar", database=target)
    assert "database is not empty" in again.stderr
    assert "cannot be restored into sqlite" in trienkhai("--data", "fourth", "restore", "backup.tar").stderr
