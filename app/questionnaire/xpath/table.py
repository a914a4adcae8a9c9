"""How a function is described: its arity and what it does with values or with delayed arguments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.questionnaire.xpath.values import Context, ExpressionError, Value, to_number, to_text

MANY = 10_000

Thunks = list[Callable[[Context], Value]]


@dataclass(frozen=True, slots=True)
class Function:
    """A function of evaluated arguments; ``arity`` is (least, most)."""

    run: Callable[[Context, list[Value]], Value]
    arity: tuple[int, int]


@dataclass(frozen=True, slots=True)
class LazyFunction:
    """A function that decides itself which arguments to evaluate."""

    run: Callable[[Context, Thunks], Value]
    arity: tuple[int, int]


def text_at(args: list[Value], index: int, default: str = "") -> str:
    """Argument as text, the default when not given."""
    return to_text(args[index]) if index < len(args) else default


def number_at(context: Context, args: list[Value], index: int) -> float:
    """Argument as a number."""
    return to_number(args[index], context.scope.zone)


def mismatch(function: str) -> ExpressionError:
    """The error for an argument of a wrong type."""
    return ExpressionError("questionnaire.wrong_type", function=function)
