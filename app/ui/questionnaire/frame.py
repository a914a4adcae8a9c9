"""What stands around the page of a questionnaire: sections at the left, hints at the right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.ui import theme
from app.ui.questionnaire.card import SectionCard
from app.ui.questionnaire.hints import HintsPanel
from app.ui.questionnaire.nav import SectionNav
from app.ui.texts import t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QResizeEvent

    from app.ui.questionnaire.hints import Live

_NARROW = 1150  # design pixels of width below which the hints fold into a button


class QuestionnaireFrame(QWidget):
    """Three columns; in a narrow window the hints fold and the results move into the page's head."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.nav = SectionNav()
        self.card = SectionCard()
        self.hints = HintsPanel()
        self._unfolded = False
        self._lives_now: Sequence[Live] = ()
        self._remark = ""
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(14))
        row.addWidget(self.nav)
        row.addWidget(self.card, 1)
        row.addWidget(self.hints)
        self.card.fold.clicked.connect(self._on_fold)

    def show_results(self, lives: Sequence[Live], remark: str) -> None:
        """Show the computed results, and what the form says about the section."""
        self._lives_now, self._remark = lives, remark
        self.hints.show_live(lives)
        self.card.fold.setText(t("questionnaire.fold", count=self.hints.count()))
        self.card.fold.setAccessibleName(self.card.fold.text())
        self._fit()

    def _on_fold(self) -> None:
        self._unfolded = not self._unfolded
        self._fit()

    def _fit(self) -> None:
        narrow = self.width() < theme.px(_NARROW)
        self.card.fold.setVisible(narrow)
        self.hints.setVisible(not narrow or self._unfolded)
        lives = self._lives_now if self.hints.isHidden() else ()
        told = [t("questionnaire.live", title=live.title, value=live.value) for live in lives]
        self.card.remark.setText("  ".join([*told, self._remark]).strip())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Override: narrow windows fold the hints into a button."""
        super().resizeEvent(event)
        self._fit()
