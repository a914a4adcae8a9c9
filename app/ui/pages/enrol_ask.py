"""Ask to be enrolled: write the request file, show the eight digits, say what comes next."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout

from app.ui import theme
from app.ui.desks.enrol import EnrolDesk
from app.ui.parts.enrol_parts import CodeLabel, Steps, page_body
from app.ui.parts.page import Page
from app.ui.parts.page_frame import Card, PageFrame
from app.ui.parts.words import words
from app.ui.texts import t

if TYPE_CHECKING:
    from pathlib import Path

    from app.ui.ask import Ask
    from app.ui.desk import Desk
    from app.ui.runner import Runner


class EnrolAskPage(Page):
    """The code stays readable over the telephone for as long as the page is open."""

    help_key = "enrol.ask_help"

    def __init__(self, desk: Desk, runner: Runner, ask: Ask) -> None:
        super().__init__()
        self._runner, self._ask = runner, ask
        self._enrol = desk.group(EnrolDesk)
        self.frame = PageFrame(t("enrol.ask_title"))
        self.frame.show_title(t("enrol.ask_title"), desk.place.name)
        self.frame.show_keys(((("Ctrl", "Enter"), t("enrol.ask_write")), (("Esc",), t("app.back"))))
        card = Card()
        card.add(words(t("enrol.own_code"), "section"))
        self.code = CodeLabel()
        card.add(self.code)
        card.add(words(t("enrol.own_code_why"), "muted", wrap=True))
        self._written = words("", "value", wrap=True)
        self._written.hide()
        steps = Card()
        steps.add(words(t("enrol.next"), "section"))
        steps.add(Steps([t(f"enrol.ask_step_{number}") for number in range(1, 5)]))
        steps.column.addStretch(1)
        card.add(self._written)
        card.column.addStretch(1)
        self.frame.add(page_body(card, steps), 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.frame)
        self.frame.back_asked.connect(self.left)
        self.frame.primary_asked.connect(self._on_write)
        self.frame.show_primary(t("enrol.ask_write"))
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self._on_write)
        self.code.setAlignment(Qt.AlignmentFlag.AlignLeft)
        self.code.setMinimumHeight(theme.px(64))

    def show_for(self, subject: object = None) -> None:  # noqa: ARG002
        """Read this computer's code."""
        self._written.hide()
        self._runner.read(self._enrol.own_code, self.code.show_code, lane=(id(self), "code"))

    def _on_write(self) -> None:
        folder = self._ask.folder(t("enrol.ask_folder"))
        if folder is not None:
            self._runner.run(partial(self._enrol.request, folder), self._on_written)

    def _on_written(self, file: Path) -> None:
        self._written.setText(t("enrol.ask_written", file=file.name, folder=str(file.parent)))
        self._written.show()
        self.say(t("enrol.ask_done"))
