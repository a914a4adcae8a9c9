"""Computers without a database, made of the pure journal alone; and the three that other systems would have.

The mutants are what one writes first: an entry known by its device and number, the value that arrived last,
and "send me what comes after your highest number". Each loses something, and the histories must notice.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from app.journal import chain, hlc
from app.journal.entry import Body, encode, parse
from app.journal.fold import Folded, fold

SCOPE = "990101001201"
START_MS = 1_772_000_000_000


@dataclass(frozen=True)
class Kept:
    """One entry with its place: the stream, its number and the entry before it ("" for the first)."""

    stream: str
    number: int
    before: str
    data: bytes


State = tuple[dict[str, Kept], bytes, int]


class Pure:
    """A set of entries; everything else is folded from it."""

    def __init__(self, device: int) -> None:
        self.key = bytes([device]) * 32
        self.incarnation = bytes([device]) * 16
        self.entries: dict[str, Kept] = {}
        self.clock = 0
        self.wall_ms = START_MS
        self._rotations = 0
        self._puts = 0  # a restored file does not make the writer repeat itself: nonces are random
        self._alerts: set[str] = set()
        self._heads: dict[str, bytes] = {}

    @property
    def stream(self) -> str:
        return chain.stream_id(self.key, self.incarnation, SCOPE)

    def put(self, entity: str, changes: dict[str, str]) -> str:
        self.clock = hlc.tick(self.clock, self.wall_ms)
        parents = self._folded().get(entity, Folded({})).parents(changes)
        self._puts += 1
        nonce = f"{self.key[0]}-{self._puts}"
        body = Body("a" * 32, entity, "household", "household.edited", self.clock, nonce, changes, parents)
        data = encode(body)
        own = [(one.number, name) for name, one in self.entries.items() if self._is_tip(name, one)]
        number, before = max(own, default=(0, ""))
        head = chain.link(self._link(before), self.stream, number + 1, data)
        name = self.name(head, number + 1)
        self._heads[name] = head
        self.entries[name] = Kept(self.stream, number + 1, before, data)
        return name

    def name(self, head: bytes, number: int) -> str:
        """Return the identity of an entry; here its link in the chain."""
        del number
        return chain.entry_id(head)

    def _is_tip(self, name: str, one: Kept) -> bool:
        return one.stream == self.stream and name not in {k.before for k in self.entries.values()}

    def _link(self, name: str) -> bytes:
        if not name:
            return chain.genesis(self.stream)
        if name not in self._heads:
            one = self.entries[name]
            self._heads[name] = chain.link(self._link(one.before), one.stream, one.number, one.data)
        return self._heads[name]

    def pack(self) -> dict[str, Kept]:
        return dict(self.entries)

    def unpack(self, parcel: dict[str, Kept]) -> None:
        new = {name: one for name, one in parcel.items() if self.lacks(name, one)}
        self.entries.update(new)
        for one in new.values():
            self.clock = hlc.receive(self.clock, [parse(one.data).hlc], self.wall_ms)
        self._alerts |= {stream for stream, tips in self._tips().items() if tips > 1}
        if any(one.stream == self.stream for one in new.values()):
            self._alerts.add(self.stream)
            self.rotate()

    def lacks(self, name: str, one: Kept) -> bool:
        """Tell whether an entry that arrives is taken."""
        del one
        return name not in self.entries

    def snapshot(self) -> State:
        return dict(self.entries), self.incarnation, self.clock

    def restore(self, data: State) -> None:
        entries, self.incarnation, self.clock = data
        self.entries = dict(entries)

    def rotate(self) -> None:
        self._rotations += 1
        self.incarnation = self._rotations.to_bytes(8, "big") + self.key[:8]

    def ids(self) -> set[str]:
        return set(self.entries)

    def _folded(self) -> dict[str, Folded]:
        found: dict[str, list[tuple[str, Body]]] = {}
        for name, one in self.entries.items():
            body = parse(one.data)
            found.setdefault(body.entity, []).append((name, body))
        return {entity: fold(entries) for entity, entries in found.items()}

    def values(self) -> dict[tuple[str, str], list[str]]:
        return {
            (entity, code): sorted(str(head.value) for head in heads)
            for entity, folded in self._folded().items()
            for code, heads in folded.heads.items()
        }

    def conflicts(self) -> set[tuple[str, str]]:
        return {(entity, code) for entity, folded in self._folded().items() for code in folded.conflicts}

    def digest(self) -> str:
        return repr(sorted((entity, folded.digest()) for entity, folded in self._folded().items()))

    def rebuilt(self) -> str:
        self.entries = dict(sorted(self.entries.items()))
        return self.digest()

    def _tips(self) -> Counter[str]:
        followed = {one.before for one in self.entries.values()}
        return Counter(one.stream for name, one in self.entries.items() if name not in followed)

    def tips(self) -> list[int]:
        return list(self._tips().values())

    def unalerted(self) -> int:
        return len({stream for stream, tips in self._tips().items() if tips > 1} - self._alerts)


class ByNumber(Pure):
    """Mutant: an entry is known by its device and number."""

    def name(self, head: bytes, number: int) -> str:
        del head
        return f"{self.key[0]:02x}{number:030x}"


class LastArrival(Pure):
    """Mutant: what arrived last is the value."""

    def _folded(self) -> dict[str, Folded]:
        found: dict[str, list[tuple[str, Body]]] = {}
        for name, one in self.entries.items():
            body = parse(one.data)
            found.setdefault(body.entity, []).append((name, body))
        last: dict[str, Folded] = {}
        for entity, entries in found.items():
            whole = fold(entries)
            newest = {code: name for name, body in entries for code in body.changes}
            heads = {
                code: tuple(h for h in hs if h.entry == newest[code]) for code, hs in whole.heads.items()
            }
            last[entity] = Folded({code: hs for code, hs in heads.items() if hs})
        return last


class HighestNumber(Pure):
    """Mutant: what has a number not above the highest known one of its stream is taken to be known."""

    def lacks(self, name: str, one: Kept) -> bool:
        highest = max((k.number for k in self.entries.values() if k.stream == one.stream), default=0)
        return one.number > highest and super().lacks(name, one)
