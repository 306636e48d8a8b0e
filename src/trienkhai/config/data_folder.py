"""The data folder: database, files, secrets. One folder to back up."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class DataFolder:
    """Where an installation keeps everything it must not lose."""

    root: Path

    @classmethod
    def from_environment(cls) -> "DataFolder":
        """The folder named by ``TRIENKHAI_DATA``, else ``data`` below the working directory; made if missing."""
        root = Path(os.environ.get("TRIENKHAI_DATA", "data")).expanduser().resolve()
        root.mkdir(parents=True, exist_ok=True, mode=0o700)
        return cls(root)

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.root / "trienkhai.sqlite3"

    @property
    def files(self) -> Path:
        """Content-addressed files."""
        return self.root / "files"

    @property
    def rules(self) -> Path:
        """Rule files an installation has changed; what is absent comes from the package."""
        return self.root / "rules"

    @property
    def calls(self) -> Path:
        """Keys of boxes that are open: never in a backup, destroyed at release."""
        return self.root / "calls"

    @property
    def static(self) -> Path:
        """Collected static files; made anew at every start of a new version."""
        return self.root / "static"

    def secret(self, name: str) -> str:
        """The secret of that name: made at first use, readable by the owner alone (0600).

        Two processes starting together agree: the file is created exclusively, the loser reads the winner's.
        """
        folder = self.root / "secrets"
        folder.mkdir(mode=0o700, exist_ok=True)
        path = folder / name
        fresh = folder / f".{name}.{os.getpid()}.{secrets.token_hex(4)}"
        if not path.exists():
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as target:
                target.write(secrets.token_urlsafe(64))
                target.flush()
                os.fsync(target.fileno())
            try:
                os.link(fresh, path)
            except FileExistsError:
                pass
            except OSError:  # a file system without hard links
                fresh.replace(path)
            fresh.unlink(missing_ok=True)
        return path.read_text().strip()
