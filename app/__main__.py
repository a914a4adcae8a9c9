"""``python -m app``: open the window; the composition root of the desktop program."""

from __future__ import annotations

import argparse
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLibraryInfo, QTranslator
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from app import paths
from app.log import start_log
from app.ui import theme
from app.ui.binding import later
from app.ui.fallback_font import ensure_chinese
from app.ui.icons import program_icon
from app.ui.main_window import MainWindow, look_of
from app.ui.runner import Runner
from app.ui.stylesheet import apply
from app.usecases.clock import FixedClock, SystemClock
from app.wiring.door import Entrance
from app.wiring.program import confirm_start
from app.wiring.warm import warm_up

if TYPE_CHECKING:
    from types import TracebackType

    from app.domain.calendar import Clock

_LOOK_MS = 500  # between two looks whether the window is on the screen
_SMALL_SCREEN = 1400  # pixels: on an old laptop the window takes all there is


def main(argv: list[str] | None = None) -> int:
    """Run the program until its window is closed; return the exit code."""
    arguments = _arguments().parse_args(sys.argv[1:] if argv is None else argv)
    if arguments.self_check_window or arguments.form_preview:
        return _other_window(arguments)
    log = start_log(paths.log_dir(), "babutong")
    app = _application()
    entrance = Entrance(_clock(arguments.now), Path(arguments.workspace) if arguments.workspace else None)
    door = entrance.door()
    apply(app, look_of(door.looks()))
    writes = ThreadPoolExecutor(max_workers=1, thread_name_prefix="write")
    reads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="read")
    runner = Runner(writes, reads)
    window = MainWindow(door, runner)
    _catch_bugs(window)
    if app.primaryScreen().availableGeometry().width() <= _SMALL_SCREEN:
        window.showMaximized()
    else:
        window.show()
    if arguments.demo and not door.exists:
        later(window, window.show_demo)
    # The packs and the database library load while the passphrase is being typed.
    later(window, lambda: reads.submit(warm_up))
    _confirm_once_shown(window, reads)
    try:
        code = app.exec()
        confirm_start()  # closed sooner, but by hand: it works
        return code
    finally:
        writes.shutdown(wait=True)
        reads.shutdown(wait=True, cancel_futures=True)
        entrance.close()
        log.close()


def _confirm_once_shown(window: MainWindow, reads: ThreadPoolExecutor) -> None:
    """End the trial of a version just installed when the system says that its window is to be seen."""

    def look() -> None:
        if window.windowHandle().isExposed():
            reads.submit(confirm_start)
        else:
            later(window, look, _LOOK_MS)

    later(window, look, _LOOK_MS)


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="babutong", description="八步通")
    parser.add_argument("--workspace", metavar="DIR", help="workspace folder to open")
    parser.add_argument(
        "--demo", action="store_true", help="show the demonstration when there is no workspace"
    )
    parser.add_argument(
        "--form-preview", metavar="FILE", help="show a questionnaire workbook as it will be filled in"
    )
    # For the self-check, which never loads Qt into its own process.
    parser.add_argument("--self-check-window", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument(
        "--now", metavar="YYYY-MM-DDThh:mm", help="stop the clock at this moment (China time)"
    )
    return parser


def _other_window(arguments: argparse.Namespace) -> int:
    """Run what needs no workspace: the look at a form, or the self-check's window."""
    if arguments.form_preview:
        return _preview(Path(arguments.form_preview), _clock(arguments.now))
    return _check_window()


def _check_window() -> int:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from app.ui.self_check import check_window

    return check_window()


def _preview(path: Path, clock: Clock) -> int:
    from app.ui.questionnaire.preview import FormPreview
    from app.wiring.preview import preview_of

    app = _application()
    apply(app, theme.Theme())
    window = FormPreview(preview_of(path, clock))
    window.resize(1286, 728)
    if app.primaryScreen().availableGeometry().width() <= _SMALL_SCREEN:
        window.showMaximized()
    else:
        window.show()
    return app.exec()


def _application() -> QApplication:
    QGuiApplication.setDesktopFileName("org.babutong.app")
    app = QApplication(["babutong"])  # the name panels join a window to its menu entry by
    app.setApplicationDisplayName("八步通")
    app.setWindowIcon(program_icon())
    ensure_chinese()
    translator = QTranslator(app)
    # Qt's own boxes (open a file, print) speak Chinese too.
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if translator.load("qtbase_zh_CN", folder):
        app.installTranslator(translator)
    return app


def _clock(text: str | None) -> Clock:
    if text is None:
        return SystemClock()
    from datetime import datetime

    from app.domain.calendar import CHINA

    moment = datetime.fromisoformat(text)
    return FixedClock(moment if moment.tzinfo is not None else moment.replace(tzinfo=CHINA))


def _catch_bugs(window: MainWindow) -> None:
    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        sys.__excepthook__(kind, error, trace)
        window.show_crash(error)

    sys.excepthook = hook


if __name__ == "__main__":
    sys.exit(main())
