"""Reading the form's body."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.questionnaire.definition import JR_NS, Control, ControlKind, Item, Itemset, TextSource
from app.questionnaire.refs import resolve
from app.questionnaire.texts import read_text
from app.questionnaire.xpath.compiler import compile_expression

if TYPE_CHECKING:
    from app.questionnaire.xpath.node import Node

_KINDS = {str(k): k for k in ControlKind}
_OPTIONS = (
    "start",
    "end",
    "step",
    "rows",
    "mediatype",
    "incremental",
    "query",
    "accuracyThreshold",
    "max-pixels",
)


def _child(node: Node, name: str) -> Node | None:
    return next((n for n in node.elements() if n.local == name), None)


def _items(node: Node) -> tuple[Item, ...]:
    found: list[Item] = []
    for item in node.elements():
        if item.local != "item":
            continue
        value = _child(item, "value")
        label = read_text(_child(item, "label")) or TextSource()
        found.append(Item(value.value().strip() if value is not None else "", label))
    return tuple(found)


def _itemset(node: Node) -> Itemset | None:
    itemset = _child(node, "itemset")
    if itemset is None:
        return None
    value, label = _child(itemset, "value"), _child(itemset, "label")
    label_ref = label.attribute("ref") if label is not None else None
    return Itemset(
        nodes=compile_expression(itemset.attribute("nodeset") or "/.."),
        value=compile_expression((value.attribute("ref") if value is not None else None) or "."),
        label=compile_expression(label_ref) if label_ref else None,
    )


def _guidance(node: Node) -> TextSource | None:
    """A hint of the form ``guidance`` written inline; in itext it is a form of the hint's message."""
    found = [n for n in node.elements() if n.local == "hint" and n.attribute("form") == "guidance"]
    return read_text(found[0]) if found else None


def _options(node: Node) -> dict[str, str]:
    found = {a.local: a.text for a in node.attributes if a.local in _OPTIONS}
    locked = node.attribute("noAddRemove", JR_NS)
    if locked:
        found["noAddRemove"] = locked
    return found


def _control(node: Node, kind: ControlKind, path: str, children: tuple[Control, ...]) -> Control:
    count = node.attribute("count", JR_NS) if kind == ControlKind.REPEAT else None
    return Control(
        kind=kind,
        path=path,
        label=read_text(_child(node, "label")),
        hint=read_text(_child(node, "hint")),
        guidance=_guidance(node),
        appearance=tuple((node.attribute("appearance") or "").split()),
        items=_items(node),
        itemset=_itemset(node),
        children=children,
        options=_options(node),
        count=compile_expression(count) if count else None,
    )


def read_controls(node: Node, base: str) -> tuple[Control, ...]:
    """Controls right below ``node``; relative references start at ``base``."""
    found: list[Control] = []
    for child in node.elements():
        kind = _KINDS.get(child.local)
        if kind is None:
            continue
        ref = child.attribute("nodeset") or child.attribute("ref")
        path = resolve(ref, base) if ref else ""
        nested = kind in {ControlKind.GROUP, ControlKind.REPEAT}
        children = read_controls(child, path or base) if nested else ()
        found.append(_control(child, kind, path, children))
    return tuple(found)


def read_body(body: Node, base: str) -> tuple[Control, ...]:
    """All controls of the form."""
    return read_controls(body, base)
