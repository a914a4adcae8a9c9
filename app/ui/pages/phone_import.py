"""Take questionnaires from phones in: what each brings before anything is written, then what it brought."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout

from app.queries.tone import Tone
from app.ui.desks.phone import PhoneDesk
from app.ui.parts.member_table import RowsTable, TableColumn, TableRow
from app.ui.parts.page import Page
from app.ui.parts.page_frame import Card, PageFrame
from app.ui.parts.words import words
from app.ui.texts import sentence, t

if TYPE_CHECKING:
    from app.domain.errors import AppError
    from app.ui.ask import Ask
    from app.ui.desk import Desk
    from app.ui.desks.phone import FormName
    from app.ui.runner import Runner
    from app.usecases.phone_imports import PhoneImport
    from app.usecases.phone_plan import ImportCheck, ImportLine

_SAYS = {
    "new": "phone.says_new",
    "known": "phone.says_known",
    "media": "phone.says_media",
    "conflict": "phone.says_conflict",
}
_TAKEN = frozenset({"new", "media"})


class PhoneImportPage(Page):
    """Opened for a tuple of paths."""

    help_key = "phone.import_help"

    def __init__(self, desk: Desk, runner: Runner, ask: Ask) -> None:  # noqa: ARG002 -- every page is built alike
        super().__init__()
        self._runner = runner
        self._phone = desk.group(PhoneDesk)
        self._files: tuple[Path, ...] = ()
        self._told: dict[str, str] = {}
        self._titles: dict[str, str] = {}
        self._ready = False
        self.frame = PageFrame(t("phone.import"))
        columns = (
            TableColumn(t("phone.col_file"), 5),
            TableColumn(t("phone.col_form"), 3),
            TableColumn(t("phone.col_head"), 3),
            TableColumn(t("phone.col_changes"), 2, figures=True),
            TableColumn(t("phone.col_files"), 2, figures=True),
            TableColumn(t("phone.col_says"), 5),
        )
        self.table = RowsTable(t("phone.found"), columns)
        self.table.current_changed.connect(self._on_current)
        self._why = words("", "muted", wrap=True)
        card = Card()
        card.add(self._why)
        card.add(self.table, 1)
        self._about = Card()
        self._text = words("", "value", wrap=True)
        self._about.add(self._text)
        self.frame.add(card, 1)
        self.frame.add(self._about)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.frame)
        self.frame.back_asked.connect(self.left)
        self.frame.primary_asked.connect(self._on_primary)
        self.frame.show_keys(((("Ctrl", "Enter"), t("phone.key_import")), (("Esc",), t("app.back"))))
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self._on_primary)

    def show_for(self, subject: object = None) -> None:
        """Look into the files of ``subject``; nothing is written."""
        if not isinstance(subject, tuple) or not subject:
            return
        given = cast("tuple[object, ...]", subject)
        self._files = tuple(path for path in given if isinstance(path, Path))
        self._ready = False
        self.table.show_rows([])
        self._about.hide()
        self.frame.show_title(t("phone.import"), t("detail.and").join(path.name for path in self._files[:3]))
        self.frame.show_pill("")
        self.frame.show_primary("")
        self._why.setText(t("phone.looking"))
        self._runner.read(self._phone.forms, self._on_forms, self._on_failed)

    def _on_forms(self, forms: tuple[FormName, ...]) -> None:
        self._titles = {form.id: form.title for form in forms}
        work = partial(self._phone.preview, self._files)
        job = self._runner.run_long(work, self._on_looked, self.progressed.emit, self._on_failed)
        self.waiting.emit(job, t("phone.looking"))

    def _on_looked(self, check: ImportCheck) -> None:
        self.waited.emit()
        self._show(check)
        number = sum(line.standing in _TAKEN for line in check.lines)
        self._ready = number > 0
        self._why.setText(_summary(check))
        self.frame.show_primary(t("phone.import_number", number=number) if number else t("phone.leave"))
        self.frame.primary.setFocus()

    def _on_primary(self) -> None:
        if not self._ready:
            self.left.emit()
            return
        self._ready = False
        self.frame.show_primary(t("phone.importing"), enabled=False)
        work = partial(self._phone.take, self._files)
        job = self._runner.run_long(work, self._on_taken, self.progressed.emit, self._on_failed)
        self.waiting.emit(job, t("phone.importing"))

    def _on_taken(self, done: PhoneImport) -> None:
        self.waited.emit()
        self._show(done.check)
        waiting = sum(line.standing == "new" and not line.case for line in done.check.lines)
        number, some = len(done.submissions), bool(done.changes.touched)
        key = "phone.done_waiting" if waiting else "phone.done"
        self._why.setText(t(key, number=number, waiting=waiting) if some else t("phone.nothing"))
        if not some:
            self.frame.show_pill(t("phone.pill_nothing"), Tone.AMBER)
            self.frame.show_primary(t("phone.finish"))
            return
        whole = not done.check.problems
        words_of_pill = t("phone.pill_done") if whole else t("phone.pill_partly")
        self.frame.show_pill(words_of_pill, Tone.GREEN if whole else Tone.AMBER)
        self.frame.show_primary(t("phone.finish"))
        self.frame.primary.setFocus()

    def _on_failed(self, error: AppError) -> None:
        self.waited.emit()
        self.frame.show_primary(t("phone.leave"))
        self._ready = False
        self._runner.failed.emit(error)

    def _show(self, check: ImportCheck) -> None:
        """Show problems first, then what comes and what does not."""
        rows: list[TableRow] = []
        self._told = {}
        for number, problem in enumerate(check.problems):
            file = str(problem.params.get("file", ""))
            rows.append(TableRow(f"p{number}", (file, "", "", "", "", t("phone.says_refused"))))
            self._told[f"p{number}"] = sentence(problem)
        for number, line in enumerate(check.lines):
            rows.append(_row(f"s{number}", line, self._titles.get(line.form, line.form)))
            self._told[f"s{number}"] = "\n".join(_details(line))
        self.table.show_rows(rows)
        self._about.setVisible(bool(rows))
        if rows:
            self.table.setCurrentIndex(self.table.rows.index(0, 0))

    def _on_current(self, key: str) -> None:
        self._text.setText(self._told.get(key, ""))


def _summary(check: ImportCheck) -> str:
    """Return what is found in numbers; when there is no questionnaire at all, where to look for one."""
    problems = t("phone.preview_problems", number=len(check.problems)) if check.problems else ""
    if not check.lines:
        return t("phone.nothing_found") + problems
    taken = [line for line in check.lines if line.standing == "new"]
    claimed = sum(bool(line.case) for line in taken)
    text = t("phone.preview", number=len(taken), claimed=claimed, waiting=len(taken) - claimed)
    rest = len(check.lines) - len(taken)
    return text + (t("phone.preview_rest", number=rest) if rest else "") + problems


def _row(key: str, line: ImportLine, title: str) -> TableRow:
    says = t(_SAYS[line.standing])
    if line.standing == "new" and not line.case:
        says = t("phone.says_waiting")
    file = t("phone.file_row", file=line.file, row=line.row) if line.row else line.file
    numbers = (str(line.changes) if line.case else "", str(line.media) if line.media else "")
    return TableRow(key, (file, title, line.head, *numbers, says))


def _details(line: ImportLine) -> list[str]:
    """Return everything worth saying about one submission, the important first."""
    told: list[str] = []
    if line.standing == "conflict":
        told.append(t("phone.told_conflict"))
    if line.case:
        told.append(t("phone.told_case", head=line.head, number=line.changes))
    elif line.why is not None:
        told.append(t("phone.told_waiting", why=sentence(line.why)))
    if line.replaces:
        told.append(t("phone.told_replaces"))
    if line.missing:
        told.append(t("phone.told_missing", names=t("detail.and").join(line.missing)))
    if line.completed:
        told.append(t("phone.told_completed"))
    if not told:
        told.append(t("phone.told_known") if line.standing == "known" else t("phone.told_media"))
    return told
