"""Boxes of one size, envelopes of one size, and receipts that link nothing. Imports no Django."""

import hashlib
import json
import re
import struct
from base64 import b32encode
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.secret import SecretBox
from nacl.utils import random

from trienkhai.core.decisions import Invalid
from trienkhai.sealed.rules.kinds import LONGEST_AUTHOR, Below, Json, Mode, SealedError, Submission
from trienkhai.sealed.rules.locks import KEY_BYTES, CannotOpen, open_as_pair, pairs_bytes, wrap_for_pairs

_LENGTH = struct.Struct(">I")
_NAME_BYTES = 256
_AROUND_CONTENT = 512
"""At most what mode, choice, answer and author take beside the content."""
_RANDOM_RECEIPT_BYTES = 10
RECEIPT_LENGTH = 16
_ALPHABET = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
_NO_SIGN = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
_SIGN = re.compile("[0-9a-f]{64}")
_MISREAD = str.maketrans({"0": "O", "1": "I", "8": "B", "-": "", " ": "", "\u00a0": "", ".": ""})


# --- Receipts ---------------------------------------------------------------------------------------------------------


def new_receipt() -> str:
    """Sixteen signs, eighty random bits."""
    return b32encode(random(_RANDOM_RECEIPT_BYTES)).decode()


def further_receipt(receipt: str, number: int) -> str:
    """Another receipt, which only who holds the first can know: for one of several things a form sends."""
    told = hashlib.blake2b(f"{normalised(receipt)} {number}".encode(), digest_size=10, person=b"trienkhai next")
    return b32encode(told.digest()).decode()


def shown(receipt: str) -> str:
    """In groups of four, as people copy it."""
    return "-".join(receipt[at : at + 4] for at in range(0, RECEIPT_LENGTH, 4))


def normalised(typed: str) -> str:
    """A receipt as it was typed: small letters, groups, and signs read for others are put right.

    Raises:
        Invalid: it cannot be one.
    """
    receipt = typed.strip().upper().translate(_MISREAD)
    if len(receipt) != RECEIPT_LENGTH or not _ALPHABET.issuperset(receipt):
        raise Invalid(SealedError.RECEIPT_MALFORMED, on="receipt")
    return receipt


def proof_of(receipt: str) -> str:
    """What stands with the box while it waits."""
    return hashlib.blake2b(receipt.encode(), digest_size=32, person=b"trienkhai box").hexdigest()


def answer_of(receipt: str) -> str:
    """What lies inside the box and leads to the answer once released. Neither of the two can be had from the other."""
    return hashlib.blake2b(receipt.encode(), digest_size=32, person=b"trienkhai answer").hexdigest()


# --- Envelopes --------------------------------------------------------------------------------------------------------


def new_envelope(author: str, keepers: Mapping[UUID, bytes]) -> bytes:
    """The author's name for any two of the keepers, always of one length for so many keepers."""
    name = author.encode()
    secret = random(KEY_BYTES)
    padded = _LENGTH.pack(len(name)) + name.ljust(_NAME_BYTES - _LENGTH.size, b"\0")
    return bytes(SecretBox(secret).encrypt(padded)) + wrap_for_pairs(secret, keepers)


def open_envelope(envelope: bytes, privates: Mapping[UUID, bytes]) -> str:
    """The author's name.

    Raises:
        CannotOpen: not two of the keepers, or damaged.
    """
    secret = open_as_pair(pairs_part(envelope), privates)
    try:
        padded = SecretBox(secret).decrypt(envelope[: -len(pairs_part(envelope))])
    except CryptoError as fault:
        raise CannotOpen from fault
    length = _LENGTH.unpack_from(padded)[0]
    return padded[_LENGTH.size : _LENGTH.size + length].decode()


def pairs_part(envelope: bytes) -> bytes:
    """The part of an envelope that is wrapped for pairs."""
    return envelope[SecretBox.NONCE_SIZE + SecretBox.MACBYTES + _NAME_BYTES :]


