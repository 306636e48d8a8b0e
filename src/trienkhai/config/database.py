"""Which database: an SQLite file in the data folder, or PostgreSQL by URL."""

from typing import Any
from urllib.parse import unquote, urlsplit

from trienkhai.config.data_folder import DataFolder

SQLITE_START = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA cache_size=-65536; "
    "PRAGMA secure_delete=ON;"
)
"""``secure_delete``: what is deleted or overwritten is not left in the file's free places."""
BUSY_SECONDS = 20
NO_COMPILING = "-c jit=off"
"""Our statements take milliseconds; compiling one takes a hundred, and PostgreSQL would, misled by its estimates."""


def database_from(url: str, data: DataFolder) -> dict[str, Any]:
    """Django's settings for one database.

    Args:
        url: empty for the data folder's SQLite file; else ``postgresql://user:password@host:port/name`` or ``sqlite:///path``.
        data: the installation's data folder.

    Raises:
        ValueError: the URL names another kind of database.
    """
    parts = urlsplit(url)
    if parts.scheme in {"", "sqlite"}:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": parts.path[1:] if parts.scheme else str(data.database),
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": BUSY_SECONDS, "init_command": SQLITE_START},
        }
    if parts.scheme in {"postgres", "postgresql"}:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parts.path[1:],
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or ""),
            "PORT": parts.port or "",
            "CONN_MAX_AGE": 600,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": {"options": NO_COMPILING},
        }
    msg = f"TRIENKHAI_DATABASE: {parts.scheme}: is neither sqlite nor postgresql"
    raise ValueError(msg)
