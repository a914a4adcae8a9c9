"""Conflicts: two values for one field, written without knowing of each other; choose one or type another.

Nothing is written until the button is pressed; then everything chosen goes in at once. Ctrl+Z takes back the
last choice, and after saving decides the last one anew.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.desks.conflicts import ConflictsDesk, Settled
from app.ui.parts.buttons import button
from app.ui.parts.conflict_homes import ConflictHomes
from app.ui.parts.conflict_row import COMBINE, ConflictRow, headlines
from app.ui.parts.conflict_words import parted, who_and_when
from app.ui.parts.detail_card import Avatar
from app.ui.parts.empty_state import EmptyState
from app.ui.parts.page import Page
from app.ui.parts.page_frame import Card, PageFrame, scrolled
from app.ui.parts.words import ShortLabel, rule
from app.ui.texts import has, t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.changes import Changes
    from app.queries.case_card import ConflictLine
    from app.queries.conflict_patterns import Pattern
    from app.ui.ask import Ask
    from app.ui.desk import Desk
    from app.ui.runner import Runner

    Key = tuple[str, str]


class ConflictsPage(Page):
    """Households at the left, the fields of the chosen one at the right; a household id as subject."""

    help_key = "conflicts.help"

    def __init__(self, desk: Desk, runner: Runner, ask: Ask) -> None:
        super().__init__()
        self._runner, self._ask = runner, ask
        self._conflicts = desk.group(ConflictsDesk)
        self._lines: tuple[ConflictLine, ...] = ()
        self._patterns: tuple[Pattern, ...] = ()
        self._picks: dict[Key, Settled] = {}
        self._saved: list[tuple[ConflictLine, Settled]] = []
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
        self._homes = ConflictHomes()
        self.homes = self._homes.homes
        self.alike = button(t("conflicts.patterns_none"), "plain", "merge")
        self.alike.hide()
        self.next_home = button("", "plain", "arrow_right")
        self.next_home.hide()
        self._avatar = Avatar()
        self._name = ShortLabel("", "title")
        self._sub = ShortLabel("", "muted")
        self._holder = QVBoxLayout()
        self._area: QScrollArea | None = None
        self._empty = EmptyState("check")
        self._empty.say(t("conflicts.none"), t("conflicts.none_why"))
        self._body = QWidget()
        self._lay_out()
        self._connect()

    def _connect(self) -> None:
        self.homes.current_changed.connect(self._on_home)
        self.homes.opened.connect(self._on_home_opened)
        self.frame.back_asked.connect(self.left)
        self.frame.primary_asked.connect(self._on_save)
        self.alike.clicked.connect(partial(self.asked.emit, "conflict_patterns", ""))
        self.next_home.clicked.connect(self._on_next_home)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self._on_save)
        QShortcut(QKeySequence("Ctrl+Z"), self, self._on_undo)

    def show_for(self, subject: object = None) -> None:
        """Read the conflicts; begin at the household of ``subject``."""
        self._wanted = subject if isinstance(subject, str) else ""
        self._picks = {}
        self._saved = []
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
        self.frame.add_right(self.alike)
        self.frame.add_button(self.next_home)
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
        row.addWidget(self._homes)
        row.addWidget(right, 1)
        self.frame.add(self._body, 1)
        self.frame.add(self._empty, 1)
        self._empty.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.frame)

    def _read(self) -> None:
        self._runner.read(self._conflicts.lines, self._on_lines, lane=(id(self), "lines"))
        self._runner.read(self._conflicts.patterns, self._on_patterns, lane=(id(self), "patterns"))

    def _on_patterns(self, patterns: tuple[Pattern, ...]) -> None:
        self._patterns = patterns
        self.alike.setText(t("conflicts.patterns", number=len(patterns)))
        self.alike.setVisible(bool(patterns))
        self._show_patterns()

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
            self._homes.go_to(homes[at])
            self._show_home(homes[at])
        self._show_footer()

    def _show_homes(self) -> None:
        self._homes.show_lines(self._lines, self._picks)

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
        self._sub.setText(parted(lines))
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, theme.px(4), theme.px(8), 0)
        column.setSpacing(theme.px(12))
        column.addWidget(headlines())
        for line in lines:
            row = self._row_of(line)
            self.rows.append(row)
            column.addWidget(row)
        column.addStretch(1)
        self._area = scrolled(inner)
        self._holder.addWidget(self._area, 1)
        self._show_patterns()

    def _row_of(self, line: ConflictLine) -> ConflictRow:
        desk = self._conflicts
        may = not line.level or line.level == desk.level
        row = ConflictRow(line, desk.choices(line.kind, line.field), desk.places, may_settle=may)
        pick = self._picks.get((line.entity, line.field))
        row.show_taken((COMBINE if pick.combine else pick.take) if pick else "")
        row.picked.connect(partial(self._on_picked, row))
        row.done.connect(partial(self._on_done, row))
        row.stage_asked.connect(partial(self._on_stage, row))
        row.pattern_asked.connect(partial(self._on_pattern, row))
        return row

    def _key(self, row: ConflictRow) -> Key:
        return (row.line.entity, row.line.field)

    def _on_picked(self, row: ConflictRow) -> None:
        key, take, value = self._key(row), row.taken(), row.typed()
        self._picks.pop(key, None)
        if take == COMBINE:
            self._picks[key] = Settled(row.line.entity, row.line.field, combine=True)
        elif take or value != "":
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
            self._homes.go_to(left[0])
            self.next_problem()
        else:
            self.frame.primary.setFocus()

    def _on_stage(self, row: ConflictRow) -> None:
        chosen = next(option.value for option in row.options if option.isChecked())
        text = t("conflicts.stage_reason", head=row.line.head, step=chosen)
        reason = self._ask.reason(t("conflicts.settle_stage"), text)
        if reason is not None:
            work = partial(self._conflicts.settle_stage, row.line.entity, row.taken(), reason)
            self._runner.run(work, partial(self._on_saved, ()))

    def _on_pattern(self, row: ConflictRow) -> None:
        found = self._alike(row)
        if found is not None:
            self.asked.emit("conflict_patterns", found.id)

    def _alike(self, row: ConflictRow) -> Pattern | None:
        """Return the most frequent pattern this dispute belongs to."""
        here = self._key(row)
        return next(
            (p for p in self._patterns if any((line.entity, line.field) == here for line in p.lines)), None
        )

    def _show_patterns(self) -> None:
        for row in self.rows:
            found = self._alike(row)
            row.show_pattern(t("conflicts.pattern", number=found.number - 1) if found else "")

    def _next_home(self) -> str:
        """Return the next household that is not wholly decided, after the one shown."""
        homes = list(dict.fromkeys(line.household for line in self._lines))
        at = homes.index(self._shown) if self._shown in homes else -1
        waiting = {
            line.household
            for line in self._lines
            if (line.entity, line.field) not in self._picks and not line.of_stage
        }
        return next((home for home in homes[at + 1 :] + homes[: max(at, 0)] if home in waiting), "")

    def _on_next_home(self) -> None:
        home = self._next_home()
        if home:
            self._homes.go_to(home)
            self.next_problem()

    def _show_footer(self) -> None:
        number = len(self._picks)
        self.frame.show_title(
            t("conflicts.title"),
            t("conflicts.chosen", done=number, of=len(self._lines)) if self._lines else "",
        )
        text = t("conflicts.save", number=number) if number else t("conflicts.save_none")
        self.frame.show_primary(text if self._lines else "", enabled=number > 0)

        home = self._next_home()
        head = next((line.head for line in self._lines if line.household == home), "")
        self.next_home.setText(t("conflicts.next_home", head=head or t("conflicts.elsewhere")))
        self.next_home.setVisible(bool(home))

    def _on_undo(self) -> None:
        if self._picks:
            self._picks.popitem()
            self._show_homes()
            self._show_home(self._home())
            self._show_footer()
        elif self._saved:
            self._decide_anew(*self._saved[-1])

    def _decide_anew(self, line: ConflictLine, settled: Settled) -> None:
        """Offer the values that lost; who types another one does it on the household's page."""
        lost = [head for head in line.heads if head.entry != settled.take]
        name = t(line.label) if has(line.label) else line.field
        options = [
            t("conflicts.anew_take", value=head.text or t("conflicts.emptied"), who=who_and_when(head))
            for head in lost
        ]
        chosen = self._ask.choose(
            t("conflicts.anew"), t("conflicts.anew_why", head=line.head, name=name), options
        )
        if chosen is not None:
            work = partial(self._conflicts.revise, line.entity, line.field, lost[chosen].entry)
            self._runner.run(work, self._on_anew)

    def _on_anew(self, _changes: Changes) -> None:
        self._saved.pop()
        self.say(t("conflicts.anew_done"))

    def _on_save(self) -> None:
        if self._picks:
            lines = {(line.entity, line.field): line for line in self._lines}
            saved = tuple((lines[key], pick) for key, pick in self._picks.items())
            work = partial(self._conflicts.resolve, tuple(self._picks.values()))
            self._runner.run(work, partial(self._on_saved, saved))

    def _on_saved(self, saved: Sequence[tuple[ConflictLine, Settled]], _changes: Changes) -> None:
        self._saved += saved
        self.say(t("conflicts.saved", number=max(1, len(saved))))
