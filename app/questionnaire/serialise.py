"""Answers back to XML."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from app.questionnaire.definition import XFORMS_NS
from app.questionnaire.xpath.node import XML_NS, Node, NodeKind

if TYPE_CHECKING:
    from collections.abc import Iterator


def _prefixes(node: Node, everything: bool) -> Iterator[tuple[str, str]]:
    if node.prefix:
        yield node.prefix, node.ns
    yield from ((a.prefix, a.ns) for a in node.attributes if a.prefix)
    for child in node.children:
        if child.kind == NodeKind.ELEMENT and (everything or child.relevant):
            yield from _prefixes(child, everything)


def _default_ns(node: Node) -> str:
    return "" if node.prefix or node.ns == XFORMS_NS else node.ns


def _open_tag(node: Node, around: str) -> str:
    parts = [node.name]
    own = _default_ns(node)
    if not node.prefix and own != around:
        parts.append(f"xmlns={quoteattr(own)}")
    parts.extend(f"{a.name}={quoteattr(a.text)}" for a in node.attributes)
    return " ".join(parts)


def _write(node: Node, out: list[str], everything: bool, around: str) -> None:
    head = _open_tag(node, around)
    inner = around if node.prefix else _default_ns(node)
    if not node.children:
        out.append(f"<{head}/>")
        return
    mark = len(out)
    out.append(f"<{head}>")
    for child in node.children:
        if child.kind == NodeKind.TEXT:
            out.append(escape(unicodedata.normalize("NFC", child.text), {"\r": "&#13;"}))
        elif child.kind == NodeKind.ELEMENT and (everything or child.relevant):
            _write(child, out, everything, inner)
    if len(out) == mark + 1:
        out[mark] = f"<{head}/>"
    else:
        out.append(f"</{node.name}>")


def serialise(root: Node, *, everything: bool = False) -> str:
    """The answers as XML without declaration; what is not relevant is left out unless ``everything``."""
    out: list[str] = []
    declared = dict.fromkeys((p, ns) for p, ns in _prefixes(root, everything) if ns != XML_NS)
    for prefix, ns in declared:
        root.set_attribute(prefix, ns, ns="xmlns", prefix="xmlns")
    _write(root, out, everything, "")
    root.attributes = [a for a in root.attributes if a.ns != "xmlns"]
    return "".join(out)
