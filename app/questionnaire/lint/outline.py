"""The survey sheet as a tree: questions, groups and repeats with their paths."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from pyxform import aliases
from pyxform.xls2json import RE_BEGIN_CONTROL, RE_END_CONTROL, RE_SELECT

from app.questionnaire.lint.tables import is_setting_type

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.questionnaire.lint.cells import Book, Row


class ItemKind(StrEnum):
    """What a row of the survey is."""

    QUESTION = "question"
    GROUP = "group"
    REPEAT = "repeat"
    LOOP = "loop"


@dataclass(frozen=True, slots=True)
class Item:
    """One question, group or repeat.

    ``path`` is absolute without positions; ``repeats`` are the paths of the repeats around it, its own
    included. ``command`` is the type without its list, ``list_name`` the list or file it chooses from.
    """

    row: Row
    kind: ItemKind
    command: str
    list_name: str
    name: str
    path: str
    parent: str
    repeats: tuple[str, ...]
    other: bool = False


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A begin without its end, or an end without its begin; ``opened`` is what stands open there, if any."""

    row: Row
    is_end: bool
    kind: str
    opened: Item | None = None


@dataclass(slots=True)
class Outline:
    """All items in order, and what does not match."""

    root: str
    items: list[Item] = field(default_factory=list)
    unmatched: list[Unmatched] = field(default_factory=list)
    endings: set[int] = field(default_factory=set)

    def by_name(self) -> Mapping[str, Sequence[Item]]:
        """Items of each name; a repeat's counter, made by the converter, is not among them."""
        found: dict[str, list[Item]] = defaultdict(list)
        for item in self.items:
            if item.name:
                found[item.name].append(item)
        return found


def _kind(word: str) -> str:
    return str(aliases.control[word])


def _is_off(row: Row) -> bool:
    return bool(aliases.yes_no.get(row.text("disabled")))


@dataclass(slots=True)
class _Walk:
    outline: Outline
    stack: list[Item] = field(default_factory=list)

    def step(self, row: Row) -> None:
        kind = row.text("type")
        if not kind or _is_off(row) or is_setting_type(kind):
            return
        ends = RE_END_CONTROL.search(kind)
        begins = RE_BEGIN_CONTROL.search(kind)
        if ends:
            self._close(row, _kind(str(ends["type"])))
        elif begins:
            made = self._item(row, ItemKind(_kind(str(begins["type"]))), str(begins["list_name"] or ""))
            self.stack.append(made)
        else:
            self._item(row, ItemKind.QUESTION, "")

    def _item(self, row: Row, kind: ItemKind, list_name: str) -> Item:
        above = self.stack[-1] if self.stack else None
        parent = above.path if above is not None else f"/{self.outline.root}"
        name = row.text("name")
        path = f"{parent}/{name or f'row{row.number}'}"
        repeats = above.repeats if above is not None else ()
        if kind in {ItemKind.REPEAT, ItemKind.LOOP}:
            repeats = (*repeats, path)
        command, other = row.text("type"), False
        found = RE_SELECT.search(command) if kind is ItemKind.QUESTION else None
        if found:
            command, list_name = str(found["select_command"]), str(found["list_name"])
            other = found["specify_other"] is not None
        made = Item(row, kind, command, list_name, name, path, parent, repeats, other)
        self.outline.items.append(made)
        return made

    def _close(self, row: Row, kind: str) -> None:
        self.outline.endings.add(row.number)
        top = self.stack[-1] if self.stack else None
        if top is not None and top.kind == kind:
            self.stack.pop()
            return
        self.outline.unmatched.append(Unmatched(row, True, kind, top))
        inner = next((n for n, item in enumerate(reversed(self.stack), 1) if item.kind == kind), 0)
        if inner:  # an end of an outer one: what stands open inside is closed with it
            del self.stack[-inner:]


def outline_of(book: Book) -> Outline:
    """Read the survey sheet."""
    walk = _Walk(Outline(book.setting("name") or "data"))
    for row in book.rows("survey"):
        walk.step(row)
    walk.outline.unmatched += [Unmatched(item.row, False, item.kind) for item in walk.stack]
    return walk.outline
