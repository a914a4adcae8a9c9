"""A question that is answered with a few words and, where there are any, choices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from app.ui.parts.choices import CodeInput
from app.ui.texts import t
from app.ui.theme import px

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.ids import Value

    Choices = Sequence[tuple[str, str]]


class ReasonDialog(QDialog):
    """A question that is answered with a few words of text and, where there are any, choices."""

    def __init__(
        self,
        title: str,
        text: str,
        over: QWidget,
        *,
        initial: str = "",
        reasons: Choices = (),
        targets: Choices = (),
    ) -> None:
        super().__init__(over)
        self.setWindowTitle(title)
        self.setMinimumWidth(px(460))
        column = QVBoxLayout(self)
        column.setContentsMargins(px(20), px(18), px(20), px(16))
        column.setSpacing(px(12))
        label = QLabel(text)
        label.setWordWrap(True)
        column.addWidget(label)
        self._to = self._choice(column, t("ask.target"), targets)
        self._code = self._choice(column, t("ask.reason_kind"), reasons)
        self._edit = QPlainTextEdit(initial)
        self._edit.setAccessibleName(text)
        self._edit.setFixedHeight(px(96))
        self._edit.setTabChangesFocus(True)
        self._buttons = QDialogButtonBox()
        self._ok = self._buttons.addButton(t("ask.ok"), QDialogButtonBox.ButtonRole.AcceptRole)
        self._ok.setProperty("kind", "primary")
        self._buttons.addButton(t("ask.cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        self._edit.textChanged.connect(self._on_text)
        column.addWidget(self._edit)
        column.addWidget(self._buttons)
        self._on_text()

    def words(self) -> str:
        """Return what was written, without blanks around it."""
        return self._edit.toPlainText().strip()

    def answer(self) -> dict[str, Value] | None:
        """Show the dialog until it is closed; ``None`` for cancel."""
        accepted = self.exec() == QDialog.DialogCode.Accepted
        self.deleteLater()
        return self.given() if accepted else None

    def given(self) -> dict[str, Value]:
        """Return the words and the choices; what was not asked for is left out."""
        given: dict[str, Value] = {"reason": self.words()}
        for key, box in (("to", self._to), ("reason_code", self._code)):
            if box.currentData():
                given[key] = str(box.currentData())
        return given

    def _choice(self, column: QVBoxLayout, name: str, choices: Choices) -> QComboBox:
        box = CodeInput()
        box.clear()
        for code, label in choices:
            box.addItem(label, code)
        box.setAccessibleName(name)
        title = QLabel(name)
        title.setProperty("role", "label")
        title.setBuddy(box)
        for part in (title, box):
            part.setVisible(len(choices) > 1)
            column.addWidget(part)
        return box

    def _on_text(self) -> None:
        self._ok.setEnabled(bool(self.words()))
