"""The state of one filled form: entries, computations, what changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING

from app.questionnaire.xpath.node import Node, NodeKind

if TYPE_CHECKING:
    from app.questionnaire.definition import Bind, Control, Repeat
    from app.questionnaire.xpath.compiler import Expression


class Task(IntEnum):
    """Kinds of computation, in the order in which one question's are done."""

    RELEVANT = 0
    COUNT = 1
    CALCULATE = 2
    ITEMSET = 3
    READONLY = 4
    REQUIRED = 5
    CONSTRAINT = 6


_OF_FIRST_ROW = frozenset({Task.RELEVANT, Task.READONLY})


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice offered: its code, its label in the active language, the name of its picture or ""."""

    value: str
    label: str
    image: str = ""


@dataclass(slots=True, eq=False, repr=False)
class Computation:
    """One expression of one entry and what it read when it was last evaluated."""

    task: Task
    entry: Entry
    expression: Expression
    rank: tuple[int, int, int]
    reads: set[Node] = field(default_factory=set)
    shapes: set[tuple[Node, str]] = field(default_factory=set)
    queued: bool = False
    dead: bool = False

    @property
    def standpoint(self) -> Node:
        """The node the expression is evaluated at; rules of a range are read at its first row."""
        rows = self.entry.rows
        return rows[0].node if rows and self.task in _OF_FIRST_ROW else self.entry.node


@dataclass(slots=True, eq=False, repr=False)
class Entry:
    """A question, group or row in the filled form.

    ``row_of`` is the range a row belongs to; a range (``repeat`` set, ``node`` a phantom that is no child)
    lists its ``rows``. ``relevant_self`` and ``readonly_self`` are the entry's own; the node's ``relevant``
    and ``readonly`` include the ancestors. ``withheld`` is the answer from before choices vanished; it comes
    back with them. ``constraint_ok`` says nothing about a blank answer.
    """

    node: Node
    path: str
    parent: Entry | None
    bind: Bind | None = None
    control: Control | None = None
    repeat: Repeat | None = None
    row_of: Entry | None = None
    rows: list[Entry] = field(default_factory=list)
    children: list[Entry] = field(default_factory=list)
    relevant_self: bool = True
    readonly_self: bool = False
    required: bool = False
    constraint_ok: bool = True
    choices: tuple[Choice, ...] = ()
    withheld: str = ""
    tasks: dict[Task, Computation] = field(default_factory=dict)

    @property
    def relevant(self) -> bool:
        """Whether this and all around it is relevant."""
        return self.node.relevant

    @property
    def readonly(self) -> bool:
        """Whether this or something around it is read-only."""
        return self.readonly_self or (self.parent is not None and self.parent.readonly)

    @property
    def value(self) -> str:
        """The answer; "" while not relevant."""
        return self.node.value() if self.node.relevant else ""

    @property
    def stored(self) -> str:
        """The answer kept, relevant or not."""
        return self.node.value()

    @property
    def is_fixed(self) -> bool:
        """Whether the person may not add or remove rows here: the form decides, or this is no range."""
        return self.repeat is None or self.repeat.control.count is not None or self.repeat.fixed

    @property
    def is_valid(self) -> bool:
        """Neither a broken constraint nor a missing required answer."""
        return self.is_constraint_ok and self.is_required_ok

    @property
    def is_constraint_ok(self) -> bool:
        """A blank or irrelevant answer breaks no constraint."""
        return self.constraint_ok or not self.relevant or not self.stored

    @property
    def is_required_ok(self) -> bool:
        """Whether a required answer is there."""
        return not (self.required and self.relevant and not self.stored)

    @property
    def ref(self) -> str:
        """Path with positions of rows, ``/data/member[2]/name``."""
        if self.repeat is not None or self.parent is None:
            return self.path if self.parent is None else f"{self.parent.ref}/{self.node.name}"
        if self.row_of is not None:
            at = next(i for i, row in enumerate(self.row_of.rows, 1) if row is self)
            return f"{self.parent.ref}/{self.node.name}[{at}]"
        mark = "@" if self.node.kind is NodeKind.ATTRIBUTE else ""
        return f"{self.parent.ref}/{mark}{self.node.name}"

    @property
    def core(self) -> str:
        """The field of the household this answers, such as ``household.address``."""
        return self.bind.core if self.bind is not None else ""


@dataclass(frozen=True, slots=True, eq=False)
class RemovedRow:
    """A row that was taken away: path of its range with positions, place from 0, and its answers."""

    spread: str
    index: int
    node: Node


@dataclass(slots=True)
class ChangeSet:
    """What one operation changed: entries whose answer or state differs, ranges whose rows differ.

    ``removed`` are the rows that went, in the order in which they went; ``Engine.insert_row`` brings
    them back.
    """

    entries: set[Entry] = field(default_factory=set)
    ranges: set[Entry] = field(default_factory=set)
    removed: list[RemovedRow] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Whether anything changed."""
        return bool(self.entries or self.ranges)
