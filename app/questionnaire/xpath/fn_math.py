"""Arithmetic functions."""

from __future__ import annotations

import math
import operator
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from app.questionnaire.xpath.table import MANY, Function, mismatch, number_at
from app.questionnaire.xpath.values import NAN, Context, Value, is_live, to_bool, to_number

if TYPE_CHECKING:
    from collections.abc import Callable

_MAX_PLACES = 300


def _numbers(context: Context, args: list[Value], *, skip_blank: bool = False) -> list[float]:
    """All arguments as numbers; a node-set gives one per node."""
    zone = context.scope.zone
    found: list[float] = []
    for value in args:
        texts: list[Value] = [n.value() for n in value] if isinstance(value, list) else [value]
        found.extend(to_number(t, zone) for t in texts if not (skip_blank and t == ""))
    return found


def _sum(context: Context, args: list[Value]) -> Value:
    if not isinstance(args[0], list):
        raise mismatch("sum")
    numbers = _numbers(context, args, skip_blank=True)
    if is_live(args[0]):
        numbers = [n for n in numbers if not math.isnan(n)]
    return sum(numbers, 0.0)  # one after the other, as JavaRosa does: the last digit must agree


def _extreme(pick: Callable[[list[float]], float]) -> Callable[[Context, list[Value]], Value]:
    def run(context: Context, args: list[Value]) -> Value:
        numbers = _numbers(context, [a for a in args if not (isinstance(a, list) and is_live(a))])
        for nodes in args:
            if isinstance(nodes, list) and is_live(nodes):
                numbers += _numbers(context, [nodes], skip_blank=True)
        if not numbers or any(math.isnan(n) for n in numbers):
            return NAN
        return pick(numbers)

    return run


def _real(work: Callable[[float], float]) -> Callable[[Context, list[Value]], Value]:
    def run(context: Context, args: list[Value]) -> Value:
        try:
            return float(work(number_at(context, args, 0)))
        except (ValueError, OverflowError):
            return NAN

    return run


def _whole(work: Callable[[float], float]) -> Callable[[Context, list[Value]], Value]:
    """Rounding keeps infinities, NaN and the sign of zero."""

    def run(context: Context, args: list[Value]) -> Value:
        number = number_at(context, args, 0)
        return math.copysign(work(number), number) if math.isfinite(number) else number

    return run


def _log(work: Callable[[float], float]) -> Callable[[float], float]:
    def run(number: float) -> float:
        return -math.inf if number == 0 else work(number)

    return run


def _floor(number: float) -> float:
    return abs(float(math.floor(number))) if number >= 0 else -abs(float(math.floor(number)))


def _round(context: Context, args: list[Value]) -> Value:
    value = args[0]
    number = number_at(context, [value.replace(",", ".")] if isinstance(value, str) else args, 0)
    places = number_at(context, args, 1) if len(args) > 1 else 0.0
    if not math.isfinite(number):
        return number
    if not math.isfinite(places) or abs(places) > _MAX_PLACES:
        return number if places == math.inf else NAN
    # on the digits as written, as JavaRosa does: 27.974999999999998 is no half, times 100 it would become one
    shifted = Decimal(repr(number)).scaleb(int(places))
    return float(shifted.to_integral_value(ROUND_HALF_UP).scaleb(-int(places)))


def _int(context: Context, args: list[Value]) -> Value:
    number = number_at(context, args, 0)
    return math.copysign(float(math.trunc(number)), number) if math.isfinite(number) else number


def _power(base: float, exponent: float) -> float:
    try:
        value = math.pow(base, exponent)
    except OverflowError:
        return math.inf
    except ValueError:
        return math.inf if base == 0 else NAN
    return value


def _pow(context: Context, args: list[Value]) -> Value:
    return _power(number_at(context, args, 0), number_at(context, args, 1))


def _exp10(context: Context, args: list[Value]) -> Value:
    return _power(10.0, number_at(context, args, 0))


def _exp(context: Context, args: list[Value]) -> Value:
    return _power(math.e, number_at(context, args, 0))


def _atan2(context: Context, args: list[Value]) -> Value:
    return math.atan2(number_at(context, args, 0), number_at(context, args, 1))


def _pi(_context: Context, _args: list[Value]) -> Value:
    return math.pi


def _random(context: Context, _args: list[Value]) -> Value:
    return context.scope.rng.random()


def _truths(values: list[Value]) -> list[bool]:
    """Each node counts by whether it has text, everything else by its truth."""
    found: list[bool] = []
    for value in values:
        if isinstance(value, list):
            found.extend(n.value() != "" for n in value)
        else:
            found.append(to_bool(value))
    return found


def _within(context: Context, args: list[Value], total: float) -> bool:
    least, most = number_at(context, args, 0), number_at(context, args, 1)
    return (least < 0 or total >= least) and (most < 0 or total <= most)


def _checklist(context: Context, args: list[Value]) -> Value:
    return _within(context, args, float(sum(_truths(args[2:]))))


def _weighted_checklist(context: Context, args: list[Value]) -> Value:
    truths: list[bool] = []
    weights: list[float] = []
    for at in range(2, len(args) - 1, 2):
        truths.extend(_truths([args[at]]))
        weights.extend(_numbers(context, [args[at + 1]]))
    return _within(context, args, sum(map(operator.mul, truths, weights)))


TABLE = {
    "sum": Function(_sum, (1, 1)),
    "min": Function(_extreme(min), (1, MANY)),
    "max": Function(_extreme(max), (1, MANY)),
    "floor": Function(_whole(_floor), (1, 1)),
    "ceiling": Function(_whole(lambda n: float(math.ceil(n))), (1, 1)),
    "round": Function(_round, (1, 2)),
    "int": Function(_int, (1, 1)),
    "abs": Function(_real(abs), (1, 1)),
    "sqrt": Function(_real(math.sqrt), (1, 1)),
    "exp": Function(_exp, (1, 1)),
    "exp10": Function(_exp10, (1, 1)),
    "log": Function(_real(_log(math.log)), (1, 1)),
    "log10": Function(_real(_log(math.log10)), (1, 1)),
    "sin": Function(_real(math.sin), (1, 1)),
    "cos": Function(_real(math.cos), (1, 1)),
    "tan": Function(_real(math.tan), (1, 1)),
    "asin": Function(_real(math.asin), (1, 1)),
    "acos": Function(_real(math.acos), (1, 1)),
    "atan": Function(_real(math.atan), (1, 1)),
    "atan2": Function(_atan2, (2, 2)),
    "pow": Function(_pow, (2, 2)),
    "pi": Function(_pi, (0, 0)),
    "random": Function(_random, (0, 0)),
    "checklist": Function(_checklist, (3, MANY)),
    "weighted-checklist": Function(_weighted_checklist, (4, MANY)),
}
