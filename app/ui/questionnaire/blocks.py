"""Questions laid out: grids that close ranks when a question disappears, headlines, rosters."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QSpacerItem, QVBoxLayout, QWidget

from app.questionnaire.definition import Control, ControlKind
from app.ui import theme
from app.ui.parts.buttons import button
from app.ui.parts.flow import FlowLayout
from app.ui.parts.words import words
from app.ui.questionnaire.field import QuestionField
from app.ui.questionnaire.outline import entry_of, row_title
from app.ui.questionnaire.registry import Question
from app.ui.texts import t

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from PySide6.QtGui import QResizeEvent

    from app.questionnaire.engine import Engine
    from app.questionnaire.state import Entry

_THREE, _TWO = 600, 390  # design pixels of width from which on there are so many columns


@dataclass(frozen=True, slots=True)
class Maker:
    """What blocks need to make fields.

    ``before`` holds last year's answers by core field; ``attach`` fetches a file for a question;
    ``wire`` connects a new field; ``remove`` asks whether a row may go (its title is given).
    """

    engine: Engine
    wire: Callable[[QuestionField], None]
    before: Mapping[str, str] = field(default_factory=dict)
    attach: Callable[[str], str] | None = None
    may_remove: Callable[[str], bool] = bool
    touched: set[Entry] = field(default_factory=set)

    def field(self, entry: Entry) -> QuestionField:
        """Make the field of an entry."""
        attach = self.attach
        fetch = None if attach is None else _Fetch(attach, entry)
        before = "" if _in_row(entry) else self.before.get(entry.core, "")
        made = QuestionField(Question(self.engine, entry, fetch), before)
        made.touched = entry in self.touched
        made.refresh()
        self.wire(made)
        return made


@dataclass(frozen=True, slots=True)
class _Fetch:
    attach: Callable[[str], str]
    entry: Entry

    def __call__(self) -> str:
        return self.attach(self.entry.ref)


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
        made.setParent(self)
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

    def __init__(self, maker: Maker, control: Control, entry: Entry) -> None:
        super().__init__()
        self.maker, self.control, self.entry = maker, control, entry
        row = QHBoxLayout(self)
        row.setContentsMargins(0, theme.px(6), 0, 0)
        row.setSpacing(theme.px(10))
        self._title = words("", "section")
        self._hint = words("", "muted")
        row.addWidget(self._title)
        row.addWidget(self._hint, 1)
        self.refresh()

    def refresh(self) -> None:
        """Show the words; hide with the group."""
        wording = self.maker.engine.wording
        self._title.setText(wording.group_label(self.control, self.entry.node))
        self._hint.setText(wording.text(self.control.hint, self.entry.node))
        if self.parentWidget() is not None:
            self.setVisible(self.entry.relevant and bool(self._title.text()))


class Block(QWidget):
    """A column of grids, headlines and rosters for some controls, outside of repeats or in one row."""

    def __init__(self, maker: Maker, controls: tuple[Control, ...], row: Entry | None = None) -> None:
        super().__init__()
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
                    self._add(Roster(self.maker, control, spread, frame))
            else:
                entry = entry_of(self.maker.engine, control.path, self.row)
                if entry is not None:
                    self._grid().add(self.maker.field(entry))

    def _group(self, control: Control) -> None:
        entry = entry_of(self.maker.engine, control.path, self.row)
        if control.label is not None and entry is not None and not _is_frame(control):
            self._add(Headline(self.maker, control, entry))
        self._build(control.children, control if _is_frame(control) else None)
        if control.label is not None and not _is_frame(control):
            self._add(FieldGrid())  # what follows the group is not part of it

    def _grid(self) -> FieldGrid:
        if not self.parts or not isinstance(self.parts[-1], FieldGrid):
            self._add(FieldGrid())
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


class Roster(QWidget):
    """Rows as chips, the chosen row's questions below.

    ``add_asked(roster)`` and ``remove_asked(roster, index)`` ask the view, which owns the engine.
    """

    add_asked = Signal(object)
    remove_asked = Signal(object, int)

    def __init__(self, maker: Maker, control: Control, spread: Entry, frame: Control | None = None) -> None:
        super().__init__()
        self.maker, self.control, self.spread = maker, control, spread
        self._frame = frame  # the group around the repeat; the compiler puts the label there
        self.chosen = 0
        self._block: Block | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, theme.px(4))
        column.setSpacing(theme.px(12))
        top = QHBoxLayout()
        top.setSpacing(theme.px(10))
        self._strip = QWidget()
        self._flow = FlowLayout(theme.px(8), theme.px(6), self._strip)
        self.add_button = button(t("questionnaire.add_row", what=self._what()), "plain", "plus")
        self.remove_button = button(t("questionnaire.remove_row"), "quiet", "trash")
        free = control.count is None and not (spread.repeat is not None and spread.repeat.fixed)
        if not free:
            self.add_button.hide()
        self._free = free
        top.addWidget(self._strip, 1)
        top.addWidget(self.remove_button, 0, Qt.AlignmentFlag.AlignTop)
        top.addWidget(self.add_button, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(top)
        self._holder = QVBoxLayout()
        column.addLayout(self._holder)
        self.add_button.clicked.connect(self._on_add)
        self.remove_button.clicked.connect(self._on_remove)
        self.rebuild()

    def _what(self) -> str:
        named = self._frame if self.control.label is None and self._frame is not None else self.control
        return self.maker.engine.wording.group_label(named, self.spread.node)

    def rebuild(self) -> None:
        """Show the rows there are now."""
        self.chosen = max(0, min(self.chosen, len(self.spread.rows) - 1))
        self._show_chips()
        if self._block is not None:
            self._holder.removeWidget(self._block)
            self._block.hide()
            self._block.deleteLater()
            self._block = None
        if self.spread.rows:
            self._block = Block(self.maker, self.control.children, self.spread.rows[self.chosen])
            self._holder.addWidget(self._block)
            self._block.arrange()
        self.remove_button.setHidden(not self._free or not self.spread.rows)

    def _show_chips(self) -> None:
        while (item := self._flow.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        for index, row in enumerate(self.spread.rows):
            title = row_title(row, index + 1)
            chip = button(title, "chip")
            chip.setCheckable(True)
            chip.setAutoExclusive(False)
            chip.setChecked(index == self.chosen)
            chip.setProperty("row", index)
            chip.setAccessibleName(t("questionnaire.row_of", what=self._what(), title=title))
            chip.clicked.connect(self._on_chip)
            self._flow.addWidget(chip)
            chip.show()
        self._strip.updateGeometry()

    def choose(self, index: int) -> None:
        """Show another row."""
        if index == self.chosen and self._block is not None:
            return
        self.chosen = index
        self.rebuild()

    def rename(self) -> None:
        """Show the rows' titles anew after an answer changed."""
        for index, row in enumerate(self.spread.rows):
            chip = self._flow.itemAt(index).widget() if index < self._flow.count() else None
            if isinstance(chip, QPushButton):
                chip.setText(row_title(row, index + 1))
                chip.updateGeometry()

    def fields(self) -> list[QuestionField]:
        """The fields of the chosen row."""
        return self._block.fields() if self._block is not None else []

    def rosters(self) -> list[Roster]:
        """Rosters inside the chosen row."""
        return self._block.rosters() if self._block is not None else []

    def arrange(self) -> None:
        """Close ranks."""
        self.setVisible(self.spread.relevant)
        if self._block is not None:
            self._block.arrange()

    def _on_chip(self) -> None:
        chip = self.sender()
        if isinstance(chip, QPushButton):
            self.choose(int(chip.property("row")))
            self._show_chips()

    def _on_add(self) -> None:
        self.add_asked.emit(self)

    def _on_remove(self) -> None:
        row = self.spread.rows[self.chosen]
        if self.maker.may_remove(row_title(row, self.chosen + 1)):
            self.remove_asked.emit(self, self.chosen)
