"""Editors of many choices: a list to search in, and a list of boxes that opens from a button."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QSortFilterProxyModel,
    QStringListModel,
    Qt,
)
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QLineEdit,
    QStyledItemDelegate,
)

from app.ui import theme
from app.ui.binding import set_words
from app.ui.icons import pixmap
from app.ui.questionnaire.editors import Editor
from app.ui.questionnaire.markdown import plain
from app.ui.texts import t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.questionnaire.state import Choice

_BY_DIGIT = 9
_STILL_HERE = frozenset({Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason})
_ROWS = 12  # rows a list shows before it scrolls


@lru_cache(maxsize=8192)
def initials(label: str) -> str:
    """First letters of a label's pinyin, 王家湾 as wjw; the library is loaded by the first letter typed."""
    from pypinyin import Style, lazy_pinyin

    return "".join(lazy_pinyin(label, style=Style.FIRST_LETTER)).casefold()


def matches(label: str, typed: str) -> bool:
    """Whether a label contains what is typed, or its initials do."""
    wanted = typed.strip().casefold()
    if wanted in label.casefold():
        return True
    return wanted.isascii() and wanted.isalpha() and wanted in initials(label)


class _Fitting(QSortFilterProxyModel):
    """The choices that match what is typed."""

    typed = ""

    def look_for(self, typed: str) -> None:
        """Show what matches."""
        self.typed = typed
        self.invalidateFilter()

    def filterAcceptsRow(self, row: int, parent: QModelIndex) -> bool:  # type: ignore[override]  # noqa: N802  # the stub also allows persistent indexes
        """Override: by words or initials."""
        label = self.sourceModel().index(row, 0, parent).data()
        return matches(str(label), self.typed)


