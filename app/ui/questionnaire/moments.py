"""Dates and times: read however they are written, shown the short way, picked from a calendar."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, QLocale, QPoint, Qt
from PySide6.QtGui import QAction, QFocusEvent
from PySide6.QtWidgets import QCalendarWidget, QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.icons import icon
from app.ui.parts.buttons import button
from app.ui.parts.inputs import DateInput, PlainInput
from app.ui.questionnaire.editors import LineEditor
from app.ui.texts import t

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import tzinfo

    from app.ui.parts.inputs import LineInput

_CLOCK = re.compile(r"(\d{1,2})(?:[:.点时h](?:(\d{1,2})(?:[:.分](?:(\d{1,2})秒?)?)?)?)?")
_CLOCK_DIGITS = re.compile(r"(\d{1,2})(\d{2})")
_MONTH = re.compile(r"(\d{4})(?:[-./年]?(\d{1,2})月?)")
_YEAR = re.compile(r"(\d{4})年?")
_DAY = re.compile(r"(\d{4})\D?(\d{1,2})\D?(\d{1,2})日?")
_DAY_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})")


def _half(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def read_day(text: str) -> date | None:
    """2026-10-5, 20261005, 2026.10.5, 2026年10月5日; None for anything else."""
    compact = "".join(_half(text).split())
    found = _DAY_DIGITS.fullmatch(compact) or _DAY.fullmatch(compact)
    return _day(*found.groups()) if found is not None else None


def _day(year: str, month: str, day: str = "1") -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def read_clock(text: str) -> time | None:
    """9:30, 930, 0930, 9点30分, 21:05:30; None for anything else."""
    compact = "".join(_half(text).split())
    found = _CLOCK_DIGITS.fullmatch(compact) or _CLOCK.fullmatch(compact)
    if found is None or (compact.isdigit() and len(compact) < 3):  # noqa: PLR2004 - a bare number is no time yet
        return None
    try:
        hour, minute, second = (*(int(part or 0) for part in found.groups()), 0)[:3]
        return time(hour, minute, second)
    except ValueError:
        return None


def read_moment(text: str) -> tuple[date, time] | None:
    """A day and a time with a blank or T between."""
    head, _, tail = _half(text).replace("T", " ").partition(" ")
    day, clock = read_day(head), read_clock(tail)
    return (day, clock) if day is not None and clock is not None else None


def _short(clock: time) -> str:
    return clock.strftime("%H:%M:%S" if clock.second else "%H:%M")


class _SelectedLine(PlainInput):
    """A line that is selected when the cursor comes."""

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Override: typing replaces."""
        super().focusInEvent(event)
        self.selectAll()


class DateLine(DateInput):
    """A day, selected when the cursor comes."""

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Override: typing replaces."""
        super().focusInEvent(event)
        self.selectAll()


class MonthLine(_SelectedLine):
    """A month, or with ``years`` a year; kept as its first day."""

    def __init__(self, *, years: bool = False) -> None:
        super().__init__()
        self._years = years
        self.setPlaceholderText(
            t("questionnaire.year_example") if years else t("questionnaire.month_example")
        )

    def value(self) -> str:
        """The first day, ISO; "" when there is none."""
        text = self.plain()
        found = (_YEAR if self._years else _MONTH).fullmatch(text)
        if found is None:
            return ""
        first = _day(found[1], "1") if self._years else _day(found[1], found[2])
        return first.isoformat() if first is not None else ""

    def set_value(self, value: int | str) -> None:
        """Show the year, or year and month."""
        self.setText(str(value)[: 4 if self._years else 7])

    def problem(self) -> str:
        """Say how it is written."""
        if not self.plain() or self.value():
            return ""
        return t("questionnaire.year_wrong") if self._years else t("questionnaire.month_wrong")


class TimeLine(_SelectedLine):
    """A time of day, kept with the offset of the form's zone."""

    def __init__(self, zone: tzinfo, today: date) -> None:
        super().__init__()
        self._zone = zone
        self._on = today
        self.setPlaceholderText(t("questionnaire.time_example"))

    def value(self) -> str:
        """``09:30:00.000+08:00``; "" when there is none."""
        clock = read_clock(self.text())
        if clock is None:
            return ""
        full = datetime.combine(self._on, clock, tzinfo=self._zone).isoformat(timespec="milliseconds")
        return full.partition("T")[2]

    def set_value(self, value: int | str) -> None:
        """Show hours and minutes; seconds only when there are some."""
        kept = str(value)
        clock = read_clock(re.split(r"[.+Z]|(?<=\d)-", kept)[0])
        self.setText(_short(clock) if clock is not None else kept)

    def problem(self) -> str:
        """Say how a time is written."""
        return t("questionnaire.time_wrong") if self.text().strip() and not self.value() else ""


