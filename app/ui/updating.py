"""Leads a person through an update, or the way back: the file, the question, the work, the restart."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from app.ui.texts import sentence, t

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from app.domain.errors import AppError
    from app.ui.ask import Ask
    from app.ui.desks.program import CheckLine, OfferLine, ProgramDesk, Returned
    from app.ui.runner import Runner


class Updating(QObject):
    """``waiting(job, text)``, ``progressed(done, of)`` and ``waited()`` go to a progress strip.

    ``failed(AppError)`` is an error to be shown; ``installed(version)`` tells that it starts the next time.
    """

    waiting = Signal(object, str)
    progressed = Signal(int, int)
    waited = Signal()
    failed = Signal(object)
    installed = Signal(str)

    def __init__(self, desk: ProgramDesk, runner: Runner, ask: Ask, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._runner = runner
        self._ask = ask

    def update(self) -> None:
        """Let the user choose an update file, sticks first."""
        self._runner.read(self._desk.found, self._on_found, self.failed.emit)

    def go_back(self, version: str) -> None:
        """Ask, then go back to the version before."""
        text = t("program.back_text", version=version)
        if self._ask.confirm(
            t("program.back_title"), text, t("program.back_verb", version=version), danger=True
        ):
            self._runner.run(self._desk.go_back, self._on_back, self.failed.emit)

    def check(self) -> None:
        """Let the program check itself and say what it found."""
        job = self._runner.run_long(self._desk.check, self._on_checked, self.progressed.emit, self._on_failed)
        self.waiting.emit(job, t("program.checking"))

    def _on_found(self, found: Sequence[Path]) -> None:
        path = self._chosen(found)
        if path is not None:
            self._runner.read(partial(self._desk.look, path), self._on_offer, self.failed.emit)

    def _chosen(self, found: Sequence[Path]) -> Path | None:
        if found:
            options = [*(path.name for path in found), t("program.other_file")]
            number = self._ask.choose(t("program.found_title"), t("program.found_text"), options)
            if number is None:
                return None
            if number < len(found):
                return found[number]
        return self._ask.open_file(t("program.choose"), f"{t('program.files')} (*.upd)")

    def _on_offer(self, offer: OfferLine) -> None:
        text = t("program.offer_text", running=offer.running, version=offer.version, size=offer.megabytes)
        if not self._ask.confirm(
            t("program.offer_title"), text, t("program.offer_verb", version=offer.version)
        ):
            return
        job = self._runner.run_long(
            partial(self._desk.install, offer), self._on_installed, self.progressed.emit, self._on_failed
        )
        self.waiting.emit(job, t("program.installing", version=offer.version))

    def _on_installed(self, version: str) -> None:
        self.waited.emit()
        self.installed.emit(version)
        text = t("program.installed_text", version=version)
        if self._ask.confirm(t("program.installed_title"), text, t("program.restart")):
            self.restart()

    def _on_back(self, returned: Returned) -> None:
        if returned.trouble is not None:
            self._ask.tell(t("program.back_title"), sentence(returned.trouble))
        self.restart()

    def restart(self) -> None:
        """Close the program and start the version that is named now."""
        self._runner.read(self._desk.restart, self._on_restarted, self.failed.emit)

    def _on_restarted(self, _nothing: object) -> None:
        QApplication.closeAllWindows()

    def _on_failed(self, error: AppError) -> None:
        self.waited.emit()
        if error.code != "work.cancelled":
            self.failed.emit(error)

    def _on_checked(self, lines: Sequence[CheckLine]) -> None:
        self.waited.emit()
        bad = [t("program.check_line", title=line.title, text=line.text) for line in lines if not line.ok]
        known = [
            t("program.check_line", title=line.title, text=line.text)
            for line in lines
            if line.ok and line.text
        ]
        if bad:
            text = "\n\n".join([t("program.check_bad", count=len(bad)), *bad])
        else:
            text = "\n\n".join([t("program.check_good", count=len(lines)), *known])
        self._ask.tell(t("program.check_title"), text)
