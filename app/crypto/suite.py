"""Every cryptographic operation of the program behind one interface, named by a suite id.

    crypto = suite("intl-1")
    signature = crypto.sign(secret, message)
    crypto.verify(public, message, signature)          # True or False

The id stands in manifests, certificates and key slots, so that a suite of national algorithms can be
added later without a change of any format. Source: Ed25519 (RFC 8032), age (C2SP), ChaCha20-Poly1305
(RFC 8439), Argon2id (RFC 9106), HKDF (RFC 5869), SHA-256.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.crypto.interface import GM_1, INTL_1
from app.domain.errors import Refused

if TYPE_CHECKING:
    from app.crypto.interface import Suite


def suite(name: str) -> Suite:
    """Return the suite of this id.

    Raises:
        Refused: ``crypto.suite_reserved`` (the national suite is not built yet) or
            ``crypto.suite_unknown``.
    """
    if name == INTL_1:
        # Late: the libraries behind it must not be read before the first window is painted.
        from app.crypto.intl import International

        return International()
    if name == GM_1:
        raise Refused("crypto.suite_reserved")
    raise Refused("crypto.suite_unknown")
