"""Enrol a computer below: open its request, compare the eight digits, choose role and place, grant."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from app.domain.ids import Level
from app.ui import theme
from app.ui.desks.enrol import Chosen, EnrolDesk
from app.ui.parts.buttons import button
from app.ui.parts.choices import Choice, CodeInput
from app.ui.parts.enrol_parts import CodeLabel, page_body, released
from app.ui.parts.form_grid import FormGrid
from app.ui.parts.inputs import CodeLine, LineInput
from app.ui.parts.page import Page
from app.ui.parts.page_frame import Card, PageFrame
from app.ui.parts.words import words
from app.ui.texts import t

if TYPE_CHECKING:
    from app.ui.ask import Ask
    from app.ui.desk import Desk
    from app.ui.desks.enrol import Asked, Granted
    from app.ui.runner import Runner


class EnrolGrantPage(Page):
    """The code is typed as heard from the other side; it is never filled in from the file."""

    help_key = "enrol.grant_help"

    def __init__(self, desk: Desk, runner: Runner, ask: Ask) -> None:
        super().__init__()
        self._runner, self._ask = runner, ask
        self._enrol = desk.group(EnrolDesk)
        self._file: Path | None = None
        self.frame = PageFrame(t("enrol.grant_title"))
        self.frame.show_title(t("enrol.grant_title"), desk.place.name)
        self.frame.show_keys(((("Ctrl", "Enter"), t("enrol.grant_write")), (("Esc",), t("app.back"))))
        self.open = button(t("enrol.grant_open"), "plain", "file")
        self._asked = words(t("enrol.grant_none"), "value", wrap=True)
        self._code = CodeLabel()
        self.form = FormGrid(2)
        self._result = words("", "value", wrap=True)
        self._lay_out()
        self.frame.back_asked.connect(self.left)
        self.frame.primary_asked.connect(self._on_grant)
        self.open.clicked.connect(self._on_open)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self._on_grant)

    def show_for(self, subject: object = None) -> None:
        """Begin anew; a path is opened at once."""
        self._file = None
        self._asked.setText(t("enrol.grant_none"))
        self._code.setText("")
        self.form.fill({})
        self.form.setEnabled(False)
        self._result.hide()
        self.frame.show_primary(t("enrol.grant_write"), enabled=False)
        self.open.setFocus()
        if isinstance(subject, Path):
            self._read(subject)

    def next_problem(self, *, backwards: bool = False) -> None:
        """Go through the marked fields."""
        self.form.next_problem(backwards=backwards)

    def _lay_out(self) -> None:
        left = Card()
        left.add(words(t("enrol.grant_who"), "section"))
        left.add(words(t("enrol.grant_why"), "muted", wrap=True))
        row = QHBoxLayout()
        row.addWidget(self.open)
        row.addStretch(1)
        left.column.addLayout(row)
        left.add(self._asked)
        self._code.setMinimumHeight(theme.px(64))
        left.add(self._code)
        left.column.addStretch(1)
        right = Card()
        right.add(words(t("enrol.grant_compare"), "section"))
        right.add(words(t("enrol.grant_compare_why"), "muted", wrap=True))
        right.add(self._result)
        self.form.add("code", t("enrol.heard_code"), CodeLine(), span=2, required=True)
        levels = [Choice(str(level), t(f"enrol.level_{level}")) for level in Level]
        self.form.add("level", t("enrol.role"), CodeInput(levels), required=True)
        self.form.add("scope", t("enrol.scope"), CodeLine(), required=True, hint=t("enrol.scope_hint"))
        self.form.add("name", t("enrol.place_name"), LineInput(), span=2, hint=t("enrol.place_name_hint"))
        right.add(self.form)
        right.column.addStretch(1)
        self.frame.add(page_body(left, right), 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.frame)

    def _on_open(self) -> None:
        file = self._ask.open_file(t("enrol.grant_open"), t("enrol.request_pattern"))
        if file is not None:
            self._read(file)

    def _read(self, file: Path) -> None:
        self._runner.read(partial(self._enrol.read_request, file), partial(self._on_asked, file))

    def _on_asked(self, file: Path, asked: Asked) -> None:
        self._file = file
        self._asked.setText(
            t(
                "enrol.grant_asked",
                place=asked.place or asked.scope,
                scope=asked.scope,
                level=t(f"enrol.level_{asked.level}"),
                person=asked.person or t("list.unknown"),
                machine=asked.machine or t("list.unknown"),
            )
        )
        self._code.show_code(asked.code)
        self.form.setEnabled(True)
        known = {"level": str(asked.level), "scope": asked.scope, "name": asked.place}
        self.form.fill({"code": "", **known})
        self._result.hide()
        self.frame.show_primary(t("enrol.grant_write"))
        self.form.focus("code")

    def _on_grant(self) -> None:
        if self._file is None:
            return
        if self.form.check():
            self.form.next_problem()
            return
        folder = self._ask.folder(t("enrol.grant_folder"))
        if folder is None:
            return
        values = self.form.values()
        chosen = Chosen(Level(str(values["level"])), str(values["scope"]), str(values["name"]))
        work = partial(self._enrol.grant, self._file, folder, str(values["code"]), chosen)
        self._runner.run(work, self._on_granted)

    def _on_granted(self, granted: Granted) -> None:
        text = t("enrol.granted", file=granted.file.name, folder=str(granted.file.parent))
        text += released(granted)
        self._result.setText(text)
        self._result.show()
        self.form.setEnabled(False)
        self._file = None
        self.frame.show_primary(t("enrol.grant_write"), enabled=False)
        self.say(t("enrol.grant_done"))
