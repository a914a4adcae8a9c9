"""A strip that tells the oldest alert and takes 知道了 for it, and what waits for a later program."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.alert_words import alert_words
from app.ui.icons import pixmap
from app.ui.parts.buttons import button
from app.ui.parts.words import words
from app.ui.texts import t

if TYPE_CHECKING:
    from app.queries.alerts import AlertLine
    from app.ui.desks.alerts import AlertsDesk
    from app.ui.runner import Runner


class AlertStrip(QFrame):
    """One alert at a time, the next when it is set aside; hidden while none stands.

    ``asked(household)`` when the household an alert is about is to be looked at.
    """

    asked = Signal(str)

    def __init__(self, desk: AlertsDesk, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._runner = desk, runner
        self._number, self._household = 0, ""
        k = theme.tokens()
        self.setObjectName("alert_strip")
        self.setStyleSheet(
            f"#alert_strip {{ background: {k.amber_tint}; border: 1px solid {k.amber}; border-radius: 6px; }}"
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(14), theme.px(8), theme.px(12), theme.px(8))
        self.told = QWidget()
        row = QHBoxLayout(self.told)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(10))
        sign = QLabel()
        sign.setPixmap(pixmap("warning", theme.px(20), k.amber))
        self.text = words("", "label", wrap=True)
        self.known = button(t("alerts.known"), "plain", "check")
        row.addWidget(sign)
        row.addWidget(self.text, 1)
        self.look = button(t("alerts.look"), "plain")
        row.addWidget(self.look)
        row.addWidget(self.known)
        self.later = words("", "label", wrap=True)
        column.addWidget(self.told)
        column.addWidget(self.later)
        self.known.clicked.connect(self._on_known)
        self.look.clicked.connect(lambda: self.asked.emit(self._household))
        for part in (self.told, self.later, self):
            part.hide()

    def read(self) -> None:
        """Look which alerts stand, and whether anything waits for a later program."""
        self._runner.read(self._desk.standing, self._on_standing, lane=(id(self), "standing"))
        self._runner.read(self._desk.unknown, self._on_unknown, lane=(id(self), "unknown"))

    def _on_unknown(self, entries: int) -> None:
        self.later.setText(t("alerts.later_program", number=entries))
        self.later.setVisible(entries > 0)
        self._show()

    def _show(self) -> None:
        self.setVisible(not (self.told.isHidden() and self.later.isHidden()))

    def _on_standing(self, lines: tuple[AlertLine, ...]) -> None:
        self.told.setVisible(bool(lines))
        self._show()
        if lines:
            self._number, self._household = lines[0].n, lines[0].household
            self.look.setVisible(bool(self._household))
            said = alert_words(lines[0])
            self.text.setText(said)
            self.setAccessibleName(said)

    def _on_known(self) -> None:
        self._runner.run(partial(self._desk.set_aside, self._number), self._on_set_aside)

    def _on_set_aside(self, _done: None) -> None:
        self.read()
