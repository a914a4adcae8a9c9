"""The editor of several of many choices: a list of boxes that opens from a button."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.ui import theme
from app.ui.icons import pixmap
from app.ui.parts.words import set_property
from app.ui.questionnaire.editors import Editor
from app.ui.questionnaire.markdown import plain
from app.ui.questionnaire.ranges import CLEARING
from app.ui.texts import t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.questionnaire.state import Choice

_ROWS = 12  # rows the list shows before it scrolls


class CheckPopup(QFrame):
    """The list of boxes of a ``PopupTicksEditor``; the space bar ticks, Esc and Enter close."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setProperty("role", "card")
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(6), theme.px(6), theme.px(6), theme.px(6))
        self.list = QListWidget()
        self.list.setProperty("role", "finder")
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column.addWidget(self.list)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Override: Enter closes as Esc does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.close()
        else:
            super().keyPressEvent(event)


class _Several(QPushButton):
    """A button dressed as a list; it opens with the space bar, Alt+Down or a click, never with Enter."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Override: draw the arrow."""
        super().paintEvent(event)
        size = theme.px(16)
        arrow = pixmap("chevron_down", size, theme.tokens().ink2)
        QPainter(self).drawPixmap(self.width() - size - theme.px(10), (self.height() - size) // 2, arrow)

    def minimumSizeHint(self) -> QSize:
        """Override: the words may be cut; the tip tells all."""
        return QSize(theme.px(80), super().minimumSizeHint().height())

    def sizeHint(self) -> QSize:
        """Override: the column gives the width."""
        return QSize(theme.px(160), super().sizeHint().height())


class PopupTicksEditor(Editor):
    """Several of many, in a list that opens below."""

    def __init__(self) -> None:
        self.face = _Several()
        super().__init__(self.face)
        self.face.setProperty("kind", "list")
        self.face.setAutoDefault(False)
        self.face.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.face.clicked.connect(self.open_list)
        self.face.installEventFilter(self)
        self.popup = CheckPopup(self.face)
        self.popup.list.itemChanged.connect(self._on_ticked)
        self.popup.list.itemActivated.connect(self._on_activated)
        self._offered: tuple[Choice, ...] = ()
        self._listed: dict[str, str] = {}
        self._value = ""
        self._label = ""

    def offer(self, choices: Sequence[Choice]) -> None:
        """Replace the list when the choices differ."""
        if tuple(choices) != self._offered:
            self._offered = tuple(choices)
            self.show_value(self._value)

    def show_value(self, text: str) -> None:
        """Tick the chosen ones and write them on the button; a strange code is listed as itself."""
        self._value = text
        codes = text.split()
        known = {c.value: plain(c.label) or c.value for c in self._offered}
        known |= {code: code for code in codes if code not in known}
        self.popup.list.blockSignals(True)
        if known != self._listed:
            self._listed = known
            self._fill()
        for item in self._items():
            ticked = item.data(Qt.ItemDataRole.UserRole) in codes
            item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
        self.popup.list.blockSignals(False)
        self._write([label for code, label in known.items() if code in codes])

    def _fill(self) -> None:
        self.popup.list.clear()
        for code, label in self._listed.items():
            item = QListWidgetItem(label, self.popup.list)
            item.setData(Qt.ItemDataRole.UserRole, code)
            item.setSizeHint(QSize(0, theme.px(34)))
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)

    def _items(self) -> list[QListWidgetItem]:
        return [self.popup.list.item(row) for row in range(self.popup.list.count())]

    def _write(self, labels: Sequence[str]) -> None:
        said = t("questionnaire.comma").join(labels)
        self.face.setText(said.replace("&", "&&") or t("app.choose"))
        self.face.setToolTip(said)
        self.face.setAccessibleName(f"{self._label} {said or t('app.choose')}")

    def name(self, label: str) -> None:
        """The button carries the question and what is chosen."""
        self._label = label
        self.popup.list.setAccessibleName(label)
        self.face.setAccessibleName(f"{label} {self.face.text()}")

    def open_list(self) -> None:
        """Open the list below the button."""
        listed = self.popup.list
        rows = min(listed.count(), _ROWS)
        listed.setFixedSize(max(self.face.width(), theme.px(220)), rows * theme.px(34) + theme.px(6))
        self.popup.move(self.face.mapToGlobal(QPoint(0, self.face.height())))
        self.popup.show()
        listed.setFocus()
        listed.setCurrentRow(0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Override: Alt+Down opens, Delete clears."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
            if event.key() == Qt.Key.Key_Down and alt:
                self.open_list()
                return True
            if event.key() in CLEARING and self._value:
                self.show_value("")
                self.edited.emit("")
                return True
        if event.type() is QEvent.Type.FocusOut:
            self.left.emit()
        return super().eventFilter(watched, event)

    def _on_activated(self, _item: QListWidgetItem) -> None:
        self.popup.close()

    def _on_ticked(self, _item: QListWidgetItem) -> None:
        ticked = [item for item in self._items() if item.checkState() is Qt.CheckState.Checked]
        self._value = " ".join(sorted(str(item.data(Qt.ItemDataRole.UserRole)) for item in ticked))
        self._write([item.text() for item in ticked])
        self.edited.emit(self._value)

    def show_state(self, state: str) -> None:
        """Colour the button."""
        set_property(self.face, "state", state)
