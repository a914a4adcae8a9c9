"""Filling in a questionnaire: sections at the left, the page in the middle, hints at the right."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QWidget

from app.questionnaire.marked import marked
from app.ui.binding import later
from app.ui.questionnaire.blocks import Block, Maker
from app.ui.questionnaire.field import question_of
from app.ui.questionnaire.files import NO_FILES, Files
from app.ui.questionnaire.frame import QuestionnaireFrame
from app.ui.questionnaire.history import History
from app.ui.questionnaire.moving import (
    ENTER,
    Command,
    command_of,
    focus_first,
    keeps_enter,
    neighbour,
    next_row,
    step,
)
from app.ui.questionnaire.outline import is_relevant, numeral, rows_around, sections_of
from app.ui.questionnaire.progress import Progress
from app.ui.questionnaire.summary import hints_of, last_year, live_controls, lives_of
from app.ui.texts import t

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.questionnaire.engine import Engine
    from app.questionnaire.marked import Highlight
    from app.questionnaire.state import ChangeSet, Entry
    from app.ui.ask import Ask
    from app.ui.questionnaire.field import QuestionField
    from app.ui.questionnaire.roster import Roster


class QuestionnaireView(QuestionnaireFrame):
    """One form being filled in.

    ``changed()`` comes after every change (save ``draft_xml()``), ``left_field()`` when the cursor leaves
    a question, ``section_shown()`` when another section opens (name the page's primary button by
    ``primary_text()`` and let it call ``go_on()``), ``finished()`` when the person is done and nothing is
    wrong, ``language_chosen(language)`` when the person wants the form in another language.
    ``previous`` are last year's answers by core field; ``files`` is what the page does with photos, ``marks``
    what a return was about.
    """

    changed = Signal()
    left_field = Signal()
    section_shown = Signal()
    finished = Signal()
    language_chosen = Signal(str)

    def __init__(
        self,
        engine: Engine,
        previous: Mapping[str, str] | None = None,
        ask: Ask | None = None,
        files: Files = NO_FILES,
        marks: Sequence[Highlight] = (),
    ) -> None:
        super().__init__()
        self.engine = engine
        self._previous = dict(previous or {})
        self._ask = ask
        self._touched: set[Entry] = set()
        self._opened: set[int] = set()
        self._sections = sections_of(engine)
        self.nav.show_titles([s.title for s in self._sections])
        self._progress = Progress(engine, self._sections, self._touched)
        self._lives = live_controls(engine)
        self.current = -1
        wire, written = (self._wire, self._wire_roster), self._progress.written
        marked_here = marked(engine, marks)
        self.nav.show_marks([sum(e in marked_here for e in inside) for inside in self._progress.inside])
        self._maker = Maker(engine, *wire, self._previous, files, self._touched, written, marked_here)
        self._blocks: dict[int, Block] = {}
        self._stale: set[int] = set()
        self._history = History()
        self._connect()
        self.card.offer_languages(engine.form.languages, engine.wording.language)
        self.show_section(0)

    def _connect(self) -> None:
        self.nav.chosen.connect(self.show_section)
        self.hints.jumped.connect(self.go_to)
        self.hints.reuse_asked.connect(self.reuse_previous)
        self.card.undo.clicked.connect(self.undo)
        self.card.redo.clicked.connect(self.redo)
        self.card.languages.activated.connect(self._on_language)

    def _wire(self, made: QuestionField) -> None:
        made.edited.connect(self._on_edited)
        made.left.connect(self._on_left)
        made.reuse_asked.connect(self._on_reuse)
        self._watch(made)

    def _watch(self, made: QuestionField) -> None:
        for stop in made.editor.stops:
            stop.removeEventFilter(self)
            stop.installEventFilter(self)
            stop.setProperty("question", made.entry.ref)

    def _wire_roster(self, roster: Roster) -> None:
        roster.add_asked.connect(self._on_add_row)
        roster.remove_asked.connect(self._on_remove_row)

    # ---- sections ------------------------------------------------------------------------------------

    @property
    def block(self) -> Block:
        """The open page."""
        return self._blocks[self.current]

    def show_section(self, index: int) -> None:
        """Open a section; the one left counts as looked at."""
        QGuiApplication.inputMethod().commit()
        if self.current not in {-1, index}:
            self._touch_section(self.current)
        self.current = index
        self._opened.add(index)
        section = self._sections[index]
        if index not in self._blocks:
            self._blocks[index] = self._new_block(index)
        elif index in self._stale:
            self._refresh_block()
        self._stale.discard(index)
        self.card.show_title(t("questionnaire.section", number=numeral(index + 1), title=section.title))
        self.card.show_page(index)
        self.block.arrange()
        self._show_state()
        self.section_shown.emit()

    def _new_block(self, index: int) -> Block:
        page = self.card.new_page(index)
        made = Block(self._maker, self._sections[index].controls, page)
        self.card.put(page, made)
        return made

    def _refresh_block(self) -> None:
        for roster in self.block.rosters():
            roster.rebuild()
        for made in self.fields():
            made.touched = made.entry in self._touched
            made.refresh()
            self._watch(made)

    def _after(self, index: int) -> int | None:
        later = range(index + 1, len(self._sections))
        return next((i for i in later if is_relevant(self.engine, self._sections[i])), None)

    def primary_text(self) -> str:
        """What the page's primary button says: the next section, or finish."""
        following = self._after(self.current)
        if following is None:
            return t("questionnaire.finish")
        return t("questionnaire.next_section", title=self._sections[following].title)

    def go_on(self) -> None:
        """Go to the next section; on the last one, finish."""
        following = self._after(self.current)
        if following is None:
            self.finish()
            return
        self.show_section(following)
        self.focus_first()

    def finish(self) -> None:
        """Emit ``finished`` when nothing is wrong, else go to the first problem."""
        QGuiApplication.inputMethod().commit()
        self._progress.begin()
        for index in range(len(self._sections)):
            self._touch_section(index)
        self._refresh_block()
        self._show_state()
        first = next(iter(self._progress.refs()), None)
        if first is None:
            self.finished.emit()
        else:
            self.go_to(first)

    def _touch_section(self, index: int) -> None:
        self._touched.update(self._progress.inside[index])
        self._stale.update(self._blocks)

    def draft_xml(self) -> str:
        """The answers so far, with those that are not relevant now."""
        return self.engine.to_xml(everything=True)

    # ---- moving --------------------------------------------------------------------------------------

    def fields(self) -> list[QuestionField]:
        """The fields of the open section, in order."""
        return self.block.fields()

    def focus_first(self) -> None:
        """Bring the cursor to the first field of the section."""
        focus_first(self.fields())

    def go_to(self, ref: str) -> None:
        """Open the section and row of a question and bring the cursor there."""
        entry = self.engine.entry(ref)
        if entry is None:
            return
        inside = self._progress.inside
        index = next((i for i, listed in enumerate(inside) if entry in listed), None)
        if index is not None and index != self.current:
            self.show_section(index)
        self._open_rows(entry)
        target = next((f for f in self.fields() if f.entry is entry), None)
        if target is not None and target.can_focus():
            target.take_focus()

    def _open_rows(self, entry: Entry) -> None:
        for row in rows_around(entry):
            for roster in self.block.rosters():
                if row in roster.spread.rows:
                    roster.choose(roster.spread.rows.index(row))

    def next_problem(self) -> None:
        """Go to the next open problem (F8)."""
        self._step_problem(1)

    def previous_problem(self) -> None:
        """Go to the open problem before (Shift+F8)."""
        self._step_problem(-1)

    def _step_problem(self, by: int) -> None:
        ref = step(self._progress.refs(), question_of(self.focusWidget()), by)
        if ref:
            self.go_to(ref)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Override: Enter goes on, Shift+Enter back; the page follows the cursor."""
        kind = event.type()
        if kind is QEvent.Type.FocusIn and isinstance(watched, QWidget):
            later(watched, partial(self.card.reveal, watched))
        elif kind is QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() in ENTER:
            return self._on_enter(watched, event)
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Override: F8, undo, redo and Ctrl+D, unless the window took them for shortcuts of its own."""
        doing = {
            Command.NEXT: self.next_problem,
            Command.PREVIOUS: self.previous_problem,
            Command.UNDO: self.undo,
            Command.REDO: self.redo,
            Command.REUSE: self._reuse_here,
        }
        command = command_of(event)
        if command is None:
            super().keyPressEvent(event)
        else:
            doing[command]()

    def _on_enter(self, watched: QObject, event: QKeyEvent) -> bool:
        if keeps_enter(watched, event):
            return False
        back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        target = neighbour(self.fields(), watched.property("question"), back=back)
        if target is not None:
            target.take_focus()
        elif not back and not next_row(self.block.rosters()) and self._after(self.current) is not None:
            self.go_on()
        return True

    def _on_edited(self, made: QuestionField, text: str) -> None:
        entry = made.entry
        self._progress.note(entry, made.editor.written())
        if entry.stored == text:
            return
        ref, before = entry.ref, entry.stored
        changes = self.engine.answer(entry, text)
        self._history.typed(ref, before, changes.removed)
        self._apply(changes)
        made.show_problem()

    def answer(self, ref: str, text: str) -> None:
        """Answer a question as the page, which learns by and by what became of a file."""
        entry = self.engine.entry(ref)
        if entry is not None:
            self._apply(self.engine.answer(entry, text))

    def can_undo(self) -> bool:
        """Whether an answer can be taken back."""
        return self._history.can_undo()

    def can_redo(self) -> bool:
        """Whether what was taken back can be done again."""
        return self._history.can_redo()

    def undo(self) -> None:
        """Take the last answer or row back (Ctrl+Z; while typing, the field's own undo comes first)."""
        self._apply(self._history.undo(self.engine))

    def redo(self) -> None:
        """Do again what was taken back last (Ctrl+Y, Ctrl+Shift+Z)."""
        self._apply(self._history.redo(self.engine))

    def _on_left(self, made: QuestionField) -> None:
        self._history.close()
        self._touched.add(made.entry)
        self._show_state()
        self.left_field.emit()

    def _apply(self, changes: ChangeSet) -> None:
        self._progress.follow(changes)
        self._stale.update(index for index in self._blocks if index != self.current)
        for roster in self.block.rosters():
            if roster.spread in changes.ranges:
                roster.rebuild()
            else:
                roster.rename()
        for made in self.fields():
            if made.entry in changes.entries:
                made.refresh()
                self._watch(made)
            elif made.speaks:
                made.refresh()
        self.block.arrange()
        self._show_state()
        self.changed.emit()

    def _on_add_row(self, roster: Roster) -> None:
        roster.chosen = len(roster.spread.rows)
        changes = self.engine.add_row(roster.spread)
        self._history.row_added(roster.spread.ref, roster.chosen)
        self._apply(changes)
        focus_first(roster.fields())

    def _on_remove_row(self, roster: Roster, index: int) -> None:
        if self._may_remove(roster.title()):
            changes = self.engine.remove_row(roster.spread, index)
            self._history.rows_removed(changes.removed)
            self._apply(changes)

    def _may_remove(self, title: str) -> bool:
        return self._ask is None or self._ask.confirm(
            t("questionnaire.remove_row"),
            t("questionnaire.remove_text", title=title),
            t("questionnaire.remove_verb", title=title),
            danger=True,
        )

    def reuse_previous(self) -> None:
        """Fill what is still empty in this section with last year's answers; one step to take back."""
        inside = self._progress.inside[self.current]
        self._reuse([e for e in inside if not e.stored])

    def _on_reuse(self, made: QuestionField) -> None:
        self._reuse([made.entry])

    def _reuse_here(self) -> None:
        entry = self.engine.entry(question_of(self.focusWidget()))
        if entry is not None:
            self._reuse([entry])

    def _reuse(self, wanted: list[Entry]) -> None:
        known = [e for e in wanted if e.relevant and not e.readonly and self._previous.get(e.core)]
        self._history.filled({entry.ref: entry.stored for entry in known})
        for entry in known:
            self._progress.note(entry, "")
            self._apply(self.engine.answer(entry, self._previous[entry.core]))

    def _on_language(self) -> None:
        language = self.card.languages.value()
        self.set_language(language)
        self.language_chosen.emit(language)

    def set_language(self, language: str) -> None:
        """Show the form in another of its languages; only words change."""
        self.engine.set_language(language)
        self.card.offer_languages(self.engine.form.languages, self.engine.wording.language)
        self._sections = sections_of(self.engine)
        self.nav.show_titles([s.title for s in self._sections])
        self.card.drop_pages()
        self._blocks.clear()
        self._stale.clear()
        self.show_section(self.current)

    def _show_state(self) -> None:
        relevant = [is_relevant(self.engine, s) for s in self._sections]
        self.nav.show_state(self._progress.tallies(), self.current, self._opened, relevant)
        inside = self._progress.inside[self.current] if self._previous else []
        self.hints.show_hints(
            hints_of(self.engine, self._progress.problems(), self._progress.unreadable()),
            last_year(self.engine, inside, self._previous),
        )
        self.card.show_history(back=self.can_undo(), forth=self.can_redo())
        self.show_results(lives_of(self.engine, self._lives), self._sections[self.current].hint)
