"""What a suite of algorithms offers, and the values it is asked with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

INTL_1 = "intl-1"
GM_1 = "gm-1"
KEY_BYTES = 32

Rng = Callable[[int], bytes]
"""Gives that many random bytes; ``secrets.token_bytes`` outside tests."""


@dataclass(frozen=True, slots=True)
class Stretching:
    """Parameters of the passphrase function (argon2id); ``memory_kib`` in KiB, ``salt`` 16 bytes or more."""

    salt: bytes
    passes: int = 3
    memory_kib: int = 64 * 1024
    lanes: int = 4


class Suite(Protocol):
    """One set of algorithms; digests and keys are 32 bytes in every suite."""

    @property
    def name(self) -> str:
        """The id written into files."""
        ...

    def new_sign_secret(self, rng: Rng) -> bytes:
        """Make a private signing key."""
        ...

    def sign_public(self, secret: bytes) -> bytes:
        """Return the public key of a private signing key."""
        ...

    def sign(self, secret: bytes, message: bytes) -> bytes:
        """Return the 64-byte signature of ``message``."""
        ...

    def verify(self, public: bytes, message: bytes, signature: bytes) -> bool:
        """Tell whether ``signature`` is right; malformed keys and signatures are simply not."""
        ...

    def new_open_secret(self) -> str:
        """Make a private sealing key."""
        ...

    def open_secret_of(self, seed: bytes) -> str:
        """Return the private sealing key that follows from 32 secret bytes."""
        ...

    def open_public(self, secret: str) -> str:
        """Return the recipient to which data is sealed for the holder of ``secret``.

        Raises:
            BadInput: ``crypto.bad_key``.
        """
        ...

    def seal(self, data: bytes, recipients: Sequence[str]) -> bytes:
        """Encrypt ``data`` so that each of ``recipients`` can open it.

        Raises:
            BadInput: ``crypto.bad_key`` when a recipient is malformed or none is given.
        """
        ...

    def open(self, data: bytes, secrets: Sequence[str]) -> bytes:
        """Decrypt what was sealed to the holder of one of ``secrets``.

        Raises:
            BadInput: ``crypto.not_opened`` when no key fits or a byte was changed or is missing.
        """
        ...

    def digest(self, data: bytes) -> bytes:
        """Return the 32-byte digest of ``data``."""
        ...

    def stretch(self, passphrase: str, how: Stretching) -> bytes:
        """Turn a passphrase into a 32-byte key; slow and hungry on purpose."""
        ...

    def derive(self, key: bytes, purpose: bytes, salt: bytes = b"") -> bytes:
        """Derive a 32-byte key for one purpose from a strong key."""
        ...

    def wrap(self, key: bytes, nonce: bytes, data: bytes, bound: bytes) -> bytes:
        """Encrypt ``data``, authenticated with ``bound``; ``nonce`` is 12 bytes, never used twice."""
        ...

    def unwrap(self, key: bytes, nonce: bytes, data: bytes, bound: bytes) -> bytes | None:
        """Return what was wrapped, None when the key is another one or a byte was changed."""
        ...
