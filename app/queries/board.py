"""The step board: how many cases stand at each step of a round.

The window imports this module before its first paint: no SQLAlchemy here. ``source`` is a SQLAlchemy
connection or the quick reader.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from app.domain.region import is_within, significant
from app.domain.stage import Status
from app.storage import line_sql

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from app.queries.policy import Policy
    from app.storage.line_sql import Source

SOON_DAYS: Final = 3
"""A limit this many civil days away is near."""

_DECIDED: Final = frozenset({Status.APPROVED, Status.REJECTED})


@dataclass(frozen=True, slots=True)
class Look:
    """With what eyes lines and counts are read.

    ``today`` is the civil date in China; ``places`` names the codes the workspace knows; ``drafts`` are the
    cases with an unfinished questionnaire on this computer.
    """

    policy: Policy
    today: date
    places: Mapping[str, str] = field(default_factory=dict[str, str])
    drafts: frozenset[str] = frozenset()

    @property
    def soon(self) -> str:
        """The last ISO date that counts as near."""
        return (self.today + timedelta(days=SOON_DAYS)).isoformat()


@dataclass(frozen=True, slots=True)
class StepCount:
    """One step of the board, in the order of the pack.

    ``name`` is the pack's label of the step for the round; ``overdue`` and ``due_soon`` are
    numbers of cases past their limit and close to it, both included in ``total``. ``has_form``
    marks the step of the visit; the list then shows how far it is filled in.
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

    ``round_id`` and ``round_name`` are empty when no round was opened yet; ``total`` counts all
    cases of the workflow, ``done`` those that are closed with a decision. A case with several open
    steps is counted at each of them, once in ``total``. ``line_fen`` is the line in force (fen per
    person and year), ``None`` when it was not set; ``line_demo`` marks the line of the demonstration.
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


@dataclass(frozen=True, slots=True)
class RoundLine:
    """A round as it was opened: its pack and the line in force (fen per person and year, None: not set)."""

    id: str
    name: str
    is_open: bool
    scope: str
    pack: str
    workflows: tuple[str, ...] = ()
    line_fen: int | None = None
    line_demo: bool = False


def round_lines(source: Source, scope: str) -> tuple[RoundLine, ...]:
    """Return the rounds that concern an area: those of the areas above it, its own, and those inside it.

    The one in force comes first, then open ones, then the latest.
    """
    found = [_round(row) for row in source.exec_driver_sql(*line_sql.rounds())]
    near = [line for line in found if is_within(line.scope, scope) or is_within(scope, line.scope)]
    # Open before closed; covering the area before lying inside it; the narrowest that covers first.
    return tuple(
        sorted(
            near,
            key=lambda line: (
                not line.is_open,
                not is_within(line.scope, scope),
                -len(significant(line.scope)),
            ),
        )
    )


def find_round(source: Source, scope: str, round_id: str = "") -> RoundLine | None:
    """Return a round by id, or with an empty id the one in force in ``scope``; None when there is none."""
    lines = round_lines(source, scope)
    if round_id:
        return next((line for line in lines if line.id == round_id), None)
    return lines[0] if lines else None


def scope_names(places: Mapping[str, str], scope: str) -> tuple[ScopeName, ...]:
    """Return the places to choose from in the header: the desk's own area and every place inside it."""
    inside = sorted(code for code in places if is_within(scope, code))
    return tuple(ScopeName(code, places[code]) for code in inside)


def get_board(source: Source, look: Look, scope: str, round_id: str, workflow: str) -> Board:
    """Return the board of one workflow in one round; an empty ``round_id`` means the round in force.

    Raises:
        Refused: when this workspace does not have the round's pack.
    """
    homes = source.exec_driver_sql(*line_sql.households(scope))
    households = sum(int(row[1] or 0) for row in homes if row[0] == "active")
    line = find_round(source, scope, round_id)
    if line is None:
        return Board("", "", workflow, 0, 0, (), households)
    where = line_sql.Where(scope, look.today.isoformat(), look.soon, line.id, workflow)
    rows = [_Count.of(row) for row in source.exec_driver_sql(*line_sql.counts(where))]
    beside = [_Count.of((step, "", *numbers)) for step, numbers in parallel_counts(source, where)]
    steps = look.policy.workflow({"pack": line.pack, "workflow": workflow}).steps
    return Board(
        round_id=line.id,
        round_name=line.name,
        workflow=workflow,
        total=sum(row.total for row in rows),
        done=sum(row.total for row in rows if row.status in _DECIDED),
        steps=tuple(
            _step_count(step.id, step.short or step.name, "submission" in step.fields, rows + beside)
            for step in steps
        ),
        households=households,
        line_fen=line.line_fen,
        line_demo=line.line_demo,
    )


def parallel_counts(source: Source, where: line_sql.Where) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """Return, for cases with several open steps, the counts to add at the steps after the first."""
    found: list[tuple[str, tuple[int, ...]]] = []
    for stage, first, *numbers in source.exec_driver_sql(*line_sql.parallel_counts(where)):
        found += [(step, tuple(numbers)) for step in stage.split() if step != first]
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Count:
    """One group of the board's counts."""

    step: str
    status: str
    total: int
    overdue: int
    due_soon: int

    @classmethod
    def of(cls, row: line_sql.Row) -> _Count:
        """Return the group of one row."""
        step, status, *numbers = row
        total, overdue, soon = (int(number or 0) for number in numbers[:3])
        return cls(str(step), str(status), total, overdue, soon)


def _step_count(step: str, name: str, has_form: bool, rows: list[_Count]) -> StepCount:
    own = [row for row in rows if row.step == step]
    return StepCount(
        step,
        name,
        sum(row.total for row in own),
        sum(row.overdue for row in own),
        sum(row.due_soon for row in own),
        has_form,
    )


def _round(row: line_sql.Row) -> RoundLine:
    uid, name, status, scope, pack, workflows, line_fen, line_demo, _opened = row
    return RoundLine(
        id=str(uid),
        name=str(name or ""),
        is_open=status == "open",
        scope=str(scope or ""),
        pack=str(pack or ""),
        workflows=tuple(str(workflows or "").split()),
        line_fen=line_fen if isinstance(line_fen, int) else None,
        line_demo=line_demo == 1,
    )
