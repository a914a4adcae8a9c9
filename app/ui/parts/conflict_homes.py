"""The left side of the conflicts: how far it is, and the households with what is left to decide in each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QProgressBar

from app.ui import theme
from app.ui.models.household_list import short_code
from app.ui.parts.member_table import RowsTable, TableColumn, TableRow
from app.ui.parts.page_frame import Card
from app.ui.parts.words import words
from app.ui.texts import t

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from app.queries.case_card import ConflictLine

    Key = tuple[str, str]

_WIDTH = 270  # design pixels


class ConflictHomes(Card):
    """A bar and the table ``homes``, whose rows are keyed by household."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedWidth(theme.px(_WIDTH))
        self.column.setContentsMargins(theme.px(14), theme.px(16), theme.px(14), theme.px(14))
        columns = (
            TableColumn(t("conflicts.household"), 4),
            TableColumn(t("conflicts.code"), 5),
            TableColumn(t("conflicts.places"), 3, figures=True),
        )
        self.homes = RowsTable(t("conflicts.title"), columns)
        self._sum = words("", "muted")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(theme.px(8))
        self._bar.setAccessibleName(t("conflicts.progress"))
        self.add(words(t("conflicts.needed"), "section"))
        self.add(self._sum)
        self.add(self._bar)
        self.add(self.homes, 1)

    def show_lines(self, lines: Sequence[ConflictLine], decided: Collection[Key]) -> None:
        """Show the households of the lines with how many are left beside those ``decided``."""
        counts: dict[str, int] = {}
        left: dict[str, int] = {}
        for line in lines:
            counts[line.household] = counts.get(line.household, 0) + 1
            waiting = (line.entity, line.field) not in decided
            left[line.household] = left.get(line.household, 0) + waiting
        heads = {line.household: (line.head, line.code) for line in lines}
        self._sum.setText(t("conflicts.sum", homes=len(counts), places=len(lines)))
        self._bar.setRange(0, max(1, len(lines)))
        self._bar.setValue(len(lines) - sum(left.values()))
        self.homes.show_rows(
            [
                TableRow(
                    home,
                    (
                        heads[home][0] or t("conflicts.elsewhere"),
                        short_code(heads[home][1]),
                        str(left[home]) if left[home] else t("conflicts.all_chosen"),
                    ),
                )
                for home in counts
            ]
        )

    def go_to(self, home: str) -> None:
        """Make a household the current row."""
        self.homes.setCurrentIndex(self.homes.rows.index(self.homes.rows.row_of(home), 0))
