"""What the person did, to take it back and to do it again, step by step.

Steps name questions by their paths with positions: they are taken back in the opposite order, so
the positions are right again when a step's turn comes, even after rows have come and gone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.questionnaire.state import ChangeSet

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.questionnaire.engine import Engine
    from app.questionnaire.state import Entry, RemovedRow

_LIMIT = 200


@dataclass(slots=True)
class Step:
    """How to go back: answers to write, rows to take away (range, place from 0), rows to bring back."""

    answers: dict[str, str] = field(default_factory=dict)
    added: list[tuple[str, int]] = field(default_factory=list)
    removed: list[RemovedRow] = field(default_factory=list)
    merges: bool = False

    def __bool__(self) -> bool:
        """Whether there is anything to do."""
        return bool(self.answers or self.added or self.removed)


class History:
    """Steps back and steps forward; typing in one question is one step until another is touched."""

    def __init__(self) -> None:
        self._back: list[Step] = []
        self._forward: list[Step] = []

    def can_undo(self) -> bool:
        """Whether a step can be taken back."""
        return bool(self._back)

    def can_redo(self) -> bool:
        """Whether a step taken back can be done again."""
        return bool(self._forward)

    def typed(self, ref: str, before: str, removed: list[RemovedRow]) -> None:
        """Remember an answer that was typed over, and the rows that went because of it."""
        last = self._back[-1] if self._back else None
        if last is not None and last.merges and ref in last.answers:
            last.removed.extend(removed)
            self._forward.clear()
            return
        self._add(Step({ref: before}, removed=list(removed), merges=True))

    def filled(self, before: dict[str, str]) -> None:
        """Remember several answers that were filled in one go."""
        if before:
            self._add(Step(before))

    def row_added(self, spread: str, index: int) -> None:
        """Remember a new row."""
        self._add(Step(added=[(spread, index)]))

    def rows_removed(self, removed: list[RemovedRow]) -> None:
        """Remember rows that were taken away."""
        self._add(Step(removed=list(removed)))

    def close(self) -> None:
        """Begin a new step with the next key: the cursor went elsewhere."""
        if self._back:
            self._back[-1].merges = False

    def undo(self, engine: Engine) -> ChangeSet:
        """Take the last step back; an empty change when there is none."""
        return self._move(engine, self._back, self._forward)

    def redo(self, engine: Engine) -> ChangeSet:
        """Do again what was taken back last."""
        return self._move(engine, self._forward, self._back)

    @staticmethod
    def _move(engine: Engine, source: list[Step], target: list[Step]) -> ChangeSet:
        if not source:
            return ChangeSet()
        changes, inverse = _apply(engine, source.pop())
        if inverse:
            target.append(inverse)
        return changes

    def _add(self, step: Step) -> None:
        self._back.append(step)
        del self._back[:-_LIMIT]
        self._forward.clear()


def _apply(engine: Engine, step: Step) -> tuple[ChangeSet, Step]:
    """Do a step; return what changed and the way back."""
    done, inverse = ChangeSet(), Step()
    for ref, text in step.answers.items():
        entry = engine.entry(ref)
        if entry is not None and not entry.readonly:
            inverse.answers[ref] = entry.stored
            _join(done, engine.answer(entry, text))
    for ref, index in reversed(step.added):
        spread = _range(engine, ref)
        if spread is not None:
            _join(done, engine.remove_row(spread, index))
    inverse.removed.extend(done.removed)
    for row in reversed(step.removed):
        spread = _range(engine, row.spread)
        counted = spread is not None and spread.is_fixed
        if spread is not None and row.index <= len(spread.rows) - counted:
            _join(done, engine.insert_row(spread, row.index, row.node))
            if not counted:
                inverse.added.insert(0, (row.spread, row.index))
    return done, inverse


def _range(engine: Engine, ref: str) -> Entry | None:
    """The range of a path; its rows share the path without the last position."""
    plain = "".join(part.partition("]")[2] if "]" in part else part for part in ref.split("["))
    found: Iterable[Entry] = engine.at(plain)
    return next((e for e in found if e.repeat is not None and e.ref == ref), None)


def _join(done: ChangeSet, more: ChangeSet) -> None:
    done.entries |= more.entries
    done.ranges |= more.ranges
    done.removed += more.removed
