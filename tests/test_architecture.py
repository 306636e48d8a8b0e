"""Rules of docs/contributors/structure.md that import-linter cannot see."""

import ast
import configparser
import re
import subprocess
from pathlib import Path

from django.apps import apps
from django.db.models import Field, Model

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "trienkhai"
LONGEST_FILE, LONGEST_FUNCTION = 800, 60
FORBIDDEN_NAMES = {"utils", "helpers", "services", "common", "managers", "signals"}
DOMAIN = {"actions", "queries", "policies", "models", "rules"}
TRANSPORT = ("django.http", "django.contrib.messages", "django.shortcuts")


def layers() -> list[set[str]]:
    """The apps from top to bottom, as import-linter reads them: one order, written once."""
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter", encoding="utf-8")
    lines = contracts["importlinter:contract:apps"]["layers"].split("\n")
    return [{name.strip() for name in line.split("|")} for line in lines if line.strip()]


def height(app: str) -> int:
    """How far from the top: smaller is higher."""
    return next(number for number, names in enumerate(layers()) if app in names)


def sources() -> list[Path]:
    """Every module of ours but migrations."""
    return [path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts]


def named(paths: list[Path]) -> list[str]:
    """For messages."""
    return [path.relative_to(ROOT).as_posix() for path in paths]


def test_no_relation_points_upwards() -> None:
    """String foreign keys escape import-linter."""
    wrong = []
    for model in apps.get_models():
        for field in model._meta.get_fields(include_hidden=True):
            target = field.related_model
            if isinstance(field, Field) and isinstance(target, type) and points_upwards(model, target):
                wrong.append(str(field))
    assert wrong == []


def points_upwards(model: type[Model], target: type[Model]) -> bool:
    """Whether a relation goes to an app above or beside its own."""
    if not (model.__module__.startswith("trienkhai.") and target.__module__.startswith("trienkhai.")):
        return False
    source_app, target_app = model.__module__.split(".")[1], target.__module__.split(".")[1]
    return source_app != target_app and height(target_app) <= height(source_app)


def test_the_order_is_the_one_of_the_settings() -> None:
    """Every app stands somewhere in the order."""
    ordered = set().union(*layers())
    assert {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists()} <= ordered


def test_names_say_what_a_module_holds() -> None:
    wrong = [path for path in sources() if {path.stem, *path.parent.relative_to(PACKAGE).parts} & FORBIDDEN_NAMES]
    assert named(wrong) == []


def test_no_file_is_too_long() -> None:
    wrong = [path for path in sources() if len(path.read_text(encoding="utf-8").splitlines()) > LONGEST_FILE]
    assert named(wrong) == []


def test_no_function_is_too_long() -> None:
    wrong = [
        f"{path.relative_to(ROOT).as_posix()}:{node.lineno} {node.name}"
        for path in sources()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno + 1 > LONGEST_FUNCTION
    ]
    assert wrong == []


def test_the_domain_knows_no_http() -> None:
    wrong = []
    for path in sources():
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        if parts[0] == "core" or not DOMAIN & set(parts[1:]):
            continue
        wrong += [
            f"{path.relative_to(ROOT).as_posix()}: {name}" for name in imported(path) if name.startswith(TRANSPORT)
        ]
    assert wrong == []


def imported(path: Path) -> list[str]:
    """The modules a module imports."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.append(node.module)
    return found


def test_no_tracked_file_names_a_place_packages_come_from() -> None:
    """Where an office gets its packages is its own affair; a lock works with any mirror."""
    places = re.compile(
        rb"https?://[^\s/]*(pypi|pythonhosted|artifactory|nexus)|--(extra-)?index-url[ =]|--find-links[ =]"
    )
    wrong = [path for path in tracked() if path.is_file() and places.search(path.read_bytes())]
    assert named(wrong) == []


def test_no_data_folder_and_no_secret_is_kept() -> None:
    """A key that is published is none."""
    wrong = [path for path in tracked() if {"secrets", "data"} & set(path.relative_to(ROOT).parts[:-1])]
    assert named(wrong) == []


def tracked() -> list[Path]:
    """Every file git keeps."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)  # noqa: S607
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name]
