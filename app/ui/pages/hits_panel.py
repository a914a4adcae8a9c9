"""The comparison at a step: hits, entered by hand or from a department's list, each with its judgement."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.domain.calendar import civil_date
from app.domain.comparison import HitVerdict, Ruling
from app.ui.desks.hits import HitsDesk
from app.ui.pages.step_panels import StepPanel
from app.ui.parts.buttons import button
from app.ui.parts.choices import Choice, CodeInput
from app.ui.parts.form_grid import FormGrid
from app.ui.parts.inputs import DateInput, LineInput
from app.ui.parts.member_table import RowsTable, TableColumn, TableRow
from app.ui.parts.words import words
from app.ui.texts import t

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from app.domain.changes import Changes
    from app.queries.comparison import HitLine
    from app.queries.step_sheet import StepSheet
    from app.ui.ask import Ask
    from app.ui.desk import Desk
    from app.ui.runner import Runner
    from app.usecases.hit_imports import HitCheck, HitImport

_SHOWN = 8  # findings of a list told one by one


class HitsPanel(StepPanel):
    """Nothing is compared before the household signed: the way to put that right stands here too."""

    def __init__(self, desk: Desk, runner: Runner, ask: Ask) -> None:
        super().__init__()
        self._desk, self._runner, self._ask = desk, runner, ask
        self._hits = desk.group(HitsDesk)
        self._lines: tuple[HitLine, ...] = ()
        self._file: Path | None = None
        self._choices: Mapping[str, tuple[tuple[str, str], ...]] = {}
        self.new = button(t("compare.add"), "plain", "plus")
        self.read_list = button(t("compare.import"), "plain", "upload")
        self.sign = button(t("compare.sign"), "primary")
        self.judge = button(t("compare.judge"), "plain", "pencil")
        self.strike = button(t("compare.strike"), "link")
        self.table = RowsTable(t("compare.title"), _columns())
        self.form = FormGrid(3)
        self.ruling = FormGrid(3)
        self._said = words("", "muted", wrap=True)
        self._blocked = words(t("compare.blocked"), "warning", wrap=True)
        self.cancel = button(t("app.cancel"))
        self.save = button(t("compare.save"), "primary")
        self._lay_out()
        self._connect()

    def show_sheet(self, sheet: StepSheet) -> None:
        """Show the hits of a sheet's case."""
        super().show_sheet(sheet)
        signed, open_here = sheet.values.get("auth_signed") == 1, sheet.is_open and sheet.mine
        self._blocked.setVisible(open_here and not signed)
        self.sign.setVisible(open_here and not signed)
        for part in (self.new, self.read_list):
            part.setVisible(open_here and signed)
        case = sheet.card.case
        self._runner.read(partial(self._hits.choices, case), self._on_choices, lane=(id(self), "choices"))
        self._runner.read(partial(self._hits.hits, case), self._on_hits, lane=(id(self), "hits"))

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(words(t("compare.title"), "section"), 1)
        for part in (self.sign, self.new, self.read_list):
            head.addWidget(part)
        self.column.addLayout(head)
        below = QHBoxLayout()
        below.addWidget(self._said, 1)
        below.addWidget(self.strike)
        below.addWidget(self.judge)
        self._foot = QWidget()
        foot = QHBoxLayout(self._foot)
        foot.setContentsMargins(0, 0, 0, 0)
        foot.addStretch(1)
        foot.addWidget(self.cancel)
        foot.addWidget(self.save)
        self._add_fields()
        self.add(self._blocked)
        self.add(self.table)
        self.column.addLayout(below)
        for form in (self.form, self.ruling, self._foot):
            self.add(form)
        self._close()

    def _add_fields(self) -> None:
        add = self.form.add
        add("register", t("field.hit.register"), CodeInput(), required=True)
        add("member", t("field.hit.member"), CodeInput())
        add("as_of", t("field.hit.as_of"), DateInput())
        add("value", t("field.hit.value"), LineInput(), span=2, required=True)
        add("item", t("field.hit.item"), LineInput())
        rule = self.ruling.add
        rule("verdict", t("field.hit.verdict"), CodeInput(), required=True)
        rule("reason", t("field.hit.reason"), CodeInput())
        rule("first", t("field.hit.adjudicator1"), CodeInput())
        rule("explanation", t("field.hit.explanation"), LineInput(), span=2)
        rule("second", t("field.hit.adjudicator2"), CodeInput())

    def _connect(self) -> None:
        self.new.clicked.connect(self._on_new)
        self.read_list.clicked.connect(self._on_read_list)
        self.sign.clicked.connect(self._on_sign)
        self.judge.clicked.connect(self._on_judge)
        self.table.opened.connect(self._on_judge)
        self.table.current_changed.connect(self._show_buttons)
        self.strike.clicked.connect(self._on_strike)
        self.cancel.clicked.connect(self._close)
        self.save.clicked.connect(self._on_save)

    def _on_choices(self, choices: Mapping[str, tuple[tuple[str, str], ...]]) -> None:
        self._choices = choices
        people = tuple((one.id, one.name) for one in self._desk.people if one.active)
        for form, name, pairs in (
            (self.form, "register", choices["register"]),
            (self.form, "member", choices["member"]),
            (self.ruling, "verdict", choices["hit_verdict"]),
            (self.ruling, "reason", choices["hit_reason"]),
            (self.ruling, "first", people),
            (self.ruling, "second", people),
        ):
            _chooser(form, name).offer([Choice(code, label) for code, label in pairs])

    def _on_hits(self, lines: Sequence[HitLine]) -> None:
        self._lines = tuple(line for line in lines if not line.void)
        self.table.show_rows([_row(line) for line in self._lines])
        self.table.fit_height(6)
        self.table.setVisible(bool(self._lines))
        if self._lines and not self.table.current_key():
            self.table.setCurrentIndex(self.table.rows.index(0, 0))
        waiting = sum(line.waits for line in self._lines)
        told = t("compare.waiting", number=waiting) if waiting else t("compare.judged")
        self._said.setText(told if self._lines else t("compare.none"))
        self._close()

    def _chosen(self) -> HitLine | None:
        key = self.table.current_key()
        return next((line for line in self._lines if line.id == key), None)

    def _show_buttons(self) -> None:
        may = self._chosen() is not None and self.sheet is not None and self.sheet.is_open and self.sheet.mine
        self.judge.setVisible(may)
        self.strike.setVisible(may)

    def _close(self) -> None:
        for part in (self.form, self.ruling, self._foot):
            part.hide()
        self._show_buttons()

    def _open(self, form: FormGrid, first: str) -> None:
        self._close()
        form.show()
        self._foot.show()
        form.focus(first)

    def _on_new(self) -> None:
        self.form.fill({})
        self._open(self.form, "register")

    def _on_judge(self) -> None:
        line = self._chosen()
        if line is not None:
            mine = self._desk.person.id if self._desk.person else ""
            known = {"verdict": "" if line.waits else line.verdict, "reason": line.reason}
            self.ruling.fill({**known, "explanation": line.explanation, "first": mine})
            self._open(self.ruling, "verdict")

    def _on_save(self) -> None:
        form = self.ruling if self.form.isHidden() else self.form
        if form.check():
            form.next_problem()
            return
        values = form.values()
        line, sheet = self._chosen(), self.sheet
        if form is self.form and sheet is not None:
            given = {code: value for code, value in values.items() if value != ""}
            self._runner.run(partial(self._hits.add, sheet.card.case, given), self._on_done)
        elif line is not None:
            ruling = Ruling(
                verdict=HitVerdict(str(values["verdict"])),
                reason=str(values["reason"]),
                explanation=str(values["explanation"]),
                first=str(values["first"]),
                second=str(values["second"]),
                on=civil_date(self._desk.now()),
            )
            self._runner.run(partial(self._hits.judge, line.id, ruling), self._on_done)

    def _on_done(self, _changes: Changes) -> None:
        self.said.emit(t("step.saved"))
        self._close()

    def _on_sign(self) -> None:
        if self.sheet is not None:
            work = partial(self._hits.sign, self.sheet.card.case, self.sheet.step)
            self._runner.run(work, self._on_done)

    def _on_strike(self) -> None:
        line = self._chosen()
        reason = self._ask.reason(t("compare.strike"), t("compare.strike_why")) if line else None
        if line is not None and reason is not None:
            self._runner.run(partial(self._hits.strike, line.id, reason), self._on_done)

    def _on_read_list(self) -> None:
        self._file = self._ask.open_file(t("compare.import"), t("compare.files"))
        if self._file is not None and self.sheet is not None:
            work = partial(self._hits.check, self.sheet.card.case, self._file)
            self._runner.read(work, self._on_checked)

    def _on_checked(self, check: HitCheck) -> None:
        if check.problems or not check.matched:
            self._ask.tell(t("compare.import"), _problems(check) if check.problems else _told(check))
            return
        yes = self._ask.confirm(
            t("compare.import"), _told(check), t("compare.take", number=len(check.matched))
        )
        if yes and self._file is not None and self.sheet is not None:
            work = partial(self._hits.take, self.sheet.card.case, self._file)
            self._runner.run(work, self._on_taken)

    def _on_taken(self, done: HitImport) -> None:
        self.said.emit(t("compare.taken", number=len(done.check.matched)))


