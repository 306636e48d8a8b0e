import shutil
from pathlib import Path

from tests.config.conftest import Trienkhai


def test_an_installation_is_never_taken_for_the_demo(trienkhai: Trienkhai, installation: Path, tmp_path: Path) -> None:
    shutil.copytree(installation, tmp_path / "data")
    before = (tmp_path / "data" / "trienkhai.sqlite3").read_bytes()
    for arguments in (["demo", "--no-serve"], ["demo", "--no-serve", "--reset"]):
        done = trienkhai("--data", "data", *arguments)
        assert done.returncode == 1
        assert "not the demo" in done.stderr
    assert (tmp_path / "data" / "trienkhai.sqlite3").read_bytes() == before


def test_the_demo_keeps_to_its_own_folder(trienkhai: Trienkhai) -> None:
    done = trienkhai("demo", "--no-serve", database="postgresql://nobody@127.0.0.1:1/none")
    assert done.returncode == 1
    assert "unset TRIENKHAI_DATABASE" in done.stderr
