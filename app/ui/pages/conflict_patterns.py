"""Disputes that repeat: look at the list, then decide all of one kind together."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.domain.settling import Rule
from app.ui import theme
from app.ui.binding import clear
from app.ui.desks.conflicts import ConflictsDesk
from app.ui.parts.buttons import button
from app.ui.parts.conflict_words import computer
from app.ui.parts.empty_state import EmptyState
from app.ui.parts.member_table import RowsTable, TableColumn, TableRow
from app.ui.parts.page import Page
from app.ui.parts.page_frame import Card, PageFrame
from app.ui.parts.words import words
from app.ui.texts import has, t

if TYPE_CHECKING:
    from app.domain.changes import Changes
    from app.queries.case_card import ConflictLine
    from app.queries.conflict_patterns import Pattern, PatternChoice
    from app.ui.ask import Ask
    from app.ui.desk import Desk
    from app.ui.runner import Runner

_LEFT = 330  # design pixels of the list of patterns


class ConflictPatternsPage(Page):
    """Patterns at the left; what would be kept, line by line, at the right; a pattern's id as subject."""

    help_key = "conflicts.patterns_help"

    def __init__(self, desk: Desk, runner: Runner, ask: Ask) -> None:
        super().__init__()
        self._runner, self._ask = runner, ask
        self._desk = desk.group(ConflictsDesk)
        self._patterns: dict[str, Pattern] = {}
        self._wanted = ""
        self.choice: PatternChoice | None = None
        self.frame = PageFrame(t("conflicts.patterns_title"))
        self.list = RowsTable(
            t("conflicts.patterns_title"),
            (
                TableColumn(t("conflicts.kind"), 5),
                TableColumn(t("conflicts.number"), 1, figures=True),
            ),
        )
        self.list.current_changed.connect(self._show)
        self.preview = RowsTable(
            t("conflicts.preview"),
            tuple(
                TableColumn(t(f"conflicts.{name}"), weight)
                for name, weight in (("household", 2), ("field", 3), ("values", 5), ("kept", 3))
            ),
        )
        self.sides: list[QPushButton] = []
        self._group = QButtonGroup(self)
        self._row = QHBoxLayout()
        self._why = words("", "muted", wrap=True)
        self._empty = EmptyState("check")
        self._empty.say(t("conflicts.patterns_empty"), t("conflicts.patterns_empty_why"))
        self._body = QWidget()
        self._lay_out()
        self.frame.back_asked.connect(self.left)
        self.frame.primary_asked.connect(self._on_adopt)

    def show_for(self, subject: object = None) -> None:
        """Read the patterns; begin with the one named."""
        self._wanted = subject if isinstance(subject, str) else ""
        self._runner.read(self._desk.patterns, self._on_read, lane=(id(self), "patterns"))

    def on_changed(self, changes: Changes) -> None:
        """Read again."""
        if changes.touched and self.isVisible():
            self.show_for(self.list.current_key())

    def _lay_out(self) -> None:
        left = Card()
        left.setFixedWidth(theme.px(_LEFT))
        left.column.setContentsMargins(theme.px(14), theme.px(16), theme.px(14), theme.px(14))
        left.add(words(t("conflicts.patterns_left"), "section"))
        left.add(words(t("conflicts.patterns_left_why"), "muted", wrap=True))
        left.add(self.list, 1)
        right = Card()
        right.add(words(t("conflicts.preview"), "section"))
        right.add(self._why)
        self._row.setSpacing(theme.px(10))
        right.column.addLayout(self._row)
        right.add(self.preview, 1)
        row = QHBoxLayout(self._body)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(14))
        row.addWidget(left)
        row.addWidget(right, 1)
        self.frame.add(self._body, 1)
        self.frame.add(self._empty, 1)
        self._empty.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.frame)

    def _on_read(self, patterns: tuple[Pattern, ...]) -> None:
        self._patterns = {pattern.id: pattern for pattern in patterns}
        self._body.setVisible(bool(patterns))
        self._empty.setVisible(not patterns)
        self.list.show_rows([TableRow(p.id, (_named(p), str(p.number))) for p in patterns])
        here = self._wanted if self._wanted in self._patterns else next(iter(self._patterns), "")
        self.choice = None
        if here:
            self.list.setCurrentIndex(self.list.rows.index(self.list.rows.row_of(here), 0))
        self._show(here)

    def _show(self, pattern: str) -> None:
        clear(self._row)
        self.sides = []
        self.choice = None
        found = self._patterns.get(pattern)
        if found is not None:
            self._why.setText(t(f"conflicts.keeps_{found.rule}"))
            for choice in found.choices if found.rule is Rule.SIDES else ():
                made = button(t("conflicts.all_of", who=self._side(choice)), "chip")
                made.setCheckable(True)
                self._group.addButton(made)
                made.clicked.connect(partial(self._on_side, found, choice))
                self.sides.append(made)
                self._row.addWidget(made)
            self._row.addStretch(1)
            if found.rule is not Rule.SIDES:
                self.choice = found.choices[0]
        self._preview(found)

    def _on_side(self, pattern: Pattern, choice: PatternChoice) -> None:
        self.choice = choice
        self._preview(pattern)

    def _preview(self, pattern: Pattern | None) -> None:
        lines = pattern.lines if pattern is not None else ()
        heads = self.choice.takes if self.choice is not None else (None,) * len(lines)
        self.preview.show_rows(
            [
                TableRow(
                    f"{line.entity}.{line.field}",
                    (
                        line.head or t("conflicts.elsewhere"),
                        _field(line),
                        t("conflicts.against").join(value or t("conflicts.emptied") for value in line.values),
                        (head.text or t("conflicts.emptied")) if head is not None else "",
                    ),
                )
                for line, head in zip(lines, heads, strict=True)
            ]
        )
        ready = self.choice is not None
        text = t("conflicts.adopt", number=len(lines)) if ready else t("conflicts.adopt_none")
        self.frame.show_primary(text if lines else "", enabled=ready)

    def _on_adopt(self) -> None:
        pattern = self._patterns.get(self.list.current_key())
        if pattern is None or self.choice is None:
            return
        question = t("conflicts.adopt_sure", kind=_named(pattern), number=pattern.number)
        verb = t("conflicts.adopt", number=pattern.number)
        if self._ask.confirm(t("conflicts.patterns_title"), question, verb):
            work = partial(self._desk.adopt, pattern.id, self.choice.side)
            self._runner.run(work, partial(self._on_adopted, pattern.number))

    def _on_adopted(self, number: int, _changes: Changes) -> None:
        self.say(t("conflicts.saved", number=number))

    def _side(self, choice: PatternChoice) -> str:
        """Name a side by its computer and person, as far as they tell it from the other one."""
        head = choice.takes[0]
        who = head.by or t("conflicts.unknown_writer")
        return t("conflicts.side", who=who, computer=computer(head, self._desk.places))


def _named(pattern: Pattern) -> str:
    if pattern.rule is not Rule.SIDES:
        return t(f"conflicts.rule_{pattern.rule}")
    return t("conflicts.rule_field", name=_field(pattern.lines[0]))


def _field(line: ConflictLine) -> str:
    return t(line.label) if has(line.label) else line.field
