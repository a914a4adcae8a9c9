"""Streams in a package: entry lines, the hash chain and the seal of the device that wrote them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app.crypto.device_keys import verify_text
from app.domain.errors import BadInput, Refused
from app.files.package import Stream, StreamHead
from app.journal import chain, redaction
from app.journal.entry import parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from app.crypto.device_keys import DeviceKeys

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
    headed = replace(stream, head=_head(stream.uid, stream.entries))
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


def from_lines(data: bytes, heads: Sequence[StreamHead], file: str) -> tuple[Stream, ...]:
    """Cut lines into the streams the manifest lists and verify every entry, chain and seal.

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
    for number, line in enumerate(lines, start=1):
        _check_entry(line, file, number)
    found: list[Stream] = []
    at = 0
    for head in heads:
        found.append(_stream(head, tuple(lines[at : at + head.n]), file))
        at += head.n
    return tuple(found)


def _check_entry(line: bytes, file: str, number: int) -> None:
    if redaction.is_reduced(line):  # lawfully deleted: the chain needs no more than the digest
        return
    try:
        parse(line)
    except BadInput as error:
        raise BadInput(_PLACED[error.code], file=file, place=number) from error


def _stream(head: StreamHead, entries: tuple[bytes, ...], file: str) -> Stream:
    stream = Stream(
        head.uid, head.scope, head.key, head.incarnation, entries, head.seal, head.head, head.base
    )
    if head.base:
        raise BadInput("package.incremental", file=file)
    if not _is_named_right(stream):
        raise BadInput("package.stream_misnamed", file=file, place=head.uid)
    if _head(head.uid, entries) != head.head:
        raise BadInput("package.chain_broken", file=file, place=head.uid)
    if not _is_sealed(stream):
        raise BadInput("package.seal_broken", file=file, place=head.uid)
    return stream


def _head(uid: str, entries: Sequence[bytes]) -> str:
    link = chain.genesis(uid)
    for number, entry in enumerate(entries, start=1):
        link = redaction.link(link, uid, number, entry)
    return link.hex()


def _is_named_right(stream: Stream) -> bool:
    named = chain.stream_id(bytes.fromhex(stream.key), bytes.fromhex(stream.incarnation), stream.scope)
    return named == stream.uid


def _is_sealed(stream: Stream) -> bool:
    return bool(stream.entries) and verify_text(stream.key, stream.seal_message(), stream.seal)
