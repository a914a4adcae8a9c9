"""Location paths: axes, node tests, predicates, and the reading of absolute paths from inside a repeat."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.questionnaire.xpath.node import Node, NodeKind, in_order
from app.questionnaire.xpath.values import Context, ExpressionError, Irrelevant, Scope, Value, to_bool

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

XHTML_NS = "http://www.w3.org/1999/xhtml"  # never the namespace of answers: a bare name means an answer
ELEMENT, ATTRIBUTE = NodeKind.ELEMENT, NodeKind.ATTRIBUTE


@dataclass(frozen=True, slots=True)
class Lookup:
    """What a predicate ``column = wanted`` asks for; ``wanted`` is the same at every child."""

    column: str
    wanted: Callable[[Context], Value]


@dataclass(frozen=True, slots=True)
class Step:
    """One step: axis, test of a node, predicates; ``name`` is set for a child or attribute name.

    ``lookup`` spares the first predicate most of the children of a list.
    """

    axis: str
    test: Callable[[Node, Scope], bool]
    predicates: tuple[Callable[[Context], Value], ...] = ()
    name: str = ""
    lookup: Lookup | None = None


def _child(node: Node) -> Iterable[Node]:
    return node.children


def _parent(node: Node) -> Iterable[Node]:
    return () if node.parent is None else (node.parent,)


def _self(node: Node) -> Iterable[Node]:
    return (node,)


def _attribute(node: Node) -> Iterable[Node]:
    return node.attributes


def _descendant_or_self(node: Node) -> Iterator[Node]:
    yield node
    yield from node.descendants()


def _ancestor_or_self(node: Node) -> Iterator[Node]:
    yield node
    yield from node.ancestors()


def _siblings(node: Node) -> tuple[list[Node], int]:
    if node.parent is None or node.kind == ATTRIBUTE:
        return [], 0
    around = node.parent.children
    return around, next(i for i, n in enumerate(around) if n is node)


def _following_sibling(node: Node) -> Iterable[Node]:
    around, at = _siblings(node)
    return around[at + 1 :]


def _preceding_sibling(node: Node) -> Iterable[Node]:
    around, at = _siblings(node)
    return reversed(around[:at])


def _following(node: Node) -> Iterator[Node]:
    if node.kind == ATTRIBUTE and node.parent is not None:
        yield from node.parent.descendants()
        node = node.parent
    for here in _ancestor_or_self(node):
        for sibling in _following_sibling(here):
            yield from _descendant_or_self(sibling)


def _preceding(node: Node) -> Iterator[Node]:
    if node.kind == ATTRIBUTE and node.parent is not None:
        node = node.parent
    for here in _ancestor_or_self(node):
        for sibling in _preceding_sibling(here):
            yield from reversed(list(_descendant_or_self(sibling)))


def _no_nodes(_node: Node) -> Iterable[Node]:
    return ()


AXES: dict[str, Callable[[Node], Iterable[Node]]] = {
    "child": _child,
    "parent": _parent,
    "self": _self,
    "attribute": _attribute,
    "descendant": Node.descendants,
    "descendant-or-self": _descendant_or_self,
    "ancestor": Node.ancestors,
    "ancestor-or-self": _ancestor_or_self,
    "following-sibling": _following_sibling,
    "preceding-sibling": _preceding_sibling,
    "following": _following,
    "preceding": _preceding,
    "namespace": _no_nodes,
}
_SORTED_AXES = {"child", "self", "attribute"}
_WIDE_AXES = {
    "child",
    "descendant",
    "descendant-or-self",
    "following-sibling",
    "preceding-sibling",
    "following",
}


def _note_shape(node: Node, step: Step, shapes: set[tuple[Node, str]]) -> None:
    """Remember which children around ``node`` were looked at."""
    axis = step.axis
    if axis == "child":
        if node.shape_readers is not None:
            shapes.add((node, step.name.rpartition(":")[2].replace("*", "")))
        return
    if axis not in _WIDE_AXES:
        return
    top = node.parent if "sibling" in axis or axis == "following" else node
    if top is not None:
        shapes.update((n, "") for n in _descendant_or_self(top) if n.shape_readers is not None)


def keep(
    nodes: list[Node], predicates: tuple[Callable[[Context], Value], ...], context: Context
) -> list[Node]:
    """Apply predicates to nodes in axis order; a number selects a position."""
    for predicate in predicates:
        size = len(nodes)
        kept: list[Node] = []
        for position, node in enumerate(nodes, 1):
            inner = Context(node, context.scope, context.current, position, size)
            value = predicate(inner)
            if (value == position) if type(value) is float else to_bool(value):
                kept.append(node)
        nodes = kept
    return nodes


def _looked_up(node: Node, step: Step, lookup: Lookup, context: Context) -> list[Node]:
    """Children of a list that can satisfy the predicate: those whose column has the text wanted."""
    wanted = lookup.wanted(Context(node.children[0], context.scope, context.current))
    if isinstance(wanted, str):
        return node.find_items(step.name, lookup.column, wanted)
    if isinstance(wanted, list) and len(wanted) == 1:
        return node.find_items(step.name, lookup.column, wanted[0].value())
    return [n for n in node.children if step.test(n, context.scope)]


def _one_step(node: Node, step: Step, context: Context) -> list[Node]:
    scope = context.scope
    if scope.shapes is not None:
        _note_shape(node, step, scope.shapes)
    if step.lookup is not None and node.readers is None and node.children:
        found = _looked_up(node, step, step.lookup, context)
    else:
        found = [n for n in AXES[step.axis](node) if step.test(n, scope)]
    return keep(found, step.predicates, context) if step.predicates else found


def walk(start: list[Node], steps: tuple[Step, ...], context: Context) -> list[Node]:
    """Follow the steps from the start nodes; result in document order."""
    nodes = start
    for step in steps:
        if len(nodes) == 1:
            nodes = _one_step(nodes[0], step, context)
            if step.axis not in _SORTED_AXES and len(nodes) > 1:
                nodes = in_order(nodes)
            continue
        gathered = [n for node in nodes for n in _one_step(node, step, context)]
        nodes = gathered if step.axis in _SORTED_AXES else in_order(gathered)
    return nodes


def settle(nodes: list[Node], scope: Scope) -> list[Node]:
    """Note live nodes as read and drop those that are not relevant, as JavaRosa does."""
    if not nodes or nodes[0].readers is None:
        return nodes
    if scope.reads is not None:
        scope.reads.update(nodes)
    if scope.unfiltered or all(n.relevant for n in nodes):
        return nodes
    return [n for n in nodes if n.relevant] or Irrelevant()


def walk_absolute(steps: tuple[Step, ...], context: Context) -> list[Node]:
    """Follow an absolute path; inside a repeat, steps but the last keep to the row the context stands in."""
    scope = context.scope
    here = context.node if context.node.readers is not None else context.current
    if here.readers is None:
        return walk([top_of(here, scope)], steps, context)
    own = {id(here)}
    own.update(id(n) for n in here.ancestors())
    nodes = [scope.root]
    for index, step in enumerate(steps[:-1]):
        if step.predicates or step.axis != "child":
            return walk(nodes, steps[index:], context)
        nodes = [n for node in nodes for n in _one_step(node, step, context)]
        mine = [] if context.generic else [n for n in nodes if id(n) in own]
        nodes = mine or nodes
    return walk(nodes, steps[-1:], context)


def top_of(node: Node, scope: Scope) -> Node:
    """Where absolute paths start: the primary instance for its own nodes, else the top of the tree."""
    here = node
    while here is not scope.root and here.parent is not None:
        here = here.parent
    return here


def test_any_element(axis: str) -> Callable[[Node, Scope], bool]:
    """Test of ``*`` on this axis."""
    kind = ATTRIBUTE if axis == "attribute" else ELEMENT

    def is_kind(node: Node, _scope: Scope) -> bool:
        return node.kind == kind

    return is_kind


def test_kind(kinds: frozenset[NodeKind] | None, target: str) -> Callable[[Node, Scope], bool]:
    """Test of ``node()``, ``text()``, ``comment()``, ``processing-instruction('target')``."""

    def is_kind(node: Node, _scope: Scope) -> bool:
        return (kinds is None or node.kind in kinds) and (not target or node.local == target)

    return is_kind


def _namespace(prefix: str, scope: Scope) -> str:
    found = scope.namespaces.get(prefix)
    if found is None:
        raise ExpressionError("questionnaire.unknown_prefix", prefix=prefix)
    return found


def test_name(name: str, axis: str) -> Callable[[Node, Scope], bool]:
    """Test of ``local``, ``prefix:local`` or ``prefix:*`` on this axis."""
    kind = ATTRIBUTE if axis == "attribute" else ELEMENT
    prefix, separator, local = name.rpartition(":")
    if not separator:

        def plain(node: Node, _scope: Scope) -> bool:
            return node.local == local and node.kind == kind and not node.prefix and node.ns != XHTML_NS

        return plain

    def qualified(node: Node, scope: Scope) -> bool:
        if node.kind != kind or (local not in {"*", node.local}):
            return False
        return node.ns == _namespace(prefix, scope)

    return qualified
