"""Noticing text typed in fonts older than Unicode, so that it is refused rather than imported as garbage."""

import re
from collections.abc import Iterable

from trienkhai.imports.rules.cells import Cell

_TCVN3 = re.compile(r"[a-zA-Z][¨©ª«¬®¸µ¶·¹¾»¼½Æ×ØÜÞßñåæçë§¦]|[§¦¡¢£¤¥][a-zA-Z]|[®][a-z]")  # noqa: RUF001
_VNI = re.compile(r"e[ãäåáàâ]|a[êëïéèâùúûü]|o[äåâ]|u[ïøûùõ][^a-z]|[oôöu][ïø]|ö[ôùøûõï]|ñ[aeiouöô]", re.IGNORECASE)
_ASCII = re.compile(r"[\x00-\x7f]*")
_ENOUGH = 0.3
_AT_LEAST = 3


def is_legacy(text: str) -> bool:
    """Whether a text reads as TCVN3 or VNI bytes shown as if they were Unicode."""
    return bool(_TCVN3.search(text) or _VNI.search(text))


def looks_legacy(lines: Iterable[list[Cell]]) -> bool:
    """Whether much of what is not plain Latin in these lines is older than Unicode."""
    marked = [cell for line in lines for cell in line if isinstance(cell, str) and not _ASCII.fullmatch(cell)]
    suspect = sum(map(is_legacy, marked))
    return suspect >= _AT_LEAST and suspect >= _ENOUGH * len(marked)
