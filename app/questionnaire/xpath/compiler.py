"""From a parse tree to closures, each expression once; checks functions and their number of arguments."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

from lark import Token, Tree

from app.questionnaire.xpath.compare import compare
from app.questionnaire.xpath.functions import FUNCTIONS, LAZY
from app.questionnaire.xpath.grammar import Parsed, parse
from app.questionnaire.xpath.node import Node, NodeKind, in_order
from app.questionnaire.xpath.paths import (
    Lookup,
    Step,
    keep,
    settle,
    test_any_element,
    test_kind,
    test_name,
    top_of,
    walk,
    walk_absolute,
)
from app.questionnaire.xpath.values import NAN, Context, ExpressionError, Value, to_bool, to_number

Thunk = Callable[[Context], Value]

_TEXT_KINDS = {
    "text": frozenset({NodeKind.TEXT}),
    "comment": frozenset({NodeKind.COMMENT}),
    "processing-instruction": frozenset({NodeKind.INSTRUCTION}),
    "node": None,
}
_ANY = test_kind(None, "")
_DEEP = Step("descendant-or-self", _ANY)


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression: its source, its closure and its parse tree (for looking at references)."""

    source: str
    run: Thunk
    tree: Parsed


def _kids(tree: Tree[Token]) -> list[Parsed]:
    return list(tree.children)


def _compile_parts(tree: Tree[Token]) -> list[Thunk]:
    return [_compile(child) for child in tree.children]


def _or(tree: Tree[Token]) -> Thunk:
    left, right = _compile_parts(tree)
    return lambda c: to_bool(left(c)) or to_bool(right(c))


def _and(tree: Tree[Token]) -> Thunk:
    left, right = _compile_parts(tree)
    return lambda c: to_bool(left(c)) and to_bool(right(c))


def _compare(tree: Tree[Token]) -> Thunk:
    left_tree, op, right_tree = tree.children
    left, right, sign = _compile(left_tree), _compile(right_tree), str(op)
    return lambda c: compare(sign, left(c), right(c), c.scope.zone)


def _divide(a: float, b: float) -> float:
    if b != 0 or math.isnan(b):
        return a / b
    if a == 0 or math.isnan(a):
        return NAN
    return math.copysign(math.inf, a) * math.copysign(1.0, b)


def _modulo(a: float, b: float) -> float:
    if b == 0 or math.isinf(a) or math.isnan(a) or math.isnan(b):
        return NAN
    return math.fmod(a, b)


def _times(a: float, b: float) -> float:
    return a * b


def _plus(a: float, b: float) -> float:
    return a + b


def _minus(a: float, b: float) -> float:
    return a - b


_ARITHMETIC = {"+": _plus, "-": _minus, "*": _times, "div": _divide, "mod": _modulo}


def _arith(tree: Tree[Token]) -> Thunk:
    left_tree, op, right_tree = tree.children
    left, right, work = _compile(left_tree), _compile(right_tree), _ARITHMETIC[str(op)]

    def run(c: Context) -> Value:
        zone = c.scope.zone
        return work(to_number(left(c), zone), to_number(right(c), zone))

    return run


def _negate(tree: Tree[Token]) -> Thunk:
    inner = _compile(tree.children[-1])
    return lambda c: -to_number(inner(c), c.scope.zone)


def nodes_of(value: Value, source: str) -> list[Node]:
    """The value as a node-set.

    Raises:
        ExpressionError: ``questionnaire.not_nodes`` (param ``expression``).
    """
    if isinstance(value, list):
        return value
    raise ExpressionError("questionnaire.not_nodes", expression=source)


def _union(tree: Tree[Token]) -> Thunk:
    left, right = _compile_parts(tree)
    return lambda c: in_order(nodes_of(left(c), "|") + nodes_of(right(c), "|"))


def _test(tree: Tree[Token], axis: str) -> tuple[Callable[..., bool], str]:
    if tree.data == "test_any":
        return test_any_element(axis), ""
    if tree.data == "test_type":
        target = str(tree.children[1])[1:-1] if len(tree.children) > 1 else ""
        return test_kind(_TEXT_KINDS[str(tree.children[0])], target), ""
    name = str(tree.children[0])
    return test_name(name, axis), name


