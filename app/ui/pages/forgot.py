"""The page for who forgot the passphrase: ask the office above by a file, take its answer, set a new one."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout

from app.ui import theme
from app.ui.parts.buttons import button
from app.ui.parts.choices import Choice, CodeInput
from app.ui.parts.door_frame import DoorFrame
from app.ui.parts.enrol_parts import CodeLabel
from app.ui.parts.form_grid import FormGrid
from app.ui.parts.inputs import LineInput
from app.ui.parts.people_cards import PassphrasePair
from app.ui.parts.words import set_role, words
from app.ui.texts import sentence, t

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from app.domain.errors import AppError
    from app.queries.persons import PersonLine
    from app.ui.ask import Ask
    from app.ui.desks.forgot import ForgotDesk, ForgotState, Written
    from app.ui.runner import Runner


class ForgotPage(DoorFrame):
    """``left()`` back to the passphrase, ``done(passphrase)`` when a new one was set."""

    left = Signal()
    done = Signal(str)

    def __init__(self, forgot: ForgotDesk, runner: Runner, ask: Ask, parent: QWidget | None = None) -> None:
        super().__init__(620, parent)
        self._forgot, self._runner, self._ask = forgot, runner, ask
        self._answer: Path | None = None
        self._others = words("", "value", wrap=True)
        self._told = words("", "muted", wrap=True)
        self.code = CodeLabel()
        self.name = FormGrid(1)
        self.name.add("person", t("recovery.your_name"), LineInput(), hint=t("recovery.your_name_hint"))
        self.ask_button = button(t("recovery.ask"), "plain", "usb")
        self.open_button = button(t("recovery.open_answer"), "primary", "file")
        self.back_button = button(t("app.back"), "quiet", "arrow_left")
        self.form = FormGrid(2)
        self.person = CodeInput([])
        self.form.add("person", t("recovery.who_are_you"), self.person, span=2, required=True)
        self.pair = PassphrasePair(self.form)
        self.pair.suggest.hide()
        self.save = button(t("recovery.set_new"), "primary", large=True)
        self._lay_out()
        self.ask_button.clicked.connect(self._on_ask)
        self.open_button.clicked.connect(self._on_open)
        self.back_button.clicked.connect(self.left)
        self.save.clicked.connect(self._on_save)
        QShortcut(QKeySequence("Esc"), self, self.left.emit)
        runner.read(forgot.state, self._on_state, self._on_failed)

    def message(self) -> str:
        """Return the line that tells what happened."""
        return self._told.text()

    def _lay_out(self) -> None:
        self.card.add(words(t("recovery.title"), "title"))
        self.card.add(self._others)
        self.code.setMinimumHeight(theme.px(56))
        row = QHBoxLayout()
        row.setSpacing(theme.px(10))
        for part in (self.back_button, self.ask_button, self.open_button):
            row.addWidget(part)
        row.addStretch(1)
        for below in (self.name, self.code, self._told, self.form, self.save):
            self.card.add(below)
        self.card.column.addLayout(row)
        for hidden in (self.code, self.form, self.save, self.name, self.ask_button, self.open_button):
            hidden.hide()

    def _on_state(self, state: ForgotState) -> None:
        lines = [t("recovery.others_can")] if state.people > 1 else []
        lines.append(t("recovery.above_can") if state.possible else t("recovery.nobody"))
        self._others.setText("\n".join(lines))
        for part in (self.name, self.ask_button):
            part.setVisible(state.possible)
        if state.possible and state.code:
            self._show_code(state.code)
            self._say(t("recovery.waiting"))

    def _show_code(self, code: str) -> None:
        self.code.show_code(code)
        self.code.show()
        self.open_button.show()

    def _on_ask(self) -> None:
        folder = self._ask.folder(t("recovery.ask_folder"))
        if folder is not None:
            person = str(self.name.field("person").value())
            self._runner.run(partial(self._forgot.request, person, folder), self._on_written, self._on_failed)

    def _on_written(self, written: Written) -> None:
        self._show_code(written.code)
        self._say(t("recovery.written", file=written.file.name, folder=str(written.file.parent)))

    def _on_open(self) -> None:
        path = self._ask.open_file(t("recovery.open_answer"), t("recovery.answer_pattern"))
        if path is not None:
            self._runner.read(
                partial(self._forgot.peek, path), partial(self._on_people, path), self._on_failed
            )

    def _on_people(self, path: Path, people: Sequence[PersonLine]) -> None:
        self._answer = path
        for part in (self.name, self.code, self._others, self.ask_button, self.open_button):
            part.hide()
        self.person.offer([Choice(one.id, f"{one.name} {one.position}".strip()) for one in people])
        self.form.show()
        self.save.show()
        self._say(t("recovery.choose"))
        self.form.focus("person")

    def _on_save(self) -> None:
        wrong = self.form.check()
        if not self.pair.check(required=True) or wrong or self._answer is None:
            self.form.next_problem()
            return
        values = {name: str(value) for name, value in self.form.values().items()}
        work = partial(self._forgot.finish, self._answer, values["person"], values["passphrase"])
        self._runner.run(work, partial(self._on_finished, values["passphrase"]), self._on_failed)

    def _on_finished(self, passphrase: str, _none: None) -> None:
        self.form.fill({})
        self.done.emit(passphrase)

    def _on_failed(self, error: AppError) -> None:
        set_role(self._told, "error")
        self._told.setText(sentence(error))

    def _say(self, text: str) -> None:
        set_role(self._told, "value")
        self._told.setText(text)
