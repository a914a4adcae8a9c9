"""A form as it will be filled in, with what was found wrong in it; nothing is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QGridLayout, QWidget

from app.queries.tone import Tone
from app.ui import theme
from app.ui.parts.buttons import button
from app.ui.parts.page_frame import Card, PageFrame, scrolled
from app.ui.parts.words import words
from app.ui.questionnaire.files import NO_FILES, Files
from app.ui.questionnaire.view import QuestionnaireView
from app.ui.texts import t

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.questionnaire.engine import Engine

_LIST_HEIGHT = 150  # design pixels of the findings below a form that opens


@dataclass(frozen=True, slots=True)
class FindingLine:
    """One finding: whether it keeps the form from being published, where it is, the sentence."""

    severe: bool
    place: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Previewed:
    """What is shown: ``start()`` opens the form afresh, None when it cannot be opened."""

    title: str
    start: Callable[[], Engine] | None
    findings: tuple[FindingLine, ...] = ()
    files: Files = NO_FILES


class FindingList(Card):
    """The findings, worst first."""

    def __init__(self, findings: Sequence[FindingLine], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.add(words(t("questionnaire.findings", count=len(findings)), "section"))
        inner = QWidget()
        grid = QGridLayout(inner)
        grid.setContentsMargins(0, 0, theme.px(8), 0)
        grid.setHorizontalSpacing(theme.px(14))
        grid.setVerticalSpacing(theme.px(6))
        grid.setColumnStretch(2, 1)
        for row, finding in enumerate(sorted(findings, key=lambda f: not f.severe)):
            kind = "questionnaire.finding_error" if finding.severe else "questionnaire.finding_warning"
            grid.addWidget(words(t(kind), "error" if finding.severe else "warning"), row, 0)
            grid.addWidget(words(finding.place, "muted"), row, 1)
            grid.addWidget(words(finding.sentence, wrap=True), row, 2)
        if not findings:
            grid.addWidget(words(t("questionnaire.findings_none"), "muted"), 0, 0)
        grid.setRowStretch(max(1, len(findings)), 1)
        self.add(scrolled(inner), 1)


class FormPreview(QWidget):
    """A window of its own; answers may be tried out and are forgotten with it."""

    def __init__(self, shown: Previewed, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "page")
        self.setWindowTitle(t("questionnaire.preview_title", title=shown.title))
        self._shown = shown
        self.view: QuestionnaireView | None = None
        self._language = ""
        self.frame = PageFrame(shown.title, back=False)
        self.frame.show_pill(t("questionnaire.preview_strip"), Tone.AMBER)
        self.again = button(t("questionnaire.preview_again"))
        self.frame.add_right(self.again)
        self._holder = QWidget()
        column = QGridLayout(self._holder)
        column.setContentsMargins(0, 0, 0, 0)
        self._column = column
        self.frame.add(self._holder, 1)
        self.findings = FindingList(shown.findings)
        self.frame.add(self.findings, 0 if shown.start is not None else 1)
        page = QGridLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.addWidget(self.frame)
        self.again.clicked.connect(self.restart)
        self.frame.primary_asked.connect(self._on_primary)
        self.again.setVisible(shown.start is not None)
        self._holder.setVisible(shown.start is not None)
        if shown.start is not None:
            self.findings.setFixedHeight(theme.px(_LIST_HEIGHT))
        self.restart()

    def restart(self) -> None:
        """Begin again with an empty form, in the language chosen before."""
        if self._shown.start is None:
            return
        if self.view is not None:
            self.view.hide()
            self._column.removeWidget(self.view)
            self.view.deleteLater()
        self.view = QuestionnaireView(self._shown.start(), files=self._shown.files)
        self.view.section_shown.connect(self._on_section)
        self.view.finished.connect(self._on_finished)
        self.view.language_chosen.connect(self._on_language)
        if self._language:
            self.view.set_language(self._language)
        self._column.addWidget(self.view)
        self.frame.show_pill(t("questionnaire.preview_strip"), Tone.AMBER)
        self._on_section()
        self.view.focus_first()

    def _on_section(self) -> None:
        if self.view is not None:
            self.frame.show_primary(self.view.primary_text())

    def _on_primary(self) -> None:
        if self.view is not None:
            self.view.go_on()

    def _on_finished(self) -> None:
        self.frame.show_pill(t("questionnaire.preview_finished"), Tone.GREEN)

    def _on_language(self, language: str) -> None:
        self._language = language
