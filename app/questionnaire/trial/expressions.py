"""Expressions with the value they must have."""

from __future__ import annotations

import math
import random
import re
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from app.questionnaire.definition import HTML_NS, JR_NS, ODK_NS, ORX_NS, XFORMS_NS
from app.questionnaire.trial.record import Outcome, why
from app.questionnaire.xpath.compiler import compile_expression
from app.questionnaire.xpath.node import Node, NodeKind, document, from_lxml, parse_xml
from app.questionnaire.xpath.values import Context, ExpressionError, Scope, Value, to_bool, to_number, to_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from app.questionnaire.trial.record import Record

_NAMESPACES = {
    "xhtml": HTML_NS,
    "h": HTML_NS,
    "xf": XFORMS_NS,
    "jr": JR_NS,
    "orx": ORX_NS,
    "odk": ODK_NS,
}
_NOON_MS = 1_795_303_027_000  # where a case names no moment
_CLOSE = 1e-12  # relative


class Document:
    """A tree the expressions look at, addressed by positions of child nodes as in ``/0/3/@id``."""

    def __init__(self, text: str) -> None:
        self.root = document(from_lxml(parse_xml(text)))
        # A document type counts as a child of the document, and our trees keep none.
        self._shift = 1 if "<!DOCTYPE" in text[:200] else 0

    def node(self, path: str) -> Node:
        """The node at a path.

        Raises:
            LookupError: there is no such node.
        """
        node = self.root
        for part in path.strip("/").split("/"):
            if part.startswith("@"):
                node = {a.name: a for a in node.attributes}[part[1:]]
            elif part:
                node = node.children[int(part) - (self._shift if node is self.root else 0)]
        return node

    def path(self, node: Node) -> str:
        """The path of a node."""
        parts: list[str] = []
        here = node
        while here.parent is not None:
            parent = here.parent
            if here.kind is NodeKind.ATTRIBUTE:
                parts.append(f"@{here.name}")
            else:
                at = next(i for i, child in enumerate(parent.children) if child is here)
                parts.append(str(at + (self._shift if parent is self.root else 0)))
            here = parent
        return "/" + "/".join(reversed(parts))

    def namespaces(self) -> dict[str, str]:
        """The usual prefixes and those of the tree."""
        found = dict(_NAMESPACES)
        for node in self.root.descendants():
            for one in (node, *node.attributes):
                if one.prefix:
                    found.setdefault(one.prefix, one.ns)
        return found

    def instances(self) -> dict[str, Node]:
        """Secondary instances written in the tree, by id."""
        found = (n for n in self.root.descendants() if n.kind is NodeKind.ELEMENT and n.local == "instance")
        return {node.attribute("id") or "": node for node in found}


def _scope(context: Record, doc: Document) -> Scope:
    moment = context.number("now_ms") or _NOON_MS
    zone = context.text("tz")
    return Scope(
        now=datetime.fromtimestamp(moment / 1000, UTC),
        zone=ZoneInfo(zone) if zone else UTC,
        rng=random.Random(1),  # noqa: S311 - no secret
        root=doc.node(context.text("root")),
        instances=doc.instances(),
        namespaces=doc.namespaces(),
    )


def _same_number(expected: object, got: float, tolerance: float) -> bool:
    want = float(str(expected))
    if math.isnan(want) or math.isnan(got):
        return math.isnan(want) and math.isnan(got)
    if math.isinf(want) or want == 0:
        return want == got
    return math.isclose(want, got, rel_tol=tolerance or _CLOSE)


def _rounded(case: Record, number: float) -> bool:
    want, factor = (float(str(one)) for one in case.items("expected"))
    return _same_number(want, math.floor(number * factor + 0.5) / factor, _CLOSE)


def _nodes(case: Record, value: Value, doc: Document) -> bool:
    if not isinstance(value, list):
        return False
    paths, expected = [doc.path(n) for n in value], case.items("expected")
    if case.text("kind") == "nodeset_unordered":
        return sorted(paths) == sorted(map(str, expected))
    return paths == expected


_JUDGES: dict[str, Callable[[Record, Value, Scope], bool]] = {
    "boolean": lambda case, value, _scope: to_bool(value) is case.get("expected"),
    "number": lambda case, value, scope: _same_number(
        case.get("expected"), to_number(value, scope.zone), case.number("tol")
    ),
    "number_rounded": lambda case, value, scope: _rounded(case, to_number(value, scope.zone)),
    "string": lambda case, value, _scope: to_text(value) == case.text("expected"),
    "string_match": lambda case, value, _scope: re.search(case.text("expected"), to_text(value)) is not None,
    "string_length": lambda case, value, _scope: len(to_text(value)) == case.number("expected"),
}


def _run(case: Record, doc: Document, accepted: Sequence[object]) -> str:
    scope = _scope(case.record("context"), doc)
    kind = case.text("kind")
    try:
        node = doc.node(case.record("context").text("node"))
        value = compile_expression(case.text("expr")).run(Context(node, scope, node))
    except ExpressionError as error:
        return "" if kind == "error" else f"error {error.code}"
    if kind == "error":
        return f"no error but {to_text(value)!r}"
    judge = _JUDGES.get(kind)
    good = judge(case, value, scope) if judge is not None else _nodes(case, value, doc)
    if good or any(_equals(want, value, scope) for want in accepted):
        return ""
    return f"got {to_text(value)!r} instead of {case.get('expected')!r}"


def _equals(want: object, value: Value, scope: Scope) -> bool:
    """Whether a value is one of the answers two suites disagree about."""
    if isinstance(want, bool):
        return to_bool(value) is want
    if isinstance(want, (int, float)) or want == "NaN":
        return _same_number(want, to_number(value, scope.zone), _CLOSE)
    return to_text(value) == want


def run_expressions(cases: Iterable[Record], docs: Record, conflicts: Iterable[Record]) -> Outcome:
    """Evaluate every case that is not in quarantine; where two suites disagree, either answer passes."""
    either: dict[str, list[object]] = {}
    for conflict in conflicts:
        either.setdefault(conflict.text("expr"), []).extend(
            (conflict.get("a_expected"), conflict.get("b_expected"))
        )
    trees: dict[str, Document] = {}
    outcome = Outcome()

    def tree(key: str) -> Document:
        if key not in trees:
            trees[key] = Document(docs.text(key))
        return trees[key]

    def judged(case: Record) -> str:
        return _run(case, tree(case.record("context").text("doc")), either.get(case.text("expr"), ()))

    for case in cases:
        if case.get("quarantine") is not None:
            outcome.quarantined += 1
        else:
            outcome.note(case.text("id"), why(partial(judged, case)))
    return outcome
