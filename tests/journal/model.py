"""The reference: what a computer knows is a set of writes; nothing else decides anything.

Sets, registers with several heads, forks. It shares no code with the program.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Write:
    """One acknowledged write: what it says, which writes it had before its eyes, where it stands."""

    number: int
    entity: str
    changes: tuple[tuple[str, str], ...]
    seen: frozenset[tuple[str, int]]  # (field, write) of every head it replaces
    stream: tuple[int, int]  # device and incarnation
    before: int  # the write before it in the stream, 0 for the first


@dataclass
class Knows:
    """What one computer holds, and where its own stream stands."""

    device: int
    incarnation: int
    writes: frozenset[Write] = frozenset()
    last: int = 0

    def write(self, number: int, entity: str, changes: dict[str, str]) -> Write:
        heads = self.heads()
        seen = frozenset((code, one.number) for code in changes for one in heads.get((entity, code), ()))
        stream = (self.device, self.incarnation)
        made = Write(number, entity, tuple(sorted(changes.items())), seen, stream, self.last)
        self.writes |= {made}
        self.last = number
        return made

    def take(self, others: frozenset[Write], fresh: int) -> None:
        """Join the sets; who gets writes of its own stream that it does not have never goes on with it."""
        new = others - self.writes
        self.writes |= others
        if any(one.stream == (self.device, self.incarnation) for one in new):
            self.rotate(fresh)

    def rotate(self, fresh: int) -> None:
        self.incarnation, self.last = fresh, 0

    def heads(self) -> dict[tuple[str, str], set[Write]]:
        named = {(code, number) for one in self.writes for code, number in one.seen}
        found: dict[tuple[str, str], set[Write]] = {}
        for one in self.writes:
            for code, _ in one.changes:
                if (code, one.number) not in named:
                    found.setdefault((one.entity, code), set()).add(one)
        return found

    def values(self) -> dict[tuple[str, str], list[str]]:
        """Return the values of every head of every field, sorted."""
        return {key: sorted(dict(one.changes)[key[1]] for one in ws) for key, ws in self.heads().items()}

    def conflicts(self) -> set[tuple[str, str]]:
        return {key for key, values in self.values().items() if len(set(values)) > 1}

    def tips(self) -> Counter[tuple[int, int]]:
        """Return how many branches each stream has."""
        followed = {(one.stream, one.before) for one in self.writes}
        return Counter(one.stream for one in self.writes if (one.stream, one.number) not in followed)


@dataclass
class Snapshot:
    """A file as it was once."""

    knows: Knows
    data: bytes = field(repr=False, default=b"")