# --- Boxes ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, repr=False)
class Opened:
    """What was in a box."""

    mode: Mode
    below: Below
    content: dict[str, Json]
    author: str
    answer: str
    envelope: bytes


def room(box_bytes: int, keepers: int = 0) -> int:
    """How many bytes of content surely fit into a box; the same for every mode."""
    envelope = SecretBox.NONCE_SIZE + SecretBox.MACBYTES + _NAME_BYTES + pairs_bytes(keepers) if keepers else 0
    return box_bytes - 2 * _LENGTH.size - _AROUND_CONTENT - envelope


def seal(
    submission: Submission, *, answer: str, public_key: bytes, box_bytes: int, keepers: Mapping[UUID, bytes]
) -> bytes:
    """One box: the same size and the same work, whatever is in it.

    Args:
        submission: what is said and how.
        answer: what the receipt will lead to.
        public_key: the batch's.
        box_bytes: the size of the padded content.
        keepers: public keys of those who keep names, by the holder's key; empty where names are not kept.

    Raises:
        Invalid: too long, without or with an author against its mode, or with signs no database keeps.
    """
    _check(submission)
    envelope = new_envelope(submission.author, keepers) if keepers else b""
    kept = submission.mode is Mode.KEPT
    words = _encoded(
        {
            "mode": submission.mode,
            "below": submission.below,
            "content": submission.content,
            "author": submission.author if submission.mode is Mode.NAMED else "",
            "answer": answer,
        }
    )
    sealed_name = envelope if kept else b""
    within = _LENGTH.pack(len(words)) + words + _LENGTH.pack(len(sealed_name)) + sealed_name
    if len(_encoded(submission.content)) > room(box_bytes, len(keepers)) or len(within) > box_bytes:
        raise Invalid(SealedError.TOO_LONG, on="text")
    return SealedBox(PublicKey(public_key)).encrypt(within.ljust(box_bytes, b"\0"))


def unseal(box: bytes, private: PrivateKey) -> Opened:
    """What is in a box.

    Raises:
        CannotOpen: made for another key, damaged, or not made by this program.
    """
    try:
        within = SealedBox(private).decrypt(box)
        words, rest = _taken(within)
        envelope, _padding = _taken(rest)
        found = json.loads(words)
        if not _SIGN.fullmatch(found["answer"]):
            raise CannotOpen
        return Opened(
            mode=Mode(found["mode"]),
            below=Below(found["below"]),
            content=dict(found["content"]),
            author=str(found["author"]),
            answer=found["answer"],
            envelope=envelope,
        )
    except (CryptoError, ValueError, KeyError, TypeError, struct.error) as fault:
        raise CannotOpen from fault


def _taken(source: bytes) -> tuple[bytes, bytes]:
    """The first piece, by its length, and the rest."""
    length = _LENGTH.unpack_from(source)[0]
    end = _LENGTH.size + length
    return source[_LENGTH.size : end], source[end:]


def _check(submission: Submission) -> None:
    signed = submission.mode in {Mode.NAMED, Mode.KEPT}
    if signed and not submission.author:
        raise Invalid(SealedError.NO_AUTHOR)
    if not signed and submission.author:
        raise Invalid(SealedError.AUTHOR_GIVEN)
    if len(submission.author.encode("utf-8", "replace")) > LONGEST_AUTHOR:
        raise Invalid(SealedError.TOO_LONG, on="author")


def _encoded(content: Mapping[str, Json]) -> bytes:
    """Compact JSON.

    Raises:
        Invalid: with signs that no database keeps: one such text would stop the release of all.
    """
    try:
        encoded = json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    except ValueError as fault:  # half a surrogate pair; a number that is none
        raise Invalid(SealedError.UNREADABLE, on="text") from fault
    if _NO_SIGN.search(encoded):
        raise Invalid(SealedError.UNREADABLE, on="text")
    return encoded
