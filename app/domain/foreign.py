"""Steps of an office above that count as done although that office never took them.

Authority judges an entry by itself and the trust document; which level owns a step is a matter of the case's
pack. So an altered program at a village could claim a step of its own and open the next office's one. Before
an office above takes such a case forward the acts are looked through here: a step is done only where its own
level closed it and nothing sent the case back since.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.ids import Level
from app.domain.stage import done_steps, read_stage

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from app.domain.stage import State
    from app.domain.workflow import Step, Workflow

_CLOSES = "case.advanced"


@dataclass(frozen=True, slots=True)
class StageAct:
    """An act that wrote the stage of a case: ``step`` it was taken at, the ``level`` that took it.

    ``stage`` is what it wrote, ``before`` the acts whose stage it replaced. An act that was lawfully deleted
    is ``unknown``.
    """

    op: str
    level: str
    step: str
    stage: str
    before: tuple[str, ...]
    unknown: bool = False


def foreign_step(
    workflow: Workflow, state: State, acts: Mapping[str, StageAct], heads: Iterable[str]
) -> Step | None:
    """Return the first step of an office above that is done without an act of its own, None when all is well.

    ``acts`` are by entry id, ``heads`` the entries whose stage stands.
    """
    if any(act.unknown for act in acts.values()):
        return None
    skipped = frozenset(workflow.urgent_skip if state.urgent else ())
    wanted = [
        step
        for step in workflow.steps
        if step.level is not Level.VILLAGE and step.id in done_steps(workflow, state) - skipped
    ]
    closed = _closed(workflow, acts, heads, urgent=state.urgent) if wanted else set[str]()
    return next((step for step in wanted if step.id not in closed), None)


def _closed(
    workflow: Workflow, acts: Mapping[str, StageAct], heads: Iterable[str], *, urgent: bool
) -> set[str]:
    """Return the steps closed by their own level, as far back as the case was not sent back behind them."""
    found: set[str] = set()
    seen: set[tuple[str, frozenset[str]]] = set()
    paths = [(entry, frozenset[str]()) for entry in heads]
    while paths:
        path = paths.pop()
        act = acts.get(path[0])
        if act is None or path in seen:
            continue
        seen.add(path)
        undone = path[1] | _not_done(workflow, read_stage(workflow, act.stage), urgent=urgent)
        if act.op == _CLOSES and act.step not in undone and act.step in workflow.order:
            found |= {act.step} if workflow.step(act.step).level == act.level else set()
        paths += [(entry, undone) for entry in act.before]
    return found


def _not_done(workflow: Workflow, open_steps: Collection[str], *, urgent: bool) -> frozenset[str]:
    return frozenset(open_steps).union(*(workflow.descendants(step, urgent=urgent) for step in open_steps))
