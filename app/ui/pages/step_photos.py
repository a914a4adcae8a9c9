"""The photos and papers of a step: fetch a picture, add one, strike one with a reason."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from app.ui.parts.photo_strip import PhotoStrip
from app.ui.texts import t

if TYPE_CHECKING:
    from app.domain.changes import Changes
    from app.queries.document import AttachmentLine
    from app.queries.step_sheet import StepSheet
    from app.ui.ask import Ask
    from app.ui.desks.step import StepDesk
    from app.ui.runner import Runner


class StepPhotos(PhotoStrip):
    """The strip of one step joined to what keeps its pictures; ``said`` tells what was done."""

    said = Signal(str)

    def __init__(self, step: StepDesk, runner: Runner, ask: Ask) -> None:
        super().__init__()
        self._step, self._runner, self._ask = step, runner, ask
        self._sheet: StepSheet | None = None
        self.add_asked.connect(self._on_add)
        self.wanted.connect(self._on_wanted)
        self.opened.connect(self._on_opened)

    def show_sheet(self, sheet: StepSheet) -> None:
        """Show the pictures of a step; more may be added while it is open and ours."""
        self._sheet = sheet
        self.show_lines(sheet.attachments, may_add=sheet.is_open and sheet.mine)

    def _on_add(self) -> None:
        sheet = self._sheet
        if sheet is None:
            return
        for path in self._ask.open_files(t("step.photo_choose"), t("step.photo_files")):
            self._runner.run(partial(self._step.attach, sheet.card.case, sheet.step, path), self._on_added)

    def _on_added(self, _changes: Changes) -> None:
        self.said.emit(t("step.photo_added"))

    def _on_wanted(self, digest: str) -> None:
        self._runner.read(
            partial(self._step.attachment, digest), partial(self.show_picture, digest), on_failed=_say_nothing
        )

    def _on_opened(self, line: AttachmentLine) -> None:
        reason = self._ask.reason(t("step.photo_remove"), t("step.photo_remove_why"))
        if reason is not None:
            self._runner.run(partial(self._step.remove_attachment, line.id, reason), self._on_removed)

    def _on_removed(self, _changes: Changes) -> None:
        self.said.emit(t("step.photo_removed"))


def _say_nothing(_error: object) -> None:
    """Leave the tile as it is: a picture that has not arrived is no failure of this page."""
