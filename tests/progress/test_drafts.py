"""How a report cites what it reports on."""

import pytest

from trienkhai.directives.rules import DirectiveKind
from trienkhai.progress.rules.drafts import KINDS_EN, KINDS_VI, cited


@pytest.mark.parametrize(
    ("kind", "number", "language", "words"),
    [
        (DirectiveKind.RESOLUTION, "12-NQ/TW", "vi", "Nghị quyết số 12-NQ/TW “Một số vấn đề”"),
        (DirectiveKind.RESOLUTION, "12-NQ/TW", "en", "Resolution 12-NQ/TW “Một số vấn đề”"),
        (DirectiveKind.OFFICIAL_LETTER, "", "vi", "Công văn “Một số vấn đề”"),
        (DirectiveKind.OTHER, "7", "vi", "7 “Một số vấn đề”"),
    ],
)
def test_by_kind_number_and_title(kind: DirectiveKind, number: str, language: str, words: str) -> None:
    assert cited(kind, number, "Một số vấn đề", language=language) == words


@pytest.mark.parametrize("words", [KINDS_VI, KINDS_EN])
def test_every_kind_but_the_last_has_a_word(words: dict[DirectiveKind, str]) -> None:
    assert set(DirectiveKind) - words.keys() == {DirectiveKind.OTHER}
