"""How far the form is: problems and answers counted, kept up to date change by change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.questionnaire.building import below, is_question
from app.questionnaire.checking import problem_of
from app.ui.questionnaire.outline import is_asked, questions_of, stands

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from app.questionnaire.checking import Problem
    from app.questionnaire.engine import Engine
    from app.questionnaire.state import ChangeSet, Entry
    from app.ui.questionnaire.outline import Section


@dataclass(frozen=True, slots=True)
class Tally:
    """How far a section is filled in."""

    answered: int
    asked: int
    problems: int

    @property
    def done(self) -> bool:
        """Everything asked is answered and nothing is wrong."""
        return self.asked > 0 and self.answered == self.asked and not self.problems


class Progress:
    """Follows the engine: a key typed looks only at the entries it changed.

    ``touched`` are the questions the person has been at; only they, and what is answered, are judged.
    """

    def __init__(self, engine: Engine, sections: Sequence[Section], touched: set[Entry]) -> None:
        self._engine, self._sections, self._touched = engine, sections, touched
        self.written: dict[Entry, str] = {}
        """What was typed and cannot be read, which the engine does not know."""
        self.inside: list[list[Entry]] = []
        """The questions of each section in the form's order, every row included."""
        self._section_of: dict[Entry, int] = {}
        self._place: dict[Entry, int] = {}
        self._wrong: set[Entry] = set()
        self._asked: list[set[Entry]] = []
        self._answered: list[set[Entry]] = []
        self.begin()

    def begin(self) -> None:
        """Look at everything: at the start, and after rows came or went."""
        self.inside = [list(questions_of(self._engine, section)) for section in self._sections]
        self._section_of = {entry: at for at, inside in enumerate(self.inside) for entry in inside}
        judged = (e for e in self._engine.entries() if is_question(e) or e.bind is not None)
        self._place = {entry: at for at, entry in enumerate(judged)}
        self._wrong = set()
        self._asked = [set() for _ in self._sections]
        self._answered = [set() for _ in self._sections]
        self._look(self._place)

    def follow(self, changes: ChangeSet) -> None:
        """Look again at what changed."""
        if changes.ranges:
            for gone in [entry for entry in self.written if not stands(entry)]:
                del self.written[gone]
            self.begin()
            return
        nested = [e for e in changes.entries if e.children or e.rows]
        self._look(changes.entries)
        for entry in nested:  # what is read-only or not relevant as a whole passes it on to all below
            self._look(below(entry))

    def _look(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            if entry not in self._place:
                continue
            _mark(self._wrong, entry, holds=entry.relevant and not entry.is_valid)
            at = self._section_of.get(entry)
            if at is not None:
                asked = is_asked(entry) and (entry.required or bool(entry.stored))
                _mark(self._asked[at], entry, holds=asked)
                _mark(self._answered[at], entry, holds=asked and bool(entry.stored))

    def seen(self) -> list[Entry]:
        """The questions that are wrong and to be told about, in the form's order."""
        told = (e for e in self._wrong if e in self._touched or e.stored)
        return sorted(told, key=self._place.__getitem__)

    def problems(self) -> tuple[Problem, ...]:
        """What is wrong, in words."""
        found = (problem_of(self._engine, entry) for entry in self.seen())
        return tuple(p for p in found if p is not None)

    def note(self, entry: Entry, written: str) -> None:
        """Remember what was typed and cannot be read; "" when it can, or is gone."""
        if written:
            self.written[entry] = written
        else:
            self.written.pop(entry, None)

    def unreadable(self) -> list[Entry]:
        """The questions whose text cannot be read, once the cursor has left them."""
        return [entry for entry in self.written if entry in self._touched and entry.relevant]

    def refs(self) -> list[str]:
        """Paths of all that must be put right, the unreadable last."""
        seen = self.seen()
        return [entry.ref for entry in (*seen, *(e for e in self.unreadable() if e not in seen))]

    def tallies(self) -> list[Tally]:
        """How far every section is."""
        wrong = [0] * len(self._sections)
        for entry in self._wrong:
            at = self._section_of.get(entry)
            if at is not None and (entry in self._touched or entry.stored):
                wrong[at] += 1
        counts = zip(self._answered, self._asked, wrong, strict=True)
        return [Tally(len(answered), len(asked), problems) for answered, asked, problems in counts]


def _mark(found: set[Entry], entry: Entry, *, holds: bool) -> None:
    if holds:
        found.add(entry)
    else:
        found.discard(entry)
