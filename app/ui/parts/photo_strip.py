"""The photos and scans of a step: small pictures, add, look at, strike."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QWidget

from app.ui import theme
from app.ui.binding import clear
from app.ui.icons import icon
from app.ui.parts.buttons import button
from app.ui.parts.page_frame import Card
from app.ui.parts.photo import thumbnail
from app.ui.parts.words import words
from app.ui.texts import t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.queries.document import AttachmentLine

_COLUMNS = 3
_SIDE = 66


class PhotoStrip(Card):
    """``add_asked()``, ``wanted(digest)`` for a picture not shown yet, ``opened(AttachmentLine)``."""

    add_asked = Signal()
    wanted = Signal(str)
    opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        head = QHBoxLayout()
        head.addWidget(words(t("step.photos"), "section"), 1)
        self.add_button = button(t("step.photo_add"), "link", "plus")
        self.add_button.clicked.connect(self.add_asked)
        head.addWidget(self.add_button)
        self.column.addLayout(head)
        self._why = words(t("step.photos_none"), "muted", wrap=True)
        self.add(self._why)
        self._grid = QGridLayout()
        self._grid.setSpacing(theme.px(8))
        self._grid.setColumnStretch(_COLUMNS, 1)
        self.column.addLayout(self._grid)
        self._tiles: dict[str, QPushButton] = {}

    def show_lines(self, lines: Sequence[AttachmentLine], *, may_add: bool) -> None:
        """Show other attachments; pictures arrive one by one after they were wanted."""
        clear(self._grid)
        self._tiles = {}
        for at, line in enumerate(lines):
            tile = button("", "plain")
            tile.setFixedSize(QSize(theme.px(_SIDE), theme.px(_SIDE)))
            tile.setStyleSheet("padding: 0;")
            tile.setIcon(icon("file", theme.px(24), theme.tokens().ink2))
            name = t("step.photo_name", number=at + 1, day=line.taken_on)
            tile.setAccessibleName(name)
            tile.setToolTip(name)
            tile.clicked.connect(partial(self.opened.emit, line))
            self._grid.addWidget(tile, at // _COLUMNS, at % _COLUMNS)
            self._tiles[line.file] = tile
            if line.mime.startswith("image/"):
                self.wanted.emit(line.file)
        self._why.setVisible(not lines)
        self.add_button.setVisible(may_add)

    def show_picture(self, digest: str, data: bytes) -> None:
        """Put a picture on its tile."""
        tile = self._tiles.get(digest)
        picture = thumbnail(data, theme.px(_SIDE - 6))
        if tile is not None and not picture.isNull():
            tile.setIcon(QIcon(picture))
            tile.setIconSize(picture.size())
