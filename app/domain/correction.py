"""Corrections (更正) and strikes: what a later change of the data does to a case that has gone on.

kinds = changed_kinds(standing_before, standing_after)     # frozenset of ChangeKind
effect = effect_of(workflow, case_values, kinds)           # Effect: reopen to a step, or warn only
app.domain.transition.correct(...)                         # the fields of the re-opening
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from app.domain.ids import Level
from app.domain.stage import done_steps, read_state
from app.domain.workflow import Link

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.domain.ids import Value
    from app.domain.stage import State
    from app.domain.workflow import Step, Workflow


class ChangeKind(StrEnum):
    """What a correction touched, as far as a pack's re-opening rules care."""

    PUBLISHED = "published"  # a column of the notice
    COMPOSITION = "composition"  # who belongs to the household
    INCOME = "income"  # any amount
    ASSETS = "assets"  # living conditions
    VERDICT = "verdict"  # any dimension's verdict
    LINE_SIDE = "line_side"  # which side of the line the income lies


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What is compared before and after a correction.

    ``published`` are the values of the notice's columns, ``composition`` the ids of the members who count,
    ``income`` and ``assets`` any digest of them, ``verdicts`` dimension to verdict, ``below`` 1, 0 or "".
    """

    published: tuple[Value, ...] = ()
    composition: tuple[str, ...] = ()
    income: Value = ""
    assets: Value = ""
    verdicts: Mapping[str, str] = field(default_factory=dict[str, str])
    below: Value = ""


@dataclass(frozen=True, slots=True)
class Effect:
    """What a correction does: back to step ``to`` (empty: the case stays), ``redo`` these steps' records.

    ``reprint`` tells that papers already made no longer say what is recorded.
    """

    to: str = ""
    redo: tuple[str, ...] = ()
    reprint: bool = False


_LEVELS = (Level.VILLAGE, Level.TOWNSHIP, Level.COUNTY)


def changed_kinds(before: Snapshot, after: Snapshot) -> frozenset[ChangeKind]:
    """Return what differs between two snapshots."""
    pairs = {
        ChangeKind.PUBLISHED: (before.published, after.published),
        ChangeKind.COMPOSITION: (sorted(before.composition), sorted(after.composition)),
        ChangeKind.INCOME: (before.income, after.income),
        ChangeKind.ASSETS: (before.assets, after.assets),
        ChangeKind.VERDICT: (dict(before.verdicts), dict(after.verdicts)),
        ChangeKind.LINE_SIDE: (before.below, after.below),
    }
    return frozenset(kind for kind, (old, new) in pairs.items() if old != new)


def effect_of(workflow: Workflow, values: Mapping[str, Value], kinds: frozenset[ChangeKind]) -> Effect:
    """Return what a correction of these kinds does to a case by the pack's rules.

    A case that has ended is never re-opened by itself; its papers are to be printed again and the level that
    decided sees the change. Of several rules the one that goes back furthest wins; redos add up.
    """
    state = read_state(workflow, values)
    done = done_steps(workflow, state)
    rules = [rule for rule in workflow.reopen if rule.after in done and kinds & set(rule.when)]
    if not rules or state.status.is_ended:
        return Effect(reprint=bool(rules))
    order = workflow.order
    targets = sorted((rule.to for rule in rules if rule.to), key=order.index)
    redo = workflow.in_order({step for rule in rules for step in rule.redo if step in done | set(state.open)})
    return Effect(targets[0] if targets else "", redo, reprint=True)


def may_strike(workflow: Workflow, values: Mapping[str, Value], state: State, step: Step) -> bool:
    """Tell whether the record a step points at may still be struck by a new one.

    It may until a later step of a higher level is done; afterwards only a return helps.
    """
    if step.link is Link.NONE or not values.get(step.link.value, ""):
        return False
    done = done_steps(workflow, state)
    if step.id not in done | set(state.open):
        return False
    height = _LEVELS.index(step.level)
    later = workflow.descendants(step.id) & done
    return not any(_LEVELS.index(workflow.step(one).level) > height for one in later)
