"""One question on the page: label, editor, and a line for the hint or what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from app.questionnaire.checking import problem_of
from app.ui import theme
from app.ui.parts.buttons import button
from app.ui.parts.words import set_role, words
from app.ui.questionnaire.files import picture_of
from app.ui.questionnaire.markdown import plain
from app.ui.questionnaire.numbers import grouped
from app.ui.questionnaire.outline import sentence_of
from app.ui.questionnaire.registry import MOST_RADIOS, Question, editor_for, span_of
from app.ui.questionnaire.shown import ElsewhereEditor, NoteEditor, ShownEditor
from app.ui.questionnaire.wordlabel import WordLabel
from app.ui.texts import t

if TYPE_CHECKING:
    from PySide6.QtWidgets import QLabel

    from app.questionnaire.state import Entry
    from app.ui.questionnaire.editors import Editor

_PICTURE = 260  # design pixels of a picture in a question


def question_of(widget: QWidget | None) -> str:
    """Path of the question a widget belongs to; Qt gives None when nothing has the focus."""
    return str(widget.property("question") or "") if widget is not None else ""


class QuestionField(QWidget):
    """A question.

    ``edited(field, text)``, ``left(field)`` and ``reuse_asked(field)`` tell the page what the person does.
    ``touched`` fields show their problem; others are left in peace until the cursor has been there.
    """

    edited = Signal(object, str)
    left = Signal(object)
    reuse_asked = Signal(object)

    def __init__(self, question: Question, before: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.question = question
        self.entry: Entry = question.entry
        self.before = before
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)  # columns of equal width
        self.touched = False
        self.speaks = _speaks(question)
        words_in = question.engine.wording.language  # the engine keeps choices in the form's own language
        self._foreign = words_in != question.engine.form.default_language
        self._typing = False
        self._made_for = _kind(self.entry)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.px(3))
        self._label = WordLabel("label", self)
        self._line = WordLabel("muted", self)
        self.reuse: QPushButton | None = None
        self._picture: QLabel | None = None
        self._guide: QPushButton | None = None
        self._guidance: WordLabel | None = None
        self._returned: WordLabel | None = None
        self.editor = self._new_editor()
        self.span = span_of(question, self.editor)
        self._build()
        self.refresh()

    def _new_editor(self) -> Editor:
        made = editor_for(self.question)
        self._made_for = _kind(self.entry)
        made.edited.connect(self._on_edited)
        made.left.connect(self._on_left)
        return made

    def _build(self) -> None:
        self._head = QHBoxLayout()
        self._head.setSpacing(theme.px(4))
        self._head.addWidget(self._label, 1)
        if isinstance(self.editor, NoteEditor):
            self._dress_note()
        elif self.before:
            self._head.addWidget(self._reuse_button(), 0, Qt.AlignmentFlag.AlignBottom)
        self._column.addLayout(self._head)
        self._column.addWidget(self.editor.widget)
        self._column.addWidget(self._line)
        self._show_picture()
        self._show_guidance()

    def show_returned(self, note: str) -> None:
        """Mark the question as one a return was about, with the reason."""
        if self._returned is None:
            k = theme.tokens()
            self._returned = WordLabel("label", self)
            self._returned.setStyleSheet(
                f"background: {k.amber_tint}; color: {k.amber}; border-left: {theme.px(3)}px solid {k.amber};"
                f" padding: {theme.px(3)}px {theme.px(8)}px;"
            )
            self._column.insertWidget(1, self._returned)
        self._returned.say(t("returned.highlight_note", note=note) if note else t("returned.highlight"))

    def returned(self) -> str:
        """What a return says about the question, "" when it says nothing."""
        return "" if self._returned is None else self._returned.said()

    def _reuse_button(self) -> QPushButton:
        made = button(t("questionnaire.before", value=grouped(self.before)), "mini")
        made.setStyleSheet(f"font-size: {theme.px(13)}px; color: {theme.tokens().muted};")
        made.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Ctrl+D does the same without a stop for every field
        made.setToolTip(t("questionnaire.reuse_tip"))
        made.setEnabled(not self.entry.readonly)
        made.clicked.connect(self._on_reuse)
        self.reuse = made
        return made

    def _dress_note(self) -> None:
        k = theme.tokens()
        warns = "warning" in self.question.looks
        tint, ink = (k.amber_tint, k.amber) if warns else (k.blue_tint, k.ink2)
        pad = f"{theme.px(8)}px {theme.px(12)}px"
        self._label.setProperty("role", "value")
        self._label.setStyleSheet(
            f"background: {tint}; color: {ink}; border-radius: {theme.px(7)}px; padding: {pad};"
        )
        self._line.setVisible(False)

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
        if self._made_for != _kind(self.entry):
            self._change_editor()
        self.show_words()
        engine, entry = self.question.engine, self.entry
        dynamic = self.speaks or not entry.choices or self._foreign
        self.editor.offer(engine.choices(entry) if dynamic else entry.choices)
        if not self._typing:
            self.editor.show_value(entry.stored)
        self.editor.name(self.label())
        self.show_problem()
        if self.parentWidget() is not None:  # else it would flash up as a window of its own
            self.setVisible(entry.relevant)

    def show_words(self) -> None:
        """Show the label, the star and what explains the question."""
        needed = self.entry.required and not isinstance(self.editor, (ShownEditor, NoteEditor))
        self._label.say(self.question.engine.wording.label(self.entry), star=needed)
        if self._guidance is not None:
            self._guidance.say(self.question.engine.wording.guidance(self.entry))

    def show_problem(self) -> None:
        """Show the problem of a touched field, else the hint."""
        if isinstance(self.editor, NoteEditor):
            return
        said = self.problem() if self.touched else ""
        hint = self.question.engine.wording.hint(self.entry)
        if isinstance(self.editor, ElsewhereEditor):
            hint = self.editor.said()
        set_role(self._line, "error" if said else "muted")
        self._line.say(said or hint)
        self._line.setVisible(bool(said or hint) or self.span == 1)
        self.editor.show_state("error" if said else "")

    def show_written(self, text: str) -> None:
        """Show again what was typed earlier and could not be read."""
        self.editor.show_written(text)
        self.show_problem()

    def label(self) -> str:
        """The question's words, without marks."""
        return plain(self.question.engine.wording.label(self.entry))

    def said(self) -> str:
        """The line below the editor."""
        return self._line.said()

    def can_focus(self) -> bool:
        """Whether the cursor can come here now."""
        return self.entry.relevant and bool(self.editor.stops)

    def take_focus(self) -> None:
        """Bring the cursor here: to the chosen one of several, else the first."""
        stops = self.editor.stops
        checked = (s for s in stops if getattr(s, "isChecked", bool)())
        next(checked, stops[0]).setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_picture(self) -> None:
        control = self.entry.control
        name = self.question.engine.wording.text(
            control.label if control is not None else None, self.entry.node, "image"
        )
        picture = picture_of(self.question.files, name, theme.px(_PICTURE))
        if not picture.isNull():
            self._picture = words("", "muted")
            self._picture.setPixmap(picture)
            self._picture.setAccessibleName(self.label())
            self._column.insertWidget(1, self._picture)

    def _show_guidance(self) -> None:
        if not self.question.engine.wording.guidance(self.entry):
            return
        self._guide = button(t("questionnaire.guidance"), "link", "info")
        self._guide.setCheckable(True)
        self._guide.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._guidance = WordLabel("label", self)
        k = theme.tokens()
        self._guidance.setStyleSheet(
            f"background: {k.page}; border-radius: {theme.px(7)}px;"
            f" padding: {theme.px(8)}px {theme.px(12)}px;"
        )
        self._guidance.hide()
        self._guide.toggled.connect(self._guidance.setVisible)
        self._column.addWidget(self._guide, 0, Qt.AlignmentFlag.AlignLeft)
        self._column.addWidget(self._guidance)

    def _change_editor(self) -> None:
        """A question that became read-only, or writable, needs another editor."""
        old, at = self.editor, self._column.indexOf(self.editor.widget)
        self.editor = self._new_editor()
        self._column.insertWidget(at, self.editor.widget)
        self.editor.widget.setVisible(
            not isinstance(self.editor, NoteEditor)
        )  # at once: it may get the cursor
        self._column.removeWidget(old.widget)
        old.widget.hide()
        old.widget.deleteLater()

    def _on_edited(self, text: str) -> None:
        self._typing = True
        try:
            self.edited.emit(self, text)
        finally:
            self._typing = False

    def _on_left(self) -> None:
        self.touched = True
        self.editor.show_value(self.entry.stored)
        self.show_problem()
        self.left.emit(self)

    def _on_reuse(self) -> None:
        self.reuse_asked.emit(self)


def _kind(entry: Entry) -> tuple[bool, bool, bool]:
    """What decides on the editor of a question and may change while it is open."""
    return entry.readonly, entry.readonly and not entry.stored, len(entry.choices) > MOST_RADIOS


def _speaks(question: Question) -> bool:
    """Whether the field's words depend on answers."""
    control = question.entry.control
    if control is None:
        return False
    wording = question.engine.wording
    sources = (control.label, control.hint, control.guidance, *(item.label for item in control.items))
    return not all(wording.is_fixed(source) for source in sources)
