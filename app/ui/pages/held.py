"""待核对记录: what stopped computers wrote late, to be taken over or left."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from app.ui.desks.devices import DevicesDesk
from app.ui.parts.arrival_words import moment
from app.ui.parts.buttons import button
from app.ui.parts.page import Page
from app.ui.parts.page_frame import Card, PageFrame
from app.ui.parts.pick_table import PickColumn, PickRow, PickTable
from app.ui.parts.words import words
from app.ui.texts import t

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.domain.changes import Changes
    from app.queries.held import HeldField, HeldLine
    from app.ui.ask import Ask
    from app.ui.desk import Desk
    from app.ui.runner import Runner

_FIELDS = 4  # told in one cell


class HeldPage(Page):
    """Tick what to decide about; all that is decided goes into one write."""

    help_key = "held.help"

    def __init__(self, desk: Desk, runner: Runner, ask: Ask) -> None:
        super().__init__()
        self._runner, self._ask = runner, ask
        self._devices = desk.group(DevicesDesk)
        self.frame = PageFrame(t("held.title"))
        self.frame.show_title(t("held.title"), desk.place.name)
        self.frame.show_keys(((("Ctrl", "Enter"), t("held.adopt")), (("Esc",), t("app.back"))))
        self._lay_out()
        self.frame.back_asked.connect(self.left)
        self.frame.primary_asked.connect(self._on_adopt)
        self.decline.clicked.connect(self._on_decline)
        self.table.picked.connect(self._on_picked)
        self.all.clicked.connect(partial(self.table.tick_all, on=True))
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self._on_adopt)

    def _lay_out(self) -> None:
        card = Card()
        card.add(words(t("held.why"), "muted", wrap=True))
        head = QHBoxLayout()
        self._sum = words("", "section")
        self.all = button(t("held.all"), "link")
        head.addWidget(self._sum)
        head.addStretch(1)
        head.addWidget(self.all)
        card.column.addLayout(head)
        columns = (
            PickColumn(t("held.col_household"), 3),
            PickColumn(t("held.col_at"), 3),
            PickColumn(t("held.col_by"), 2),
            PickColumn(t("held.col_what"), 10),
        )
        self.table = PickTable(t("held.title"), columns, by_row=True)
        card.add(self.table, 1)
        self.frame.add(card, 1)
        self.decline = button(t("held.decline"))
        self.frame.add_button(self.decline)
        self.frame.show_primary(t("held.adopt"), enabled=False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.frame)

    def show_for(self, subject: object = None) -> None:  # noqa: ARG002
        """Read the list."""
        self._read()

    def _read(self) -> None:
        self._runner.read(self._devices.held, self._on_held, lane=(id(self), "held"))

    def _on_held(self, lines: tuple[HeldLine, ...]) -> None:
        waiting = [line for line in lines if line.review == "open"]
        self.table.show_rows([PickRow(line.entry, _cells(line)) for line in waiting])
        self._sum.setText(t("held.sum", number=len(waiting), done=len(lines) - len(waiting)))
        self.all.setVisible(bool(waiting))
        self._on_picked()

    def _on_picked(self) -> None:
        chosen = bool(self.table.ticked())
        self.frame.show_primary(t("held.adopt"), enabled=chosen)
        self.decline.setEnabled(chosen)

    def _on_adopt(self) -> None:
        self._decide(self._devices.adopt, "held.adopt_sure", t("held.adopt"))

    def _on_decline(self) -> None:
        self._decide(self._devices.decline, "held.decline_sure", t("held.decline"))

    def _decide(self, work: Callable[[tuple[str, ...]], Changes], sure: str, verb: str) -> None:
        chosen = self.table.ticked()
        if chosen and self._ask.confirm(t("held.title"), t(sure, number=len(chosen)), verb):
            self._runner.run(partial(work, chosen), partial(self._on_decided, len(chosen)))

    def _on_decided(self, number: int, _changes: Changes) -> None:
        self.say(t("held.done", number=number))
        self._read()


def _cells(line: HeldLine) -> tuple[str, ...]:
    shown = [_told(field) for field in line.fields[:_FIELDS]]
    if len(line.fields) > _FIELDS:
        shown.append(t("held.more", number=len(line.fields) - _FIELDS))
    kind = t("held.of_step") if line.of_step else t(f"conflicts.kind_{line.kind}")
    what = t("held.what", kind=kind, fields=t("held.and").join(shown))
    return (line.head or t("list.unknown"), moment(line.at), line.by or t("list.unknown"), what)


def _told(field: HeldField) -> str:
    text = field.text or t("held.empty")
    key = "held.field_now" if field.now and field.now != field.text else "held.field"
    return t(key, label=t(field.label), text=text, now=field.now)
