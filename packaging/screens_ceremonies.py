"""Pictures of the ceremonies of keys, step by step, played through on a copy of the demonstration."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QCoreApplication, QEvent
from screens_devices import a_laptop
from screens_subjects import NOW

from app.domain.ids import Level
from app.ui.desk import LockDesk
from app.ui.main_window import MainWindow
from app.ui.pages.device_lost import DeviceLostPage
from app.ui.pages.device_new import DeviceNewPage
from app.ui.pages.enrol_accept import EnrolAcceptPage
from app.ui.pages.enrol_ask import EnrolAskPage
from app.ui.pages.enrol_grant import EnrolGrantPage
from app.ui.pages.forgot import ForgotPage
from app.ui.pages.handover import HandoverPage
from app.ui.pages.lock import LockPage
from app.ui.pages.rescue import RescuePage
from app.ui.pages.sharing_import import SharingImportPage
from app.ui.pages.unlock import UnlockPage
from app.ui.runner import Runner
from app.usecases import workspaces
from app.usecases.clock import FixedClock
from app.wiring.door import Entrance
from tests.ui.fake_ask import FakeAsk

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from concurrent.futures import Executor
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from app.ui.work_area import WorkArea

Page = TypeVar("Page", bound="QWidget")
Picture = tuple[str, MainWindow]
NEW_PHRASE = "hongma baishan laoshu xinqiao"
VILLAGE = "990101001201"
SIZE = (1366, 728)


class Rehearsal:
    """Plays the ceremonies at three computers and a new one; each picture is a window as it stands then."""

    def __init__(self, folder: Path, demo: Path, at_once: Executor) -> None:
        shutil.copytree(demo, folder)
        self._folder, self._at_once = folder, at_once
        self._clock = FixedClock(NOW)
        self._phrase = (demo / "passphrase.txt").read_text(encoding="utf-8").strip()
        self._post = folder / "U盘"
        self._post.mkdir()
        self._ask = FakeAsk()

    def pictures(self) -> Iterator[Picture]:
        """Yield the steps; a window is good until the next one is asked for."""
        yield from self._forgotten()
        yield from self._locked()
        yield from self._handed_over()
        yield from self._lost()
        yield from self._new()

    def _forgotten(self) -> Iterator[Picture]:
        with self._closed("village-01") as window:
            page = self._forgot(window)
            yield "forgot", window
            page.name.field("person").set_value("石秀兰")
            self._ask.answers = [self._post]
            page.ask_button.click()
            yield "forgot-written", window
            code = page.code.text()
        with self._open("township", "rescue") as window:
            answering = one(window, RescuePage)
            self._ask.answers = [self._newest("hhforgot"), self._post]
            answering.open.click()
            answering.form.fill({"code": code})
            answering.sure.setChecked(True)
            yield "rescue-opened", window
            answering.frame.primary.click()
            yield "rescue-answered", window
        with self._closed("village-01") as window:
            page = self._forgot(window)
            self._ask.answers = [self._newest("hhrec")]
            page.open_button.click()
            yield "forgot-new", window

    @staticmethod
    def _forgot(window: MainWindow) -> ForgotPage:
        one(window, UnlockPage).forgot_button.click()
        return one(window, ForgotPage)

    def _locked(self) -> Iterator[Picture]:
        for name, switching in (("lock", False), ("lock-switch", True)):
            with self._closed("village-01") as window:
                desk = self._door.unlock(self._phrase)
                window.show_before(LockPage(desk.group(LockDesk), self._runner, switching=switching))
                yield name, window

    def _handed_over(self) -> Iterator[Picture]:
        with self._open("village-01", "handover") as window:
            page = one(window, HandoverPage)
            words = {"person": "new", "name": "石新民", "position": "村文书"}
            page.form.fill({**words, "passphrase": NEW_PHRASE, "own": self._phrase})
            yield "handover-filled", window
            self._ask.answers = [True]
            page.frame.primary.click()
            yield "handover-slip", window

    def _lost(self) -> Iterator[Picture]:
        with self._open("township", "devices") as window:
            room = self._entrance.room
            if room is None:
                raise RuntimeError(self._folder)
            area_of(window).go("device_lost", a_laptop(room))
            page = one(window, DeviceLostPage)
            page.form.fill({"reason": "lost"})
            yield "device_lost-chosen", window
            self._ask.answers = [True]
            page.frame.primary.click()
            yield "device_lost-stopped", window

    def _new(self) -> Iterator[Picture]:
        person = {"name": "石新民", "position": "村文书"}
        setup = workspaces.Setup(Level.VILLAGE, VILLAGE, {}, person, self._phrase)
        workspaces.close(workspaces.create(self._folder / "new", setup, self._clock))
        yield from self._enrolled()
        with self._open("township", "device_new", VILLAGE) as window:
            self._ask.answers = [self._post]
            one(window, DeviceNewPage).write.click()
            yield "device_new-written", window
        with self._open("new", "sharing_import", (self._newest("hhpkg"),)) as window:
            one(window, SharingImportPage).frame.primary.click()
            yield "device_new-filled", window

    def _enrolled(self) -> Iterator[Picture]:
        with self._open("new", "enrol_ask") as window:
            asking = one(window, EnrolAskPage)
            self._ask.answers = [self._post]
            asking.frame.primary.click()
            yield "enrol_ask-written", window
            code = asking.code.text()
        with self._open("township", "enrol_grant") as window:
            granting = one(window, EnrolGrantPage)
            self._ask.answers = [self._newest("hhreq"), self._post]
            granting.open.click()
            yield "enrol_grant-opened", window
            granting.form.field("code").set_value(code)
            granting.frame.primary.click()
            yield "enrol_grant-written", window
        with self._open("new", "enrol_accept") as window:
            accepting = one(window, EnrolAcceptPage)
            self._ask.answers = [self._newest("hhcert")]
            accepting.open.click()
            yield "enrol_accept-opened", window
            accepting.frame.primary.click()
            yield "enrol_accept-done", window

    def _newest(self, ending: str) -> Path:
        return max(self._post.glob(f"*.{ending}"), key=lambda path: path.stat().st_mtime_ns)

    @contextmanager
    def _closed(self, name: str) -> Generator[MainWindow]:
        """Show a computer's window before its passphrase is given."""
        self._entrance = Entrance(self._clock, self._folder / name)
        self._door = self._entrance.door()
        # One for each window: what one writes must not wake those that were closed before it.
        self._runner = Runner(self._at_once, self._at_once)
        window = MainWindow(self._door, self._runner, lambda _over: self._ask)
        window.resize(*SIZE)
        window.show()
        yield window
        window.close()
        # A window that lives on may look at its workspace again when a timer runs out, which opens it anew.
        window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        self._entrance.close()

    @contextmanager
    def _open(self, name: str, page: str, subject: object = None) -> Generator[MainWindow]:
        """Show a page of a computer, somebody at its desk."""
        with self._closed(name) as window:
            desk = self._door.unlock(self._phrase)
            window.open_desk(desk if desk.person is not None else desk.use_person(desk.people[0].id))
            area_of(window).go(page, subject)
            yield window


def one(window: MainWindow, kind: type[Page]) -> Page:
    """Return the page of a kind that a window shows now."""
    return window.findChildren(kind)[-1]


def area_of(window: MainWindow) -> WorkArea:
    """Return a window's work area."""
    if window.area is None:
        raise RuntimeError(window.windowTitle())
    return window.area
