"""Ids that say for what kind and area they were made, so that nobody elsewhere can write about them.

The last five bytes are a digest of kind, area and the random part. An office that has learnt the id of
another village's household can repeat it, but not find one that fits its own area.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache

from app.domain.ids import EntityId, Kind

_MARK = "b8b1d0"
_HEAD = len(_MARK) + 16
_TAG_BYTES = 5


def bound_id(kind: Kind, scope: str, random: bytes) -> EntityId:
    """Return an id for an entity of ``kind`` at home in ``scope`` (12 digits) from 8 random bytes.

    The first of them gives way to a byte of the area: what one village wrote lies side by side in every index
    then, and a merge writes one corner of each instead of all of it.
    """
    head = _MARK + hashlib.sha256(scope.encode()).hexdigest()[:2] + random[1:].hex()
    return EntityId(head + _tag(head, kind, scope))


def is_bound(uid: str) -> bool:
    """Tell whether an id says where it is at home; those made by versions before 0.4 do not."""
    return uid.startswith(_MARK)


def fits(uid: str, kind: str, scope: str) -> bool:
    """Tell whether entries of this kind in streams of ``scope`` may be about ``uid``."""
    return not is_bound(uid) or uid[_HEAD:] == _tag(uid[:_HEAD], kind, scope)


@lru_cache(maxsize=4096)
def _tag(head: str, kind: str, scope: str) -> str:
    return hashlib.sha256(f"{head} {kind} {scope}".encode()).hexdigest()[: 2 * _TAG_BYTES]
