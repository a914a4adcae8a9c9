"""Photos and files: chosen, dropped or pasted; the page keeps them and gives each a name."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QMimeData, QObject, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QImage, QKeyEvent, QKeySequence, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.icons import pixmap
from app.ui.parts.buttons import button, icon_button
from app.ui.parts.words import ShortLabel, set_property
from app.ui.questionnaire.editors import Editor
from app.ui.questionnaire.ranges import CLEARING
from app.ui.texts import t

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QDragEnterEvent, QDropEvent

_SIDE = 84  # design pixels of a thumbnail
_PICTURES = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".webp", ".gif", ".tif", ".tiff"})


@dataclass(frozen=True, slots=True)
class Files:
    """What the page does with files: each takes the question's path and returns the name to keep or "".

    ``choose(ref)`` lets the person choose a file, ``take(ref, path)`` keeps a dropped one, ``paste(ref,
    image)`` a picture of the clipboard. ``picture(name)`` returns the bytes of a kept or enclosed
    picture, empty when it is not here.
    """

    choose: Callable[[str], str] | None = None
    take: Callable[[str, Path], str] | None = None
    paste: Callable[[str, QImage], str] | None = None
    picture: Callable[[str], bytes] | None = None


NO_FILES = Files()
"""Nothing can be attached."""


def picture_of(files: Files, name: str, side: int) -> QPixmap:
    """A picture no larger than ``side`` pixels either way; a null one when there is none."""
    data = files.picture(name) if files.picture is not None and name else b""
    image = QImage.fromData(data) if data else QImage()
    if image.isNull():
        return QPixmap()
    if image.width() > side or image.height() > side:
        image = image.scaled(
            side, side, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
    return QPixmap.fromImage(image)


class DropZone(QWidget):
    """Takes one file, or a picture, dropped on it: ``dropped(QMimeData)``."""

    dropped = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAcceptDrops(True)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Override: only what can be kept."""
        if event.mimeData().hasUrls() or event.mimeData().hasImage():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Override: hand it on."""
        event.acceptProposedAction()
        self.dropped.emit(event.mimeData())


class FileEditor(Editor):
    """A file: its name, a button that asks the page for one, one that takes it away; drop and Ctrl+V work."""

    pictures = False

    def __init__(self, files: Files, ref: Callable[[], str]) -> None:
        self.zone = DropZone()
        super().__init__(self.zone)
        self._files, self._ref = files, ref
        self._value = ""
        self.shown = ShortLabel(t("questionnaire.no_file"), "muted")
        self.choose = button(
            t("questionnaire.choose_photo" if self.pictures else "questionnaire.choose_file")
        )
        self.choose.setEnabled(files.choose is not None)
        self.clear = icon_button("close", t("questionnaire.no_file_any_more"))
        self.clear.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Delete does the same
        self.stops = (self.choose,)
        self._lay_out()
        self.choose.clicked.connect(self._on_choose)
        self.clear.clicked.connect(self._on_clear)
        self.zone.dropped.connect(self._on_dropped)
        self.choose.installEventFilter(self)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self.zone)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(8))
        row.addWidget(self.choose)
        row.addWidget(self.shown, 1)
        row.addWidget(self.clear)

    def show_value(self, text: str) -> None:
        """Show the file's name."""
        self._value = text
        self.shown.setText(text or t("questionnaire.no_file"))
        self.clear.setVisible(bool(text))

    def show_state(self, state: str) -> None:
        """Colour the words."""
        set_property(self.shown, "role", state or "muted")

    def name(self, label: str) -> None:
        """Name the button."""
        self.choose.setAccessibleName(f"{label} {self.choose.text()}")
        self.clear.setAccessibleName(f"{label} {t('questionnaire.no_file_any_more')}")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Override: Ctrl+V pastes, Delete takes the file away."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            if event.matches(QKeySequence.StandardKey.Paste):
                self._on_dropped(QGuiApplication.clipboard().mimeData())
                return True
            if event.key() in CLEARING and self._value:
                self._on_clear()
                return True
        return super().eventFilter(watched, event)

    def _on_choose(self) -> None:
        if self._files.choose is not None:
            self._keep(self._files.choose(self._ref()))

    def _on_clear(self) -> None:
        self.show_value("")
        self.edited.emit("")
        self.left.emit()

    def _on_dropped(self, data: QMimeData) -> None:
        paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
        fitting = [p for p in paths if not self.pictures or p.suffix.lower() in _PICTURES]
        if fitting and self._files.take is not None:
            self._keep(self._files.take(self._ref(), fitting[0]))
        elif not paths and data.hasImage() and self._files.paste is not None:
            image = data.imageData()
            if isinstance(image, QImage):
                self._keep(self._files.paste(self._ref(), image))

    def _keep(self, name: str) -> None:
        if name:
            self.show_value(name)
            self.edited.emit(name)
            self.left.emit()


class PhotoEditor(FileEditor):
    """A photo with its small picture."""

    pictures = True

    def _lay_out(self) -> None:
        row = QHBoxLayout(self.zone)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(12))
        self.thumb = QLabel()
        self.thumb.setFixedSize(QSize(theme.px(_SIDE), theme.px(_SIDE)))
        self.thumb.setAlignment(Qt.AlignmentFlag.AlignCenter)
        k = theme.tokens()
        self.thumb.setStyleSheet(
            f"background: {k.page}; border: 1px dashed {k.edge}; border-radius: {theme.px(7)}px;"
        )
        column = QVBoxLayout()
        column.setSpacing(theme.px(4))
        line = QHBoxLayout()
        line.setSpacing(theme.px(6))
        line.addWidget(self.choose)
        line.addWidget(self.clear)
        line.addStretch(1)
        column.addStretch(1)
        column.addLayout(line)
        column.addWidget(self.shown)
        column.addStretch(1)
        row.addWidget(self.thumb)
        row.addLayout(column, 1)

    def show_value(self, text: str) -> None:
        """Show the picture and its name."""
        super().show_value(text)
        if not text:
            self.shown.setText(t("questionnaire.drop_photo"))
        picture = picture_of(self._files, text, theme.px(_SIDE - 4))
        if picture.isNull():
            picture = pixmap("file" if text else "upload", theme.px(26), theme.tokens().muted)
        self.thumb.setPixmap(picture)
