"""The two private keys of a device: one signs, one opens what is sealed to it.

They live only inside the encrypted database; a root of trust is a pair of the same kind.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.crypto.interface import INTL_1, KEY_BYTES
from app.crypto.suite import suite
from app.domain.errors import BadInput, Refused
from app.domain.trust import device_id

if TYPE_CHECKING:
    from app.crypto.interface import Rng, Suite

_ROOT_OPENS = b"babutong root opens"
_FIELDS = ("open", "sign", "suite")


@dataclass(frozen=True, slots=True)
class DeviceKeys:
    """Private keys; ``repr`` hides them so that no log or message can show them."""

    sign_secret: bytes
    open_secret: str
    suite_name: str = INTL_1

    def __repr__(self) -> str:
        """Show the public name only."""
        return f"DeviceKeys({self.device})"

    @property
    def suite(self) -> Suite:
        """The algorithms these keys belong to."""
        return suite(self.suite_name)

    @property
    def key(self) -> str:
        """The public signing key, 64 hex digits."""
        return self.suite.sign_public(self.sign_secret).hex()

    @property
    def recipient(self) -> str:
        """The public sealing key in age's spelling."""
        return self.suite.open_public(self.open_secret)

    @property
    def device(self) -> str:
        """The id of the device: it follows from the signing key, so nobody can claim another's."""
        return device_id(self.key)

    def sign(self, message: bytes) -> str:
        """Return the signature of ``message``, 128 hex digits."""
        return self.suite.sign(self.sign_secret, message).hex()

    def to_bytes(self) -> bytes:
        """Return the bytes to keep in the encrypted database."""
        doc = {"open": self.open_secret, "sign": self.sign_secret.hex(), "suite": self.suite_name}
        return json.dumps(doc, sort_keys=True).encode()


def new_device_keys(rng: Rng) -> DeviceKeys:
    """Make the keys of a new device or a new root."""
    chosen = suite(INTL_1)
    return DeviceKeys(chosen.new_sign_secret(rng), chosen.new_open_secret())


def root_keys(seed: bytes) -> DeviceKeys:
    """Return the keys of a root: both follow from 32 secret bytes, so that they fit on a sheet of paper."""
    chosen = suite(INTL_1)
    return DeviceKeys(seed, chosen.open_secret_of(chosen.derive(seed, _ROOT_OPENS)))


def device_keys(data: bytes) -> DeviceKeys:
    """Read what ``DeviceKeys.to_bytes`` wrote.

    Raises:
        BadInput: ``crypto.bad_key``.
    """
    try:
        doc = json.loads(data)
        opening, sign, name = (str(doc[field]) for field in _FIELDS)
        keys = DeviceKeys(bytes.fromhex(sign), opening, name)
        fits = len(keys.sign_secret) == KEY_BYTES and bool(keys.recipient)
    except (ValueError, KeyError, TypeError, Refused) as error:
        raise BadInput("crypto.bad_key") from error
    if not fits:
        raise BadInput("crypto.bad_key")
    return keys


def verify_text(key: str, message: bytes, signature: str) -> bool:
    """Tell whether a hex signature by a hex key is right; the ``Verify`` the trust rules are given."""
    try:
        return suite(INTL_1).verify(bytes.fromhex(key), message, bytes.fromhex(signature))
    except ValueError:
        return False
