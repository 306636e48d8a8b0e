"""What had been typed when a session ended: carried through signing in by the browser alone, kept nowhere."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

SECRETS = ("password", "passphrase", "csrfmiddlewaretoken")
"""A field whose name has one of these is never carried."""
MOST = 2_000_000
"""Characters that can be carried; what is longer must be sent again from the page it was typed on."""


@dataclass(frozen=True)
class Carried:
    """A form that came when its sender was signed out.

    ``path``: where it was sent. ``fields``: what was typed. ``files``: names of files, which cannot be carried.
    ``back``: the page it was typed on.
    """

    path: str
    fields: tuple[tuple[str, str], ...]
    files: tuple[str, ...] = ()
    back: str = "/"

    @classmethod
    def of(cls, path: str, fields: Iterable[tuple[str, str]], *, files: Iterable[str], back: str) -> "Carried":
        """Without what is secret."""
        kept = tuple((name, value) for name, value in fields if not any(word in name for word in SECRETS))
        return cls(path, kept, tuple(files), back)

    @property
    def is_too_long(self) -> bool:
        """Whether it is more than can be carried."""
        return len(self.written) > MOST

    @property
    def written(self) -> str:
        """As one text, for one hidden field."""
        return json.dumps([self.path, self.fields, self.files, self.back], ensure_ascii=False)

    @property
    def words(self) -> tuple[str, ...]:
        """What a person wrote: texts with a space in them, for reading and copying."""
        return tuple(dict.fromkeys(value.strip() for _name, value in self.fields if " " in value.strip()))


def read(text: str) -> Carried | None:
    """What :attr:`Carried.written` wrote; ``None`` when it is nothing of the kind."""
    try:
        path, fields, files, back = json.loads(text)
        pairs = tuple((name, value) for name, value in fields)
        texts = [path, back, *files, *(part for pair in pairs for part in pair)]
    except (ValueError, TypeError, RecursionError):
        return None
    if not all(isinstance(part, str) for part in texts):
        return None
    return Carried.of(path, pairs, files=files, back=back)
