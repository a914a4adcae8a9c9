"""What an act on a case needs besides the fields of its step: where to, why, and in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.ui.parts.buttons import button
from app.ui.parts.choices import Choice, CodeInput
from app.ui.parts.form_grid import FormGrid
from app.ui.parts.inputs import LineInput
from app.ui.parts.mark_picker import MarkPicker
from app.ui.parts.page_frame import Card
from app.ui.parts.words import words
from app.ui.texts import t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.ids import Value
    from app.queries.case_card import CaseAction
    from app.queries.mark_choices import MarkChoice


class ActCard(Card):
    """Hidden until an action is shown; ``confirmed(CaseAction, data)`` or ``cancelled()``.

    ``marks_wanted()`` asks for what can be marked when the action sends a case back; see ``offer_marks``.
    """

    confirmed = Signal(object, object)
    cancelled = Signal()
    marks_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._action: CaseAction | None = None
        self.form = FormGrid(2)
        self._title = words("", "section")
        self._hint = words("", "muted", wrap=True)
        self.add(self._title)
        self.add(self._hint)
        self.add(self.form)
        self.marks: MarkPicker | None = None
        row = QHBoxLayout()
        row.addStretch(1)
        self.cancel = button(t("app.cancel"))
        self.cancel.clicked.connect(self._on_cancel)
        self.confirm = button("", "primary")
        self.confirm.clicked.connect(self._on_confirm)
        row.addWidget(self.cancel)
        row.addWidget(self.confirm)
        self.column.addLayout(row)
        self.hide()

    def show_action(self, action: CaseAction, head: str) -> None:
        """Ask for what an action needs."""
        self._action = action
        self._title.setText(t("step.act_title", head=head, action=action.label))
        told = [t(action.warning.code, **dict(action.warning.params))] if action.warning else []
        told += [t("step.act_why")] if action.needs_reason else []
        self._hint.setText("\n".join(told))
        self._hint.setVisible(bool(told))
        self.confirm.setText(t("step.act_confirm", action=action.label))
        form = FormGrid(2)
        if len(action.targets) > 1:
            form.add("to", t("step.act_to"), CodeInput(_choices(action.targets)), required=True)
        if action.reasons:
            form.add("reason_code", t("step.act_reason"), CodeInput(_choices(action.reasons)))
        if action.needs_reason:
            form.add("reason", t("step.act_words"), LineInput(), span=2)
        form.finished.connect(self.confirm.setFocus)
        self.column.replaceWidget(self.form, form)
        self.form.hide()
        self.form.deleteLater()
        self.form = form
        if self.marks is not None:
            self.marks.hide()
            self.marks.deleteLater()
            self.marks = None
        if action.returns:
            self.marks_wanted.emit()
        self.show()
        names = [code for code in ("to", "reason_code", "reason") if code in form.values()]
        if names:
            form.focus(names[0])

    def offer_marks(self, choices: Sequence[MarkChoice]) -> None:
        """Offer parts to mark with the action that is shown."""
        if self._action is None or not self._action.returns or self.marks is not None:
            return
        self.marks = MarkPicker()
        self.marks.offer(choices)
        self.column.insertWidget(self.column.count() - 1, self.marks)

    def close_card(self) -> None:
        """Take the question back."""
        self._action = None
        self.hide()

    def _on_cancel(self) -> None:
        self.close_card()
        self.cancelled.emit()

    def _on_confirm(self) -> None:
        action = self._action
        if action is None:
            return
        data: dict[str, Value] = {code: value for code, value in self.form.values().items() if value != ""}
        if self.form.check():
            self.form.next_problem()
            return
        if action.needs_reason and not {"reason", "reason_code"} & data.keys():
            self.form.set_problem("reason", t("step.act_reason_needed"))
            self.form.next_problem()
            return
        self.confirmed.emit(action, data | (self.marks.data() if self.marks is not None else {}))


def _choices(pairs: tuple[tuple[str, str], ...]) -> tuple[Choice, ...]:
    return tuple(Choice(code, label) for code, label in pairs)
