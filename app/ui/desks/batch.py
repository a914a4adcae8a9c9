"""What the pages of steps that many households take together are given in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from app.domain.changes import Changes
    from app.domain.errors import AppError
    from app.domain.ids import Value
    from app.queries.case_card import CaseAction
    from app.queries.linked import CandidateLine


@dataclass(frozen=True, slots=True)
class BatchPlace:
    """The step of one workflow in one round; ``workflows`` are (code, name) of those to choose from.

    ``choices`` are (code, words) of the code lists the page needs, by name; "village" names the places.
    """

    round: str
    round_name: str
    workflow: str
    step: str
    step_name: str
    workflows: tuple[tuple[str, str], ...]
    choices: Mapping[str, tuple[tuple[str, str], ...]]


@dataclass(frozen=True, slots=True)
class BatchDone:
    """What an act on many cases did; ``refused`` are heads of household with what stood in the way."""

    changes: Changes
    done: tuple[str, ...]
    refused: tuple[tuple[str, AppError], ...]


@dataclass(frozen=True, slots=True)
class BatchAct:
    """One action for many cases; ``data`` and ``on`` as for a single one."""

    cases: tuple[str, ...]
    action: str
    data: Mapping[str, Value]
    on: str = ""


@dataclass(frozen=True, slots=True)
class BatchDesk:
    """Which households stand at a step, which belong to a record, and acts on many of them.

    ``place(page, case, workflow)``: with a case, its round and workflow; else the round in force. None
    while no round is open or the workflow has no such page. ``linked(link, record)``: the cases of a
    meeting, notice or draw. ``actions(case)`` of the page's step, as an example for all.
    """

    place: Callable[[str, str, str], BatchPlace | None]
    candidates: Callable[[BatchPlace], Sequence[CandidateLine]]
    linked: Callable[[str, str], Sequence[CandidateLine]]
    actions: Callable[[str, str], tuple[CaseAction, ...]]
    act: Callable[[BatchAct], BatchDone]
