from pathlib import Path

import pytest

from trienkhai.config.data_folder import DataFolder
from trienkhai.config.database import database_from


def test_without_a_url_a_file_in_the_data_folder(tmp_path: Path) -> None:
    settings = database_from("", DataFolder(tmp_path))
    assert settings["NAME"] == str(tmp_path / "trienkhai.sqlite3")
    assert settings["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "synchronous=FULL" in settings["OPTIONS"]["init_command"]


def test_postgresql_by_url_with_marks_in_the_password(tmp_path: Path) -> None:
    settings = database_from("postgresql://van%40phong:m%2Ft:k%C3%A9@may-chu:5433/trien_khai", DataFolder(tmp_path))
    assert settings["ENGINE"].endswith("postgresql")
    assert (settings["USER"], settings["PASSWORD"]) == ("van@phong", "m/t:ké")
    assert (settings["HOST"], settings["PORT"], settings["NAME"]) == ("may-chu", 5433, "trien_khai")


def test_another_kind_of_database_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="TRIENKHAI_DATABASE: mysql: is neither"):
        database_from("mysql://x/y", DataFolder(tmp_path))
