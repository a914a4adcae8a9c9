"""Take packages in: what each file brings before anything is written, then what it brought."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout

from app.queries.tone import Tone
from app.ui.desks.sharing import SharingDesk
from app.ui.parts.member_table import RowsTable, TableColumn, TableRow
from app.ui.parts.page import Page
from app.ui.parts.page_frame import Card, PageFrame
from app.ui.parts.words import words
from app.ui.texts import sentence, t

if TYPE_CHECKING:
    from app.domain.errors import AppError
    from app.ui.ask import Ask
    from app.ui.desk import Desk
    from app.ui.desks.sharing import FileLine, Taken
    from app.ui.runner import Runner

_MINUTE_MS = 60_000
_AHEAD_MS = 10 * _MINUTE_MS  # less is how clocks are
_SPANS = (("years", 365 * 1440), ("days", 1440), ("hours", 60), ("minutes", 1))


class SharingImportPage(Page):
    """Opened for a tuple of paths."""

    help_key = "sharing.import_help"

    def __init__(self, desk: Desk, runner: Runner, ask: Ask) -> None:  # noqa: ARG002 -- every page is built alike
        super().__init__()
        self._runner = runner
        self._sharing = desk.group(SharingDesk)
        self._files: tuple[Path, ...] = ()
        self._lines: dict[str, FileLine] = {}
        self._done = False
        self.frame = PageFrame(t("sharing.import"))
        columns = (
            TableColumn(t("sharing.col_file"), 6),
            TableColumn(t("sharing.col_from"), 3),
            TableColumn(t("sharing.col_new"), 2, figures=True),
            TableColumn(t("sharing.col_known"), 2, figures=True),
            TableColumn(t("sharing.col_held"), 2, figures=True),
            TableColumn(t("sharing.col_says"), 5),
        )
        self.table = RowsTable(t("sharing.files"), columns)
        self.table.current_changed.connect(self._on_current)
        self._why = words("", "muted", wrap=True)
        card = Card()
        card.add(self._why)
        card.add(self.table, 1)
        self._about = Card()
        self._name = words("", "section")
        self._text = words("", "value", wrap=True)
        self._about.add(self._name)
        self._about.add(self._text)
        self.frame.add(card, 1)
        self.frame.add(self._about)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.frame)
        self.frame.back_asked.connect(self.left)
        self.frame.primary_asked.connect(self._on_primary)
        self.frame.show_keys(((("Ctrl", "Enter"), t("sharing.key_import")), (("Esc",), t("app.back"))))
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self._on_primary)

    def show_for(self, subject: object = None) -> None:
        """Look into the files of ``subject``; nothing is written."""
        if not isinstance(subject, tuple) or not subject:
            return
        given = cast("tuple[object, ...]", subject)
        self._files = tuple(path for path in given if isinstance(path, Path))
        self._done = False
        self._lines = {}
        self.table.show_rows([])
        self._about.hide()
        self.frame.show_title(t("sharing.import"), t("sharing.files_number", number=len(self._files)))
        self.frame.show_pill("")
        self.frame.show_primary("")
        self._why.setText(t("sharing.looking"))
        job = self._runner.run_long(
            partial(self._sharing.preview, self._files),
            self._on_looked,
            self.progressed.emit,
            self._on_failed,
        )
        self.waiting.emit(job, t("sharing.looking"))

    def _on_looked(self, lines: tuple[FileLine, ...]) -> None:
        self.waited.emit()
        self._show(lines)
        good = [line for line in lines if line.refused is None]
        self._why.setText(t("sharing.preview_why") if good else t("sharing.all_refused"))
        self.frame.show_primary(t("sharing.import_number", number=len(good)) if good else t("sharing.leave"))
        self.frame.primary.setFocus()

    def _on_primary(self) -> None:
        good = [path for path in self._files if self._line(path) and not self._refused(path)]
        if self._done or not good:
            self.left.emit()
            return
        self.frame.show_primary(t("sharing.importing"), enabled=False)
        job = self._runner.run_long(
            partial(self._sharing.merge, good), self._on_taken, self.progressed.emit, self._on_failed
        )
        self.waiting.emit(job, t("sharing.importing"))

    def _on_taken(self, taken: Taken) -> None:
        self.waited.emit()
        self._done = True
        refused = [line for line in self._lines.values() if line.refused is not None]
        known = {line.path for line in taken.files}
        skipped = [line for line in self._lines.values() if line.refused is None and line.path not in known]
        self._show((*taken.files, *refused))
        new = sum(line.new for line in taken.files)
        text = t("sharing.done_new", number=new) if new else t("sharing.done_nothing_new")
        self._why.setText(text + (t("sharing.done_stopped", number=len(skipped)) if skipped else ""))
        whole = not refused and not skipped and not any(line.waiting for line in taken.files)
        self.frame.show_pill(
            t("sharing.done") if whole else t("sharing.done_partly"), Tone.GREEN if whole else Tone.AMBER
        )
        self.frame.show_primary(t("sharing.finish"))
        self.frame.primary.setFocus()

    def _on_failed(self, error: AppError) -> None:
        self.waited.emit()
        self.frame.show_primary(t("sharing.leave"))
        self._done = True
        self._runner.failed.emit(error)

    def _show(self, lines: tuple[FileLine, ...]) -> None:
        self._lines = {str(line.path): line for line in lines}
        self.table.show_rows([_row(line, done=self._done) for line in lines])
        first = next((line for line in lines if line.refused or line.waiting or line.held), lines[0])
        self.table.setCurrentIndex(self.table.rows.index(self.table.rows.row_of(str(first.path)), 0))

    def _on_current(self, key: str) -> None:
        line = self._lines.get(key)
        self._about.setVisible(line is not None)
        if line is not None:
            self._name.setText(line.path.name)
            self._text.setText("\n".join(_told(line)))

    def _line(self, path: Path) -> FileLine | None:
        return self._lines.get(str(path))

    def _refused(self, path: Path) -> bool:
        line = self._line(path)
        return line is not None and line.refused is not None


def span(milliseconds: int) -> str:
    """Return a length of time in its largest whole unit, rounded: "3 年", "40 分钟"."""
    minutes = milliseconds // _MINUTE_MS
    unit, size = next((found for found in _SPANS if minutes >= found[1]), _SPANS[-1])
    return t(f"sharing.span_{unit}", number=round(minutes / size))


def _row(line: FileLine, *, done: bool) -> TableRow:
    if line.refused is not None:
        return TableRow(str(line.path), (line.path.name, line.place, "", "", "", t("sharing.says_refused")))
    fine = t("sharing.done") if done else t("sharing.says_fine")
    says = t("sharing.says_waiting") if line.waiting else fine
    if not line.waiting and not line.new:
        says = t("sharing.says_known")
    if line.ahead_ms > _AHEAD_MS:
        says = t("sharing.says_clock")
    numbers = (f"{line.new:,}", f"{line.known:,}", f"{line.held:,}")
    return TableRow(str(line.path), (line.path.name, line.place, *numbers, says))


def _told(line: FileLine) -> list[str]:
    """Return everything worth saying about one file, the important first."""
    if line.refused is not None:
        return [sentence(line.refused)]
    told: list[str] = []
    if line.waiting:
        told.append(t("sharing.told_waiting", place=line.place, number=line.held))
    elif line.held:
        told.append(t("sharing.told_held", number=line.held))
    if line.ahead_ms > _AHEAD_MS:
        told.append(t("sharing.told_clock", span=span(line.ahead_ms)))
    if not line.waiting:
        told.append(t("sharing.told_certificate", place=line.place))
        key = "sharing.told_conflicts" if line.conflicts else "sharing.told_no_conflicts"
        told.append(t(key, number=line.conflicts) if line.conflicts else t(key))
    households, members = line.counts.get("households", 0), line.counts.get("members", 0)
    told.append(t("sharing.told_counts", households=households, persons=members))
    return told
