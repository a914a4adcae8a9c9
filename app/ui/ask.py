"""The only place with modal boxes and file choosers; pages get an ``Ask``, tests a fake of it.

Qt's boxes and our own dialog are imported when they are first shown: the start does not need them.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from app.ui.texts import t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QMessageBox, QWidget

    from app.domain.ids import Value
    from app.ui.parts.reason_dialog import Choices


class Ask(Protocol):
    """Questions a page may put to the person at the desk."""

    def confirm(self, title: str, text: str, verb: str, *, danger: bool = False) -> bool:
        """Ask for a yes; ``verb`` names what will happen ("删除 王秀兰 户"), cancel is the default."""
        ...

    def tell(self, title: str, text: str) -> None:
        """Say something that must be read before work goes on."""

    def choose(self, title: str, text: str, options: Sequence[str]) -> int | None:
        """Offer a few named ways on; return the index, ``None`` for cancel."""
        ...

    def reason(self, title: str, text: str, initial: str = "") -> str | None:
        """Ask for some words that are not empty; ``None`` for cancel."""
        ...

    def grounds(self, title: str, text: str, reasons: Choices, targets: Choices) -> dict[str, Value] | None:
        """Ask why and, with more than one of ``targets``, where to; keys reason, reason_code and to."""
        ...

    def open_file(self, title: str, pattern: str) -> Path | None:
        """Let the user choose an existing file; ``pattern`` like ``"Excel (*.xlsx)"``."""
        ...

    def open_files(self, title: str, pattern: str) -> tuple[Path, ...]:
        """Let the user choose several existing files; empty for cancel."""
        ...

    def save_file(self, title: str, suggested: str, pattern: str) -> Path | None:
        """Let the user choose where to save; ``suggested`` is a file name without folder."""
        ...

    def folder(self, title: str) -> Path | None:
        """Let the user choose an existing folder."""
        ...


class QtAsk:
    """The real boxes over a window; ``start`` is where file choosers begin."""

    def __init__(self, over: QWidget, start: Path | None = None) -> None:
        self._over = over
        self._start = start or Path.home()

    def confirm(self, title: str, text: str, verb: str, *, danger: bool = False) -> bool:
        """Show two buttons, cancel being the default one."""
        return self._ask(title, text, (verb,), danger=danger) == 0

    def tell(self, title: str, text: str) -> None:
        """Show one button."""
        box = self._box(title, text)
        box.addButton(t("ask.understood"), box.ButtonRole.AcceptRole)
        box.exec()

    def choose(self, title: str, text: str, options: Sequence[str]) -> int | None:
        """Show one button for each option and cancel."""
        return self._ask(title, text, options, danger=False)

    def reason(self, title: str, text: str, initial: str = "") -> str | None:
        """Show a box for a few lines of text; its button works once something is written."""
        from app.ui.parts.reason_dialog import ReasonDialog

        dialog = ReasonDialog(title, text, self._over, initial=initial)
        given = dialog.answer()
        return None if given is None else str(given["reason"])

    def grounds(self, title: str, text: str, reasons: Choices, targets: Choices) -> dict[str, Value] | None:
        """Show a box with the choices there are and a few lines of text."""
        from app.ui.parts.reason_dialog import ReasonDialog

        return ReasonDialog(title, text, self._over, reasons=reasons, targets=targets).answer()

    def open_file(self, title: str, pattern: str) -> Path | None:
        """Open the file chooser for one file."""
        from PySide6.QtWidgets import QFileDialog

        name, _ = QFileDialog.getOpenFileName(self._over, title, str(self._start), pattern)
        return self._remember(name)

    def open_files(self, title: str, pattern: str) -> tuple[Path, ...]:
        """Open the file chooser for several files."""
        from PySide6.QtWidgets import QFileDialog

        found, _ = QFileDialog.getOpenFileNames(self._over, title, str(self._start), pattern)
        if found:
            self._remember(found[0])
        return tuple(Path(name) for name in found)

    def save_file(self, title: str, suggested: str, pattern: str) -> Path | None:
        """Open the file chooser for saving; it asks before an existing file is replaced."""
        from PySide6.QtWidgets import QFileDialog

        name, _ = QFileDialog.getSaveFileName(self._over, title, str(self._start / suggested), pattern)
        return self._remember(name)

    def folder(self, title: str) -> Path | None:
        """Open the folder chooser."""
        from PySide6.QtWidgets import QFileDialog

        name = QFileDialog.getExistingDirectory(self._over, title, str(self._start))
        if not name:
            return None
        self._start = Path(name)
        return self._start

    def _ask(self, title: str, text: str, verbs: Sequence[str], *, danger: bool) -> int | None:
        box = self._box(title, text)
        buttons = [box.addButton(verb, box.ButtonRole.AcceptRole) for verb in verbs]
        for button in buttons:
            button.setProperty("kind", "danger" if danger else "primary")
        cancel = box.addButton(t("ask.cancel"), box.ButtonRole.RejectRole)
        box.setDefaultButton(cancel)
        box.setEscapeButton(cancel)
        box.exec()
        clicked = box.clickedButton()
        return next((i for i, button in enumerate(buttons) if button is clicked), None)

    def _box(self, title: str, text: str) -> QMessageBox:
        from PySide6.QtWidgets import QMessageBox

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
