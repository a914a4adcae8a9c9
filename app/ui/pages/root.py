"""根钥匙: two sticks, a printed sheet, one line typed back; until then the board reminds."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.desks.root import RootDesk, RootNow
from app.ui.parts import printing
from app.ui.parts.buttons import button
from app.ui.parts.choices import Choice, CodeInput
from app.ui.parts.enrol_parts import Steps, page_body
from app.ui.parts.form_grid import FormGrid
from app.ui.parts.inputs import LineInput
from app.ui.parts.page import Page
from app.ui.parts.page_frame import Card, PageFrame, scrolled
from app.ui.parts.passphrase import PassphraseInput
from app.ui.parts.words import words
from app.ui.texts import t

if TYPE_CHECKING:
    from pathlib import Path

    from app.domain.errors import AppError
    from app.ui.ask import Ask
    from app.ui.desk import Desk
    from app.ui.runner import Cancelled, Report, Runner

_STICKS = 2


class RootPage(Page):
    """Three parts one below the other; each tells when it was done."""

    help_key = "root.help"

    def __init__(self, desk: Desk, runner: Runner, ask: Ask) -> None:
        super().__init__()
        self._runner, self._ask = runner, ask
        self._root = desk.group(RootDesk)
        self._line = 1
        self.frame = PageFrame(t("root.title"))
        self.frame.show_title(t("root.title"), desk.place.name)
        self.frame.show_keys(((("Esc",), t("app.back")),))
        self.back = button(t("root.restore"), "plain", "undo")
        self.frame.add_right(self.back)
        left = QWidget()
        cards = QVBoxLayout(left)
        cards.setContentsMargins(0, 0, 0, 0)
        cards.setSpacing(theme.px(10))
        for fill in (self._add_sticks, self._add_sheet, self._add_check):
            card = Card()
            fill(card)
            cards.addWidget(card)
        cards.addStretch(1)
        self.frame.add(page_body(scrolled(left), _why()), 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.frame)
        self.frame.back_asked.connect(self.left)
        self.back.clicked.connect(partial(self.asked.emit, "root_restore", None))

    def show_for(self, subject: object = None) -> None:  # noqa: ARG002
        """Read how far it has come."""
        self.form.fill({})
        self.check.fill({})
        self._read()

    def next_problem(self, *, backwards: bool = False) -> None:
        """Go through the marked fields."""
        for form in (self.form, self.check):
            if form.problems():
                form.next_problem(backwards=backwards)
                return

    def _add_sticks(self, card: Card) -> None:
        card.add(words(t("root.sticks"), "section"))
        self._sticks = words("", "value", wrap=True)
        card.add(self._sticks)
        self.form = FormGrid(2)
        for name in ("passphrase", "again"):
            label = t(f"root.{name}")
            self.form.add(name, label, PassphraseInput(label), required=True)
        card.add(self.form)
        self.stick = button(t("root.write_stick"), "plain", "usb")
        self.stick.clicked.connect(self._on_stick)
        _row(card, self.stick)

    def _add_sheet(self, card: Card) -> None:
        card.add(words(t("root.sheet"), "section"))
        self._printed = words("", "value", wrap=True)
        card.add(self._printed)
        names = printing.printers()
        self.printer = CodeInput([Choice(name, name) for name in names])
        self.printer.setAccessibleName(t("preview.printer"))
        self.printer.set_value(names[0] if names else "")
        self.printer.setVisible(bool(names))
        self.print = button(t("root.print"), "plain", "printer")
        self.print.setEnabled(bool(names))
        self.save = button(t("root.save"), "link")
        self.print.clicked.connect(self._on_print)
        self.save.clicked.connect(self._on_save)
        _row(card, self.printer, self.print, self.save)

    def _add_check(self, card: Card) -> None:
        card.add(words(t("root.check"), "section"))
        self._confirmed = words("", "value", wrap=True)
        card.add(self._confirmed)
        self.check = FormGrid(1)
        self.check.add("line", t("root.check_line", line=1), LineInput(), required=True)
        card.add(self.check)
        self.confirm = button(t("root.check_do"), "plain", "check")
        self.confirm.clicked.connect(self._on_confirm)
        _row(card, self.confirm)

    def _read(self) -> None:
        self._runner.read(self._root.now, self._on_now, lane=(id(self), "now"))

    def _on_now(self, now: RootNow) -> None:
        for part in (self.stick, self.save, self.confirm, self.form, self.check):
            part.setEnabled(now.held)
        self.print.setEnabled(now.held and bool(self.printer.value()))
        if not now.held:
            self._sticks.setText(t("root.none_here"))
            return
        days = t("detail.and").join(now.sticks)
        self._sticks.setText(
            t("root.sticks_done", number=len(now.sticks), days=days)
            if len(now.sticks) >= _STICKS
            else t("root.sticks_left", number=_STICKS - len(now.sticks))
        )
        self._printed.setText(t("root.printed", day=now.printed) if now.printed else t("root.not_printed"))
        self._confirmed.setText(
            t("root.confirmed", day=now.confirmed)
            if now.confirmed
            else t("root.not_confirmed", line=self._line)
        )
        self.frame.show_pill(t("root.safe") if now.is_safe else t("root.unsafe"))

    def _on_stick(self) -> None:
        if self.form.check():
            self.form.next_problem()
            return
        values = self.form.values()
        if values["passphrase"] != values["again"]:
            self.form.set_problem("again", t("root.again_differs"))
            self.form.focus("again")
            return
        folder = self._ask.folder(t("root.stick_folder"))
        if folder is not None:
            work = partial(self._root.write_stick, folder, str(values["passphrase"]))
            self._runner.run(work, self._on_stick_written)

    def _on_stick_written(self, file: Path) -> None:
        self.say(t("root.stick_written", file=file.name))
        self._read()

    def _on_print(self) -> None:
        job = self._runner.run_long(
            partial(self._print, self.printer.value()), self._on_sheet, self.progressed.emit, self._on_failed
        )
        self.waiting.emit(job, t("preview.printing"))

    def _print(self, printer: str, report: Report, cancelled: Cancelled) -> str:
        """Print, then write the audit; the sheet is nowhere else. Runs in a worker."""
        printing.print_pdf(self._root.sheet(), printer, 1, report, cancelled)
        self._root.note("print")
        return "root.printed_now"

    def _on_save(self) -> None:
        if not self._ask.confirm(t("root.save"), t("root.save_why"), t("root.save"), danger=True):
            return
        path = self._ask.save_file(t("root.save"), t("root.file_name"), "PDF (*.pdf)")
        if path is not None:
            self._runner.run(partial(self._save, path), self._on_sheet)

    def _save(self, path: Path) -> str:
        printing.save_pdf(self._root.sheet(), path)
        self._root.note("save")
        return "root.saved_now"

    def _on_sheet(self, told: str) -> None:
        self.waited.emit()
        self.say(t(told))
        self._read()

    def _on_confirm(self) -> None:
        if self.check.check():
            self.check.next_problem()
            return
        work = partial(self._root.confirm, self._line, str(self.check.values()["line"]))
        self._runner.run(work, self._on_confirmed)

    def _on_confirmed(self, _nothing: None) -> None:
        self.check.fill({})
        self.say(t("root.check_done"))
        self._read()

    def _on_failed(self, error: AppError) -> None:
        self.waited.emit()
        self._runner.failed.emit(error)


def _row(card: Card, *parts: QWidget) -> None:
    row = QHBoxLayout()
    row.setSpacing(theme.px(10))
    for part in parts:
        row.addWidget(part)
    row.addStretch(1)
    card.column.addLayout(row)


def _why() -> Card:
    card = Card()
    card.add(words(t("root.what"), "section"))
    card.add(words(t("root.what_why"), "value", wrap=True))
    card.add(words(t("enrol.next"), "section"))
    card.add(Steps([t(f"root.step_{number}") for number in range(1, 5)]))
    card.column.addStretch(1)
    return card
