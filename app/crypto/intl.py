"""The suite ``intl-1``: Ed25519, age with X25519, ChaCha20-Poly1305, Argon2id, HKDF and SHA-256."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pyrage
from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.crypto import bech32
from app.crypto.interface import INTL_1, KEY_BYTES
from app.domain.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.crypto.interface import Rng, Stretching


class International:
    """See ``Suite``; holds no state."""

    name = INTL_1

    def new_sign_secret(self, rng: Rng) -> bytes:
        """Make a private signing key."""
        return rng(KEY_BYTES)

    def sign_public(self, secret: bytes) -> bytes:
        """Return the public key of a private signing key."""
        return Ed25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()

    def sign(self, secret: bytes, message: bytes) -> bytes:
        """Return the 64-byte signature of ``message``."""
        return Ed25519PrivateKey.from_private_bytes(secret).sign(message)

    def verify(self, public: bytes, message: bytes, signature: bytes) -> bool:
        """Tell whether ``signature`` is right."""
        try:
            Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True

    def new_open_secret(self) -> str:
        """Make a private sealing key; age draws its own randomness."""
        return str(pyrage.x25519.Identity.generate())

    def open_secret_of(self, seed: bytes) -> str:
        """Return the 32 bytes in age's spelling of a private key."""
        return bech32.encode("age-secret-key-", seed).upper()

    def open_public(self, secret: str) -> str:
        """Return the recipient that belongs to ``secret``."""
        return str(_identity(secret).to_public())

    def seal(self, data: bytes, recipients: Sequence[str]) -> bytes:
        """Encrypt to several recipients."""
        if not recipients:
            raise BadInput("crypto.bad_key")
        sealed: bytes = pyrage.encrypt(data, [_recipient(text) for text in recipients])
        return sealed

    def open(self, data: bytes, secrets: Sequence[str]) -> bytes:
        """Decrypt with whichever key fits."""
        try:
            opened: bytes = pyrage.decrypt(data, [_identity(text) for text in secrets])
        except pyrage.DecryptError as error:
            raise BadInput("crypto.not_opened") from error
        return opened

    def digest(self, data: bytes) -> bytes:
        """Return the SHA-256."""
        return hashlib.sha256(data).digest()

    def stretch(self, passphrase: str, how: Stretching) -> bytes:
        """Run argon2id."""
        return hash_secret_raw(
            passphrase.encode(), how.salt, how.passes, how.memory_kib, how.lanes, KEY_BYTES, Type.ID
        )

    def derive(self, key: bytes, purpose: bytes, salt: bytes = b"") -> bytes:
        """Run HKDF-SHA-256."""
        return HKDF(SHA256(), KEY_BYTES, salt or None, purpose).derive(key)

    def wrap(self, key: bytes, nonce: bytes, data: bytes, bound: bytes) -> bytes:
        """Run ChaCha20-Poly1305."""
        return ChaCha20Poly1305(key).encrypt(nonce, data, bound)

    def unwrap(self, key: bytes, nonce: bytes, data: bytes, bound: bytes) -> bytes | None:
        """Run ChaCha20-Poly1305 backwards."""
        try:
            return ChaCha20Poly1305(key).decrypt(nonce, data, bound)
        except InvalidTag:
            return None


def _identity(text: str) -> pyrage.x25519.Identity:
    try:
        return pyrage.x25519.Identity.from_str(text)
    except pyrage.IdentityError as error:
        raise BadInput("crypto.bad_key") from error


def _recipient(text: str) -> pyrage.x25519.Recipient:
    try:
        return pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError as error:
        raise BadInput("crypto.bad_key") from error
