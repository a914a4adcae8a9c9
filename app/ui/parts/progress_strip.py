"""The strip that shows long work: plain words, a bar, the rest time and cancel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QWidget

from app.ui import theme
from app.ui.parts.buttons import button
from app.ui.parts.words import words
from app.ui.texts import t

if TYPE_CHECKING:
    from app.ui.runner import Job

_REST_AFTER_MS = 3000  # an estimate from less is a guess
_REST_SHOWN_S = 10
_SECONDS_UP_TO = 90


class ProgressStrip(QFrame):
    """Shows one job at a time; hidden while there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "footer")
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(20), theme.px(6), theme.px(20), theme.px(6))
        row.setSpacing(theme.px(14))
        self._text = words("", "label")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._rest = words("", "muted")
        self._cancel = button(t("app.cancel"))
        for part in (self._text, self._bar, self._rest, self._cancel):
            row.addWidget(part, 1 if part is self._bar else 0)
        self._job: Job | None = None
        self._since = QElapsedTimer()
        self._cancel.clicked.connect(self._on_cancel)
        self.hide()

    def follow(self, job: Job, text: str, *, can_cancel: bool = True) -> None:
        """Show ``job`` under the words ``text`` until ``finish``; not one that is over already."""
        if job.over:
            return
        self._job = job
        self._text.setText(text)
        self._bar.setAccessibleName(text)
        self._bar.setRange(0, 0)
        self._rest.setText("")
        self._cancel.setVisible(can_cancel)
        self._cancel.setEnabled(True)
        self._since.start()
        self.show()

    def on_progress(self, done: int, of: int) -> None:
        """Take progress; ``of`` 0 leaves the bar running to and fro."""
        self._bar.setRange(0, of)
        self._bar.setValue(done)
        spent = self._since.elapsed()
        if not of or not done or spent < _REST_AFTER_MS:
            return
        rest = round(spent * (of - done) / done / 1000)
        words_left = (
            t("app.rest_seconds", seconds=rest)
            if rest < _SECONDS_UP_TO
            else t("app.rest_minutes", minutes=rest // 60)
        )
        self._rest.setText(words_left if rest > _REST_SHOWN_S else "")

    def finish(self) -> None:
        """Hide; the work is over, well or not."""
        self._job = None
        self.hide()

    def _on_cancel(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self._cancel.setEnabled(False)
            self._rest.setText(t("app.stopping"))
