"""The log of imports with printing and taking back, and how safe this computer's own records are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout

from app.ui import theme
from app.ui.parts.arrival_words import moment
from app.ui.parts.buttons import button
from app.ui.parts.member_table import RowsTable, TableColumn, TableRow
from app.ui.parts.page_frame import Card
from app.ui.parts.words import set_role, words
from app.ui.texts import t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.queries.exchange import ImportLine
    from app.queries.receipts import Safety


class ImportsCard(Card):
    """What was read in, the latest first; ``print_asked(number)``, ``undo_asked(number)`` by its buttons."""

    print_asked = Signal(int)
    undo_asked = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.add(words(t("sharing.imports"), "section"))
        columns = (
            TableColumn(t("sharing.col_time"), 4),
            TableColumn(t("sharing.col_from"), 4),
            TableColumn(t("sharing.col_new"), 2, figures=True),
            TableColumn(t("arrival.col_about"), 3, figures=True),
            TableColumn(t("arrival.col_conflicts"), 2, figures=True),
            TableColumn(t("sharing.col_held"), 2, figures=True),
        )
        self.table = RowsTable(t("sharing.imports"), columns)
        self._none = words(t("sharing.imports_none"), "muted", wrap=True)
        self.add(self._none)
        self.add(self.table, 1)
        set_role(self.table, "grid")
        row = QHBoxLayout()
        row.setSpacing(theme.px(10))
        self._hint = words(t("arrival.log_why"), "muted", wrap=True)
        self.print = button(t("arrival.print"), "plain", "printer")
        self.undo = button(t("arrival.undo"), "plain", "undo")
        row.addWidget(self._hint, 1)
        row.addWidget(self.print)
        row.addWidget(self.undo)
        self.column.addLayout(row)
        self._lines: dict[str, ImportLine] = {}
        self.table.current_changed.connect(self._on_current)
        self.print.clicked.connect(self._on_print)
        self.undo.clicked.connect(self._on_undo)
        self._on_current("")

    def show_imports(self, lines: Sequence[ImportLine]) -> None:
        """Show the log."""
        self._lines = {str(line.number): line for line in lines}
        self.table.show_rows([_row(line) for line in lines])
        self._none.setVisible(not lines)
        for part in (self.table, self._hint, self.print, self.undo):
            part.setVisible(bool(lines))
        self._on_current(self.table.current_key())

    def _on_current(self, key: str) -> None:
        line = self._lines.get(key)
        unknown = line.unknown if line is not None else 0
        self._hint.setText(t("arrival.unknown_kinds", number=unknown) if unknown else t("arrival.log_why"))
        self.print.setEnabled(line is not None)
        self.undo.setEnabled(line is not None and line.new > 0)

    def _on_print(self) -> None:
        self.print_asked.emit(int(self.table.current_key()))

    def _on_undo(self) -> None:
        self.undo_asked.emit(int(self.table.current_key()))


def _row(line: ImportLine) -> TableRow:
    about = f"{line.households:,} / {line.persons:,}" if line.households else ""
    numbers = (f"{line.new:,}", about, f"{line.more_conflicts:,}", f"{line.held:,}")
    return TableRow(str(line.number), (moment(line.at), line.place, *numbers))


class SafetyCard(Card):
    """Up to when the office above holds what was written here, and what nobody else holds."""

    def __init__(self) -> None:
        super().__init__()
        self.add(words(t("arrival.safety"), "section"))
        self._told = words("", "value", wrap=True)
        self._alone = words("", "warning", wrap=True)
        self.add(self._told)
        self.add(self._alone)

    def show_safety(self, safety: Safety, place: str) -> None:
        """Show what the receipts say; ``place`` is the name of the office above."""
        if safety.above:
            told = t("arrival.safe_until", place=place, at=moment(safety.up_to))
            told += t("arrival.receipt_came", at=moment(safety.receipt_at))
            if safety.unsent:
                told += t("arrival.safe_unsent", number=safety.unsent)
        else:
            told = t("arrival.safe_none")
        if not safety.only_here:
            told += t("arrival.safe_all")
        self._told.setText(told)
        self._alone.setText(t("arrival.only_here", number=safety.only_here))
        self._alone.setVisible(safety.only_here > 0)

    def said(self) -> str:
        """Return what is told."""
        return self._told.text() + ("" if self._alone.isHidden() else self._alone.text())
