"""Settings: how it looks, the line in force, backup, and the people who work at this computer."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.ids import Kind
from app.ui import theme
from app.ui.desk import LockDesk, Looks
from app.ui.desks.checkup import CheckupDesk
from app.ui.desks.forgot import RescueDesk
from app.ui.models.household_list import yuan
from app.ui.parts.buttons import button
from app.ui.parts.form_grid import FormGrid
from app.ui.parts.inputs import LineInput, MoneyInput
from app.ui.parts.page import WATCH, Page
from app.ui.parts.page_frame import Card, PageFrame, scrolled
from app.ui.parts.people_card import PeopleCard
from app.ui.parts.program_card import ProgramCard
from app.ui.parts.second_place import SecondPlace
from app.ui.parts.words import words
from app.ui.texts import t
from app.ui.updating import Updating

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from app.domain.changes import Changes
    from app.queries.persons import PersonLine
    from app.ui.ask import Ask
    from app.ui.desk import BackupState, Desk, LineNow, SettingsDesk
    from app.ui.runner import Job, Runner


class LooksCard(Card):
    """Type size and contrast; ``wanted(Looks)`` at a change."""

    wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.add(words(t("settings.looks"), "section"))
        self.add(words(t("settings.looks_why"), "muted", wrap=True))
        row = QHBoxLayout()
        row.setSpacing(theme.px(18))
        self._group = QButtonGroup(self)
        self.normal = QRadioButton(t("settings.normal"))
        self.large = QRadioButton(t("settings.large"))
        for choice in (self.normal, self.large):
            self._group.addButton(choice)
            row.addWidget(choice)
        row.addStretch(1)
        self.column.addLayout(row)
        self.contrast = QCheckBox(t("settings.contrast"))
        self.add(self.contrast)
        self.column.addStretch(1)
        now = theme.current()
        (self.large if now.scale > theme.NORMAL else self.normal).setChecked(True)
        self.contrast.setChecked(now.tokens == theme.CONTRAST)
        self._group.buttonClicked.connect(self._on_chosen)
        self.contrast.clicked.connect(self._on_chosen)

    def _on_chosen(self) -> None:
        self.wanted.emit(Looks(large=self.large.isChecked(), contrast=self.contrast.isChecked()))


class LineCard(Card):
    """The line of the open round; ``wanted(fen, document)`` when a new one is set."""

    wanted = Signal(int, str)

    def __init__(self) -> None:
        super().__init__()
        self.add(words(t("settings.line"), "section"))
        self._now = words("", "muted", wrap=True)
        self.add(self._now)
        self.form = FormGrid(2)
        self.form.add("fen", t("wizard.line_amount"), MoneyInput(t("wizard.line_unit")), required=True)
        self.form.add("doc", t("wizard.line_doc"), LineInput(), required=True, hint=t("wizard.line_doc_hint"))
        self.add(self.form)
        self.save = button(t("settings.line_save"))
        self.save.clicked.connect(self._on_save)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.save)
        self.column.addLayout(row)
        self.column.addStretch(1)

    def show_line(self, line: LineNow) -> None:
        """Show the line in force."""
        if not line.round_name:
            self._now.setText(t("settings.line_no_round"))
        elif line.fen is None:
            self._now.setText(t("settings.line_none", round=line.round_name))
        else:
            key = "settings.line_demo" if line.demo else "settings.line_now"
            self._now.setText(t(key, round=line.round_name, amount=yuan(line.fen), doc=line.doc))
        self.form.fill({"fen": line.fen if line.fen is not None else "", "doc": line.doc})
        self.form.setEnabled(bool(line.round_name))
        self.save.setEnabled(bool(line.round_name))

    def _on_save(self) -> None:
        if self.form.check():
            self.form.next_problem()
            return
        values = self.form.values()
        fen = values["fen"]
        if isinstance(fen, int):
            self.wanted.emit(fen, str(values["doc"]))


class BackupCard(Card):
    """When the last backup was made, and the button for one; ``wanted()`` when pressed."""

    wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.add(words(t("settings.backup"), "section"))
        self.add(words(t("settings.backup_why"), "muted", wrap=True))
        self._state = words("", "value", wrap=True)
        self.add(self._state)
        self.now = button(t("settings.backup_now"), "plain", "usb")
        self.now.clicked.connect(self.wanted)
        row = QHBoxLayout()
        row.addWidget(self.now)
        row.addStretch(1)
        self.column.addLayout(row)
        self.column.addStretch(1)

    def show_state(self, state: BackupState) -> None:
        """Show when and where the last one was made."""
        if state.days is None:
            self._state.setText(t("settings.backup_never"))
        elif state.days < 0:
            self._state.setText(t("settings.backup_ahead", date=state.on))
        elif state.path:
            self._state.setText(t("settings.backup_last", date=state.on, path=state.path))
        else:
            self._state.setText(t("settings.backup_last_day", date=state.on))


class SettingsPage(Page):
    """Five cards in two columns."""

    help_key = "settings.help"

    def __init__(self, desk: Desk, runner: Runner, ask: Ask) -> None:
        super().__init__()
        self._desk = desk
        self._settings: SettingsDesk = desk.settings
        self._runner = runner
        self._ask = ask
        self.looks, self.line, self.backup = LooksCard(), LineCard(), BackupCard()
        self.people, self.program = PeopleCard(), ProgramCard()
        self._lock = desk.group(LockDesk)
        self._rescue = desk.group(RescueDesk)
        self.updating = Updating(self._settings.program, runner, ask, self)
        self.second = SecondPlace(desk.group(CheckupDesk), runner, ask.folder)
        self.backup.column.insertWidget(self.backup.column.count() - 1, self.second)
        self.checkup = button(t("checkup.title"), "plain", "shield")
        self.devices = button(t("device.title"), "plain", "shield")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._frame())
        self._connect()

    def _cards(self) -> QWidget:
        grid_host = QWidget()
        grid = QGridLayout(grid_host)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(theme.px(14))
        grid.addWidget(self.looks, 0, 0)
        grid.addWidget(self.backup, 1, 0)
        grid.addWidget(self.line, 2, 0)
        grid.addWidget(self.people, 0, 1, 2, 1)
        grid.addWidget(self.program, 2, 1)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        return scrolled(grid_host)

    def _frame(self) -> PageFrame:
        frame = PageFrame(t("settings.title"), back=False)
        frame.show_title(t("settings.title"), t("settings.version", version=self._settings.version))
        frame.add_right(self.devices)
        frame.add_right(self.checkup)
        frame.hide_footer()
        frame.add(self._cards(), 1)
        return frame

    def _connect(self) -> None:
        self.looks.wanted.connect(self.looks_wanted)
        self.line.wanted.connect(self._on_line_wanted)
        self.backup.wanted.connect(self._on_backup_wanted)
        self.people.page_asked.connect(self.go_to)
        self.people.minutes_wanted.connect(self._on_minutes_wanted)
        self.second.chosen.connect(self._on_second_chosen)
        self.checkup.clicked.connect(partial(self.asked.emit, "checkup", None))
        self.devices.clicked.connect(partial(self.asked.emit, "devices", None))
        self.program.update_asked.connect(self.updating.update)
        self.program.back_asked.connect(self.updating.go_back)
        self.program.check_asked.connect(self.updating.check)
        self.program.restart_asked.connect(self.updating.restart)
        self.updating.waiting.connect(self._on_program_busy)
        self.updating.waited.connect(partial(self.program.show_busy, busy=False))
        self.updating.waiting.connect(self.waiting)
        self.updating.progressed.connect(self.progressed)
        self.updating.waited.connect(self.waited)
        self.updating.failed.connect(self._runner.failed)
        self.updating.installed.connect(self.program.show_next)

    def show_for(self, subject: object = None) -> None:  # noqa: ARG002
        """Read what is shown."""
        self._read()

    def on_changed(self, changes: Changes) -> None:
        """Read again when people or rounds changed."""
        if changes.has(Kind.PERSON, Kind.ROUND):
            self._read()

    def next_problem(self, *, backwards: bool = False) -> None:
        """Go through the marked fields."""
        self.line.form.next_problem(backwards=backwards)

    def _read(self) -> None:
        self._runner.read(self._settings.persons, self._on_persons, lane=(id(self), "persons"))
        self._runner.read(self._rescue.rescuers, self._on_rescuers, lane=(id(self), "rescuers"))
        self._runner.read(self._lock.minutes, self.people.show_minutes, lane=(id(self), "minutes"))
        self._runner.read(self._settings.line, self.line.show_line, lane=(id(self), "line"))
        self._runner.read(self._settings.backup_state, self.backup.show_state, lane=(id(self), "backup"))
        self._runner.read(self._settings.program.state, self.program.show_state, lane=(id(self), "program"))

        self.second.read()

    def _on_second_chosen(self, folder: str) -> None:
        if folder:
            self.say(t("backup.second_kept"))
        self._runner.read(self._settings.backup_state, self.backup.show_state, lane=(id(self), "backup"))

    def _on_program_busy(self, job: Job, _text: str) -> None:
        self.program.show_busy(busy=not job.over)

    def _on_persons(self, people: Sequence[PersonLine]) -> None:
        active = sum(one.active for one in people)
        self.people.show_people(self._desk.person.name if self._desk.person else "", active)

    def _on_rescuers(self, names: Sequence[str]) -> None:
        self.people.show_rescuers(names, self._desk.place.level)

    def _on_line_wanted(self, fen: int, doc: str) -> None:
        self._runner.run(partial(self._settings.set_line, fen, doc), self._on_line_set)

    def _on_line_set(self, _changes: Changes) -> None:
        self.say(t("settings.line_saved"))

    def _on_backup_wanted(self) -> None:
        folder = self._ask.folder(t("settings.backup_folder"))
        if folder is None:
            return
        job = self._runner.run_long(
            partial(self._settings.back_up, folder), self._on_backed_up, self.progressed.emit, self._on_failed
        )
        self.waiting.emit(job, t("settings.backing_up"))

    def _on_backed_up(self, path: Path) -> None:
        self.waited.emit()
        self.say(t("settings.backed_up", name=path.name))
        self._runner.read(self._settings.backup_state, self.backup.show_state, lane=(id(self), "backup"))

    def _on_failed(self, error: Exception) -> None:
        self.waited.emit()
        self._runner.failed.emit(error)

    def _on_minutes_wanted(self, minutes: int) -> None:
        self._runner.run(partial(self._lock.set_minutes, minutes), partial(self._on_minutes_set, minutes))

    def _on_minutes_set(self, minutes: int, _none: None) -> None:
        self.go_to(WATCH)
        self.say(t("people.minutes_set", minutes=minutes))
