"""Codes residents draw from a bowl: one opens a call's box once. Imports no Django."""

import hashlib
import secrets
from base64 import b32encode

from trienkhai.comments.rules.kinds import CommentError
from trienkhai.core.decisions import Invalid

LENGTH = 12
_BYTES = 8
_ALPHABET = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
_MISREAD = str.maketrans({"0": "O", "1": "I", "8": "B", "-": "", " ": "", "\u00a0": "", ".": ""})


def new_code() -> str:
    """Twelve signs, sixty random bits: too many to guess while a call is open."""
    return b32encode(secrets.token_bytes(_BYTES)).decode()[:LENGTH]


def shown_code(code: str) -> str:
    """In groups of four, as people copy it: three of them, where a receipt has four."""
    return "-".join(code[at : at + 4] for at in range(0, LENGTH, 4))


def normalised_code(typed: str) -> str:
    """A code as it was typed: small letters, groups, and signs read for others are put right.

    Raises:
        Invalid: it cannot be one.
    """
    code = typed.strip().upper().translate(_MISREAD)
    if len(code) != LENGTH or not _ALPHABET.issuperset(code):
        raise Invalid(CommentError.CODE_MALFORMED, on="code")
    return code


def digest_of_code(code: str, secret: str) -> str:
    """What is kept of a code: without the installation's secret, which is in no table, no code can be tried on it."""
    key = hashlib.blake2b(secret.encode()).digest()
    return hashlib.blake2b(code.encode(), key=key, digest_size=32, person=b"trienkhai code").hexdigest()
