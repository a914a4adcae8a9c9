"""The base of all editors: one shows an answer, lets it be changed and tells so; and lines of text."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from app.questionnaire.bindtypes import normalise
from app.questionnaire.engine import BEIJING
from app.ui import theme
from app.ui.icons import icon
from app.ui.parts.inputs import LineInput, LongInput, PlainInput
from app.ui.parts.words import set_property
from app.ui.texts import t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QFocusEvent

    from app.questionnaire.state import Choice

_DIGITS = re.compile(r"[0-9Xx+\-.,# /()]*")
_LIMITS = (90.0, 180.0)  # degrees of latitude and longitude
_NUMBERS = re.compile(r"[+-]?\d+(?:\.\d+)?")
_GEO_NOISE = re.compile(r"[\s,;°]*")
_GEO_MOST = 4
_WEST_SOUTH = re.compile(r"[南西SW]")
_GEO_WORDS = re.compile(r"[北东南西纬经度NESWnesw：:]+")


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
        """Show an answer; what is typed and cannot be read yet stays when there is none."""
        raise NotImplementedError

    def offer(self, choices: Sequence[Choice]) -> None:
        """Replace the choices; only choice questions care."""

    def problem(self) -> str:
        """What is wrong with the way it is written, "" when nothing is."""
        return ""

    def written(self) -> str:
        """What is typed and cannot be read, "" when there is no such thing."""
        return ""

    def show_written(self, text: str) -> None:
        """Show again what was typed and could not be read."""

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
        """Show an answer; nothing moves when it says so already."""
        if self.value() != text or not (self.line.hasFocus() or self.line.problem()):
            self.line.set_value(text)

    def value(self) -> str:
        """The text to be kept."""
        return str(self.line.value())

    def problem(self) -> str:
        """What the line itself finds wrong."""
        return self.line.problem()

    def written(self) -> str:
        """The line's text while it cannot be read."""
        return self.line.text() if self.line.problem() else ""

    def show_written(self, text: str) -> None:
        """Put the text back."""
        self.line.setText(text)

    def _on_text(self, _text: str) -> None:
        self.edited.emit("" if self.line.problem() else self.value())


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


class DigitsText(CodeText):
    """A number kept as text (telephone, account, identity number): its zeros and a final X stay."""

    def value(self) -> str:
        """The digits; "" when there is anything else."""
        text = super().value()
        return text.upper() if _DIGITS.fullmatch(text) else ""

    def problem(self) -> str:
        """Say that only digits go here."""
        return t("questionnaire.digits_only") if self.text().strip() and not self.value() else ""


class MaskedText(TextLine):
    """A text others must not read over the shoulder: dots unless the eye is pressed."""

    def __init__(self) -> None:
        super().__init__()
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self._eye = QAction(icon("eye", theme.px(18), theme.tokens().ink2), t("questionnaire.reveal"), self)
        self._eye.setCheckable(True)
        self._eye.toggled.connect(self._on_eye)
        self.addAction(self._eye, QLineEdit.ActionPosition.TrailingPosition)

    def _on_eye(self, shown: bool) -> None:
        self.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)


class ShyText(CodeText):
    """An identity number, a telephone, an account: dots while the cursor is elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.setEchoMode(QLineEdit.EchoMode.Password)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Override: who comes to the field reads and corrects it."""
        self.setEchoMode(QLineEdit.EchoMode.Normal)
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Override: covered again."""
        super().focusOutEvent(event)
        self.setEchoMode(QLineEdit.EchoMode.Password)


class GeoLine(CodeText):
    """A place on earth: latitude, longitude, then height and accuracy in metres if known."""

    def __init__(self) -> None:
        super().__init__()
        self.setPlaceholderText(t("questionnaire.geo_example"))

    def value(self) -> str:
        """The numbers as the engine keeps them; "" when there are not two to four good ones."""
        text = _GEO_WORDS.sub(" ", unicodedata.normalize("NFKC", self.text()).replace("、", ","))
        found = _NUMBERS.findall(text)
        noise = _NUMBERS.sub("", text)
        if not len(_LIMITS) <= len(found) <= _GEO_MOST or _GEO_NOISE.fullmatch(noise) is None:
            return ""
        if any(abs(float(n)) > most for n, most in zip(found, _LIMITS, strict=False)):
            return ""
        if _WEST_SOUTH.search(self.text().upper()):
            return ""  # what is south or west is written with a minus
        return normalise("geopoint", " ".join(found), BEIJING)

    def problem(self) -> str:
        """Say how a place is written."""
        return t("questionnaire.geo_wrong") if self.text().strip() and not self.value() else ""


class LongEditor(Editor):
    """Several lines of text."""

    def __init__(self, lines: int) -> None:
        self.box = LongInput(lines)
        super().__init__(self.box)
        self.box.textChanged.connect(self._on_text)
        self.box.left_field.connect(self.left)
        self._quiet = False

    def show_value(self, text: str) -> None:
        """Show an answer; nothing moves when it says so already."""
        if self.box.value() != text:
            self._quiet = True
            self.box.set_value(text)
            self._quiet = False

    def _on_text(self) -> None:
        if not self._quiet:
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
