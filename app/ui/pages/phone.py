"""手机问卷: what phones filled in, whom it belongs to, and handing questionnaires over."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from app.domain.ids import Kind
from app.ui import theme
from app.ui.desks.phone import PhoneDesk
from app.ui.desks.sharing import Medium
from app.ui.parts.buttons import button
from app.ui.parts.empty_state import EmptyState
from app.ui.parts.member_table import RowsTable, TableColumn, TableRow
from app.ui.parts.page import Page
from app.ui.parts.page_frame import Card, PageFrame, card_column
from app.ui.parts.phone_cards import ClaimCard, ToPhoneCard
from app.ui.parts.sharing_cards import ImportCard
from app.ui.parts.words import words
from app.ui.texts import t

if TYPE_CHECKING:
    from PySide6.QtGui import QDragEnterEvent, QDropEvent

    from app.domain.changes import Changes
    from app.domain.errors import AppError
    from app.queries.phone_submissions import ExchangeLine
    from app.ui.ask import Ask
    from app.ui.desk import Desk
    from app.ui.desks.phone import CaseChoice, Handed, PhoneNow
    from app.ui.runner import Runner
    from app.usecases.phone_claims import Claimed

_LEFT = 424  # design pixels of the column of actions
_ORIGINS = {
    "": "phone.origin_here",
    "collect": "phone.origin_collect",
    "kobo": "phone.origin_kobo",
    "central": "phone.origin_central",
}
_STATES = {
    "waiting": "phone.state_waiting",
    "claimed": "phone.state_claimed",
    "replaced": "phone.state_replaced",
}
_WAITING = "waiting"


class PhonePage(Page):
    """Actions at the left; at the right the list, and below it the household of a waiting one."""

    help_key = "phone.help"

    def __init__(self, desk: Desk, runner: Runner, ask: Ask) -> None:
        super().__init__()
        self._runner, self._ask = runner, ask
        self._phone = desk.group(PhoneDesk)
        self._medium: Medium | None = None
        self._lines: dict[str, ExchangeLine] = {}
        self._titles: dict[str, str] = {}
        self._only_waiting = False
        self.frame = PageFrame(t("phone.title"))
        self.frame.show_title(t("phone.title"), desk.place.name)
        self.frame.hide_footer()
        self.incoming = ImportCard(
            t("phone.import"), t("phone.import_why"), t("phone.choose_files"), t("phone.choose_folder")
        )
        self.outgoing = ToPhoneCard()
        self.claim = ClaimCard()
        self.waiting_only: QPushButton = button("", "plain", "flag")
        self.waiting_only.setCheckable(True)
        columns = (
            TableColumn(t("phone.col_form"), 4),
            TableColumn(t("phone.col_head"), 3),
            TableColumn(t("phone.col_day"), 3),
            TableColumn(t("phone.col_origin"), 2),
            TableColumn(t("phone.col_files"), 2, figures=True),
            TableColumn(t("phone.col_state"), 2),
        )
        self.table = RowsTable(t("phone.list"), columns)
        self._empty = EmptyState("file")
        self.setAcceptDrops(True)
        self._lay_out()
        self._connect()

    def show_for(self, subject: object = None) -> None:  # noqa: ARG002
        """Read what is here and which sticks are in."""
        self._read()
        self._runner.read(self._phone.media, self._on_media, lane=(id(self), "media"))

    def on_changed(self, changes: Changes) -> None:
        """Read again when submissions or households changed."""
        if changes.has(Kind.SUBMISSION, Kind.HOUSEHOLD) and self.isVisible():
            self._read()

    def next_problem(self, *, backwards: bool = False) -> None:
        """Override: go to the next waiting submission."""
        keys = [uid for uid, line in self._lines.items() if line.state == _WAITING]
        if keys:
            at = keys.index(self.table.current_key()) if self.table.current_key() in keys else -1
            step = -1 if backwards else 1
            self._turn_to(keys[(at + step) % len(keys)])

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Override: files and folders may be dropped."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Override: look into what was dropped."""
        paths = tuple(Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile())
        if paths:
            event.acceptProposedAction()
            self.asked.emit("phone_import", paths)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.frame)
        body = QWidget()
        row = QHBoxLayout(body)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(14))
        row.addWidget(card_column(_LEFT, self.incoming, self.outgoing))
        listing = Card()
        head = QHBoxLayout()
        head.addWidget(words(t("phone.list"), "section"), 1)
        head.addWidget(self.waiting_only)
        listing.column.addLayout(head)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._empty)
        listing.add(self._stack, 1)
        right = QVBoxLayout()
        right.setSpacing(theme.px(14))
        right.addWidget(listing, 3)
        right.addWidget(self.claim, 2)
        self.claim.hide()
        row.addLayout(right, 1)
        self.frame.add(body, 1)

    def _connect(self) -> None:
        self.frame.back_asked.connect(self.left)
        self.incoming.files_asked.connect(self._on_files)
        self.incoming.folder_asked.connect(self._on_folder)
        self.outgoing.folder_asked.connect(self._on_target)
        self.outgoing.form_chosen.connect(self._read_summary)
        self.outgoing.wanted.connect(self._on_export)
        self.outgoing.blank_wanted.connect(self._on_blank)
        self.table.current_changed.connect(self._on_current)
        self.waiting_only.toggled.connect(self._on_filter)
        self.claim.sought.connect(self._on_sought)
        self.claim.claimed.connect(self._on_claim)
        self.claim.void_asked.connect(self._on_void)

    def _read(self) -> None:
        self._runner.read(self._phone.now, self._on_now, lane=(id(self), "now"))

    def _on_now(self, now: PhoneNow) -> None:
        self._titles = {form.id: form.title for form in now.forms}
        first = sorted(now.lines, key=lambda line: line.state != _WAITING)
        self._lines = {line.uid: line for line in first}
        self.outgoing.offer(now.forms)
        waiting = sum(line.state == _WAITING for line in now.lines)
        self.waiting_only.setText(t("phone.only_waiting", number=waiting))
        self.waiting_only.setVisible(waiting > 0 or self._only_waiting)
        self._show_lines()
        self._read_summary()

    def _show_lines(self) -> None:
        kept = self.table.current_key()
        lines = [line for line in self._lines.values() if not self._only_waiting or line.state == _WAITING]
        self.table.show_rows([self._row(line) for line in lines])
        self._stack.setCurrentIndex(0 if lines else 1)
        none = "phone.none_waiting" if self._lines else "phone.none"
        self._empty.say(t(none), t("phone.none_why") if not self._lines else "")
        uids = [line.uid for line in lines]
        if uids:
            self._turn_to(kept if kept in uids else uids[0])
        else:
            self.claim.hide()

    def _turn_to(self, uid: str) -> None:
        self.table.setCurrentIndex(self.table.rows.index(self.table.rows.row_of(uid), 0))

    def _row(self, line: ExchangeLine) -> TableRow:
        state = t(_STATES[line.state]) if line.has_content else t("phone.state_not_here")
        origin = t(_ORIGINS.get(line.origin, "phone.origin_collect"))
        title = self._titles.get(line.form, line.form)
        files = str(line.files) if line.files else ""
        return TableRow(line.uid, (title, line.head, line.finished_on, origin, files, state))

    def _on_current(self, uid: str) -> None:
        line = self._lines.get(uid)
        waits = line is not None and line.state == _WAITING and line.has_content
        self.claim.setVisible(waits)
        if line is not None and waits:
            self.claim.show_line(line, self._titles.get(line.form, line.form))

    def _on_filter(self, on: bool) -> None:
        self._only_waiting = on
        self._show_lines()

    def _on_media(self, media: tuple[Medium, ...]) -> None:
        if self._medium is None or self._medium not in media:
            self._show_medium(media[0] if media else None)

    def _show_medium(self, medium: Medium | None) -> None:
        self._medium = medium
        self.outgoing.folder.show_medium(medium)

    def _on_files(self) -> None:
        files = self._ask.open_files(t("phone.choose_files"), t("phone.pattern"))
        if files:
            self.asked.emit("phone_import", files)

    def _on_folder(self) -> None:
        folder = self._ask.folder(t("phone.choose_folder"))
        if folder is not None:
            self.asked.emit("phone_import", (folder,))

    def _on_target(self) -> None:
        folder = self._ask.folder(t("phone.export_folder"))
        if folder is not None:
            known = [medium for medium in self._phone.media() if medium.removable]
            self._show_medium(Medium(folder, any(folder.is_relative_to(one.path) for one in known)))

    def _target(self) -> Path | None:
        if self._medium is None:
            self._on_target()
        return self._medium.path if self._medium is not None else None

    def _read_summary(self) -> None:
        work = partial(self._phone.summary, self.outgoing.chosen())
        self._runner.read(work, self.outgoing.show_summary, lane=(id(self), "summary"))

    def _on_export(self) -> None:
        folder = self._target()
        if folder is None:
            return
        self.outgoing.show_handed(None)
        work = partial(self._phone.export, self.outgoing.chosen(), folder, self.outgoing.zipped.isChecked())
        job = self._runner.run_long(work, self._on_handed, self.progressed.emit, self._on_failed)
        self.waiting.emit(job, t("phone.exporting"))

    def _on_blank(self) -> None:
        folder = self._target()
        if folder is not None:
            self._runner.run(partial(self._phone.blank, self.outgoing.chosen(), folder), self._on_handed)

    def _on_handed(self, handed: Handed) -> None:
        self.waited.emit()
        self.outgoing.show_handed(handed)

    def _on_failed(self, error: AppError) -> None:
        self.waited.emit()
        self._runner.failed.emit(error)

    def _on_sought(self, text: str) -> None:
        if not text:
            self.claim.show_cases((), "")
            return
        self._runner.read(
            partial(self._phone.search, text), partial(self._on_found, text), lane=(id(self), "search")
        )

    def _on_found(self, text: str, found: tuple[CaseChoice, ...]) -> None:
        self.claim.show_cases(found, text)

    def _on_claim(self, case: str, reason: str = "") -> None:
        uid = self.table.current_key()
        work = partial(self._phone.claim, uid, case, reason)
        self._runner.run(work, self._on_claimed, partial(self._on_not_claimed, case))

    def _on_claimed(self, done: Claimed) -> None:
        self.say(t("phone.claimed_now") if done.is_read else t("phone.claimed_unread"))

    def _on_not_claimed(self, case: str, error: AppError) -> None:
        if error.code != "correction.reason_needed":
            self._runner.failed.emit(error)
            return
        reason = self._ask.reason(t("phone.reason_title"), t("phone.reason_why"))
        if reason:
            self._on_claim(case, reason)

    def _on_void(self) -> None:
        reason = self._ask.reason(t("phone.void_title"), t("phone.void_why"))
        if reason:
            self._runner.run(partial(self._phone.void, self.table.current_key(), reason), self._on_voided)

    def _on_voided(self, _changes: Changes) -> None:
        self.say(t("phone.voided"))
