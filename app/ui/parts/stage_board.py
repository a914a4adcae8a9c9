"""The board of steps: one card with all households and a real button for every step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QFrame, QHBoxLayout, QSizePolicy, QWidget

from app.queries.tone import Tone
from app.ui import theme
from app.ui.binding import set_font
from app.ui.icons import pixmap
from app.ui.parts.words import rule
from app.ui.texts import t

if TYPE_CHECKING:
    from app.queries.board import Board, StepCount


class BoardButton(QAbstractButton):
    """What the two kinds of buttons share: the ground, the focus ring and Enter."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        """Override: as narrow as eight of them need; the layout widens them."""
        return QSize(theme.px(86), theme.px(82))

    def minimumSizeHint(self) -> QSize:
        """Override: the same."""
        return self.sizeHint()

    def begin(self) -> QPainter:
        """Return a painter with the ground and the focus ring drawn."""
        k = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        radius = theme.px(8)
        painter.setPen(Qt.PenStyle.NoPen)
        if self.isChecked():
            painter.setBrush(QColor(k.primary))
            painter.drawRoundedRect(box, radius, radius)
        elif self.underMouse():
            painter.setBrush(QColor(k.page))
            painter.drawRoundedRect(box, radius, radius)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(k.ink if self.isChecked() else k.primary), 2))
            painter.drawRoundedRect(box, radius, radius)
        return painter

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Override: Enter chooses; arrows choose the neighbour, as Qt does in an exclusive group."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)


class AllButton(BoardButton):
    """All households of the round with what is done of them."""

    def show_counts(self, total: int, done: int) -> None:
        """Show other figures."""
        self._total, self._done = total, done
        self.setAccessibleName(t("board.all_spoken", total=total, done=done))
        self.update()

    _total = 0
    _done = 0

    def sizeHint(self) -> QSize:
        """Override: a little wider than a step."""
        return QSize(theme.px(132), theme.px(82))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Override: draw words, figure and bar."""
        k = theme.tokens()
        chosen = self.isChecked()
        painter = self.begin()
        left, right = theme.px(10), self.width() - theme.px(10)
        painter.setPen(QColor(k.on_primary if chosen else k.ink2))
        set_font(painter, theme.font(15))
        painter.drawText(QRect(left, theme.px(8), right - left, theme.px(24)), _MIDDLE, t("board.all"))
        set_font(painter, theme.font(26, bold=True))
        painter.setPen(QColor(k.on_primary if chosen else k.ink))
        painter.drawText(QRect(left, theme.px(30), right - left, theme.px(34)), _MIDDLE, str(self._total))
        figure = painter.fontMetrics().horizontalAdvance(str(self._total))
        set_font(painter, theme.font(13))
        painter.setPen(QColor(k.on_primary if chosen else k.muted))
        words = t("board.done", done=self._done)
        if figure + theme.px(8) + painter.fontMetrics().horizontalAdvance(words) <= right - left:
            painter.drawText(QRect(left, theme.px(32), right - left, theme.px(34)), _RIGHT, words)
        bar = QRectF(left, self.height() - theme.px(15), right - left, theme.px(6))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(k.rail_active if chosen else k.line))
        painter.drawRoundedRect(bar, bar.height() / 2, bar.height() / 2)
        if self._total and self._done:
            bar.setWidth(max(bar.height(), bar.width() * min(1.0, self._done / self._total)))
            painter.setBrush(QColor(k.on_primary if chosen else k.primary))
            painter.drawRoundedRect(bar, bar.height() / 2, bar.height() / 2)


