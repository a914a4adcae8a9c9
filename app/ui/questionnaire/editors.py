"""One editor per kind of control: it shows a text, lets it be changed and tells so."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QSlider, QWidget

from app.ui import theme
from app.ui.parts.buttons import button
from app.ui.parts.inputs import DateInput, LineInput, LongInput, PlainInput
from app.ui.parts.words import ShortLabel, set_property, words
from app.ui.texts import t

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QFocusEvent

    from app.questionnaire.state import Choice

_NUMBER = {False: re.compile(r"-?\d{1,15}"), True: re.compile(r"-?(\d{1,15}(\.\d{0,6})?|\.\d{1,6})")}


def grouped(text: str) -> str:
    """A number with thousands separated; anything else as it is."""
    if not _NUMBER[True].fullmatch(text):
        return text
    whole, point, part = text.partition(".")
    sign = "-" if whole.startswith("-") else ""
    part = part if part.strip("0") else ""
    return f"{sign}{int(whole.lstrip('-') or 0):,}{point if part else ''}{part}"


def _tidy(text: str) -> str:
    """A number without needless zeros before it and without a point at its end."""
    sign, plain = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, _, part = plain.partition(".")
    return f"{sign}{int(whole or 0)}{'.' if part else ''}{part}"


class Editor(QObject):
    """Wraps the widget of a question.

    ``edited(text)`` comes with every change by the person, ``left()`` when the cursor leaves.
    ``stops`` are the widgets the cursor visits, in order; empty for what only shows something.
    """

    edited = Signal(str)
    left = Signal()

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.widget = widget
        self.stops: tuple[QWidget, ...] = (widget,)

    def show_value(self, text: str) -> None:
        """Show an answer."""
        raise NotImplementedError

    def offer(self, choices: Sequence[Choice]) -> None:
        """Replace the choices; only choice questions care."""

    def problem(self) -> str:
        """What is wrong with the way it is written, "" when nothing is."""
        return ""

    def show_state(self, state: str) -> None:
        """Colour the box: ``error``, ``warning`` or nothing."""
        set_property(self.widget, "state", state)

    def name(self, label: str) -> None:
        """Give the widget its accessible name."""
        self.widget.setAccessibleName(label)


class LineEditor(Editor):
    """A line of text."""

    def __init__(self, line: LineInput) -> None:
        super().__init__(line)
        self.line = line
        line.textEdited.connect(self._on_text)
        line.left_field.connect(self.left)

    def show_value(self, text: str) -> None:
        """Show an answer unless it is just being typed."""
        if not self.line.hasFocus() or self.value() != text:
            self.line.set_value(text)

    def value(self) -> str:
        """The text to be kept."""
        return str(self.line.value())

    def problem(self) -> str:
        """What the line itself finds wrong."""
        return self.line.problem()

    def _on_text(self, _text: str) -> None:
        self.edited.emit("" if self.line.problem() else self.value())


class NumberLine(PlainInput):
    """A number with its unit; thousands are separated while the cursor is elsewhere."""

    def __init__(self, unit: str, *, decimals: bool, separated: bool) -> None:
        super().__init__(unit)
        self._decimals = decimals
        self._separated = separated
        self.setAlignment(Qt.AlignmentFlag.AlignRight)

    def value(self) -> str:
        """The number as typed, without separators; "" when it is none."""
        text = unicodedata.normalize("NFKC", self.text()).replace(",", "").replace("。", ".")
        text = "".join(text.split())
        return _tidy(text) if _NUMBER[self._decimals].fullmatch(text) else ""

    def problem(self) -> str:
        """Say how to write the number when it cannot be read."""
        if not self.text().strip() or self.value():
            return ""
        return t("questionnaire.number_decimals") if self._decimals else t("questionnaire.number_whole")

    def set_value(self, value: int | str) -> None:
        """Show a number."""
        plain = self.hasFocus() or not self._separated
        self.setText(str(value) if plain else grouped(str(value)))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Override: plain digits, all selected, so that typing replaces them."""
        super().focusInEvent(event)
        if not self.problem():
            self.setText(self.value())
        self.selectAll()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Override: separate the thousands."""
        super().focusOutEvent(event)
        if not self.problem():
            self.set_value(self.value())


class TextLine(LineInput):
    """A line of text that is selected when the cursor comes."""

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Override: typing replaces."""
        super().focusInEvent(event)
        self.selectAll()


class CodeText(PlainInput):
    """Digits and Latin letters, selected when the cursor comes; no input method."""

    def value(self) -> str:
        """The text in half-width characters, single blanks between words."""
        return " ".join(unicodedata.normalize("NFKC", self.text()).split())

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Override: typing replaces."""
        super().focusInEvent(event)
        self.selectAll()


class DateLine(DateInput):
    """A date, selected when the cursor comes."""

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Override: typing replaces."""
        super().focusInEvent(event)
        self.selectAll()


class DateEditor(LineEditor):
    """A date; it counts once it is complete."""

    def show_value(self, text: str) -> None:
        """Show an answer, but never under the hand that types."""
        if not self.line.hasFocus():
            self.line.set_value(text)


class LongEditor(Editor):
    """Several lines of text."""

    def __init__(self) -> None:
        self.box = LongInput(3)
        super().__init__(self.box)
        self.box.textChanged.connect(self._on_text)
        self.box.left_field.connect(self.left)

    def show_value(self, text: str) -> None:
        """Show an answer unless it is just being typed."""
        if not self.box.hasFocus() and self.box.value() != text:
            self.box.set_value(text)

    def _on_text(self) -> None:
        if self.box.hasFocus():
            self.edited.emit(self.box.value())


