"""XPath 1.0's boolean and context functions, and the lazy ones (if, coalesce)."""

from __future__ import annotations

import math

from app.questionnaire.xpath.dates import instant_days, parse_date
from app.questionnaire.xpath.node import XML_NS
from app.questionnaire.xpath.table import MANY, Function, LazyFunction, Thunks, number_at, text_at
from app.questionnaire.xpath.values import Context, Value, text_number, to_bool, to_number, to_text

_BLANKS = ("", "NaN")  # what counts as nothing


def _if(context: Context, thunks: Thunks) -> Value:
    return thunks[1](context) if to_bool(thunks[0](context)) else thunks[2](context)


def _coalesce(context: Context, thunks: Thunks) -> Value:
    value: Value = ""
    for thunk in thunks:
        value = to_text(thunk(context))
        if value not in _BLANKS:
            return value
    return "" if value in _BLANKS else value


def _once(context: Context, thunks: Thunks) -> Value:
    existing = context.current.value()
    if existing:
        return existing
    value = to_text(thunks[0](context))
    return "" if value in _BLANKS else value


def _boolean(_context: Context, args: list[Value]) -> Value:
    return to_bool(args[0])


def _not(_context: Context, args: list[Value]) -> Value:
    return not to_bool(args[0])


def _true(_context: Context, _args: list[Value]) -> Value:
    return True


def _false(_context: Context, _args: list[Value]) -> Value:
    return False


def _last(context: Context, _args: list[Value]) -> Value:
    return float(context.size)


def _number(context: Context, args: list[Value]) -> Value:
    value = args[0] if args else [context.node]
    if isinstance(value, str) and math.isnan(text_number(value)):
        # JavaRosa makes no number of a text that looks like a date; the others count from local midnight
        day = parse_date(value, context.scope.zone)
        return math.nan if day is None else instant_days(day.instant(context.scope.zone))
    return to_number(value, context.scope.zone)


def _string(context: Context, args: list[Value]) -> Value:
    return to_text(args[0] if args else [context.node])


def _lang(context: Context, args: list[Value]) -> Value:
    wanted = text_at(args, 0).lower()
    for node in (context.node, *context.node.ancestors()):
        found = node.attribute("lang", XML_NS)
        if found is not None:
            return found.lower() == wanted or found.lower().startswith(f"{wanted}-")
    return False


def _boolean_from_string(context: Context, args: list[Value]) -> Value:
    value = args[0]
    if isinstance(value, float):
        return number_at(context, args, 0) == 1
    return to_text(value).lower() in {"1", "true"}


def _version(context: Context, _args: list[Value]) -> Value:
    return context.scope.version


TABLE = {
    "boolean": Function(_boolean, (1, 1)),
    "not": Function(_not, (1, 1)),
    "true": Function(_true, (0, 0)),
    "false": Function(_false, (0, 0)),
    "last": Function(_last, (0, 0)),
    "number": Function(_number, (0, 1)),
    "string": Function(_string, (0, 1)),
    "lang": Function(_lang, (1, 1)),
    "boolean-from-string": Function(_boolean_from_string, (1, 1)),
    "version": Function(_version, (0, 0)),
}
LAZY = {
    "if": LazyFunction(_if, (3, 3)),
    "coalesce": LazyFunction(_coalesce, (1, MANY)),
    "once": LazyFunction(_once, (1, 1)),
}
