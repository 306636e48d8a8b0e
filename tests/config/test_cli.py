import os
import shutil
import sqlite3
import stat
from pathlib import Path

import pytest

from tests.config.conftest import Trienkhai
from trienkhai import __version__
from trienkhai.config.cli import COMMANDS, known_commands, take_data_option


def test_it_says_its_version_and_leaves_nothing_behind(trienkhai: Trienkhai, tmp_path: Path) -> None:
    assert trienkhai("--version").stdout == f"trienkhai {__version__}\n"
    assert "serve the pages" in trienkhai("--help").stdout
    assert "--port" in trienkhai("serve", "--help").stdout
    assert list(tmp_path.iterdir()) == []


def test_every_command_that_is_named_is_there() -> None:
    assert set(known_commands()) == set(COMMANDS)


@pytest.mark.parametrize(
    "arguments", [["--data", "x", "check"], ["check", "--data", "x"], ["check", "--data=x"], ["--data=x", "check"]]
)
def test_the_data_folder_may_be_named_before_or_after(arguments: list[str]) -> None:
    assert take_data_option(arguments) == ("x", ["check"])


def test_a_data_folder_that_is_a_file(trienkhai: Trienkhai, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = trienkhai("--data", "file", "check")
    assert done.returncode == 1
    assert done.stderr.startswith("The data folder cannot be used: ")


@pytest.mark.skipif(not Path("/proc/version").exists(), reason="where /proc is, nobody may write into it")
def test_a_data_folder_nobody_may_write(trienkhai: Trienkhai) -> None:
    done = trienkhai("--data", "/proc/trienkhai", "check")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


def test_a_command_that_reads_makes_no_installation_where_there_is_none(trienkhai: Trienkhai, tmp_path: Path) -> None:
    for arguments in (["progress"], ["check"], ["backup", "x.tar"], ["progress", "--data", "other"]):
        done = trienkhai(*arguments)
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.startswith(f"There is no installation in {tmp_path}")
    assert list(tmp_path.iterdir()) == []


def test_what_only_reads_means_the_demo_where_there_is_nothing_else(
    trienkhai: Trienkhai, installation: Path, tmp_path: Path
) -> None:
    shutil.copytree(installation, tmp_path / ".demo")
    assert "Of the demo, in .demo" in trienkhai("check").stderr
    assert trienkhai("check", "--data", "data").returncode == 1
    assert trienkhai("backup", "x.tar").returncode == 1
    shutil.copytree(installation, tmp_path / "data")
    assert "demo" not in trienkhai("check").stderr


def test_a_database_that_is_not_there(trienkhai: Trienkhai) -> None:
    done = trienkhai("check", database="postgresql://nobody@127.0.0.1:1/none")
    assert done.returncode == 1
    assert done.stderr.startswith("The database cannot be reached")


def test_a_database_of_an_unknown_kind(trienkhai: Trienkhai) -> None:
    done = trienkhai("check", database="mysql://x/y")
    assert (done.returncode, done.stderr) == (1, "TRIENKHAI_DATABASE: mysql: is neither sqlite nor postgresql\n")


def test_a_file_that_is_no_database(trienkhai: Trienkhai, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "trienkhai.sqlite3").write_text("Kính gửi các đồng chí, " * 100)
    done = trienkhai("check")
    assert done.returncode == 1
    assert "damaged or not one of ours" in done.stderr


def test_a_database_of_a_newer_version_is_left_alone(trienkhai: Trienkhai, installation: Path, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    copy = tmp_path / "data" / "trienkhai.sqlite3"
    copy.write_bytes((installation / "trienkhai.sqlite3").read_bytes())
    with sqlite3.connect(copy) as database:
        database.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('ledger', '9999_x', '2030-01-01')")
    database.close()
    done = trienkhai("migrate")
    assert done.returncode == 1
    assert "newer version" in done.stderr


def test_users(trienkhai: Trienkhai, installation: Path) -> None:
    data = ["--data", str(installation), "user"]
    again = trienkhai(*data, "add", "van-thu", "--password-stdin", given="another one of many\n")
    short = trienkhai(*data, "add", "moi", "--password-stdin", given="1234\n")
    nobody = trienkhai(*data, "password", "khong-co", "--password-stdin", given="another one of many\n")
    assert [done.returncode for done in (again, short, nobody)] == [1, 1, 1]
    assert "already" in again.stderr
    assert "no user" in nobody.stderr
    with sqlite3.connect(installation / "trienkhai.sqlite3") as database:
        assert database.execute("SELECT username FROM accounts_user").fetchall() == [("van-thu",)]
    database.close()


def test_a_check_finds_what_was_done_to_the_database(trienkhai: Trienkhai, installation: Path, tmp_path: Path) -> None:
    assert trienkhai("--data", str(installation), "check").returncode == 0
    (tmp_path / "data").mkdir()
    copy = tmp_path / "data" / "trienkhai.sqlite3"
    copy.write_bytes((installation / "trienkhai.sqlite3").read_bytes())
    with sqlite3.connect(copy) as database:
        database.execute("DROP TRIGGER ledger_entry_no_update")
    database.close()
    done = trienkhai("check")
    assert done.returncode == 1
    assert "trigger_missing: ledger_entry_no_update" in done.stdout


def test_a_check_names_what_is_wrong_in_a_rule_file(trienkhai: Trienkhai, installation: Path, tmp_path: Path) -> None:
    (tmp_path / "data" / "rules").mkdir(parents=True)
    (tmp_path / "data" / "trienkhai.sqlite3").write_bytes((installation / "trienkhai.sqlite3").read_bytes())
    own = tmp_path / "data" / "rules" / "party_hd36.toml"
    own.write_text("[page]\nleft = 35\n")
    assert "rules: whole" in trienkhai("check").stdout
    own.write_text("[page]\nlefft = 35\n")
    done = trienkhai("check")
    assert done.returncode == 1
    assert "profile-key-unknown: party_hd36.toml" in done.stdout
    assert "page.lefft" in done.stdout


@pytest.mark.skipif(os.name == "nt", reason="no modes of files")
def test_what_a_command_makes_is_its_owners_alone(trienkhai: Trienkhai, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir(mode=0o755)
    assert trienkhai("migrate", "--data", str(folder)).returncode == 0
    assert stat.S_IMODE((folder / "trienkhai.sqlite3").stat().st_mode) == 0o600
