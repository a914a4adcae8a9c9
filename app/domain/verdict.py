"""一超过两不愁三保障 and the pack's further dimensions: pass, fail or not checked, each with its fields.

    judged = judge(pack.dimensions, Inputs(values, total_fen, persons, line))
    overall(judged)   # Overall.MET only when every dimension passes; one that is not checked leaves it OPEN

``values`` are keyed "kind.field", such as "conditions.food" or "case.income_steady". The result never rests
on income alone: with any other dimension unchecked it stays OPEN. A person's override is a case field
``override_<dimension>`` and needs ``override_reason_<dimension>``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from app.domain.errors import Refused
from app.domain.ids import Value
from app.domain.income import below_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from app.domain.lines import FrozenLine


class Verdict(StrEnum):
    """How one dimension stands."""

    PASS = "pass"  # noqa: S105 -- a verdict, no password
    FAIL = "fail"
    UNCHECKED = "unchecked"


class Overall(StrEnum):
    """How the whole sheet stands; a description, never a decision."""

    MET = "met"
    NOT_MET = "not_met"
    OPEN = "open"


class Check(StrEnum):
    """How a condition looks at its field."""

    LINE = "line"  # net income of the household against the frozen line
    IN = "in"  # the value is one of the passing or failing ones
    AT_MOST = "at_most"  # a number up to a bound passes


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a dimension; ``ref`` is "kind.field" (empty for LINE).

    IN: a value of ``passing`` passes, one of ``failing`` fails, any other is unchecked.
    AT_MOST: a number <= ``bound`` passes, a greater one fails, an empty field is unchecked.
    """

    check: Check
    ref: str = ""
    passing: tuple[Value, ...] = ()
    failing: tuple[Value, ...] = ()
    bound: int = 0


@dataclass(frozen=True, slots=True)
class Dimension:
    """One row of the sheet: every condition must hold. ``standard`` is the local wording of the rule."""

    id: str
    name: str
    conditions: tuple[Condition, ...]
    standard: str = ""
    uses_income: bool = False


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a household is judged by.

    ``total_fen`` is the household's yearly net income in fen, None while no item is recorded;
    ``persons`` the members sharing it; ``line`` the frozen line, None = 未设标准.
    """

    values: Mapping[str, Value] = field(default_factory=dict[str, Value])
    total_fen: int | None = None
    persons: int = 0
    line: FrozenLine | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """One dimension's verdict.

    ``state`` counts; ``computed`` is what the fields alone give; ``rests_on`` are the fields read with
    their values ("" = empty). ``no_line`` tells that the income cannot be compared: 未设标准.
    """

    dimension: Dimension
    state: Verdict
    computed: Verdict
    rests_on: tuple[tuple[str, Value], ...]
    reason: str = ""
    no_line: bool = False

    @property
    def is_override(self) -> bool:
        """Tell whether a person's judgement stands in place of the computed verdict."""
        return bool(self.reason)


def judge(dimensions: Iterable[Dimension], inputs: Inputs) -> tuple[Judged, ...]:
    """Return the verdict of every dimension in pack order.

    An override without a reason counts for nothing.
    """
    return tuple(_judge_one(dimension, inputs) for dimension in dimensions)


def overall(judged: Sequence[Judged]) -> Overall:
    """Return how the sheet stands as a whole.

    OPEN as long as any dimension is unchecked, whatever the income says.
    """
    states = {one.state for one in judged}
    if not judged or Verdict.UNCHECKED in states:
        return Overall.OPEN
    return Overall.NOT_MET if Verdict.FAIL in states else Overall.MET


def override_fields(dimension: Dimension, verdict: Verdict, reason: str) -> dict[str, Value]:
    """Return the case fields of a person's override; UNCHECKED takes an override back.

    Raises:
        Refused: ``verdict.reason_needed`` (param ``dimension``).
    """
    code, why = f"override_{dimension.id}", f"override_reason_{dimension.id}"
    if verdict is Verdict.UNCHECKED:
        return {code: "", why: ""}
    if not reason.strip():
        raise Refused("verdict.reason_needed", dimension=dimension.name)
    return {code: verdict.value, why: reason.strip()}


def _judge_one(dimension: Dimension, inputs: Inputs) -> Judged:
    states = [_state(condition, inputs) for condition in dimension.conditions]
    computed = _all_of(states)
    rests_on = tuple(pair for condition in dimension.conditions for pair in _read(condition, inputs))
    override = inputs.values.get(f"case.override_{dimension.id}", "")
    reason = str(inputs.values.get(f"case.override_reason_{dimension.id}", "")).strip()
    no_line = dimension.uses_income and inputs.line is None
    if override in {Verdict.PASS, Verdict.FAIL} and reason:
        return Judged(dimension, Verdict(str(override)), computed, rests_on, reason, no_line)
    return Judged(dimension, computed, computed, rests_on, no_line=no_line)


def _all_of(states: Sequence[Verdict]) -> Verdict:
    for verdict in (Verdict.FAIL, Verdict.UNCHECKED):
        if verdict in states:
            return verdict
    return Verdict.PASS


def _state(condition: Condition, inputs: Inputs) -> Verdict:
    if condition.check is Check.LINE:
        return _against_line(inputs)
    value = inputs.values.get(condition.ref, "")
    if condition.check is Check.AT_MOST:
        if not isinstance(value, int):
            return Verdict.UNCHECKED
        return Verdict.PASS if value <= condition.bound else Verdict.FAIL
    if value in condition.passing:
        return Verdict.PASS
    return Verdict.FAIL if value in condition.failing else Verdict.UNCHECKED


def _against_line(inputs: Inputs) -> Verdict:
    if inputs.line is None or inputs.total_fen is None or inputs.persons < 1:
        return Verdict.UNCHECKED
    return Verdict.FAIL if below_line(inputs.total_fen, inputs.persons, inputs.line.fen) else Verdict.PASS


def _read(condition: Condition, inputs: Inputs) -> tuple[tuple[str, Value], ...]:
    if condition.check is not Check.LINE:
        return ((condition.ref, inputs.values.get(condition.ref, "")),)
    total: Value = "" if inputs.total_fen is None else inputs.total_fen
    line: Value = "" if inputs.line is None else inputs.line.fen
    return (("income.total_fen", total), ("income.persons", inputs.persons), ("case.line_fen", line))
