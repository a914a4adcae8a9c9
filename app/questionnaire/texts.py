"""Reading labels, hints and the itext table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lark import Token

from app.questionnaire.definition import Message, TextSource
from app.questionnaire.xpath.compiler import Expression, compile_expression
from app.questionnaire.xpath.node import Node, NodeKind

if TYPE_CHECKING:
    from collections.abc import Mapping

Parts = tuple[str | Expression, ...]


def parts_of(node: Node) -> Parts:
    """Literal text and outputs in order; white space at both ends goes."""
    found: list[str | Expression] = []
    for child in node.children:
        if child.kind == NodeKind.TEXT:
            found.append(child.text)
        elif child.kind == NodeKind.ELEMENT and child.local == "output":
            source = child.attribute("value") or child.attribute("ref") or ""
            if source:
                found.append(compile_expression(source))
    if found and isinstance(found[0], str):
        found[0] = found[0].lstrip()
    if found and isinstance(found[-1], str):
        found[-1] = found[-1].rstrip()
    return tuple(p for p in found if p != "")


def literal_itext_id(expression: Expression) -> str:
    """The id in ``jr:itext('id')``, "" when it is computed."""
    tree = expression.tree
    while not isinstance(tree, Token) and tree.data == "filter" and len(tree.children) == 1:
        tree = tree.children[0]
    if isinstance(tree, Token) or tree.data != "call" or str(tree.children[0]) != "jr:itext":
        return ""
    inner = tree.children[1] if len(tree.children) > 1 else None
    while inner is not None and not isinstance(inner, Token) and inner.data == "filter":
        inner = inner.children[0]
    if inner is None or isinstance(inner, Token) or inner.data != "literal":
        return ""
    return str(inner.children[0])[1:-1]


def source_of(text: str) -> TextSource:
    """A message attribute: ``jr:itext('id')`` or plain words."""
    if text.strip().startswith("jr:itext("):
        ref = compile_expression(text)
        return TextSource(ref=ref, itext_id=literal_itext_id(ref))
    return TextSource(parts=(text,))


def read_text(node: Node | None) -> TextSource | None:
    """A label or hint element."""
    if node is None:
        return None
    ref = node.attribute("ref")
    if ref:
        expression = compile_expression(ref)
        return TextSource(parts_of(node), expression, literal_itext_id(expression))
    return TextSource(parts_of(node))


def _message(text: Node) -> Message:
    forms: dict[str, Parts] = {}
    for value in text.elements():
        if value.local == "value":
            forms.setdefault(value.attribute("form") or "", parts_of(value))
    return Message(forms)


def read_itext(model: Node) -> tuple[dict[str, Mapping[str, Message]], str]:
    """Languages with their texts, and the default language (the first unless one says ``default``)."""
    itext = next((n for n in model.elements() if n.local == "itext"), None)
    languages: dict[str, Mapping[str, Message]] = {}
    default = ""
    for translation in itext.elements() if itext is not None else []:
        language = translation.attribute("lang") or ""
        languages[language] = {n.attribute("id") or "": _message(n) for n in translation.elements()}
        if translation.attribute("default") is not None:
            default = language
    return languages, default or next(iter(languages), "")
