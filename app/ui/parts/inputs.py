"""Inputs for numbers, money, dates, codes and ID numbers: the input method stays out of them.

``inputMethodQuery`` answers that no input method is wanted; nothing else keeps one from swallowing
the X at the end of an ID number. Every input takes full-width digits, as pasted text has them.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from app.ui import theme
from app.ui.binding import set_font
from app.ui.parts.words import set_property
from app.ui.texts import t

if TYPE_CHECKING:
    from PySide6.QtCore import Qt

_DATE = re.compile(r"(\d{4})\D{0,2}(\d{1,2})\D{0,2}(\d{1,2})日?")
_COMPACT_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")
_HUNDREDTHS = 2  # decimals of money and land
_MAX_DIGITS = 15


class LineInput(QLineEdit):
    """A line of text; ``left_field`` is emitted when the cursor leaves it after a change."""

    left_field = Signal()

    def __init__(self, unit: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._unit = unit
        if unit:
            self.setTextMargins(0, 0, self._unit_width(), 0)
        self.editingFinished.connect(self._on_finished)

    def value(self) -> int | str:
        """Return the value for the journal; the empty string while nothing usable is written."""
        return self.text().replace("\0", "").strip()

    def set_value(self, value: int | str) -> None:
        """Show a stored value."""
        self.setText(str(value))
        self.setCursorPosition(0)

    def problem(self) -> str:
        """Return what is wrong with the text and how to write it; empty when all is well."""
        return ""

    def show_state(self, state: str) -> None:
        """Colour the box: ``error``, ``warning`` or nothing."""
        set_property(self, "state", state)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Override: write the unit inside the box."""
        super().paintEvent(event)
        if not self._unit:
            return
        from PySide6.QtCore import Qt

        painter = QPainter(self)
        set_font(painter, theme.font(14))
        painter.setPen(theme.tokens().muted)
        area = self.rect().adjusted(0, 0, -theme.px(12), 0)
        painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self._unit)

    def _unit_width(self) -> int:
        from PySide6.QtGui import QFontMetrics

        return QFontMetrics(theme.font(14)).horizontalAdvance(self._unit) + theme.px(8)

    def _on_finished(self) -> None:
        if not self.problem():
            self.set_value(self.value())
        self.left_field.emit()


class PlainInput(LineInput):
    """A line for digits and Latin letters: no input method."""

    def inputMethodQuery(self, query: Qt.InputMethodQuery) -> object:  # type: ignore[override]  # the stub has a second signature of QLineEdit
        """Override: no input method here."""
        from PySide6.QtCore import Qt

        if query is Qt.InputMethodQuery.ImEnabled:
            return False
        return super().inputMethodQuery(query)

    def plain(self) -> str:
        """Return the text in half-width characters without blanks."""
        return "".join(unicodedata.normalize("NFKC", self.text()).split())


class CodeLine(PlainInput):
    """Household numbers, region codes, account and telephone numbers."""

    def value(self) -> str:
        """Return the code without blanks."""
        return self.plain()


class IdNumberInput(PlainInput):
    """An ID number; a final x becomes X. Its check digit is the business of the domain."""

    def value(self) -> str:
        """Return the number in upper case without blanks."""
        return self.plain().upper()


class NumberInput(PlainInput):
    """A whole number of 0 or more, with its unit inside the box."""

    decimals = 0

    def __init__(self, unit: str = "", parent: QWidget | None = None) -> None:
        from PySide6.QtCore import Qt

        super().__init__(unit, parent)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)

    def value(self) -> int | str:
        """Return the number in its smallest unit; the empty string when there is none."""
        text = self._digits()
        if not text or self.problem():
            return ""
        whole, _, part = text.partition(".")
        return int((whole or "0") + part.ljust(self.decimals, "0"))

    def set_value(self, value: int | str) -> None:
        """Show a number with thousands separated; decimals only where they are not zero."""
        if not isinstance(value, int):
            self.setText(value)
            return
        base = 10**self.decimals
        whole, part = divmod(abs(value), base)
        tail = f".{part:0{self.decimals}d}" if part else ""
        self.setText(f"{'-' if value < 0 else ''}{whole:,}{tail}")

    def problem(self) -> str:
        """Say how to write the number when it cannot be read."""
        text = self._digits()
        if not text or (len(text) <= _MAX_DIGITS and re.fullmatch(self._pattern(), text)):
            return ""
        return t("app.number_decimals") if self.decimals else t("app.number_whole")

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Override: the whole number is selected, typing replaces it."""
        super().focusInEvent(event)
        self.selectAll()

    def _digits(self) -> str:
        return self.plain().replace(",", "").replace("、", "").replace("。", ".")

    def _pattern(self) -> str:
        return rf"\d+(\.\d{{0,{self.decimals}}})?|\.\d{{1,{self.decimals}}}" if self.decimals else r"\d+"


class MoneyInput(NumberInput):
    """Money written in yuan, valued in fen."""

    decimals = _HUNDREDTHS


class AreaInput(NumberInput):
    """Land written in mu, valued in hundredths of a mu."""

    decimals = _HUNDREDTHS


class DateInput(PlainInput):
    """A date, however it is written: 20261005, 2026-10-5, 2026.10.5, 2026年10月5日."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.setPlaceholderText(t("app.date_example"))

    def value(self) -> str:
        """Return the ISO date; empty when there is none."""
        found = _read_date(self.plain())
        return found.isoformat() if found else ""

    def problem(self) -> str:
        """Say how to write the date when it cannot be read."""
        text = self.plain()
        return t("app.date_wrong") if text and _read_date(text) is None else ""


class LongInput(QPlainTextEdit):
    """Several lines of text; Tab leaves it."""

    left_field = Signal()

    def __init__(self, lines: int = 3, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)
        self.setFixedHeight(theme.px(22 * lines + 20))

    def value(self) -> str:
        """Return the text without blanks around it."""
        return self.toPlainText().replace("\0", "").strip()

    def set_value(self, value: int | str) -> None:
        """Show a stored text."""
        self.setPlainText(str(value))

    def problem(self) -> str:
        """Return nothing: any text will do."""
        return ""

    def show_state(self, state: str) -> None:
        """Colour the box: ``error``, ``warning`` or nothing."""
        set_property(self, "state", state)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Override: tell that the field was left."""
        super().focusOutEvent(event)
        self.left_field.emit()


def _read_date(text: str) -> date | None:
    match = _COMPACT_DATE.fullmatch(text) or _DATE.fullmatch(text)
    if match is None:
        return None
    year, month, day = (int(part) for part in match.groups())
    try:
        return date(year, month, day)
    except ValueError:
        return None
