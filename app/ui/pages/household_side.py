"""The right side of a household's page: the income with its arithmetic, and what is not saved yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.income import below_line
from app.ui import theme
from app.ui.models.household_list import yuan
from app.ui.pages.household_money import arithmetic, plain_yuan
from app.ui.parts.buttons import button
from app.ui.parts.inputs import LineInput
from app.ui.parts.page_frame import Card
from app.ui.parts.words import rule, set_role, words
from app.ui.texts import t

if TYPE_CHECKING:
    from app.domain.income import Statement
    from app.ui.desks.household import HouseholdFile
    from app.ui.models.household_draft import Draft

WIDTH = 272
"""Design pixels the panel takes, a scroll bar included."""


class SidePanel(QWidget):
    """``dropped()`` when the changes shall be thrown away."""

    dropped = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._income = Card()
        self._income.add(words(t("households.per_head"), "section"))
        self._figure = words("", "big")
        self._sum = words("", "muted", wrap=True)
        self._line = words("", "label", wrap=True)
        self._left_out = words("", "muted", wrap=True)
        self._before = words("", "muted", wrap=True)
        for part in (self._figure, self._sum, self._line, self._left_out, rule(), self._before):
            self._income.add(part)
        self._unsaved = Card()
        self._unsaved.add(words(t("households.unsaved"), "section"))
        self._count = words("", "label", wrap=True)
        self._unsaved.add(self._count)
        self._unsaved.add(words(t("households.reason"), "label"))
        self.reason = LineInput()
        self.reason.setAccessibleName(t("households.reason"))
        self._unsaved.add(self.reason)
        self._unsaved.add(words(t("households.reason_hint"), "muted", wrap=True))
        self.drop = button(t("households.drop"), "danger", "undo")
        self.drop.clicked.connect(self.dropped)
        self._unsaved.add(self.drop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(14))
        column.addWidget(self._income)
        column.addWidget(self._unsaved)
        column.addStretch(1)

    def show_draft(self, draft: Draft, file: HouseholdFile) -> None:
        """Show the income as it would be and how much is not saved."""
        now = draft.statement()
        sheet = file.sheet
        per_head = now.per_head_fen
        self._figure.setText(yuan(per_head) if per_head is not None else t("households.no_income"))
        set_role(self._figure, "big" if per_head is not None else "section")
        self._sum.setText(arithmetic(now) or t("households.no_income_why"))
        self._line.setText(_against_line(now, file))
        self._left_out.setText(t("households.left_out", amount=plain_yuan(now.left_out_fen)))
        self._left_out.setVisible(now.left_out_fen > 0)
        old = sheet.statement_before.per_head_fen if sheet.statement_before else None
        if old is None:
            self._before.setText(t("households.no_before"))
        else:
            self._before.setText(t("households.before", round=sheet.before_name, amount=plain_yuan(old)))
        count = draft.count
        self._count.setText(t("households.unsaved_count", number=count))
        self._unsaved.setVisible(count > 0)


def _against_line(now: Statement, file: HouseholdFile) -> str:
    """Return how the income stands to the line; the program never decides on income alone."""
    if not file.sheet.round:
        return t("households.no_round")
    if file.line_fen is None:
        return t("detail.no_line")
    amount = plain_yuan(file.line_fen)
    if not now.recorded or not now.persons:
        return t("households.line", amount=amount)
    below = below_line(now.net_fen, now.persons, file.line_fen)
    key = "households.below_line" if below else "households.above_line"
    return t(key, amount=amount)
