"""Sets up the environment of this clone in ``.venv``, then runs a command in it.

    python3 scripts/bootstrap.py [--dev] [command [arguments …]]

Runs on any Python 3.8 or later and needs nothing but it: the interpreter for the environment is looked for by trying,
the packages are those of ``requirements/``, each checked by its hash. Does nothing that is already done.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LEAST = (3, 12)
TRIED = (3, 13)  # the newest version the lock is tried with; a later one is taken only when there is nothing else
PROBE = (
    "import sys, venv, ensurepip, sqlite3, ssl;"
    "v = sys.version_info; print(v[0], v[1], v[2], int(v[3] == 'final'), sys.executable)"
)
PROBE_SECONDS = 30
NAMES = ("python3.14", "python3.13", "python3.12", "python3", "python")
PLACES = (
    ("$PYENV_ROOT", "versions/*/bin/python"),
    ("~/.pyenv", "versions/*/bin/python"),
    ("~/.pyenv/pyenv-win", "versions/*/python.exe"),
    ("~/.local/share/uv/python", "*/bin/python3"),
    ("~/.local/share/mise/installs/python", "*/bin/python"),
    ("~/.asdf/installs/python", "*/bin/python"),
    ("/usr/local/bin", "python3.1[0-9]"),
    ("/opt/homebrew/bin", "python3.1[0-9]"),
    ("/opt", "python*/bin/python3"),
    ("~/AppData/Local/Programs/Python", "Python3*/python.exe"),
    ("C:/Program Files", "Python3*/python.exe"),
)


class CannotSetUp(Exception):
    """What to tell the person at the keyboard, in one or two lines."""


def candidates() -> list[str]:
    """Interpreters that may exist, each once: ``$PYTHON`` alone when given, else the path's and the usual places'."""
    given = os.environ.get("PYTHON")
    if given:
        return [given]
    found = [path for path in map(shutil.which, NAMES) if path]
    for base, pattern in PLACES:
        folder = Path(os.path.expandvars(base)).expanduser()
        if folder.is_dir():
            found.extend(str(path) for path in sorted(folder.glob(pattern)))
    return [*dict.fromkeys(found), sys.executable]


def version_of(interpreter: str) -> tuple[int, int, int] | None:
    """What an interpreter says it is when run; none when it does not run, is not final, or cannot make environments.

    Running it is the only proof: a version manager's stand-in is on the path for versions nobody selected.
    """
    try:
        done = subprocess.run(
            [interpreter, "-I", "-c", PROBE], capture_output=True, text=True, timeout=PROBE_SECONDS, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return None
    words = done.stdout.split()
    if done.returncode or len(words) < 4 or words[3] != "1":
        return None
    return int(words[0]), int(words[1]), int(words[2])


def choose(found: dict[str, tuple[int, int, int] | None]) -> str | None:
    """The best interpreter: the newest not past the newest tried; else the oldest that is newer; else none."""
    fit = {path: version for path, version in found.items() if version and version[:2] >= LEAST}
    known = [path for path in fit if fit[path][:2] <= TRIED]
    if known:
        return max(known, key=lambda path: fit[path])
    return min(fit, key=lambda path: fit[path]) if fit else None


def in_venv(name: str) -> Path:
    """A program of the environment, wherever this system keeps them."""
    return VENV / ("Scripts" if os.name == "nt" else "bin") / (name + (".exe" if os.name == "nt" else ""))


def digest(*patterns: str) -> str:
    """One digest of the files that match, by name and content."""
    total = hashlib.sha256()
    for path in sorted({path for pattern in patterns for path in ROOT.glob(pattern)}):
        total.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()


def make_environment() -> None:
    """Have an environment whose interpreter runs and is new enough, made for this very folder; else make it again."""
    made_for = VENV / ".made-for"
    moved = made_for.exists() and made_for.read_text(encoding="utf-8") != str(ROOT)
    version = version_of(str(in_venv("python"))) if in_venv("python").exists() and not moved else None
    if version and version[:2] >= LEAST:
        return
    if VENV.exists():
        shutil.rmtree(str(VENV))
    interpreter = choose({path: version_of(path) for path in candidates()})
    given = os.environ.get("PYTHON")
    if given and not interpreter:
        raise CannotSetUp("PYTHON={} is not a Python {}.{} or newer that runs.".format(given, *LEAST))
    if interpreter:
        say("Making .venv with " + interpreter)
        run([interpreter, "-m", "venv", str(VENV)])
    elif shutil.which("uv"):
        say("Making .venv with uv")
        run(["uv", "venv", "--quiet", "--python", ">={}.{}".format(*LEAST), str(VENV)])
    else:
        raise CannotSetUp(
            "Python {}.{} or newer is needed and none was found.\n"
            "Install one, or name it: PYTHON=/path/to/python make demo".format(*LEAST)
        )
    made_for.write_text(str(ROOT), encoding="utf-8")


def install(*arguments: str) -> None:
    """Install into the environment: with uv where there is one and it can, else with pip."""
    python = str(in_venv("python"))
    uv = shutil.which("uv")
    if (
        uv
        and not subprocess.run(
            [uv, "pip", "install", "--quiet", "--python", python, *arguments], check=False
        ).returncode
    ):
        return
    if subprocess.run([python, "-m", "pip", "--version"], capture_output=True, check=False).returncode:
        run([python, "-m", "ensurepip"])
    run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *arguments])


def set_up(*, dev: bool) -> None:
    """The environment with the locked packages and this clone, editable, its translations compiled."""
    make_environment()
    runtime = "runtime " + digest("requirements/runtime.txt", "requirements/build.txt")
    everything = "everything " + digest("requirements/dev.txt")
    packages = VENV / ".packages"
    installed = packages.read_text() if packages.exists() else ""
    if installed != everything and (dev or installed != runtime):
        say("Installing packages into .venv (once; a minute or so)")
        packages.write_text("half done")
        names = ["dev.txt"] if dev else ["runtime.txt", "build.txt"]
        install("--require-hashes", *[part for name in names for part in ("-r", str(ROOT / "requirements" / name))])
        packages.write_text(everything if dev else runtime)
    project = digest("pyproject.toml", "hatch_build.py", "src/trienkhai/**/*.po")
    this_clone = VENV / ".this-clone"
    if not this_clone.exists() or this_clone.read_text() != project:
        say("Installing this clone into .venv")
        install("--no-deps", "--no-build-isolation", "-e", str(ROOT))
        this_clone.write_text(project)


def run(command: list[str]) -> None:
    """Run a command in the clone.

    Raises:
        CannotSetUp: it failed.
    """
    if subprocess.run(command, cwd=str(ROOT), check=False).returncode:
        raise CannotSetUp("Failed: " + " ".join(command))


def become(command: list[str]) -> int:
    """Run the command in the environment, in this process's place where the system can."""
    program = in_venv(command[0])
    words = [str(program) if program.exists() else command[0], *command[1:]]
    path = str(program.parent) + os.pathsep + os.environ.get("PATH", "")
    surroundings = {**os.environ, "VIRTUAL_ENV": str(VENV), "PATH": path}
    sys.stdout.flush()
    if os.name != "nt":
        os.execvpe(words[0], words, surroundings)  # noqa: S606 - no shell is wanted
    return subprocess.run(words, env=surroundings, check=False).returncode


def say(text: str) -> None:
    """Tell the person at the keyboard."""
    print(text, flush=True)


def main(arguments: list[str]) -> int:
    """Set up, then run what was asked for."""
    dev = arguments[:1] == ["--dev"]
    command = arguments[1:] if dev else arguments
    try:
        set_up(dev=dev)
    except CannotSetUp as fault:
        print(fault, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return become(command) if command else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
