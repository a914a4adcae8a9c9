"""Functions about node-sets: counting, names, instances, repeats."""

from __future__ import annotations

import hashlib
import math
from typing import TYPE_CHECKING

from app.questionnaire.xpath.node import Node, NodeKind
from app.questionnaire.xpath.table import MANY, Function, LazyFunction, Thunks, mismatch, text_at
from app.questionnaire.xpath.values import Context, ExpressionError, Value, to_number, to_text

if TYPE_CHECKING:
    from collections.abc import Iterable

_PARK_MILLER = 2_147_483_647


def _nodes(args: list[Value], index: int, function: str) -> list[Node]:
    value = args[index]
    if not isinstance(value, list):
        raise mismatch(function)
    return value


def _count(_context: Context, args: list[Value]) -> Value:
    return float(len(_nodes(args, 0, "count")))


def _count_non_empty(_context: Context, args: list[Value]) -> Value:
    return float(sum(1 for n in _nodes(args, 0, "count-non-empty") if n.value()))


def _position(context: Context, args: list[Value]) -> Value:
    if not args:
        return float(context.position)
    nodes = _nodes(args, 0, "position")
    if not nodes or nodes[0].parent is None:
        return 0.0 if not nodes else 1.0
    node = nodes[0]
    parent = nodes[0].parent
    if context.scope.shapes is not None and parent.shape_readers is not None:
        context.scope.shapes.add((parent, node.local))
    twins = [c for c in parent.children if c.kind == node.kind and c.name == node.name]
    return float(next((i for i, c in enumerate(twins, 1) if c is node), len(twins) + 1))


def _target(context: Context, args: list[Value], function: str) -> Node | None:
    if not args:
        return context.node
    nodes = _nodes(args, 0, function)
    return nodes[0] if nodes else None


def _local_name(context: Context, args: list[Value]) -> Value:
    node = _target(context, args, "local-name")
    return node.local if node is not None else ""


def _name(context: Context, args: list[Value]) -> Value:
    node = _target(context, args, "name")
    return node.name if node is not None else ""


def _namespace_uri(context: Context, args: list[Value]) -> Value:
    node = _target(context, args, "namespace-uri")
    return node.ns if node is not None else ""


def _id(context: Context, args: list[Value]) -> Value:
    value = args[0]
    texts = [n.value() for n in value] if isinstance(value, list) else [to_text(value)]
    wanted = {word for text in texts for word in text.split()}
    top = context.node.root()
    return [n for n in top.descendants() if n.kind == NodeKind.ELEMENT and n.attribute("id") in wanted]


def _current(context: Context, _args: list[Value]) -> Value:
    return [context.current]


def _instance(context: Context, args: list[Value]) -> Value:
    wanted = text_at(args, 0)
    found = context.scope.instances.get(wanted)
    if found is None:
        raise ExpressionError("questionnaire.unknown_instance", instance=wanted)
    return [found]


def _pulldata(context: Context, args: list[Value]) -> Value:
    instance, column, key, wanted = (text_at(args, i) for i in range(4))
    root = context.scope.instances.get(instance)
    if root is None:
        raise ExpressionError("questionnaire.unknown_instance", instance=instance)
    if not wanted:
        return ""
    for top in root.elements():
        for name in dict.fromkeys(i.name for i in top.elements()):
            for item in top.find_items(name, key, wanted):
                found = item.element(column)
                return found.value() if found is not None else ""
    return ""


def _below(node: Node, group: Node) -> bool:
    return any(a is group for a in node.ancestors())


def _path_below(node: Node, group: Node) -> list[str] | None:
    """Names from a sibling row of ``group`` down to ``node``."""
    names: list[str] = []
    here: Node | None = node
    while here is not None:
        if here.name == group.name and here.kind == NodeKind.ELEMENT:
            return names
        names.insert(0, here.name)
        here = here.parent
    return None


