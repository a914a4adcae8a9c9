"""A repeated group: its rows named above, the questions of the chosen row below."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.parts.buttons import button
from app.ui.parts.words import words
from app.ui.questionnaire.outline import row_title, rows_around
from app.ui.questionnaire.row_strip import RowStrip
from app.ui.texts import t

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.questionnaire.definition import Control
    from app.questionnaire.engine import Engine
    from app.questionnaire.state import Entry
    from app.ui.questionnaire.field import QuestionField


class RowBlock(QWidget):
    """The questions of one row."""

    def fields(self) -> list[QuestionField]:
        """Its fields in order."""
        raise NotImplementedError

    def rosters(self) -> list[Roster]:
        """Rosters inside."""
        raise NotImplementedError

    def arrange(self) -> None:
        """Close ranks."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Repeated:
    """A repeat of the form: its control, its range, and the group around it, which has the label."""

    control: Control
    spread: Entry
    frame: Control | None


class Roster(QWidget):
    """Only the chosen row has widgets, so that rosters of any length stay fluid.

    ``add_asked(roster)`` and ``remove_asked(roster, index)`` ask the view, which owns the engine.
    ``make(parent, row)`` makes the widget of a row.
    """

    add_asked = Signal(object)
    remove_asked = Signal(object, int)

    def __init__(
        self, engine: Engine, at: Repeated, make: Callable[[QWidget, Entry], RowBlock], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._engine, self._make, self._at = engine, make, at
        self.spread = spread = at.spread
        self.chosen = 0
        self._row: Entry | None = None
        self._block: RowBlock | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, theme.px(4))
        column.setSpacing(theme.px(12))
        nested = bool(rows_around(spread))
        if spread.is_fixed or nested:  # else the button that adds one says what they are
            column.addWidget(words(self._what(), "section" if not nested else "label"))
        top = QHBoxLayout()
        top.setSpacing(theme.px(10))
        self.strip = RowStrip(self._what(), self)
        self.add_button = button(t("questionnaire.add_row", what=self._what()), "plain", "plus")
        self.remove_button = button(t("questionnaire.remove_row"), "quiet", "trash")
        self.add_button.setHidden(spread.is_fixed)
        top.addWidget(self.strip, 1)
        top.addWidget(self.remove_button, 0, Qt.AlignmentFlag.AlignTop)
        top.addWidget(self.add_button, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(top)
        self._none = words(t("questionnaire.no_rows"), "muted")
        column.addWidget(self._none)
        self._holder = QVBoxLayout()
        column.addLayout(self._holder)
        self.strip.chosen.connect(self.choose)
        self.add_button.clicked.connect(self._on_add)
        self.remove_button.clicked.connect(self._on_remove)
        self.rebuild()

    def _what(self) -> str:
        at = self._at
        named = at.frame if at.control.label is None and at.frame is not None else at.control
        return self._engine.wording.group_label(named, self.spread.node)

    def rebuild(self) -> None:
        """Show the rows there are now; the chosen row's widgets stay when it is still the same."""
        rows = self.spread.rows
        self.chosen = max(0, min(self.chosen, len(rows) - 1))
        row = rows[self.chosen] if rows else None
        if row is not self._row:
            self._replace(row)
        self.rename()
        self._none.setHidden(bool(rows))
        self.remove_button.setHidden(self.spread.is_fixed or not rows)

    def _replace(self, row: Entry | None) -> None:
        old, self._block, self._row = self._block, None, row
        if old is not None:
            self._holder.removeWidget(old)
            old.hide()
            old.deleteLater()
        if row is not None:
            self._block = self._make(self, row)
            self._holder.addWidget(self._block)
            self._block.show()
            self._block.arrange()

    def choose(self, index: int) -> None:
        """Show another row."""
        self.chosen = index
        self.rebuild()

    def rename(self) -> None:
        """Show the rows' titles anew after an answer changed."""
        titles = [row_title(row, number) for number, row in enumerate(self.spread.rows, 1)]
        self.strip.show_rows(titles, self.chosen)

    def title(self) -> str:
        """What the chosen row is called."""
        return row_title(self.spread.rows[self.chosen], self.chosen + 1)

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

    def _on_add(self) -> None:
        self.add_asked.emit(self)

    def _on_remove(self) -> None:
        self.remove_asked.emit(self, self.chosen)
