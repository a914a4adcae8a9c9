"""Make docs/screens/*.png: every page of the real program on a freshly made demonstration.

    .venv/bin/python packaging/screens.py [--to docs/screens] [--households 120] [--only NAME]

It needs no screen (Qt's offscreen platform draws) and the CJK fonts ``packaging/setup.sh`` installs. Names
are stable: the same page always gets the same file. A picture is 1366×768 less the system's own bars.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[1]
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_SCALE_FACTOR", "1")
sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(ROOT / "packaging"))

from PySide6.QtCore import QEventLoop, QTimer  # noqa: E402 -- the platform is chosen first
from PySide6.QtWidgets import QApplication, QWidget  # noqa: E402
from screens_ceremonies import SIZE, Rehearsal  # noqa: E402
from screens_devices import a_laptop, late_entries  # noqa: E402
from screens_subjects import (  # noqa: E402
    NOW,
    Subject,
    a_household,
    a_notice,
    a_submission,
    at_step,
    changed_after,
    from_phones,
    from_village,
    sent_back,
    two_laptops,
)

from app.domain.ids import Level  # noqa: E402
from app.questionnaire.engine import Engine  # noqa: E402
from app.ui import theme  # noqa: E402
from app.ui.main_window import MainWindow  # noqa: E402
from app.ui.pages import registry  # noqa: E402
from app.ui.pages.visit import VisitPage  # noqa: E402
from app.ui.questionnaire.files import Files  # noqa: E402
from app.ui.questionnaire.preview import FindingLine, FormPreview, Previewed  # noqa: E402
from app.ui.runner import Runner  # noqa: E402
from app.ui.stylesheet import apply  # noqa: E402
from app.usecases.clock import FixedClock  # noqa: E402
from app.usecases.demo import Plan, make_demo  # noqa: E402
from app.wiring.door import Entrance  # noqa: E402
from tests.questionnaire.forms import form_of  # noqa: E402 -- the synthetic form with every kind of question
from tests.questionnaire.visit_answers import ANSWERS as VISIT_ANSWERS  # noqa: E402
from tests.ui.questionnaire.all_types import ALL_TYPES, ANSWERS, picture  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDERS = {Level.VILLAGE: "village-01", Level.TOWNSHIP: "township", Level.COUNTY: "county"}


@dataclass(frozen=True)
class Scene:
    """One picture: the page, at whose desk, and what it is opened for."""

    name: str
    level: Level
    page: str
    subject: Subject | None = None
    large: bool = False


VILLAGE, TOWNSHIP, COUNTY = Level.VILLAGE, Level.TOWNSHIP, Level.COUNTY
SCENES: tuple[Scene, ...] = (
    Scene("home", VILLAGE, "home"),
    Scene("home-large", VILLAGE, "home", large=True),
    Scene("home-township", TOWNSHIP, "home"),
    Scene("home-county", COUNTY, "home"),
    Scene("exit", VILLAGE, "exit"),
    Scene("welcome", VILLAGE, "welcome"),
    Scene("households", VILLAGE, "households"),
    Scene("households-large", VILLAGE, "households", large=True),
    Scene("household", VILLAGE, "household", a_household),
    Scene("household-large", VILLAGE, "household", a_household, large=True),
    Scene("household_new", VILLAGE, "household_new"),
    Scene("belonging", VILLAGE, "belonging", a_household),
    Scene("belonging-township", TOWNSHIP, "belonging", a_household),
    Scene("household_history", VILLAGE, "household_history", a_household),
    Scene("import_roster", VILLAGE, "import_roster"),
    *(
        Scene(f"step-{step}{'-large' if large else ''}", level, "step", at_step(step), large=large)
        for step, level in (
            ("apply", VILLAGE),
            ("review", VILLAGE),
            ("compare", VILLAGE),
            ("criteria", VILLAGE),
            ("check", TOWNSHIP),
            ("audit", COUNTY),
        )
        for large in (False, True)
    ),
    Scene("visit", VILLAGE, "visit", at_step("visit")),
    Scene("visit-large", VILLAGE, "visit", at_step("visit"), large=True),
    Scene("meetings", VILLAGE, "meetings", at_step("appraise")),
    Scene("meetings-large", VILLAGE, "meetings", at_step("appraise"), large=True),
    Scene("notices", VILLAGE, "notices", at_step("publicise")),
    Scene("notices-large", VILLAGE, "notices", at_step("publicise"), large=True),
    Scene("checks", TOWNSHIP, "checks", at_step("check")),
    Scene("checks-large", TOWNSHIP, "checks", at_step("check"), large=True),
    Scene("audits", COUNTY, "audits", at_step("audit")),
    Scene("rounds", VILLAGE, "rounds"),
    Scene("preview", VILLAGE, "preview", a_notice),
    Scene("sharing", VILLAGE, "sharing"),
    Scene("sharing-large", VILLAGE, "sharing", large=True),
    Scene("sharing-township", TOWNSHIP, "sharing"),
    Scene("sharing-township-large", TOWNSHIP, "sharing", large=True),
    Scene("sharing_import", TOWNSHIP, "sharing_import", from_village),
    Scene("sharing_import-large", TOWNSHIP, "sharing_import", from_village, large=True),
    Scene("enrol_ask", VILLAGE, "enrol_ask"),
    Scene("enrol_grant", TOWNSHIP, "enrol_grant"),
    Scene("enrol_accept", VILLAGE, "enrol_accept"),
    Scene("conflicts", TOWNSHIP, "conflicts", two_laptops),
    Scene("deletion", COUNTY, "deletion", a_household),
    Scene("deletion-large", COUNTY, "deletion", a_household, large=True),
    Scene("conflict_patterns", TOWNSHIP, "conflict_patterns", two_laptops),
    Scene("returned", VILLAGE, "returned", sent_back),
    Scene("approval_changes", VILLAGE, "approval_changes", changed_after),
    Scene("forms", COUNTY, "forms"),
    Scene("submission", VILLAGE, "submission", a_submission),
    Scene("phone", VILLAGE, "phone"),
    Scene("phone_import", VILLAGE, "phone_import", from_phones),
    Scene("settings", VILLAGE, "settings"),
    Scene("checkup", VILLAGE, "checkup"),
    Scene("settings-large", VILLAGE, "settings", large=True),
    Scene("people", VILLAGE, "people"),
    Scene("people-large", VILLAGE, "people", large=True),
    Scene("handover", VILLAGE, "handover"),
    Scene("handover-large", VILLAGE, "handover", large=True),
    Scene("rescue", TOWNSHIP, "rescue"),
    Scene("rescue-large", TOWNSHIP, "rescue", large=True),
    Scene("root", COUNTY, "root"),
    Scene("root_restore", COUNTY, "root_restore"),
    Scene("device_new", TOWNSHIP, "device_new"),
    Scene("device_lost", TOWNSHIP, "device_lost", a_laptop),
    # The last ones: the village's laptop is stopped in them.
    Scene("held", TOWNSHIP, "held", late_entries),
    Scene("devices", TOWNSHIP, "devices", late_entries),
    Scene("devices-large", TOWNSHIP, "devices", late_entries, large=True),
)


class AtOnce(Executor):
    """Runs work on the thread that asked, so that a picture shows its end."""

    def submit(self, fn, /, *args, **kwargs):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN002, ANN003, ANN201 -- the base class is as open
        """Run ``fn`` and return its outcome."""
        future = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except BaseException as error:  # noqa: BLE001 -- a future carries every outcome
            future.set_exception(error)
        return future


class Studio:
    """Opens windows over the demonstration and takes their pictures."""

    def __init__(self, app: QApplication, demo: Path, goal: Path) -> None:
        self._app = app
        self._demo = demo
        self._goal = goal
        self._clock = FixedClock(NOW)
        self._at_once = AtOnce()
        self._runner = Runner(self._at_once, self._at_once)
        self._phrase = (demo / "passphrase.txt").read_text(encoding="utf-8").strip()

    def door(self, name: str, *, exists: bool, large: bool) -> None:
        """Take the first page of a computer with or without a workspace."""
        self._dress(large)
        folder = self._demo / ("village-01" if exists else "none")
        window = MainWindow(Entrance(self._clock, folder).door(), self._runner)
        self._take(window, name)
        window.close()

    def shared_desk(self, name: str) -> None:
        """Take the page that asks who is at the desk."""
        self._dress(False)
        entrance = Entrance(self._clock, self._demo / "village-01")
        door = entrance.door()
        window = MainWindow(door, self._runner)
        window.open_desk(door.unlock(self._phrase))
        self._take(window, name)
        window.close()
        entrance.close()

    def scene(self, scene: Scene) -> None:
        """Take one page of an open workspace."""
        self._dress(scene.large)
        entrance = Entrance(self._clock, self._demo / FOLDERS[scene.level])
        door = entrance.door()
        window = MainWindow(door, self._runner)
        desk = door.unlock(self._phrase)
        if desk.person is None:
            desk = desk.use_person(desk.people[0].id)
        window.open_desk(desk)
        room, area = entrance.room, window.area
        if room is None or area is None:
            raise RuntimeError(scene.name)
        area.go(scene.page, scene.subject(room) if scene.subject is not None else None)
        self._take(window, scene.name)
        window.close()
        entrance.close()

    def filled_visit(self, name: str, section: int, *, large: bool) -> None:
        """Take the home visit with everything filled in, at one section."""
        self._dress(large)
        entrance = Entrance(self._clock, self._demo / FOLDERS[Level.VILLAGE])
        door = entrance.door()
        window = MainWindow(door, self._runner)
        desk = door.unlock(self._phrase)
        window.open_desk(desk if desk.person is not None else desk.use_person(desk.people[0].id))
        room, area = entrance.room, window.area
        if room is None or area is None:
            raise RuntimeError(name)
        area.go("visit", at_step("visit")(room))
        view = window.findChildren(VisitPage)[0].view
        if view is None:
            raise RuntimeError(name)
        for path, text in (VISIT_ANSWERS | {"verdict/signed_on": NOW.date().isoformat()}).items():
            view.answer(f"/data/{path}", text)
        view.show_section(section)
        view.focus_first()
        self._take(window, name)
        window.close()
        entrance.close()

    def copied(self, folder: Path) -> Rehearsal:
        """Return the ceremonies of keys on a copy of the demonstration as it is now."""
        return Rehearsal(folder, self._demo, self._at_once)

    def rehearsal(self, rehearsal: Rehearsal, only: str, *, large: bool) -> None:
        """Take every step of the ceremonies of keys whose name holds ``only``."""
        self._dress(large)
        for name, window in rehearsal.pictures():
            if only in name:
                self._take(window, f"{name}{'-large' if large else ''}")

    def kinds_of_question(self, *, large: bool) -> None:
        """Take every kind of question, blank and answered, and a form with findings."""
        self._dress(large)
        form, end = form_of(ALL_TYPES), "-large" if large else ""
        files = Files(choose=lambda _ref: "", picture=picture)
        engine = Engine(form, NOW)
        for path, text in ANSWERS.items():
            engine.put(engine.at(f"/data/{path}")[0], text)
        finding = FindingLine(False, "choices 第 12 行", "选项“其他”没有英文说明，切换到英文时显示中文。")
        blank = FormPreview(Previewed(form.title, lambda: Engine(form, NOW), (finding,), files))
        self._take(blank, f"form_preview{end}")
        filled = FormPreview(Previewed(form.title, lambda: engine, (), files))
        filled.findings.hide()
        for index, name in enumerate(("text", "choices", "others", "rows", "elsewhere")):
            if filled.view is not None:
                filled.view.show_section(index)
            self._take(filled, f"questions-{name}{end}")
        blank.close()
        filled.close()

    def _dress(self, large: bool) -> None:
        apply(self._app, theme.Theme(scale=theme.LARGE if large else theme.NORMAL))

    def _take(self, window: QWidget, name: str) -> None:
        window.resize(*SIZE)
        window.show()
        _rest()
        window.grab().save(str(self._goal / f"{name}.png"))
        print(name)


def _rest() -> None:
    """Let layouts, posted events and short timers come to rest."""
    loop = QEventLoop()
    QTimer.singleShot(250, loop.quit)
    loop.exec()


def missing_pages() -> Iterator[str]:
    """Yield pages of the program no scene shows."""
    shown = {scene.page for scene in SCENES} | {"print_list"}  # the preview under another name
    yield from (entry.name for entry in registry.PAGES if entry.name not in shown)


def take_all(studio: Studio, folder: Path, only: str) -> None:
    """Take every picture whose name holds ``only``; ``folder`` is for what they need."""
    if not only:
        studio.door("wizard", exists=False, large=False)
        studio.door("wizard-large", exists=False, large=True)
        studio.door("unlock", exists=True, large=False)
        studio.shared_desk("unlock_people")
    copies = {large: studio.copied(folder / f"rehearsal-{large}") for large in (False, True)}
    for scene in SCENES:
        if only in scene.name:
            studio.scene(scene)
    for large in (False, True):
        if only in "questions":
            studio.kinds_of_question(large=large)
        if only in "visit-filled":
            studio.filled_visit(f"visit-filled{'-large' if large else ''}", 2, large=large)
    for large, rehearsal in copies.items():
        # Each is a computer of its own, or the copies would be taken for folders that moved.
        own = folder / f"settings-{large}"
        own.mkdir()
        os.environ["BABUTONG_CONFIG"] = os.environ["BABUTONG_STATE"] = str(own)
        studio.rehearsal(rehearsal, only, large=large)


def main() -> int:
    """Make the pictures; 1 when a page of the program has none."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--to", type=Path, default=ROOT / "docs" / "screens")
    parser.add_argument("--households", type=int, default=120)
    parser.add_argument("--only", default="")
    given = parser.parse_args()
    given.to.mkdir(parents=True, exist_ok=True)
    app = QApplication(sys.argv[:1])
    with tempfile.TemporaryDirectory() as folder:
        os.environ["BABUTONG_CONFIG"] = os.environ["BABUTONG_STATE"] = folder
        demo = Path(folder) / "demo"
        make_demo(demo, Plan(1, given.households), NOW)
        studio = Studio(app, demo, given.to)
        take_all(studio, Path(folder), given.only)
    lacking = list(missing_pages())
    if lacking:
        print("no picture of:", *lacking)
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main())
