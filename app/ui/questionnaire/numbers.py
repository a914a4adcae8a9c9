"""Numbers: how they are written, read and read aloud; the line they are typed in."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from app.ui.parts.inputs import PlainInput
from app.ui.texts import t

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent

_NUMBER = {False: re.compile(r"-?\d{1,15}"), True: re.compile(r"-?(\d{1,15}(\.\d{0,6})?|\.\d{1,6})")}


def grouped(text: str) -> str:
    """A number with thousands separated; anything else as it is."""
    if not _NUMBER[True].fullmatch(text):
        return text
    whole, point, part = text.partition(".")
    sign = "-" if whole.startswith("-") else ""
    part = part if part.strip("0") else ""
    return f"{sign}{int(whole.lstrip('-') or 0):,}{point if part else ''}{part}"


def _four_digits(number: int, digits: str, units: str) -> str:
    """Up to 9999 in words, zeros inside said once."""
    said, gap = "", False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit == 0:
            gap = bool(said)
            continue
        said += (digits[0] if gap else "") + digits[digit] + (units[place - 1] if place else "")
        gap = False
    return said


def spoken(text: str) -> str:
    """A number of 0 or more as it is read aloud, 18600 as 一万八千六百; "" for anything else."""
    if not re.fullmatch(r"\d{1,12}(\.\d{1,6})?", text):
        return ""
    digits, units, great = (t(f"questionnaire.spoken_{part}") for part in ("digits", "units", "great"))
    whole, _, part = text.partition(".")
    number, said, gap = int(whole), "", False
    for place, size in ((2, 10**8), (1, 10**4), (0, 1)):
        group = number // size % 10_000
        if group == 0:
            gap = bool(said)
            continue
        zero = bool(said) and (gap or group < 1000)  # noqa: PLR2004 - the thousands are missing
        said += (digits[0] if zero else "") + _four_digits(group, digits, units)
        said += great[place - 1] if place else ""
        gap = False
    said = said or digits[0]
    # Ten to nineteen begin without "one".
    ten = digits[1] + units[0]
    said = said[1:] if said.startswith(ten) else said
    part = part.rstrip("0")
    tail = t("questionnaire.spoken_point") + "".join(digits[int(d)] for d in part) if part else ""
    return said + tail


def tidy(text: str) -> str:
    """A number without needless zeros before it and without a point at its end."""
    sign, rest = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, _, part = rest.partition(".")
    return f"{sign}{int(whole or 0)}{'.' if part else ''}{part}"


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
        return tidy(text) if _NUMBER[self._decimals].fullmatch(text) else ""

    def problem(self) -> str:
        """Say how to write the number when it cannot be read."""
        if not self.text().strip() or self.value():
            return ""
        return t("questionnaire.number_decimals") if self._decimals else t("questionnaire.number_whole")

    def set_value(self, value: int | str) -> None:
        """Show a number."""
        bare = self.hasFocus() or not self._separated
        self.setText(str(value) if bare else grouped(str(value)))

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
