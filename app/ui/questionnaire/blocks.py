"""Questions laid out: grids that close ranks when a question disappears, headlines, rosters."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QSpacerItem, QVBoxLayout, QWidget

from app.questionnaire.definition import Control, ControlKind
from app.ui import theme
from app.ui.questionnaire.field import QuestionField
from app.ui.questionnaire.files import NO_FILES, Files
from app.ui.questionnaire.outline import entry_of
from app.ui.questionnaire.registry import Question
from app.ui.questionnaire.roster import Repeated, Roster, RowBlock
from app.ui.questionnaire.wordlabel import WordLabel

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from PySide6.QtGui import QResizeEvent

    from app.questionnaire.engine import Engine
    from app.questionnaire.state import Entry

_THREE, _TWO = 600, 390  # design pixels of width from which on there are so many columns


@dataclass(frozen=True, slots=True)
class Maker:
    """What blocks need to make fields.

    ``before`` holds last year's answers by core field; ``wire`` and ``wire_roster`` connect what is new;
    ``touched`` are the questions the person has been at, ``written`` what was typed and cannot be read,
    ``marked`` those a return was about, with what was said.
    """

    engine: Engine
    wire: Callable[[QuestionField], None]
    wire_roster: Callable[[Roster], None]
    before: Mapping[str, str] = field(default_factory=dict[str, str])
    files: Files = NO_FILES
    touched: set[Entry] = field(default_factory=set)
    written: dict[Entry, str] = field(default_factory=dict)
    marked: Mapping[Entry, str] = field(default_factory=dict["Entry", str])

    def field(self, entry: Entry, grid: FieldGrid) -> QuestionField:
        """Make the field of an entry; made inside its grid, as every move to another parent costs."""
        before = "" if _in_row(entry) else self.before.get(entry.core, "")
        made = QuestionField(Question(self.engine, entry, self.files), before, grid)
        made.touched = entry in self.touched
        if entry in self.marked:
            made.show_returned(self.marked[entry])
        if entry in self.written:
            made.show_written(self.written[entry])
        elif made.touched:
            made.show_problem()
        self.wire(made)
        return made

    def roster(self, at: Repeated, parent: QWidget) -> Roster:
        """Make a roster; its rows are blocks like any other."""
        made = Roster(self.engine, at, partial(Block, self, at.control.children), parent)
        self.wire_roster(made)
        return made


def _in_row(entry: Entry) -> bool:
    here: Entry | None = entry
    while here is not None:
        if here.row_of is not None:
            return True
        here = here.parent
    return False


class FieldGrid(QWidget):
    """Fields in one to three columns."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fields: list[QuestionField] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.px(18))
        self._grid.setVerticalSpacing(theme.px(6))
        self._columns = 0
        self._order: tuple[int, ...] = ()

    def add(self, made: QuestionField) -> None:
        """Add a field at the end."""
        made.setHidden(not made.entry.relevant)
        self.fields.append(made)

    def arrange(self) -> None:
        """Lay out the visible fields; cheap when nothing moved."""
        width = self.width()
        columns = 3 if width >= theme.px(_THREE) else 2 if width >= theme.px(_TWO) else 1
        shown = [f for f in self.fields if f.entry.relevant]
        order = tuple(id(f) for f in shown)
        if (columns, order) == (self._columns, self._order):
            return
        self._columns, self._order = columns, order
        while self._grid.count():
            self._grid.takeAt(0)
        for column in range(3):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
            self._grid.setColumnMinimumWidth(column, theme.px(110) if column < columns else 0)
        self._place(shown, columns)
        self.setVisible(bool(shown))

    def _place(self, shown: list[QuestionField], columns: int) -> None:
        row = column = 0
        for made in self.fields:
            made.setHidden(not made.entry.relevant)
        for made in shown:
            span = min(made.span, columns)
            if column + span > columns:
                row, column = row + 1, 0
            self._grid.addWidget(made, row, column, 1, span, Qt.AlignmentFlag.AlignTop)
            column += span
        for place in range(columns):  # an empty column would get no gap, and the others would be wider
            self._grid.addItem(QSpacerItem(0, 0), row + 1, place)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Override: the number of columns follows the width."""
        super().resizeEvent(event)
        self.arrange()


class Headline(QWidget):
    """The title of a group and its hint."""

    def __init__(self, maker: Maker, control: Control, entry: Entry, parent: QWidget) -> None:
        super().__init__(parent)
        self.maker, self.control, self.entry = maker, control, entry
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.px(6), 0, 0)
        column.setSpacing(theme.px(2))
        self._title = WordLabel("section", self)
        self._hint = WordLabel("muted", self)
        column.addWidget(self._title)
        column.addWidget(self._hint)
        self.refresh()

    def refresh(self) -> None:
        """Show the words; hide with the group."""
        wording = self.maker.engine.wording
        self._title.say(wording.group_label(self.control, self.entry.node))
        self._hint.say(wording.text(self.control.hint, self.entry.node))
        if self.parentWidget() is not None:
            self._hint.setVisible(bool(self._hint.text()))
            self.setVisible(self.entry.relevant and bool(self._title.text()))


class Block(RowBlock):
    """A column of grids, headlines and rosters for some controls, outside of repeats or in one row."""

    def __init__(
        self, maker: Maker, controls: tuple[Control, ...], parent: QWidget, row: Entry | None = None
    ) -> None:
        super().__init__(parent)
        self.maker, self.row = maker, row
        self.parts: list[FieldGrid | Headline | Roster] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.px(8))
        self._build(controls)

    def _build(self, controls: tuple[Control, ...], frame: Control | None = None) -> None:
        for control in controls:
            if control.kind == ControlKind.GROUP:
                self._group(control)
            elif control.kind == ControlKind.REPEAT:
                spread = entry_of(self.maker.engine, control.path, self.row)
                if spread is not None:
                    self._add(self.maker.roster(Repeated(control, spread, frame), self))
            else:
                entry = entry_of(self.maker.engine, control.path, self.row)
                if entry is not None:
                    grid = self._grid()
                    grid.add(self.maker.field(entry, grid))

    def _group(self, control: Control) -> None:
        entry = entry_of(self.maker.engine, control.path, self.row)
        if control.label is not None and entry is not None and not _is_frame(control):
            self._add(Headline(self.maker, control, entry, self))
        self._build(control.children, control if _is_frame(control) else None)
        if control.label is not None and not _is_frame(control):
            self._add(FieldGrid(self))  # what follows the group is not part of it

    def _grid(self) -> FieldGrid:
        if not self.parts or not isinstance(self.parts[-1], FieldGrid):
            self._add(FieldGrid(self))
        last = self.parts[-1]
        assert isinstance(last, FieldGrid)  # noqa: S101 - made above
        return last

    def _add(self, part: FieldGrid | Headline | Roster) -> None:
        self.parts.append(part)
        self._column.addWidget(part)

    def fields(self) -> list[QuestionField]:
        """All fields in order, those of the row shown in rosters included."""
        found: list[QuestionField] = []
        for part in self.parts:
            if isinstance(part, FieldGrid):
                found.extend(part.fields)
            elif isinstance(part, Roster):
                found.extend(part.fields())
        return found

    def rosters(self) -> list[Roster]:
        """The rosters here and in their rows."""
        own = [p for p in self.parts if isinstance(p, Roster)]
        return own + [r for roster in own for r in roster.rosters()]

    def arrange(self) -> None:
        """Close ranks after something appeared or went."""
        for part in self.parts:
            if isinstance(part, Headline):
                part.refresh()
            else:
                part.arrange()


def _is_frame(control: Control) -> bool:
    """A group that only wraps a repeat, as the compiler makes them."""
    return len(control.children) == 1 and control.children[0].kind == ControlKind.REPEAT
