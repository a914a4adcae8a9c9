"""电脑与授权: every computer of the area, how it stands, and the ways to the ceremonies."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from app.domain.ids import Level
from app.ui import theme
from app.ui.desks.devices import DevicesDesk
from app.ui.parts.arrival_words import moment
from app.ui.parts.buttons import button
from app.ui.parts.member_table import RowsTable, TableColumn, TableRow
from app.ui.parts.page import Page
from app.ui.parts.page_frame import Card, PageFrame
from app.ui.parts.words import set_role, words
from app.ui.texts import t

if TYPE_CHECKING:
    from app.domain.changes import Changes
    from app.queries.devices import DeviceLine
    from app.ui.ask import Ask
    from app.ui.desk import Desk
    from app.ui.desks.devices import DevicesNow
    from app.ui.runner import Runner


class DevicesPage(Page):
    """A table, and what may be done with the chosen computer below it."""

    help_key = "device.help"

    def __init__(self, desk: Desk, runner: Runner, ask: Ask) -> None:
        super().__init__()
        self._runner, self._ask = runner, ask
        self._devices = desk.group(DevicesDesk)
        self._lines: dict[str, DeviceLine] = {}
        above = desk.place.level is not Level.VILLAGE
        self.frame = PageFrame(t("device.title"))
        self.frame.show_title(t("device.title"), desk.place.name)
        self.frame.show_keys(((("Esc",), t("app.back")),))
        self.grant = button(t("sharing.enrol_grant"), "plain", "plus")
        self.grant.setVisible(above)
        self.renew = button(t("device.renew"), "plain", "file")
        self.renew.setVisible(desk.place.level is not Level.COUNTY)
        self.root = button(t("device.root"), "plain", "lock")
        self.root.setVisible(above)
        self.held = button(t("device.held", number=0), "plain", "warning")
        for part in (self.held, self.root, self.renew, self.grant):
            self.frame.add_right(part)
        self._lay_out()
        self._connect()

    def show_for(self, subject: object = None) -> None:  # noqa: ARG002
        """Read how the computers stand."""
        self._read()

    def on_changed(self, changes: Changes) -> None:  # noqa: ARG002
        """Read again: any write may be a computer's newest."""
        if self.isVisible():
            self._read()

    def _lay_out(self) -> None:
        own = Card()
        self._own = words("", "value", wrap=True)
        own.add(self._own)
        self._root_told = words(t("device.root_open"), "warning", wrap=True)
        self._root_told.hide()
        own.add(self._root_told)
        self.frame.add(own)
        card = Card()
        head = QHBoxLayout()
        head.addWidget(words(t("device.all"), "section"))
        self._sum = words("", "muted")
        head.addWidget(self._sum)
        head.addStretch(1)
        card.column.addLayout(head)
        columns = (
            TableColumn(t("device.col_place"), 4),
            TableColumn(t("device.col_who"), 4),
            TableColumn(t("device.col_state"), 6),
            TableColumn(t("device.col_delivered"), 4),
            TableColumn(t("device.col_entries"), 2, figures=True),
            TableColumn(t("device.col_until"), 3),
        )
        self.table = RowsTable(t("device.all"), columns)
        card.add(self.table, 1)
        row = QHBoxLayout()
        row.setSpacing(theme.px(10))
        self._says = words("", "muted", wrap=True)
        self.fill = button(t("device.fill"), "plain", "upload")
        self.lift = button(t("device.lift"), "plain", "undo")
        self.stop = button(t("device.stop"), "danger", "stop")
        row.addWidget(self._says, 1)
        for part in (self.fill, self.lift, self.stop):
            row.addWidget(part)
        card.column.addLayout(row)
        self.frame.add(card, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.frame)

    def _connect(self) -> None:
        self.frame.back_asked.connect(self.left)
        self.table.current_changed.connect(self._on_current)
        self.grant.clicked.connect(partial(self.asked.emit, "enrol_grant", None))
        self.renew.clicked.connect(partial(self.asked.emit, "enrol_ask", None))
        self.root.clicked.connect(partial(self.asked.emit, "root", None))
        self.held.clicked.connect(partial(self.asked.emit, "held", None))
        self.fill.clicked.connect(self._on_fill)
        self.stop.clicked.connect(self._on_stop)
        self.lift.clicked.connect(self._on_lift)

    def _read(self) -> None:
        self._runner.read(self._devices.now, self._on_now, lane=(id(self), "now"))

    def _on_now(self, now: DevicesNow) -> None:
        self._lines = {line.key: line for line in now.lines}
        self.table.show_rows([TableRow(line.key, _cells(line)) for line in now.lines])
        stopped = sum(line.state == "revoked" for line in now.lines)
        self._sum.setText(t("device.sum", number=len(now.lines), stopped=stopped))
        if not now.until:
            self._own.setText(t("device.own_none"))
        else:
            self._own.setText(t("device.own_ends" if now.ends_soon else "device.own", day=now.until))
        set_role(self._own, "warning" if now.ends_soon else "value")
        self._root_told.setVisible(now.root and not now.root_kept)
        self.root.setEnabled(now.root)
        self.held.setText(t("device.held", number=now.held))
        self.held.setEnabled(any(line.state == "revoked" for line in now.lines) or now.held > 0)
        self._on_current(self.table.current_key())

    def _on_current(self, key: str) -> None:
        line = self._lines.get(key)
        stopped = line is not None and line.state == "revoked"
        self.stop.setEnabled(line is not None and line.revocable and not stopped)
        self.lift.setEnabled(line is not None and line.liftable)
        self.fill.setEnabled(line is not None and not line.ours)
        self._says.setText(_says(line))

    def _on_fill(self) -> None:
        line = self._lines.get(self.table.current_key())
        if line is not None:
            self.asked.emit("device_new", line.scope)

    def _on_stop(self) -> None:
        line = self._lines.get(self.table.current_key())
        if line is not None:
            self.asked.emit("device_lost", line)

    def _on_lift(self) -> None:
        line = self._lines.get(self.table.current_key())
        if line is None:
            return
        title, text = t("device.lift"), t("device.lift_why", place=line.place)
        if self._ask.confirm(title, text, t("device.lift")):
            self._runner.run(partial(self._devices.lift, line.key), self._on_lifted)

    def _on_lifted(self, _changes: Changes) -> None:
        self.say(t("device.lifted"))
        self._read()


def who(line: DeviceLine) -> str:
    """Return the person and the machine as far as they are known here."""
    known = [text for text in (line.person, line.machine) if text]
    if line.issues and not known and not line.entries:
        return t("device.root")
    return t("detail.dot").join(known) or t("device.number", mark=line.device[:8])


def _cells(line: DeviceLine) -> tuple[str, ...]:
    state = t(f"device.state_{line.state}")
    if line.state == "revoked":
        state = t("device.state_stopped", day=line.revoked_on, reason=t(f"device.reason_{line.reason}"))
    marks = [state]
    if line.ours:
        marks.append(t("device.ours"))
    if line.issues:
        marks.append(t("device.issues"))
    if line.held:
        marks.append(t("device.has_held", number=line.held))
    return (
        line.place,
        who(line),
        t("detail.dot").join(marks),
        moment(line.delivered_at) or moment(line.up_to),
        f"{line.entries:,}" if line.entries else "",
        line.until,
    )


def _says(line: DeviceLine | None) -> str:
    if line is None:
        return t("device.choose")
    if line.ours:
        return t("device.says_ours")
    if line.state == "revoked":
        return t("device.says_stopped")
    return t("device.says" if line.revocable else "device.says_foreign")
