"""What a step's page shows above its fields, by the page the pack names for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout

from app.ui.desk import StepSubject
from app.ui.desks.visit import SubmissionSubject, VisitSubject
from app.ui.parts.buttons import button
from app.ui.parts.page_frame import Card
from app.ui.parts.words import words
from app.ui.questionnaire.titles import form_title
from app.ui.texts import t

if TYPE_CHECKING:
    from app.queries.step_sheet import StepSheet


class StepPanel(Card):
    """One card; ``asked(page, subject)`` and ``said(text)`` go to the window.

    Subclasses show a sheet and name the page's main button while the step still lacks something.
    """

    asked = Signal(str, object)
    said = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.sheet: StepSheet | None = None

    def show_sheet(self, sheet: StepSheet) -> None:
        """Show another sheet."""
        self.sheet = sheet

    def primary_text(self) -> str:
        """Return the words of the main button, "" to leave it to the step's outcome."""
        return ""

    def go(self) -> None:
        """Do what the main button says."""

    def subject(self) -> StepSubject:
        """Return the case shown, for another page."""
        assert self.sheet is not None  # noqa: S101 -- nothing is pressed before a sheet is shown
        return StepSubject(self.sheet.card.household, self.sheet.card.case, self.sheet.step)


class OneButtonPanel(StepPanel):
    """A headline, a sentence and one button."""

    def __init__(self, title: str, icon: str) -> None:
        super().__init__()
        self.row = QHBoxLayout()
        self._title = words(title, "section")
        self._said = words("", "muted", wrap=True)
        self.open = button("", "plain", icon)
        self.open.clicked.connect(self.go)
        self.row.addWidget(self._title, 1)
        self.row.addWidget(self.open)
        self.column.addLayout(self.row)
        self.add(self._said)

    def say(self, text: str, verb: str) -> None:
        """Show a sentence and name the button."""
        self._said.setText(text)
        self.open.setText(verb)


class QuestionnairePanel(OneButtonPanel):
    """The step's questionnaire: not begun, or finished and to be looked at or changed.

    With ``first`` the page's main button asks for it while the step lacks something.
    """

    def __init__(self, *, first: bool = True) -> None:
        super().__init__(t("visit.title"), "pencil")
        self._first = first
        self.change = button(t("visit.change"), "plain", "pencil")
        self.change.clicked.connect(self._on_change)
        self.row.addWidget(self.change)

    def show_sheet(self, sheet: StepSheet) -> None:
        """Show whether the questionnaire was finished."""
        super().show_sheet(sheet)
        done, title = sheet.submitted_on, form_title(sheet.questionnaire)
        self._title.setText(title)
        text = t("visit.finished_on", day=done) if done else t("visit.not_finished")
        self.say(text, t("visit.look") if done else t("visit.begin", form=title))
        self.setVisible(bool(sheet.questionnaire))
        may_write = sheet.is_open and sheet.mine
        self.open.setVisible(bool(done) or may_write)
        self.change.setVisible(bool(done) and sheet.mine)

    def primary_text(self) -> str:
        """Fill in the questionnaire first."""
        sheet = self.sheet
        if not self._first or sheet is None or not sheet.questionnaire or sheet.submitted_on:
            return ""
        return t("visit.begin", form=form_title(sheet.questionnaire))

    def go(self) -> None:
        """Open the questionnaire, a finished one to be looked at."""
        if self.sheet is not None and self.sheet.submitted_on:
            household = self.sheet.card.household
            self.asked.emit("submission", SubmissionSubject(household, self._submission()))
        else:
            self.asked.emit("visit", self.subject())

    def _submission(self) -> str:
        return self.sheet.submission if self.sheet is not None else ""

    def _on_change(self) -> None:
        self.asked.emit("visit", VisitSubject(self._submission()))


class SharedPanel(OneButtonPanel):
    """A step many households take together: a meeting, a notice, a draw, an approval in batch."""

    def __init__(self, page: str, icon: str) -> None:
        super().__init__(t("step.several"), icon)
        self._page = page

    def show_sheet(self, sheet: StepSheet) -> None:
        """Show whether the household is in a meeting or notice already."""
        super().show_sheet(sheet)
        held = "held" if sheet.linked else "none"
        self.say(t(f"step.{self._page}_{held}"), t(f"step.{self._page}_open_{held}"))

    def primary_text(self) -> str:
        """Go to the page of the many."""
        held = "held" if self.sheet is not None and self.sheet.linked else "none"
        return t(f"step.{self._page}_open_{held}")

    def go(self) -> None:
        """Open the page of the many with this household in mind."""
        self.asked.emit(self._page, self.subject())


class CheckPanel(SharedPanel):
    """The township's check: many households together, and the questionnaire of the re-visit of this one."""

    def __init__(self, page: str, icon: str) -> None:
        super().__init__(page, icon)
        self.revisit = button("", "plain", "pencil")
        self.revisit.clicked.connect(self._on_revisit)
        self.row.insertWidget(1, self.revisit)

    def show_sheet(self, sheet: StepSheet) -> None:
        """Offer the questionnaire while the step is open here."""
        super().show_sheet(sheet)
        done, title = sheet.submitted_on, form_title(sheet.questionnaire)
        self.revisit.setText(t("visit.change") if done else t("visit.begin", form=title))
        self.revisit.setVisible(bool(sheet.questionnaire) and sheet.is_open and sheet.mine)

    def _on_revisit(self) -> None:
        done = self.sheet.submission if self.sheet is not None else ""
        self.asked.emit("visit", VisitSubject(done) if done else self.subject())


class NoPanel(StepPanel):
    """A step that is fields only."""

    def show_sheet(self, sheet: StepSheet) -> None:
        """Show nothing."""
        super().show_sheet(sheet)
        self.hide()
