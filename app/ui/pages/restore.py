"""从备份恢复: choose the file, see what is in it and what is not, give its passphrase."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.ui import theme
from app.ui.parts.buttons import button
from app.ui.parts.door_frame import DoorFrame
from app.ui.parts.passphrase import PassphraseInput
from app.ui.parts.progress_strip import ProgressStrip
from app.ui.parts.words import set_role, words
from app.ui.texts import sentence, t

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from app.domain.errors import AppError
    from app.ui.ask import Ask
    from app.ui.desks.restore import BackupAbout, RestoreDesk
    from app.ui.runner import Runner


class RestorePage(DoorFrame):
    """``opened(Desk)`` when the backup is restored and open; ``left()`` for the page before."""

    opened = Signal(object)
    left = Signal()

    def __init__(self, desk: RestoreDesk, runner: Runner, ask: Ask, parent: QWidget | None = None) -> None:
        super().__init__(560, parent)
        self._desk, self._runner, self._ask = desk, runner, ask
        self._about: BackupAbout | None = None
        self.choose = button(t("restore.choose"), "plain", "folder")
        self.facts = words("", "value", wrap=True)
        self.lacks = words("", "warning", wrap=True)
        self.passphrase = PassphraseInput(t("restore.passphrase"))
        self._label = words(t("restore.passphrase"), "label")
        self._label.setBuddy(self.passphrase)
        self._line = words("", "error", wrap=True)
        self.restore = button(t("restore.restore"), "primary", large=True)
        self.back = button(t("app.back"), "link")
        self._strip = ProgressStrip()
        self._strip.hide()
        self._lay_out()
        self._show(None)
        self.choose.clicked.connect(self._on_choose)
        self.passphrase.returnPressed.connect(self._on_restore)
        self.restore.clicked.connect(self._on_restore)
        self.back.clicked.connect(self.left)

    def message(self) -> str:
        """Return the line under the fields."""
        return self._line.text()

    def _lay_out(self) -> None:
        self.card.add(words(t("restore.title"), "title"))
        self.card.add(words(t("restore.why"), "muted", wrap=True))
        row = QHBoxLayout()
        row.addWidget(self.choose)
        row.addStretch(1)
        self.card.column.addLayout(row)
        for part in (self.facts, self.lacks, self._label, self.passphrase, self._line, self.restore):
            self.card.add(part)
        last = QHBoxLayout()
        last.addStretch(1)
        last.addWidget(self.back)
        last.addStretch(1)
        self.card.column.addLayout(last)
        self.card.add(self._strip)

    def _on_choose(self) -> None:
        self._runner.read(self._desk.found, self._on_found, self._on_failed)

    def _on_found(self, found: Sequence[Path]) -> None:
        path = self._chosen(found)
        if path is not None:
            self._runner.read(partial(self._desk.look, path), self._show, self._on_failed)

    def _chosen(self, found: Sequence[Path]) -> Path | None:
        if found:
            options = [*(f"{path.parent.name}  {path.name}" for path in found), t("restore.other_file")]
            number = self._ask.choose(t("restore.title"), t("restore.found"), options)
            if number is None:
                return None
            if number < len(found):
                return found[number]
        return self._ask.open_file(t("restore.choose"), f"{t('restore.files')} (*.hhbak)")

    def _show(self, about: BackupAbout | None) -> None:
        self._about = about
        for part in (self.facts, self._label, self.passphrase, self.restore):
            part.setVisible(about is not None)
        self.lacks.hide()
        self._say("")
        if about is None:
            return
        told = [t("restore.made_on", on=about.on) if about.on else t("restore.made_sometime")]
        if about.ahead:
            told.append(t("restore.ahead"))
        if about.place:
            told.append(
                t("restore.holds", place=about.place, households=about.households, persons=about.persons)
            )
        self.facts.setText("\n".join(told))
        lacks = [t("restore.later_work")]
        if about.missing:
            lacks.append(
                t("restore.photos_missing", missing=about.missing, photos=about.photos, folder=about.folder)
            )
        self.lacks.setText("\n".join(lacks))
        self.lacks.show()
        self.passphrase.setFocus()

    def _on_restore(self) -> None:
        if self._about is None:
            return
        text = self.passphrase.text()
        if not text.strip():
            self._say(t("restore.no_passphrase"))
            self.passphrase.setFocus()
            return
        self._busy(busy=True)
        work = partial(self._desk.restore, self._about.path, text)
        job = self._runner.run_long(work, self._on_restored, self._strip.on_progress, self._on_failed)
        self._strip.follow(job, t("restore.restoring"), can_cancel=False)

    def _on_restored(self, desk: object) -> None:
        self._busy(busy=False)
        self.passphrase.clear()
        self.opened.emit(desk)

    def _on_failed(self, error: AppError) -> None:
        self._busy(busy=False)
        self._say(sentence(error))
        self.passphrase.selectAll()

    def _busy(self, *, busy: bool) -> None:
        if not busy:
            self._strip.finish()
        self._say("")
        for part in (self.choose, self.restore, self.back):
            part.setEnabled(not busy)
        self.passphrase.setReadOnly(busy)

    def _say(self, text: str) -> None:
        set_role(self._line, "error")
        self._line.setText(text)
        self._line.setVisible(bool(text))
        self.card.column.setSpacing(theme.px(10))
