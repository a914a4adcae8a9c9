"""One journal entry: its values and its canonical bytes.

The bytes that are hashed are the bytes stored and the bytes sent; nothing is ever serialised again.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.domain.errors import BadInput
from app.domain.ids import Value, is_entity_id
from app.domain.parsed import is_list, is_object

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_BYTES = 64 * 1024
MAX_FIELDS = 500
MAX_INT = 2**62
VERSION = 1
_KEYS = frozenset("acehknptvx")
_TYPES = (str, dict, str, int, str, str, dict, str, int, dict)
_TEXT, _PLAIN = frozenset({str}), frozenset({str, int})


@dataclass(frozen=True, slots=True)
class Body:
    """What an entry says.

    ``changes`` maps field code to new value; ``parents`` maps the same codes to the entry ids the
    writer saw as heads; ``extras`` are facts of the act itself (action, reason) that are no fields.
    """

    actor: str
    entity: str
    kind: str
    op: str
    hlc: int
    nonce: str
    changes: Mapping[str, Value]
    parents: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    extras: Mapping[str, Value] = field(default_factory=dict[str, Value])
    version: int = VERSION


def encode(body: Body) -> bytes:
    """Return the canonical bytes: sorted keys, no spaces, UTF-8, integers and strings only."""
    return canonical(
        {
            "a": body.actor,
            "c": dict(body.changes),
            "e": body.entity,
            "h": body.hlc,
            "k": body.op,
            "n": body.nonce,
            "p": {code: sorted(ids) for code, ids in body.parents.items() if ids},
            "t": body.kind,
            "v": body.version,
            "x": dict(body.extras),
        }
    )


def canonical(doc: object) -> bytes:
    """Return the one JSON spelling of ``doc`` the house accepts."""
    return _ENCODER.encode(doc).encode()


_DECODER = json.JSONDecoder()
# What is written is a tree: nothing in it can go round in a circle.
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), check_circular=False)


def parse(line: bytes) -> Body:
    """Read canonical bytes back, refusing every other spelling.

    Raises:
        BadInput: ``entry.too_long``, ``entry.not_canonical`` or ``entry.bad_shape``.
    """
    if len(line) > MAX_BYTES:
        raise BadInput("entry.too_long", size=len(line))
    try:
        doc = _read(line.decode())
        same = canonical(doc) == line
    except (ValueError, RecursionError) as exc:
        raise BadInput("entry.not_canonical") from exc
    if not same or b"\\u0000" in line:
        raise BadInput("entry.not_canonical")
    if not is_object(doc) or doc.keys() != _KEYS:
        raise BadInput("entry.bad_shape")
    return _body(doc)


def trusted(line: str | bytes) -> Body:
    """Read bytes that were checked when they entered the journal."""
    doc = _read(line if isinstance(line, str) else line.decode())
    return _build(doc)  # type: ignore[arg-type]  # an object, checked then


def _read(text: str) -> object:
    """Read JSON that nothing may stand before or after.

    Raises:
        ValueError: when it is none.
    """
    doc, end = _DECODER.raw_decode(text)
    if end != len(text):
        raise ValueError("more than one value")
    return doc


def _body(doc: dict[str, object]) -> Body:
    # The keys are in order by now, so the types can be looked at all at once.
    shaped = (
        tuple(map(type, doc.values())) == _TYPES
        and _is_int(doc["h"])
        and _is_int(doc["v"])
        and _flat(doc["c"])
        and _flat(doc["x"])
        and _parents(doc["p"], doc["c"])
        and is_entity_id(str(doc["e"]))
    )
    if not shaped:
        raise BadInput("entry.bad_shape")
    return _build(doc)


def _build(doc: dict[str, object]) -> Body:
    # The shape was checked by _body or when the entry was written.
    parents: dict[str, list[str]] = doc["p"]  # type: ignore[assignment]  # shape checked above
    return Body(
        doc["a"],  # type: ignore[arg-type]  # shape checked above
        doc["e"],  # type: ignore[arg-type]  # shape checked above
        doc["t"],  # type: ignore[arg-type]  # shape checked above
        doc["k"],  # type: ignore[arg-type]  # shape checked above
        doc["h"],  # type: ignore[arg-type]  # shape checked above
        doc["n"],  # type: ignore[arg-type]  # shape checked above
        doc["c"],  # type: ignore[arg-type]  # shape checked above
        {code: tuple(ids) for code, ids in parents.items()},
        doc["x"],  # type: ignore[arg-type]  # shape checked above
        doc["v"],  # type: ignore[arg-type]  # shape checked above
    )


def _is_int(value: object) -> bool:
    return type(value) is int and -MAX_INT < value < MAX_INT


def _flat(value: object) -> bool:
    if not is_object(value) or len(value) > MAX_FIELDS:
        return False
    types = set(map(type, value.values()))
    return types <= _TEXT or (
        types <= _PLAIN and all(type(item) is str or _is_int(item) for item in value.values())
    )


def _parents(value: object, changes: object) -> bool:
    if value == {}:
        return True
    if not is_object(value) or not is_object(changes) or not value.keys() <= changes.keys():
        return False
    named: list[object] = []
    for ids in value.values():
        # None twice, and in order.
        if not is_list(ids) or (len(ids) != 1 and ids != sorted(set(map(str, ids)))):
            return False
        named += ids
    return all(map(_is_id, set(named)))


def _is_id(value: object) -> bool:
    return isinstance(value, str) and is_entity_id(value)
