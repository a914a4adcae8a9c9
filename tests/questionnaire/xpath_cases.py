"""Run recorded expression cases; returns what failed, for the tests and for a table of figures."""

from __future__ import annotations

import json
import math
import random
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from app.questionnaire.xpath.compiler import compile_expression
from app.questionnaire.xpath.node import Node, NodeKind, document, from_lxml, parse_xml
from app.questionnaire.xpath.values import Context, ExpressionError, Scope, Value, to_bool, to_number, to_text

NAMESPACES = {
    "xhtml": "http://www.w3.org/1999/xhtml",
    "h": "http://www.w3.org/1999/xhtml",
    "xf": "http://www.w3.org/2002/xforms",
    "jr": "http://openrosa.org/javarosa",
    "orx": "http://openrosa.org/xforms",
    "odk": "http://www.opendatakit.org/xforms",
}


class Document:
    """One context document: our tree, addressed as the case file does."""

    def __init__(self, text: str) -> None:
        self.root = document(from_lxml(parse_xml(text)))
        self.doctype = text.lstrip().startswith("<!DOCTYPE") or "<!DOCTYPE" in text[:200]

    def node(self, path: str, start: Node | None = None) -> Node:
        node = start or self.root
        for part in path.strip("/").split("/"):
            if not part:
                continue
            if part.startswith("@"):
                node = next(a for a in node.attributes if a.name == part[1:])
                continue
            at = int(part)
            if node is self.root and self.doctype:
                at -= 1
            node = node.children[at]
        return node

    def path(self, node: Node) -> str:
        parts: list[str] = []
        while node.parent is not None:
            if node.kind == NodeKind.ATTRIBUTE:
                parts.append(f"@{node.name}")
            else:
                at = next(i for i, c in enumerate(node.parent.children) if c is node)
                if node.parent is self.root and self.doctype:
                    at += 1
                parts.append(str(at))
            node = node.parent
        return "/" + "/".join(reversed(parts))


def scope_for(case: dict[str, Any], doc: Document) -> Scope:
    context = case["context"]
    now = datetime.fromtimestamp((context["now_ms"] or 1_795_303_027_000) / 1000, UTC)
    zone = ZoneInfo(context["tz"]) if context["tz"] else UTC
    top = doc.node(context["root"])
    instances = {
        n.attribute("id") or "": n
        for n in doc.root.descendants()
        if n.kind == NodeKind.ELEMENT and n.local == "instance"
    }
    namespaces = dict(NAMESPACES)
    for node in doc.root.descendants():
        if node.prefix:
            namespaces.setdefault(node.prefix, node.ns)
        for attribute in node.attributes:
            namespaces.setdefault(attribute.prefix, attribute.ns)
    return Scope(
        now=now, zone=zone, rng=random.Random(1), root=top, instances=instances, namespaces=namespaces
    )


def same_number(expected: object, got: float, tolerance: float | None) -> bool:
    want = float(str(expected))
    if math.isnan(want) or math.isnan(got):
        return math.isnan(want) and math.isnan(got)
    if math.isinf(want) or want == 0:
        return want == got
    return math.isclose(want, got, rel_tol=tolerance or 1e-12)


def same(case: dict[str, Any], value: Value, scope: Scope, doc: Document) -> bool:
    kind, expected = case["kind"], case["expected"]
    if kind == "boolean":
        return to_bool(value) == expected
    if kind == "number":
        return same_number(expected, to_number(value, scope.zone), case["tol"])
    if kind == "number_rounded":
        number, factor = expected
        return same_number(number, math.floor(to_number(value, scope.zone) * factor + 0.5) / factor, None)
    if kind == "string":
        return to_text(value) == expected
    if kind == "string_match":
        return re.search(expected, to_text(value)) is not None
    if kind == "string_length":
        return len(to_text(value)) == expected
    if not isinstance(value, list):
        return False
    paths = [doc.path(n) for n in value]
    return sorted(paths) == sorted(expected) if kind == "nodeset_unordered" else paths == expected


def run_case(case: dict[str, Any], doc: Document) -> str:
    """Empty when the case passes, else what came out."""
    scope = scope_for(case, doc)
    try:
        node = doc.node(case["context"]["node"])
        expression = compile_expression(case["expr"])
        value = expression.run(Context(node, scope, node))
    except ExpressionError as error:
        return "" if case["kind"] == "error" else f"error {error.code}"
    if case["kind"] == "error":
        return f"no error: {value!r}"
    return "" if same(case, value, scope, doc) else f"got {to_text(value)!r}"


def run_all(folder: Path) -> tuple[int, list[tuple[dict[str, Any], str]]]:
    """Number of cases that count and those that failed."""
    docs = json.loads((folder / "xpath_docs.json").read_text())
    either = {c["expr"] for c in json.loads((folder / "xpath_conflicts.json").read_text())}
    failed, count = [], 0
    for line in (folder / "xpath_cases.jsonl").read_text().splitlines():
        case = json.loads(line)
        if case["quarantine"] or case["expr"] in either:
            continue
        count += 1
        doc = docs[case["context"]["doc"]]
        if isinstance(doc, str):
            doc = docs[case["context"]["doc"]] = Document(doc)
        said = run_case(case, doc)
        if said:
            failed.append((case, said))
    return count, failed
