"""The pages of an encrypted database and its log in the clear: free, unused and live parts alike."""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

PAGE, RESERVE, SALT = 4096, 80, 16
_HEADER, _FRAME = 32, 24


def plain(path: Path, key: bytes) -> bytes:
    """Return the plain text of a database and of the log beside it (SQLCipher 4 with a raw key)."""
    data = path.read_bytes()
    pages = [data[start : start + PAGE] for start in range(0, len(data), PAGE)]
    found = [_decrypted(page[SALT:] if number == 0 else page, key) for number, page in enumerate(pages)]
    log = path.with_name(path.name + "-wal")
    frames = log.read_bytes()[_HEADER:] if log.exists() else b""
    for start in range(0, len(frames), _FRAME + PAGE):
        number = int.from_bytes(frames[start : start + 4], "big")
        page = frames[start + _FRAME : start + _FRAME + PAGE]
        found.append(_decrypted(page[SALT:] if number == 1 else page, key))
    return b"".join(found)


def _decrypted(page: bytes, key: bytes) -> bytes:
    initial = page[-RESERVE : -RESERVE + 16]
    body = page[:-RESERVE]
    if len(body) % 16 or not any(initial):
        return b""
    opener = Cipher(algorithms.AES(key), modes.CBC(initial)).decryptor()
    return opener.update(body) + opener.finalize()
