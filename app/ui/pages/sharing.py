"""汇总: write packages, take packages in, enrol; and who has delivered how far."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.ids import Level
from app.ui import theme
from app.ui.desks.alerts import AlertsDesk
from app.ui.desks.enrol import EnrolDesk
from app.ui.desks.papers import PREVIEW
from app.ui.desks.sharing import Medium, SharingDesk
from app.ui.parts import dropped
from app.ui.parts.alert_strip import AlertStrip
from app.ui.parts.arrival_words import undo_question
from app.ui.parts.buttons import button
from app.ui.parts.empty_state import EmptyState
from app.ui.parts.import_log_card import ImportsCard, SafetyCard
from app.ui.parts.page import Page
from app.ui.parts.page_frame import PageFrame, card_column
from app.ui.parts.sharing_cards import (
    DeliveriesCard,
    EnrolCard,
    ExportCard,
    ImportCard,
    WaitingCard,
)
from app.ui.parts.tabs import Tabs
from app.ui.texts import t

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtGui import QDragEnterEvent, QDropEvent

    from app.domain.changes import Changes
    from app.domain.document import Paper
    from app.domain.errors import AppError
    from app.queries.import_undo import UndoExtent
    from app.ui.ask import Ask
    from app.ui.desk import Desk
    from app.ui.desks.sharing import Found, Sent, SharingNow
    from app.ui.runner import Runner

_LEFT = 392  # design pixels of the column of actions


class SharingPage(Page):
    """Actions at the left, how things stand at the right."""

    help_key = "sharing.help"

    def __init__(self, desk: Desk, runner: Runner, ask: Ask) -> None:
        super().__init__()
        self._desk, self._runner, self._ask = desk, runner, ask
        self._sharing = desk.group(SharingDesk)
        level = desk.place.level
        self.frame = PageFrame(t("sharing.title"), back=False)
        self.frame.show_title(t("sharing.title"), desk.place.name)
        self.frame.hide_footer()
        self.conflicts = button("", "danger", "merge")
        self.conflicts.hide()
        self.frame.add_right(self.conflicts)
        self.devices = button(t("device.title"), "plain", "shield")
        self.frame.add_right(self.devices)
        self.forms = button(t("forms.title"), "plain", "table")
        self.frame.add_right(self.forms)
        self.phone = button(t("phone.open"), "plain", "file")
        self.frame.add_right(self.phone)
        self.alerts = AlertStrip(desk.group(AlertsDesk), runner)
        self.export = ExportCard(level)
        self.imports = ImportCard(
            t("sharing.import"),
            t("sharing.import_why"),
            t("sharing.choose_files"),
            t("sharing.choose_folder"),
        )
        self.enrol = EnrolCard(level)
        self.board = DeliveriesCard(level)
        self.held = WaitingCard()
        self.log = ImportsCard()
        self.safety = SafetyCard()
        self.tabs = Tabs()
        self.setAcceptDrops(True)
        self._medium: Medium | None = None
        self._level = level
        self._lay_out()
        self._connect()

    def show_for(self, subject: object = None) -> None:  # noqa: ARG002
        """Read how things stand and which sticks are in."""
        self._read()
        self._runner.read(self._sharing.media, self._on_media, lane=(id(self), "media"))

    def on_changed(self, changes: Changes) -> None:
        """Read again: the board counts entries, whatever their kind."""
        if changes.touched and self.isVisible():
            self._read()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.frame)
        self.frame.add(self.alerts)
        body = QWidget()
        row = QHBoxLayout(body)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(14))
        row.addWidget(card_column(_LEFT, self.export, self.safety, self.imports, self.enrol))
        self.safety.setVisible(self._level is not Level.COUNTY)
        if self._level is not Level.VILLAGE:
            self.tabs.add("board", t("sharing.board"), self.board)
        self.tabs.add("log", t("sharing.imports"), self.log)
        self.tabs.add("waiting", "", self.held)
        self.tabs.offer("waiting", "", wanted=False)
        row.addWidget(self.tabs, 1)
        self.frame.add(body, 1)
        if self._desk.proxy_for:
            # What is written for a village lies in the township's own workspace already.
            body.hide()
            empty = EmptyState("info")
            empty.say(t("sharing.at_proxy"), t("sharing.at_proxy_why"))
            self.frame.add(empty, 1)

    def _connect(self) -> None:
        self.conflicts.clicked.connect(partial(self.asked.emit, "conflicts", None))
        self.phone.clicked.connect(partial(self.asked.emit, "phone", None))
        self.alerts.asked.connect(partial(self.asked.emit, "belonging"))
        self.devices.clicked.connect(partial(self.asked.emit, "devices", None))
        self.forms.clicked.connect(partial(self.asked.emit, "forms", None))
        self.export.wanted.connect(self._on_export)
        self.export.folder_asked.connect(self._on_folder_asked)
        self.imports.files_asked.connect(self._on_files)
        self.imports.folder_asked.connect(self._on_folder)
        self.enrol.asked.connect(self._on_enrol)
        self.board.proxy_asked.connect(self._on_proxy)
        self.board.send_asked.connect(self._on_send_one)
        self.board.receipt_asked.connect(self._on_receipt)
        self.log.print_asked.connect(self._on_print)
        self.log.undo_asked.connect(self._on_undo)

    def _read(self) -> None:
        self.alerts.read()
        self._runner.read(self._sharing.now, self._on_now, lane=(id(self), "now"))

    def _on_now(self, now: SharingNow) -> None:
        self.enrol.show_now(now)
        self.export.show_warning(now.warning)
        self.board.show_villages(now.villages, now.today)
        self.safety.show_safety(now.safety, now.above)
        self.held.show_waiting(now.waiting)
        self.log.show_imports(now.imports)
        number = len(now.waiting)
        self.tabs.offer("waiting", t("sharing.waiting", number=number), wanted=number > 0)
        self.conflicts.setText(t("sharing.conflicts", number=now.conflicts))
        self.conflicts.setVisible(now.conflicts > 0)

    def _on_media(self, media: tuple[Medium, ...]) -> None:
        if self._medium is None or self._medium not in media:
            self._show_medium(media[0] if media else None)

    def _show_medium(self, medium: Medium | None) -> None:
        self._medium = medium
        self.export.folder.show_medium(medium)

    def _on_folder_asked(self) -> None:
        folder = self._ask.folder(t("sharing.export_folder"))
        if folder is not None:
            known = [medium for medium in self._sharing.media() if medium.removable]
            removable = any(folder.is_relative_to(medium.path) for medium in known)
            self._show_medium(Medium(folder, removable))

    def _on_export(self, kind: str) -> None:
        self._send(kind, "")

    def _on_send_one(self, village: str) -> None:
        self._send("down", village)

    def _send(self, kind: str, area: str) -> None:
        if self._medium is None:
            self._on_folder_asked()
        if self._medium is None:
            return
        self.export.show_sent(None)
        work = partial(self._sharing.export, kind, self._medium.path, area)
        job = self._runner.run_long(work, self._on_sent, self.progressed.emit, self._on_failed)
        self.waiting.emit(job, t("sharing.exporting"))

    def _on_sent(self, sent: Sent) -> None:
        self.waited.emit()
        removable = self._medium is not None and self._medium.removable
        self.export.show_sent(sent, removable=removable)
        self.say(t("sharing.sent_to", places=t("detail.and").join(sent.places)))

    def _on_failed(self, error: AppError) -> None:
        self.waited.emit()
        self._runner.failed.emit(error)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Override: files and folders may be dropped."""
        dropped.accept(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Override: look for files of ours in what was dropped."""
        if paths := dropped.paths_of(event):
            self._find(paths)

    def _on_files(self) -> None:
        if files := self._ask.open_files(t("sharing.choose_files"), t("sharing.pattern")):
            self._find(files)

    def _on_folder(self) -> None:
        removable = self._medium is not None and self._medium.removable
        folder = self._medium.path if removable and self._medium else None
        folder = folder or self._ask.folder(t("sharing.choose_folder"))
        if folder is not None:
            self._find((folder,))

    def _find(self, paths: tuple[Path, ...]) -> None:
        self._runner.read(partial(self._sharing.find, paths), partial(self._on_found, paths))

    def _on_found(self, paths: tuple[Path, ...], found: Found) -> None:
        if found.packages:
            self.asked.emit("sharing_import", found.packages)
            if found.others:
                self.noticed.emit(t("arrival.others", number=len(found.others)))
        elif found.others:
            self.asked.emit(*found.others[0])
        else:
            self.noticed.emit(t("sharing.none_found", folder=str(paths[0])))

    def _on_print(self, number: int) -> None:
        self._runner.read(partial(self._sharing.summary, (number,)), self._on_paper)

    def _on_receipt(self, village: str) -> None:
        self._runner.read(partial(self._sharing.receipt, village), self._on_paper)

    def _on_paper(self, paper: Paper) -> None:
        self.asked.emit(PREVIEW, paper)

    def _on_undo(self, number: int) -> None:
        self._runner.read(partial(self._sharing.undo_check, (number,)), self._on_undo_checked)

    def _on_undo_checked(self, extent: UndoExtent) -> None:
        if self._ask.confirm(t("arrival.undo"), undo_question(extent), t("arrival.undo"), danger=True):
            self._runner.run(partial(self._sharing.undo, extent.numbers), partial(self._on_undone, extent))

    def _on_undone(self, extent: UndoExtent, _changes: Changes) -> None:
        self.say(t("arrival.undone", entries=extent.entries))
        self._read()

    def _on_enrol(self, name: str) -> None:
        if name != "starter":
            self.asked.emit(name, None)
            return
        folder = self._medium.path if self._medium else self._ask.folder(t("sharing.export_folder"))
        if folder is not None:
            self._runner.run(partial(self._desk.group(EnrolDesk).starter, folder), self._on_starter)

    def _on_starter(self, file: Path) -> None:
        self.say(t("sharing.starter_made", file=file.name))

    def _on_proxy(self, village: str) -> None:
        if self._desk.write_for is not None:
            self._runner.run(partial(self._desk.write_for, village), self.desk_opened.emit)
