"""Fold the entries of one entity into its fields: a field is a multi-value register.

heads(field) = projected writes of it that no projected entry names as a parent. One head is the
value; two or more are a conflict, kept and shown. The result depends on the set of entries only,
never on their order, so merging is set union.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from app.journal.entry import canonical
from app.journal.redaction import OP, is_redaction, stands_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from app.domain.ids import Value
    from app.journal.entry import Body


class Head(NamedTuple):
    """One write of a field that nothing has superseded; a tuple, for a merge makes a million of them."""

    entry: str
    value: Value
    hlc: int
    deleted: bool = False  # the write itself is gone, a redaction stands in its place

    @property
    def is_emptied(self) -> bool:
        """Tell whether a lawful deletion left nothing of this write but its place."""
        return self.deleted and self.value == ""


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
    def is_gone(self) -> bool:
        """Tell whether nothing but lawfully deleted writes is left; nothing is shown of such an entity."""
        return bool(self.heads) and all(h.deleted and h.value == "" for hs in self.heads.values() for h in hs)

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
        return _digest({code: [(h.entry, h.value) for h in heads] for code, heads in self.heads.items()})


EMPTY = Folded({})


Succession = dict[str, tuple[str, "Value"]]
"""The one head of each field, as (entry id, value)."""


def succession(entries: Sequence[tuple[str, Body]]) -> Succession | None:
    """Return what entries ``(id, body)`` come to when each names exactly what stood before it.

    Most entities are written like that, and most of a merge is reading them. None when ``fold`` must tell:
    what was deleted, doubled, written by two at once, or comes in another order.
    """
    found: Succession = {}
    for entry, body in entries:
        parents = body.parents
        if body.op == OP:
            return None
        for code, value in body.changes.items():
            before = found.get(code)
            named = parents.get(code, ()) if parents else ()
            if (before[:1] if before else ()) != named:
                return None
            found[code] = (entry, value)
    return found


def succession_digest(found: Succession) -> bytes:
    """Return the digest of an entity whose fields have one head each."""
    return _digest({code: (head,) for code, head in found.items()})


def _digest(doc: Mapping[str, object]) -> bytes:
    return hashlib.sha256(canonical(doc)).digest()


def winner(heads: tuple[Head, ...]) -> Head:
    """Return the head to show; a tie-break for the eye, nothing else is decided by the clock.

    What was lawfully emptied gives way to a value written beside it.
    """
    return heads[0] if len(heads) == 1 else max(heads, key=lambda h: (not h.is_emptied, h.hlc, h.entry))


def in_conflict(heads: tuple[Head, ...]) -> bool:
    """Tell whether heads disagree; equal values written twice need nobody's attention.

    Nobody is asked to choose between a value and the place a lawful deletion left empty.
    """
    return len(heads) > 1 and len({head.value for head in heads if not head.is_emptied}) > 1


def fold(entries: Iterable[tuple[str, Body]]) -> Folded:
    """Fold projected entries ``(id, body)`` of one entity, in any order, each any number of times."""
    found = dict(entries)
    if any(body.op == OP for body in found.values()):
        return _with_redactions(list(found.items()))
    named, joined = _named(found.values())
    heads: dict[str, list[Head]] = {}
    for entry, body in found.items():
        for code, value in body.changes.items():
            if code not in named or entry not in named[code]:
                heads.setdefault(code, []).append(Head(entry, value, body.hlc))
    decided = frozenset(
        code
        for code, ids in joined
        if len({found[e].changes[code] for e in ids if e in found and code in found[e].changes}) > 1
    )
    return Folded(
        {code: tuple(sorted(hs, key=_by_entry)) if len(hs) > 1 else (hs[0],) for code, hs in heads.items()},
        decided,
    )


def _named(bodies: Iterable[Body]) -> tuple[dict[str, set[str]], set[tuple[str, tuple[str, ...]]]]:
    """Return, per field, the entries some write of it names, and what was named together."""
    named: dict[str, set[str]] = {}
    joined: set[tuple[str, tuple[str, ...]]] = set()
    for body in bodies:
        for code, ids in body.parents.items():
            named.setdefault(code, set()).update(ids)
            if len(ids) > 1:
                joined.add((code, ids))
    return named, joined


def _with_redactions(entries: list[tuple[str, Body]]) -> Folded:
    writes: dict[str, dict[str, Head]] = {}
    standing = _standing(entries)
    named, joined = _named(body for _, body in standing)
    for entry, body in standing:
        if is_redaction(body):
            _put_in_place(writes, body)
        else:
            for code, value in body.changes.items():
                writes.setdefault(code, {})[entry] = Head(entry, value, body.hlc)
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


def _standing(entries: list[tuple[str, Body]]) -> list[tuple[str, Body]]:
    """Leave out the entries a redaction stands for."""
    replaced = {stands_for(body) for _, body in entries if body.op == OP}
    return [(entry, body) for entry, body in entries if entry not in replaced or stands_for(body)]


def _put_in_place(writes: dict[str, dict[str, Head]], body: Body) -> None:
    """Let a redaction write in the place of the deleted entry; of two, what is emptied stays empty."""
    entry, clock = stands_for(body), int(body.extras["hlc"])
    for code, value in body.changes.items():
        found = writes.setdefault(code, {})
        here, there = Head(entry, value, clock, deleted=True), found.get(entry)
        found[entry] = here if there is None else max(here, there, key=_weight)


def _weight(head: Head) -> tuple[bool, int, str]:
    return head.value == "", head.hlc, str(head.value)


def _by_entry(head: Head) -> str:
    return head.entry
