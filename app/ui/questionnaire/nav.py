"""The list of sections at the left, each with its state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.binding import set_font
from app.ui.icons import pixmap
from app.ui.parts.page_frame import scrolled
from app.ui.parts.words import words
from app.ui.texts import t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.ui.questionnaire.progress import Tally


class SectionButton(QAbstractButton):
    """One section: disc (done, number of problems, or open), title, one line of state."""

    def __init__(self, title: str, index: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.index = index
        self.setText(title)
        self.setCheckable(True)
        self.setMinimumHeight(theme.px(42))
        self.setMaximumHeight(theme.px(48))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._done = False
        self._problems = self.marked = 0
        self._line = ""

    def show_tally(self, tally: Tally, *, opened: bool) -> None:
        """Show how far the section is."""
        before = (self._problems, self._done, self._line)
        self._problems = tally.problems
        self._done = tally.done
        if tally.problems:
            self._line = t("questionnaire.to_correct", count=tally.problems)
        elif tally.done:
            self._line = t("questionnaire.all_done", count=tally.asked)
        elif tally.asked or opened:
            self._line = t("questionnaire.so_far", answered=tally.answered, asked=tally.asked)
        else:
            self._line = t("questionnaire.not_begun")
        if self.marked:
            self._line = t("questionnaire.returned_here", line=self._line, count=self.marked)
        if before != (self._problems, self._done, self._line):
            self.update()
        self._name()

    def rename(self, title: str) -> None:
        """Show another title."""
        self.setText(title)
        self._name()

    def _name(self) -> None:
        name = f"{self.text()} {self._line}"
        if name != self.accessibleName():
            self.setAccessibleName(name)

    def line(self) -> str:
        """The line of state."""
        return self._line

    def sizeHint(self) -> QSize:
        """Override: the card gives the width."""
        return QSize(theme.px(150), theme.px(48))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Override: draw the row."""
        k, px = theme.tokens(), theme.px
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        if self.isChecked():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(k.tint))
            painter.drawRoundedRect(box, px(7), px(7))
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(k.primary), 2))
            painter.drawRoundedRect(box, px(7), px(7))
        self._disc(painter, QRectF(px(11), (self.height() - px(20)) / 2, px(20), px(20)))
        left, top = px(42), (self.height() - px(42)) / 2
        width = self.width() - left - px(6)
        set_font(painter, theme.font(15, bold=self.isChecked()))
        painter.setPen(QColor(k.primary_hover if self.isChecked() else k.ink))
        title = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, width)
        painter.drawText(QRectF(left, top + px(1), width, px(22)), Qt.AlignmentFlag.AlignVCenter, title)
        set_font(painter, theme.font(12))
        painter.setPen(QColor(k.red if self._problems else k.amber if self.marked else k.muted))
        painter.drawText(QRectF(left, top + px(22), width, px(18)), Qt.AlignmentFlag.AlignVCenter, self._line)

    def _disc(self, painter: QPainter, box: QRectF) -> None:
        k = theme.tokens()
        if not self._problems and not self._done:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(k.field), 1.5))
            painter.drawEllipse(box.adjusted(1, 1, -1, -1))
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(k.red if self._problems else k.primary))
        painter.drawEllipse(box)
        if self._problems:
            set_font(painter, theme.font(12, bold=True))
            painter.setPen(QColor(k.on_primary))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(self._problems))
            return
        size = theme.px(14)
        mark = pixmap("check", size, k.on_primary)
        painter.drawPixmap(round(box.center().x() - size / 2), round(box.center().y() - size / 2), mark)


class SectionNav(QFrame):
    """Progress and the sections; ``chosen(index)`` when one is clicked."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.setFixedWidth(theme.px(196))
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(10), theme.px(14), theme.px(10), theme.px(14))
        column.setSpacing(theme.px(4))
        head = QHBoxLayout()
        head.setContentsMargins(theme.px(6), 0, theme.px(6), 0)
        head.addWidget(words(t("questionnaire.progress"), "muted"))
        head.addStretch(1)
        self._count = words("", "muted")
        head.addWidget(self._count)
        column.addLayout(head)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(t("questionnaire.progress"))
        column.addWidget(self._bar)
        column.addSpacing(theme.px(8))
        self.buttons: list[SectionButton] = []
        inner = QWidget()
        self._listed = QVBoxLayout(inner)
        self._listed.setContentsMargins(0, 0, 0, 0)
        self._listed.setSpacing(theme.px(4))
        self._listed.addStretch(1)
        column.addWidget(scrolled(inner), 1)

    def show_titles(self, titles: Sequence[str]) -> None:
        """Name the sections; their number stays the same."""
        if not self.buttons:
            self.buttons = [SectionButton(title, index) for index, title in enumerate(titles)]
            for made in self.buttons:
                made.clicked.connect(self._on_clicked)
                self._listed.insertWidget(made.index, made)
        for made, title in zip(self.buttons, titles, strict=True):
            made.rename(title)

    def show_marks(self, counts: Sequence[int]) -> None:
        """Say how many questions of each section a return was about."""
        for made, count in zip(self.buttons, counts, strict=True):
            made.marked = count

    def show_state(
        self, tallies: Sequence[Tally], current: int, opened: set[int], relevant: Sequence[bool]
    ) -> None:
        """Show the state of every section."""
        for made, tally, shown in zip(self.buttons, tallies, relevant, strict=True):
            made.setChecked(made.index == current)
            made.show_tally(tally, opened=made.index in opened)
            made.setVisible(shown)
        asked = sum(s.asked for s in tallies)
        answered = sum(s.answered for s in tallies)
        self._count.setText(t("questionnaire.so_far", answered=answered, asked=asked))
        self._bar.setRange(0, max(asked, 1))
        self._bar.setValue(answered)

    def _on_clicked(self) -> None:
        made = self.sender()
        if isinstance(made, SectionButton):
            self.chosen.emit(made.index)
