"""Random histories of several computers: writes, files that come late, twice and astray, restored files, wrong clocks.

The same history is played on computers and on the reference model; afterwards everybody hears of everything
in random order, and ``complaints`` says where computers and model differ.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Generic, Protocol, TypeVar

from tests.journal.model import Knows, Write

Parcel = TypeVar("Parcel")
File = TypeVar("File")
FIELDS = ("group", "address")
JUMP_MS = 10**9


class Computer(Protocol[Parcel, File]):
    """What a history does with a computer."""

    wall_ms: int

    def put(self, entity: str, changes: dict[str, str]) -> str: ...
    def pack(self) -> Parcel: ...
    def unpack(self, parcel: Parcel) -> None: ...
    def snapshot(self) -> File: ...
    def restore(self, data: File) -> None: ...
    def rotate(self) -> None: ...
    def ids(self) -> set[str]: ...
    def values(self) -> dict[tuple[str, str], list[str]]: ...
    def conflicts(self) -> set[tuple[str, str]]: ...
    def digest(self) -> str: ...
    def rebuilt(self) -> str: ...
    def tips(self) -> list[int]: ...
    def unalerted(self) -> int: ...


@dataclass
class History(Generic[Parcel, File]):
    """One history; ``noticed`` is how likely a restored file is noticed when it is opened."""

    rng: random.Random
    computers: Sequence[Computer[Parcel, File]]
    noticed: float = 0.5
    steps: int = 24
    acknowledged: dict[int, str] = field(default_factory=dict)
    forked: bool = False

    def __post_init__(self) -> None:
        self.models = [Knows(n, n) for n in range(len(self.computers))]
        self.files: list[list[tuple[File, Knows]]] = [[] for _ in self.computers]
        self.mail: list[tuple[Parcel, frozenset[Write]]] = []
        self._count = len(self.computers)

    def play(self) -> list[str]:
        """Play the history and let everybody hear of everything; return what differs from the model."""
        doings: list[tuple[Callable[[int], None], int]] = [
            (self._write, 9),
            (self._send, 5),
            (self._arrive, 5),
            (self._keep, 3),
            (self._go_back, 3),
            (self._turn_clock, 1),
        ]
        chosen = self.rng.choices([do for do, _ in doings], [weight for _, weight in doings], k=self.steps)
        for do in chosen:
            do(self.rng.randrange(len(self.computers)))
        self._gossip()
        return self.complaints()

    def _number(self) -> int:
        self._count += 1
        return self._count

    def _write(self, at: int) -> None:
        entity = f"{self.rng.randrange(3):032x}"
        number = self._number()
        codes = self.rng.sample(FIELDS, self.rng.choice((1, 1, 2)))
        # Mostly a value nobody else writes: what is in no conflict must not be the same by chance.
        same = [code for code in codes if self.models[at].values().get((entity, code)) != ["same"]]
        value = "same" if same == codes and self.rng.random() < 0.1 else f"w{number}"
        changes = dict.fromkeys(codes, value)
        self.acknowledged[number] = self.computers[at].put(entity, changes)
        self.models[at].write(number, entity, changes)

    def _send(self, at: int) -> None:
        self.mail.append((self.computers[at].pack(), self.models[at].writes))

    def _arrive(self, at: int) -> None:
        if not self.mail:
            return
        place = self.rng.randrange(len(self.mail))
        # Half of what arrives stays in the bag and comes again, later and elsewhere.
        parcel, writes = self.mail[place] if self.rng.random() < 0.5 else self.mail.pop(place)
        self._take(at, parcel, writes)

    def _take(self, at: int, parcel: Parcel, writes: frozenset[Write]) -> None:
        self.computers[at].unpack(parcel)
        self.models[at].take(writes, self._number())

    def _keep(self, at: int) -> None:
        self.files[at].append((self.computers[at].snapshot(), replace(self.models[at])))
        self._write(at)
        self._send(at)

    def _go_back(self, at: int) -> None:
        kept = [other for other, files in enumerate(self.files) if files]
        if not kept:
            return
        at = at if at in kept else kept[at % len(kept)]
        data, knew = self.rng.choice(self.files[at])
        self.computers[at].restore(data)
        self.models[at] = replace(knew)
        if self.rng.random() < self.noticed:
            self.computers[at].rotate()
            self.models[at].rotate(self._number())
        self._write(at)

    def _turn_clock(self, at: int) -> None:
        self.computers[at].wall_ms += self.rng.choice((-JUMP_MS, JUMP_MS))

    def _gossip(self) -> None:
        """Pass everything on until everybody knows it, everybody hearing in an order of its own."""
        everybody = list(range(len(self.computers)))
        self.rng.shuffle(everybody)
        for at in everybody:
            parcel, writes = self.computers[at].pack(), self.models[at].writes
            others = [other for other in everybody if other != at]
            self.rng.shuffle(others)
            for other in others:
                self._take(other, parcel, writes)

    def complaints(self) -> list[str]:
        """Return what is wrong at the end, nothing when everything is right."""
        model = self.models[0]
        names = {self.acknowledged[one.number] for one in model.writes}
        self.forked = max(model.tips().values(), default=0) > 1
        found: list[str] = []
        if any(other.writes != model.writes for other in self.models):
            found.append("the models differ: the history is wrong")
        if len(names) != len(model.writes):
            found.append("two acknowledged writes have one name")
        for computer in self.computers:
            found += [what for what, wrong in self._differences(computer, model, names) if wrong]
        again = self.rng.choice(self.computers)
        if again.digest() != again.rebuilt():
            found.append("rebuilt, it is another")
        if len({computer.digest() for computer in self.computers}) != 1:
            found.append("digests differ")
        return found

    def _differences(
        self, computer: Computer[Parcel, File], model: Knows, names: set[str]
    ) -> list[tuple[str, bool]]:
        return [
            ("an acknowledged write is missing or one was made up", computer.ids() != names),
            ("current values and heads differ", computer.values() != model.values()),
            ("conflicts differ", computer.conflicts() != model.conflicts()),
            ("branches differ", sorted(computer.tips()) != sorted(model.tips().values())),
            ("a fork was not told", computer.unalerted() > 0),
        ]
