"""Windows over real workspaces of a small demonstration, for tests of pages by clicks.

with Seats(folder, demo) as seats:
    area = seats.window("township", qtbot, ask)      # the work area as a township's clerk sees it
"""

from __future__ import annotations

from pathlib import Path
from typing import Self

from app.ui.desk import Desk
from app.ui.runner import Runner
from app.ui.work_area import WorkArea
from app.usecases.keys import unlock_key
from app.usecases.office import Office
from app.wiring.room import Room
from app.wiring.seat import make_desk
from tests.ui.fake_ask import FakeAsk, InlineExecutor
from tests.usecases.exchange import Computers


class Seats(Computers):
    """Like ``Computers``, with rooms instead of offices: each is what lies behind a window."""

    def __enter__(self) -> Self:
        self.rooms: dict[str, Room] = {}
        self.areas: list[WorkArea] = []
        return super().__enter__()

    def __exit__(self, *_: object) -> None:
        for room in self.rooms.values():
            room.close()

    def room(self, name: str, origin: str = "") -> Room:
        if name not in self.rooms:
            folder = self.copied(name, origin)
            key, owner = unlock_key(folder, self.passphrase)
            self.rooms[name] = Room(folder, key, owner, self.clock)
        return self.rooms[name]

    def office(self, name: str, origin: str = "") -> Office:
        return self.room(name, origin).office

    def window(self, name: str, qtbot, ask: FakeAsk, size=(1366, 728)) -> WorkArea:
        """Show the work area of a computer, somebody at its desk, with everything done at once."""
        return self.show(self.desk(name), qtbot, ask, size)

    def desk(self, name: str) -> Desk:
        """Return the desk of a computer with the owner of the passphrase at it."""
        room = self.room(name)
        return make_desk(room, str(room.office.actor.person))

    def show(self, desk, qtbot, ask: FakeAsk, size=(1366, 728)) -> WorkArea:
        inline = InlineExecutor()
        area = WorkArea(desk, Runner(inline, inline), ask)
        qtbot.addWidget(area)
        self.areas.append(area)
        area.resize(*size)
        area.show()
        return area


def stick(folder: Path) -> Path:
    """Make a folder that stands for a USB stick."""
    made = folder / "U盘"
    made.mkdir(parents=True, exist_ok=True)
    return made
