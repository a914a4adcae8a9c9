"""A new computer for an old one: what to do, the package that fills it, the digits to compare."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from app.domain.ids import Level
from app.ui.desks.devices import DevicesDesk
from app.ui.parts.buttons import button
from app.ui.parts.choices import Choice, CodeInput
from app.ui.parts.enrol_parts import CodeLabel, Steps, page_body
from app.ui.parts.form_grid import FormGrid
from app.ui.parts.page import Page
from app.ui.parts.page_frame import Card, PageFrame
from app.ui.parts.words import words
from app.ui.texts import t

if TYPE_CHECKING:
    from app.domain.errors import AppError
    from app.ui.ask import Ask
    from app.ui.desk import Desk
    from app.ui.desks.devices import DevicesNow, Filling
    from app.ui.runner import Runner


class DeviceNewPage(Page):
    """At the office above: make the package. At the new computer: the digits after it was taken in."""

    help_key = "device.new_help"

    def __init__(self, desk: Desk, runner: Runner, ask: Ask) -> None:
        super().__init__()
        self._runner, self._ask = runner, ask
        self._devices = desk.group(DevicesDesk)
        self._wanted = ""
        level = desk.place.level
        self.frame = PageFrame(t("device.new_title"))
        self.frame.show_title(t("device.new_title"), desk.place.name)
        self.frame.show_keys(((("Esc",), t("app.back")),))
        self.frame.add(page_body(self._actions(above=level is not Level.VILLAGE), _steps()), 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.frame)
        self.frame.back_asked.connect(self.left)
        self.write.clicked.connect(self._on_write)

    def _actions(self, *, above: bool) -> Card:
        left = Card()
        self.form = FormGrid(1)
        self.area = CodeInput()
        self.form.add("scope", t("device.new_area"), self.area, required=True)
        self.write = button(t("device.new_write"), "primary", "upload")
        self._written = words("", "value", wrap=True)
        self._written.hide()
        self._there = CodeLabel()
        self._there.setAccessibleName(t("device.new_code"))
        self._there.hide()
        if above:
            left.add(words(t("device.new_make"), "section"))
            left.add(words(t("device.new_make_why"), "muted", wrap=True))
            left.add(self.form)
            row = QHBoxLayout()
            row.addWidget(self.write)
            row.addStretch(1)
            left.column.addLayout(row)
            left.add(self._written)
            left.add(self._there)
        self.code = CodeLabel()
        self.code.setAccessibleName(t("device.new_here"))
        here = words(t("device.new_here"), "section")
        self._here = (here, words(t("device.new_here_why"), "muted", wrap=True), self.code)
        for part in self._here:
            left.add(part)
        left.column.addStretch(1)
        return left

    def show_for(self, subject: object = None) -> None:
        """Begin anew, with an area (12-digit code) chosen beforehand when one is given."""
        self._wanted = subject if isinstance(subject, str) else ""
        self._written.hide()
        self._there.hide()
        for part in self._here:
            part.show()
        self._runner.read(self._devices.now, self._on_now, lane=(id(self), "now"))
        self._runner.read(self._devices.filled_code, self.code.show_code, lane=(id(self), "code"))

    def next_problem(self, *, backwards: bool = False) -> None:
        """Go to the marked field."""
        self.form.next_problem(backwards=backwards)

    def _on_now(self, now: DevicesNow) -> None:
        areas = {line.scope: line.place for line in now.lines if line.state != "revoked" and not line.ours}
        self.area.offer([Choice(scope, place) for scope, place in areas.items()])
        if self._wanted in areas:
            self.area.set_value(self._wanted)
        elif self._wanted:
            self._written.setText(t("device.new_not_yet"))
            self._written.show()

    def _on_write(self) -> None:
        if self.form.check():
            self.form.next_problem()
            return
        folder = self._ask.folder(t("device.new_folder"))
        if folder is not None:
            work = partial(self._devices.fill, folder, self.area.value())
            job = self._runner.run_long(work, self._on_written, self.progressed.emit, self._on_failed)
            self.waiting.emit(job, t("sharing.exporting"))

    def _on_written(self, filling: Filling) -> None:
        self.waited.emit()
        counts = {"entries": filling.entries, "photos": filling.photos}
        text = t("device.new_written", file=filling.files[0], folder=filling.folder, **counts)
        self._written.setText(text)
        self._written.show()
        self._there.show_code(filling.code)
        self._there.setVisible(bool(filling.code))
        for part in self._here:
            part.hide()  # who made the package reads the other digits out
        self.say(t("device.new_done"))

    def _on_failed(self, error: AppError) -> None:
        self.waited.emit()
        self._runner.failed.emit(error)


def _steps() -> Card:
    card = Card()
    card.add(words(t("device.new_works"), "section"))
    card.add(Steps([t(f"device.new_step_{number}") for number in range(1, 6)]))
    card.column.addStretch(1)
    return card
