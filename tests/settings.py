"""The real settings, in a throw-away data folder, with a fast password hash and plain names for static files."""

import os
from typing import Any

from tests.surroundings import data_folder, database_url

os.environ["TRIENKHAI_DATA"] = str(data_folder())
os.environ["TRIENKHAI_DATABASE"] = database_url()

from trienkhai.config.settings import *  # noqa: F403 - the environment has to be set first
from trienkhai.config.settings import DATA, DATABASES, STORAGES

_database: dict[str, Any] = DATABASES["default"]
_database["CONN_MAX_AGE"] = 0
if _database["ENGINE"].endswith("sqlite3"):
    # A file, not memory: several connections then meet the locks they meet in use. What is lost by a power cut may be.
    _database["TEST"] = {"NAME": str(DATA.root / "test.sqlite3")}
    _database["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
TRIENKHAI_QUICK_PASSPHRASES = True
DATA.static.mkdir(exist_ok=True)
