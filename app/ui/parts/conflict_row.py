"""One field in conflict: the values beside each other, to choose from with the arrows, or another value."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from app.domain.fields import FIELDS
from app.domain.ids import Kind
from app.ui import theme
from app.ui.binding import set_font
from app.ui.icons import pixmap
from app.ui.parts.buttons import button
from app.ui.parts.field_input import make_input
from app.ui.parts.words import ShortLabel, words
from app.ui.texts import has, t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.ids import Value
    from app.queries.case_card import ConflictHead, ConflictLine
    from app.ui.parts.choices import Choice
    from app.ui.parts.field_input import AnyInput

_HEIGHT = 54
_MINUTE = len("2026-10-07T09:30")


class ValueOption(QAbstractButton):
    """One of the values: what was written, by whom and when; checkable, drawn as a card with a dot."""

    def __init__(self, head: ConflictHead, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.head = head
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._value = head.text or t("conflicts.emptied")
        who = head.by or t("conflicts.unknown_writer")
        self._by = t("conflicts.by", who=who, when=head.at[:_MINUTE].replace("T", " "))
        self.setToolTip(f"{self._value}\n{self._by}")
        self.setAccessibleName(f"{self._value} {self._by}")

    def sizeHint(self) -> QSize:
        """Override: the height of two lines."""
        return QSize(theme.px(200), theme.px(_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        """Override: it may become narrow, then the words end in an ellipsis."""
        return QSize(theme.px(120), theme.px(_HEIGHT))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Override: draw the ring."""
        super().focusInEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Override: draw the card, the dot and both lines."""
        k = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = self.isChecked()
        edge = k.primary if chosen or self.hasFocus() else k.edge
        painter.setPen(QPen(QColor(edge), 2 if chosen or self.hasFocus() else 1))
        painter.setBrush(QColor(k.tint if chosen else k.card))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), theme.px(7), theme.px(7))
        self._draw_dot(painter, chosen=chosen)
        left, width = theme.px(42), self.width() - theme.px(54)
        for font, colour, text, top in (
            (theme.font(15, bold=chosen), k.ink, self._value, 7),
            (theme.font(13), k.muted, self._by, 29),
        ):
            set_font(painter, font)
            painter.setPen(QColor(colour))
            short = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, width)
            area = QRectF(left, theme.px(top), width, theme.px(21))
            painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), short)

    def _draw_dot(self, painter: QPainter, *, chosen: bool) -> None:
        k, size = theme.tokens(), theme.px(18)
        top = (self.height() - size) // 2
        box = QRectF(theme.px(14), top, size, size)
        painter.setPen(QPen(QColor(k.primary if chosen else k.field), 2))
        painter.setBrush(QColor(k.primary if chosen else k.card))
        painter.drawEllipse(box)
        if chosen:
            inner = theme.px(12)
            at = (size - inner) // 2
            painter.drawPixmap(theme.px(14) + at, top + at, pixmap("check", inner, k.on_primary))


class ConflictRow(QWidget):
    """The name of the field, its values, another value; Left and Right choose, Enter goes on.

    ``picked()`` when a value was chosen or typed, ``done()`` by Enter, ``pattern_asked()`` for the same
    decision elsewhere. A step in conflict is settled by itself, with a reason: ``stage_asked()``.
    """

    picked = Signal()
    done = Signal()
    stage_asked = Signal()
    pattern_asked = Signal()

    def __init__(self, line: ConflictLine, choices: Sequence[Choice], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = line
        self.input: AnyInput | None = None
        self._choices = choices
        self.options = [ValueOption(head) for head in line.heads]
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.px(14))
        grid.setVerticalSpacing(theme.px(6))
        grid.setColumnMinimumWidth(0, theme.px(150))
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(2, 1)
        grid.addWidget(self._named(), 0, 0, Qt.AlignmentFlag.AlignTop)
        for place, option in enumerate(self.options):
            grid.addWidget(option, place // 2, 1 + place % 2)
            option.installEventFilter(self)
            option.clicked.connect(partial(self._on_clicked, option))
        self._last = (len(self.options) + 1) // 2
        self._grid = grid
        self.pattern = button("", "link")
        self.pattern.hide()
        self.pattern.clicked.connect(self.pattern_asked)
        grid.addWidget(self.pattern, self._last, 1, Qt.AlignmentFlag.AlignLeft)
        if line.of_stage:
            self._offer_stage()
        else:
            self._offer_other()

    def taken(self) -> str:
        """Return the entry of the chosen value, empty without one."""
        return next((option.head.entry for option in self.options if option.isChecked()), "")

    def typed(self) -> Value:
        """Return the other value, empty without one."""
        if self.input is None or self.input.isHidden() or self.input.problem():
            return ""
        return self.input.value()

    def show_taken(self, entry: str) -> None:
        """Show a value as chosen; none for an empty entry."""
        for option in self.options:
            option.setChecked(option.head.entry == entry)

    def show_pattern(self, text: str) -> None:
        """Offer the same decision elsewhere; empty hides the offer."""
        self.pattern.setText(text)
        self.pattern.setVisible(bool(text))

    def take_focus(self) -> None:
        """Put the cursor on the chosen value, or on the first."""
        chosen = next((option for option in self.options if option.isChecked()), self.options[0])
        chosen.setFocus(Qt.FocusReason.TabFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Override: the arrows go from value to value and choose, Enter goes on."""
        if not isinstance(event, QKeyEvent) or event.type() is not QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        places = {option: at for at, option in enumerate(self.options)}
        at = next((place for option, place in places.items() if option is watched), -1)
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if at >= 0 and step:
            option = self.options[max(0, min(len(self.options) - 1, at + step))]
            option.setFocus(Qt.FocusReason.TabFocusReason)
            self._on_clicked(option)
            return True
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if at >= 0 and not self.taken():
                self._on_clicked(self.options[at])
            self.done.emit()
            return True
        return super().eventFilter(watched, event)

    def _named(self) -> QWidget:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, theme.px(6), 0, 0)
        column.setSpacing(theme.px(2))
        column.addWidget(ShortLabel(t(self.line.label) if has(self.line.label) else self.line.field))
        column.addWidget(ShortLabel(t(f"conflicts.kind_{self.line.kind}"), "muted"))
        return box

    def _offer_stage(self) -> None:
        self.settle = button(t("conflicts.settle_stage"))
        self.settle.setEnabled(False)
        self.settle.clicked.connect(self.stage_asked)
        self._grid.addWidget(words(t("conflicts.stage_why"), "muted", wrap=True), self._last, 1)
        self._grid.addWidget(self.settle, self._last, 2, Qt.AlignmentFlag.AlignRight)

    def _offer_other(self) -> None:
        definition = FIELDS[Kind(self.line.kind)].get(self.line.field)
        if definition is None:
            return
        try:
            self.input = make_input(definition, self._choices)
        except ValueError:
            return  # ids and digests are not typed by hand
        self.input.hide()
        name = t(self.line.label) if has(self.line.label) else self.line.field
        self.input.setAccessibleName(t("conflicts.other_for", name=name))
        self.input.left_field.connect(self._on_typed)
        self.other = button(t("conflicts.other"), "link")
        self.other.setAccessibleName(t("conflicts.other_for", name=name))
        self.other.clicked.connect(self._on_other)
        self._problem = words("", "error")
        self._problem.hide()
        self._grid.addWidget(self.other, self._last, 2, Qt.AlignmentFlag.AlignRight)
        self._grid.addWidget(self.input, self._last + 1, 1, 1, 2)
        self._grid.addWidget(self._problem, self._last + 2, 1, 1, 2)

    def _on_clicked(self, option: ValueOption) -> None:
        self.show_taken(option.head.entry)
        if self.input is not None:
            self.input.hide()
            self.input.set_value("")
        if self.line.of_stage:
            self.settle.setEnabled(True)
            return
        self.picked.emit()

    def _on_other(self) -> None:
        if self.input is None:
            return
        self.show_taken("")
        self.input.show()
        self.input.setFocus()
        self.picked.emit()

    def _on_typed(self) -> None:
        if self.input is not None and not self.input.isHidden():
            self._problem.setText(self.input.problem())
            self._problem.setVisible(bool(self.input.problem()))
            self.picked.emit()