def _step(tree: Tree[Token]) -> Step:
    kind, parts = tree.data, _kids(tree)
    predicates = tuple(
        _compile(p.children[0]) for p in parts if isinstance(p, Tree) and p.data == "predicate"
    )
    if kind == "step_self":
        return Step("self", _ANY, predicates)
    if kind == "step_parent":
        return Step("parent", _ANY, predicates)
    if kind == "step":
        axis, test_tree = str(parts[0]), parts[1]
    else:
        axis, test_tree = ("attribute" if kind == "attribute_step" else "child"), parts[0]
    test, name = _test(cast("Tree[Token]", test_tree), axis)
    first = next((p for p in parts if isinstance(p, Tree) and p.data == "predicate"), None)
    lookup = _lookup(first.children[0]) if first is not None and axis == "child" and _is_plain(name) else None
    return Step(axis, test, predicates, name, lookup)


def _is_plain(name: str) -> bool:
    return bool(name) and ":" not in name


def _column(tree: Parsed) -> str:
    """The name when the tree is a plain child, else ""."""
    for wanted in ("relative", "steps", "step_child", "test_name"):
        if not isinstance(tree, Tree) or tree.data != wanted or len(tree.children) != 1:
            return ""
        tree = tree.children[0]
    name = str(tree)
    return name if _is_plain(name) else ""


def _is_fixed(tree: Parsed) -> bool:
    """Whether a part of a predicate of a list means the same at every item."""
    while isinstance(tree, Tree) and tree.data in {"filter", "parens"} and len(tree.children) == 1:
        tree = tree.children[0]
    if isinstance(tree, Tree) and tree.data == "filter_path":
        return is_current(tree.children[0])
    return isinstance(tree, Tree) and tree.data in {"literal", "absolute"}


def _lookup(tree: Parsed) -> Lookup | None:
    """The first comparison of a column that every child kept by the predicate passes."""
    while isinstance(tree, Tree) and tree.data in {"parens", "filter"} and len(tree.children) == 1:
        tree = tree.children[0]
    if not isinstance(tree, Tree) or any(_counts_places(call) for call in _calls(tree)):
        return None
    if tree.data == "and_expr":
        return _lookup(tree.children[0]) or _lookup(tree.children[1])
    if tree.data != "compare" or str(tree.children[1]) != "=":
        return None
    left, _sign, right = tree.children
    for column, wanted in ((_column(left), right), (_column(right), left)):
        if column and _is_fixed(wanted):
            return Lookup(column, _compile(wanted))
    return None


def _counts_places(call: Tree[Token]) -> bool:
    return str(call.children[0]) in {"position", "last"}


def _steps(tree: Tree[Token]) -> tuple[Step, ...]:
    """Flatten the left-recursive list of steps; ``//`` puts a descendant-or-self step between."""
    if len(tree.children) == 1:
        return (_step(cast("Tree[Token]", tree.children[0])),)
    before, separator, last = tree.children
    head = _steps(cast("Tree[Token]", before))
    middle = (_DEEP,) if str(separator) == "//" else ()
    return (*head, *middle, _step(cast("Tree[Token]", last)))


def _root(_tree: Tree[Token]) -> Thunk:
    return lambda c: [top_of(c.node, c.scope)]


def _absolute(tree: Tree[Token]) -> Thunk:
    steps = _steps(cast("Tree[Token]", tree.children[-1]))
    return lambda c: settle(walk_absolute(steps, c), c.scope)


def _absolute_deep(tree: Tree[Token]) -> Thunk:
    steps = (_DEEP, *_steps(cast("Tree[Token]", tree.children[-1])))
    return lambda c: settle(walk([top_of(c.node, c.scope)], steps, c), c.scope)


def _relative(tree: Tree[Token]) -> Thunk:
    steps = _steps(cast("Tree[Token]", tree.children[0]))
    return lambda c: settle(walk([c.node], steps, c), c.scope)


