"""One journal entry: its values and its canonical bytes.

The bytes that are hashed are the bytes stored and the bytes sent; nothing is ever serialised again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import msgspec

from app.domain.errors import BadInput
from app.domain.ids import are_entity_ids

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_BYTES = 64 * 1024
MAX_FIELDS = 500
MAX_INT = 2**62
VERSION = 1

_Int = Annotated[int, msgspec.Meta(gt=-MAX_INT, lt=MAX_INT)]
_Fields = Annotated[Mapping[str, str | _Int], msgspec.Meta(max_length=MAX_FIELDS)]

_SPELT = {
    "actor": "a",
    "changes": "c",
    "entity": "e",
    "hlc": "h",
    "op": "k",
    "nonce": "n",
    "parents": "p",
    "kind": "t",
    "version": "v",
    "extras": "x",
}


class Body(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, rename=_SPELT):
    """What an entry says.

    ``changes`` maps field code to new value; ``parents`` maps the same codes to the entry ids the
    writer saw as heads; ``extras`` are facts of the act itself (action, reason) that are no fields.
    """

    actor: str
    entity: str
    kind: str
    op: str
    hlc: _Int
    nonce: str
    changes: _Fields
    parents: Mapping[str, tuple[str, ...]] = msgspec.field(default_factory=dict[str, tuple[str, ...]])
    extras: _Fields = msgspec.field(default_factory=dict[str, int | str])
    version: _Int = VERSION


_DECODER = msgspec.json.Decoder(Body)
_ENCODER = msgspec.json.Encoder(order="sorted")
_NUL = b"\\u0000"


def encode(body: Body) -> bytes:
    """Return the canonical bytes: sorted keys, no spaces, UTF-8, integers and strings only."""
    parents = {code: tuple(sorted(ids)) for code, ids in body.parents.items() if ids}
    return canonical(msgspec.structs.replace(body, parents=parents))


def canonical(doc: object) -> bytes:
    """Return the one JSON spelling of ``doc`` the house accepts."""
    return _ENCODER.encode(doc)


def parse(line: bytes) -> Body:
    """Read canonical bytes back, refusing every other spelling.

    Raises:
        BadInput: ``entry.too_long``, ``entry.not_canonical`` or ``entry.bad_shape``.
    """
    if len(line) > MAX_BYTES:
        raise BadInput("entry.too_long", size=len(line))
    try:
        body = _DECODER.decode(line)
    except msgspec.ValidationError as exc:
        raise BadInput("entry.bad_shape") from exc
    except (ValueError, RecursionError) as exc:
        raise BadInput("entry.not_canonical") from exc
    # What was left out, doubled, or spelt or ordered otherwise comes back as other bytes.
    if _ENCODER.encode(body) != line or (_NUL in line and _has_nul(body)):
        raise BadInput("entry.not_canonical")
    named = {body.entity}
    if not _heads(body, named) or not are_entity_ids(named):
        raise BadInput("entry.bad_shape")
    return body


def parse_lines(lines: Sequence[bytes]) -> list[Body] | None:
    """Read many lines as ``parse`` does, at once; None when one is refused, and ``parse`` tells which."""
    found: list[Body] = []
    # Few enough to be still at hand for the processor when they are compared.
    for start in range(0, len(lines), _AT_ONCE):
        bodies = _parse_some(lines[start : start + _AT_ONCE])
        if bodies is None:
            return None
        found += bodies
    return found


_AT_ONCE = 250


def _parse_some(lines: Sequence[bytes]) -> list[Body] | None:
    data = b"\n".join((*lines, b""))
    try:
        bodies = _DECODER.decode_lines(data)
    except (ValueError, RecursionError):
        return None
    if _NUL in data or max(map(len, lines)) > MAX_BYTES or _ENCODER.encode_lines(bodies) != data:
        return None
    named: set[str] = set()
    for body in bodies:
        named.add(body.entity)
        if body.parents and not _heads(body, named):
            return None
    return bodies if are_entity_ids(named) else None


def trusted(line: str | bytes) -> Body:
    """Read bytes that were checked when they entered the journal."""
    return _DECODER.decode(line)


def _has_nul(body: Body) -> bool:
    """Tell whether a text holds the character that ends texts elsewhere; spelt out as six it is harmless."""
    given = (body.actor, body.kind, body.op, body.nonce, *body.changes, *body.extras)
    values = (*given, *body.changes.values(), *body.extras.values())
    texts = [value for value in values if isinstance(value, str)]
    return any("\0" in text for text in texts)


def _heads(body: Body, named: set[str]) -> bool:
    """Add the parents to the ids named; tell whether they are in order, none twice, of fields that change."""
    changes = body.changes
    for code, ids in body.parents.items():
        if code not in changes or (len(ids) != 1 and ids != tuple(sorted(set(ids)))):
            return False
        named.update(ids)
    return True
