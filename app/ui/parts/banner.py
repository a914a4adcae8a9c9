"""The bar at the top of the page area: errors with a code, notices, and help."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QWidget

from app.queries.tone import Tone
from app.ui import theme
from app.ui.icons import pixmap
from app.ui.parts.buttons import button, icon_button
from app.ui.parts.words import words
from app.ui.texts import t


class Banner(QFrame):
    """One message at a time; hidden while there is nothing to say.

    ``copy_asked`` is emitted by ``复制给技术员``.
    """

    copy_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self._built = False
        self.hide()

    def _build(self) -> None:
        """Make the parts with the first message: most windows never have one."""
        from PySide6.QtCore import Qt

        self._built = True
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(20), theme.px(6), theme.px(12), theme.px(6))
        row.setSpacing(theme.px(10))
        self._icon = QLabel()
        self._icon.setFixedWidth(theme.px(20))
        self._text = words("", wrap=True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._code = words("", "muted")
        self._copy = button(t("failure.copy"), "quiet", "copy")
        self._close = icon_button("close", t("failure.close"))
        for part in (self._icon, self._text, self._code, self._copy, self._close):
            row.addWidget(part, 1 if part is self._text else 0)
        self._copy.clicked.connect(self.copy_asked)
        self._close.clicked.connect(self.hide)

    def show_failure(self, text: str, code: str, *, severe: bool) -> None:
        """Show an error with its code to read out."""
        self._say(text, Tone.RED if severe else Tone.AMBER, "alert" if severe else "warning")
        self._code.setText(t("failure.code", code=code))
        self._copy.setText(t("failure.copy"))
        self._code.show()
        self._copy.show()

    def show_notice(self, text: str, tone: Tone = Tone.BLUE) -> None:
        """Show a line of help or news."""
        self._say(text, tone, "info")
        self._code.hide()
        self._copy.hide()

    def say_copied(self) -> None:
        """Confirm that the report is on the clipboard."""
        self._copy.setText(t("failure.copied"))

    def text(self) -> str:
        """Return the message shown, empty while hidden."""
        return "" if self.isHidden() else self._text.text()

    def _say(self, text: str, tone: Tone, icon: str) -> None:
        if not self._built:
            self._build()
        colour, tint = theme.current().tone(tone)
        self._text.setText(text)
        self._icon.setPixmap(pixmap(icon, theme.px(20), colour))
        self.setStyleSheet(f"#banner {{ background: {tint}; border: 0; border-bottom: 1px solid {colour}; }}")
        self.setAccessibleName(text)
        self.show()
