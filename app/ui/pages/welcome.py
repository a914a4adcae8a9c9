"""The first screen of an empty workspace: bring in the roster, add a household, see the demo."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.domain.ids import Kind
from app.ui import theme
from app.ui.binding import set_font
from app.ui.icons import pixmap
from app.ui.parts.header import Header
from app.ui.parts.page import Page
from app.ui.parts.status_bar import StatusBar
from app.ui.parts.words import words
from app.ui.texts import t

if TYPE_CHECKING:
    from app.domain.changes import Changes
    from app.ui.ask import Ask
    from app.ui.desk import Desk
    from app.ui.runner import Runner

_WAYS = (
    ("import_roster", "upload", "import"),
    ("household_new", "plus", "new"),
    ("demo", "play", "demo"),
)


class WayButton(QAbstractButton):
    """A large tile: icon, headline and what will happen."""

    def __init__(self, icon: str, title: str, text: str, *, first: bool) -> None:
        super().__init__()
        self.setText(title)
        self._icon = icon
        self._more = text
        self._first = first
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Override: three of them fit side by side."""
        return QSize(theme.px(280), theme.px(210))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Override: draw the tile."""
        k = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        strong = self.hasFocus() or self.underMouse()
        painter.setPen(QPen(QColor(k.primary if strong else k.line), 2 if strong else 1))
        painter.setBrush(QColor(k.card))
        painter.drawRoundedRect(box, theme.px(10), theme.px(10))
        disc = QRectF(theme.px(24), theme.px(24), theme.px(52), theme.px(52))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(k.primary if self._first else k.tint))
        painter.drawRoundedRect(disc, theme.px(10), theme.px(10))
        size = theme.px(26)
        sign = pixmap(self._icon, size, k.on_primary if self._first else k.primary)
        painter.drawPixmap(int(disc.center().x() - size / 2), int(disc.center().y() - size / 2), sign)
        painter.setPen(QColor(k.ink))
        set_font(painter, theme.font(18, bold=True))
        left, width = theme.px(24), self.width() - theme.px(48)
        painter.drawText(
            QRectF(left, theme.px(92), width, theme.px(28)), Qt.AlignmentFlag.AlignVCenter, self.text()
        )
        painter.setPen(QColor(k.muted))
        set_font(painter, theme.font(14))
        room = QRectF(left, theme.px(124), width, self.height() - theme.px(134))
        painter.drawText(room, Qt.TextFlag.TextWordWrap, self._more)


class WelcomePage(Page):
    """Leaves for the home as soon as there is a household."""

    help_key = "board.help_welcome"

    def __init__(self, desk: Desk, _runner: Runner, _ask: Ask) -> None:
        super().__init__()
        self._desk = desk
        header = Header(t("board.title_identify"))
        header.search.setEnabled(False)
        header.show_person(desk.person.name if desk.person else "")
        header.show_places([(desk.place.scope, desk.place.name)], desk.place.scope)
        header.show_saved(t("board.saved"))
        header.person_asked.connect(self.go_to)
        status = StatusBar()
        status.show_state(t("board.local"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(header)
        column.addStretch(2)
        name = desk.person.name if desk.person else ""
        for part in (words(t("board.welcome", name=name), "big"), words(t("board.welcome_why"), "muted")):
            column.addWidget(part, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(theme.px(20))
        column.addWidget(self._tiles(), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        column.addWidget(status)

    def show_for(self, subject: object = None) -> None:  # noqa: ARG002
        """Put the cursor on the first way there is."""
        first = next((way for way in self._ways.values() if not way.isHidden()), None)
        if first is not None:
            first.setFocus()

    def on_changed(self, changes: Changes) -> None:
        """Go to the home once a household exists."""
        if self.isVisible() and changes.has(Kind.HOUSEHOLD):
            self.asked.emit("home", None)

    def offers(self, names: frozenset[str]) -> None:
        """Show only ways that lead somewhere."""
        for page, way in self._ways.items():
            way.setVisible(page in names)

    def _tiles(self) -> QWidget:
        tiles = QWidget()
        row = QHBoxLayout(tiles)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(18))
        self._ways: dict[str, WayButton] = {}
        for page, icon, key in _WAYS:
            way = WayButton(
                icon, t(f"board.way_{key}"), t(f"board.way_{key}_does"), first=page == _WAYS[0][0]
            )
            way.clicked.connect(partial(self.asked.emit, page, None))
            self._ways[page] = way
            row.addWidget(way)
        return tiles
