"""What is still wrong in a filled form."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from app.questionnaire.building import is_question

if TYPE_CHECKING:
    from app.questionnaire.engine import Engine
    from app.questionnaire.state import Entry


class ProblemKind(StrEnum):
    """Why an answer is not accepted."""

    REQUIRED = "required"
    CONSTRAINT = "constraint"


@dataclass(frozen=True, slots=True)
class Problem:
    """One open problem; ``message`` is the form's own words, "" when it has none."""

    entry: Entry
    kind: ProblemKind
    label: str
    message: str

    @property
    def ref(self) -> str:
        """Path with positions."""
        return self.entry.ref


def problem_of(engine: Engine, entry: Entry) -> Problem | None:
    """The problem of one question, None when there is none."""
    if not entry.relevant or entry.is_valid:
        return None
    words = engine.wording
    if not entry.is_required_ok:
        return Problem(entry, ProblemKind.REQUIRED, words.label(entry), words.required_message(entry))
    return Problem(entry, ProblemKind.CONSTRAINT, words.label(entry), words.constraint_message(entry))


def errors(engine: Engine) -> tuple[Problem, ...]:
    """All open problems in the form's order; an empty tuple means the form can be finished."""
    found = (problem_of(engine, e) for e in engine.entries() if is_question(e) or e.bind is not None)
    return tuple(p for p in found if p is not None)
