"""Objections to a notice: the list, a new one, and how one was settled."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.domain.objection import Answer, Finding, ObjectionAction
from app.ui.parts.buttons import button
from app.ui.parts.choices import Choice, CodeInput, FlagInput
from app.ui.parts.form_grid import FormGrid
from app.ui.parts.inputs import CodeLine, DateInput, LineInput
from app.ui.parts.member_table import RowsTable, TableColumn, TableRow
from app.ui.parts.page_frame import Card
from app.ui.parts.words import words
from app.ui.texts import t

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.queries.linked import CandidateLine
    from app.queries.persons import PersonLine
    from app.queries.publicity import ObjectionLine


class ObjectionCard(Card):
    """``received(case, fields)`` and ``settled(objection, Answer)``; who objected stays masked."""

    received = Signal(str, object)
    settled = Signal(str, object)

    def __init__(self) -> None:
        super().__init__()
        self._lines: tuple[ObjectionLine, ...] = ()
        self._today = ""
        head = QHBoxLayout()
        head.addWidget(words(t("notices.objections"), "section"), 1)
        self.new = button(t("notices.object"), "plain", "plus")
        self.answer = button(t("notices.settle"), "plain", "pencil")
        head.addWidget(self.answer)
        head.addWidget(self.new)
        self.column.addLayout(head)
        self.table = RowsTable(
            t("notices.objections"),
            (
                TableColumn(t("notices.no"), 3),
                TableColumn(t("meetings.head"), 3),
                TableColumn(t("field.objection.content"), 6),
                TableColumn(t("notices.state"), 5),
            ),
        )
        self._none = words(t("notices.no_objections"), "muted")
        self.form = FormGrid(3)
        self._answer = FormGrid(3)
        self._build_new()
        self._build_answer()
        self.cancel = button(t("app.cancel"))
        self.save = button(t("notices.save_objection"), "primary")
        self._foot = QWidget()
        foot = QHBoxLayout(self._foot)
        foot.setContentsMargins(0, 0, 0, 0)
        foot.addStretch(1)
        foot.addWidget(self.cancel)
        foot.addWidget(self.save)
        for part in (self._none, self.table, self.form, self._answer, self._foot):
            self.add(part)
        self._connect()
        self.close_forms()

    def _connect(self) -> None:
        self.new.clicked.connect(self._on_new)
        self.answer.clicked.connect(self._on_answer)
        self.table.opened.connect(self._on_answer)
        self.table.current_changed.connect(self._show_buttons)
        self.cancel.clicked.connect(self.close_forms)
        self.save.clicked.connect(self._on_save)

    def offer(
        self,
        lists: Mapping[str, tuple[tuple[str, str], ...]],
        people: Sequence[PersonLine],
        today: str,
    ) -> None:
        """Fill the choosers."""
        self._today = today
        self._chooser(self.form, "channel").offer(_choices(lists["objection_channel"]))
        self._chooser(self._answer, "finding").offer(_choices(lists["objection_finding"]))
        self._chooser(self._answer, "action").offer(_choices(lists["objection_action"]))
        handlers = [Choice(person.id, person.name) for person in people if person.active]
        self._chooser(self._answer, "handler").offer(handlers)

    def show_households(self, lines: Sequence[CandidateLine]) -> None:
        """Offer the households of the notice."""
        self._chooser(self.form, "case").offer([Choice(line.case, line.head) for line in lines])

    def show_lines(self, lines: Sequence[ObjectionLine], *, may_add: bool) -> None:
        """Show other objections."""
        self._lines = tuple(lines)
        self.table.show_rows([_row(line) for line in lines])
        self.table.fit_height(4)
        if lines and not self.table.current_key():
            self.table.setCurrentIndex(self.table.rows.index(0, 0))
        self.table.setVisible(bool(lines))
        self._none.setVisible(not lines)
        self.new.setVisible(may_add)
        self.close_forms()

    def close_forms(self) -> None:
        """Take an open form away."""
        for part in (self.form, self._answer, self._foot):
            part.hide()
        self._show_buttons()

    def _build_new(self) -> None:
        add = self.form.add
        add("case", t("notices.which"), CodeInput(), required=True)
        add("received_on", t("field.objection.received_on"), DateInput(), required=True)
        add("channel", t("field.objection.channel"), CodeInput())
        add("content", t("field.objection.content"), LineInput(), span=3, required=True)
        add("objector", t("field.objection.objector"), LineInput())
        add("objector_contact", t("field.objection.objector_contact"), CodeLine())
        add("anonymous", t("field.objection.anonymous"), FlagInput())

    def _build_answer(self) -> None:
        add = self._answer.add
        add("handler", t("field.objection.handler"), CodeInput(), required=True)
        add("finding", t("field.objection.finding"), CodeInput(), required=True)
        add("action", t("field.objection.action"), CodeInput(), required=True)
        add("note", t("field.objection.finding_note"), LineInput(), span=3)
        add("on", t("field.objection.replied_on"), DateInput(), required=True)
        add("way", t("field.objection.reply_way"), LineInput(), span=2, required=True)

    def _on_new(self) -> None:
        self._answer.hide()
        self.form.fill({"received_on": self._today})
        self._open(self.form, "case")

    def _on_answer(self) -> None:
        line = self._chosen()
        if line is not None and not line.closed:
            self.form.hide()
            self._answer.fill({"on": self._today})
            self._open(self._answer, "handler")

    def _open(self, form: FormGrid, first: str) -> None:
        form.show()
        self._foot.show()
        form.focus(first)

    def _on_save(self) -> None:
        form = self._answer if self.form.isHidden() else self.form
        if form.check():
            form.next_problem()
            return
        values = form.values()
        if form is self.form:
            case = str(values.pop("case"))
            self.received.emit(case, {code: value for code, value in values.items() if value != ""})
            return
        line = self._chosen()
        if line is not None:
            answer = Answer(
                handler=str(values["handler"]),
                finding=Finding(str(values["finding"])),
                action=ObjectionAction(str(values["action"])),
                on=date.fromisoformat(str(values["on"])),
                way=str(values["way"]),
                note=str(values["note"]),
            )
            self.settled.emit(line.id, answer)

    def _chosen(self) -> ObjectionLine | None:
        key = self.table.current_key()
        return next((line for line in self._lines if line.id == key), None)

    def _show_buttons(self) -> None:
        line = self._chosen()
        self.answer.setVisible(line is not None and not line.closed)

    @staticmethod
    def _chooser(form: FormGrid, name: str) -> CodeInput:
        found = form.field(name)
        assert isinstance(found, CodeInput)  # noqa: S101 -- built above
        return found


def _choices(pairs: tuple[tuple[str, str], ...]) -> list[Choice]:
    return [Choice(code, label) for code, label in pairs]


def _row(line: ObjectionLine) -> TableRow:
    if line.closed:
        state = t("notices.settled", finding=line.finding, action=line.action)
    else:
        state = t("notices.due", day=line.due_on) if line.due_on else t("notices.open")
    return TableRow(line.id, (line.no, line.head, line.content, state))
