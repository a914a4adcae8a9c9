"""A small table of frozen rows: members, income items, hits, votes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from app.ui import theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column: its headline, how wide it is against the others, and whether it holds figures."""

    title: str
    weight: int = 1
    figures: bool = False


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row: the id of what it stands for and one text per column."""

    key: str
    cells: tuple[str, ...]


class RowsModel(QAbstractTableModel):
    """All rows at once; for lists that belong to one household or one meeting."""

    def __init__(self, columns: Sequence[TableColumn], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._columns = tuple(columns)
        self._rows: tuple[TableRow, ...] = ()

    def show_rows(self, rows: Sequence[TableRow]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self._rows = tuple(rows)
        self.endResetModel()

    def key(self, row: int) -> str:
        """Return the id of a row, empty past the end."""
        return self._rows[row].key if 0 <= row < len(self._rows) else ""

    def row_of(self, key: str) -> int:
        """Return the row of an id, -1 when there is none."""
        return next((at for at, row in enumerate(self._rows) if row.key == key), -1)

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Override: the number of rows."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _ROOT) -> int:
        """Override: the number of columns."""
        return 0 if parent.isValid() else len(self._columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Override: the headlines."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self._columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._columns[section].title
        return self._alignment(section) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Override: the texts; figures stand at the right."""
        if not index.isValid():
            return None
        if role in (
            Qt.ItemDataRole.DisplayRole,
            Qt.ItemDataRole.ToolTipRole,
            Qt.ItemDataRole.AccessibleTextRole,
        ):
            return self._rows[index.row()].cells[index.column()]
        return self._alignment(index.column()) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def _alignment(self, column: int) -> int:
        side = Qt.AlignmentFlag.AlignRight if self._columns[column].figures else Qt.AlignmentFlag.AlignLeft
        return int(Qt.AlignmentFlag.AlignVCenter | side)


class RowsTable(QTableView):
    """A bordered table over ``RowsModel``; ``opened(key)`` by Enter or a double click."""

    opened = Signal(str)
    current_changed = Signal(str)

    def __init__(self, name: str, columns: Sequence[TableColumn], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = RowsModel(columns, self)
        self.setModel(self.rows)
        self.setAccessibleName(name)
        self.setProperty("role", "grid")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(theme.px(36))
        head = self.horizontalHeader()
        head.setFixedHeight(theme.px(36))
        head.setHighlightSections(False)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._weights = [column.weight for column in columns]
        self.doubleClicked.connect(self._on_double_clicked)
        self.selectionModel().currentRowChanged.connect(self._on_current)

    def show_rows(self, rows: Sequence[TableRow]) -> None:
        """Show other rows; the current one is kept by its id."""
        kept = self.current_key()
        self.rows.show_rows(rows)
        self._share()
        self.choose(kept)

    def current_key(self) -> str:
        """Return the id of the current row, empty without one."""
        return self.rows.key(self.currentIndex().row()) if self.currentIndex().isValid() else ""

    def choose(self, key: str) -> None:
        """Make the row of an id the current one."""
        at = self.rows.row_of(key)
        if at >= 0:
            self.setCurrentIndex(self.rows.index(at, 0))

    def fit_height(self, most: int = 8) -> None:
        """Become as high as the rows, at most ``most`` of them."""
        shown = max(1, min(self.rows.rowCount(), most))
        self.setFixedHeight(theme.px(36) * (shown + 1) + 2)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Override: Enter opens the row."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current_key():
            self.opened.emit(self.current_key())
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: object) -> None:
        """Override: share the width among the columns."""
        super().resizeEvent(event)  # type: ignore[arg-type]  # the event is Qt's own
        self._share()

    def _share(self) -> None:
        head = self.horizontalHeader()
        titles = [head.sectionSizeHint(at) for at in range(len(self._weights))]
        texts = [self.sizeHintForColumn(at) for at in range(len(self._weights))]
        for column, width in enumerate(shares(self.viewport().width(), self._weights, titles, texts)):
            self.setColumnWidth(column, width)

    def _on_double_clicked(self, index: QModelIndex) -> None:
        self.opened.emit(self.rows.key(index.row()))

    def _on_current(self, current: QModelIndex, _previous: QModelIndex) -> None:
        self.current_changed.emit(self.rows.key(current.row()))


def shares(room: int, weights: Sequence[int], titles: Sequence[int], texts: Sequence[int]) -> tuple[int, ...]:
    """Share ``room`` (pixels) among columns by weight, but so that headlines and texts are not cut.

    ``titles`` and ``texts`` are the widths that a column's headline and its widest text want. Where not all
    of it fits, the headlines come first, and the texts share what is left as they want it.
    """
    wanted = [max(pair) for pair in zip(titles, texts, strict=True)]
    plain = [room * weight // sum(weights) for weight in weights]
    if sum(wanted) <= room:
        base, rest, by = wanted, room - sum(wanted), list(weights)
    elif sum(titles) <= room:
        base, rest, by = (
            list(titles),
            room - sum(titles),
            [w - t for w, t in zip(wanted, titles, strict=True)],
        )
    else:
        base, rest, by = plain, 0, list(weights)
    if all(has >= wants for has, wants in zip(plain, wanted, strict=True)):
        base, rest = plain, 0
    found = [has + rest * part // sum(by) for has, part in zip(base, by, strict=True)]
    found[-1] += room - sum(found)
    return tuple(found)
