"""Editors of a few choices: radio buttons and boxes to tick, side by side or in columns."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize
from PySide6.QtGui import QIcon, QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QCheckBox, QGridLayout, QRadioButton, QWidget

from app.ui import theme
from app.ui.binding import maybe
from app.ui.parts.flow import FlowLayout
from app.ui.parts.words import set_property, words
from app.ui.questionnaire.editors import Editor
from app.ui.questionnaire.files import NO_FILES, Files, picture_of
from app.ui.questionnaire.markdown import plain
from app.ui.questionnaire.ranges import CLEARING
from app.ui.texts import t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.questionnaire.state import Choice

_PICTURE = 72  # design pixels of a choice's picture
_COLUMNS = re.compile(r"columns-(\d{1,2})")
_LIKERT = frozenset({"likert", "columns", "columns-flex"})


def columns_of(looks: Sequence[str]) -> int:
    """Columns named by the appearance: 0 = as the words need, -1 = as many of one width as fit."""
    found = next((m for look in looks if (m := _COLUMNS.fullmatch(look))), None)
    if found is not None:
        return int(found[1])
    return -1 if _LIKERT.intersection(looks) else 0


class ButtonsEditor(Editor):
    """Buttons that are on or off; digits press them by position, the arrows walk."""

    def __init__(self, columns: int = 0, files: Files = NO_FILES) -> None:
        self.holder = QWidget()
        super().__init__(self.holder)
        self._columns = columns
        self._files = files
        self._flow = FlowLayout(theme.px(14), 0, self.holder) if columns <= 0 else None
        self._grid = QGridLayout(self.holder) if columns > 0 else None
        if self._grid is not None:
            self._grid.setContentsMargins(0, 0, 0, 0)
            self._grid.setHorizontalSpacing(theme.px(14))
            self._grid.setVerticalSpacing(0)
        self._none = words(t("questionnaire.no_choices"), "muted")
        self._none.setMinimumHeight(theme.px(36))
        self._add_part(self._none)
        self._buttons: dict[str, QAbstractButton] = {}
        self._offered: tuple[Choice, ...] = ()
        self._label = ""
        self._value = ""
        self.stops = ()

    def make(self, label: str) -> QAbstractButton:
        """A button of the kind this editor has."""
        raise NotImplementedError

    def answer(self, pressed: str) -> str:
        """The answer after the button of a code was pressed."""
        raise NotImplementedError

    def offer(self, choices: Sequence[Choice]) -> None:
        """Replace the buttons when the choices differ."""
        if tuple(choices) == self._offered:
            return
        self._offered = tuple(choices)
        for old in self._buttons.values():
            old.hide()
            old.deleteLater()
        self._buttons = {}
        for layout in (self._flow, self._grid):
            while layout is not None and maybe(layout.takeAt(0)) is not None:
                pass
        self._none.setVisible(not choices)
        if not choices:
            self._add_part(self._none)
        for choice in choices:
            self._add(choice.value, plain(choice.label) or choice.value, choice.image)
        self._after_buttons()

    def _add(self, value: str, label: str, image: str = "") -> None:
        made = self.make(label.replace("&", "&&"))
        made.setProperty("code", value)
        made.setAccessibleName(f"{self._label} {label}")
        picture = picture_of(self._files, image, theme.px(_PICTURE))
        if not picture.isNull():
            made.setIcon(QIcon(picture))
            made.setIconSize(QSize(picture.width(), picture.height()))
        made.installEventFilter(self)
        made.clicked.connect(self._on_clicked)
        self._add_part(made, len(self._buttons))
        self._buttons[value] = made

    def _add_part(self, part: QWidget, at: int = 0) -> None:
        if self._grid is not None:
            self._grid.addWidget(part, at // self._columns, at % self._columns)
            self._grid.setColumnStretch(at % self._columns, 1)
        elif self._flow is not None:
            self._flow.addWidget(part)
        part.show()

    def _after_buttons(self) -> None:
        self.stops = tuple(self._buttons.values())
        if self._columns < 0:
            widest = max((b.sizeHint().width() for b in self._buttons.values()), default=0)
            for made in self._buttons.values():
                made.setMinimumWidth(widest)
        self._mark(self.codes(self._value))
        self.holder.updateGeometry()

    def _mark(self, wanted: Sequence[str]) -> None:
        for value, made in self._buttons.items():
            made.setChecked(value in wanted)

    def show_value(self, text: str) -> None:
        """Mark what is chosen; a code that is not offered gets a button of its own, so that it is seen."""
        self._value = text
        wanted = self.codes(text)
        strange = [code for code in wanted if code not in self._buttons]
        for code in strange:
            self._add(code, code)
        if strange:
            self._after_buttons()
        self._mark(wanted)

    def codes(self, text: str) -> list[str]:
        """The codes in an answer."""
        return text.split()

    def show_state(self, state: str) -> None:
        """Mark the buttons."""
        for made in self._buttons.values():
            set_property(made, "state", state)

    def name(self, label: str) -> None:
        """Every button carries the question."""
        if label != self._label:
            self._label = label
            for made in self._buttons.values():
                made.setAccessibleName(f"{label} {made.text().replace('&&', '&')}")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Override: digits press by position, Delete clears."""
        if not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        buttons = list(self._buttons.values())
        place = int(event.text()) - 1 if event.text() in set("123456789") else -1
        presses = 0 <= place < len(buttons)
        if event.type() is QEvent.Type.ShortcutOverride and presses:
            event.accept()  # the window's own digits (its steps) would take it otherwise
            return True
        if event.type() is not QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        if presses:
            buttons[place].setFocus()
            buttons[place].click()
            return True
        if event.key() in CLEARING and self._value:
            self.show_value("")
            self.edited.emit("")
            return True
        return super().eventFilter(watched, event)

    def _on_clicked(self) -> None:
        made = self.sender()
        if isinstance(made, QAbstractButton):
            self._value = self.answer(str(made.property("code")))
            self.edited.emit(self._value)
            self.left.emit()


class RadioEditor(ButtonsEditor):
    """One of a few choices."""

    def __init__(self, columns: int = 0, files: Files = NO_FILES) -> None:
        super().__init__(columns, files)
        self._group = QButtonGroup(self)

    def make(self, label: str) -> QAbstractButton:
        """A radio button."""
        made = QRadioButton(label)
        self._group.addButton(made)
        return made

    def answer(self, pressed: str) -> str:
        """That one alone."""
        return pressed

    def codes(self, text: str) -> list[str]:
        """The one code, blanks and all."""
        return [text] if text else []

    def _mark(self, wanted: Sequence[str]) -> None:
        self._group.setExclusive(False)  # else one of them stays chosen
        super()._mark(wanted)
        self._group.setExclusive(True)


class TicksEditor(ButtonsEditor):
    """Several of a list."""

    def make(self, label: str) -> QAbstractButton:
        """A box to tick."""
        return QCheckBox(label)

    def answer(self, pressed: str) -> str:  # noqa: ARG002 - the boxes themselves know
        """All that are ticked, sorted, joined by one blank."""
        boxes = self._buttons.items()
        return " ".join(sorted(code for code, box in boxes if box.isChecked()))
