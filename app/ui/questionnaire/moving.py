"""Moving through the fields by keyboard: Enter and Shift+Enter, and on past the end of a page."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPlainTextEdit, QPushButton

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QObject
    from PySide6.QtGui import QKeyEvent

    from app.ui.questionnaire.field import QuestionField
    from app.ui.questionnaire.roster import Roster


class Command(Enum):
    """What a key asks of the whole form."""

    NEXT = auto()
    PREVIOUS = auto()
    UNDO = auto()
    REDO = auto()
    REUSE = auto()


ENTER = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})


def command_of(event: QKeyEvent) -> Command | None:
    """What a key asks: F8 and Shift+F8, Ctrl+Z, Ctrl+Y or Ctrl+Shift+Z, Ctrl+D."""
    shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
    control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
    if event.key() == Qt.Key.Key_F8:
        return Command.PREVIOUS if shift else Command.NEXT
    if not control:
        return None
    keys = {
        (Qt.Key.Key_Z, False): Command.UNDO,
        (Qt.Key.Key_Z, True): Command.REDO,
        (Qt.Key.Key_Y, False): Command.REDO,
        (Qt.Key.Key_D, False): Command.REUSE,
    }
    return keys.get((Qt.Key(event.key()), shift))


def step(refs: Sequence[str], here: str, by: int) -> str:
    """The path ``by`` places after ``here`` in a round; from elsewhere the first or last, "" of none."""
    if not refs:
        return ""
    at = refs.index(here) + by if here in refs else (0 if by > 0 else -1)
    return refs[at % len(refs)]


def keeps_enter(watched: QObject, event: QKeyEvent) -> bool:
    """Whether Enter belongs to the widget: a button it presses, a box in which it begins a line."""
    control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
    if isinstance(watched, QPlainTextEdit):
        return not control
    return isinstance(watched, QPushButton) and watched.property("kind") != "list"


def neighbour(fields: Sequence[QuestionField], ref: object, *, back: bool) -> QuestionField | None:
    """The field after (or before) the one of a question; None past either end."""
    places = [made for made in fields if made.can_focus()]
    at = next((i for i, made in enumerate(places) if made.entry.ref == ref), -1) + (-1 if back else 1)
    return places[at] if 0 <= at < len(places) else None


def next_row(rosters: Sequence[Roster]) -> bool:
    """Open the next row of the first roster that has one; tell whether there was one."""
    for roster in rosters:
        if roster.fields() and roster.chosen + 1 < len(roster.spread.rows):
            roster.choose(roster.chosen + 1)
            focus_first(roster.fields())
            return True
    return False


def focus_first(fields: Sequence[QuestionField]) -> None:
    """Bring the cursor to the first field that takes it."""
    first = next((made for made in fields if made.can_focus()), None)
    if first is not None:
        first.take_focus()