class TickEditor(Editor):
    """A box to tick: done or not."""

    def __init__(self) -> None:
        self.box = QCheckBox(t("questionnaire.confirmed"))
        super().__init__(self.box)
        self.box.clicked.connect(self._on_clicked)

    def show_value(self, text: str) -> None:
        """Show whether it is ticked."""
        self.box.setChecked(bool(text))

    def name(self, label: str) -> None:
        """Give the box the question and its own words."""
        self.box.setAccessibleName(f"{label} {self.box.text()}")

    def _on_clicked(self, checked: bool) -> None:
        self.edited.emit("OK" if checked else "")
        self.left.emit()


def _slider_style() -> str:
    k, px = theme.tokens(), theme.px
    knob = px(20)
    return f"""
    QSlider {{ border: 2px solid transparent; border-radius: {px(7)}px; }}
    QSlider:focus {{ border-color: {k.primary}; }}
    QSlider::groove:horizontal {{ height: {px(6)}px; background: {k.line}; border-radius: {px(3)}px; }}
    QSlider::sub-page:horizontal {{ background: {k.primary}; border-radius: {px(3)}px; }}
    QSlider::handle:horizontal {{ width: {knob - 4}px; margin: -{(knob - px(6)) // 2}px 0;
        border: 2px solid {k.primary}; border-radius: {knob // 2}px; background: {k.card}; }}
    """


class RangeEditor(Editor):
    """A slider; nothing is chosen until it is touched."""

    def __init__(self, start: float, end: float, step: float) -> None:
        holder = QWidget()
        super().__init__(holder)
        self._start, self._step = start, step or 1.0
        self._whole = all(float(n).is_integer() for n in (start, end, self._step))
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(10))
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, max(1, round((end - start) / self._step)))
        self.slider.setMinimumHeight(theme.px(36))
        self.slider.setStyleSheet(_slider_style())
        self._shown = words("—", "value")
        self._shown.setMinimumWidth(theme.px(36))
        self._shown.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.slider, 1)
        row.addWidget(self._shown)
        self.stops = (self.slider,)
        self.slider.valueChanged.connect(self._on_moved)
        self.slider.sliderPressed.connect(self._on_pressed)
        self._quiet = False

    def show_value(self, text: str) -> None:
        """Show an answer."""
        self._quiet = True
        if text:
            self.slider.setValue(round((float(text) - self._start) / self._step))
        self._shown.setText(text or "—")
        self._quiet = False

    def show_state(self, state: str) -> None:
        """Colour the number beside the slider."""
        set_property(self._shown, "role", state or "value")

    def name(self, label: str) -> None:
        """Name the slider."""
        self.slider.setAccessibleName(label)

    def _on_pressed(self) -> None:
        self._on_moved(self.slider.value())

    def _on_moved(self, place: int) -> None:
        if self._quiet:
            return
        number = self._start + place * self._step
        text = str(int(number)) if self._whole else f"{number:.10g}"
        self._shown.setText(text)
        self.edited.emit(text)


class ShownEditor(Editor):
    """A computed or foreign answer: shown, kept, never typed."""

    def __init__(self, unit: str) -> None:
        holder = QWidget()
        holder.setProperty("role", "computed")
        holder.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        super().__init__(holder)
        self.stops = ()
        k = theme.tokens()
        holder.setObjectName("computed")
        holder.setStyleSheet(
            f"#computed {{ background: {k.key}; border: 1px solid {k.line};"
            f" border-radius: {theme.px(7)}px; }}"
        )
        holder.setMinimumHeight(theme.px(36))
        row = QHBoxLayout(holder)
        row.setContentsMargins(theme.px(12), 0, theme.px(12), 0)
        row.setSpacing(theme.px(8))
        self.shown = ShortLabel("", "value")
        self.shown.setFont(theme.font(15, bold=True))
        self.shown.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.shown, 1)
        if unit:
            row.addWidget(words(unit, "muted"))

    def show_value(self, text: str) -> None:
        """Show the value."""
        self.shown.setText(grouped(text) or "—")

    def name(self, label: str) -> None:
        """Name the value."""
        self.shown.setAccessibleName(label)


class NoteEditor(Editor):
    """Words of the form itself; the label carries them."""

    def __init__(self) -> None:
        label = QLabel()
        label.setVisible(False)
        super().__init__(label)
        self.stops = ()

    def show_value(self, text: str) -> None:
        """Show nothing: a note has no answer."""


class FileEditor(Editor):
    """A photo or file: its name, and a button that asks the page for one."""

    def __init__(self, attach: Callable[[], str] | None) -> None:
        holder = QWidget()
        super().__init__(holder)
        self._attach = attach
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(8))
        self.shown = ShortLabel(t("questionnaire.no_file"), "muted")
        self.choose = button(t("questionnaire.choose_file"))
        self.choose.setEnabled(attach is not None)
        row.addWidget(self.choose)
        row.addWidget(self.shown, 1)
        self.stops = (self.choose,)
        self.choose.clicked.connect(self._on_choose)

    def show_value(self, text: str) -> None:
        """Show the file's name."""
        self.shown.setText(text or t("questionnaire.no_file"))

    def name(self, label: str) -> None:
        """Name the button."""
        self.choose.setAccessibleName(f"{label} {self.choose.text()}")

    def _on_choose(self) -> None:
        name = self._attach() if self._attach is not None else ""
        if name:
            self.show_value(name)
            self.edited.emit(name)
