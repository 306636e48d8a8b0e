"""Secrets wrapped by passphrases, and secrets that any two of several holders can open. Imports no Django."""

import struct
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from uuid import UUID

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.pwhash import argon2id
from nacl.secret import SecretBox
from nacl.utils import random

_HEAD = struct.Struct(">BII")
_VERSION = 1
_KIB = 1024
KEY_BYTES = 32
SEAL_BYTES = 48
"""What a sealed box is longer than its content: the passing key and the tag."""


class CannotOpen(Exception):
    """A wrong passphrase or key, or damaged bytes: which of them, cryptography does not say."""


@dataclass(frozen=True)
class Cost:
    """What trying one passphrase takes: passes over so many bytes of memory (argon2id)."""

    passes: int
    memory: int


MODERATE = Cost(argon2id.OPSLIMIT_MODERATE, argon2id.MEMLIMIT_MODERATE)
LEAST = Cost(argon2id.OPSLIMIT_MIN, argon2id.MEMLIMIT_MIN)
"""For tests and benchmarks alone."""


def new_pair() -> tuple[bytes, bytes]:
    """A private key and its public key."""
    private = PrivateKey.generate()
    return bytes(private), bytes(private.public_key)


def public_of(private: bytes) -> bytes:
    """The public key of a private one."""
    return bytes(PrivateKey(private).public_key)


def wrap(secret: bytes, passphrase: str, cost: Cost) -> bytes:
    """The secret, openable with the passphrase alone; what it cost is kept with it."""
    salt = random(argon2id.SALTBYTES)
    key = _stretched(passphrase, salt, cost.passes, cost.memory)
    return _HEAD.pack(_VERSION, cost.passes, cost.memory // _KIB) + salt + bytes(SecretBox(key).encrypt(secret))


def unwrap(blob: bytes, passphrase: str) -> bytes:
    """What :func:`wrap` has wrapped.

    Raises:
        CannotOpen: another passphrase, or damaged.
    """
    try:
        version, passes, memory = _HEAD.unpack_from(blob)
        if version != _VERSION:
            raise CannotOpen
        begin, end = _HEAD.size, _HEAD.size + argon2id.SALTBYTES
        key = _stretched(passphrase, blob[begin:end], passes, memory * _KIB)
        return SecretBox(key).decrypt(blob[end:])
    except (CryptoError, struct.error, ValueError) as fault:
        raise CannotOpen from fault


def plain_passphrase(passphrase: str) -> str:
    """The passphrase as it is used: however its marks were typed and its words were spaced."""
    return " ".join(unicodedata.normalize("NFC", passphrase).split())


def _stretched(passphrase: str, salt: bytes, passes: int, memory: int) -> bytes:
    given = plain_passphrase(passphrase).encode("utf-8", "surrogatepass")
    return argon2id.kdf(KEY_BYTES, given, salt, opslimit=passes, memlimit=memory)


def wrap_for_pairs(secret: bytes, holders: Mapping[UUID, bytes]) -> bytes:
    """The secret, openable by any two of the holders together: one box inside another for each pair of them.

    Args:
        secret: 32 bytes.
        holders: public keys by the holder's key; at least two.
    """
    keys = sorted(holders, key=lambda key: key.bytes)
    boxes = [
        SealedBox(PublicKey(holders[outer])).encrypt(SealedBox(PublicKey(holders[inner])).encrypt(secret))
        for outer, inner in combinations(keys, 2)
    ]
    return bytes([len(keys)]) + b"".join(key.bytes for key in keys) + b"".join(boxes)


def open_as_pair(blob: bytes, privates: Mapping[UUID, bytes]) -> bytes:
    """What :func:`wrap_for_pairs` has wrapped.

    Args:
        blob: the boxes.
        privates: the private keys of two of its holders, by the holder's key.

    Raises:
        CannotOpen: not two of its holders, or damaged.
    """
    count = blob[0] if blob else 0
    if len(blob) != pairs_bytes(count):
        raise CannotOpen
    keys = holders_of(blob)
    size = KEY_BYTES + 2 * SEAL_BYTES
    begin = 1 + 16 * count
    for number, (outer, inner) in enumerate(combinations(keys, 2)):
        if outer in privates and inner in privates:
            box = blob[begin + number * size : begin + (number + 1) * size]
            try:
                within = SealedBox(PrivateKey(privates[outer])).decrypt(box)
                return SealedBox(PrivateKey(privates[inner])).decrypt(within)
            except (CryptoError, ValueError) as fault:
                raise CannotOpen from fault
    raise CannotOpen


def holders_of(blob: bytes) -> list[UUID]:
    """The holders any two of whom can open it."""
    count = blob[0] if blob else 0
    return [UUID(bytes=blob[1 + 16 * n : 17 + 16 * n]) for n in range(count)]


def pairs_bytes(holders: int) -> int:
    """How long :func:`wrap_for_pairs` is for so many holders."""
    return 1 + 16 * holders + holders * (holders - 1) // 2 * (KEY_BYTES + 2 * SEAL_BYTES)
