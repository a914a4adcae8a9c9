"""The choices of a question, labelled in the active language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.questionnaire.state import Choice
from app.questionnaire.xpath.values import Context, to_text

if TYPE_CHECKING:
    from app.questionnaire.definition import Item, Itemset
    from app.questionnaire.wording import Wording
    from app.questionnaire.xpath.node import Node


def from_items(items: tuple[Item, ...], at: Node, wording: Wording) -> tuple[Choice, ...]:
    """Choices written in the form; ``at`` is the question's node."""
    return tuple(
        Choice(item.value, wording.text(item.label, at), wording.text(item.label, at, "image"))
        for item in items
    )


def from_nodes(itemset: Itemset, nodes: list[Node], at: Node, wording: Wording) -> tuple[Choice, ...]:
    """Choices taken from nodes of a list."""
    found: list[Choice] = []
    for node in nodes:
        here = Context(node, wording.scope, at)
        label = to_text(itemset.label.run(here)) if itemset.label is not None else ""
        image = wording.picture(_text_id(node), at)
        found.append(Choice(to_text(itemset.value.run(here)).strip(), label, image))
    return tuple(found)


def _text_id(node: Node) -> str:
    found = node.element("itextId")
    return found.value() if found is not None else ""
