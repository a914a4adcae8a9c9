"""A number between two ends: a slider that is blank until it is touched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QSlider, QWidget

from app.questionnaire.state import Choice
from app.ui import theme
from app.ui.parts.words import set_property, words
from app.ui.questionnaire.editors import Editor
from app.ui.texts import t

if TYPE_CHECKING:
    from PySide6.QtGui import QWheelEvent

CLEARING = frozenset({Qt.Key.Key_Delete, Qt.Key.Key_Backspace})
"""Keys that take an answer back where nothing is typed."""


def _style() -> str:
    k, px = theme.tokens(), theme.px
    knob, groove = 2 * (px(20) // 2), 2 * (px(6) // 2)
    radius = knob // 2 - 1  # a radius above half of the height makes the knob silently square
    return f"""
    QSlider {{ border: 2px solid transparent; border-radius: {px(7)}px; }}
    QSlider:focus {{ border-color: {k.primary}; }}
    QSlider::groove:horizontal {{ height: {groove}px; background: {k.line}; border-radius: {px(3)}px; }}
    QSlider::sub-page:horizontal {{ background: {k.primary}; border-radius: {px(3)}px; }}
    QSlider::handle:horizontal {{ width: {knob - 4}px; margin: -{(knob - groove) // 2}px 0;
        border: 2px solid {k.primary}; border-radius: {radius}px; background: {k.card}; }}
    QSlider[blank="true"]::sub-page:horizontal {{ background: {k.line}; }}
    QSlider[blank="true"]::handle:horizontal {{ border-color: {k.field}; background: {k.page}; }}
    """


class Slider(QSlider):
    """A slider the wheel does not move, so that scrolling a page is harmless."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Override: leave the wheel to the page."""
        event.ignore()


class Scale:
    """The numbers a range offers, as texts; ``start`` may be above ``end``."""

    def __init__(self, start: float, end: float, step: float) -> None:
        self._start = start
        self._step = abs(step or 1.0) * (1 if end >= start else -1)
        self.last = max(1, round((end - start) / self._step))
        self._whole = all(float(n).is_integer() for n in (start, end, self._step))

    def text(self, place: int) -> str:
        """The number at a place from 0."""
        number = self._start + place * self._step
        return str(int(number)) if self._whole else f"{number:.10g}"

    def place(self, text: str) -> int:
        """The place nearest to a number."""
        return round((float(text) - self._start) / self._step)

    def choices(self) -> tuple[Choice, ...]:
        """All of them, to be picked from a list."""
        return tuple(Choice(self.text(place), self.text(place)) for place in range(self.last + 1))


class RangeEditor(Editor):
    """A slider; nothing is chosen until it is touched, Delete takes the choice back."""

    def __init__(self, scale: Scale) -> None:
        holder = QWidget()
        super().__init__(holder)
        self._scale = scale
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(8))
        self.slider = Slider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, scale.last)
        self.slider.setMinimumHeight(theme.px(36))
        self.slider.setStyleSheet(_style())
        self._shown = words("—", "value")
        self._shown.setMinimumWidth(theme.px(40))
        self._shown.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(words(scale.text(0), "muted"))
        row.addWidget(self.slider, 1)
        row.addWidget(words(scale.text(scale.last), "muted"))
        row.addWidget(self._shown)
        self.stops = (self.slider,)
        self.slider.installEventFilter(self)
        self.slider.valueChanged.connect(self._on_moved)
        self.slider.sliderPressed.connect(self._on_pressed)
        self.slider.sliderReleased.connect(self.left)
        self._quiet = False

    def show_value(self, text: str) -> None:
        """Show an answer."""
        self._quiet = True
        self.slider.setValue(self._scale.place(text) if text else 0)
        self._quiet = False
        self._say(text)

    def show_state(self, state: str) -> None:
        """Colour the number beside the slider."""
        set_property(self._shown, "role", state or "value")

    def name(self, label: str) -> None:
        """Name the slider."""
        self.slider.setAccessibleName(label)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Override: Delete clears, Home takes the first number even where the knob stands there already."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            if event.key() in CLEARING:
                self.show_value("")
                self.edited.emit("")
                return True
            if event.key() in {Qt.Key.Key_Home, Qt.Key.Key_Left} and self.slider.value() == 0:
                self._on_moved(0)
                return True
        return super().eventFilter(watched, event)

    def _say(self, text: str) -> None:
        self._shown.setText(text or "—")
        set_property(self.slider, "blank", "false" if text else "true")
        self.slider.setAccessibleDescription(text or t("questionnaire.blank"))

    def _on_pressed(self) -> None:
        self._on_moved(self.slider.value())

    def _on_moved(self, place: int) -> None:
        if not self._quiet:
            text = self._scale.text(place)
            self._say(text)
            self.edited.emit(text)
