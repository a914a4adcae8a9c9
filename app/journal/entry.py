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
        doc = json.loads(line)
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
    return _build(json.loads(line))


def _body(doc: dict[str, object]) -> Body:
    values = (doc["c"], doc["x"])
    shaped = (
        all(isinstance(doc[key], str) for key in "aeknt")
        and all(_is_int(doc[key]) for key in "hv")
        and all(_flat(value) for value in values)
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
        actor=str(doc["a"]),
        entity=str(doc["e"]),
        kind=str(doc["t"]),
        op=str(doc["k"]),
        hlc=doc["h"],  # type: ignore[arg-type]  # shape checked above
        nonce=str(doc["n"]),
        changes=doc["c"],  # type: ignore[arg-type]  # shape checked above
        parents={code: tuple(ids) for code, ids in parents.items()},
        extras=doc["x"],  # type: ignore[arg-type]  # shape checked above
        version=doc["v"],  # type: ignore[arg-type]  # shape checked above
    )


def _is_int(value: object) -> bool:
    return type(value) is int and -MAX_INT < value < MAX_INT


def _flat(value: object) -> bool:
    return (
        is_object(value)
        and len(value) <= MAX_FIELDS
        and all([type(item) is str or _is_int(item) for item in value.values()])
    )


def _parents(value: object, changes: object) -> bool:
    return value == {} or (
        is_object(value)
        and is_object(changes)
        and value.keys() <= changes.keys()
        and all(
            is_list(ids) and all(map(_is_id, ids)) and list(map(str, ids)) == sorted(set(map(str, ids)))
            for ids in value.values()
        )
    )


def _is_id(value: object) -> bool:
    return isinstance(value, str) and is_entity_id(value)