def _columns() -> tuple[TableColumn, ...]:
    return (
        TableColumn(t("field.hit.register"), 4),
        TableColumn(t("field.hit.member"), 3),
        TableColumn(t("field.hit.value"), 5),
        TableColumn(t("field.hit.as_of"), 4),
        TableColumn(t("field.hit.verdict"), 5),
    )


def _row(line: HitLine) -> TableRow:
    content = t("detail.and").join(part for part in (line.item, line.value) if part)
    verdict = t("compare.waits") if line.waits else line.verdict_name
    return TableRow(line.id, (line.register_name, line.member_name, content, line.as_of, verdict))


def _chooser(form: FormGrid, name: str) -> CodeInput:
    found = form.field(name)
    assert isinstance(found, CodeInput)  # noqa: S101 -- built above
    return found


def _problems(check: HitCheck) -> str:
    shown = [
        t("compare.at", sheet=one.sheet, row=one.row, column=one.column, why=t(one.code))
        for one in check.problems[:_SHOWN]
    ]
    return "\n".join([t("hits.problems", count=len(check.problems)), *shown])


def _told(check: HitCheck) -> str:
    left = [t("compare.left_out", row=one.row, name=one.name, why=t(one.code)) for one in check.unmatched]
    more = [t("compare.more", number=len(left) - _SHOWN)] if len(left) > _SHOWN else []
    first = t("compare.found", number=len(check.matched), left=len(left))
    return "\n".join([first, *left[:_SHOWN], *more])
