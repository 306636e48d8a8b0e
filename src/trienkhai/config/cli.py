"""``trienkhai``: the command of those who install, run and examine an installation."""

import argparse
import os
import sys
import tempfile
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from trienkhai import __version__
from trienkhai.config.data_folder import DataFolder
from trienkhai.config.faults import CannotRun, explain

if TYPE_CHECKING:
    from types import ModuleType

INTERRUPTED = 130
DATA, DEMO = "data", ".demo"


@dataclass(frozen=True)
class Command:
    """A command: its module in ``config.commands`` has ``add_arguments(parser)`` and ``run(args) -> int``."""

    help: str
    module: str
    data: str = DATA
    is_of_existing: bool = False
    """Whether it makes no installation where there is none."""
    may_be_of_demo: bool = False
    """Whether it means the demo where there is nothing else: it only reads."""

    @property
    def path(self) -> str:
        """The module's full name."""
        return f"trienkhai.config.commands.{self.module}"


COMMANDS = {
    "serve": Command("serve the pages and do the background work", "serve"),
    "demo": Command("load the sample case and serve it", "demo", data=DEMO),
    "progress": Command("print the figures of a roll-out", "progress", is_of_existing=True, may_be_of_demo=True),
    "import": Command("take units, members and posts from a list", "imports"),
    "user": Command("add a user, or give one a new password", "user"),
    "check": Command(
        "look for damage: record, files, figures, database", "check", is_of_existing=True, may_be_of_demo=True
    ),
    "backup": Command("write everything into one archive", "backup", is_of_existing=True),
    "restore": Command("set up an empty data folder from an archive", "restore"),
    "migrate": Command("set up the database, or bring it to this version", "migrate"),
    "simulate": Command("make an organisation and its facts, for trials", "simulate"),
    "worker": Command("do the background work alone (serve does it too)", "worker"),
}


def known_commands() -> dict[str, Command]:
    """The commands whose module is there."""
    return {name: command for name, command in COMMANDS.items() if find_spec(command.path)}


def front_parser() -> argparse.ArgumentParser:
    """The parser up to the command's name; the rest is the command's own."""
    lines = [f"  {name:<10}{command.help}" for name, command in known_commands().items()]
    parser = argparse.ArgumentParser(
        prog="trienkhai",
        description="Carries a directive through a whole organisation and says how far it has come.",
        epilog="\n".join(["commands:", *lines, "", "trienkhai COMMAND --help tells more."]),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"trienkhai {__version__}")
    parser.add_argument("--data", metavar="DIR", help="the data folder (else $TRIENKHAI_DATA, else ./data)")
    parser.add_argument("command", choices=known_commands(), metavar="COMMAND")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    return parser


def take_data_option(arguments: list[str]) -> tuple[str | None, list[str]]:
    """``--data DIR`` may stand before or after the command: its value, and the arguments without it."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False, prog="trienkhai")
    parser.add_argument("--data")
    found, rest = parser.parse_known_args(arguments)
    return found.data, rest


def folder_of(command: Command, named: str) -> str:
    """The data folder: the one named, else the command's own, else the demo's where that is what there is to read.

    Raises:
        CannotRun: there is no installation, and the command makes none.
    """
    folder = named or command.data
    if not command.is_of_existing or os.environ.get("TRIENKHAI_DATABASE") or not is_empty(folder):
        return folder
    if command.may_be_of_demo and not named and not is_empty(DEMO):
        print(f"Of the demo, in {DEMO}; --data DIR names another folder.", file=sys.stderr)
        return DEMO
    msg = f"There is no installation in {Path(folder).expanduser().absolute()}. Name its folder: --data DIR"
    raise CannotRun(msg)


def is_empty(folder: str) -> bool:
    """Whether a folder is not there, or is one without an installation in it."""
    path = Path(folder).expanduser()
    return not path.exists() or (path.is_dir() and not DataFolder(path).database.exists())


def set_up(data: str) -> None:
    """Point the settings at the data folder and start Django.

    Raises:
        CannotRun: the environment names something that cannot be used.
    """
    os.environ["TRIENKHAI_DATA"] = os.path.abspath(os.path.expanduser(data))  # noqa: PTH100, PTH111 - may not exist yet
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "trienkhai.config.settings")
    import django  # noqa: PLC0415 - --version and --help of the front need none of it

    try:
        django.setup()
    except ValueError as fault:
        if str(fault).startswith("TRIENKHAI_"):
            raise CannotRun(str(fault)) from fault
        raise


def run_command(name: str, command: Command, data: str, arguments: list[str]) -> int:
    """Parse the command's own arguments and run it."""
    set_up(data)
    module: ModuleType = import_module(command.path)
    parser = argparse.ArgumentParser(
        prog=f"trienkhai {name}",
        description=module.__doc__,
        epilog="--data DIR, before or after the command, names the data folder.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    module.add_arguments(parser)
    result: int = module.run(parser.parse_args(arguments))
    return result


def main(argv: list[str] | None = None) -> int:
    """Run a command; its result is the exit status. Faults of the surroundings become one line, not a traceback."""
    os.umask(0o077)  # database, files and backups are their owner's alone
    data, rest = take_data_option(sys.argv[1:] if argv is None else argv)
    chosen = front_parser().parse_args(rest)
    command = COMMANDS[chosen.command]
    try:
        if {"-h", "--help"} & set(chosen.arguments):
            with tempfile.TemporaryDirectory() as nowhere:
                return run_command(chosen.command, command, nowhere, chosen.arguments)
        folder = folder_of(command, data or os.environ.get("TRIENKHAI_DATA", ""))
        return run_command(chosen.command, command, folder, chosen.arguments)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as fault:
        text = explain(fault)
        if text is None or os.environ.get("TRIENKHAI_DEBUG") == "1":
            raise
        print(text, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
