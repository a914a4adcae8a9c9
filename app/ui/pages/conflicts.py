"""Conflicts: two values for one field, written without knowing of each other; choose one or type another.

Nothing is written until the button is pressed; then everything chosen goes in at once.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.desks.conflicts import ConflictsDesk, Settled
from app.ui.parts.conflict_row import ConflictRow
from app.ui.parts.detail_card import Avatar
from app.ui.parts.empty_state import EmptyState
from app.ui.parts.member_table import RowsTable, TableColumn, TableRow
from app.ui.parts.page import Page
from app.ui.parts.page_frame import Card, PageFrame, scrolled
from app.ui.parts.words import ShortLabel, rule, words
from app.ui.texts import t

if TYPE_CHECKING:
    from app.domain.changes import Changes
    from app.queries.case_card import ConflictHead, ConflictLine
    from app.ui.ask import Ask
    from app.ui.desk import Desk
    from app.ui.runner import Runner

    Key = tuple[str, str]

_LEFT = 250  # design pixels of the list of households


class ConflictsPage(Page):
    """Households at the left, the fields of the chosen one at the right; a household id as subject."""

    help_key = "conflicts.help"

    def __init__(self, desk: Desk, runner: Runner, ask: Ask) -> None:
        super().__init__()
        self._runner, self._ask = runner, ask
        self._conflicts = desk.group(ConflictsDesk)
        self._lines: tuple[ConflictLine, ...] = ()
        self._picks: dict[Key, Settled] = {}
        self._wanted = ""
        self._shown = ""
        self.rows: list[ConflictRow] = []
        self.frame = PageFrame(t("conflicts.title"))
        self.frame.show_keys(
            (
                (("←", "→"), t("conflicts.key_choose")),
                (("Enter",), t("conflicts.key_next")),
                (("Ctrl", "Z"), t("app.undo")),
                (("Ctrl", "Enter"), t("conflicts.key_save")),
            )
        )
        columns = (
            TableColumn(t("conflicts.household"), 4),
            TableColumn(t("conflicts.places"), 2, figures=True),
        )
        self.homes = RowsTable(t("conflicts.title"), columns)
        self.homes.current_changed.connect(self._on_home)
        self.homes.opened.connect(self._on_home_opened)
        self._sum = words("", "muted")
        self._avatar = Avatar()
        self._name = ShortLabel("", "title")
        self._sub = ShortLabel("", "muted")
        self._holder = QVBoxLayout()
        self._area: QScrollArea | None = None
        self._empty = EmptyState("check")
        self._empty.say(t("conflicts.none"), t("conflicts.none_why"))
        self._body = QWidget()
        self._lay_out()
        self.frame.back_asked.connect(self.left)
        self.frame.primary_asked.connect(self._on_save)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self._on_save)
        QShortcut(QKeySequence("Ctrl+Z"), self, self._on_undo)

    def show_for(self, subject: object = None) -> None:
        """Read the conflicts; begin at the household of ``subject``."""
        self._wanted = subject if isinstance(subject, str) else ""
        self._picks = {}
        self._read()

    def on_changed(self, changes: Changes) -> None:
        """Read again; what was chosen and is still open stays chosen."""
        if changes.touched and self.isVisible():
            self._read()

    def next_problem(self, *, backwards: bool = False) -> None:
        """Go to the next field that is not decided."""
        rows = [row for row in self.rows if self._key(row) not in self._picks]
        if rows:
            rows[-1 if backwards else 0].take_focus()

    def _lay_out(self) -> None:
        left = Card()
        left.setFixedWidth(theme.px(_LEFT))
        left.column.setContentsMargins(theme.px(14), theme.px(16), theme.px(14), theme.px(14))
        left.add(words(t("conflicts.needed"), "section"))
        left.add(self._sum)
        left.add(self.homes, 1)
        right = Card()
        head = QHBoxLayout()
        head.setSpacing(theme.px(12))
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(self._name)
        names.addWidget(self._sub)
        head.addWidget(self._avatar)
        head.addLayout(names, 1)
        right.column.addLayout(head)
        right.add(rule())
        right.column.addLayout(self._holder, 1)
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

    def _read(self) -> None:
        self._runner.read(self._conflicts.lines, self._on_lines, lane=(id(self), "lines"))

    def _on_lines(self, lines: tuple[ConflictLine, ...]) -> None:
        self._lines = lines
        open_keys = {(line.entity, line.field) for line in lines}
        self._picks = {key: pick for key, pick in self._picks.items() if key in open_keys}
        self._body.setVisible(bool(lines))
        self._empty.setVisible(not lines)
        homes = list(dict.fromkeys(line.household for line in lines))
        here = self._wanted or self._home()
        self._wanted = ""
        self._show_homes()
        if homes:
            at = homes.index(here) if here in homes else 0
            self._shown = homes[at]
            self.homes.setCurrentIndex(self.homes.rows.index(at, 0))
            self._show_home(homes[at])
        self._show_footer()

    def _show_homes(self) -> None:
        counts: dict[str, int] = {}
        for line in self._lines:
            counts[line.household] = counts.get(line.household, 0) + 1
        heads = {line.household: line.head for line in self._lines}
        self._sum.setText(t("conflicts.sum", homes=len(counts), places=len(self._lines)))
        self.homes.show_rows(
            [
                TableRow(home, (heads[home] or t("conflicts.elsewhere"), self._left_of(home, count)))
                for home, count in counts.items()
            ]
        )

    def _left_of(self, home: str, count: int) -> str:
        done = sum((line.entity, line.field) in self._picks for line in self._lines if line.household == home)
        return t("conflicts.all_chosen") if done == count else str(count - done)

    def _home(self) -> str:
        return self.homes.current_key()

    def _on_home(self, home: str) -> None:
        # The list is filled anew at every choice; what is being typed at the right must stay.
        if home and home != self._shown:
            self._show_home(home)

    def _on_home_opened(self, _home: str) -> None:
        if self.rows:
            self.rows[0].take_focus()

    def _show_home(self, home: str) -> None:
        self._shown = home
        lines = [line for line in self._lines if line.household == home]
        if self._area is not None:
            self._area.hide()
            self._area.deleteLater()
            self._area = None
        self.rows = []
        if not lines:
            return
        self._avatar.show_name(lines[0].head)
        self._name.setText(lines[0].head or t("conflicts.elsewhere"))
        self._sub.setText(t("conflicts.why", number=len(lines)))
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, theme.px(4), theme.px(8), 0)
        column.setSpacing(theme.px(12))
        for line in lines:
            row = ConflictRow(line, self._conflicts.choices(line.kind, line.field))
            pick = self._picks.get((line.entity, line.field))
            row.show_taken(pick.take if pick else "")
            row.picked.connect(partial(self._on_picked, row))
            row.done.connect(partial(self._on_done, row))
            row.stage_asked.connect(partial(self._on_stage, row))
            row.pattern_asked.connect(partial(self._on_pattern, row))
            self.rows.append(row)
            column.addWidget(row)
        column.addStretch(1)
        self._area = scrolled(inner)
        self._holder.addWidget(self._area, 1)
        self._show_patterns()

    def _key(self, row: ConflictRow) -> Key:
        return (row.line.entity, row.line.field)

    def _on_picked(self, row: ConflictRow) -> None:
        key, take, value = self._key(row), row.taken(), row.typed()
        self._picks.pop(key, None)
        if take or value != "":
            self._picks[key] = Settled(row.line.entity, row.line.field, take, "" if take else value)
        self._show_homes()
        self._show_patterns()
        self._show_footer()

    def _on_done(self, row: ConflictRow) -> None:
        """Go to the next field that is open, in this household or the next ones."""
        after = self.rows[self.rows.index(row) + 1 :]
        waiting = [r for r in after if self._key(r) not in self._picks and not r.line.of_stage]
        if waiting:
            waiting[0].take_focus()
            return
        left = [
            line.household
            for line in self._lines
            if (line.entity, line.field) not in self._picks and not line.of_stage
        ]
        if left:
            self.homes.setCurrentIndex(self.homes.rows.index(self.homes.rows.row_of(left[0]), 0))
            self.next_problem()
        else:
            self.frame.primary.setFocus()

    def _on_stage(self, row: ConflictRow) -> None:
        chosen = next(option.head.text for option in row.options if option.isChecked())
        text = t("conflicts.stage_reason", head=row.line.head, step=chosen)
        reason = self._ask.reason(t("conflicts.settle_stage"), text)
        if reason is not None:
            work = partial(self._conflicts.settle_stage, row.line.entity, row.taken(), reason)
            self._runner.run(work, partial(self._on_saved, 1))

    def _on_pattern(self, row: ConflictRow) -> None:
        for line, head in self._alike(row):
            self._picks[(line.entity, line.field)] = Settled(line.entity, line.field, head.entry)
        self._show_homes()
        self._show_home(self._home())
        self._show_footer()

    def _alike(self, row: ConflictRow) -> list[tuple[ConflictLine, ConflictHead]]:
        """Return the open conflicts of the same field between the same writers, with that writer's value."""
        taken = next((head for head in row.line.heads if head.entry == row.taken()), None)
        if taken is None or not taken.by:
            return []
        writers = {head.by for head in row.line.heads}
        found: list[tuple[ConflictLine, ConflictHead]] = []
        for line in self._lines:
            same = (line.kind, line.field) == (row.line.kind, row.line.field)
            if not same or line.of_stage or (line.entity, line.field) in self._picks:
                continue
            theirs = [head for head in line.heads if head.by == taken.by]
            if {head.by for head in line.heads} == writers and len(theirs) == 1 and len(writers) > 1:
                found.append((line, theirs[0]))
        return found

    def _show_patterns(self) -> None:
        for row in self.rows:
            alike = self._alike(row)
            writer = next((head.by for head in row.line.heads if head.entry == row.taken()), "")
            row.show_pattern(t("conflicts.pattern", number=len(alike), who=writer) if alike else "")

    def _show_footer(self) -> None:
        number = len(self._picks)
        self.frame.show_title(
            t("conflicts.title"),
            t("conflicts.chosen", done=number, of=len(self._lines)) if self._lines else "",
        )
        text = t("conflicts.save", number=number) if number else t("conflicts.save_none")
        self.frame.show_primary(text if self._lines else "", enabled=number > 0)

    def _on_undo(self) -> None:
        if self._picks:
            self._picks.popitem()
            self._show_homes()
            self._show_home(self._home())
            self._show_footer()

    def _on_save(self) -> None:
        if self._picks:
            number = len(self._picks)
            work = partial(self._conflicts.resolve, tuple(self._picks.values()))
            self._runner.run(work, partial(self._on_saved, number))

    def _on_saved(self, number: int, _changes: Changes) -> None:
        self.say(t("conflicts.saved", number=number))
