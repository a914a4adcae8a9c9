"""一超过两不愁三保障: every dimension with its result, what it rests on, and a person's own judgement."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QWidget

from app.domain.verdict import Verdict
from app.queries.case_card import VerdictResult
from app.ui import theme
from app.ui.binding import clear
from app.ui.icons import pixmap
from app.ui.parts.buttons import button
from app.ui.parts.choices import Choice, CodeInput
from app.ui.parts.form_grid import FormGrid
from app.ui.parts.inputs import LineInput
from app.ui.parts.page_frame import Card
from app.ui.parts.words import ShortLabel, words
from app.ui.texts import has, t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.queries.case_card import VerdictRow

_SIGNS = {
    VerdictResult.MET: "check",
    VerdictResult.UNMET: "close",
    VerdictResult.UNCHECKED: "minus",
}


class VerdictCard(Card):
    """``overridden(dimension, verdict, reason)`` when a person sets a result by hand."""

    overridden = Signal(str, str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._dimension = ""
        self.add(words(t("detail.verdict"), "section"))
        self._total = words("", "muted", wrap=True)
        self.add(self._total)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(theme.px(10))
        self._grid.setVerticalSpacing(theme.px(4))
        self._grid.setColumnStretch(3, 1)
        self.column.addLayout(self._grid)
        self._ask = QWidget()
        self._build_question()
        self.add(self._ask)
        self._ask.hide()
        self.changes: dict[str, QWidget] = {}

    def show_rows(self, rows: Sequence[VerdictRow], *, may_set: bool) -> None:
        """Show other verdicts; ``may_set`` offers to set them by hand."""
        self.setVisible(bool(rows))
        self._ask.hide()
        clear(self._grid)
        self.changes = {}
        for at, row in enumerate(rows):
            self._show_row(at, row, may_set=may_set)
        met = sum(row.result is VerdictResult.MET for row in rows)
        left = sum(row.result is VerdictResult.UNCHECKED for row in rows)
        self._total.setText(t("step.verdict_total", met=met, of=len(rows), left=left))

    def _show_row(self, at: int, row: VerdictRow, *, may_set: bool) -> None:
        k = theme.tokens()
        colour = {VerdictResult.MET: k.green, VerdictResult.UNMET: k.red}.get(row.result, k.muted)
        mark = QLabel()
        mark.setPixmap(pixmap(_SIGNS[row.result], theme.px(16), colour))
        result = words(t(f"detail.verdict_{row.result}"), "label")
        name = words(row.name, "value")
        name.setToolTip(row.standard)
        for column, part in enumerate((mark, name, result, ShortLabel(_because(row), "muted"))):
            self._grid.addWidget(part, at, column, Qt.AlignmentFlag.AlignVCenter)
        if may_set:
            change = button(t("step.verdict_set"), "link")
            change.setAccessibleName(t("step.verdict_set_of", name=row.name))
            change.clicked.connect(partial(self._on_change, row))
            self._grid.addWidget(change, at, 4)
            self.changes[row.dimension] = change

    def _build_question(self) -> None:
        row = QHBoxLayout(self._ask)
        row.setContentsMargins(0, theme.px(6), 0, 0)
        self.form = FormGrid(3)
        choices = [
            Choice(Verdict.PASS.value, t("detail.verdict_pass")),
            Choice(Verdict.FAIL.value, t("detail.verdict_fail")),
            Choice(Verdict.UNCHECKED.value, t("step.verdict_back")),
        ]
        self.form.add("verdict", t("step.verdict_hand"), CodeInput(choices), required=True)
        self.form.add("reason", t("step.verdict_reason"), LineInput(), span=2)
        self.save = button(t("step.verdict_save"), "primary")
        self.save.clicked.connect(self._on_save)
        row.addWidget(self.form, 1)
        row.addWidget(self.save)

    def _on_change(self, row: VerdictRow) -> None:
        self._dimension = row.dimension
        self.form.fill({"verdict": "", "reason": row.because})
        self._ask.show()
        self.form.focus("verdict")

    def _on_save(self) -> None:
        if self.form.check():
            self.form.next_problem()
            return
        values = self.form.values()
        if values["verdict"] != Verdict.UNCHECKED.value and not values["reason"]:
            self.form.set_problem("reason", t("step.act_reason_needed"))
            self.form.next_problem()
            return
        self.overridden.emit(self._dimension, str(values["verdict"]), str(values["reason"]))


def _because(row: VerdictRow) -> str:
    """Return what a dimension rests on, as label and value, or a person's reason."""
    if row.overridden:
        return t("detail.overridden", because=row.because)
    if row.no_line:
        return t("detail.no_line")
    said = [(_label(reference), value) for reference, value in row.rests_on]
    parts = [f"{label} {value or t('step.verdict_empty')}".strip() for label, value in said]
    return t("detail.and").join(parts)


def _label(reference: str) -> str:
    key = f"field.{reference}"
    named = {"income.total_fen": "step.verdict_income", "income.persons": "step.verdict_persons"}
    if reference in named:
        return t(named[reference])
    return t(key) if has(key) else ""
