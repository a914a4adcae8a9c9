"""Lawful deletion keeps the chain: a deleted entry leaves the digest of its body, and another says so.

    line = reduced(entry_line)          # "#" and the SHA-256 of the body: all that stays of it
    body = redaction(entry, entry_line, …)
    stands_for(body)                    # the id of the deleted entry

A redaction is about the same entity, repeats the field codes and parents of the entry it deletes and
stands in its place: its heads carry the deleted entry's id and clock, so later entries that name that id
still replace it and every computer comes to the same digest. A redaction is never deleted itself; it
holds no personal data.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Final

from app.domain.ids import is_entity_id
from app.journal import chain
from app.journal.entry import Body

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from app.domain.ids import Value

OP: Final = "entry.redacted"
VERSION: Final = 2
"""A program that knows nothing of redactions keeps them unread, as every entry of a later version."""

_LINE = re.compile(rb"#[0-9a-f]{64}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_BLOB = re.compile(r"sha256:[0-9a-f]{64}")


def is_reduced(line: bytes) -> bool:
    """Tell whether a line is what a deleted entry leaves: "#" and 64 hex digits."""
    return line.startswith(b"#") and _LINE.fullmatch(line) is not None


def body_digest(line: bytes) -> bytes:
    """Return the 32-byte SHA-256 of an entry's body, whether the line still holds it or not."""
    return bytes.fromhex(line[1:].decode()) if is_reduced(line) else hashlib.sha256(line).digest()


def reduced(line: bytes) -> bytes:
    """Return what stays of an entry's line."""
    return b"#" + body_digest(line).hex().encode()


def link(prev: bytes, stream: str, n: int, line: bytes) -> bytes:
    """Return the 32-byte link of entry ``n`` of a stream, whole or reduced."""
    return chain.link_digest(prev, stream, n, body_digest(line))


def links(stream: str, lines: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the link of each entry of a stream from number 1 on, whole or reduced."""
    # As ``link``, one after the other; spelt out, for a merge does nothing more often.
    previous, name, sha256 = chain.genesis(stream), bytes.fromhex(stream), hashlib.sha256
    for number, line in enumerate(lines, start=1):
        digest = body_digest(line) if line[:1] == b"#" else sha256(line).digest()
        previous = sha256(previous + name + number.to_bytes(8, "big") + digest).digest()
        yield previous


def redaction(
    deleted: tuple[str, bytes, Body],
    written: tuple[str, int, str],
    kept: Iterable[str],
    facts: Mapping[str, Value],
) -> Body:
    """Return the entry that deletes another one.

    ``deleted`` is the other's id, line and body; its ``changes`` are those that counted (none when it was
    not projected). ``written`` is actor, clock reading and nonce; ``kept`` the field codes whose values
    stay; ``facts`` what the act itself says (request, basis, "blobs": names of files deleted with it).
    """
    entry, line, body = deleted
    actor, hlc, nonce = written
    staying = frozenset(kept)
    return Body(
        actor=actor,
        entity=body.entity,
        kind=body.kind,
        op=OP,
        hlc=hlc,
        nonce=nonce,
        changes={code: value if code in staying else "" for code, value in body.changes.items()},
        parents={code: ids for code, ids in body.parents.items() if code in body.changes},
        extras={"blobs": "", **facts, "entry": entry, "digest": body_digest(line).hex(), "hlc": body.hlc},
        version=VERSION,
    )


def is_redaction(body: Body) -> bool:
    """Tell whether an entry is a well-formed redaction."""
    if body.op != OP or body.version != VERSION:
        return False
    entry, digest, clock, blobs = (body.extras.get(key) for key in ("entry", "digest", "hlc", "blobs"))
    return (
        isinstance(entry, str)
        and is_entity_id(entry)
        and isinstance(digest, str)
        and _DIGEST.fullmatch(digest) is not None
        and isinstance(clock, int)
        and isinstance(blobs, str)
        and all(_BLOB.fullmatch(name) for name in blobs.split())
    )


def stands_for(body: Body) -> str:
    """Return the id of the entry a redaction deletes, "" for any other entry."""
    return str(body.extras["entry"]) if body.op == OP and is_redaction(body) else ""


def names_gone(body: Body) -> tuple[str, ...]:
    """Return what a redaction removes: the entry's id and the "sha256:<hex>" names of its files."""
    return (str(body.extras["entry"]), *str(body.extras["blobs"]).split())
