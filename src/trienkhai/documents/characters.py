"""Which characters may stand in a file; people paste all sorts."""

import re

_NOT_ALLOWED = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def allowed(text: str) -> str:
    """The text without control characters and halves of characters, which no XML file may hold."""
    return text if text.isprintable() else _NOT_ALLOWED.sub("", text)