def _filter_path(tree: Tree[Token]) -> Thunk:
    base = _compile(tree.children[0])
    steps = _steps(cast("Tree[Token]", tree.children[-1]))
    if str(tree.children[1]) == "//":
        steps = (_DEEP, *steps)
    return lambda c: settle(walk(nodes_of(base(c), "/"), steps, c), c.scope)


def _filter_expr(tree: Tree[Token]) -> Thunk:
    base = _compile(tree.children[0])
    predicates = tuple(_compile(cast("Tree[Token]", p).children[0]) for p in tree.children[1:])
    if not predicates:
        return base
    return lambda c: keep(nodes_of(base(c), "[]"), predicates, c)


def _parens(tree: Tree[Token]) -> Thunk:
    return _compile(tree.children[0])


def _literal(tree: Tree[Token]) -> Thunk:
    text = str(tree.children[0])[1:-1]
    return lambda _c: text


def _number(tree: Tree[Token]) -> Thunk:
    number = float(str(tree.children[0]))
    return lambda _c: number


def problem_of(name: str, given: int) -> ExpressionError | None:
    """What is wrong with a call of ``name`` with so many arguments, None when nothing is."""
    known = LAZY.get(name) or FUNCTIONS.get(name)
    if known is None:
        return ExpressionError("questionnaire.unknown_function", function=name)
    least, most = known.arity
    if not least <= given <= most:
        return ExpressionError("questionnaire.wrong_arguments", function=name, given=given)
    return None


def _raising(problem: ExpressionError) -> Thunk:
    def run(_context: Context) -> Value:
        raise ExpressionError(problem.code, **problem.params)

    return run


def _call(tree: Tree[Token]) -> Thunk:
    """A wrong call fails only when it is evaluated, as in JavaRosa; see ``problems``."""
    name = str(tree.children[0])
    thunks = [_compile(child) for child in tree.children[1:]]
    problem = problem_of(name, len(thunks))
    if problem is not None:
        return _raising(problem)
    if name in LAZY:
        delayed = LAZY[name].run
        return lambda c: delayed(c, thunks)
    run = FUNCTIONS[name].run
    return lambda c: run(c, [thunk(c) for thunk in thunks])


def is_current(base: Parsed) -> bool:
    """Whether a tree is the call ``current()``."""
    tree = base
    while isinstance(tree, Tree) and tree.data in {"filter", "parens"} and len(tree.children) == 1:
        tree = tree.children[0]
    return isinstance(tree, Tree) and tree.data == "call" and str(tree.children[0]) == "current"


def _calls(tree: Parsed) -> list[Tree[Token]]:
    if isinstance(tree, Token):
        return []
    found = [tree] if tree.data == "call" else []
    return [*found, *(c for child in tree.children for c in _calls(child))]


def problems(expression: Expression) -> list[ExpressionError]:
    """Unknown functions and wrong numbers of arguments, in order of appearance."""
    calls = _calls(expression.tree)
    found = (problem_of(str(t.children[0]), len(t.children) - 1) for t in calls)
    return [p for p in found if p is not None]


_BUILDERS: dict[str, Callable[[Tree[Token]], Thunk]] = {
    "or_expr": _or,
    "and_expr": _and,
    "compare": _compare,
    "arith": _arith,
    "negate": _negate,
    "union": _union,
    "root": _root,
    "absolute": _absolute,
    "absolute_deep": _absolute_deep,
    "relative": _relative,
    "filter_path": _filter_path,
    "filter_deep": _filter_path,
    "filter": _filter_expr,
    "parens": _parens,
    "literal": _literal,
    "number": _number,
    "call": _call,
}


def _compile(tree: Parsed) -> Thunk:
    branch = cast("Tree[Token]", tree)  # tokens stand inside the branches their builders read
    return _BUILDERS[branch.data](branch)


@lru_cache(maxsize=8192)
def compile_expression(source: str) -> Expression:
    """Compile an expression; the same text is compiled once.

    Raises:
        ExpressionError: ``questionnaire.expression_syntax``.
    """
    tree = parse(source)
    return Expression(source, _compile(tree), tree)
