"""Which interpreter makes the environment, and when nothing is done again."""

import importlib.util
import stat
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def bootstrap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script as a module, acting on an empty folder."""
    spec = importlib.util.spec_from_file_location("bootstrap", ROOT / "scripts" / "bootstrap.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.delenv("PYTHON", raising=False)
    return module


def interpreter(path: Path, says: str, status: int = 0) -> Path:
    """A stand-in for an interpreter."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho '{says}'\nexit {status}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-ins are shell scripts")
def test_a_version_manager_s_newer_versions_are_found(
    bootstrap: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The default python3 is too old, the shims of newer ones fail, the newer ones themselves run."""
    shims, versions = tmp_path / "pyenv" / "shims", tmp_path / "pyenv" / "versions"
    interpreter(shims / "python3", "3 11 7 1")
    interpreter(shims / "python3.13", "pyenv: python3.13: command not found", 127)
    interpreter(versions / "3.11.7/bin/python", "3 11 7 1")
    interpreter(versions / "3.12.1/bin/python", "3 12 1 1")
    wanted = interpreter(versions / "3.13.0/bin/python", "3 13 0 1")
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    monkeypatch.setenv("PATH", f"{shims}:/bin")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(bootstrap.sys, "executable", str(shims / "python3"))
    found = {path: bootstrap.version_of(path) for path in bootstrap.candidates() if str(tmp_path) in path}
    assert found[str(shims / "python3.13")] is None
    assert bootstrap.choose(found) == str(wanted)


@pytest.mark.parametrize(
    ("versions", "wanted"),
    [
        ({"a": (3, 12, 1), "b": (3, 13, 0)}, "b"),
        ({"a": (3, 12, 1), "b": (3, 15, 0)}, "a"),  # the lock is tried with 3.13 at the newest
        ({"a": (3, 16, 0), "b": (3, 14, 2)}, "b"),
        ({"a": (3, 11, 9), "b": None}, None),
        ({}, None),
    ],
)
def test_the_newest_that_is_known_to_work(
    bootstrap: ModuleType, versions: dict[str, tuple[int, int, int] | None], wanted: str | None
) -> None:
    assert bootstrap.choose(versions) == wanted


def test_what_is_not_final_or_does_not_run_is_no_candidate(bootstrap: ModuleType, tmp_path: Path) -> None:
    assert bootstrap.version_of(str(interpreter(tmp_path / "beta", "3 14 0 0"))) is None
    assert bootstrap.version_of(str(tmp_path / "absent")) is None
    assert bootstrap.version_of(sys.executable) == sys.version_info[:3]


def test_an_interpreter_named_by_hand_is_the_only_candidate(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHON", "/opt/mine/python")
    assert bootstrap.candidates() == ["/opt/mine/python"]


@pytest.fixture
def installed(bootstrap: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """What would be installed, into a folder that looks like a clone."""
    (tmp_path / "requirements").mkdir()
    for name in ("dev", "runtime", "build"):
        (tmp_path / "requirements" / f"{name}.txt").write_text(name)
    (tmp_path / "pyproject.toml").write_text("")
    calls: list[tuple[str, ...]] = []
    monkeypatch.setattr(bootstrap, "make_environment", lambda: (tmp_path / ".venv").mkdir(exist_ok=True))
    monkeypatch.setattr(bootstrap, "install", lambda *arguments: calls.append(arguments))
    return calls


def kinds(calls: list[tuple[str, ...]]) -> list[str]:
    """``lock`` or ``clone`` for each installation."""
    done = ["lock" if "--require-hashes" in call else "clone" for call in calls]
    calls.clear()
    return done


def test_nothing_is_installed_twice(bootstrap: ModuleType, tmp_path: Path, installed: list[tuple[str, ...]]) -> None:
    bootstrap.set_up(dev=False)
    assert kinds(installed) == ["lock", "clone"]
    bootstrap.set_up(dev=False)
    assert kinds(installed) == []
    bootstrap.set_up(dev=True)
    assert kinds(installed) == ["lock"]
    bootstrap.set_up(dev=False)  # what serves is a part of what tests
    assert kinds(installed) == []
    (tmp_path / "requirements" / "dev.txt").write_text("newer")
    bootstrap.set_up(dev=True)
    assert kinds(installed) == ["lock"]


def test_a_new_translation_is_compiled(bootstrap: ModuleType, tmp_path: Path, installed: list[tuple[str, ...]]) -> None:
    bootstrap.set_up(dev=False)
    installed.clear()
    catalogue = tmp_path / "src/trienkhai/web/locale/vi/LC_MESSAGES/django.po"
    catalogue.parent.mkdir(parents=True)
    catalogue.write_text("new")
    bootstrap.set_up(dev=False)
    assert kinds(installed) == ["clone"]


def test_an_installation_cut_short_is_begun_again(
    bootstrap: ModuleType, installed: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: str) -> None:
        raise bootstrap.CannotSetUp

    with monkeypatch.context() as patch:
        patch.setattr(bootstrap, "install", fail)
        with pytest.raises(bootstrap.CannotSetUp):
            bootstrap.set_up(dev=False)
    bootstrap.set_up(dev=False)
    assert kinds(installed) == ["lock", "clone"]


def test_a_named_interpreter_that_will_not_do_is_named(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON", "/opt/none/python")
    with pytest.raises(bootstrap.CannotSetUp, match="PYTHON=/opt/none/python is not"):
        bootstrap.make_environment()
