"""A village's real workspace behind the pages of the window."""

from __future__ import annotations

from contextlib import contextmanager
from types import SimpleNamespace

from app.domain.ids import Level
from app.queries.board import Look
from app.queries.persons import PersonLine
from app.ui.desk import Desk, Place
from app.wiring.groups import groups
from tests.usecases.village import PLACES, SCOPES


class Workroom:
    """Stands for ``app.wiring.room.Room`` over the office of a ``Village``, with one level at the desk."""

    def __init__(self, village, level=Level.VILLAGE):
        self.village = village
        self.level = level
        self.office = village.office if level is Level.VILLAGE else village.at(level)
        self.facts = SimpleNamespace(level=level, scope=SCOPES[level], device="0" * 32)
        self.places = PLACES
        self.clock = village.clock
        self.policy = village.office.policy

    def look(self):
        return Look(self.policy, self.village.today, PLACES)

    @contextmanager
    def read(self):
        with self.office.workspace.read() as conn:
            yield conn

    def desk(self):
        """The desk the window would get, without the groups of the home and settings pages."""
        people = tuple(
            PersonLine(uid, str(self.village.values("person", uid)["name"]), "", "")
            for uid in self.village.people[self.level]
        )
        return Desk(
            place=Place(self.level, SCOPES[self.level], PLACES[SCOPES[self.level]]),
            person=people[0],
            people=people,
            use_person=lambda _person: self.desk(),
            now=self.clock.now,
            home=None,
            settings=None,
            groups=groups(self),
        )
