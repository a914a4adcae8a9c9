"""Streams in a package: entry lines, the hash chain and the seal of the device that wrote them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from app.crypto.device_keys import verify_text
from app.domain.errors import BadInput, Refused
from app.files.package import Stream, StreamHead
from app.journal import chain, redaction
from app.journal.entry import parse, parse_lines

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.crypto.device_keys import DeviceKeys
    from app.journal.entry import Body

Held = Callable[[str, Sequence[bytes]], int]
"""(stream, its links from the first on) -> how many of them we hold."""


def nothing_held(_stream: str, _links: Sequence[bytes]) -> int:
    """Hold nothing: every line is read."""
    return 0


_PLACED = {
    "entry.too_long": "package.entry_too_long",
    "entry.not_canonical": "package.entry_not_canonical",
    "entry.bad_shape": "package.entry_bad_shape",
}


def sealed(stream: Stream, keys: DeviceKeys) -> Stream:
    """Return the stream with head and seal; one of ``keys``' own is sealed now.

    Raises:
        Refused: ``package.stream_not_sealed`` when it is another device's and its seal does not fit.
    """
    headed = replace(stream, head=_last(stream.uid, _links(stream.uid, stream.entries)))
    if stream.key == keys.key:
        headed = replace(headed, seal=keys.sign(headed.seal_message()))
    if not _is_named_right(headed) or not _is_sealed(headed):
        raise Refused("package.stream_not_sealed", stream=stream.uid)
    return headed


def listed(stream: Stream) -> StreamHead:
    """Return the line of the manifest for a sealed stream."""
    return StreamHead(
        uid=stream.uid,
        scope=stream.scope,
        key=stream.key,
        incarnation=stream.incarnation,
        base=stream.base,
        n=len(stream.entries),
        head=stream.head,
        seal=stream.seal,
    )


def to_lines(streams: Iterable[Stream]) -> bytes:
    """Return the entries of all streams, one to a line."""
    return b"".join(entry + b"\n" for stream in streams for entry in stream.entries)


def from_lines(
    data: bytes, heads: Sequence[StreamHead], file: str, held: Held = nothing_held
) -> tuple[Stream, ...]:
    """Cut lines into the streams the manifest lists and verify every chain, entry and seal.

    ``held`` tells how many of a stream's links, from the first on, we hold: the bytes behind them were read
    when they came in, and the chain proves that these are the same.

    Raises:
        BadInput: ``package.lines_miscounted``, ``package.entry_…`` (params ``file``, ``place``),
            ``package.incremental``, ``package.stream_misnamed``, ``package.stream_twice``,
            ``package.chain_broken`` or ``package.seal_broken``.
    """
    lines = data.split(b"\n")
    if lines.pop() != b"" or len(lines) != sum(head.n for head in heads):
        raise BadInput("package.lines_miscounted", file=file)
    if len({(head.uid, head.head) for head in heads}) != len(heads):
        raise BadInput("package.stream_twice", file=file)
    found: list[Stream] = []
    at = 0
    for head in heads:
        entries = tuple(lines[at : at + head.n])
        links = _links(head.uid, entries)
        # Where the chain does not come to the head, nothing of it is taken for what we hold.
        known = held(head.uid, links) if links[-1:] == [bytes.fromhex(head.head)] else 0
        bodies = _bodies(entries, known, file, at)
        found.append(_stream(head, entries, links, bodies, file))
        at += head.n
    return tuple(found)


def _bodies(entries: Sequence[bytes], known: int, file: str, before: int) -> list[Body | None]:
    """Read the entries after the first ``known``; ``before`` lines stand above the first one."""
    bodies: list[Body | None] = [None] * known
    at_once = parse_lines(entries[known:])
    if at_once is not None:
        return bodies + at_once
    for number in range(known, len(entries)):
        line = entries[number]
        try:
            # Lawfully deleted: the chain needs no more than the digest.
            bodies.append(None if redaction.is_reduced(line) else parse(line))
        except BadInput as error:
            raise BadInput(_PLACED[error.code], file=file, place=before + number + 1) from error
    return bodies


def _stream(
    head: StreamHead,
    entries: tuple[bytes, ...],
    links: Sequence[bytes],
    bodies: Sequence[Body | None],
    file: str,
) -> Stream:
    stream = Stream(
        uid=head.uid,
        scope=head.scope,
        key=head.key,
        incarnation=head.incarnation,
        entries=entries,
        seal=head.seal,
        head=head.head,
        base=head.base,
        links=links,
        bodies=bodies,
    )
    if head.base:
        raise BadInput("package.incremental", file=file)
    if not _is_named_right(stream):
        raise BadInput("package.stream_misnamed", file=file, place=head.uid)
    if _last(head.uid, links) != head.head:
        raise BadInput("package.chain_broken", file=file, place=head.uid)
    if not _is_sealed(stream):
        raise BadInput("package.seal_broken", file=file, place=head.uid)
    return stream


def _last(uid: str, links: Sequence[bytes]) -> str:
    return (links[-1] if links else chain.genesis(uid)).hex()


def _links(uid: str, entries: Sequence[bytes]) -> list[bytes]:
    """Return the link of each entry, whole or reduced."""
    return list(redaction.links(uid, entries))


def _is_named_right(stream: Stream) -> bool:
    named = chain.stream_id(bytes.fromhex(stream.key), bytes.fromhex(stream.incarnation), stream.scope)
    return named == stream.uid


def _is_sealed(stream: Stream) -> bool:
    return bool(stream.entries) and verify_text(stream.key, stream.seal_message(), stream.seal)
