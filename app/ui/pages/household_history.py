"""The history of a household: every value ever written, by whom, when, and how it stands now."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout

from app.ui import theme
from app.ui.desks.conflicts import HistoryDesk
from app.ui.parts.buttons import button
from app.ui.parts.empty_state import EmptyState
from app.ui.parts.member_table import RowsTable, TableColumn, TableRow
from app.ui.parts.page import Page
from app.ui.parts.page_frame import Card, PageFrame
from app.ui.parts.words import words
from app.ui.texts import has, t

if TYPE_CHECKING:
    from app.domain.changes import Changes
    from app.ui.ask import Ask
    from app.ui.desk import Desk
    from app.ui.desks.conflicts import HistoryLine
    from app.ui.runner import Runner

STATES = ("", "current", "head", "past", "held", "deleted")
DELETED = "deleted"
"""The filters: everything, then one for each way a value may stand."""

_MINUTE = len("2026-10-07T09:30")


class HouseholdHistoryPage(Page):
    """Opened for a household id; only to look."""

    help_key = "history.help"

    def __init__(self, desk: Desk, runner: Runner, ask: Ask) -> None:  # noqa: ARG002 -- every page is built alike
        super().__init__()
        self._runner = runner
        self._history = desk.group(HistoryDesk)
        self._household = ""
        self._lines: tuple[HistoryLine, ...] = ()
        self._state = ""
        self.frame = PageFrame(t("history.title"))
        self.frame.show_keys(((("↑", "↓"), t("history.key_move")), (("Esc",), t("app.back"))))
        columns = (
            TableColumn(t("history.at"), 5),
            TableColumn(t("history.by"), 3),
            TableColumn(t("history.about"), 5),
            TableColumn(t("history.label"), 5),
            TableColumn(t("history.value"), 8),
            TableColumn(t("history.state"), 4),
        )
        self.table = RowsTable(t("history.title"), columns)
        self.table.current_changed.connect(self._on_current)
        self._empty = EmptyState("clock")
        self._empty.say(t("history.none"), "")
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._empty)
        self.filters: dict[str, QPushButton] = {}
        card = Card()
        card.column.addLayout(self._filter_row())
        card.add(self._stack, 1)
        self._about = words("", "muted", wrap=True)
        card.add(self._about)
        self.frame.add(card, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.frame)
        self.frame.back_asked.connect(self.left)

    def show_for(self, subject: object = None) -> None:
        """Read the history of a household."""
        if isinstance(subject, str):
            self._household = subject
            self._read()

    def on_changed(self, changes: Changes) -> None:
        """Read again."""
        if changes.touched and self.isVisible():
            self._read()

    def _filter_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.px(8))
        self._group = QButtonGroup(self)
        for state in STATES:
            made = button("", "chip")
            made.setCheckable(True)
            made.setChecked(state == "")
            made.clicked.connect(partial(self._on_filter, state))
            self._group.addButton(made)
            self.filters[state] = made
            row.addWidget(made)
        row.addStretch(1)
        return row

    def _read(self) -> None:
        work = partial(self._history.lines, self._household)
        self._runner.read(work, self._on_lines, lane=(id(self), "lines"))
        self._runner.read(
            partial(self._history.title, self._household), self._on_title, lane=(id(self), "title")
        )

    def _on_title(self, title: str) -> None:
        self.frame.show_title(t("history.title"), title)

    def _on_lines(self, lines: tuple[HistoryLine, ...]) -> None:
        self._lines = lines
        for state, made in self.filters.items():
            number = sum(line.state == state or not state for line in lines)
            made.setText(t(f"history.filter_{state or 'all'}", number=number))
            made.setVisible(not state or number > 0)
        self._show()

    def _on_filter(self, state: str) -> None:
        self._state = state
        self._show()

    def _show(self) -> None:
        shown = [line for line in self._lines if self._state in ("", line.state)]
        self.table.show_rows([_row(line) for line in shown])
        self._stack.setCurrentWidget(self.table if shown else self._empty)
        self._on_current(self.table.current_key())

    def _on_current(self, key: str) -> None:
        line = next((one for one in self._lines if _key(one) == key), None)
        if line is None:
            self._about.setText(t("history.hint"))
            return
        told = t(f"history.told_{line.state}")
        key = "history.request" if line.state == DELETED else "history.reason"
        self._about.setText(told + (t(key, reason=line.reason) if line.reason else ""))


def _key(line: HistoryLine) -> str:
    return f"{line.entry} {line.label}"


def _row(line: HistoryLine) -> TableRow:
    about = t(f"conflicts.kind_{line.kind}")
    return TableRow(
        _key(line),
        (
            line.at[:_MINUTE].replace("T", " "),
            line.by or t("conflicts.unknown_writer"),
            f"{about} {line.about}".strip(),
            t(line.label) if has(line.label) else line.label.rpartition(".")[2],
            line.text or t("history.deleted" if line.state == DELETED else "conflicts.emptied"),
            t(f"history.state_{line.state}"),
        ),
    )
