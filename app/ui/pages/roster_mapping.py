"""Point at the row of the headings and say where each column leads."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.identity import LONG_NUMBER
from app.ui import theme
from app.ui.binding import clear
from app.ui.parts.choices import Choice, CodeInput
from app.ui.parts.member_table import RowsTable, TableColumn, TableRow
from app.ui.parts.page_frame import Card, scrolled
from app.ui.parts.words import ShortLabel, words
from app.ui.texts import t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.roster import Mapped, RosterPreview, SheetPreview

_SAMPLES = 3
_LETTERS = 26


class MappingPanel(QWidget):
    """``row_chosen(sheet, row)`` when another row is pointed at; ``mapping()`` is what stands now."""

    row_chosen = Signal(str, int)

    def __init__(self, targets: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._targets = [Choice(target, label) for target, label in targets]
        self._sheets: dict[str, SheetPreview] = {}
        self._mapping: Mapped | None = None
        self.combos: dict[int, CodeInput] = {}
        self.sheet = CodeInput()
        self.sheet.setAccessibleName(t("import.sheet"))
        self.sheet.left_field.connect(self._on_sheet)
        columns = (TableColumn(t("import.row"), 1, figures=True), TableColumn(t("import.content"), 9))
        self.rows = RowsTable(t("import.point"), columns)
        self.rows.current_changed.connect(self._on_row)
        self._grid = QGridLayout()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(14))
        row.addWidget(self._left(), 1)
        row.addWidget(self._right(), 1)

    def show_preview(self, preview: RosterPreview) -> None:
        """Show the beginning of a file."""
        self._sheets = {sheet.name: sheet for sheet in preview.sheets}
        first = preview.guess.sheet if preview.guess else preview.sheets[0].name
        self.sheet.offer([Choice(name, name) for name in self._sheets])
        self.sheet.removeItem(0)
        self.sheet.set_value(first)
        self._show_rows(first, preview.guess.header_row if preview.guess else 0)
        self.show_mapping(preview.guess)

    def show_mapping(self, mapping: Mapped | None) -> None:
        """Show where the columns of the pointed row lead."""
        self._mapping = mapping
        clear(self._grid)
        self.combos = {}
        self._hint.setVisible(mapping is None)
        sheet = self._sheets.get(mapping.sheet) if mapping is not None else None
        if mapping is None or sheet is None:
            return
        titles = sheet.rows[mapping.header_row - 1] if mapping.header_row <= len(sheet.rows) else ()
        used = [column for column in range(len(titles)) if titles[column] or column in mapping.columns]
        for at, column in enumerate(used):
            self._show_column(at, column, sheet, mapping)
        self._grid.setRowStretch(len(used), 1)

    def mapping(self) -> Mapped | None:
        """Return where the columns lead as it stands in the boxes."""
        if self._mapping is None:
            return None
        columns = {column: combo.value() for column, combo in self.combos.items() if combo.value()}
        sheet = self._sheets[self._mapping.sheet]
        titles = sheet.rows[self._mapping.header_row - 1]
        ignored = tuple(titles[c] for c in self.combos if c not in columns and titles[c])
        return replace(self._mapping, columns=columns, ignored=ignored)

    def _show_column(self, at: int, column: int, sheet: SheetPreview, mapping: Mapped) -> None:
        title = sheet.rows[mapping.header_row - 1][column]
        below = sheet.rows[mapping.header_row : mapping.header_row + _SAMPLES]
        samples = t("detail.and").join(
            shaded(row[column]) for row in below if column < len(row) and row[column]
        )
        combo = CodeInput(self._targets)
        combo.setItemText(0, t("import.not_read"))
        combo.set_value(mapping.columns.get(column, ""))
        combo.setAccessibleName(t("import.column_leads", title=title or letter_of(column)))
        self.combos[column] = combo
        self._grid.addWidget(words(letter_of(column), "muted"), at, 0)
        name = QWidget()
        inner = QVBoxLayout(name)
        inner.setContentsMargins(0, theme.px(4), 0, theme.px(4))
        inner.setSpacing(0)
        inner.addWidget(ShortLabel(title))
        inner.addWidget(ShortLabel(samples, "muted"))
        self._grid.addWidget(name, at, 1)
        self._grid.addWidget(combo, at, 2, Qt.AlignmentFlag.AlignVCenter)

    def _left(self) -> Card:
        card = Card()
        card.add(words(t("import.point"), "section"))
        card.add(words(t("import.point_why"), "muted", wrap=True))
        line = QHBoxLayout()
        line.addWidget(words(t("import.sheet"), "label"))
        line.addWidget(self.sheet, 1)
        card.column.addLayout(line)
        card.add(self.rows, 1)
        return card

    def _right(self) -> Card:
        card = Card()
        card.add(words(t("import.columns"), "section"))
        card.add(words(t("import.columns_why"), "muted", wrap=True))
        self._hint = words(t("import.point_first"), "warning", wrap=True)
        card.add(self._hint)
        inner = QWidget()
        self._grid.setContentsMargins(0, 0, theme.px(8), 0)
        self._grid.setHorizontalSpacing(theme.px(12))
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnStretch(2, 1)
        inner.setLayout(self._grid)
        card.add(scrolled(inner), 1)
        return card

    def _show_rows(self, name: str, chosen: int) -> None:
        sheet = self._sheets[name]
        lines = [TableRow(str(at), (str(at), _told(row))) for at, row in enumerate(sheet.rows, start=1)]
        self.rows.blockSignals(True)
        self.rows.show_rows(lines)
        if chosen:
            self.rows.setCurrentIndex(self.rows.rows.index(chosen - 1, 0))
        self.rows.blockSignals(False)

    def _on_sheet(self) -> None:
        self._show_rows(self.sheet.value(), 0)
        self.show_mapping(None)

    def _on_row(self, key: str) -> None:
        if key:
            self.row_chosen.emit(self.sheet.value(), int(key))


def _told(row: Sequence[str]) -> str:
    """Return a row in one line; cells merged over several columns are said once."""
    return t("import.between").join(shaded(cell) for cell in dict.fromkeys(row) if cell)


def shaded(text: str) -> str:
    """Return a text with the middle of long numbers hidden: numbers of people, telephones, accounts."""
    return LONG_NUMBER.sub(lambda found: f"{found[0][:3]}****{found[0][-4:]}", text)


def letter_of(column: int) -> str:
    """Return the letters a spreadsheet gives a column counted from 0."""
    letters, left = "", column + 1
    while left:
        left, digit = divmod(left - 1, _LETTERS)
        letters = chr(ord("A") + digit) + letters
    return letters
