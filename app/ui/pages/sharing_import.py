"""Take packages in: what each file brings before anything is written, then what it brought.

One page for the whole way: look, choose, take in, print what came, and take it back if need be.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.queries.tone import Tone
from app.ui import theme
from app.ui.desks.devices import DevicesDesk
from app.ui.desks.papers import PREVIEW
from app.ui.desks.sharing import SharingDesk
from app.ui.parts import dropped
from app.ui.parts.arrival_card import ArrivalCard
from app.ui.parts.arrival_words import Told, moment, told_after, told_before, told_left, undo_question
from app.ui.parts.buttons import button
from app.ui.parts.enrol_parts import CodeLabel
from app.ui.parts.member_table import RowsTable, TableColumn, TableRow
from app.ui.parts.page import Page
from app.ui.parts.page_frame import Card, PageFrame
from app.ui.parts.words import words
from app.ui.texts import t

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QDragEnterEvent, QDropEvent, QHideEvent

    from app.domain.changes import Changes
    from app.domain.document import Paper
    from app.domain.errors import AppError
    from app.queries.import_undo import UndoExtent
    from app.ui.ask import Ask
    from app.ui.desk import Desk
    from app.ui.desks.sharing import FileLine, Found, Taken, TakenLine
    from app.ui.runner import Cancelled, Report, Runner

T = TypeVar("T")

_BOOT = "boot"  # the kind of package that fills a new computer
_YEAR = len("2026-")  # left out in the table; the card tells the whole moment
_COLUMNS = (
    ("take", 8, False),
    ("from", 12, False),
    ("written", 14, False),
    ("new", 9, True),
    ("conflicts", 9, True),
    ("says", 15, False),
)


class SharingImportPage(Page):
    """Opened for a tuple of paths: files, or folders that hold some."""

    help_key = "sharing.import_help"

    def __init__(self, desk: Desk, runner: Runner, ask: Ask) -> None:
        super().__init__()
        self._runner, self._ask = runner, ask
        self._sharing = desk.group(SharingDesk)
        self._devices = desk.group(DevicesDesk)
        self._lines: dict[str, FileLine] = {}
        self._taken: dict[str, TakenLine] = {}
        self._skipped: set[str] = set()
        self._numbers: tuple[int, ...] = ()
        self._brought: tuple[int, ...] = ()
        self._subject: object = None
        self._working = self._done = False
        self.frame = PageFrame(t("sharing.import"))
        self.table = RowsTable(
            t("sharing.files"),
            [TableColumn(t(f"arrival.col_{name}"), weight, figures) for name, weight, figures in _COLUMNS],
        )
        self.about = ArrivalCard()
        self.print = button(t("arrival.print"), "plain", "printer")
        self.undo = button(t("arrival.undo"), "danger", "undo")
        self._why = words("", "muted", wrap=True)
        self._compare = words(t("arrival.compare_code"), "value", wrap=True)
        self.code = CodeLabel()
        self.code.setAccessibleName(t("device.new_here"))
        self._lay_out()
        self._connect()
        for part in (self.about, self.print, self.undo, self._compare, self.code):
            part.hide()
        self.setAcceptDrops(True)

    def show_for(self, subject: object = None) -> None:
        """Look into the files of ``subject``; nothing is written."""
        if isinstance(subject, tuple) and subject and not (self._done and subject is self._subject):
            self._subject = subject
            given = cast("tuple[object, ...]", subject)
            self._find([path for path in given if isinstance(path, Path)])

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Override: files and folders may be dropped."""
        dropped.accept(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Override: look into what was dropped, with the files that are here already."""
        paths = dropped.paths_of(event)
        if paths and not self._working:
            here = [] if self._done else [line.path for line in self._lines.values()]
            self._find([*here, *paths])

    def hideEvent(self, event: QHideEvent) -> None:
        """Override: who goes elsewhere does not want the files any more."""
        if not (event.spontaneous() or self._working or self._done):
            self._runner.run(self._sharing.leave)

    def _lay_out(self) -> None:
        card = Card()
        card.add(self._why)
        card.add(self._compare)
        card.add(self.code)
        card.add(self.table, 1)
        card.add(words(t("arrival.drop"), "muted"))
        body = QWidget()
        row = QHBoxLayout(body)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(14))
        row.addWidget(card, 7)
        row.addWidget(self.about, 5)
        self.frame.add(body, 1)
        self.frame.add_button(self.undo)
        self.frame.add_button(self.print)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.frame)

    def _connect(self) -> None:
        self.table.current_changed.connect(self._on_current)
        self.table.opened.connect(self._toggle)
        self.table.clicked.connect(self._on_clicked)
        self.about.toggled.connect(self._on_toggle)
        self.frame.back_asked.connect(self.left)
        self.frame.primary_asked.connect(self._on_primary)
        self.print.clicked.connect(self._on_print)
        self.undo.clicked.connect(self._on_undo)
        for shortcut in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(shortcut), self, self._on_primary)
        space = QShortcut(QKeySequence(Qt.Key.Key_Space), self.table, self._on_toggle)
        space.setContext(Qt.ShortcutContext.WidgetShortcut)

    def _begin(self, title: str) -> None:
        self._lines, self._taken, self._skipped, self._numbers = {}, {}, set(), ()
        self._done = False
        self.table.show_rows([])
        for part in (self.about, self.print, self.undo, self._compare, self.code):
            part.hide()
        self.frame.show_title(t("sharing.import"), title)
        keys = ((("Ctrl", "Enter"), t("sharing.key_import")), (("Space",), t("arrival.key_skip")))
        self.frame.show_keys((*keys, (("Esc",), t("app.back"))))
        self.frame.show_pill("")
        self.frame.show_primary("")
        self._why.setText(t("sharing.looking"))

    def _find(self, paths: list[Path]) -> None:
        self._begin("")
        self._runner.read(partial(self._sharing.find, paths), self._on_found, self._on_failed)

    def _on_found(self, found: Found) -> None:
        if found.others:
            self.noticed.emit(t("arrival.others", number=len(found.others)))
        files = found.packages
        if not files:
            self._finish(t("arrival.nothing_chosen"))
            return
        self._begin(t("sharing.files_number", number=len(files)))
        self._work(partial(self._sharing.preview, files), self._on_looked, t("sharing.looking"))

    def _work(
        self, work: Callable[[Report, Cancelled], T], on_done: Callable[[T], object], text: str
    ) -> None:
        self._working = True
        self.waiting.emit(self._runner.run_long(work, on_done, self.progressed.emit, self._on_failed), text)

    def _on_looked(self, lines: tuple[FileLine, ...]) -> None:
        self._working = False
        self.waited.emit()
        self._lines = {str(line.path): line for line in lines}
        self._skipped = {key for key, line in self._lines.items() if line.looked.refused is not None}
        self._show_rows()
        first = next((key for key in self._lines if self._told(key).warnings), next(iter(self._lines)))
        self.table.setCurrentIndex(self.table.rows.index(self.table.rows.row_of(first), 0))
        self.table.setFocus()

    def _told(self, key: str) -> Told:
        if not self._done or self._lines[key].looked.refused is not None:
            return told_before(self._lines[key])
        return told_after(self._taken[key]) if key in self._taken else told_left()

    def _chosen(self) -> list[Path]:
        return [line.path for key, line in self._lines.items() if key not in self._skipped]

    def _show_rows(self) -> None:
        self.table.show_rows([self._row(key) for key in self._lines])
        if self._done:
            return
        chosen = [line.looked for key, line in self._lines.items() if key not in self._skipped]
        refused = all(line.looked.refused is not None for line in self._lines.values())
        new = sum(looked.new.entries for looked in chosen)
        conflicts = sum(looked.conflicts.entries for looked in chosen)
        total = t("arrival.sum", files=len(chosen), new=new, conflicts=conflicts)
        self._why.setText(t("sharing.all_refused") if refused else total + t("sharing.preview_why"))
        self.frame.show_primary(
            t("sharing.import_number", number=len(chosen)) if chosen else t("sharing.leave")
        )

    def _row(self, key: str) -> TableRow:
        line, looked = self._lines[key], self._lines[key].looked
        take = "" if self._done else t("arrival.skip" if key in self._skipped else "arrival.take")
        if looked.refused is not None:
            return TableRow(key, ("", line.path.name, "", "", "", self._told(key).state))
        taken = self._taken.get(key)
        new = looked.new.entries if taken is None else taken.new
        conflicts = looked.conflicts.entries if taken is None else taken.conflicts
        at = moment(looked.written_at)[_YEAR:]
        return TableRow(key, (take, line.place, at, f"{new:,}", f"{conflicts:,}", self._told(key).state))

    def _on_current(self, key: str) -> None:
        line = self._lines.get(key)
        self.about.setVisible(line is not None)
        if line is None:
            return
        refused = line.looked.refused is not None
        title = line.path.name if refused else self._title(line)
        numbers = None if refused or self._done else line.looked
        self.about.show_file(title, "" if refused else line.path.name, self._told(key), numbers)
        toggle = t("arrival.take_it" if key in self._skipped else "arrival.skip_it")
        self.about.show_toggle("" if refused or self._done else toggle)

    @staticmethod
    def _title(line: FileLine) -> str:
        return t("arrival.from", place=line.place, way=t(f"arrival.way_{line.looked.kind}"))

    def _on_clicked(self) -> None:
        if self.table.currentIndex().column() == 0:
            self._on_toggle()

    def _on_toggle(self) -> None:
        self._toggle(self.table.current_key())

    def _toggle(self, key: str) -> None:
        """Take a file in after all, or skip it; one that was refused stays out."""
        if self._done or self._working or key not in self._lines:
            return
        if self._lines[key].looked.refused is None:
            self._skipped ^= {key}
            self._show_rows()
            self._on_current(key)

    def _on_primary(self) -> None:
        if self._working:
            return
        chosen = self._chosen()
        if self._done or not chosen:
            self.left.emit()
            return
        self.frame.show_primary(t("sharing.importing"), enabled=False)
        self._work(partial(self._sharing.merge, chosen), self._on_taken, t("sharing.importing"))

    def _on_taken(self, taken: Taken) -> None:
        self._working, self._done = False, True
        self.waited.emit()
        self._taken = {str(line.path): line for line in taken.files}
        self._numbers, self._brought = taken.numbers, taken.brought
        skipped = len(self._chosen()) - len(taken.files)
        new = sum(line.new for line in taken.files)
        text = t("sharing.done_new", number=new) if new else t("sharing.done_nothing_new")
        self._why.setText(text + (t("sharing.done_stopped", number=skipped) if skipped else ""))
        self._show_rows()
        self._on_current(self.table.current_key())
        partly = skipped or any(line.refused is not None or line.waiting for line in taken.files)
        self.frame.show_pill(
            t("sharing.done_partly") if partly else t("sharing.done"), Tone.AMBER if partly else Tone.GREEN
        )
        self.print.setVisible(bool(taken.numbers))
        self.undo.setVisible(bool(taken.brought))
        self.frame.show_primary(t("sharing.finish"))
        self.frame.show_keys(((("Ctrl", "Enter"), t("sharing.finish")), (("Esc",), t("app.back"))))
        self.frame.primary.setFocus()
        if any(line.refused is None and self._kind(key) == _BOOT for key, line in self._taken.items()):
            self._runner.read(self._devices.filled_code, self._on_code)

    def _kind(self, key: str) -> str:
        line = self._lines.get(key)
        return line.looked.kind if line is not None else ""

    def _on_code(self, code: str) -> None:
        """The new computer shows at once the digits that the maker of the package reads out."""
        self.code.show_code(code)
        self._compare.show()
        self.code.show()

    def _on_failed(self, error: AppError) -> None:
        self._working = False
        self.waited.emit()
        self._finish("")
        self._runner.failed.emit(error)

    def _finish(self, why: str) -> None:
        self._done = True
        self._why.setText(why)
        self.frame.show_primary(t("sharing.leave"))
        self.frame.primary.setFocus()

    def _on_print(self) -> None:
        self._runner.read(partial(self._sharing.summary, self._numbers), self._on_paper)

    def _on_paper(self, paper: Paper) -> None:
        self.asked.emit(PREVIEW, paper)

    def _on_undo(self) -> None:
        self._runner.read(partial(self._sharing.undo_check, self._brought), self._on_undo_checked)

    def _on_undo_checked(self, extent: UndoExtent) -> None:
        if self._ask.confirm(t("arrival.undo"), undo_question(extent), t("arrival.undo"), danger=True):
            self._runner.run(partial(self._sharing.undo, extent.numbers), partial(self._on_undone, extent))

    def _on_undone(self, extent: UndoExtent, _changes: Changes) -> None:
        for part in (self.undo, self.print, self._compare, self.code):
            part.hide()
        self.frame.show_pill("")
        self._why.setText(t("arrival.undone_why"))
        self.say(t("arrival.undone", entries=extent.entries))
