"""Fold the entries of one entity into its fields: a field is a multi-value register.

heads(field) = projected writes of it that no projected entry names as a parent. One head is the
value; two or more are a conflict, kept and shown. The result depends on the set of entries only,
never on their order, so merging is set union.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.journal.entry import Body, canonical

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from app.domain.ids import Value


@dataclass(frozen=True, slots=True)
class Head:
    """One write of a field that nothing has superseded."""

    entry: str
    value: Value
    hlc: int


@dataclass(frozen=True, slots=True)
class Folded:
    """The fields of one entity with their heads, sorted by entry id.

    ``decided`` are the fields in which some write named values that differed: conflicts of the past.
    """

    heads: Mapping[str, tuple[Head, ...]]
    decided: frozenset[str] = frozenset()

    @property
    def values(self) -> dict[str, Value]:
        """The value to show per field: the head with the greatest (hlc, id)."""
        return {code: winner(heads).value for code, heads in self.heads.items()}

    @property
    def conflicts(self) -> tuple[str, ...]:
        """Fields whose heads hold different values, sorted."""
        return tuple(sorted(code for code, heads in self.heads.items() if in_conflict(heads)))

    @property
    def contested(self) -> tuple[str, ...]:
        """Fields whose values ever stood against each other where both were known, sorted."""
        return tuple(sorted({*self.conflicts, *self.decided}))

    def parents(self, codes: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """Return the entry ids a write of ``codes`` must name."""
        return {code: tuple(h.entry for h in self.heads[code]) for code in codes if code in self.heads}

    def with_write(self, entry: str, body: Body) -> Folded:
        """Return the fold after a write whose parents all stand in this fold."""
        heads = dict(self.heads)
        decided = set(self.decided)
        for code, value in body.changes.items():
            named = body.parents.get(code, ())
            if in_conflict(tuple(head for head in heads.get(code, ()) if head.entry in named)):
                decided.add(code)
            kept = [head for head in heads.get(code, ()) if head.entry not in named]
            heads[code] = tuple(sorted([*kept, Head(entry, value, body.hlc)], key=_by_entry))
        return Folded(heads, frozenset(decided))

    def digest(self) -> bytes:
        """Return the SHA-256 of every field with its heads (entry id and value)."""
        doc = {code: [[h.entry, h.value] for h in heads] for code, heads in self.heads.items()}
        return hashlib.sha256(canonical(doc)).digest()


EMPTY = Folded({})


def winner(heads: tuple[Head, ...]) -> Head:
    """Return the head to show; a tie-break for the eye, nothing else is decided by the clock."""
    return max(heads, key=lambda head: (head.hlc, head.entry))


def in_conflict(heads: tuple[Head, ...]) -> bool:
    """Tell whether heads disagree; equal values written twice need nobody's attention."""
    return len({head.value for head in heads}) > 1


def fold(entries: Iterable[tuple[str, Body]]) -> Folded:
    """Fold projected entries ``(id, body)`` of one entity, in any order, each any number of times."""
    writes: dict[str, dict[str, Head]] = {}
    named: dict[str, set[str]] = {}
    joined: set[tuple[str, tuple[str, ...]]] = set()
    for entry, body in entries:
        for code, value in body.changes.items():
            writes.setdefault(code, {})[entry] = Head(entry, value, body.hlc)
        for code, ids in body.parents.items():
            named.setdefault(code, set()).update(ids)
            if len(ids) > 1:
                joined.add((code, ids))
    heads = {
        code: tuple(sorted((h for e, h in found.items() if e not in named.get(code, ())), key=_by_entry))
        for code, found in writes.items()
    }
    decided = frozenset(
        code
        for code, ids in joined
        if in_conflict(tuple(writes[code][entry] for entry in ids if entry in writes[code]))
    )
    return Folded(heads, decided)


def _by_entry(head: Head) -> str:
    return head.entry
