"""One question on the page: label, editor, and a line for the hint or what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.questionnaire.checking import problem_of
from app.ui import theme
from app.ui.parts.words import ShortLabel, set_property, set_role, words
from app.ui.questionnaire.editors import NoteEditor, grouped
from app.ui.questionnaire.outline import sentence_of
from app.ui.questionnaire.registry import Question, editor_for, span_of
from app.ui.texts import t

if TYPE_CHECKING:
    from app.questionnaire.state import Entry


def question_of(widget: QWidget | None) -> str:
    """Path of the question a widget belongs to; Qt gives None when nothing has the focus."""
    return str(widget.property("question") or "") if widget is not None else ""


class QuestionField(QWidget):
    """A question; ``edited(field, text)`` and ``left(field)`` tell the page what the person does.

    ``touched`` fields show their problem; others are left in peace until the cursor has been there.
    """

    edited = Signal(object, str)
    left = Signal(object)

    def __init__(self, question: Question, before: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.question = question
        self.entry: Entry = question.entry
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)  # columns of equal width
        self.touched = False
        self.editor = editor_for(question)
        self.span = span_of(question, self.editor)
        self._label = ShortLabel("", "label")
        self._star = words(t("questionnaire.star"), "error")
        self._before = words(t("questionnaire.before", value=grouped(before)) if before else "", "muted")
        self._line = ShortLabel("", "muted")
        self._build()
        self.editor.edited.connect(self._on_edited)
        self.editor.left.connect(self._on_left)
        self.refresh()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(3))
        if isinstance(self.editor, NoteEditor):
            self._note = words("", wrap=True)
            self._note.setContentsMargins(theme.px(12), theme.px(8), theme.px(12), theme.px(8))
            column.addWidget(self._note)
            column.addWidget(self.editor.widget)
            return
        head = QHBoxLayout()
        head.setSpacing(theme.px(4))
        head.addWidget(self._label)
        head.addWidget(self._star)
        head.addStretch(1)
        head.addWidget(self._before)
        column.addLayout(head)
        column.addWidget(self.editor.widget)
        column.addWidget(self._line)

    def problem(self) -> str:
        """What is wrong here, "" when nothing is; asked whether touched or not."""
        if not self.entry.relevant:
            return ""
        written = self.editor.problem()
        if written:
            return written
        found = problem_of(self.question.engine, self.entry)
        return sentence_of(found) if found is not None else ""

    def refresh(self) -> None:
        """Show the state of the entry."""
        engine, entry = self.question.engine, self.entry
        label = engine.wording.label(entry)
        if isinstance(self.editor, NoteEditor):
            self._show_note(label)
        else:
            self._label.setText(label)
            self._star.setVisible(entry.required and not entry.readonly)
            self.editor.offer(engine.choices(entry))
            self.editor.name(label)
            self.editor.show_value(entry.stored)
            self.show_problem()
        if self.parentWidget() is not None:  # else it would flash up as a window of its own
            self.setVisible(entry.relevant)

    def show_problem(self) -> None:
        """Show the problem of a touched field, else the hint."""
        said = self.problem() if self.touched else ""
        hint = self.question.engine.wording.hint(self.entry)
        set_role(self._line, "error" if said else "muted")
        self._line.setText(said or hint)
        self.editor.show_state("error" if said else "")

    def label(self) -> str:
        """The question's words."""
        return self.question.engine.wording.label(self.entry)

    def said(self) -> str:
        """The line below the editor."""
        return self._line.text()

    def can_focus(self) -> bool:
        """Whether the cursor can come here now."""
        return self.entry.relevant and bool(self.editor.stops)

    def take_focus(self) -> None:
        """Bring the cursor here: to the chosen one of several, else the first."""
        stops = self.editor.stops
        checked = (s for s in stops if getattr(s, "isChecked", bool)())
        next(checked, stops[0]).setFocus()

    def _show_note(self, text: str) -> None:
        k = theme.tokens()
        warns = "warning" in self.question.looks
        tint, ink = (k.amber_tint, k.amber) if warns else (k.blue_tint, k.ink2)
        self._note.setText(text)
        set_property(self._note, "role", "value")
        self._note.setStyleSheet(f"background: {tint}; color: {ink}; border-radius: {theme.px(7)}px;")

    def _on_edited(self, text: str) -> None:
        self.edited.emit(self, text)

    def _on_left(self) -> None:
        self.touched = True
        self.show_problem()
        self.left.emit(self)