class MomentLine(_SelectedLine):
    """A day and a time, kept with the offset of the form's zone."""

    def __init__(self, zone: tzinfo) -> None:
        super().__init__()
        self._zone = zone
        self.setPlaceholderText(t("questionnaire.moment_example"))

    def value(self) -> str:
        """``2026-10-05T09:30:00.000+08:00``; "" when there is none."""
        found = read_moment(self.text())
        if found is None:
            return ""
        return datetime.combine(*found, tzinfo=self._zone).isoformat(timespec="milliseconds")

    def set_value(self, value: int | str) -> None:
        """Show day, hours and minutes in the form's zone."""
        kept = str(value)
        try:
            at = datetime.fromisoformat(kept)
        except ValueError:
            self.setText(kept)
            return
        local = at.astimezone(self._zone) if at.tzinfo is not None else at
        self.setText(f"{local.date().isoformat()} {_short(local.time())}")

    def problem(self) -> str:
        """Say how day and time are written."""
        return t("questionnaire.moment_wrong") if self.text().strip() and not self.value() else ""


class CalendarPopup(QFrame):
    """A month to click a day in; ``chosen`` is told the day, None to clear."""

    def __init__(
        self, line: QWidget, today: date, shown: date | None, chosen: Callable[[date | None], object]
    ) -> None:
        super().__init__(line, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("role", "card")
        self._chosen = chosen
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(8), theme.px(8), theme.px(8), theme.px(8))
        self.calendar = QCalendarWidget()
        self.calendar.setLocale(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
        self.calendar.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        self.calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        self.calendar.setHorizontalHeaderFormat(QCalendarWidget.HorizontalHeaderFormat.SingleLetterDayNames)
        at = shown or today
        self.calendar.setSelectedDate(QDate(at.year, at.month, at.day))
        self.calendar.activated.connect(self._on_day)
        self.calendar.clicked.connect(self._on_day)
        column.addWidget(self.calendar)
        row = QHBoxLayout()
        for key, day in ((t("questionnaire.today"), today), (t("questionnaire.no_date"), None)):
            made = button(key, "link")
            made.clicked.connect(lambda _checked=False, day=day: self._take(day))
            row.addWidget(made)
        row.addStretch(1)
        column.addLayout(row)

    def _on_day(self, day: QDate) -> None:
        self._take(date(day.year(), day.month(), day.day()))

    def _take(self, day: date | None) -> None:
        self.close()
        self._chosen(day)


class MomentEditor(LineEditor):
    """A date or moment: typed, or picked from the calendar (Alt+Down, or the picture in the line)."""

    def __init__(self, line: LineInput, today: date) -> None:
        super().__init__(line)
        self._today = today
        self.popup: CalendarPopup | None = None
        self.pick = QAction(
            icon("calendar", theme.px(18), theme.tokens().ink2), t("questionnaire.pick_day"), line
        )
        self.pick.setShortcut("Alt+Down")
        self.pick.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.pick.triggered.connect(self.open_calendar)
        line.addAction(self.pick, QLineEdit.ActionPosition.TrailingPosition)

    def open_calendar(self) -> None:
        """Open the calendar below the line."""
        shown = read_day(self.value()[:10])
        self.popup = CalendarPopup(self.line, self._today, shown, self._on_day)
        self.popup.move(self.line.mapToGlobal(QPoint(0, self.line.height())))
        self.popup.show()
        self.popup.calendar.setFocus()

    def _on_day(self, day: date | None) -> None:
        text = day.isoformat() if day is not None else ""
        if day is not None and isinstance(self.line, MomentLine):
            before = read_moment(self.line.text())
            text = f"{text} {_short(before[1] if before is not None else time(0, 0))}"
        if isinstance(self.line, MomentLine):
            self.line.setText(text)
        else:
            self.line.set_value(text)
        self.line.setFocus()
        self._on_text(text)
