"""Filling in a questionnaire: sections at the left, the page in the middle, hints at the right."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)

from app.ui import theme
from app.ui.questionnaire.blocks import Block, Maker, Roster
from app.ui.questionnaire.card import SectionCard
from app.ui.questionnaire.field import question_of
from app.ui.questionnaire.hints import HintsPanel
from app.ui.questionnaire.history import History
from app.ui.questionnaire.nav import SectionNav
from app.ui.questionnaire.outline import (
    is_relevant,
    numeral,
    questions_of,
    sections_of,
    tally,
)
from app.ui.questionnaire.summary import hints_of, last_year, lives_of, seen_problems, unreadable
from app.ui.texts import t

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from app.questionnaire.engine import Engine
    from app.questionnaire.state import ChangeSet, Entry
    from app.ui.ask import Ask
    from app.ui.questionnaire.field import QuestionField

_NARROW = 1150  # design pixels of width below which the hints fold into a button
_ENTER = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})


class QuestionnaireView(QWidget):
    """One form being filled in.

    ``changed()`` comes after every change (save ``draft_xml()``), ``section_shown()`` when
    another section opens (name the page's primary button by ``primary_text()`` and let it call
    ``go_on()``), ``finished()`` when the person is done and
    nothing is wrong. ``previous`` are last year's answers by core field, in the form's own text.
    ``attach(ref)`` lets the person choose a file for a question and returns the name to keep, "" for none.
    """

    changed = Signal()
    section_shown = Signal()
    finished = Signal()

    def __init__(
        self,
        engine: Engine,
        previous: Mapping[str, str] | None = None,
        ask: Ask | None = None,
        attach: Callable[[str], str] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.engine = engine
        self._previous = dict(previous or {})
        self._ask = ask
        self._touched: set[Entry] = set()
        self._opened: set[int] = set()
        self._sections = sections_of(engine)
        self.current = -1
        self._maker = Maker(engine, self._wire, self._previous, attach, self._may_remove, self._touched)
        self.nav = SectionNav([s.title for s in self._sections])
        self.hints = HintsPanel()
        self._block: Block | None = None
        self._card = SectionCard()
        self._history = History()
        self._unfolded = False
        self._build()
        self.nav.chosen.connect(self.show_section)
        self.hints.jumped.connect(self.go_to)
        self.hints.reuse_asked.connect(self.reuse_previous)
        self._card.fold.clicked.connect(self._on_fold)
        self.show_section(0)

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(14))
        row.addWidget(self.nav)
        row.addWidget(self._card, 1)
        row.addWidget(self.hints)

    def _wire(self, made: QuestionField) -> None:
        made.edited.connect(self._on_edited)
        made.left.connect(self._on_left)
        self._watch(made)

    def _watch(self, made: QuestionField) -> None:
        for stop in made.editor.stops:
            stop.removeEventFilter(self)
            stop.installEventFilter(self)
            stop.setProperty("question", made.entry.ref)

    def show_section(self, index: int) -> None:
        """Open a section; the one left counts as looked at."""
        QGuiApplication.inputMethod().commit()
        if self.current not in {-1, index}:
            self._touch_section(self.current)
        self.current = index
        self._opened.add(index)
        section = self._sections[index]
        self._block = Block(self._maker, section.controls)
        title = t("questionnaire.section", number=numeral(index + 1), title=section.title)
        self._card.show_page(title, self._block)
        self._wire_rosters()
        self._block.arrange()
        self._show_state()
        self.section_shown.emit()

    def _wire_rosters(self) -> None:
        for roster in self._block.rosters() if self._block is not None else []:
            if not roster.property("wired"):
                roster.setProperty("wired", True)
                roster.add_asked.connect(self._on_add_row)
                roster.remove_asked.connect(self._on_remove_row)

    def _after(self, index: int) -> int | None:
        later = range(index + 1, len(self._sections))
        return next((i for i in later if is_relevant(self.engine, self._sections[i])), None)

    def _title_after(self, index: int) -> str:
        following = self._after(index)
        return self._sections[following].title if following is not None else ""

    def primary_text(self) -> str:
        """What the page's primary button says: the next section, or finish."""
        title = self._title_after(self.current)
        return t("questionnaire.next_section", title=title) if title else t("questionnaire.finish")

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
        for index in range(len(self._sections)):
            self._touch_section(index)
        self._show_fields()
        self._show_state()
        first = next(iter(seen_problems(self.engine, self._touched)), None)
        if first is None and not unreadable(self.fields()):
            self.finished.emit()
        elif first is not None:
            self.go_to(first.ref)

    def draft_xml(self) -> str:
        """The answers so far, with those that are not relevant now."""
        return self.engine.to_xml(everything=True)

    def fields(self) -> list[QuestionField]:
        """The fields of the open section, in order."""
        return self._block.fields() if self._block is not None else []

    def focus_first(self) -> None:
        """Bring the cursor to the first field of the section."""
        first = next((f for f in self.fields() if f.can_focus()), None)
        if first is not None:
            first.take_focus()

    def go_to(self, ref: str) -> None:
        """Open the section and row of a question and bring the cursor there."""
        entry = self.engine.entry(ref)
        if entry is None:
            return
        index = next(
            (i for i, s in enumerate(self._sections) if entry in set(questions_of(self.engine, s))), None
        )
        if index is not None and index != self.current:
            self.show_section(index)
        self._open_rows(entry)
        target = next((f for f in self.fields() if f.entry is entry), None)
        if target is not None and target.can_focus():
            target.take_focus()

    def _open_rows(self, entry: Entry) -> None:
        rows: list[Entry] = []
        here: Entry | None = entry
        while here is not None:
            if here.row_of is not None:
                rows.insert(0, here)
            here = here.parent
        for row in rows:
            for roster in self._block.rosters() if self._block is not None else []:
                if row in roster.spread.rows:
                    roster.choose(roster.spread.rows.index(row))
                    roster.rename()
        self._wire_rosters()

    def next_problem(self) -> None:
        """Go to the next open problem (F8)."""
        self._step_problem(1)

    def previous_problem(self) -> None:
        """Go to the open problem before (Shift+F8)."""
        self._step_problem(-1)

    def _step_problem(self, by: int) -> None:
        refs = [p.ref for p in seen_problems(self.engine, self._touched)]
        if not refs:
            return
        ref = question_of(self.focusWidget())
        at = refs.index(ref) + by if ref in refs else (0 if by > 0 else -1)
        self.go_to(refs[at % len(refs)])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Override: Enter goes on, Shift+Enter back; the page follows the cursor."""
        if event.type() is QEvent.Type.FocusIn and isinstance(watched, QWidget):
            QTimer.singleShot(0, watched, partial(self._card.reveal, watched))
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress and event.key() in _ENTER:
            return self._on_enter(watched, event)
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Override: F8, Shift+F8, Ctrl+Z, unless the window took them for a shortcut of its own."""
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.key() == Qt.Key.Key_F8:
            (self.previous_problem if shift else self.next_problem)()
        elif event.matches(QKeySequence.StandardKey.Undo):
            self.undo()
        else:
            super().keyPressEvent(event)

    def _on_enter(self, watched: QObject, event: QKeyEvent) -> bool:
        if isinstance(watched, QPushButton):
            return False
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if isinstance(watched, QPlainTextEdit) and not control:
            return False
        back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        ref = watched.property("question")
        places = [f for f in self.fields() if f.can_focus()]
        at = next((i for i, f in enumerate(places) if f.entry.ref == ref), -1) + (-1 if back else 1)
        if 0 <= at < len(places):
            places[at].take_focus()
        elif not back:
            self._past_last()
        return True

    def _past_last(self) -> None:
        """Enter on the last field: the next row of a roster, else the next section."""
        rosters = self._block.rosters() if self._block is not None else []
        for roster in rosters:
            if roster.fields() and roster.chosen + 1 < len(roster.spread.rows):
                roster.choose(roster.chosen + 1)
                self._wire_rosters()
                first = next((f for f in roster.fields() if f.can_focus()), None)
                if first is not None:
                    first.take_focus()
                return
        if self._after(self.current) is not None:
            self.go_on()

    def _on_edited(self, made: QuestionField, text: str) -> None:
        if made.entry.stored == text:
            return
        self._history.typed(made.entry)
        self._apply(self.engine.answer(made.entry, text))
        made.show_problem()

    def can_undo(self) -> bool:
        """Whether an answer can be taken back."""
        return len(self._history) > 0

    def undo(self) -> None:
        """Take the last answer back (Ctrl+Z; while typing, the field's own undo comes first)."""
        for entry, text in self._history.take().items():
            if not entry.readonly:
                self._apply(self.engine.answer(entry, text))

    def _on_left(self, made: QuestionField) -> None:
        self._history.close()
        self._touched.add(made.entry)
        self._show_state()

    def _apply(self, changes: ChangeSet) -> None:
        if changes.ranges:
            self._history.clear()
        for roster in self._block.rosters() if self._block is not None else []:
            if roster.spread in changes.ranges:
                roster.rebuild()
            else:
                roster.rename()
        for made in self.fields():
            if made.entry in changes.entries or _speaks(made):
                made.refresh()
                self._watch(made)
        self._wire_rosters()
        if self._block is not None:
            self._block.arrange()
        self._show_state()
        self.changed.emit()

    def _show_fields(self) -> None:
        for made in self.fields():
            made.touched = made.entry in self._touched
            made.refresh()

    def _on_add_row(self, roster: Roster) -> None:
        roster.chosen = len(roster.spread.rows)
        self._apply(self.engine.add_row(roster.spread))
        first = next((f for f in roster.fields() if f.can_focus()), None)
        if first is not None:
            first.take_focus()

    def _on_remove_row(self, roster: Roster, index: int) -> None:
        self._apply(self.engine.remove_row(roster.spread, index))

    def _may_remove(self, title: str) -> bool:
        if self._ask is None:
            return True
        return self._ask.confirm(
            t("questionnaire.remove_row"),
            t("questionnaire.remove_text", title=title),
            t("questionnaire.remove_verb", title=title),
            danger=True,
        )

    def reuse_previous(self) -> None:
        """Fill what is still empty in this section with last year's answers; one step to take back."""
        inside = questions_of(self.engine, self._sections[self.current])
        empty = [e for e in inside if e.relevant and not e.readonly and not e.stored]
        known = [e for e in empty if self._previous.get(e.core)]
        self._history.filled(known)
        for entry in known:
            self._apply(self.engine.answer(entry, self._previous[entry.core]))

    def _touch_section(self, index: int) -> None:
        self._touched.update(questions_of(self.engine, self._sections[index]))

    def _show_state(self) -> None:
        problems = seen_problems(self.engine, self._touched)
        tallies = [tally(self.engine, s, problems) for s in self._sections]
        relevant = [is_relevant(self.engine, s) for s in self._sections]
        self.nav.show_state(tallies, self.current, self._opened, relevant)
        listed = hints_of(problems, self.fields())
        section = self._sections[self.current]
        self.hints.show_hints(listed, last_year(self.engine, section, self._previous))
        self.hints.show_live(lives_of(self.engine))
        self._card.fold.setText(t("questionnaire.fold", count=len(listed)))
        self._card.fold.setAccessibleName(self._card.fold.text())
        self._fit()

    def _on_fold(self) -> None:
        self._unfolded = not self._unfolded
        self._fit()

    def _fit(self) -> None:
        narrow = self.width() < theme.px(_NARROW)
        self._card.fold.setVisible(narrow)
        self.hints.setVisible(not narrow or self._unfolded)
        lives = lives_of(self.engine) if self.hints.isHidden() else []
        told = [t("questionnaire.live", title=live.title, value=live.value) for live in lives]
        self._card.remark.setText("  ".join([*told, self._sections[self.current].hint]).strip())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Override: narrow windows fold the hints into a button."""
        super().resizeEvent(event)
        self._fit()


def _speaks(made: QuestionField) -> bool:
    """Whether the field's words depend on answers."""
    control = made.entry.control
    sources = (control.label, control.hint) if control is not None else ()
    wording = made.question.engine.wording
    return not all(wording.is_fixed(source) for source in sources)
