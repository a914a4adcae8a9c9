"""The steps of one case from first to last, each row a button that opens its step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from app.queries.case_card import StepState
from app.ui import theme
from app.ui.binding import clear, set_font
from app.ui.icons import pixmap
from app.ui.texts import t

if TYPE_CHECKING:
    from app.queries.case_card import TimelineStep

_MONTH_DAY = slice(5, None)  # of an ISO date


class TimelineRow(QAbstractButton):
    """One step: disc, name, note and date, with the thread to its neighbours."""

    def __init__(self, number: int, step: TimelineStep, *, last: bool) -> None:
        super().__init__()
        self.step = step
        self._number = number
        self._last = last
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        state = t(f"detail.state_{step.state}")
        spoken = t("detail.step_spoken", number=number, name=step.name, state=state)
        self.setAccessibleName(" ".join(part for part in (spoken, step.note, self._date()) if part))
        self.setToolTip(step.note)

    def sizeHint(self) -> QSize:
        """Override: rows are 30 pixels high."""
        return QSize(theme.px(240), theme.px(31))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Override: arrows go along the timeline, Enter opens the step."""
        key = event.key()
        if key == Qt.Key.Key_Down:
            self.focusNextChild()
        elif key == Qt.Key.Key_Up:
            self.focusPreviousChild()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Override: draw the row."""
        k = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        if self.step.state is StepState.CURRENT or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(k.tint if self.step.state is StepState.CURRENT else k.page))
            painter.drawRoundedRect(box, theme.px(6), theme.px(6))
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(k.primary), 2))
            painter.drawRoundedRect(box, theme.px(6), theme.px(6))
        self._paint_disc(painter)
        self._paint_words(painter)

    def _paint_disc(self, painter: QPainter) -> None:
        k = theme.tokens()
        size = theme.px(19)
        disc = QRectF(theme.px(4), (self.height() - size) / 2, size, size)
        done = self.step.state is StepState.DONE
        painter.setPen(QPen(QColor(k.primary if done else k.line), 2))
        middle = int(disc.center().x())
        if self._number > 1:
            painter.drawLine(middle, 0, middle, int(disc.top()) - 1)
        if not self._last:
            painter.drawLine(middle, int(disc.bottom()) + 2, middle, self.height())
        colour = {StepState.DONE: k.primary, StepState.CURRENT: k.primary, StepState.STALE: k.amber}.get(
            self.step.state, k.field
        )
        painter.setPen(QPen(QColor(colour), 2 if self.step.state is not StepState.FUTURE else 1))
        painter.setBrush(QColor(k.primary if done else k.card))
        painter.drawEllipse(disc)
        if done:
            sign = theme.px(13)
            at = disc.center()
            painter.drawPixmap(
                int(at.x() - sign / 2), int(at.y() - sign / 2), pixmap("done", sign, k.on_primary)
            )
            return
        set_font(painter, theme.font(12, bold=self.step.state is StepState.CURRENT))
        painter.setPen(QColor(colour if self.step.state is not StepState.FUTURE else k.muted))
        painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, str(self._number))

    def _paint_words(self, painter: QPainter) -> None:
        k = theme.tokens()
        current = self.step.state is StepState.CURRENT
        left, right = theme.px(34), self.width() - theme.px(8)
        date = self._date()
        small, small_bold = theme.font(13), theme.font(13, bold=current)
        if date:
            width = QFontMetrics(small_bold).horizontalAdvance(date)
            set_font(painter, small_bold)
            late = (self.step.overdue_days or 0) > 0
            painter.setPen(QColor(k.red if late else k.amber if current else k.muted))
            painter.drawText(
                QRect(right - width, 0, width, self.height()), Qt.AlignmentFlag.AlignVCenter, date
            )
            right -= width + theme.px(8)
        name_font = theme.font(15, bold=current)
        set_font(painter, name_font)
        painter.setPen(QColor(k.ink2 if self.step.state is StepState.FUTURE else k.ink))
        metrics = QFontMetrics(name_font)
        name = metrics.elidedText(self.step.name, Qt.TextElideMode.ElideRight, right - left)
        painter.drawText(QRect(left, 0, right - left, self.height()), Qt.AlignmentFlag.AlignVCenter, name)
        left += metrics.horizontalAdvance(name) + theme.px(14)
        note = t("detail.stale") if self.step.state is StepState.STALE else self.step.note
        if note and right > left:
            set_font(painter, small)
            painter.setPen(QColor(k.primary if current else k.amber if note != self.step.note else k.muted))
            fitting = QFontMetrics(small).elidedText(note, Qt.TextElideMode.ElideRight, right - left)
            painter.drawText(
                QRect(left, 0, right - left, self.height()), Qt.AlignmentFlag.AlignVCenter, fitting
            )

    def _date(self) -> str:
        if self.step.state is StepState.CURRENT and self.step.due_on:
            return t("detail.due", date=self.step.due_on[_MONTH_DAY])
        return self.step.on[_MONTH_DAY]


class Timeline(QWidget):
    """All rows; ``step_chosen(code)`` when one is pressed."""

    step_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)

    def show_steps(self, steps: tuple[TimelineStep, ...]) -> None:
        """Show other steps."""
        clear(self._column)
        for number, step in enumerate(steps, 1):
            row = TimelineRow(number, step, last=number == len(steps))
            row.clicked.connect(self._on_clicked)
            self._column.addWidget(row)

    def current_row(self) -> QWidget | None:
        """Return the row of the first step that is open now."""
        items = (self._column.itemAt(at).widget() for at in range(self._column.count()))
        rows = (row for row in items if isinstance(row, TimelineRow))
        return next((row for row in rows if row.step.state is StepState.CURRENT), None)

    def _on_clicked(self) -> None:
        row = self.sender()
        if isinstance(row, TimelineRow):
            self.step_chosen.emit(row.step.step)
