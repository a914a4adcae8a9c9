"""Import a roster: choose the file, check it, put it right, then take in all of it or nothing."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.domain.fault import Severity
from app.queries.tone import Tone
from app.ui import theme
from app.ui.desks.roster import RosterDesk, RosterWish
from app.ui.pages.roster_mapping import MappingPanel
from app.ui.parts.buttons import button
from app.ui.parts.empty_state import EmptyState
from app.ui.parts.member_table import RowsTable, TableColumn, TableRow
from app.ui.parts.page import Page
from app.ui.parts.page_frame import Card, PageFrame
from app.ui.parts.words import set_role, words
from app.ui.texts import t

if TYPE_CHECKING:
    from pathlib import Path

    from app.domain.changes import Changes
    from app.domain.errors import AppError
    from app.domain.roster import Mapped, Problem, RosterDraft, RosterPreview
    from app.ui.ask import Ask
    from app.ui.desk import Desk
    from app.ui.runner import Job, Runner

_START, _MAPPING, _FOUND = range(3)
_OLD_LENGTH = 15
_OLD = "identity.old_number"


class RosterPage(Page):
    """Three stages: no file yet, where the columns lead, what was found."""

    help_key = "import.help"

    def __init__(self, desk: Desk, runner: Runner, ask: Ask) -> None:
        super().__init__()
        self._runner, self._ask = runner, ask
        self._roster = desk.group(RosterDesk)
        self.wish: RosterWish | None = None
        self.draft: RosterDraft | None = None
        self._job: Job | None = None
        self.frame = PageFrame(t("import.title"))
        self.choose = button(t("import.choose"), "primary", "folder", large=True)
        self.template = button(t("import.template"), "plain", "download", large=True)
        self.other = button(t("import.other_file"), "plain", "folder")
        self.remap = button(t("import.remap"), "plain", "table")
        self.copy = button(t("import.error_copy"), "plain", "download")
        self.open_cases = QCheckBox(t("import.open_cases"))
        self.confirm_old = QCheckBox(t("import.confirm_old"))
        self.mapping = MappingPanel(self._roster.targets())
        self._stack = QStackedWidget()
        self._lay_out()
        self._connect()
        self._show_stage(_START)

    def show_for(self, subject: object = None) -> None:  # noqa: ARG002
        """Begin anew unless a file is being looked at."""
        if self.wish is None:
            self._show_stage(_START)
            self.choose.setFocus()

    def next_problem(self, *, backwards: bool = False) -> None:
        """Go to the next finding."""
        row = self.found.currentIndex().row() + (-1 if backwards else 1)
        if 0 <= row < self.found.rows.rowCount():
            self.found.setCurrentIndex(self.found.rows.index(row, 0))

    def _lay_out(self) -> None:
        start = EmptyState("table")
        start.say(t("import.start"), t("import.start_why"))
        start.add(self.choose)
        start.add(self.template)
        for part in (start, self.mapping, self._result()):
            self._stack.addWidget(part)
        self.frame.add(self._stack, 1)
        self.frame.add_right(self.other)
        for part in (self.remap, self.copy):
            self.frame.add_button(part)
        self.frame.show_keys(
            (
                (("F8",), t("import.key_next")),
                (("Ctrl+Enter",), t("import.key_go")),
                (("Esc",), t("app.back")),
            )
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.frame)

    def _result(self) -> QWidget:
        columns = (
            TableColumn(t("import.row"), 2, figures=True),
            TableColumn(t("import.column"), 2),
            TableColumn(t("import.heading"), 4),
            TableColumn(t("import.severity"), 2),
            TableColumn(t("import.finding"), 22),
        )
        self.found = RowsTable(t("import.findings"), columns)
        self._counts = words("", "big")
        self._verdict = words("", "label", wrap=True)
        self._whole = words("", "value", wrap=True)
        summary = Card()
        summary.add(self._counts)
        summary.add(self._verdict)
        row = QHBoxLayout()
        row.setSpacing(theme.px(18))
        row.addWidget(self.open_cases)
        row.addWidget(self.confirm_old)
        row.addStretch(1)
        summary.column.addLayout(row)
        self._list = Card()
        self._list.add(words(t("import.findings"), "section"))
        self._list.add(self.found, 1)
        self._list.add(self._whole)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(14))
        column.addWidget(summary)
        column.addWidget(self._list, 1)
        self._filler = QWidget()
        column.addWidget(self._filler, 1)
        return page

    def _connect(self) -> None:
        self.frame.back_asked.connect(self.left)
        self.frame.primary_asked.connect(self._on_primary)
        QShortcut(QKeySequence("Ctrl+Return"), self).activated.connect(self._on_primary)
        self.choose.clicked.connect(self._on_choose)
        self.other.clicked.connect(self._on_choose)
        self.template.clicked.connect(self._on_template)
        self.remap.clicked.connect(partial(self._show_stage, _MAPPING))
        self.copy.clicked.connect(self._on_copy)
        self.mapping.row_chosen.connect(self._on_row_chosen)
        self.found.current_changed.connect(self._on_found)
        self.confirm_old.clicked.connect(self._on_confirm_old)

    def _show_stage(self, stage: int) -> None:
        self._stack.setCurrentIndex(stage)
        self.other.setVisible(stage > _START)
        self.remap.setVisible(stage == _FOUND)
        self.copy.setVisible(stage == _FOUND and bool(self.draft and self.draft.problems))
        subtitle = self.wish.path.name if self.wish and stage else ""
        self.frame.show_title(t("import.title"), subtitle)
        if stage == _START:
            self.frame.show_pill("")
            self.frame.show_primary("")
        elif stage == _MAPPING:
            self.frame.show_pill("")
            self.frame.show_primary(t("import.check"))
        elif self.draft is not None:
            draft = self.draft
            text = t("import.go", households=len(draft.households), persons=draft.persons)
            self.frame.show_primary(text, enabled=draft.is_clean)

    def _on_choose(self) -> None:
        path = self._ask.open_file(t("import.choose"), t("import.files"))
        if path is not None:
            self.take_file(path)

    def take_file(self, path: Path) -> None:
        """Read the beginning of a file."""
        self.wish = RosterWish(path)
        self.confirm_old.setChecked(False)
        job = self._runner.read(partial(self._roster.preview, path), self._on_preview, self._on_failed)
        self._follow(job, t("import.reading"))

    def _on_preview(self, preview: RosterPreview) -> None:
        self.waited.emit()
        if self._was_cancelled() or self.wish is None:
            return
        self.mapping.show_preview(preview)
        if preview.guess is None:
            self._show_stage(_MAPPING)
            self.noticed.emit(t("roster.no_header"))
            return
        self._check(preview.guess)

    def _on_row_chosen(self, sheet: str, row: int) -> None:
        if self.wish is not None:
            work = partial(self._roster.map_header, self.wish.path, sheet, row)
            self._runner.read(work, self.mapping.show_mapping, lane=(id(self), "map"))

    def _on_primary(self) -> None:
        stage = self._stack.currentIndex()
        if stage == _MAPPING:
            mapping = self.mapping.mapping()
            if mapping is not None:
                self._check(mapping)
        elif stage == _FOUND:
            self._import()

    def _check(self, mapping: Mapped) -> None:
        if self.wish is None:
            return
        self.wish = replace(self.wish, mapping=mapping)
        job = self._runner.read(partial(self._roster.dry_run, self.wish), self._on_draft, self._on_failed)
        self._follow(job, t("import.checking"))

    def _on_draft(self, draft: RosterDraft) -> None:
        self.waited.emit()
        if self._was_cancelled():
            return
        self.draft = draft
        self._show_stage(_FOUND)
        self._show_findings(draft)
        self._filler.setVisible(not draft.problems)
        self._list.setVisible(bool(draft.problems))

    def _show_findings(self, draft: RosterDraft) -> None:
        errors = len(draft.errors)
        warnings = len(draft.problems) - errors
        self._counts.setText(
            t("import.counts", rows=draft.rows, households=len(draft.households), persons=draft.persons)
        )
        key = "import.has_errors" if errors else "import.has_warnings" if warnings else "import.clean"
        if not errors and not draft.households:
            key = "import.nothing"
        self._verdict.setText(t(key, errors=errors, warnings=warnings))
        set_role(self._verdict, "error" if not draft.is_clean else "warning" if warnings else "label")
        if draft.is_clean:
            self.frame.show_pill(t("import.pill_clean"), Tone.GREEN)
        else:
            self.frame.show_pill(t("import.pill_errors", errors=errors), Tone.RED)
        self.found.show_rows([TableRow(str(at), _cells(p)) for at, p in enumerate(draft.problems)])
        if draft.problems:
            self.found.setCurrentIndex(self.found.rows.index(0, 0))
            self._on_found("0")
        self.open_cases.setVisible(draft.is_clean)
        old = any(problem.code == _OLD for problem in draft.problems)
        self.confirm_old.setVisible(old or self.confirm_old.isChecked())

    def _on_found(self, key: str) -> None:
        if self.draft is not None and key:
            self._whole.setText(describe(self.draft.problems[int(key)]))

    def _on_confirm_old(self) -> None:
        if self.wish is None or self.draft is None:
            return
        numbers = {
            str(member.values.get("id_number", ""))
            for household in self.draft.households
            for member in household.members
        }
        old = {number for number in numbers if len(number) == _OLD_LENGTH}
        self.wish = replace(
            self.wish, confirmed_old=frozenset(old) if self.confirm_old.isChecked() else frozenset()
        )
        if self.wish.mapping is not None:
            self._check(self.wish.mapping)

    def _import(self) -> None:
        if self.wish is None or self.draft is None or not self.draft.is_clean:
            return
        self.wish = replace(self.wish, open_cases=self.open_cases.isChecked())
        self.frame.primary.setEnabled(False)
        job = self._runner.run_long(
            partial(self._roster.import_roster, self.wish),
            self._on_imported,
            self.progressed.emit,
            self._on_failed,
        )
        self._follow(job, t("import.importing"))

    def _on_imported(self, _changes: Changes) -> None:
        self.waited.emit()
        draft, begun = self.draft, self.wish is not None and self.wish.open_cases
        households, persons = (len(draft.households), draft.persons) if draft is not None else (0, 0)
        self.wish = self.draft = None
        self._show_stage(_START)
        self.say(t("import.done", households=households, persons=persons))
        # Without cases the board of the home would be empty.
        self.asked.emit("home" if begun else "households", None)

    def _on_template(self) -> None:
        path = self._ask.save_file(t("import.template"), t("import.template_name"), t("import.files"))
        if path is not None:
            done = partial(self._on_written, "import.template_saved", path)
            self._runner.read(partial(self._roster.template, path), done)

    def _on_copy(self) -> None:
        if self.wish is None:
            return
        name = t("import.error_copy_name", name=self.wish.path.stem)
        path = self._ask.save_file(t("import.error_copy"), name, t("import.files"))
        if path is not None:
            # A write: taking findings out of the program is noted in the audit.
            work = partial(self._roster.error_copy, self.wish, path, describe)
            self._runner.run(work, partial(self._on_written, "import.error_copy_saved", path))

    def _on_written(self, key: str, path: Path, _nothing: object) -> None:
        self.say(t(key, name=path.name))

    def _follow(self, job: Job, text: str) -> None:
        self._job = job
        self.waiting.emit(job, text)

    def _was_cancelled(self) -> bool:
        return self._job is not None and self._job.cancelled()

    def _on_failed(self, error: AppError) -> None:
        self.waited.emit()
        if self._stack.currentIndex() == _START:
            self.wish = None
        elif self.draft is not None:
            self.frame.primary.setEnabled(self.draft.is_clean)
        self._runner.failed.emit(error)


def describe(problem: Problem) -> str:
    """Return the sentence of a finding."""
    return t(problem.code, **dict(problem.params))


def _cells(problem: Problem) -> tuple[str, ...]:
    row = str(problem.row) if problem.row else t("import.whole_sheet")
    severe = problem.severity is Severity.ERROR
    kind = t("import.error") if severe else t("import.warning")
    return row, problem.column, problem.title, kind, describe(problem)
