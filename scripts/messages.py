"""Keeps the Vietnamese translations complete.

    python scripts/messages.py update   # take up new texts, drop what is gone
    python scripts/messages.py check    # fail on a stale, missing, fuzzy or empty entry, or on lost placeholders

Source strings are English; each app has its own ``locale/vi``. Needs gettext's ``xgettext``.
"""

import contextlib
import io
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "trienkhai"
LANGUAGE = "vi"
CATALOGUE = Path("locale", LANGUAGE, "LC_MESSAGES", "django.po")


def apps(package: Path) -> list[Path]:
    """The folders Django looks for translations in."""
    return sorted(path.parent for path in package.glob("*/apps.py"))


def extract(app: Path) -> None:
    """Bring an app's catalogue in line with its texts, in place."""
    from django.core.management import call_command  # noqa: PLC0415 - the settings have to be named first
    from django.core.management.commands import makemessages  # noqa: PLC0415

    (app / "locale").mkdir(exist_ok=True)
    with contextlib.chdir(app), contextlib.redirect_stdout(io.StringIO()):
        call_command(
            makemessages.Command(),
            locale=[LANGUAGE],
            no_location=True,
            no_wrap=True,
            no_obsolete=True,
            ignore_patterns=["migrations/*", "static/*"],
            verbosity=0,
        )
    with contextlib.suppress(OSError):  # an app without texts keeps no empty folder
        (app / "locale").rmdir()


def read(app: Path) -> Catalog:
    """An app's catalogue; an empty one when it has none."""
    path = app / CATALOGUE
    if not path.exists():
        return Catalog(locale=LANGUAGE)
    with path.open("rb") as source:
        return read_po(source, locale=LANGUAGE)


def texts(catalogue: Catalog) -> dict[tuple[str, str], Message]:
    """The entries by context and English text."""
    return {(entry.context or "", str(entry.id)): entry for entry in catalogue if entry.id}


def faults(app: Path, wanted: Path) -> Iterator[str]:
    """What is wrong with an app's catalogue, given one just made from its texts."""
    kept = read(app)
    have, need = texts(kept), texts(read(wanted))
    yield from (f"stale: {text}" for _, text in have.keys() - need.keys())
    yield from (f"not translated: {text}" for _, text in need.keys() - have.keys())
    for entry in have.values():
        given = entry.string if isinstance(entry.string, (list, tuple)) else [entry.string]
        if entry.fuzzy:
            yield f"fuzzy: {entry.id}"
        if not all(given):
            yield f"empty: {entry.id}"
        yield from (f"{fault}: {entry.id}" for fault in entry.check(kept))


def check() -> int:
    """Print every fault; the exit status."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "trienkhai")
        shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__", "static"))
        found = 0
        for app in apps(copy):
            extract(app)
            for fault in sorted(faults(PACKAGE / app.name, app)):
                print(f"{app.name}: {fault}")
                found += 1
    print(f"{found} faults in the translations." if found else "The translations are complete.")
    return 1 if found else 0


def update() -> int:
    """Take up new texts; what is then left to translate is what ``check`` prints."""
    for app in apps(PACKAGE):
        extract(app)
    return 0


def main() -> int:
    """Do what the argument says."""
    if shutil.which("xgettext") is None:
        sys.exit("xgettext is needed: install gettext.")
    with tempfile.TemporaryDirectory() as data:
        os.environ["TRIENKHAI_DATA"] = data
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "trienkhai.config.settings")
        return {"check": check, "update": update}[sys.argv[1]]()


if __name__ == "__main__":
    sys.exit(main())
