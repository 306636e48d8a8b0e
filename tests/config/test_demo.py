import shutil
from pathlib import Path

from tests.config.conftest import Trienkhai
from tests.config.test_backup import users
from tests.config.test_serve import free_port


def test_an_installation_is_never_taken_for_the_demo(trienkhai: Trienkhai, installation: Path, tmp_path: Path) -> None:
    shutil.copytree(installation, tmp_path / "data")
    before = (tmp_path / "data" / "trienkhai.sqlite3").read_bytes()
    for arguments in (["demo", "--no-serve"], ["demo", "--no-serve", "--reset"]):
        done = trienkhai("--data", "data", *arguments, "--port", str(free_port()))
        assert done.returncode == 1
        assert "not the demo" in done.stderr
    assert (tmp_path / "data" / "trienkhai.sqlite3").read_bytes() == before


def test_the_demo_keeps_to_its_own_folder(trienkhai: Trienkhai) -> None:
    done = trienkhai("demo", "--no-serve", "--port", str(free_port()), database="postgresql://nobody@127.0.0.1:1/none")
    assert done.returncode == 1
    assert "unset TRIENKHAI_DATABASE" in done.stderr


def test_the_demo_is_loaded_once_and_keeps_what_was_entered(trienkhai: Trienkhai, tmp_path: Path) -> None:
    begin = ["demo", "--no-serve", "--port", str(free_port())]
    first = trienkhai(*begin)
    assert first.returncode == 0, first.stderr
    assert "10/10" in first.stdout
    trienkhai("--data", ".demo", "user", "add", "thu-them", "--password-stdin", given="nước chảy đá mòn\n")
    again = trienkhai(*begin)
    assert "Loading" in first.stdout
    assert "Loading" not in again.stdout
    assert "thu-them" in users(tmp_path / ".demo" / "trienkhai.sqlite3")
    (tmp_path / ".demo" / "demo-loaded").unlink()  # as after a loading cut short
    assert "Loading" in trienkhai(*begin).stdout
    assert "thu-them" not in users(tmp_path / ".demo" / "trienkhai.sqlite3")
