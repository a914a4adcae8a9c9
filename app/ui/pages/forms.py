"""Questionnaires (问卷): every version, and at the county checking and publishing a new one."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.domain.ids import Kind, Level
from app.ui import theme
from app.ui.pages.forms_desk import FormsDesk
from app.ui.parts.buttons import button
from app.ui.parts.member_table import RowsTable, TableColumn, TableRow
from app.ui.parts.page import Page
from app.ui.parts.page_frame import Card, PageFrame, scrolled
from app.ui.parts.words import set_role, words
from app.ui.questionnaire.preview import FormPreview
from app.ui.texts import t

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from app.domain.changes import Changes
    from app.ui.ask import Ask
    from app.ui.desk import Desk
    from app.ui.pages.forms_desk import Examined
    from app.ui.questionnaire.preview import Previewed
    from app.ui.runner import Runner
    from app.usecases.forms import FormLine

_LIST, _CHECK = range(2)
_ROWS_SHOWN = 11
_PROBLEMS_SHOWN = 8


class CheckPanel(QWidget):
    """What the check found in a workbook, and what would change for those who fill it in."""

    def __init__(self) -> None:
        super().__init__()
        self._said = words("", "section", wrap=True)
        self._next = words("", "label", wrap=True)
        columns = (
            TableColumn(t("forms.column_kind"), 2),
            TableColumn(t("forms.column_place"), 6),
            TableColumn(t("forms.column_problem"), 16),
        )
        self.table = RowsTable(t("forms.problems"), columns)
        self._whole = words("", "muted", wrap=True)
        self.repair = button("", "plain", "check")
        self.look = button(t("forms.look_draft"), "plain", "eye")
        self.again = button(t("forms.again"), "plain", "undo")
        self._changes = words("", "value", wrap=True)
        self._changes_title = words("", "section")
        self._lay_out()
        self.table.current_changed.connect(self._on_current)
        self._words: dict[str, str] = {}

    def show_examined(self, one: Examined) -> None:
        """Show a workbook's problems and differences."""
        self._said.setText(
            t("forms.said", title=one.title or one.form, version=one.version, count=one.questions)
        )
        errors, warnings = one.errors, len(one.problems) - one.errors
        if errors:
            self._next.setText(t("forms.has_errors", errors=errors, warnings=warnings))
        else:
            self._next.setText(t("forms.has_warnings", count=warnings) if warnings else t("forms.clean"))
        set_role(self._next, "error" if errors else "label")
        rows = [
            TableRow(str(at), (t("forms.error" if p.severe else "forms.warning"), p.place, p.sentence))
            for at, p in enumerate(one.problems)
        ]
        self._words = {str(at): p.sentence for at, p in enumerate(one.problems)}
        self.table.show_rows(rows)
        self.table.fit_height(_PROBLEMS_SHOWN)
        self.table.setVisible(bool(rows))
        self._whole.setVisible(bool(rows))
        self._on_current(self.table.current_key())
        self.repair.setText(t("forms.repair", count=one.repairs))
        self.repair.setVisible(bool(one.repairs))
        self._show_changes(one)

    def _show_changes(self, one: Examined) -> None:
        lines = [t("forms.breaking", words=said) for said in one.breaking]
        lines += [t("forms.other", words=said) for said in one.other]
        if not one.compared:
            lines = [t("forms.not_compared")]
        elif not one.replaces:
            lines = [t("forms.first_version")]
        elif not lines:
            lines = [t("forms.no_changes", version=one.replaces)]
        self._changes.setText("\n".join(lines))
        self._changes_title.setText(
            t("forms.changes", version=one.replaces) if one.replaces else t("forms.new")
        )

    def _lay_out(self) -> None:
        found = Card()
        found.add(self._said)
        found.add(self._next)
        found.add(self.table)
        found.add(self._whole)
        row = QHBoxLayout()
        row.setSpacing(theme.px(10))
        for part in (self.look, self.again, self.repair):
            row.addWidget(part)
        row.addStretch(1)
        found.column.addLayout(row)
        changes = Card()
        changes.add(self._changes_title)
        changes.add(self._changes)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(14))
        column.addWidget(found)
        column.addWidget(changes)
        column.addStretch(1)

    def _on_current(self, key: str) -> None:
        """Say the problem in full: a row of the table shortens it."""
        self._whole.setText(self._words.get(key, t("forms.choose_problem")))


