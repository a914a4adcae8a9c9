"""The hash chain of a stream; an entry's identity is its link, never (device, number)."""

from __future__ import annotations

import hashlib

_ID_BYTES = 16


def genesis(stream: str) -> bytes:
    """Return the 32-byte link before the first entry of ``stream`` (32 hex digits)."""
    return hashlib.sha256(b"babutong-stream\0" + bytes.fromhex(stream)).digest()


def link(prev: bytes, stream: str, n: int, body: bytes) -> bytes:
    """Return the 32-byte link of entry ``n`` (1 for the first) with canonical ``body``."""
    return link_digest(prev, stream, n, hashlib.sha256(body).digest())


def link_digest(prev: bytes, stream: str, n: int, body_digest: bytes) -> bytes:
    """Return the link when only the body's SHA-256 is known (redacted entries)."""
    return hashlib.sha256(prev + bytes.fromhex(stream) + n.to_bytes(8, "big") + body_digest).digest()


def entry_id(link_bytes: bytes) -> str:
    """Return the identity of the entry whose link this is: its first 16 bytes in hex."""
    return link_bytes[:_ID_BYTES].hex()


def stream_id(sign_key: bytes, incarnation: bytes, scope: str) -> str:
    """Return the identity of the stream a device incarnation writes for ``scope`` (12 digits)."""
    return hashlib.sha256(sign_key + incarnation + scope.encode()).digest()[:_ID_BYTES].hex()