class SearchBox(QComboBox):
    """One of many: type a part of it or its initials; the wheel changes nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.typing = False
        self.line = QLineEdit()
        self.setLineEdit(self.line)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(4)
        self.setMaxVisibleItems(_ROWS)
        self.line.setPlaceholderText(t("app.choose"))
        self._labels = QStringListModel(self)
        self.fitting = _Fitting(self)
        self.fitting.setSourceModel(self._labels)
        self.finder = QCompleter(self.fitting, self)
        self.finder.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self.finder.setMaxVisibleItems(_ROWS)
        self.setCompleter(self.finder)
        # Qt's own delegates of these two lists know nothing of the style sheet.
        for listed in (self.finder.popup(), self.view()):
            listed.setProperty("role", "finder")
            listed.setItemDelegate(QStyledItemDelegate(self))

    def offer(self, choices: Sequence[tuple[str, str]]) -> None:
        """Replace the list of (code, label)."""
        self.clear()
        for code, label in choices:
            self.addItem(label, code)
        self.setCurrentIndex(-1)
        set_words(self._labels, [label for _, label in choices])
        self.fitting.look_for("")

    def exact(self, text: str) -> str:
        """The code of a label; "" for what is none."""
        at = self.findText(text.strip(), Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchCaseSensitive)
        return str(self.itemData(at)) if at >= 0 else ""

    def code_of(self, text: str) -> str:
        """The code of a label, or of the only one that matches; "" when none or several do."""
        if exact := self.exact(text):
            return exact
        fits = [i for i in range(self.count()) if matches(self.itemText(i), text)] if text.strip() else []
        return str(self.itemData(fits[0])) if len(fits) == 1 else ""

    def setAccessibleName(self, name: str) -> None:  # noqa: N802
        """Override: the line inside is named too."""
        super().setAccessibleName(name)
        self.line.setAccessibleName(name)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Override: leave the wheel to the page."""
        event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Override: typing replaces, unless the list of matches only closed."""
        super().focusInEvent(event)
        if not self.typing:
            self.line.selectAll()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Override: draw the arrow, which the style sheet took away."""
        super().paintEvent(event)
        size = theme.px(16)
        arrow = pixmap("chevron_down", size, theme.tokens().ink2)
        QPainter(self).drawPixmap(self.width() - size - theme.px(10), (self.height() - size) // 2, arrow)


class ListEditor(Editor):
    """One of many choices; Alt+Down opens the list, a digit chooses from a short one."""

    def __init__(self) -> None:
        self.box = SearchBox()
        super().__init__(self.box)
        self._value = ""
        self._offered: tuple[Choice, ...] = ()
        self._kept = False
        self.box.line.textEdited.connect(self._on_text)
        self.box.activated.connect(self._on_activated)
        self.box.finder.activated.connect(self._on_completed)
        self.box.installEventFilter(self)

    def keep(self, choices: Sequence[Choice]) -> None:
        """Offer these for good, whatever the form says."""
        self.offer(choices)
        self._kept = True

    def offer(self, choices: Sequence[Choice]) -> None:
        """Replace the list when the choices differ."""
        if tuple(choices) != self._offered and not self._kept:
            self._offered = tuple(choices)
            self.box.offer([(c.value, plain(c.label) or c.value) for c in choices])
            self.show_value(self._value)

    def show_value(self, text: str) -> None:
        """Show the chosen one; a code the list does not have is shown as itself."""
        self._value = text
        if self.problem() and not text:
            return
        if self.box.code_of(self.box.currentText()) == text and self.box.hasFocus():
            return
        at = self.box.findData(text) if text else -1
        self.box.setCurrentIndex(at)
        self.box.setEditText(self.box.itemText(at) if at >= 0 else text)
        self.box.line.setCursorPosition(0)

    def problem(self) -> str:
        """Say that the list has nothing like it."""
        typed = self.box.currentText().strip()
        strange = typed and typed != self._value and not self.box.code_of(typed)
        return t("questionnaire.not_in_list") if strange else ""

    def written(self) -> str:
        """What is typed and not in the list."""
        return self.box.currentText() if self.problem() else ""

    def show_written(self, text: str) -> None:
        """Put the text back."""
        self.box.setEditText(text)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Override: a digit chooses by position; leaving writes the whole label."""
        if isinstance(event, QFocusEvent) and event.lostFocus() and event.reason() not in _STILL_HERE:
            self._on_left()
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress and self._by_digit(event):
            return True
        return super().eventFilter(watched, event)

    def _by_digit(self, event: QKeyEvent) -> bool:
        line = self.box.line
        fresh = not line.text() or line.selectedText() == line.text()
        place = int(event.text()) if event.text() in set("123456789") else 0
        spoken_for = (
            any(event.text() in self.box.itemText(i) for i in range(self.box.count())) if place else True
        )
        if not fresh or spoken_for or place > min(_BY_DIGIT, self.box.count()):
            return False
        self._take(str(self.box.itemData(place - 1)))
        self.left.emit()
        return True

    def _on_text(self, text: str) -> None:
        self.box.typing = True
        self.box.fitting.look_for(text)
        self._tell(self.box.exact(text))

    def _on_activated(self, index: int) -> None:
        if index >= 0:
            self._take(str(self.box.itemData(index)))
            self.left.emit()

    def _on_completed(self, label: str) -> None:
        self._take(self.box.code_of(label))
        self.left.emit()

    def _kept_strange(self) -> str:
        """An answer the list does not have stays while it is not written over."""
        return self._value if self.box.currentText() == self._value else ""

    def _take(self, code: str) -> None:
        self.box.typing = False
        self._tell(code)
        at = self.box.findData(code)
        self.box.setCurrentIndex(at)
        self.box.line.selectAll()

    def _tell(self, code: str) -> None:
        if code != self._value:
            self._value = code
            self.edited.emit(code)

    def _on_left(self) -> None:
        self.box.typing = False
        if not self.problem():
            self._tell(self.box.code_of(self.box.currentText()) or self._kept_strange())
            at = self.box.findData(self._value) if self._value else -1
            self.box.setEditText(self.box.itemText(at) if at >= 0 else self._value)
        self.box.fitting.look_for("")
        self.left.emit()
