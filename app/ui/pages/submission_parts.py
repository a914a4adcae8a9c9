"""Parts of the page of finished questionnaires: answers, those without a place, the rehearsal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from app.questionnaire.answers import AnswerKind
from app.ui import theme
from app.ui.parts.buttons import button
from app.ui.parts.page_frame import Card
from app.ui.parts.words import words
from app.ui.texts import t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.questionnaire.answers import Answer
    from app.questionnaire.upgrade import Orphan
    from app.usecases.upgrades import Rehearsal, Touched

_QUESTIONS = 260  # design pixels of the column of questions
_TICKED = "OK"  # what a tick is kept as
_SHOWN = frozenset({AnswerKind.QUESTION, AnswerKind.GROUP, AnswerKind.REPEAT})


def empty_column(layout: QLayout) -> None:
    """Take every part out of a layout that holds parts only."""
    while layout.count():
        old = layout.takeAt(0).widget()
        old.hide()
        old.deleteLater()


class AnswerList(QWidget):
    """Questions and answers of one questionnaire, a card a group, a headline a row."""

    def __init__(self) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.px(14))

    def show_answers(self, answers: Sequence[Answer]) -> None:
        """Show other answers."""
        empty_column(self._column)
        loose = [one for one in answers if one.kind is AnswerKind.QUESTION]
        if loose:
            self._card(t("submission.loose"), loose)
        for one in answers:
            if one.kind in {AnswerKind.GROUP, AnswerKind.REPEAT}:
                self._card(one.label, [one] if one.rows else one.items)
        rest = [leaf for one in answers for leaf in one.walk() if _is_rest(leaf)]
        if rest:
            self._card(t("submission.rest"), rest)

    def _card(self, title: str, answers: Sequence[Answer]) -> None:
        card = Card()
        card.add(words(title, "section"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.px(14))
        grid.setVerticalSpacing(theme.px(6))
        grid.setColumnMinimumWidth(0, theme.px(_QUESTIONS))
        grid.setColumnStretch(1, 1)
        card.column.addLayout(grid)
        _fill(grid, answers)
        if grid.count():
            self._column.addWidget(card)
        else:
            card.deleteLater()


def _is_rest(answer: Answer) -> bool:
    return answer.kind is AnswerKind.FOREIGN and not answer.items and bool(answer.value)


def _fill(grid: QGridLayout, answers: Sequence[Answer]) -> None:
    for one in answers:
        if one.rows:
            for number, row in enumerate(one.rows, start=1):
                _headline(grid, t("submission.numbered", label=one.label, number=number))
                _fill(grid, row)
        elif one.items and one.kind in _SHOWN:
            _headline(grid, one.label)
            _fill(grid, one.items)
        elif one.kind is AnswerKind.QUESTION or _is_rest(one):
            at = grid.rowCount()
            label = words(one.label, "muted", wrap=True)
            label.setFixedWidth(theme.px(_QUESTIONS))
            grid.addWidget(label, at, 0, Qt.AlignmentFlag.AlignTop)
            text = t("questionnaire.confirmed") if one.value == _TICKED else one.text
            said = words(text or t("submission.blank"), "value" if text else "muted", wrap=True)
            grid.addWidget(said, at, 1, Qt.AlignmentFlag.AlignTop)


def _headline(grid: QGridLayout, text: str) -> None:
    grid.addWidget(words(text, "label"), grid.rowCount(), 0, 1, 2)


class OrphanCard(Card):
    """Answers the version has no place for; ``save_asked()``."""

    save_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout()
        row.addWidget(words(t("submission.orphans"), "section"), 1)
        self.save = button(t("submission.orphans_save"), "plain", "download")
        self.save.clicked.connect(self.save_asked)
        row.addWidget(self.save)
        self.column.addLayout(row)
        self.add(words(t("submission.orphans_text"), "muted", wrap=True))
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(theme.px(14))
        self._grid.setColumnStretch(1, 1)
        self.column.addLayout(self._grid)

    def show_orphans(self, orphans: Sequence[Orphan]) -> None:
        """Show other answers; the card hides without any."""
        empty_column(self._grid)
        for at, orphan in enumerate(one for one in orphans if one.asked):
            self._grid.addWidget(words(orphan.label or orphan.path, "muted"), at, 0)
            self._grid.addWidget(words(orphan.text, wrap=True), at, 1)
        self.setVisible(bool(orphans))


class RehearsalCard(Card):
    """What a newer version would do to all questionnaires; ``go_asked()`` and ``stop_asked()``."""

    go_asked = Signal()
    stop_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._title = words("", "section")
        self._text = words("", wrap=True)
        self._lines = QVBoxLayout()
        self.go = button(t("submission.go"), "primary")
        self.go.clicked.connect(self.go_asked)
        self.stop = button(t("submission.stop"), "plain")
        self.stop.clicked.connect(self.stop_asked)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.stop)
        row.addWidget(self.go)
        self.add(self._title)
        self.add(self._text)
        self.column.addLayout(self._lines)
        self.column.addLayout(row)

    def begin(self, version: str) -> None:
        """Show that the rehearsal is on its way."""
        self._title.setText(t("submission.rehearsing", version=version))
        self._text.setText(t("submission.rehearsing_text"))
        empty_column(self._lines)
        self.go.hide()
        self.stop.show()
        self.show()

    def show_progress(self, done: int, of: int) -> None:
        """Show how far it has come."""
        self._text.setText(t("submission.progress", done=done, of=of))

    def show_result(self, found: Rehearsal) -> None:
        """Show what was found; nothing was changed."""
        self._title.setText(t("submission.rehearsed", version=found.version))
        counts = t("submission.tried", finished=found.finished, drafts=found.drafts)
        smooth = t("submission.smooth") if found.is_smooth else t("submission.rough")
        self._text.setText(f"{counts}{smooth}")
        empty_column(self._lines)
        if found.unread:
            self._lines.addWidget(words(t("submission.unread", count=found.unread), "warning", wrap=True))
        for key, lines in (
            ("submission.will_orphan", found.orphaned),
            ("submission.will_unoffer", found.unoffered),
            ("submission.will_require", found.required),
            ("submission.will_break", found.broken),
        ):
            self._show_lines(t(key), lines)
        self.stop.hide()
        self.go.show()

    def _show_lines(self, title: str, lines: Sequence[Touched]) -> None:
        if not lines:
            return
        self._lines.addWidget(words(title, "label", wrap=True))
        for one in lines:
            examples = t("detail.and").join(name for name in one.examples if name)
            text = t("submission.line", label=one.label, count=one.count, examples=examples)
            self._lines.addWidget(words(text, "muted", wrap=True))
