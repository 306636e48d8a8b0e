"""The built package away from the clone: it brings its own templates, static files and translations."""

import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.config.conftest import COMMAND, surroundings
from tests.config.test_serve import fetch, free_port, until

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the wheel installs."""
    pytest.importorskip("hatchling", reason="make sets up the environment that can build")
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(build, check=True, cwd=ROOT, env=surroundings(), stdout=subprocess.DEVNULL)  # noqa: S603
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
        wheel.extractall(folder / "site")
    return folder / "site"


@pytest.fixture
def served(package: Path, tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The packaged program serving an empty folder: its address, and what it printed."""
    port, printed = free_port(), tmp_path / "log"
    serve = [*COMMAND, "serve", "--data", str(tmp_path / "data"), "--port", str(port)]
    environment = surroundings() | {"PYTHONPATH": str(package)}
    with printed.open("w") as output:
        process = subprocess.Popen(serve, cwd=tmp_path, env=environment, stdout=output, stderr=output)  # noqa: S603
    yield f"http://127.0.0.1:{port}", printed
    process.terminate()
    process.wait(60)


def test_a_wheel_serves_by_itself(served: tuple[str, Path]) -> None:
    address, printed = served
    assert until(lambda: fetch(f"{address}/")) == 200, printed.read_text()
    assert list((printed.parent / "data" / "static").glob("core/*.css"))
    assert "start code" in printed.read_text()


def test_a_wheel_holds_the_command_and_the_translations(package: Path) -> None:
    [entry_points] = package.glob("*.dist-info/entry_points.txt")
    assert "trienkhai = trienkhai.config.cli:main" in entry_points.read_text()
    sources = {po.relative_to(ROOT / "src").with_suffix(".mo") for po in ROOT.glob("src/trienkhai/*/locale/vi/*/*.po")}
    assert sources
    assert {path for path in sources if not (package / path).exists()} == set()