class FormsPage(Page):
    """A list of versions, and in its place the check of a workbook to publish."""

    help_key = "forms.help"

    def __init__(self, desk: Desk, runner: Runner, ask: Ask) -> None:
        super().__init__()
        self._desk, self._runner, self._ask = desk, runner, ask
        self._forms = desk.group(FormsDesk)
        self._may_publish = desk.place.level is Level.COUNTY
        self._lines: dict[str, FormLine] = {}
        self.examined: Examined | None = None
        self.window_shown: FormPreview | None = None  # kept here, or it would close at once
        self.frame = PageFrame()
        columns = (
            TableColumn(t("forms.column_title"), 6),
            TableColumn(t("forms.column_form"), 3),
            TableColumn(t("forms.column_version"), 3),
            TableColumn(t("forms.column_published"), 4),
            TableColumn(t("forms.column_state"), 5),
        )
        self.table = RowsTable(t("forms.title"), columns)
        self._why = words("", "muted", wrap=True)
        self.look = button(t("forms.look"), "plain", "eye")
        self.save = button(t("forms.save"), "plain", "download")
        self.stop = button(t("forms.withdraw"), "plain", "stop")
        self.panel = CheckPanel()
        self._stack = QStackedWidget()
        self._lay_out()
        self._connect()

    def show_for(self, subject: object = None) -> None:  # noqa: ARG002 -- the same list whatever led here
        """Read the versions."""
        self._show_stage(_LIST)
        self._read()
        self.table.setFocus()

    def on_changed(self, changes: Changes) -> None:
        """Read again when a version came or went."""
        if changes.has(Kind.FORM):
            self._read()

    def escape(self) -> bool:
        """Leave the check first."""
        if self._stack.currentIndex() == _LIST:
            return False
        self._show_stage(_LIST)
        return True

    def check(self, path: Path) -> None:
        """Check a workbook."""
        self._runner.run(partial(self._forms.examine, path), self._on_examined)

    def _lay_out(self) -> None:
        page = Card()
        page.add(self._why)
        page.add(self.table)
        row = QHBoxLayout()
        row.setSpacing(theme.px(10))
        for part in (self.look, self.save, self.stop):
            row.addWidget(part)
        row.addStretch(1)
        page.column.addLayout(row)
        page.column.addStretch(1)
        self._stack.addWidget(page)
        self._stack.addWidget(scrolled(self.panel))
        self.frame.add(self._stack, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.frame)

    def _connect(self) -> None:
        self.frame.back_asked.connect(self._on_back)
        self.frame.primary_asked.connect(self._on_primary)
        self.table.current_changed.connect(self._on_current)
        self.table.opened.connect(self._on_look)
        self.look.clicked.connect(self._on_look)
        self.save.clicked.connect(self._on_save)
        self.stop.clicked.connect(self._on_withdraw)
        self.panel.repair.clicked.connect(self._on_repair)
        self.panel.again.clicked.connect(self._on_again)
        self.panel.look.clicked.connect(self._on_look_draft)

    def _show_stage(self, stage: int) -> None:
        self._stack.setCurrentIndex(stage)
        checking = stage == _CHECK
        self.frame.show_title(t("forms.checking") if checking else t("forms.title"))
        ready = self.examined is not None and not self.examined.errors
        if checking:
            self.frame.show_primary(t("forms.publish"), enabled=ready)
        else:
            self.frame.show_primary(t("forms.choose") if self._may_publish else "")
        self._why.setText(t("forms.why_county" if self._may_publish else "forms.why_below"))
        self.frame.show_keys(((("Enter",), t("forms.key_look")), (("Esc",), t("app.back"))))

    def _read(self) -> None:
        self._runner.read(self._forms.lines, self._on_lines, lane=(id(self), "forms"))

    def _on_lines(self, lines: Sequence[FormLine]) -> None:
        self._lines = {line.hash: line for line in lines}
        self.table.show_rows([TableRow(line.hash, _cells(line)) for line in lines])
        self.table.fit_height(_ROWS_SHOWN)
        if lines and not self.table.current_key():
            self.table.setCurrentIndex(self.table.rows.index(0, 0))
        self._on_current(self.table.current_key())

    def _on_current(self, key: str) -> None:
        line = self._lines.get(key)
        for part in (self.look, self.save):
            part.setEnabled(line is not None and line.arrived)
        may = self._may_publish and line is not None and bool(line.uid) and not line.withdrawn
        self.stop.setVisible(self._may_publish)
        self.stop.setEnabled(may)

    def _on_back(self) -> None:
        if not self.escape():
            self.left.emit()

    def _on_primary(self) -> None:
        if self._stack.currentIndex() == _CHECK:
            self._on_publish()
            return
        path = self._ask.open_file(t("forms.choose"), t("forms.files"))
        if path is not None:
            self.check(path)

    def _on_again(self) -> None:
        if self.examined is not None:
            self.check(self.examined.path)

    def _on_look_draft(self) -> None:
        if self.examined is not None:
            self._runner.run(partial(self._forms.look, self.examined.path), self._on_look_ready)

    def _on_examined(self, examined: Examined) -> None:
        self.examined = examined
        self.panel.show_examined(examined)
        self._show_stage(_CHECK)

    def _on_repair(self) -> None:
        if self.examined is None:
            return
        stem = self.examined.path.stem
        target = self._ask.save_file(t("forms.repair_to"), t("forms.repaired", name=stem), t("forms.files"))
        if target is not None:
            self._runner.run(
                partial(self._forms.repair, self.examined.path, target), partial(self._on_repaired, target)
            )

    def _on_repaired(self, target: Path, count: int) -> None:
        self.say(t("forms.repaired_done", count=count, file=target.name))
        self.check(target)

    def _on_publish(self) -> None:
        one = self.examined
        if one is None or one.errors:
            return
        text = t("forms.sure", title=one.title, version=one.version)
        if one.breaking:
            text = t("forms.sure_breaking", title=one.title, version=one.version, count=len(one.breaking))
        if self._ask.confirm(t("forms.publish"), text, t("forms.publish")):
            self._runner.run(partial(self._forms.publish, one.path), self._on_published)

    def _on_published(self, _changes: Changes) -> None:
        one, self.examined = self.examined, None
        self._show_stage(_LIST)
        if one is not None:
            self.say(t("forms.published", title=one.title, version=one.version))

    def _on_look(self) -> None:
        line = self._lines.get(self.table.current_key())
        if line is not None and line.arrived:
            self._runner.run(partial(self._forms.look_at, line.form, line.hash), self._on_look_ready)

    def _on_look_ready(self, shown: Previewed) -> None:
        self.window_shown = FormPreview(shown)
        self.window_shown.resize(self.window().size())
        self.window_shown.show()

    def _on_save(self) -> None:
        line = self._lines.get(self.table.current_key())
        if line is None:
            return
        name = t("forms.file_name", title=line.title, version=line.version)
        target = self._ask.save_file(t("forms.save"), name, t("forms.files"))
        if target is not None:
            work = partial(self._forms.save_workbook, line.form, line.hash, target)
            self._runner.run(work, partial(self._on_saved, target))

    def _on_saved(self, target: Path, _nothing: None) -> None:
        self.say(t("forms.saved", file=target.name))

    def _on_withdraw(self) -> None:
        line = self._lines.get(self.table.current_key())
        if line is None:
            return
        text = t("forms.withdraw_why", title=line.title, version=line.version)
        reason = self._ask.reason(t("forms.withdraw"), text)
        if reason:
            self._runner.run(partial(self._forms.withdraw, line.uid, reason), self._on_withdrawn)

    def _on_withdrawn(self, _changes: Changes) -> None:
        self.say(t("forms.withdrawn"))


def _cells(line: FormLine) -> tuple[str, ...]:
    if not line.arrived:
        state = "forms.state_missing"
    elif line.withdrawn:
        state = "forms.state_withdrawn"
    else:
        state = "forms.state_current" if line.current else "forms.state_older"
    published = line.published_on if line.uid else t("forms.shipped")
    return line.title or line.form, line.form, line.version, published, t(state)
