"""Noticing English on a Vietnamese page."""

import re
from functools import cache
from typing import Any

from django.utils.translation import trans_real
from playwright.sync_api import Page

TEXTS = """() => {
    const texts = [document.title];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const place = walker.currentNode.parentElement;
        const isLeftOut = place.closest("code, script, style, noscript, textarea, [lang=en], .verbatim");
        if (!isLeftOut) texts.push(walker.currentNode.data);
    }
    for (const name of ["aria-label", "title", "placeholder", "data-label", "alt"])
        for (const it of document.querySelectorAll(`[${name}]`))
            if (!it.closest("[lang=en]")) texts.push(it.getAttribute(name));
    return texts.map((text) => text.replace(/\\s+/g, " ").trim()).filter(Boolean);
}"""
ENGLISH = re.compile(r"\b(the|of|and|is|are|this|by|from|not|was|has|have|who|which|your|you|with)\b", re.IGNORECASE)
NAMES = {"English", "Triển khai", "Word", "PDF", "Excel"}
_ENOUGH = 2


def english_on(page: Page) -> list[str]:
    """Texts of a Vietnamese page that are sources of translations, or read like English."""
    texts: list[str] = page.evaluate(TEXTS)
    found = dict.fromkeys(text for text in texts if text not in NAMES and (text in _sources() or _reads_english(text)))
    return list(found)


def _reads_english(text: str) -> bool:
    return len(ENGLISH.findall(text)) >= _ENOUGH


@cache
def _sources() -> frozenset[str]:
    """Source texts whose translation differs."""
    catalogue: Any = trans_real.translation("vi")._catalog.items()  # type: ignore[attr-defined]
    ours = {
        source.rpartition("\x04")[2]: words
        for source, words in catalogue
        if isinstance(source, str) and isinstance(words, str)
    }
    return frozenset(source for source, words in ours.items() if words and words != source)
