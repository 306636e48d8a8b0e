"""Writes ``requirements/*.txt`` from ``pyproject.toml``: each package with its hashes, no registry named. Needs uv."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "requirements"
OPTIONS = [
    "--universal",
    "--python-version=3.12",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--custom-compile-command=make lock",
    "--quiet",
]
ADDRESS = re.compile(r"https?://|file://|--(extra-)?index-url|--find-links")


def compile_lock(name: str, *sources: str) -> None:
    """Resolve the sources into one file. The whole is resolved first; the parts keep to it."""
    uv = shutil.which("uv")
    if uv is None:
        sys.exit("make lock needs uv on the path")
    target = FOLDER / name
    subprocess.run([uv, "pip", "compile", *OPTIONS, *sources, "-o", str(target)], check=True, cwd=ROOT)
    found = [line for line in target.read_text().splitlines() if ADDRESS.search(line)]
    if found:
        sys.exit(f"{name} names a place packages come from: {found[0]}")


def main() -> None:
    """Write the three locks; ``--upgrade`` takes the newest of everything."""
    upgrade = ["--upgrade"] if "--upgrade" in sys.argv else []
    compile_lock("dev.txt", "pyproject.toml", "--extra=dev", "requirements/build.in", *upgrade)
    compile_lock("runtime.txt", "pyproject.toml", "--constraints=requirements/dev.txt", *upgrade)
    compile_lock("build.txt", "requirements/build.in", "--constraints=requirements/dev.txt", *upgrade)


if __name__ == "__main__":
    main()
