"""The exit certificate at its step: look at it, issue it under its number, see what was issued."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout

from app.ui.desks.papers import PREVIEW, IssuedPaper, PapersDesk
from app.ui.pages.step_panels import StepPanel
from app.ui.parts.buttons import button
from app.ui.parts.words import words
from app.ui.texts import t

if TYPE_CHECKING:
    from app.domain.document import Paper
    from app.queries.step_sheet import StepSheet
    from app.ui.ask import Ask
    from app.ui.desk import Desk
    from app.ui.runner import Runner


class CertificatePanel(StepPanel):
    """Looking records nothing; issuing takes the next number and opens the preview to print."""

    def __init__(self, desk: Desk, runner: Runner, ask: Ask) -> None:
        super().__init__()
        self._runner, self._ask = runner, ask
        self._papers = desk.group(PapersDesk)
        row = QHBoxLayout()
        row.addWidget(words(t("certify.title"), "section"), 1)
        self.look = button(t("certify.look"), "plain", "eye")
        self.issue = button(t("certify.issue"), "plain", "file")
        row.addWidget(self.look)
        row.addWidget(self.issue)
        self.column.addLayout(row)
        self._said = words("", "muted", wrap=True)
        self.add(self._said)
        self.look.clicked.connect(self._on_look)
        self.issue.clicked.connect(self.go)

    def show_sheet(self, sheet: StepSheet) -> None:
        """Show whether the certificate was issued."""
        super().show_sheet(sheet)
        open_here = sheet.is_open and sheet.mine
        self._said.setText(t("certify.issued") if sheet.linked else t("certify.not_issued"))
        self.look.setVisible(open_here and not sheet.linked)
        self.issue.setVisible(open_here and not sheet.linked)

    def primary_text(self) -> str:
        """Issue it first."""
        return t("certify.issue") if self.sheet is not None and not self.sheet.linked else ""

    def go(self) -> None:
        """Issue the certificate after a last question: its number is given for good."""
        sheet = self.sheet
        if sheet is None:
            return
        if self._ask.confirm(t("certify.issue"), t("certify.sure", head=sheet.card.head), t("certify.issue")):
            self._runner.run(partial(self._papers.issue, sheet.card.case), self._on_issued)

    def _on_look(self) -> None:
        if self.sheet is not None:
            self._runner.read(partial(self._papers.certificate, self.sheet.card.case), self._on_paper)

    def _on_paper(self, paper: Paper) -> None:
        self.asked.emit(PREVIEW, paper)

    def _on_issued(self, issued: IssuedPaper) -> None:
        self.said.emit(t("certify.done"))
        self.asked.emit(PREVIEW, issued.paper)
