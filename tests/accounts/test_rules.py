"""What had been typed, as it travels."""

import pytest

from trienkhai.accounts.rules import MOST, Carried, read


def test_what_is_written_is_read_again() -> None:
    fields = [("name", "Lê Văn “A” <b>\n\nhai dòng"), ("member", "1"), ("member", "2"), ("empty", "")]
    carried = Carried.of("/x/?y=1", fields, files=["danh sách.xlsx"], back="/x/")
    assert read(carried.written) == carried
    assert carried.fields == tuple(fields)


@pytest.mark.parametrize("name", ["password", "new_password1", "passphrase", "a-passphrase", "csrfmiddlewaretoken"])
def test_secrets_stay_behind_whoever_wrote_them_in(name: str) -> None:
    assert Carried.of("/", [(name, "bí mật")], files=(), back="/").fields == ()
    sneaked = read(f'["/", [["{name}", "bí mật"], ["a", "b"]], [], "/"]')
    assert sneaked is not None
    assert sneaked.fields == (("a", "b"),)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "null",
        "[]",
        "{}",
        '["/", [["a"]], [], "/"]',
        '["/", [["a", 1]], [], "/"]',
        '[1, [], [], "/"]',
        '["/", [], [2], "/"]',
        '["/", [], 3, "/"]',
        "[" * 100_000,
    ],
)
def test_nothing_else_is_read(text: str) -> None:
    assert read(text) is None


def test_how_much_can_be_carried() -> None:
    assert not Carried.of("/", [("a", "ă" * (MOST - 100))], files=(), back="/").is_too_long
    assert Carried.of("/", [("a", "ă" * MOST)], files=(), back="/").is_too_long


def test_words_are_what_a_person_wrote() -> None:
    fields = [("on", "03/02/2012"), ("note", " hai từ "), ("note2", "hai từ"), ("key", "0b1c"), ("body", "một\nhai ba")]
    assert Carried.of("/", fields, files=(), back="/").words == ("hai từ", "một\nhai ba")
