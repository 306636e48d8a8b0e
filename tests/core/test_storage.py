import gzip
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django import Settings

from trienkhai.core.storage import HashedStaticFiles

FIRST_VISIT_BYTES = 150 * 1024
CORE = ("core/tokens.css", "core/base.css", "core/kit.css", "core/print.css", "core/js/app.js", "core/js/guard.js")
FONTS = [f"core/fonts/be-vietnam-pro-{part}-400-normal.woff2" for part in ("latin", "vietnamese", "latin-ext")]


@pytest.fixture
def collected(tmp_path: Path, settings: Settings) -> HashedStaticFiles:
    settings.STATIC_ROOT = str(tmp_path)
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "trienkhai.core.storage.HashedStaticFiles"},
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    return HashedStaticFiles(location=str(tmp_path), base_url="/static/")


def test_files_carry_their_digest_and_modules_find_each_other(collected: HashedStaticFiles, tmp_path: Path) -> None:
    for name in (*CORE, *FONTS):
        url = collected.url(name)
        assert url != f"/static/{name}"
        assert (tmp_path / url.removeprefix("/static/")).exists()
    app = (tmp_path / collected.url("core/js/app.js").removeprefix("/static/")).read_text(encoding="utf-8")
    assert Path(collected.url("core/js/guard.js")).name in app


def test_a_first_visit_is_light(collected: HashedStaticFiles, tmp_path: Path) -> None:
    total = 0
    for name in (*CORE, *FONTS, "core/icon.svg"):
        content = (tmp_path / collected.url(name).removeprefix("/static/")).read_bytes()
        total += len(content) if name.endswith("woff2") else len(gzip.compress(content))
    assert total < FIRST_VISIT_BYTES / 2


def test_before_anything_is_collected_names_are_plain(tmp_path: Path) -> None:
    assert HashedStaticFiles(location=str(tmp_path), base_url="/static/").url("core/kit.css") == "/static/core/kit.css"
