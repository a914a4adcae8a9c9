"""Which answers a list of choices allows, and in which row a question is meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.questionnaire.definition import ControlKind
from app.questionnaire.refs import resolve
from app.questionnaire.xpath.node import Node, NodeKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.questionnaire.state import Entry


def still_offered(entry: Entry, wanted: str) -> str:
    """What remains of an answer when only the choices of now count; a ranking ends with the new ones."""
    kind = entry.control.kind if entry.control is not None else ControlKind.SELECT_MANY
    codes = list(dict.fromkeys(choice.value for choice in entry.choices))
    if kind is ControlKind.SELECT_ONE:
        return wanted if wanted in codes else ""
    kept = [code for code in wanted.split() if code in codes]
    if kept and kind is ControlKind.RANK:
        kept = list(dict.fromkeys([*kept, *codes]))
    return " ".join(kept)


def meant_from(node: Node, text: str) -> str:
    """The path without positions that a quoted reference such as ``'../sub'`` means at a node."""
    around = [node, *node.ancestors()]
    base = "".join(f"/{n.name}" for n in reversed(around) if n.kind is not NodeKind.DOCUMENT)
    return resolve(text.strip().strip("'\""), base)


def nearest_first(entries: Iterable[Entry], node: Node) -> list[Entry]:
    """Entries of one path, those in the row of ``node`` first."""
    around = {node, *node.ancestors()}
    return sorted(entries, key=lambda e: sum(a in around for a in e.node.ancestors()), reverse=True)
