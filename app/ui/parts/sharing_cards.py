"""The cards of exchange by files: write, take in, enrol; who delivered, what waits, what came in."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton

from app.domain.ids import Level
from app.ui import theme
from app.ui.parts.buttons import button
from app.ui.parts.member_table import RowsTable, TableColumn, TableRow
from app.ui.parts.page_frame import Card
from app.ui.parts.words import ShortLabel, words
from app.ui.texts import t

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from app.queries.exchange import VillageLine, WaitingLine
    from app.ui.desks.sharing import Medium, Sent, SharingNow

DIRECTIONS = {Level.VILLAGE: ("up", "peer"), Level.TOWNSHIP: ("up", "down"), Level.COUNTY: ("down",)}
"""Whom a level writes packages for, the usual one first."""

QUIET_DAYS = 14
"""A village nothing came from for longer than this many days is told."""

_YEAR, _DAY = len("2026-"), len("2026-10-07")


class FolderRow(QHBoxLayout):
    """Where files go, with a link to choose another place; ``path`` is None until one is known."""

    def __init__(self, choose: QPushButton) -> None:
        super().__init__()
        self.path: Path | None = None
        self._text = ShortLabel("", "label")
        self.choose = choose
        self.setSpacing(theme.px(6))
        self.addWidget(self._text, 1)
        self.addWidget(choose)

    def show_medium(self, medium: Medium | None) -> None:
        """Show a folder, or that none was chosen."""
        self.path = medium.path if medium is not None else None
        if medium is None:
            self._text.setText(t("sharing.no_folder"))
        else:
            key = "sharing.to_stick" if medium.removable else "sharing.to_folder"
            self._text.setText(t(key, folder=str(medium.path)))


class ExportCard(Card):
    """Where to write and for whom; ``wanted(kind)`` by a button, ``folder_asked()`` by the link."""

    wanted = Signal(str)
    folder_asked = Signal()

    def __init__(self, level: Level) -> None:
        super().__init__()
        self.add(words(t("sharing.export"), "section"))
        self.add(words(t(f"sharing.export_why_{level}"), "muted", wrap=True))
        self.folder = FolderRow(button(t("sharing.other_folder"), "link"))
        self.folder.choose.clicked.connect(self.folder_asked)
        self.column.addLayout(self.folder)
        row = QHBoxLayout()
        row.setSpacing(theme.px(10))
        self.buttons: dict[str, QPushButton] = {}
        for place, kind in enumerate(DIRECTIONS[level]):
            made = button(t(f"sharing.{kind}_{level}"), "plain" if place else "primary")
            made.clicked.connect(partial(self.wanted.emit, kind))
            self.buttons[kind] = made
            row.addWidget(made)
        row.addStretch(1)
        self.column.addLayout(row)
        self._warning = words("", "warning", wrap=True)
        self._warning.hide()
        self.add(self._warning)
        self._done = words("", "value", wrap=True)
        self._done.hide()
        self.add(self._done)

    def show_warning(self, text: str) -> None:
        """Say what is to be known before an export, empty for nothing."""
        self._warning.setText(text)
        self._warning.setVisible(bool(text))

    def show_sent(self, sent: Sent | None, *, removable: bool = False) -> None:
        """Tell what was written and that it is whole; None takes the words away."""
        self._done.setVisible(sent is not None)
        if sent is None:
            return
        tail = t("sharing.pull_out") if removable else t("sharing.carry")
        text = t("sharing.sent", files=len(sent.files), entries=sent.entries, photos=sent.photos)
        self._done.setText(text + tail)
        self._done.setToolTip("\n".join(sent.files))

    def said(self) -> str:
        """Return what is told about the last export, empty before one."""
        return "" if self._done.isHidden() else self._done.text()


class ImportCard(Card):
    """Two ways in: chosen files, or everything in a folder or on the stick."""

    files_asked = Signal()
    folder_asked = Signal()

    def __init__(self, title: str, why: str, files: str, folder: str) -> None:
        super().__init__()
        self.add(words(title, "section"))
        self.add(words(why, "muted", wrap=True))
        row = QHBoxLayout()
        row.setSpacing(theme.px(10))
        self.files = button(files, "plain", "file")
        self.folder = button(folder, "plain", "folder")
        self.files.clicked.connect(self.files_asked)
        self.folder.clicked.connect(self.folder_asked)
        row.addWidget(self.files)
        row.addWidget(self.folder)
        row.addStretch(1)
        self.column.addLayout(row)


class EnrolCard(Card):
    """Whether this computer is enrolled, and the ways to the pages of enrolment; ``asked(page)``."""

    asked = Signal(str)

    def __init__(self, level: Level) -> None:
        super().__init__()
        self._level = level
        self.add(words(t("sharing.enrol"), "section"))
        self._state = words("", "muted", wrap=True)
        self.add(self._state)
        wanted = {
            Level.VILLAGE: ("enrol_ask", "enrol_accept"),
            Level.TOWNSHIP: ("enrol_grant", "starter", "enrol_ask", "enrol_accept"),
            Level.COUNTY: ("enrol_grant", "starter"),
        }[level]
        self.buttons: dict[str, QPushButton] = {}
        row = QHBoxLayout()
        for place, name in enumerate(wanted):
            if place % 2 == 0:
                row = QHBoxLayout()
                row.setSpacing(theme.px(10))
                self.column.addLayout(row)
            self.buttons[name] = button(t(f"sharing.{name}"))
            self.buttons[name].clicked.connect(partial(self.asked.emit, name))
            row.addWidget(self.buttons[name])
            if place % 2 or place == len(wanted) - 1:
                row.addStretch(1)

    def show_now(self, now: SharingNow) -> None:
        """Show who vouches for this computer."""
        if now.enrolled:
            text = t("sharing.enrolled", place=now.root)
        elif self._level is not Level.VILLAGE:
            text = t(f"sharing.own_root_{self._level}")
        else:
            text = t("sharing.starter_only", place=now.root) if now.root else t("sharing.not_enrolled")
        self._state.setText(text)


class DeliveriesCard(Card):
    """Every village and how far it delivered; 代录 and a package of its own for the chosen one."""

    proxy_asked = Signal(str)
    send_asked = Signal(str)
    receipt_asked = Signal(str)

    def __init__(self, level: Level) -> None:
        super().__init__()
        head = QHBoxLayout()
        head.addWidget(words(t("sharing.board"), "section"))
        self._sum = words("", "muted")
        head.addWidget(self._sum)
        head.addStretch(1)
        self.column.addLayout(head)
        columns = (
            TableColumn(t("sharing.col_village"), 10),
            TableColumn(t("sharing.col_state"), 14),
            TableColumn(t("sharing.col_received"), 10),
            TableColumn(t("sharing.col_entries"), 8, figures=True),
            TableColumn(t("arrival.col_todo"), 18),
        )
        self.table = RowsTable(t("sharing.board"), columns)
        self.table.current_changed.connect(self._on_current)
        self.add(self.table, 1)
        row = QHBoxLayout()
        row.setSpacing(theme.px(10))
        hint = t(f"sharing.board_hint_{level}") if level is not Level.VILLAGE else ""
        self._hint = ShortLabel(hint, "muted")
        self.send = button(t("sharing.send_one"))
        self.proxy = button(t("sharing.proxy"))
        self.proxy.setVisible(level is Level.TOWNSHIP)
        self.receipt = button(t("arrival.receipt"), "plain", "printer")
        row.addWidget(self._hint, 1)
        row.addWidget(self.receipt)
        row.addWidget(self.send)
        row.addWidget(self.proxy)
        self.column.addLayout(row)
        self.receipt.clicked.connect(self._on_receipt)
        self.send.clicked.connect(self._on_send)
        self.proxy.clicked.connect(self._on_proxy)
        self._lines: dict[str, VillageLine] = {}
        self._on_current("")

    def show_villages(self, lines: Sequence[VillageLine], today: date) -> None:
        """Show the board; the chosen village stays chosen."""
        self._lines = {line.scope: line for line in lines}
        self.table.show_rows([_village_row(line, today) for line in lines])
        done = sum(line.state == "delivered" for line in lines)
        self._sum.setText(t("sharing.board_sum", done=done, of=len(lines)))
        self._on_current(self.table.current_key())

    def _on_current(self, key: str) -> None:
        line = self._lines.get(key)
        self.proxy.setEnabled(line is not None)
        self.receipt.setEnabled(line is not None and line.entries > 0)
        self.send.setEnabled(line is not None and line.devices > 0 and not line.by_proxy)

    def _on_receipt(self) -> None:
        self.receipt_asked.emit(self.table.current_key())

    def _on_send(self) -> None:
        self.send_asked.emit(self.table.current_key())

    def _on_proxy(self) -> None:
        self.proxy_asked.emit(self.table.current_key())


class WaitingCard(Card):
    """Packages nobody vouches for yet, and what to do about them."""

    def __init__(self) -> None:
        super().__init__()
        self._title = words("", "section")
        self.add(self._title)
        self.add(words(t("sharing.waiting_why"), "warning", wrap=True))
        columns = (
            TableColumn(t("sharing.col_from"), 3),
            TableColumn(t("sharing.col_file"), 6),
            TableColumn(t("sharing.col_received"), 3),
        )
        self.table = RowsTable(t("sharing.waiting_name"), columns)
        self.add(self.table, 1)

    def show_waiting(self, lines: Sequence[WaitingLine]) -> None:
        """Show what waits."""
        self._title.setText(t("sharing.waiting", number=len(lines)))
        rows = [TableRow(line.package, (line.place, line.file, line.at[:_DAY])) for line in lines]
        self.table.show_rows(rows)


def _village_row(line: VillageLine, today: date) -> TableRow:
    state = t(f"sharing.state_{line.state}", day=_short(line.up_to, today))
    parts = [state, t("sharing.state_proxy")] if line.by_proxy else [state]
    entries = f"{line.entries:,}" if line.entries else ""
    heard = _short(line.heard_at or line.received_at, today)
    todo = t("detail.dot").join(_todo(line, today))
    return TableRow(line.scope, (line.name, t("detail.dot").join(parts), heard, entries, todo))


def _short(iso: str, today: date) -> str:
    """Return a day, without the year when it is this one."""
    return iso[_YEAR:_DAY] if iso.startswith(f"{today.year}-") else iso[:_DAY]


def _todo(line: VillageLine, today: date) -> list[str]:
    """Return what lacks: nothing came for long, parts of an export, certificates, receipts."""
    found: list[str] = []
    heard = line.heard_at or line.received_at
    days = (today - date.fromisoformat(heard[:_DAY])).days if heard else 0
    if days > QUIET_DAYS and not line.by_proxy:
        found.append(t("arrival.todo_quiet", days=days))
    if line.volumes:
        found.append(t("arrival.todo_volumes", number=line.volumes))
    if line.waiting:
        found.append(t("arrival.todo_waiting", number=line.waiting))
    if line.unseen:
        found.append(t("arrival.todo_unseen", number=line.unseen))
    return found
