from pathlib import Path

import pytest

from trienkhai.documents import ProfileError, load_profile
from trienkhai.documents.layout import Style


def test_the_party_profile_says_what_the_guidance_says() -> None:
    profile = load_profile()
    page = profile.page
    assert (page.width, page.height) == (210, 297)
    assert (page.top, page.bottom, page.left, page.right) == (20, 20, 30, 15)
    assert profile.font.family == "Times New Roman"
    assert profile.header.organ == Style(14, bold=True, caps=True)
    assert profile.header.upper_organ == Style(14, caps=True)
    assert (profile.header.title.lines, profile.header.title.size) == (("ĐẢNG CỘNG SẢN VIỆT NAM",), 15)
    assert ":" not in profile.header.number.text
    assert (profile.page_number.from_page, profile.page_number.from_edge) == (2, 10)
    assert profile.body.size == 14


def test_an_installation_changes_only_what_differs(tmp_path: Path) -> None:
    own = tmp_path / "party.toml"
    own.write_text('[page]\ntop = 25\n[signature.post]\nbold = true\n[font]\nfallbacks = ["Tinos"]\n', encoding="utf-8")
    profile, shipped = load_profile(override=own), load_profile()
    assert (profile.page.top, profile.page.left) == (25, 30)
    assert profile.signature.post == Style(14, bold=True, caps=True)
    assert profile.font.fallbacks == ("Tinos",)
    assert profile.header == shipped.header


def test_without_a_file_the_shipped_profile_holds(tmp_path: Path) -> None:
    assert load_profile(override=tmp_path / "none.toml") == load_profile()


@pytest.mark.parametrize(
    ("text", "code", "key"),
    [
        ("[page]\ntopp = 25", "profile-key-unknown", "page.topp"),
        ("colour = 'red'", "profile-key-unknown", "colour"),
        ("[page]\ntop = 'wide'", "profile-value-wrong", "page.top"),
        ("[page]\ntop = -1", "profile-value-wrong", "page.top"),
        ("[page]\ntop = true", "profile-value-wrong", "page.top"),
        ("page = 5", "profile-value-wrong", "page"),
        ("[page_number]\nfrom_page = true", "profile-value-wrong", "page_number.from_page"),
        ("[header.title]\nlines = []", "profile-value-wrong", "header.title.lines"),
        ("[header.title]\nlines = [1]", "profile-value-wrong", "header.title.lines"),
        ("[body]\njustify = 'no'", "profile-value-wrong", "body.justify"),
    ],
)
def test_a_slip_in_a_file_is_named(tmp_path: Path, text: str, code: str, key: str) -> None:
    own = tmp_path / "own.toml"
    own.write_text(text, encoding="utf-8")
    with pytest.raises(ProfileError) as caught:
        load_profile(override=own)
    assert (caught.value.code, caught.value.params["key"]) == (code, key)


@pytest.mark.parametrize("content", [b"[page", "tên = 'ỷ'".encode("utf-16")])
def test_an_unreadable_file(tmp_path: Path, content: bytes) -> None:
    own = tmp_path / "own.toml"
    own.write_bytes(content)
    with pytest.raises(ProfileError) as caught:
        load_profile(override=own)
    assert caught.value.code == "profile-unreadable"


@pytest.mark.parametrize("name", ["none", "../party_hd36"])
def test_an_unknown_profile(name: str) -> None:
    with pytest.raises(ProfileError) as caught:
        load_profile(name)
    assert caught.value.code == "profile-unknown"


def test_a_profile_must_be_whole(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from trienkhai.documents import layout  # noqa: PLC0415 - to leave out a part

    monkeypatch.setattr(layout, "_shipped", lambda name: {"name": name})
    own = tmp_path / "own.toml"
    own.write_text("", encoding="utf-8")
    with pytest.raises(ProfileError) as caught:
        load_profile(override=own)
    assert (caught.value.code, caught.value.params["key"]) == ("profile-key-missing", "page")


def test_levels_beyond_the_last_look_like_the_last() -> None:
    profile = load_profile()
    assert profile.heading.at(9) == profile.heading.level_3
    assert profile.heading.at(0) == profile.heading.level_1
    assert [profile.bullet.at(level) for level in (0, 1, 2, 5)] == ["- ", "- ", "+ ", "+ "]


def test_recipients_end_as_they_should() -> None:
    shown = load_profile().recipients.shown
    assert shown(("Thành uỷ", "Chi bộ;", "Lưu")) == ["- Thành uỷ,", "- Chi bộ;", "- Lưu."]
    assert shown(("Lưu.",)) == ["- Lưu."]
    assert shown(()) == []