class StepButton(BoardButton):
    """One step: its number in a disc, its name, how many stand there and how many are late."""

    def __init__(self, number: int, count: StepCount, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.step = count.step
        self._number = number
        self.show_count(count)

    def show_count(self, count: StepCount) -> None:
        """Show other figures of the same step."""
        self._count = count
        self.setText(count.name)
        self.setAccessibleName(self._spoken())
        self.setToolTip(self._spoken())
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Override: draw disc, name, figure and tag."""
        k = theme.tokens()
        chosen = self.isChecked()
        painter = self.begin()
        left, room = theme.px(9), self.width() - theme.px(14)
        disc = QRectF(left, theme.px(11), theme.px(21), theme.px(21))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(k.card if chosen else k.tint))
        painter.drawEllipse(disc)
        painter.setPen(QColor(k.primary_hover))
        set_font(painter, theme.font(13, bold=True))
        painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, str(self._number))
        painter.setPen(QColor(k.on_primary if chosen else k.ink))
        font = theme.font(16, bold=chosen)
        set_font(painter, font)
        words = left + theme.px(29)
        name = QFontMetrics(font).elidedText(
            self._count.name, Qt.TextElideMode.ElideRight, self.width() - words
        )
        painter.drawText(QRect(words, theme.px(9), self.width() - words, theme.px(25)), _MIDDLE, name)
        set_font(painter, theme.font(26, bold=True))
        figure = str(self._count.total)
        painter.drawText(QRect(left, theme.px(37), room, theme.px(36)), _MIDDLE, figure)
        used = left + painter.fontMetrics().horizontalAdvance(figure)
        self._paint_tag(painter, used + theme.px(6))

    def _paint_tag(self, painter: QPainter, after: int) -> None:
        count = self._count
        if not count.overdue and not count.due_soon:
            return
        tone = Tone.RED if count.overdue else Tone.AMBER
        number = count.overdue or count.due_soon
        text = t("board.overdue" if count.overdue else "board.due_soon", number=number)
        colour, tint = theme.current().tone(tone)
        font = theme.font(13, bold=True)
        metrics = QFontMetrics(font)
        pad = theme.px(7)
        edge = self.width() - theme.px(7)
        if after + metrics.horizontalAdvance(text) + 2 * pad > edge:
            text = str(number)
        width = metrics.horizontalAdvance(text) + 2 * pad
        height = theme.px(23)
        start = min(max(after, left_of_tag(self.width())), edge - width)
        box = QRectF(start, theme.px(45), width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.tokens().card if self.isChecked() else tint))
        painter.drawRoundedRect(box, height / 2, height / 2)
        painter.setPen(QColor(colour))
        set_font(painter, font)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _spoken(self) -> str:
        count = self._count
        said = t("board.step_spoken", number=self._number, name=count.name, total=count.total)
        if count.overdue:
            said += " " + t("board.overdue_spoken", number=count.overdue)
        if count.due_soon:
            said += " " + t("board.due_soon_spoken", number=count.due_soon)
        return said


class StageBoard(QFrame):
    """All steps of a workflow; ``step_chosen(code)``, the empty code meaning all households."""

    step_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.setFixedHeight(theme.px(94))
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(theme.px(8), theme.px(5), theme.px(6), theme.px(5))
        self._row.setSpacing(0)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._all = AllButton()
        self._group.addButton(self._all)
        self._row.addWidget(self._all, 10)
        self._row.addSpacing(theme.px(8))
        self._row.addWidget(rule(vertical=True))
        self._row.addSpacing(theme.px(4))
        self._steps: list[StepButton] = []
        self._between: list[QWidget] = []
        self._group.buttonClicked.connect(self._on_clicked)

    def show_board(self, board: Board) -> None:
        """Show the counts; buttons are made anew only when the steps themselves differ."""
        self._all.show_counts(board.total, board.done)
        if [button.step for button in self._steps] != [count.step for count in board.steps]:
            self._rebuild(board.steps)
        for button, count in zip(self._steps, board.steps, strict=True):
            button.show_count(count)

    def show_chosen(self, step: str) -> None:
        """Mark a step; the empty code marks all households."""
        chosen = next((button for button in self._steps if button.step == step), self._all)
        chosen.setChecked(True)

    def choose(self, number: int) -> None:
        """Choose step ``number`` (1 = first, 0 = all) as a click would."""
        buttons: list[QAbstractButton] = [self._all, *self._steps]
        if 0 <= number < len(buttons):
            buttons[number].click()

    def _rebuild(self, counts: tuple[StepCount, ...]) -> None:
        for old in (*self._steps, *self._between):
            self._row.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._steps, self._between = [], []
        for number, count in enumerate(counts, 1):
            button = StepButton(number, count)
            self._group.addButton(button)
            if self._steps:
                arrow = _Arrow()
                self._between.append(arrow)
                self._row.addWidget(arrow)
            self._steps.append(button)
            self._row.addWidget(button, 9)

    def _on_clicked(self, button: QAbstractButton) -> None:
        self.step_chosen.emit(button.step if isinstance(button, StepButton) else "")


class _Arrow(QWidget):
    """The small sign between two steps."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedWidth(theme.px(14))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        size = theme.px(14)
        painter = QPainter(self)
        sign = pixmap("chevron_right", size, theme.tokens().edge)
        painter.drawPixmap(0, (self.height() - size) // 2, sign)


def left_of_tag(width: int) -> int:
    """Return where the tag of a step begins, so that tags of all steps stand in one place."""
    return round(width * 0.46)


_MIDDLE = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
