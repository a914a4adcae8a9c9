"""Push buttons in the few kinds of the house."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QPushButton

from app.ui import theme
from app.ui.icons import icon as drawn

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent


class Button(QPushButton):
    """A push button that Enter presses too; Qt's own takes only the space bar outside dialogs."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Override: Enter clicks."""
        from PySide6.QtCore import Qt

        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.click()
            return
        super().keyPressEvent(event)


def button(text: str, kind: str = "plain", icon: str = "", *, large: bool = False) -> QPushButton:
    """Return a button; kinds: primary plain quiet danger link chip; ``icon`` stands before the words."""
    made = Button(text)
    made.setProperty("kind", kind)
    made.setAutoDefault(kind == "primary")
    if large:
        made.setProperty("tall", True)
    if icon:
        k = theme.tokens()
        colour = {"primary": k.on_primary, "danger": k.red, "link": k.primary}.get(kind, k.ink2)
        made.setIcon(drawn(icon, theme.px(18), colour))
        made.setIconSize(QSize(theme.px(18), theme.px(18)))
    return made


def icon_button(icon: str, name: str) -> QPushButton:
    """Return a quiet button that shows only an icon; ``name`` is its tip and accessible name."""
    made = button("", "quiet", icon)
    made.setFixedWidth(theme.px(40))
    made.setToolTip(name)
    made.setAccessibleName(name)
    return made
