"""The preview: a paper on the screen before it is printed or saved; also the plain lists of the home."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.document import ListKind, Output, Paper
from app.paths import settings_file
from app.queries.household_list import ListQuery
from app.settings import load_settings, save_settings, with_folder
from app.ui import theme
from app.ui.desks.papers import PapersDesk
from app.ui.parts import printing
from app.ui.parts.buttons import button
from app.ui.parts.choices import Choice, CodeInput
from app.ui.parts.page import Page
from app.ui.parts.page_frame import Card, PageFrame
from app.ui.parts.paper_view import PaperView
from app.ui.parts.words import words
from app.ui.runner import CANCELLED
from app.ui.texts import t

if TYPE_CHECKING:
    from app.domain.errors import AppError
    from app.ui.ask import Ask
    from app.ui.desk import Desk
    from app.ui.runner import Cancelled, Report, Runner

_PURPOSE = "paper"  # of the folder remembered in the settings
_COPIES = 9
_PANEL = 286
_CHUNK = 128  # lines the list gives at a time
_LISTS = (ListKind.STEP, ListKind.MISSING, ListKind.COMPARE, ListKind.AUDIT)


class PrintPanel(Card):
    """Which list, which printer, how many; ``print_asked`` and ``save_asked``, ``list_chosen(ListKind)``."""

    print_asked = Signal()
    save_asked = Signal()
    list_chosen = Signal(object)

    def __init__(self, printers: tuple[str, ...]) -> None:
        super().__init__()
        self.setFixedWidth(theme.px(_PANEL))
        self.add(words(t("preview.print"), "section"))
        self._kind_label = words(t("preview.list"), "label")
        self.kind = _listed(t("preview.list"), [Choice(k.value, _list_name(k)) for k in _LISTS])
        self.printer = _listed(t("preview.printer"), [Choice(name, name) for name in printers])
        self.copies = _listed(t("preview.copies"), _copies())
        self._none = words(t("preview.no_printer"), "warning", wrap=True)
        self._none.setVisible(not printers)
        self._missing = words("", "warning", wrap=True)
        self.print = button(t("preview.print"), "primary", "printer", large=True)
        self.save = button(t("preview.save"), "plain", "download")
        self._has_printer = bool(printers)
        of_printer = (
            (words(t("preview.printer"), "label"), self.printer),
            (words(t("preview.copies"), "label"), self.copies),
        )
        for label, part in ((self._kind_label, self.kind), *of_printer):
            self.add(label)
            self.add(part)
        for below in (self._none, self._missing, self.print, self.save):
            self.add(below)
        for label, part in of_printer:
            label.setVisible(self._has_printer)
            part.setVisible(self._has_printer)
        self.print.setVisible(self._has_printer)
        self._missing.hide()
        self.column.addStretch(1)
        self.kind.left_field.connect(self._on_kind)
        self.print.clicked.connect(self.print_asked)
        self.save.clicked.connect(self.save_asked)

    def show_kind(self, kind: ListKind | None) -> None:
        """Offer other lists of the same households, or none for a single paper."""
        self._kind_label.setVisible(kind is not None)
        self.kind.setVisible(kind is not None)
        self.kind.set_value(kind.value if kind is not None else "")

    def show_missing(self, missing: tuple[str, ...]) -> None:
        """Name the characters that will be printed as 〓."""
        self._missing.setText(missing_text(missing) if missing else "")
        self._missing.setVisible(bool(missing))

    def show_ready(self, *, ready: bool) -> None:
        """Let a paper be printed and saved, or not while there is none."""
        self.print.setEnabled(ready and self._has_printer)
        self.save.setEnabled(ready)

    def _on_kind(self) -> None:
        self.list_chosen.emit(ListKind(self.kind.value()))


class PreviewPage(Page):
    """Shows a ``Paper``, or for a ``ListQuery`` a list of its households; prints and saves it."""

    help_key = "preview.help"

    def __init__(self, desk: Desk, runner: Runner, ask: Ask, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._papers = desk.group(PapersDesk)
        self._runner = runner
        self._ask = ask
        self._paper: Paper | None = None
        self._query: ListQuery | None = None
        self._frame = PageFrame(t("preview.title"))
        self.view = PaperView()
        self.panel = PrintPanel(printing.printers())
        sheet = Card()
        sheet.column.setContentsMargins(1, 1, 1, 1)
        sheet.add(self.view, 1)
        body = QWidget()
        row = QHBoxLayout(body)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(14))
        row.addWidget(sheet, 1)
        row.addWidget(self.panel)
        self._frame.add(body, 1)
        self._frame.show_keys(((("Ctrl", "P"), t("preview.print")), (("Esc",), t("app.back"))))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._frame)
        self._frame.back_asked.connect(self.left)
        self.panel.print_asked.connect(self._on_print)
        self.panel.save_asked.connect(self._on_save)
        self.panel.list_chosen.connect(self._show_list)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Print), self, self._on_print)

    def show_for(self, subject: object = None) -> None:
        """Show a paper; for a query of the home, the list of its households."""
        self._query = subject if isinstance(subject, ListQuery) else None
        self.panel.show_kind(ListKind.STEP if self._query is not None else None)
        if isinstance(subject, Paper):
            self._on_paper(subject)
        elif self._query is not None:
            self._show_list(ListKind.STEP)

    def hideEvent(self, event: QHideEvent) -> None:
        """Override: what is private leaves the memory with the page; a minimised window keeps it."""
        if not event.spontaneous():
            self.view.close_paper()
            self._paper = None

    def _show_list(self, kind: ListKind) -> None:
        query = self._query
        if query is not None:
            self.panel.show_ready(ready=False)
            self._runner.read(partial(self._list, kind, query), self._on_paper, lane=self)

    def _list(self, kind: ListKind, query: ListQuery) -> Paper:
        """Return the list of all households of a query; runs in a worker."""
        numbers = self._desk.home.ids(query)
        cases = [
            line.case
            for start in range(0, len(numbers), _CHUNK)
            for line in self._desk.home.lines(numbers[start : start + _CHUNK])
            if line.case
        ]
        return self._papers.listing(kind, cases)

    def _on_paper(self, paper: Paper) -> None:
        self._paper = paper
        self.view.show_paper(paper.name.removesuffix(".pdf"), paper.data)
        self.panel.show_missing(paper.missing)
        self.panel.show_ready(ready=True)
        self._frame.show_title(t("preview.title"), t("preview.pages", pages=self.view.page_count()))
        self.view.view.setFocus()

    def _on_print(self) -> None:
        paper = self._paper
        if paper is None or not self.panel.print.isEnabled() or not self._accepts(paper):
            return
        printer, copies = self.panel.printer.value(), int(self.panel.copies.value())
        work = partial(self._print, paper, printer, copies)
        done = partial(self._on_done, t("preview.printed", printer=printer, copies=copies))
        job = self._runner.run_long(work, done, self._on_progress, self._on_failed)
        self.waiting.emit(job, t("preview.printing"))

    def _print(self, paper: Paper, printer: str, copies: int, report: Report, cancelled: Cancelled) -> None:
        """Print, then write the audit; runs in a worker."""
        printing.print_pdf(paper.data, printer, copies, report, cancelled)
        self._papers.note(paper, Output.PRINT)

    def _on_save(self) -> None:
        paper = self._paper
        if paper is None or not self._accepts(paper):
            return
        settings = load_settings(settings_file()).settings
        suggested = Path(settings.last_folders.get(_PURPOSE, "")) / paper.name
        path = self._ask.save_file(t("preview.save"), str(suggested), "PDF (*.pdf)")
        if path is None:
            return
        path = path if path.suffix.lower() == ".pdf" else path.with_name(path.name + ".pdf")
        save_settings(settings_file(), with_folder(settings, _PURPOSE, path.parent))
        done = partial(self._on_done, t("preview.saved", file=path.name))
        self._runner.run(partial(self._save, paper, path), done)

    def _save(self, paper: Paper, path: Path) -> None:
        """Write the file, then the audit; runs in a worker."""
        printing.save_pdf(paper.data, path)
        self._papers.note(paper, Output.SAVE)

    def _accepts(self, paper: Paper) -> bool:
        """Ask once more when characters are missing."""
        if not paper.missing:
            return True
        return self._ask.confirm(t("preview.missing_title"), missing_text(paper.missing), t("preview.anyway"))

    def _on_progress(self, done: int, of: int) -> None:
        self.progressed.emit(done, of)

    def _on_done(self, text: str, _result: object) -> None:
        self.waited.emit()
        self.say(text)

    def _on_failed(self, error: AppError) -> None:
        self.waited.emit()
        if error.code != CANCELLED:
            self._runner.failed.emit(error)


def missing_text(missing: tuple[str, ...]) -> str:
    """Return the sentence about characters no font has."""
    return t("preview.missing", count=len(missing), chars="、".join(missing))


def _listed(name: str, choices: list[Choice]) -> CodeInput:
    """Return a list to choose from whose first entry is chosen."""
    made = CodeInput(choices)
    made.removeItem(0)  # there is always an answer
    made.setAccessibleName(name)
    return made


def _copies() -> list[Choice]:
    return [Choice(str(n), t("preview.copies_of", copies=n)) for n in range(1, _COPIES + 1)]


def _list_name(kind: ListKind) -> str:
    return {
        ListKind.STEP: t("preview.list_step"),
        ListKind.MISSING: t("preview.list_missing"),
        ListKind.COMPARE: t("preview.list_compare"),
        ListKind.AUDIT: t("preview.list_audit"),
    }[kind]
