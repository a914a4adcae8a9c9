"""The only place with modal boxes and file choosers; pages get an ``Ask``, tests a fake of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QLibraryInfo, QTranslator
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QLabel,
    QMessageBox,
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


class Ask(Protocol):
    """Questions a page may put to the person at the desk."""

    def confirm(self, title: str, text: str, verb: str, *, danger: bool = False) -> bool:
        """Ask for a yes; ``verb`` names what will happen ("删除 王秀兰 户"), cancel is the default."""

    def tell(self, title: str, text: str) -> None:
        """Say something that must be read before work goes on."""

    def choose(self, title: str, text: str, options: Sequence[str]) -> int | None:
        """Offer a few named ways on; return the index, ``None`` for cancel."""

    def reason(self, title: str, text: str, initial: str = "") -> str | None:
        """Ask for some words that are not empty; ``None`` for cancel."""

    def grounds(self, title: str, text: str, reasons: Choices, targets: Choices) -> dict[str, Value] | None:
        """Ask why and, with more than one of ``targets``, where to; keys reason, reason_code and to."""

    def open_file(self, title: str, pattern: str) -> Path | None:
        """Let the user choose an existing file; ``pattern`` like ``"Excel (*.xlsx)"``."""

    def open_files(self, title: str, pattern: str) -> tuple[Path, ...]:
        """Let the user choose several existing files; empty for cancel."""

    def save_file(self, title: str, suggested: str, pattern: str) -> Path | None:
        """Let the user choose where to save; ``suggested`` is a file name without folder."""

    def folder(self, title: str) -> Path | None:
        """Let the user choose an existing folder."""


class QtAsk:
    """The real boxes over a window; ``start`` is where file choosers begin."""

    def __init__(self, over: QWidget, start: Path | None = None) -> None:
        self._over = over
        self._start = start or Path.home()
        self._translator: QTranslator | None = None

    def confirm(self, title: str, text: str, verb: str, *, danger: bool = False) -> bool:
        """Show two buttons, cancel being the default one."""
        return self._ask(title, text, (verb,), danger=danger) == 0

    def tell(self, title: str, text: str) -> None:
        """Show one button."""
        box = self._box(title, text)
        box.addButton(t("ask.understood"), QMessageBox.ButtonRole.AcceptRole)
        box.exec()

    def choose(self, title: str, text: str, options: Sequence[str]) -> int | None:
        """Show one button for each option and cancel."""
        return self._ask(title, text, options, danger=False)

    def reason(self, title: str, text: str, initial: str = "") -> str | None:
        """Show a box for a few lines of text; its button works once something is written."""
        dialog = ReasonDialog(title, text, self._over, initial=initial)
        accepted = dialog.exec() == QDialog.DialogCode.Accepted
        words = dialog.words()
        dialog.deleteLater()
        return words if accepted else None

    def grounds(self, title: str, text: str, reasons: Choices, targets: Choices) -> dict[str, Value] | None:
        """Show a box with the choices there are and a few lines of text."""
        dialog = ReasonDialog(title, text, self._over, reasons=reasons, targets=targets)
        accepted = dialog.exec() == QDialog.DialogCode.Accepted
        given = dialog.given()
        dialog.deleteLater()
        return given if accepted else None

    def open_file(self, title: str, pattern: str) -> Path | None:
        """Open the file chooser for one file."""
        self._speak_chinese()
        name, _ = QFileDialog.getOpenFileName(self._over, title, str(self._start), pattern)
        return self._remember(name)

    def open_files(self, title: str, pattern: str) -> tuple[Path, ...]:
        """Open the file chooser for several files."""
        self._speak_chinese()
        found, _ = QFileDialog.getOpenFileNames(self._over, title, str(self._start), pattern)
        if found:
            self._remember(found[0])
        return tuple(Path(name) for name in found)

    def save_file(self, title: str, suggested: str, pattern: str) -> Path | None:
        """Open the file chooser for saving; it asks before an existing file is replaced."""
        self._speak_chinese()
        name, _ = QFileDialog.getSaveFileName(self._over, title, str(self._start / suggested), pattern)
        return self._remember(name)

    def folder(self, title: str) -> Path | None:
        """Open the folder chooser."""
        self._speak_chinese()
        name = QFileDialog.getExistingDirectory(self._over, title, str(self._start))
        if not name:
            return None
        self._start = Path(name)
        return self._start

    def _ask(self, title: str, text: str, verbs: Sequence[str], *, danger: bool) -> int | None:
        box = self._box(title, text)
        buttons = [box.addButton(verb, QMessageBox.ButtonRole.AcceptRole) for verb in verbs]
        for button in buttons:
            button.setProperty("kind", "danger" if danger else "primary")
        cancel = box.addButton(t("ask.cancel"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(cancel)
        box.setEscapeButton(cancel)
        box.exec()
        clicked = box.clickedButton()
        return next((i for i, button in enumerate(buttons) if button is clicked), None)

    def _box(self, title: str, text: str) -> QMessageBox:
        box = QMessageBox(self._over)
        box.setWindowTitle(title)
        box.setText(text)
        return box

    def _remember(self, name: str) -> Path | None:
        if not name:
            return None
        chosen = Path(name)
        self._start = chosen.parent
        return chosen

    def _speak_chinese(self) -> None:
        """Load Qt's own Chinese words once; only its file chooser needs them."""
        app = QApplication.instance()
        if self._translator is not None or app is None:
            return
        self._translator = QTranslator(self._over)
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if self._translator.load("qtbase_zh_CN", folder):
            app.installTranslator(self._translator)


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
