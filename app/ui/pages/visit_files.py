"""Photos and files of a questionnaire: chosen, dropped or pasted, kept with the visit behind the window."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTemporaryDir, Signal

from app.domain.errors import AppError
from app.ui.questionnaire.files import Files
from app.ui.texts import t

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QImage

    from app.domain.changes import Changes
    from app.ui.ask import Ask
    from app.ui.runner import Runner

_MOST_BYTES = 20_000_000  # of a picture that is shown small beside its question


class VisitFiles(QObject):
    """``lost(ref, AppError)`` tells that the file of a question was not kept after all.

    ``keep(path)`` keeps a file; ``now()`` names what is pasted.
    """

    lost = Signal(str, AppError)

    def __init__(
        self, keep: Callable[[Path], Changes], runner: Runner, ask: Ask, now: Callable[[], str]
    ) -> None:
        super().__init__()
        self._keep, self._runner, self._ask, self._now = keep, runner, ask, now
        self._pictures: dict[str, bytes] = {}
        self._pasted: list[QTemporaryDir] = []

    def files(self) -> Files:
        """What the questionnaire's view is given."""
        return Files(self.choose, self.take, self.paste, self.picture)

    def choose(self, ref: str) -> str:
        """Let the person choose a file; return its name, "" for none."""
        path = self._ask.open_file(t("step.photo_choose"), t("step.photo_files"))
        return self.take(ref, path) if path is not None else ""

    def take(self, ref: str, path: Path) -> str:
        """Keep a file and return its name."""
        self._show(path)
        self._runner.run(partial(self._keep, path), on_failed=partial(self._on_lost, ref))
        return path.name

    def paste(self, ref: str, image: QImage) -> str:
        """Keep a picture of the clipboard under the time of day; its file is gone once it is kept."""
        folder = QTemporaryDir()
        path = Path(folder.filePath(t("visit.pasted", time=self._now())))
        if not image.save(str(path)):
            return ""
        self._show(path)
        self._pasted.append(folder)
        drop = partial(self._on_pasted, folder)
        failed = partial(self._on_paste_lost, ref, folder)
        self._runner.run(partial(self._keep, path), drop, failed)
        return path.name

    def picture(self, name: str) -> bytes:
        """Bytes of a picture taken in since the page was opened, empty for others."""
        return self._pictures.get(name, b"")

    def _show(self, path: Path) -> None:
        try:
            if path.stat().st_size <= _MOST_BYTES:
                self._pictures[path.name] = path.read_bytes()
        except OSError:
            self._pictures.pop(path.name, None)  # keeping it fails too, and that is told

    def _on_lost(self, ref: str, error: AppError) -> None:
        self.lost.emit(ref, error)

    def _on_pasted(self, folder: QTemporaryDir, _changes: Changes) -> None:
        self._forget(folder)

    def _on_paste_lost(self, ref: str, folder: QTemporaryDir, error: AppError) -> None:
        self._forget(folder)
        self.lost.emit(ref, error)

    def _forget(self, folder: QTemporaryDir) -> None:
        folder.remove()
        self._pasted.remove(folder)
