"""Sign-in by itself: what other apps register is set aside."""

import pytest

from trienkhai.core import pages


@pytest.fixture(autouse=True)
def kit_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "NAVIGATION", {})
    monkeypatch.setattr(pages, "_site", {})
