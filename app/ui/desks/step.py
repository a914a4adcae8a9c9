"""What the page of a step is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from app.domain.changes import Changes
    from app.domain.ids import Value
    from app.queries.case_card import CaseAction
    from app.queries.step_sheet import StepSheet

    Values = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Act:
    """One act on a case as a page asks for it.

    ``data`` holds case fields and the act's own "reason", "reason_code", "to" and "keep"; ``on`` is the
    declared ISO date, "" for today. ``step`` is the step it was asked at, for the way back.
    """

    case: str
    action: str
    step: str
    data: Values
    on: str = ""


@dataclass(frozen=True, slots=True)
class Acted:
    """What an act did; ``back`` is the action that leads back to the step, "" where this desk has none."""

    changes: Changes
    back: str = ""


@dataclass(frozen=True, slots=True)
class StepDesk:
    """Reads and writes of one step of one case.

    ``sheet(case, step)``: an empty step means the first open one. ``check(case, values)`` tells what the
    actions still lack when ``values`` were written.
    ``override(case, dimension, verdict, reason)``: the verdict "unchecked" takes one back.
    """

    sheet: Callable[[str, str], StepSheet]
    check: Callable[[str, Values], tuple[CaseAction, ...]]
    act: Callable[[Act], Acted]
    attach: Callable[[str, str, Path], Changes]
    remove_attachment: Callable[[str, str], Changes]
    attachment: Callable[[str], bytes]
    override: Callable[[str, str, str, str], Changes]
