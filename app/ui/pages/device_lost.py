"""Stop a computer that was lost: which one, why, what will happen, and what to do next."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout

from app.ui.desks.devices import DevicesDesk
from app.ui.parts.arrival_words import moment
from app.ui.parts.choices import Choice, CodeInput
from app.ui.parts.enrol_parts import Steps, page_body
from app.ui.parts.form_grid import FormGrid
from app.ui.parts.page import Page
from app.ui.parts.page_frame import Card, PageFrame
from app.ui.parts.words import words
from app.ui.texts import t

if TYPE_CHECKING:
    from app.domain.changes import Changes
    from app.queries.devices import DeviceLine
    from app.ui.ask import Ask
    from app.ui.desk import Desk
    from app.ui.desks.devices import Outlook
    from app.ui.runner import Runner

_REASONS = ("lost", "stolen", "broken", "left", "replaced")


class DeviceLostPage(Page):
    """Opened for the line of a computer; nothing happens before the button and a second yes."""

    help_key = "device.lost_help"

    def __init__(self, desk: Desk, runner: Runner, ask: Ask) -> None:
        super().__init__()
        self._runner, self._ask = runner, ask
        self._devices = desk.group(DevicesDesk)
        self._line: DeviceLine | None = None
        self.frame = PageFrame(t("device.lost_title"))
        self.frame.show_title(t("device.lost_title"), desk.place.name)
        self.frame.show_keys(((("Ctrl", "Enter"), t("device.stop")), (("Esc",), t("app.back"))))
        self._lay_out()
        self.frame.back_asked.connect(self.left)
        self.frame.primary_asked.connect(self._on_stop)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self._on_stop)

    def _lay_out(self) -> None:
        left = Card()
        left.add(words(t("device.lost_which"), "section"))
        self._which = words("", "value", wrap=True)
        left.add(self._which)
        self.form = FormGrid(1)
        reasons = [Choice(code, t(f"device.reason_{code}")) for code in _REASONS]
        self.form.add("reason", t("device.reason"), CodeInput(reasons), required=True)
        left.add(self.form)
        left.add(words(t("device.lost_means"), "section"))
        self._means = words("", "value", wrap=True)
        left.add(self._means)
        self._done = words("", "value", wrap=True)
        self._done.hide()
        left.add(self._done)
        left.column.addStretch(1)
        right = Card()
        right.add(words(t("enrol.next"), "section"))
        right.add(Steps([t(f"device.lost_step_{number}") for number in range(1, 6)]))
        right.column.addStretch(1)
        self.frame.add(page_body(left, right), 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.frame)

    def show_for(self, subject: object = None) -> None:
        """Show a computer by its line; without one the page only explains."""
        from app.queries.devices import DeviceLine

        self._line = subject if isinstance(subject, DeviceLine) else None
        self.form.fill({})
        self.form.setEnabled(self._line is not None)
        self._done.hide()
        self._means.setText("")
        self.frame.show_primary(t("device.stop"), enabled=False)
        if self._line is None:
            self._which.setText(t("device.choose"))
            return
        line = self._line
        named = {"place": line.place, "person": line.person or t("list.unknown")}
        machine = line.machine or t("device.number", mark=line.device[:8])
        self._which.setText(t("device.lost_who", **named, machine=machine))
        self._runner.read(partial(self._devices.outlook, line.key), self._on_outlook)
        self.form.focus("reason")

    def next_problem(self, *, backwards: bool = False) -> None:
        """Go to the marked field."""
        self.form.next_problem(backwards=backwards)

    def _on_outlook(self, outlook: Outlook) -> None:
        key = "device.means" if outlook.entries else "device.means_nothing"
        self._means.setText(t(key, moment=moment(outlook.up_to), number=outlook.entries))
        self.frame.show_primary(t("device.stop"))

    def _on_stop(self) -> None:
        line = self._line
        if line is None or not self.frame.primary.isEnabled():
            return
        if self.form.check():
            self.form.next_problem()
            return
        text = t("device.stop_sure", place=line.place)
        if self._ask.confirm(t("device.lost_title"), text, t("device.stop"), danger=True):
            reason = str(self.form.values()["reason"])
            self._runner.run(partial(self._devices.revoke, line.key, reason), self._on_stopped)

    def _on_stopped(self, _changes: Changes) -> None:
        self._line = None
        self._done.setText(t("device.stopped"))
        self._done.show()
        self.form.setEnabled(False)
        self.frame.show_primary(t("device.stop"), enabled=False)
        self.say(t("device.stop_done"))