def _inside(nodes: list[Node], group: Node) -> list[Node]:
    """Those of ``nodes`` below ``group``, else the nodes of the same names in it."""
    mine = [n for n in nodes if _below(n, group)]
    if mine or not nodes:
        return mine
    names = _path_below(nodes[0], group)
    if names is None:
        return []
    here: list[Node] = [group]
    for name in names:
        here = [c for n in here for c in n.children if c.name == name]
    return here


def _depth(level: tuple[list[Node], float]) -> int:
    """Outer repeats come first whatever the order of the arguments."""
    return sum(1 for _ in level[0][0].ancestors())


def _indexed_repeat(context: Context, thunks: Thunks) -> Value:
    wide = Context(context.node, context.scope, context.current, context.position, context.size, generic=True)
    group: Node | None = None
    levels: list[tuple[list[Node], float]] = []
    for at in range(1, len(thunks) - 1, 2):
        rows = thunks[at](wide)
        if not isinstance(rows, list):
            raise mismatch("indexed-repeat")
        if not rows:
            return []
        levels.append((rows, to_number(thunks[at + 1](context), context.scope.zone)))
    for rows, index in sorted(levels, key=_depth):
        mine = rows if group is None else _inside(rows, group)
        wanted = 1 if math.isnan(index) else max(1, int(index))
        if not 1 <= wanted <= len(mine):
            return []
        group = mine[wanted - 1]
    target = thunks[0](wide)
    if not isinstance(target, list) or group is None:
        raise mismatch("indexed-repeat")
    found = _inside(target, group)
    if context.scope.reads is not None:
        context.scope.reads.update(n for n in found if n.readers is not None)
    return [n for n in found if n.relevant]


def _seed(value: Value, context: Context) -> int:
    number = to_number(value, context.scope.zone)
    if not math.isnan(number):
        return int(number) if math.isfinite(number) else 0
    text = to_text(value)
    if not text:
        return 0
    digest = hashlib.sha256(text.encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def _park_miller(seed: int) -> Iterable[float]:
    state = int(math.fmod(seed, _PARK_MILLER))
    if state <= 0:
        state += _PARK_MILLER - 1
    while True:
        state = state * 16_807 % _PARK_MILLER
        yield (state - 1) / (_PARK_MILLER - 1)


def _randomize(context: Context, args: list[Value]) -> Value:
    """The shuffle of Fisher and Yates that builds a new list, so that a seed gives every engine's order."""
    nodes = _nodes(args, 0, "randomize")
    seed = _seed(args[1], context) if len(args) > 1 else context.scope.rng.getrandbits(31)
    shuffled: list[Node] = []
    for size, (node, draw) in enumerate(zip(nodes, _park_miller(seed), strict=False), 1):
        other = int(draw * size)
        shuffled.append(node)
        shuffled[-1], shuffled[other] = shuffled[other], node
    return shuffled


def _itext(context: Context, args: list[Value]) -> Value:
    return context.scope.itext(text_at(args, 0), context.current)


def _choice_name(context: Context, args: list[Value]) -> Value:
    return context.scope.choice_name(text_at(args, 0), text_at(args, 1), context.current)


TABLE = {
    "count": Function(_count, (1, 1)),
    "count-non-empty": Function(_count_non_empty, (1, 1)),
    "position": Function(_position, (0, 1)),
    "local-name": Function(_local_name, (0, 1)),
    "name": Function(_name, (0, 1)),
    "namespace-uri": Function(_namespace_uri, (0, 1)),
    "id": Function(_id, (1, 1)),
    "current": Function(_current, (0, 0)),
    "instance": Function(_instance, (1, 1)),
    "pulldata": Function(_pulldata, (4, 4)),
    "randomize": Function(_randomize, (1, 2)),
    "jr:itext": Function(_itext, (1, 1)),
    "jr:choice-name": Function(_choice_name, (2, 2)),
}
LAZY = {"indexed-repeat": LazyFunction(_indexed_repeat, (3, MANY))}
