"""The step board: how many cases stand at each step of a round.

The window imports this module before its first paint: SQLAlchemy is imported inside functions only.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StepCount:
    """One step of the board, in the order of the pack.

    ``name`` is the pack's label of the step for the round; ``overdue`` and ``due_soon`` are
    numbers of cases past their limit and close to it, both included in ``total``. ``has_form``
    marks a step with a questionnaire; the list then shows how far it is filled in.
    """

    step: str
    name: str
    total: int
    overdue: int = 0
    due_soon: int = 0
    has_form: bool = False


@dataclass(frozen=True, slots=True)
class Board:
    """The counts of one workflow of one round inside one scope.

    ``round_id`` and ``round_name`` are empty when no round was opened yet; ``total`` counts
    all cases of the workflow, ``done`` those that are closed with a decision. ``line_fen`` is
    the line in force (fen per person and year), ``None`` when it was not set; ``line_demo``
    marks the line of the demonstration.
    """

    round_id: str
    round_name: str
    workflow: str
    total: int
    done: int
    steps: tuple[StepCount, ...]
    households: int = 0
    line_fen: int | None = None
    line_demo: bool = False


@dataclass(frozen=True, slots=True)
class RoundName:
    """A round to choose in the header; ``is_open`` tells whether work goes on in it."""

    id: str
    name: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class ScopeName:
    """A place to choose in the header: a 12-digit code and its name in words."""

    code: str
    name: str
