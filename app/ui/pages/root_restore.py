"""Take a root back into a new workspace: from the sheet, line by line, or from a stick."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from app.ui.desks.root import RootDesk
from app.ui.parts.buttons import button
from app.ui.parts.enrol_parts import Steps, page_body
from app.ui.parts.form_grid import FormGrid
from app.ui.parts.inputs import LineInput
from app.ui.parts.page import Page
from app.ui.parts.page_frame import Card, PageFrame
from app.ui.parts.passphrase import PassphraseInput
from app.ui.parts.words import words
from app.ui.texts import t

if TYPE_CHECKING:
    from app.ui.ask import Ask
    from app.ui.desk import Desk
    from app.ui.runner import Runner

_LINES = ("1", "2", "3", "4")


class RootRestorePage(Page):
    """Each line is checked when the cursor leaves it, so a slip is found at once."""

    help_key = "root.restore_help"

    def __init__(self, desk: Desk, runner: Runner, ask: Ask) -> None:
        super().__init__()
        self._runner, self._ask = runner, ask
        self._root = desk.group(RootDesk)
        self.frame = PageFrame(t("root.restore"))
        self.frame.show_title(t("root.restore"), desk.place.name)
        self.frame.show_keys(((("Esc",), t("app.back")),))
        self._lay_out()
        self.frame.show_primary(t("root.restore_do"))
        self.frame.back_asked.connect(self.left)
        self.frame.primary_asked.connect(self._on_typed)
        self.lines.edited.connect(self._on_edited)
        self.stick.clicked.connect(self._on_stick)

    def _lay_out(self) -> None:
        left = Card()
        left.add(words(t("root.by_sheet"), "section"))
        self.lines = FormGrid(1)
        for number in _LINES:
            self.lines.add(number, t("root.check_line", line=number), LineInput(), required=True)
        left.add(self.lines)
        left.column.addStretch(1)
        right = Card()
        right.add(words(t("root.by_stick"), "section"))
        self.lock = FormGrid(1)
        label = t("root.passphrase")
        self.lock.add("passphrase", label, PassphraseInput(label), required=True)
        right.add(self.lock)
        self.stick = button(t("root.open_stick"), "plain", "usb")
        row = QHBoxLayout()
        row.addWidget(self.stick)
        row.addStretch(1)
        right.column.addLayout(row)
        right.add(words(t("enrol.next"), "section"))
        right.add(Steps([t(f"root.restore_step_{number}") for number in range(1, 4)]))
        right.column.addStretch(1)
        self.frame.add(page_body(left, right), 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.frame)

    def show_for(self, subject: object = None) -> None:  # noqa: ARG002
        """Begin anew."""
        self.lines.fill({})
        self.lock.fill({})
        self.lines.focus("1")

    def next_problem(self, *, backwards: bool = False) -> None:
        """Go through the marked fields."""
        for form in (self.lines, self.lock):
            if form.problems():
                form.next_problem(backwards=backwards)
                return

    def _on_edited(self, name: str) -> None:
        from app.domain.recovery_text import is_line

        text = str(self.lines.field(name).value())
        if text and not is_line(int(name), text):
            self.lines.set_problem(name, t("root.line_wrong", line=name))

    def _on_typed(self) -> None:
        if self.lines.check():
            self.lines.next_problem()
            return
        values = self.lines.values()
        text = " ".join(str(values[number]) for number in _LINES)
        self._runner.run(partial(self._root.restore_typed, text), self._on_restored)

    def _on_stick(self) -> None:
        if self.lock.check():
            self.lock.next_problem()
            return
        file = self._ask.open_file(t("root.open_stick"), t("root.pattern"))
        if file is not None:
            work = partial(self._root.restore_file, file, str(self.lock.values()["passphrase"]))
            self._runner.run(work, self._on_restored)

    def _on_restored(self, _packages: int) -> None:
        self.lines.fill({})
        self.lock.fill({})
        self._ask.tell(t("root.restore"), t("root.restored"))
        self.asked.emit("root", None)
