"""The main window: from the door (unlock or first run) to the work area, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QMainWindow, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.ask import QtAsk
from app.ui.binding import maybe
from app.ui.failures import Failures
from app.ui.parts.banner import Banner
from app.ui.stylesheet import apply
from app.ui.texts import t

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.domain.errors import AppError
    from app.ui.actions import Actions
    from app.ui.ask import Ask
    from app.ui.clock_asking import ClockAsking
    from app.ui.desk import Desk, Door, Looks
    from app.ui.pages.unlock import UnlockPage
    from app.ui.pages.wizard import WizardPage
    from app.ui.runner import Runner
    from app.ui.sitting import Sitting
    from app.ui.work_area import WorkArea

_SMALLEST = QSize(1180, 680)
_FIRST = QSize(1366, 728)


class MainWindow(QMainWindow):
    """Shows the unlock page or the wizard, later the work area of the desk that was opened.

    ``ask`` makes the boxes over this window; tests give a fake.
    """

    def __init__(self, door: Door, runner: Runner, ask: Callable[[QWidget], Ask] = QtAsk) -> None:
        super().__init__()
        self._door = door
        self._runner = runner
        self._ask = ask(self)
        self._desk: Desk | None = None
        self.area: WorkArea | None = None
        self._wizard: WizardPage | None = None
        self.setWindowTitle(t("app.window_title"))
        self.setMinimumSize(_SMALLEST)
        self.resize(_FIRST)
        self._sitting: Sitting | None = None
        self._clock: ClockAsking | None = None
        self._actions: Actions | None = None  # their keys are of no use before a workspace is open
        runner.failed.connect(self._on_failed)
        runner.crashed.connect(self._on_crashed)
        self._show_door()

    def work_area(self) -> WorkArea | None:
        """Return the work area, ``None`` before a workspace is open."""
        return self.area

    def open_desk(self, desk: Desk, page: str = "home", subject: object = None) -> None:
        """Show an open workspace; when several people share it, ask first who is at the desk."""
        from app.ui.work_area import WorkArea

        self._wizard = None
        if desk.person is None and desk.people:
            self._show_unlock(desk)
            return
        if self._actions is None:
            from app.ui.actions import Actions

            self._actions = Actions(self, self.work_area)
        area = WorkArea(desk, self._runner, self._ask)
        area.looks_wanted.connect(self.change_looks)
        area.desk_opened.connect(self.open_desk)
        area.seated.connect(self.open_desk)
        area.demo_asked.connect(self._on_demo_asked)
        area.start_asked.connect(self._show_wizard)
        area.switch_asked.connect(self.sitting.switch)
        area.lock_asked.connect(self.sitting.lock)
        area.watch_asked.connect(self.sitting.rewatch)
        self.show_area(desk, area)
        area.go(page, subject)
        self._ask_about_clock(desk)

    def _ask_about_clock(self, desk: Desk) -> None:
        """Ask once in a window, with the first desk whose workspace is a real one."""
        if self._clock is None and not desk.demo:
            from app.ui.clock_asking import ClockAsking

            self._clock = ClockAsking(desk, self._runner, self._ask)
            self._clock.look()

    @property
    def sitting(self) -> Sitting:
        """Who sits at the window; made with the first desk, the unlock page does without."""
        if self._sitting is None:
            from app.ui.sitting import Sitting

            self._sitting = Sitting(self, self, self._runner)
        return self._sitting

    def show_area(self, desk: Desk, area: WorkArea) -> None:
        """Show a work area just built, or one that was put aside."""
        self._desk, self.area = desk, area
        self._failures = Failures(area.banner, self)
        self.setWindowTitle(desk.place.name)
        self._replace(area)
        area.show()
        self.sitting.seated(desk)

    def put_aside(self) -> WorkArea | None:
        """Take the work area out of the window without deleting it; ``None`` when there is none."""
        area, self.area = self.area, None
        if area is not None:
            self.takeCentralWidget()
            area.hide()
            area.setParent(None)
        return area

    def change_looks(self, looks: Looks) -> None:
        """Dress the program anew, keep the wish, and build the window again at the same page."""
        app = QApplication.instance()
        if isinstance(app, QApplication):
            apply(app, look_of(looks))
        self._door.save_looks(looks)
        if self._desk is None:
            self._show_door()
        else:
            self.open_desk(self._desk, self.area.here() if self.area is not None else "home")

    def show_demo(self) -> None:
        """Make and open the demonstration, as the wizard's button does."""
        if self._wizard is not None:
            self._wizard.show_demo()

    def show_crash(self, error: BaseException) -> None:
        """Show a bug that was caught by the program's last-resort hook."""
        self._failures.on_crashed(error)

    def _show_door(self) -> None:
        if self._door.exists:
            self._show_unlock(None)
        else:
            self._show_wizard()

    def _show_wizard(self) -> None:
        from app.ui.pages.wizard import WizardPage

        self._desk = None

        self._wizard = WizardPage(self._door, self._runner, self._ask)
        self._wizard.opened.connect(self._open_other)
        self._wizard.restore_asked.connect(self._show_restore)
        self.show_before(self._wizard)

    def _show_unlock(self, desk: Desk | None) -> UnlockPage:
        from app.ui.pages.unlock import UnlockPage

        unlock = UnlockPage(self._door, self._runner, self._ask)
        unlock.opened.connect(self.open_desk)
        unlock.restore_asked.connect(self._show_restore)
        unlock.forgot_asked.connect(self._show_forgot)
        self.show_before(unlock)
        if desk is not None:
            unlock.show_desk(desk)
        return unlock

    def _show_forgot(self) -> None:
        from app.ui.pages.forgot import ForgotPage

        if self._door.forgot is not None:
            page = ForgotPage(self._door.forgot, self._runner, self._ask)
            page.left.connect(self._show_door)
            page.done.connect(self._on_recovered)
            self.show_before(page)

    def _on_recovered(self, passphrase: str) -> None:
        self._show_unlock(None).try_passphrase(passphrase)

    def _show_restore(self) -> None:
        from app.ui.pages.restore import RestorePage

        self._wizard = None
        page = RestorePage(self._door.restore, self._runner, self._ask)
        page.opened.connect(self._open_other)
        page.left.connect(self._show_door)
        self.show_before(page)

    def _open_other(self, desk: Desk) -> None:
        """Show another workspace than before, if there was one."""
        self.sitting.forget()
        self.open_desk(desk)

    def show_before(self, page: QWidget) -> None:
        """Show a page in the place of the work area, under a banner of its own."""
        self.area = None
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._banner = Banner()
        self._failures = Failures(self._banner, self)
        column.addWidget(self._banner)
        column.addWidget(page, 1)
        self._replace(holder)

    def _replace(self, shown: QWidget) -> None:
        # Taken out first: setCentralWidget deletes the old one at once, perhaps inside its own slot.
        old = maybe(self.takeCentralWidget())
        self.setCentralWidget(shown)
        if old is not None:
            old.hide()
            old.deleteLater()

    def _on_demo_asked(self) -> None:
        area = self.area
        if area is None:
            return
        job = self._runner.run_long(
            self._door.open_demo, self._open_other, area.strip.on_progress, self._on_demo_failed
        )
        area.strip.follow(job, t("wizard.making_demo"))

    def _on_demo_failed(self, error: AppError) -> None:
        if self.area is not None:
            self.area.strip.finish()
        self._failures.on_failed(error)

    def _on_failed(self, error: AppError) -> None:
        self._failures.on_failed(error)

    def _on_crashed(self, error: BaseException) -> None:
        self._failures.on_crashed(error)


def look_of(looks: Looks) -> theme.Theme:
    """Return the look a person asked for."""
    return theme.Theme(
        tokens=theme.CONTRAST if looks.contrast else theme.CALM,
        scale=theme.LARGE if looks.large else theme.NORMAL,
    )
