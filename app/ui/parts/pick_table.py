"""A table of households to tick, with columns that can be typed into: votes, results."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QKeySequence, QPainter, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from app.ui import theme
from app.ui.binding import placed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent, QMouseEvent

_KEY = Qt.ItemDataRole.UserRole
_ENTER = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})


@dataclass(frozen=True, slots=True)
class PickColumn:
    """A column; ``code`` names one that is typed into, ``figures`` puts it at the right."""

    title: str
    weight: int = 2
    code: str = ""
    figures: bool = False


@dataclass(frozen=True, slots=True)
class PickRow:
    """A row: what it stands for, its texts by column, whether it is ticked."""

    key: str
    cells: tuple[str, ...]
    ticked: bool = False


class _Tinted(QStyledItemDelegate):
    """Paints a cell's own background, which the style sheet leaves out."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Override: the background first."""
        colour = index.data(Qt.ItemDataRole.BackgroundRole)
        if colour is not None:
            painter.fillRect(placed(option).rect, colour)
        super().paint(painter, option, index)


class PickTable(QTableWidget):
    """Rows are ticked by Space or a click on the box; Enter goes through the typed columns, Ctrl+D repeats.

    ``by_row`` lets a click anywhere in a row tick it. ``picked()`` when a tick changes, ``typed()`` when a
    cell does.
    """

    picked = Signal()
    typed = Signal()

    def __init__(
        self,
        name: str,
        columns: Sequence[PickColumn],
        parent: QWidget | None = None,
        *,
        by_row: bool = False,
    ) -> None:
        super().__init__(0, len(columns), parent)
        self._by_row = by_row
        self._columns = tuple(columns)
        self.setAccessibleName(name)
        self.setProperty("role", "grid")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.SelectedClicked
        )
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setItemDelegate(_Tinted(self))
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(theme.px(36))
        head = self.horizontalHeader()
        head.setFixedHeight(theme.px(36))
        head.setHighlightSections(False)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        for at, column in enumerate(columns):
            side = Qt.AlignmentFlag.AlignRight if column.figures else Qt.AlignmentFlag.AlignLeft
            title = QTableWidgetItem(column.title)
            title.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
            self.setHorizontalHeaderItem(at, title)
        self.itemChanged.connect(self._on_changed)
        QShortcut(
            QKeySequence("Ctrl+D"), self, self.repeat, context=Qt.ShortcutContext.WidgetWithChildrenShortcut
        )

    def show_rows(self, rows: Sequence[PickRow]) -> None:
        """Show other rows; what was ticked and typed stays for those that are still there."""
        kept = set(self.ticked())
        typed = {key: self.typed_of(key) for key in kept}
        self.blockSignals(True)
        self.setRowCount(len(rows))
        for at, row in enumerate(rows):
            for column, text in enumerate(row.cells):
                self.setItem(at, column, self._item(row, column, text))
            own = typed.get(row.key, {})
            for column, made in enumerate(self._columns):
                if own.get(made.code):
                    self._cell(at, column).setText(own[made.code])
            if row.key in kept:
                self._cell(at, 0).setCheckState(Qt.CheckState.Checked)
        self.blockSignals(False)
        if rows:
            self.setCurrentCell(0, 0)
        self.picked.emit()

    def keys(self) -> tuple[str, ...]:
        """Return what all rows stand for."""
        return tuple(str(self._cell(row, 0).data(_KEY)) for row in range(self.rowCount()))

    def ticked(self) -> tuple[str, ...]:
        """Return what the ticked rows stand for, in order."""
        rows = range(self.rowCount())
        return tuple(
            str(self._cell(row, 0).data(_KEY))
            for row in rows
            if self._cell(row, 0).checkState() is Qt.CheckState.Checked
        )

    def tick(self, keys: Sequence[str]) -> None:
        """Tick exactly these rows."""
        wanted = set(keys)
        self.blockSignals(True)
        for row in range(self.rowCount()):
            cell = self._cell(row, 0)
            on = str(cell.data(_KEY)) in wanted
            cell.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
        self.blockSignals(False)
        self.picked.emit()

    def tick_all(self, *, on: bool) -> None:
        """Tick every row, or none."""
        self.tick(self.keys() if on else ())

    def typed_of(self, key: str) -> dict[str, str]:
        """Return the typed cells of a row by column code."""
        row = self.keys().index(key)
        return {
            column.code: self._cell(row, at).text().strip()
            for at, column in enumerate(self._columns)
            if column.code
        }

    def type_into(self, key: str, code: str, text: str) -> None:
        """Write into a typed cell."""
        row = self.keys().index(key)
        self._cell(row, self._at(code)).setText(text)

    def repeat(self) -> None:
        """Write what stands above into the current cell; in the first column, the whole row's typed cells."""
        row, column = self.currentRow(), self.currentColumn()
        if row < 1:
            return
        whole = not self._columns[column].code
        for at, made in enumerate(self._columns):
            if made.code and (whole or at == column):
                self._cell(row, at).setText(self._cell(row - 1, at).text())

    def warn(self, keys: Sequence[str], why: str) -> None:
        """Colour the typed cells of rows that do not add up."""
        k = theme.tokens()
        self.blockSignals(True)
        for row, key in enumerate(self.keys()):
            for at, made in enumerate(self._columns):
                if made.code:
                    wrong = key in keys
                    self._cell(row, at).setBackground(QColor(k.amber_tint) if wrong else QBrush())
                    self._cell(row, at).setToolTip(why if wrong else "")
        self.blockSignals(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Override: Enter goes to the next typed cell, at the end of a row to the next row; Space ticks."""
        at = self.currentColumn()
        if event.key() == Qt.Key.Key_Space and at > 0 and not self._columns[at].code:
            self._toggle(self.currentRow())
            return
        if event.key() not in _ENTER or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().keyPressEvent(event)
            return
        self._go_on()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Override: a click beside the box ticks the row, too, where that is wanted."""
        at = self.indexAt(event.position().toPoint())
        if not self._by_row or not at.isValid() or self._columns[at.column()].code:
            super().mouseReleaseEvent(event)
            return
        before = self._cell(at.row(), 0).checkState()
        super().mouseReleaseEvent(event)
        if self._cell(at.row(), 0).checkState() is before and at.row() == self.currentRow():
            self._toggle(at.row())

    def closeEditor(self, editor: QWidget, hint: object) -> None:
        """Override: Enter in a cell goes on to the next one."""
        super().closeEditor(editor, QAbstractItemDelegate.EndEditHint.NoHint)
        onward = {
            QAbstractItemDelegate.EndEditHint.SubmitModelCache,
            QAbstractItemDelegate.EndEditHint.EditNextItem,
        }
        if hint in onward:
            self._go_on()

    def resizeEvent(self, event: object) -> None:
        """Override: share the width among the columns."""
        super().resizeEvent(event)  # type: ignore[arg-type]  # the event is Qt's own
        room, whole = self.viewport().width(), sum(column.weight for column in self._columns)
        used = 0
        for at, column in enumerate(self._columns):
            last = at == len(self._columns) - 1
            width = room - used if last else room * column.weight // whole
            self.setColumnWidth(at, width)
            used += width

    def _toggle(self, row: int) -> None:
        cell = self._cell(row, 0)
        on = cell.checkState() is Qt.CheckState.Checked
        cell.setCheckState(Qt.CheckState.Unchecked if on else Qt.CheckState.Checked)

    def _go_on(self) -> None:
        typed = [at for at, column in enumerate(self._columns) if column.code] or [0]
        row, column = self.currentRow(), self.currentColumn()
        later = next((at for at in typed if at > column), None)
        if later is not None:
            self.setCurrentCell(row, later)
        elif row + 1 < self.rowCount():
            self.setCurrentCell(row + 1, typed[0])

    def _item(self, row: PickRow, at: int, text: str) -> QTableWidgetItem:
        column = self._columns[at]
        item = QTableWidgetItem(text)
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if at == 0:
            flags |= Qt.ItemFlag.ItemIsUserCheckable
            item.setCheckState(Qt.CheckState.Checked if row.ticked else Qt.CheckState.Unchecked)
            item.setData(_KEY, row.key)
        if column.code:
            flags |= Qt.ItemFlag.ItemIsEditable
        item.setFlags(flags)
        item.setToolTip(text)
        side = Qt.AlignmentFlag.AlignRight if column.figures else Qt.AlignmentFlag.AlignLeft
        item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
        return item

    def _cell(self, row: int, column: int) -> QTableWidgetItem:
        found = self.item(row, column)
        if found is None:
            found = QTableWidgetItem("")
            self.setItem(row, column, found)
        return found

    def _at(self, code: str) -> int:
        return next(at for at, column in enumerate(self._columns) if column.code == code)

    def _on_changed(self, item: QTableWidgetItem) -> None:
        if item.column() == 0:
            self.picked.emit()
        else:
            self.typed.emit()
