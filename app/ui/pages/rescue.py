"""At the office above: open a request for a forgotten passphrase, compare the digits, answer it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout

from app.ui import theme
from app.ui.desks.forgot import RescueDesk
from app.ui.parts.buttons import button
from app.ui.parts.enrol_parts import CodeLabel, page_body
from app.ui.parts.form_grid import FormGrid
from app.ui.parts.inputs import CodeLine
from app.ui.parts.page import Page
from app.ui.parts.page_frame import Card, PageFrame
from app.ui.parts.words import words
from app.ui.texts import t

if TYPE_CHECKING:
    from pathlib import Path

    from app.ui.ask import Ask
    from app.ui.desk import Desk
    from app.ui.desks.forgot import Plea
    from app.ui.runner import Runner


class RescuePage(Page):
    """The digits are typed as heard; nothing is answered before it is said that the person is known."""

    help_key = "recovery.help"

    def __init__(self, desk: Desk, runner: Runner, ask: Ask) -> None:
        super().__init__()
        self._runner, self._ask = runner, ask
        self._rescue = desk.group(RescueDesk)
        self._file: Path | None = None
        self.frame = PageFrame(t("recovery.rescue"))
        self.frame.show_title(t("recovery.rescue"), desk.place.name)
        self.frame.show_keys(((("Ctrl", "Enter"), t("recovery.answer")), (("Esc",), t("app.back"))))
        self.open = button(t("recovery.open_request"), "plain", "file")
        self._told = words("", "value", wrap=True)
        self._code = CodeLabel()
        self.form = FormGrid(1)
        self.sure = QCheckBox(t("recovery.sure"))
        self._result = words("", "value", wrap=True)
        self._lay_out()
        self.frame.back_asked.connect(self.left)
        self.frame.primary_asked.connect(self._on_answer)
        self.open.clicked.connect(self._on_open)
        self.sure.toggled.connect(self._on_sure)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self._on_answer)

    def show_for(self, subject: object = None) -> None:  # noqa: ARG002
        """Begin anew."""
        self._file = None
        self._told.setText(t("recovery.none_open"))
        self._code.setText("")
        self._result.hide()
        self._ready(ready=False)
        self.open.setFocus()

    def next_problem(self, *, backwards: bool = False) -> None:
        """Go through the marked fields."""
        self.form.next_problem(backwards=backwards)

    def _lay_out(self) -> None:
        left = Card()
        left.add(words(t("recovery.rescue_who"), "section"))
        left.add(words(t("recovery.rescue_why"), "muted", wrap=True))
        row = QHBoxLayout()
        row.addWidget(self.open)
        row.addStretch(1)
        left.column.addLayout(row)
        left.add(self._told)
        self._code.setMinimumHeight(theme.px(64))
        left.add(self._code)
        left.column.addStretch(1)
        right = Card()
        right.add(words(t("recovery.compare"), "section"))
        right.add(words(t("recovery.compare_why"), "muted", wrap=True))
        self.form.add("code", t("enrol.heard_code"), CodeLine(), required=True)
        right.add(self.form)
        right.add(self.sure)
        right.add(self._result)
        right.column.addStretch(1)
        self.frame.add(page_body(left, right), 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.frame)

    def _ready(self, *, ready: bool) -> None:
        self.form.fill({})
        self.sure.setChecked(False)
        self.form.setEnabled(ready)
        self.sure.setEnabled(ready)
        self._on_sure()

    def _on_sure(self) -> None:
        self.frame.show_primary(t("recovery.answer"), enabled=self.sure.isChecked())

    def _on_open(self) -> None:
        path = self._ask.open_file(t("recovery.open_request"), t("recovery.request_pattern"))
        if path is not None:
            self._runner.read(partial(self._rescue.look, path), partial(self._on_plea, path))

    def _on_plea(self, path: Path, plea: Plea) -> None:
        self._file = path
        text = t(
            "recovery.plea",
            place=plea.place or plea.scope,
            level=t(f"enrol.level_{plea.level}"),
            person=plea.person or t("list.unknown"),
            machine=plea.machine or t("list.unknown"),
        )
        self._told.setText(text if plea.known else text + "\n" + t("recovery.unknown_computer"))
        self._code.show_code(plea.code)
        self._result.hide()
        self._ready(ready=True)
        self.form.focus("code")

    def _on_answer(self) -> None:
        if self._file is None or not self.sure.isChecked():
            return
        if self.form.check():
            self.form.next_problem()
            return
        folder = self._ask.folder(t("recovery.answer_folder"))
        if folder is not None:
            code = str(self.form.values()["code"])
            self._runner.run(partial(self._rescue.answer, self._file, folder, code), self._on_answered)

    def _on_answered(self, file: Path) -> None:
        self._file = None
        self._ready(ready=False)
        self._result.setText(t("recovery.answered", file=file.name, folder=str(file.parent)))
        self._result.show()
        self.say(t("recovery.answered_short"))
