"""Runs every check that is not a test; all of them, then says which failed.

python scripts/lint.py [name …]
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CHECKS = {
    "style": ["-m", "ruff", "check"],
    "format": ["-m", "ruff", "format", "--check"],
    "imports": ["-c", "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports())"],
    "migrations": ["manage.py", "makemigrations", "--check", "--dry-run"],
    "translations": ["scripts/messages.py", "check"],
    "types": ["-m", "mypy"],
}


def main(names: list[str]) -> int:
    """Run the named checks, or all."""
    failed = []
    with tempfile.TemporaryDirectory() as data:
        surroundings = os.environ | {"TRIENKHAI_DATA": data}
        for name in names or CHECKS:
            print(f"== {name}", flush=True)
            if subprocess.run([sys.executable, *CHECKS[name]], cwd=ROOT, env=surroundings, check=False).returncode:
                failed.append(name)
    print(f"Failed: {', '.join(failed)}" if failed else "All passed.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
